"""The team's own page, the list of one's teams, and asking for a team."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, FilteredRelation, Max, OuterRef, Q, Subquery
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from families.access import own_families, visible_people
from families.enums import FamilyRole, Section
from soc_portal.audit.enums import Look
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from soc_portal.names import Seat
from soc_portal.pictures import circle_words
from teams import access
from teams.actions.looks import look
from teams.actions.memberships import ask_for_another_team, ask_for_team
from teams.enums import AnswerKind, Coming, MeetingStatus, StepStatus
from teams.forms.team import AskAgainForm, AskForm
from teams.models import Membership, Need, Step, Team, Words
from teams.views.outreach import asked_of_others

#: How much of each part the home shows; the pages behind it show all.
NEEDS, DOTS, SHARED, LOOKS = 5, 8, 3, 3
#: A done step stays among "things I said I'd do" for this many days.
PROUD_DAYS = 14
TEAMS_A_PAGE = 20


# --- The team at its table -----------------------------------------------------------------------------------------
@require_safe
def team_detail(request, team_id):
    """The same page for family and staff: who is at the table, what comes next, who does what."""
    return show_team(request, access.get_team_for(request.user, team_id))


def show_team(request, team, invitations=()):
    """The page of one team; also what a family with one team lands on."""
    look(request.user, Look.TEAM, team)
    user, right = request.user, access.right_on(request.user, team)
    members = _members(user, team, right)
    context = {
        "team": team,
        "right": right,
        "invitations": invitations,
        "may_write": right.may_write and team.is_live,
        "members": members,
        "circle": _circle(team, members),
        "reads_records": access.can_read_section(user, team, Section.RECORDS),
    }
    context |= _meetings(user, team)
    context |= _steps_and_plan(user, team, right, members)
    context |= asked_of_others(user, team)
    if right.by_right:
        others = [member for member in members if not member.is_by_right and member.chosen_at]
        context |= {"shared": others[:SHARED], "looks": _last_looks(user, team, members)}
    else:
        own = next((member for member in members if member.pk == right.membership_id), None)
        context["own_sections"] = _shown_to(right, own)
    return render(request, "teams/team_detail.html", context)


def _members(user, team, right) -> list[Membership]:
    """Everybody who is or may become a member, each with what is shared and whether they agree. One query.

    What is shared with others is only read for those whose record it is.
    """
    today = timezone.localdate()
    given = Q(consents__ended_at=None, consents__starts_on__lte=today, consents__until__gte=today)
    if not right.by_right:
        given &= Q(consents__membership=right.membership_id)
    rows = access.visible_memberships(user).not_ended().filter(team=team)
    rows = rows.annotate(given=FilteredRelation("consents", condition=given))
    rows = rows.annotate(given_section=F("given__section"), given_until=F("given__until"))
    if access.can_read_plan(user, team):
        newest = access.visible_plan_versions(user, team).agreed().order_by("-number").values("number")[:1]
        says_yes = access.visible_answers(user, team).filter(
            membership=OuterRef("pk"), kind=AnswerKind.AGREES, plan_version__number=Subquery(newest)
        )
        rows = rows.annotate(agreed_number=Subquery(newest), agrees=Exists(says_yes))
    return _one_each(rows.select_related("person", "organization").in_order(), team)


def _one_each(rows, team) -> list[Membership]:
    """A member comes once for each section that is shared with them; here they become one."""
    about = {child.pk for child in team.children.all()}
    members: dict[int, Membership] = {}
    for row in rows:
        member = members.setdefault(row.pk, row)
        if member is row:
            member.sections, member.until = [], None
            member.is_about = row.person_id in about
            member.is_by_right = member.is_about or bool(row.person and row.person.is_caregiver)
        if row.given_section:
            member.sections.append(Section(row.given_section))
            member.until = min(filter(None, [member.until, row.given_until]))
    for member in members.values():
        member.sections.sort(key=list(Section).index)
        member.section_words = ", ".join(str(section.label) for section in member.sections)
    return list(members.values())


def _shown_to(right, own) -> dict:
    """What somebody outside the family may read, in words, and until when."""
    sections = [section for section in Section if section in right.sections]
    words = ", ".join(str(section.label) for section in sections)
    return {"words": words, "until": own.until if own else None}


def _circle(team, members) -> dict:
    """The table: those the team is for and their caregivers are its middle, everybody else has a seat."""
    caregivers = [m for m in members if m.is_by_right and not m.is_about and m.accepted_at]
    middle = {member.pk for member in caregivers} | {member.pk for member in members if member.is_about}
    names = ", ".join(member.short_name for member in caregivers)
    seats = [member for member in members if member.pk not in middle]
    beside = _("& %(names)s") % {"names": names} if names else ""
    words = {"children": team.children_names, "caregivers": names, "others": circle_words(seats)}
    desc = (
        _("In the middle: %(children)s, %(caregivers)s. %(others)s")
        if names
        else _("In the middle: %(children)s. %(others)s")
    )
    return {"seats": seats, "centre": team.children_names, "with": beside, "desc": desc % words}


def _meetings(user, team) -> dict:
    """The next meeting that this person may read, with who said yes and what they said themselves; the next one that
    waits for the family's yes; and the last one to which they came and have not said how it was. One query.
    """
    here = Q(guests__membership__ended_at=None)
    meetings = access.visible_meetings(user).filter(team=team)
    ahead = meetings.filter(ends_at__gte=timezone.now()).order_by("starts_at", "pk").values("pk")
    to_tell_of = access.meetings_to_tell_of(user, [team]).values("pk")
    wanted = Q(pk__in=to_tell_of[:1])
    for status in (MeetingStatus.SET, MeetingStatus.ASKED):
        wanted |= Q(pk__in=ahead.filter(status=status)[:1])
    rows = meetings.filter(wanted).annotate(
        invited=Count("guests", filter=here),
        said_yes=Count("guests", filter=here & Q(guests__coming=Coming.YES)),
        own_coming=Max("guests__coming", filter=here & Q(guests__membership__user=user)),
    )
    found = {row.status: row for row in rows}
    return {
        "meeting": found.get(MeetingStatus.SET), "asked": found.get(MeetingStatus.ASKED),
        "to_tell_of": found.get(MeetingStatus.HELD),
    }  # fmt: skip


def _steps_and_plan(user, team, right, members) -> dict:
    """What I said I'd do, and the plan at a glance; whoever may not read the plan gets no part of it."""
    is_mine = Step.who.through.objects.filter(step=OuterRef("pk"), membership=right.membership_id)
    steps = access.team_items(user, team, Step).annotate(need=F("goal__need_id"), is_mine=Exists(is_mine))
    steps = list(steps.order_by(F("due_on").asc(nulls_last=True), "place", "pk"))
    lately = timezone.localdate() - dt.timedelta(days=PROUD_DAYS)
    mine = [step for step in steps if step.is_mine]
    context = {
        "own_steps": [step for step in mine if step.is_open] + [s for s in mine if s.done_on and s.done_on >= lately],
        "reads_plan": access.can_read_plan(user, team),
    }
    if not context["reads_plan"]:
        return context
    needs = list(access.team_items(user, team, Need).order_by("place", "pk"))
    agreed = members[0].agreed_number if members else None
    return context | {
        "vision": _vision(user, team, members),
        "needs": [_need_row(need, [step for step in steps if step.need == need.pk]) for need in needs[:NEEDS]],
        "more_needs": max(len(needs) - NEEDS, 0),
        "agreed": agreed,
        "agree": sum(member.agrees for member in members if member.stage == "live"),
        "live": sum(member.stage == "live" for member in members),
    }


