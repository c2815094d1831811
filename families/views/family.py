"""About us: what matters to the family, its people and what they are good at, and the homes that one may know."""

from copy import copy

from django.contrib import messages
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from families import access
from families.actions import change_family, look_at_homes
from families.enums import FamilyRole
from families.forms import FamilyForm
from families.views.frame import frame, kept_initial, merge_page, saved
from soc_portal.audit.enums import Look
from soc_portal.names import Seat
from soc_portal.versions.actions import Conflict
from teams.actions.looks import look_at_family


@require_safe
def family_detail(request, family_id):
    """The same page for family and team; ages for the family alone, homes for those whom each home chose."""
    user = request.user
    family = access.get_family_for(user, family_id)
    context = frame(user, family)
    homes = homes_of(user, family)
    people = people_of(user, family, with_age=context["own"])
    look_at_family(user, Look.FAMILY, family)
    look_at_homes(user=user, family=family, homes=[home["home"] for home in homes if not home["lives_here"]])
    in_homes = {person.pk for home in homes for person in home["people"]}
    context |= {
        "seat": Seat(family.name, "family"),
        "reads_plan": access.can_read_what_matters(user, family),
        "writes": access.may_write_on(user, family),
        "people": people,
        "strengths": [row for row in visible_strengths(user, family) if row.person_id is None],
        "homes": homes,
        "me": next((row["person"] for row in people if row["person"].user_id == user.pk), None),
    }
    context["me_outside"] = context["me"] if context["me"] and context["me"].pk not in in_homes else None
    return render(request, "families/family_detail.html", context)


def visible_strengths(user, family):
    """Strengths of the family that this person may read, oldest first."""
    return access.visible_strengths(user).filter(family=family)


def people_of(user, family, *, with_age) -> list[dict]:
    """Everybody of the family, caregivers first, each with the strengths that this person may read."""
    order = list(FamilyRole.values)
    people = sorted(access.visible_people(user).filter(family=family), key=lambda row: (order.index(row.role), row.pk))
    strengths: dict = {}
    for row in visible_strengths(user, family):
        strengths.setdefault(row.person_id, []).append(row)
    return [
        {
            "person": person,
            "age": person.age() if with_age else None,
            "strengths": strengths.get(person.pk, []),
        }
        for person in people
    ]


def homes_of(user, family) -> list[dict]:
    """The homes that this person may know, each with those who live there; nothing of any other home."""
    own = set(access.own_households(user).filter(family=family).values_list("pk", flat=True))
    homes = access.open_households(user).filter(family=family).prefetch_related("people")
    return [
        {
            "home": home,
            "lives_here": home.pk in own,
            "people": [person for person in home.people.all() if person.ended_at is None],
        }
        for home in homes
    ]


@require_http_methods(["GET", "POST"])
def family_edit(request, family_id):
    """The name and what matters, in the family's own words: written by the family alone."""
    family = access.get_family_for(request.user, family_id)
    access.require_own_family(request.user, family)
    kept, initial = kept_initial(request)
    form = FamilyForm(request.POST or None, instance=copy(family), initial=initial)
    context = frame(request.user, family, kept=kept, form=form)

    if request.method == "POST" and form.is_valid():
        try:
            change_family(family=family, by=request.user, base_version=form.base_version, values=form.values)
        except Conflict as conflict:
            return merge_page(
                request, context=context, conflict=conflict, base_version=form.base_version,
                make_form=lambda row, initial: FamilyForm(instance=row, initial=initial),
            )  # fmt: skip
        messages.success(request, _("Your words are saved."))
        return saved(request, family)
    return render(request, "families/family_edit.html", context, status=422 if form.errors else 200)
