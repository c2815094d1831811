"""Referrals as the family and its team see them: written down, said yes to, sent, answered, closed.

What a new one is for comes in the address: `?need=<need>` or `?step=<step>`; from the directory, `?service=<service>`.
What happens to one after it is written down: `teams.views.referral_moves`.
"""

import uuid

from django.contrib import messages
from django.core.cache import cache
from django.core.paginator import Paginator
from django.db.models import Max
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from collaboratives.models import Organization
from families.enums import Section
from referrals.access import organizations_near, public_services
from referrals.actions.referrals import Outdated
from referrals.enums import ReferralStatus
from referrals.models import Referral
from referrals.views.shared import badge_of, rows_of
from soc_portal.audit.enums import Look
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from soc_portal.drafts.views import keep_typed
from soc_portal.names import Seat
from soc_portal.versions.actions import Conflict
from teams import access
from teams.actions import referrals as actions
from teams.actions.looks import look
from teams.forms.item_base import Offer
from teams.forms.referrals import DraftForm
from teams.views.looks import seats_of
from teams.views.referral_parts import asks_how_it_went, found, loop_of, not_shared, url_of, with_badges

PER_PAGE = 20
LOOKS_SHOWN = 8
ONCE_SECONDS = 12 * 60 * 60


# --- Reading ---------------------------------------------------------------------------------------------------------
@require_safe
def referral_list(request, team_id):
    """Everything that this team asked others for, newest first."""
    team = access.get_team_for(request.user, team_id)
    look(request.user, Look.REFERRALS, team)
    rows = access.team_referrals(request.user, team).select_related("organization")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    with_badges(list(page.object_list))
    context = {"team": team, "page": page, "may_write": _may_write(request.user, team)}
    return render(request, "teams/referral_list.html", context)


def _may_write(user, team) -> bool:
    return team.is_live and access.right_on(user, team).may_write


@require_safe
def referral_detail(request, team_id, referral_id):
    """Where it is now, what the family wants, what is shared, and who opened it."""
    team, referral = found(request, team_id, referral_id)
    look(request.user, Look.REFERRAL, team, referral)
    user = request.user
    side = access.referral_side(user, team, referral)
    may_share = access.can_share_referral(user, team, referral)
    shared = rows_of(referral.shared, with_contact=access.can_read_shared_contact(user, referral))
    context = {
        "team": team, "referral": referral, "badge": badge_of(referral), "loop": loop_of(team, referral),
        "shared": shared, "not_shared": not_shared(referral),
        "is_shared": referral.is_shared(), "side": side, "asks": asks_how_it_went(referral, side),
        "may_edit": referral.status == ReferralStatus.DRAFT and _may_write(user, team),
        "may_share": may_share,
        "may_stop": access.can_share(user, team) and referral.yes_at and not referral.yes_ended_at,
        "answers_there": referral.is_sent and not side and _may_write(user, team),
        "link": access.visible_referral_links(user, team, referral).first() if referral.is_sent else None,
        "may_link": _may_write(user, team) and referral.status == ReferralStatus.REQUESTED and referral.is_shared(),
        "looks": _looks(user, team, referral) if access.can_read_looks(user, team) else None,
        "now": timezone.now(),
    }  # fmt: skip
    return render(request, "teams/referral_detail.html", context)


def _looks(user, team, referral) -> list[dict]:
    """Who opened it and when last, newest first."""
    looks = access.referral_looks(user, team, referral).order_by()
    rows = looks.values("actor_id", "actor_name", "actor_organization").annotate(last=Max("at"))
    visits = list(rows.order_by("-last", "actor_name")[:LOOKS_SHOWN])
    seats = seats_of(user, team, [*visits, {"actor_id": user.pk}], ())  # as many queries with nobody as with many
    return [
        {
            "who": seats.get(row["actor_id"]) or Seat(row["actor_name"], "pro", row["actor_organization"]),
            "last": row["last"],
        }
        for row in visits
    ]


# --- Writing it down -------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def referral_add(request, team_id):
    """Write down whom to ask for what; it goes out with a caregiver's yes alone. The same form sent twice adds one."""
    team = access.get_written_team_for(request.user, team_id)
    item, service = _item(request, team), _service(request)
    under = "-".join(f"{name}-{row.pk}" for name, row in {**item, "service": service}.items() if row is not None)
    if not request.GET and (place := _draft_elsewhere(request)):
        return redirect(place)  # signing in again led here, without what the draft belongs to
    form, kept = _draft_form(request, team, None, item=item, service=service, under=under)
    if item:
        look(request.user, Look.ITEM, team, next(iter(item.values())))
    if request.method == "POST" and form.is_valid():
        referral = _add_once(request, team, form, item)
        drafts.drop_drafts(user=request.user, path=request.path)
        if referral is None:  # the same form is being saved at this moment
            return redirect("teams:referral_list", team.pk)
        if access.can_share_referral(request.user, team, referral):
            return redirect("teams:referral_send", team.pk, referral.pk)
        messages.success(request, _("It is written down. A caregiver of the family decides if it goes out."))
        return redirect(url_of(referral))
    context = {
        "team": team, "form": form, "kept": kept, "item": next(iter(item.values()), None), "service": service,
        "once": request.POST.get("once") or uuid.uuid4().hex, "under": under,
    }  # fmt: skip
    return render(request, "teams/referral_edit.html", context, status=422 if form.errors else 200)


def _draft_elsewhere(request) -> str:
    """The address of the form that something typed here belongs to: a draft is kept by its path alone."""
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    name, _dash, number = str(kept.fields.get("under", "") if kept else "").partition("-")
    known = name in ("need", "step", "service") and number.isascii() and number.isdigit()
    return f"{request.path}?{name}={number}" if known else ""