def _need_row(need, steps) -> dict:
    wanted = [step for step in steps if step.status != StepStatus.STOPPED]
    done = sum(step.status == StepStatus.DONE for step in wanted)
    return {"need": need, "dots": [step.state_name for step in wanted[:DOTS]], "done": done, "all": len(wanted)}


def _vision(user, team, members):
    """What the family wrote last in its own words, and the person who speaks."""
    words = access.team_items(user, team, Words).filter(meeting=None).select_related("person")
    words = words.order_by("-updated_at", "-pk").first()
    if words is None:
        return None
    who = next((member for member in members if member.person_id == words.person_id), None)
    return {"words": words, "who": who or words.person}


def _last_looks(user, team, members) -> list[dict]:
    """The last readings by others; the same person opening the same thing on one day counts once."""
    faces = {member.user_id: member for member in members if member.user_id}
    rows: dict[tuple, dict] = {}
    for event in access.visible_looks(user, team)[:50]:
        key = (event.actor_id, event.verb, timezone.localdate(event.at))
        if key not in rows and len(rows) < LOOKS:
            who = faces.get(event.actor_id) or Seat(event.actor_name, "pro")
            what = Look(event.verb).label if event.verb in Look.values else event.verb
            rows[key] = {"who": who, "name": event.actor_name, "what": what, "event": event}
    return list(rows.values())


