"""The people of a family: as they want to be called, and what helps them take part."""

from copy import copy

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from families import access
from families.actions import add_person, change_person, end_person
from families.forms import PersonForm
from families.views.frame import frame, kept_initial, merge_page, saved
from soc_portal.audit.enums import Look
from soc_portal.versions.actions import Conflict
from teams.actions.looks import look_at_family


@require_http_methods(["GET", "POST"])
def person_add(request, family_id):
    """Members of the team write down somebody of the family; how to reach them is written by the family."""
    family = access.get_family_for(request.user, family_id)
    access.require_writer(request.user, family)
    kept, initial = kept_initial(request, many=["homes"])
    homes = access.own_households(request.user).filter(family=family)
    form = PersonForm(
        request.POST or None, initial=initial, homes=homes,
        decides=access.is_caregiver_of(request.user, family), contact=access.is_own_family(request.user, family),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        person = form.save(commit=False)
        add_person(family=family, person=person, by=request.user, households=form.cleaned_data.get("homes", []))
        messages.success(request, _("%(name)s is written down.") % {"name": person.name})
        return saved(request, family)
    context = frame(request.user, family, kept=kept, form=form, person=None)
    return render(request, "families/person_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def person_edit(request, family_id, person_id):
    """Correct what is written about somebody; each writer is asked only what they may answer."""
    family = access.get_family_for(request.user, family_id)
    access.require_writer(request.user, family)
    person = access.get_person_for(request.user, family, person_id)
    look_at_family(request.user, Look.ITEM, family, thing=person)
    kept, initial = kept_initial(request, many=["homes"])
    make_form = form_maker(request.user, family, person)
    form = make_form(copy(person), initial, request.POST or None)
    context = frame(request.user, family, kept=kept, form=form, person=person)

    if request.method == "POST" and form.is_valid():
        homes, base = form.cleaned_data.get("homes"), form.base_version
        try:
            change_person(person=person, by=request.user, base_version=base, values=form.values, households=homes)
        except Conflict as conflict:
            return merge_page(
                request, context=context, conflict=conflict, base_version=base, make_form=make_form,
                more={"homes": homes},
            )  # fmt: skip
        except ValidationError as error:
            form.add_error({"last_caregiver": "role", "empty_home": "homes"}.get(error.code), error)
        else:
            messages.success(request, _("Saved."))
            return saved(request, family)
    return render(request, "families/person_edit.html", context, status=422 if form.errors else 200)


def form_maker(user, family, person):
    """A function that makes the form of this person with the questions that this user may answer."""
    contact = access.can_write_contact(user, person)
    rights = {
        "decides": access.can_decide_about(user, family, person),
        "contact": contact,
        "homes": access.own_households(user).filter(family=family) if contact else None,
    }

    def make_form(row, initial, data=None):
        return PersonForm(data, instance=row, initial=initial, **rights)

    return make_form


@require_POST
def person_end(request, family_id, person_id):
    """A caregiver takes somebody off the list."""
    family = access.get_family_for(request.user, family_id)
    access.require_caregiver(request.user, family)
    person = access.get_person_for(request.user, family, person_id)
    try:
        end_person(person=person, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("%(name)s is not on the list any more.") % {"name": person.name})
    return redirect("families:family_detail", family.pk)