def _number(text) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Http404
    return int(text)


def _item(request, team) -> dict:
    """The need or step that the address names, as the argument of the action; hidden and absent are both 404."""
    for kind in ("need", "step"):
        if kind in request.GET:
            return {kind: access.get_item_for(request.user, team, kind, _number(request.GET[kind]))}
    return {}


def _service(request):
    if "service" not in request.GET:
        return None
    service = public_services().filter(pk=_number(request.GET["service"])).first()
    if service is None:
        raise Http404
    return service


def _draft_form(request, team, referral, *, item=(), service=None, under=""):
    """The form of a draft, with what its writer may choose from; and what they had typed before, for the same thing."""
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    if kept and kept.fields.get("under", "") != under:
        kept = None
    initial = {"service": service, "organization": service.organization_id if service else None}
    sections = access.writable_sections(request.user, team)
    asked = [service.organization_id] if service else []
    if referral is not None:
        initial = {name: getattr(referral, name) for name in ("title", "organization", "wants", "section", "service")}
        asked.append(referral.organization_id)
    else:
        initial["section"] = Section.PLAN if Section.PLAN in sections else sections[0]
    form = DraftForm(
        request.POST if request.method == "POST" else None, initial=initial | (kept.fields if kept else {}),
        offer=Offer(sections), organizations=organizations_near(team.family.county) | _these(asked),
        may_speak=access.can_write_wants(request.user, team, referral),
        asks_section=not (item or (referral and (referral.source.need_id or referral.source.step_id))),
    )  # fmt: skip
    return form, kept


def _these(pks):
    return Organization.objects.filter(pk__in=pks).order_by("name", "pk")


def _add_once(request, team, form, item) -> Referral | None:
    """Write it down, or find the one that this very form has written already; None while that is being done."""
    key = f"once:{request.user.pk}:{team.pk}:referral:{request.POST.get('once', '')[:64]}"
    if request.POST.get("once") and not cache.add(key, 0, ONCE_SECONDS):
        return access.team_referrals(request.user, team).select_related("source").filter(pk=cache.get(key)).first()
    referral = None
    try:
        values = _values(request, team, form)
        values.setdefault("section", form.initial["section"])
        side = access.referral_side(request.user, team, Referral())
        referral = actions.draft_referral(team=team, referral=Referral(**values), by=request.user, side=side, **item)
    finally:
        if referral is None:
            cache.delete(key)  # nothing is saved: the form may come again
    cache.set(key, referral.pk, ONCE_SECONDS)
    return referral


def _values(request, team, form) -> dict:
    """What was typed, with whose words they are where the family wrote its own."""
    values = form.values()
    if "wants" in values:
        speaker = access.own_person_on(request.user, team) if values["wants"] else None
        values |= {"wants_by": speaker, "language": get_language()[:2] if speaker else "en"}
    return values


@require_http_methods(["GET", "POST"])
def referral_edit(request, team_id, referral_id):
    """Change a draft. Built on an older version it is merged; where both changed the same, a person merges it."""
    team, referral = found(request, team_id, referral_id)
    access.require_writer(request.user, team)
    look(request.user, Look.ITEM, team, referral)
    if referral.status != ReferralStatus.DRAFT:
        return _too_late(request, referral)
    form, kept = _draft_form(request, team, referral)
    version = kept.fields.get("version", referral.version) if kept else referral.version
    clashes = []
    if request.method == "POST":
        version = drafts.base_version_of(request.POST) or 0
        if form.is_valid():
            values = _values(request, team, form)
            if values.get("wants") == referral.wants:  # saving what stands there makes it nobody else's words
                values = {name: value for name, value in values.items() if name not in ("wants_by", "language")}
            try:
                actions.change_draft(team=team, referral=referral, by=request.user, base_version=version, values=values)
            except Outdated:
                return _too_late(request, referral)
            except Conflict as conflict:
                keep_typed(request, version or None)
                clashes, form, referral = _clash(request, team, conflict)
                version = referral.version
            else:
                drafts.drop_drafts(user=request.user, path=request.path)
                messages.success(request, _("It is saved."))
                return redirect(url_of(referral))
    context = {
        "team": team, "referral": referral, "form": form, "kept": kept, "version": version, "clashes": clashes,
        "item": referral.source.need or referral.source.step, "service": referral.service,
    }  # fmt: skip
    return render(request, "teams/referral_edit.html", context, status=409 if clashes else 422 if form.errors else 200)


def _too_late(request, referral):
    """It went out or was called off meanwhile: what was typed is kept, and nothing is written over."""
    if request.method == "POST":
        keep_typed(request, drafts.base_version_of(request.POST))
    messages.error(request, _("This has been sent or called off, so it can’t be changed any more."))
    return redirect(url_of(referral))


def _clash(request, team, conflict):
    """Both texts of each field that two people changed, and a form that holds one's own and all that others saved."""
    theirs = access.get_referral_for(request.user, team, conflict.theirs.pk)
    form, _kept = _draft_form(request, team, theirs)
    shown = [name for name in conflict.fields if name in form.fields and not form[name].is_hidden]
    initial = form.initial | {name: conflict.mine[name] for name in conflict.changed if name in form.fields}
    again = DraftForm(
        initial=initial, offer=form.offer, organizations=form.fields["organization"].queryset,
        may_speak="wants" in form.fields, asks_section="section" in form.fields,
    )  # fmt: skip
    clashes = [(form[name].label, _plain(getattr(theirs, name)), _plain(conflict.mine[name])) for name in shown]
    return clashes or [("", "", "")], again, theirs


def _plain(value) -> str:
    return "" if value is None else getattr(value, "name", str(value))
