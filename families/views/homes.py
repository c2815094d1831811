"""The homes of a family, and who may know where they are. Each home decides for itself."""

from copy import copy

from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from families import access
from families.actions import add_household, change_household, share_household, stop_sharing_household
from families.forms import HouseholdForm, HouseholdShareForm
from families.views.frame import frame, kept_initial, merge_page, saved
from soc_portal.versions.actions import Conflict
from teams.access import members_with_account
from teams.enums import MemberKind


@require_http_methods(["GET", "POST"])
def household_add(request, family_id):
    """Write down another home; whoever does lives there."""
    family = access.get_family_for(request.user, family_id)
    person = access.get_own_person(request.user, family)
    kept, initial = kept_initial(request)
    form = HouseholdForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        home = form.save(commit=False)
        add_household(household=home, family=family, by=request.user, lives_there=person)
        messages.success(request, _("Your home is written down. Only people who live there see it."))
        return saved(request, family)
    context = frame(request.user, family, kept=kept, form=form, home=None)
    return render(request, "families/household_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def household_edit(request, family_id, household_id):
    """Change the address or phone of one's own home."""
    family = access.get_family_for(request.user, family_id)
    home = access.get_own_household_for(request.user, family, household_id)
    kept, initial = kept_initial(request)

    def make_form(row, initial, data=None):
        return HouseholdForm(data, instance=row, initial=initial)

    form = make_form(copy(home), initial, request.POST or None)
    context = frame(request.user, family, kept=kept, form=form, home=home)

    if request.method == "POST" and form.is_valid():
        base = form.base_version
        try:
            change_household(household=home, by=request.user, base_version=base, values=form.values)
        except Conflict as conflict:
            return merge_page(request, context=context, make_form=make_form, conflict=conflict, base_version=base)
        messages.success(request, _("Your home is saved."))
        return saved(request, family)
    return render(request, "families/household_edit.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def household_sharing(request, family_id, household_id):
    """Who may know where this home is; one more person until a day, at most a year away."""
    family = access.get_family_for(request.user, family_id)
    home = access.get_own_household_for(request.user, family, household_id)
    members = {member.user_id: member for member in members_with_account(request.user, family)}
    form = HouseholdShareForm(request.POST or None, **choices_of(home, members))
    if request.method == "POST" and form.is_valid():
        user = get_user_model().objects.get(pk=form.cleaned_data["who"])
        try:
            share_household(household=home, user=user, until=form.cleaned_data["until"], by=request.user)
        except ValidationError as error:
            form.add_error("until", error)
        else:
            messages.success(request, _("%(name)s may know where this home is.") % {"name": user})
            return redirect("families:household_sharing", family.pk, home.pk)
    shares = access.visible_shares(request.user, home)
    rows = [{"share": share, "member": members.get(share.user_id)} for share in shares]
    context = frame(request.user, family, home=home, form=form, rows=rows)
    return render(request, "families/household_sharing.html", context, status=422 if form.errors else 200)


def choices_of(home, members) -> dict:
    """Whom one may choose: the team first, then family who do not live in this home; those who live here need none."""
    here = set(home.people.live().values_list("user_id", flat=True))
    away = [member for pk, member in members.items() if pk not in here]
    named = [(str(member.user_id), member.name, member.kind) for member in away]
    return {
        "team": [(pk, name) for pk, name, kind in named if kind != MemberKind.FAMILY],
        "other_home": [(pk, name) for pk, name, kind in named if kind == MemberKind.FAMILY],
    }


@require_POST
def household_share_end(request, family_id, share_id):
    """This person may not know any more, from their next request on."""
    family = access.get_family_for(request.user, family_id)
    share = access.get_share_for(request.user, family, share_id)
    stop_sharing_household(share=share, by=request.user)
    messages.success(request, _("%(name)s cannot see this address any more.") % {"name": share.user})
    return redirect("families:household_sharing", family.pk, share.household_id)
