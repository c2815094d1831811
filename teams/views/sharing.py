"""What the family shares, with whom and until when; who may read for a short time."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from families.access import own_households
from families.enums import Section
from soc_portal.audit.enums import Look
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from teams import access
from teams.actions.consents import last_day, set_sharing, share_sections, stop_sharing
from teams.actions.grants import end_grant, find_account, give_grant
from teams.actions.looks import look
from teams.forms.sharing import GrantForm, SharingForm, seen_words

#: From so many days before a yes ends, the page asks the family again.
SOON = dt.timedelta(days=30)
PER_PAGE = 30


@require_safe
def sharing_detail(request, team_id):
    """One panel a member; the exceptions; our homes; what we shared before."""
    team = access.get_team_for(request.user, team_id)
    access.require_record_owner(request.user, team)
    look(request.user, Look.SHARING, team)
    panels = [panel_of(member) for member in access.sharing_members(request.user, team)]
    past = Paginator(access.past_consents(request.user, team), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "team": team,
        "panels": panels,
        "may_change": access.can_share(request.user, team),
        "undo": undo_of(panels, request.GET.get("undo", "")),
        "grants": [(grant, labels(grant.sections)) for grant in access.visible_grants(request.user, team)],
        "homes": list(own_households(request.user).filter(family=team.family_id)),
        "past": past,
    }
    return render(request, "teams/sharing_detail.html", context)


def panel_of(member) -> dict:
    """A member with a row for each part of the record that is or was shared with them, and the parts that are not."""
    given = {consent.section: consent for consent in member.given}
    rows = [row_of(section, given[section]) for section in Section if section in given]
    return {
        "member": member,
        "shared": [row for row in rows if row["state"] != "over"],
        "over": [row for row in rows if row["state"] == "over"],
        "off": [section for section in Section if section not in given],
    }


def row_of(section, consent) -> dict:
    """One yes: `state` is "on", "soon" when it ends within 30 days, or "over"."""
    today = timezone.localdate()
    state = "over" if consent.until < today else "soon" if consent.until <= today + SOON else "on"
    return {"section": section, "until": consent.until, "state": state}


def undo_of(panels, words) -> dict | None:
    """What the button "undo" would do: `words` is "<membership>-<section>" of what was just changed."""
    membership_id, _dash, section = words.partition("-")
    for panel in panels:
        if str(panel["member"].pk) == membership_id and section in Section.values:
            is_on = section in [row["section"] for row in panel["shared"]]
            return {"member": panel["member"], "section": Section(section), "to": "stop" if is_on else "share"}
    return None


def labels(sections) -> list[str]:
    """The names of parts of the record, in their usual order."""
    return [section.label for section in Section if section in sections]


def live_sections(member) -> dict:
    """The parts that are shared with a member today, each with its last day."""
    today = timezone.localdate()
    return {row.section: row.until for row in member.given if row.starts_on <= today <= row.until}


@require_POST
def sharing_toggle(request, team_id, membership_id, section):
    """Share or stop sharing one part with one member, from their next request on. `to`: share, stop or renew."""
    team = access.get_team_for(request.user, team_id)
    member = access.get_sharing_member_for(request.user, team, membership_id)
    if section not in Section.values:
        raise Http404
    to = request.POST.get("to")
    if to in ("share", "renew") and section == Section.SUBSTANCE_USE:  # needs a yes of its own
        return redirect(reverse("teams:sharing_edit", args=(team.pk, member.pk)) + f"?also={section}")
    if to not in ("share", "stop", "renew"):
        messages.error(request, _("Press one of the buttons: share, or stop sharing."))
        return redirect("teams:sharing_detail", team.pk)
    words = {"name": member.name, "section": Section(section).label}
    if to == "stop":
        stop_sharing(membership=member, sections=[section], by=request.user)
        messages.success(request, _("%(name)s cannot see this any more: %(section)s.") % words)
    else:
        until = None if to == "renew" else usual_end(team, member, section, request.user)
        share_sections(membership=member, sections=[section], until=until, by=request.user)
        messages.success(request, _("%(name)s can see this now: %(section)s.") % words)
    page = reverse("teams:sharing_detail", args=(team.pk,))
    return redirect(page if to == "renew" else f"{page}?undo={member.pk}-{section}")


def usual_end(team, member, section, user) -> dt.date:
    """Until when one tap shares: as this part was shared before, else as long as the other parts, else a year."""
    today = timezone.localdate()
    before = access.past_consents(user, team).filter(membership=member, section=section, until__gte=today).first()
    return before.until if before else max(live_sections(member).values(), default=last_day(today))


@require_http_methods(["GET", "POST"])
def sharing_edit(request, team_id, membership_id):
    """Everything that one member may see, on one page, with its last day."""
    team = access.get_team_for(request.user, team_id)
    member = access.get_sharing_member_for(request.user, team, membership_id)
    held = live_sections(member)
    form = SharingForm(request.POST or None, held=held, initial=initial_sharing(held, request.GET.get("also")))
    stale = request.method == "POST" and form.is_stale
    if request.method == "POST" and not stale and form.is_valid():
        chosen = form.cleaned_data
        try:
            set_sharing(membership=member, sections=chosen["sections"], until=chosen["until"], by=request.user)
        except ValidationError as error:
            form.add_error("until", error)
        else:
            messages.success(request, _("Saved. This is what %(name)s can see now.") % {"name": member.name})
            return redirect(reverse("teams:sharing_detail", args=(team.pk,)) + f"#m{member.pk}")
    if stale:
        form = SharingForm(with_seen(request.POST, held), held=held)
    context = {"team": team, "member": member, "form": form, "stale": stale, "now": labels(held)}
    context["asks_twice"] = "sure" in form.fields
    return render(request, "teams/sharing_edit.html", context, status=409 if stale else 422 if form.errors else 200)


def initial_sharing(held, also) -> dict:
    """The form as things stand; `also` marks one more part, which was asked for with one tap."""
    more = {also} if also in Section.values else set()
    return {
        "sections": sorted(set(held) | more),
        "until": max(held.values(), default=last_day(timezone.localdate())),
        "seen": seen_words(held),
    }


def with_seen(post, held):
    """What was typed, built on what is shared now."""
    data = post.copy()
    data["seen"] = seen_words(held)
    return data


@require_http_methods(["GET", "POST"])
def grant_give(request, team_id):
    """Let somebody who is not on the team read some parts for at most a month."""
    team = access.get_team_for(request.user, team_id)
    access.require_grant_giver(request.user, team)
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    form = GrantForm(request.POST or None, initial=kept.fields if kept else {})
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            user = find_account(address=chosen["email"], by=request.user)
        except ValidationError as error:
            form.add_error("email", error)
        else:
            if given(request, form, team, user):
                drafts.drop_drafts(user=request.user, path=request.path)
                messages.success(request, _("%(name)s can read this for a short time now.") % {"name": user})
                return redirect(reverse("teams:sharing_detail", args=(team.pk,)) + "#short")
    context = {"team": team, "form": form, "kept": kept}
    return render(request, "teams/grant_give.html", context, status=422 if form.errors else 200)


def given(request, form, team, user) -> bool:
    """Give the grant; False, with the reason in the form, where it is refused."""
    chosen = form.cleaned_data
    try:
        give_grant(
            team=team, user=user, sections=chosen["sections"], reason=chosen["reason"], until=chosen["until"],
            by=request.user,
        )  # fmt: skip
    except ValidationError as error:
        form.add_error({"reason": "reason", "until": "until"}.get(error.code, "email"), error)
        return False
    return True


@require_POST
def grant_end(request, team_id, grant_id):
    """Take an exception back, from that person's next request on."""
    team = access.get_team_for(request.user, team_id)
    grant = access.get_grant_for(request.user, team, grant_id)
    end_grant(grant=grant, by=request.user)
    messages.success(request, _("%(name)s cannot read our record any more.") % {"name": grant.user})
    return redirect(reverse("teams:sharing_detail", args=(team.pk,)) + "#short")
