"""Family Partners as families and coordinators find them: the list, one profile, and the way to become one."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from collaboratives.access import coordinators_in, has_worklist
from collaboratives.models import County
from families import access
from families.enums import COUNTED_STATUSES, FAMILY_PARTNERS_WANTED, PartnerStatus
from families.forms import PartnerSearch
from families.measures import partners_by_status
from teams.access import chosen_partners, teams_to_choose_for, teams_walked_with

PEOPLE_A_PAGE = 12
ROWS_A_PAGE = 25


# --- The list for families -------------------------------------------------------------------------------------------
@require_safe
def partner_list(request):
    """People who walk with families now, those with room first; `?mine=county` is the coordinator's list."""
    if request.GET.get("mine") == "county":
        return _county_page(request)
    user = request.user
    form = PartnerSearch(request.GET, counties=list(County.objects.order_by("name")), home=access.near_county_ids(user))
    listed = access.visible_partners(user).listed().filter(status__in=COUNTED_STATUSES)
    found = form.found(listed).select_related("user").prefetch_related("counties")
    page = Paginator(found, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    teams = teams_to_choose_for(user)
    chosen = chosen_partners(user, teams)
    _add_what_one_may_do(page.object_list, user, teams, chosen)
    asked = {name: form.cleaned_data[name] for name in form.fields if form.cleaned_data.get(name)}
    context = {
        "form": form,
        "page": page,
        "query": urlencode(asked),
        "result": _result(form, page.paginator.count),
        "through": form.answer("through"),
        "teams": teams,
        "chosen": chosen,
        "coordinates": has_worklist(user),
    }
    return render(request, "families/partner_list.html", context | sun_facts())


def _add_what_one_may_do(partners, user, teams, chosen) -> None:
    """Beside each profile: whether they walk with this family, and the one team for which they can be asked."""
    with_us = {member.user_id: member for member in chosen}
    for partner in partners:
        partner.with_us = with_us.get(partner.user_id)
        partner.is_me = partner.user_id == user.pk
        may_ask = partner.may_be_asked and not partner.with_us and not partner.is_me
        partner.ask_team = teams[0] if may_ask and len(teams) == 1 else None


def _result(form, count: int) -> str:
    """What was found, in a sentence."""
    facts = {"count": count, "where": form.where, "language": form.answer("speaks")}
    if not facts["language"]:
        return ngettext("%(count)d person %(where)s", "%(count)d people %(where)s", count) % facts
    words = ngettext(
        "%(count)d person %(where)s speaks %(language)s", "%(count)d people %(where)s speak %(language)s", count
    )
    return words % facts


def sun_facts() -> dict:
    """The picture of the 1,000, its sentence and its table."""
    counts = partners_by_status()
    there = sum(counts[status] for status in COUNTED_STATUSES)
    training = counts[PartnerStatus.TRAINING]
    to_find = max(FAMILY_PARTNERS_WANTED - there - training, 0)
    label = _("1,000 seeds: %(there)d are with families, %(training)d in training, %(to_find)d still to find.")
    rows = [(PartnerStatus(status).label, counts[status]) for status in (*COUNTED_STATUSES, PartnerStatus.TRAINING)]
    return {
        "there": there,
        "training": training,
        "to_find": to_find,
        "sun_label": label % {"there": there, "training": training, "to_find": to_find},
        "sun_rows": [*rows, (_("Still to find"), to_find)],
        "wanted": FAMILY_PARTNERS_WANTED,
    }


# --- The list of a county --------------------------------------------------------------------------------------------
def _county_page(request):
    """Everybody whom the coordinator's counties list, with status and room, and who has not answered yet."""
    user = request.user
    counties = access.get_naming_counties_for(user)
    rows = access.county_partners(user).with_room().select_related("user", "organization").prefetch_related("counties")
    page = Paginator(rows.order_by("user__name", "pk"), ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {"counties": counties, "page": page, "namings": access.open_namings(user)[:ROWS_A_PAGE]}
    return render(request, "families/partner_county.html", context)


# --- One profile -----------------------------------------------------------------------------------------------------
@require_safe
def partner_detail(request, partner_id):
    """What somebody says of themselves; their own statement for themselves and their coordinators alone."""
    user = request.user
    partner = access.get_partner_for(user, partner_id)
    teams = teams_to_choose_for(user)
    chosen = chosen_partners(user, teams)
    is_me = partner.user_id == user.pk
    context = {
        "partner": partner,
        "is_me": is_me,
        "with_us": next((member for member in chosen if member.user_id == partner.user_id), None),
        "ask_teams": teams if partner.may_be_asked and not is_me else [],
        "reads_firsthand": access.can_read_firsthand(user, partner),
        "own_counties": access.own_counties_of(user, partner),
    }
    return render(request, "families/partner_detail.html", context)


@require_safe
def partner_become(request):
    """Who may become one, and whom to ask."""
    home = access.near_county_ids(request.user)
    partner = access.own_partner(request.user)
    context = {
        "roles": coordinators_in(home),
        "may_write": partner is not None or bool(access.counties_to_list(request.user, partner)),
    }
    return render(request, "families/partner_become.html", context)


# --- For the first page of a Family Partner --------------------------------------------------------------------------
def partner_home_facts(user) -> dict:
    """What a Family Partner sees first: how many families, how much room. {} for everybody else. One query.

    `teams` are the ids of the teams they walk with; `walking` also counts families that wait for their answer.
    """
    partner = access.visible_partners(user).with_room().filter(user=user).first()
    if partner is None:
        return {}
    teams = teams_walked_with(user)
    return {
        "partner": partner,
        "teams": teams,
        "waiting": max(partner.walking - len(teams), 0),
        "room_left": partner.room_left,
    }