# --- My teams ------------------------------------------------------------------------------------------------------
@require_safe
def team_list(request):
    """My teams; a family also finds those that have come to their end."""
    return show_teams(request, access.own_invitations(request.user).order_by("pk"))


def show_teams(request, invitations):
    """One page of titles: nothing of a record."""
    teams = access.visible_teams(request.user).select_related("family__county").prefetch_related("children")
    teams = teams.order_by(F("ended_at").asc(nulls_first=True), "-opened_on", "-pk")
    page = Paginator(teams, TEAMS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "invitations": invitations, "tab": "teams"}
    return render(request, "teams/team_list.html", context)


# --- Asking for a team ---------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def team_ask(request):
    """Anybody who is signed in asks for a team for their own family; nobody has to allow it.

    `?family=<id>` asks for one more team for a family that this person decides for.
    """
    families = list(own_families(request.user).order_by("pk"))
    for family in families:
        if str(family.pk) == request.GET.get("family"):
            return _ask_again_page(request, family)
    kept = kept_for(request.user, request.path)
    initial = {"caregiver_name": request.user.name} | (kept.fields if kept else {})
    form = AskForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        team = _ask(request, form)
        if team is not None:
            drafts.drop_drafts(user=request.user, path=request.path)
            messages.success(request, _("Your team has begun. Now choose who sits at your table."))
            return redirect("teams:team_detail", team_id=team.pk)
    context = {"form": form, "kept": kept if request.method == "GET" else None, "families": families}
    return render(request, "teams/team_ask.html", context, status=422 if form.errors else 200)


def _ask_again_page(request, family):
    people = visible_people(request.user).filter(family=family, role=FamilyRole.YOUNG_PERSON)
    people = people.select_related("user").order_by("pk")
    form = AskAgainForm(request.POST if request.method == "POST" else None, people=people)
    if request.method == "POST" and form.is_valid():
        try:
            team = ask_for_another_team(by=request.user, family=family, children=list(form.cleaned_data["children"]))
        except ValidationError as error:
            form.add_error("children", error)
        else:
            messages.success(request, _("Your team has begun. Now choose who sits at your table."))
            return redirect("teams:team_detail", team_id=team.pk)
    context = {"form": form, "family": family}
    return render(request, "teams/team_ask_again.html", context, status=422 if form.errors else 200)


def _ask(request, form) -> Team | None:
    names = ("family_name", "county", "caregiver_name", "relationship", "children")
    try:
        return ask_for_team(by=request.user, **{name: form.cleaned_data[name] for name in names})
    except ValidationError as error:
        form.add_error(None, error)
    return None
