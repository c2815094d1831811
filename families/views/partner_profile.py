"""A Family Partner's own profile, and the list that a county's coordinator keeps."""

from copy import copy

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from families import access
from families.actions import add_partner, change_partner, end_naming, name_partner, unlist_partner
from families.forms import NamingForm, PartnerForm, UnlistForm
from families.models import FamilyPartner
from families.views.frame import kept_initial, merge_page
from soc_portal.drafts import actions as drafts
from soc_portal.versions.actions import Conflict

#: Questions with several answers.
MANY = ["languages", "been_through", "counties"]


def _typed(request):
    """What was sent, also where it is nothing; None for a page that is opened."""
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "POST"])
def partner_profile(request):
    """Whoever was named by a coordinator writes their own profile; nobody else does."""
    partner, counties = access.get_profile_for(request.user)
    kept, initial = kept_initial(request, many=MANY)

    def make_form(row, initial, data=None):
        return PartnerForm(data, instance=row, initial=initial, counties=counties)

    form = make_form(copy(partner) if partner else FamilyPartner(), initial, _typed(request))
    context = {"form": form, "kept": kept, "partner": partner}
    if request.method == "POST" and form.is_valid():
        try:
            saved = _save(request.user, partner, form)
        except Conflict as conflict:
            return merge_page(
                request, context=context, conflict=conflict, base_version=form.base_version, make_form=make_form,
                template="families/partner_merge.html",
            )  # fmt: skip
        drafts.drop_drafts(user=request.user, path=request.path)
        messages.success(request, _("Your profile is saved."))
        return redirect("families:partner_detail", saved.pk)
    return render(request, "families/partner_profile.html", context, status=422 if form.errors else 200)


def _save(user, partner, form) -> FamilyPartner:
    if partner is None:
        return add_partner(by=user, values=form.values)
    return change_partner(partner=partner, by=user, base_version=form.base_version, values=form.values)


# --- The county's list -----------------------------------------------------------------------------------------------
def _county_list():
    return redirect(f"{reverse('families:partner_list')}?mine=county")


@require_http_methods(["GET", "POST"])
def partner_name(request):
    """A coordinator adds somebody by their address; the answer is the same with and without an account."""
    counties = access.get_naming_counties_for(request.user)
    form = NamingForm(_typed(request), counties=counties)
    if request.method == "POST" and form.is_valid():
        try:
            name_partner(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error("address", error)
        else:
            messages.success(request, _("We are writing to them now. They write their own profile."))
            return _county_list()
    return render(request, "families/partner_name.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
def naming_end(request, naming_id):
    """Take back a naming that nobody has used."""
    naming = access.get_naming_for(request.user, naming_id)
    end_naming(naming=naming, by=request.user)
    messages.success(request, _("They are not named any more."))
    return _county_list()


@require_http_methods(["GET", "POST"])
def partner_unlist(request, partner_id):
    """A county does not list somebody any more; first the page says what it means."""
    partner = access.get_county_partner_for(request.user, partner_id)
    form = UnlistForm(_typed(request), counties=access.own_counties_of(request.user, partner))
    if request.method == "POST" and form.is_valid():
        unlist_partner(partner=partner, by=request.user, **form.cleaned_data)
        messages.success(request, _("Your county does not list them any more. They get a note."))
        return _county_list()
    context = {"partner": partner, "form": form}
    return render(request, "families/partner_unlist.html", context, status=422 if form.errors else 200)
