"""Finding a time: why somebody wants to meet, the times that are offered, what everybody says, and the choice."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from soc_portal.audit.enums import Look
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from soc_portal.drafts.views import keep_typed
from soc_portal.versions.actions import Conflict
from soc_portal.when import WhenForm
from teams import access
from teams.actions import calling
from teams.actions.looks import look
from teams.actions.meetings import waive_notice
from teams.actions.notice import is_soon, rule_of_notice
from teams.enums import Can
from teams.forms.calling import PollForm, SlotsForm, words_of
from teams.forms.meetings import SoonForm
from teams.models import Membership, Slot, TimePoll
from teams.views.clashes import clashes_of, others_words, say_how_it_stands
from teams.views.meeting_merge import merged_of


@require_http_methods(["GET", "POST"])
def poll_ask(request, team_id):
    """Anybody on the team says why they want to meet; then times are offered."""
    team = access.get_written_team_for(request.user, team_id)
    kept = kept_for(request.user, request.path)
    form = PollForm(
        request.POST if request.method == "POST" else None, initial=kept.fields if kept else {},
        sections=access.writable_sections(request.user, team),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        poll = calling.ask_to_meet(team=team, poll=TimePoll(**form.why()), by=request.user)
        drafts.drop_drafts(user=request.user, path=request.path)
        messages.success(request, _("Your team is told that you want to meet. Now a time is to be found."))
        if access.can_read_section(request.user, team, poll.section):
            return _to_poll(poll)
        return redirect("teams:meeting_list", team_id=team.pk)
    context = {"team": team, "form": form, "kept": kept if request.method == "GET" else None}
    return render(request, "teams/poll_ask.html", context, status=422 if form.errors else 200)


def _to_poll(poll: TimePoll):
    return redirect("teams:poll_detail", team_id=poll.team_id, poll_id=poll.pk)


@require_http_methods(["GET", "POST"])
def poll_edit(request, team_id, poll_id):
    """Change why and where, while the team looks for a time; nobody's change is lost."""
    poll = access.get_poll_for(request.user, team_id, poll_id)
    access.require_writer(request.user, poll.team)
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    typed = kept.fields if kept else {}
    form = _poll_form(request, poll, typed, data=request.POST if request.method == "POST" else None)
    version = typed.get("version", poll.version)
    if request.method == "POST":
        version = drafts.base_version_of(request.POST) or 0
        if form.is_valid():
            try:
                calling.change_poll(poll=poll, by=request.user, base_version=version, values=form.why())
            except ValidationError as error:
                form.add_error(None, error)
            except Conflict as conflict:
                keep_typed(request, version or None)
                merged, clashes = merged_of(conflict)
                form = _poll_form(request, poll, {name: getattr(merged, name) for name in TimePoll.versioned})
                more = {"clashes": clashes, "who": str(conflict.theirs.updated_by)}
                return _edit_page(request, poll, form, conflict.theirs.version, None, **more)
            else:
                drafts.drop_drafts(user=request.user, path=request.path)
                messages.success(request, _("It is changed. Your team can see it."))
                return _to_poll(poll)
    return _edit_page(request, poll, form, version, kept)


def _poll_form(request, poll: TimePoll, typed: dict, data=None) -> PollForm:
    initial = {name: getattr(poll, name) for name in TimePoll.versioned} | typed
    return PollForm(data, initial=initial, sections=access.writable_sections(request.user, poll.team), meeting=poll)


def _edit_page(request, poll: TimePoll, form: PollForm, version: int, kept, **more):
    look(request.user, Look.RECORD, poll.team, poll)
    context = {"team": poll.team, "poll": poll, "form": form, "version": version, "kept": kept, "clashes": []} | more
    status = 409 if more else 422 if form.errors else 200
    return render(request, "teams/poll_ask.html", context, status=status)


@require_safe
def poll_detail(request, team_id, poll_id):
    """Every time with who can make it, the best one marked; one's own answer; more times."""
    return _detail(request, access.get_poll_for(request.user, team_id, poll_id))


@dataclass
class Row:
    """One time as the page shows it."""

    slot: Slot
    words: str
    yes: list[Membership]
    maybe: list[Membership]
    no: list[Membership]
    is_past: bool
    suits: bool
    is_best: bool
    others: str
    own: list


def _detail(request, poll: TimePoll, *, answer: SlotsForm | None = None, offer: WhenForm | None = None):
    user, team, now = request.user, poll.team, timezone.now()
    look(user, Look.RECORD, team, poll)
    slots = list(access.slots_of(poll))
    answers = list(access.slot_answers_of(poll))
    members = list(access.members_who_share(team, poll.section))
    right = access.right_on(user, team)
    ahead = [slot for slot in slots if slot.starts_at > now]
    said = {row.slot_id: row.can for row in answers if row.membership_id == right.membership_id}
    rows, best = _rows(user, poll, slots, answers, members)
    may_write = poll.is_open and team.is_live and right.may_write
    given = {row.membership_id for row in answers}
    context = {
        "team": team, "poll": poll, "rows": rows, "best": best, "may_write": may_write,
        "answer": answer or SlotsForm(slots=ahead, said=said), "ahead": ahead, "is_asked": bool(answers),
        "can_offer": may_write and access.can_offer_times(user, team), "offer": offer or WhenForm(),
        "waiting": [member for member in members if member.pk not in given],
        "by_hand": [member for member in members if member.user_id is None],
    }  # fmt: skip
    wrong = (answer and answer.errors) or (offer and offer.errors)
    return render(request, "teams/poll_detail.html", context, status=422 if wrong else 200)


def _rows(user, poll: TimePoll, slots, answers, members) -> tuple[list[Row], list[Row]]:
    """Every time for the page, and the best of them."""
    people, now = {member.pk: member for member in members}, timezone.now()
    tallies, family = calling.tallies_of(slots, answers), access.family_on(poll.team)
    best = {tally.slot.pk for tally in calling.best_of(tallies, family, now)} if poll.is_open else set()
    times = [(slot.starts_at, slot.ends_at) for slot in slots] if poll.is_open else []
    clashes = clashes_of(user, poll.team, poll.section, times) or [None] * len(slots)

    def who(tally, can):
        return [people[pk] for pk in sorted(tally.said[can]) if pk in people]

    rows = [
        Row(
            slot=tally.slot, words=words_of(tally.slot), yes=who(tally, Can.YES), maybe=who(tally, Can.IF_NEEDED),
            no=who(tally, Can.NO), is_past=tally.slot.starts_at <= now, suits=tally.suits(family),
            is_best=tally.slot.pk in best, others=others_words(len(clash.others)) if clash and clash.others else "",
            own=clash.own if clash else [],
        )
        for tally, clash in zip(tallies, clashes, strict=True)
    ]  # fmt: skip
    return rows, [row for row in rows if row.is_best]


@require_POST
def poll_offer(request, team_id, poll_id):
    """The facilitator or the family offers a time."""
    poll = access.get_poll_for(request.user, team_id, poll_id)
    access.require_offerer(request.user, poll.team)
    form = WhenForm(request.POST)
    if form.is_valid():
        membership = access.get_membership_for(
            request.user, poll.team, access.right_on(request.user, poll.team).membership_id
        )
        try:
            calling.offer_slot(poll=poll, membership=membership, by=request.user, **form.values)
        except ValidationError as error:
            form.add_error(error.code if error.code in form.fields else None, error)
        else:
            messages.success(request, _("The time is offered. Your team is told in some minutes."))
            return _to_poll(poll)
    return _detail(request, poll, offer=form)


@require_POST
def slot_end(request, team_id, poll_id, slot_id):
    """Take a time back."""
    poll = access.get_poll_for(request.user, team_id, poll_id)
    access.require_offerer(request.user, poll.team)
    slot = access.get_slot_for(poll, slot_id)
    try:
        calling.end_slot(poll=poll, slot=slot, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("The time is taken back."))
    return _to_poll(poll)


@require_POST
def poll_answer(request, team_id, poll_id):
    """Say oneself which of the times one can make."""
    poll = access.get_poll_for(request.user, team_id, poll_id)
    access.require_writer(request.user, poll.team)
    right = access.right_on(request.user, poll.team)
    form, is_saved = _save_answer(
        request, poll, access.get_membership_for(request.user, poll.team, right.membership_id)
    )
    return _to_poll(poll) if is_saved else _detail(request, poll, answer=form)


@require_http_methods(["GET", "POST"])
def poll_answer_note(request, team_id, poll_id, membership_id):
    """Note what a member without an account can make."""
    poll = access.get_poll_for(request.user, team_id, poll_id)
    member = access.get_poll_member_for(poll.team, poll.section, membership_id)
    access.require_speaker(request.user, poll.team, member)
    if request.method == "POST":
        form, is_saved = _save_answer(request, poll, member)
        if is_saved:
            return _to_poll(poll)
    else:
        said = {row.slot_id: row.can for row in access.slot_answers_of(poll).filter(membership=member)}
        form = SlotsForm(slots=_ahead(poll), said=said)
    look(request.user, Look.RECORD, poll.team, poll)
    context = {"team": poll.team, "poll": poll, "member": member, "form": form}
    return render(request, "teams/poll_note.html", context, status=422 if form.errors else 200)


def _ahead(poll: TimePoll) -> list[Slot]:
    return list(access.slots_of(poll).filter(starts_at__gt=timezone.now()))


def _save_answer(request, poll: TimePoll, member: Membership) -> tuple[SlotsForm, bool]:
    """(the form, whether it was saved)."""
    form = SlotsForm(request.POST, slots=_ahead(poll))
    if not form.is_valid():
        return form, False
    try:
        calling.answer_slots(poll=poll, membership=member, answers=form.answers(), by=request.user)
    except ValidationError as error:
        form.add_error(None, error)
        return form, False
    messages.success(request, _("Thank you. Your team can see the answer."))
    return form, True


@require_http_methods(["GET", "POST"])
def poll_choose(request, team_id, poll_id, slot_id):
    """Look once more at who can and who has something else, then set the meeting."""
    poll = access.get_poll_for(request.user, team_id, poll_id)
    access.require_writer(request.user, poll.team)
    slot = access.get_slot_for(poll, slot_id)
    form = SoonForm(request.POST if request.method == "POST" else None)
    right = access.right_on(request.user, poll.team)
    if request.method == "POST" and form.is_valid():
        try:
            meeting = calling.choose_slot(
                poll=poll, slot=slot, by=request.user, by_family=right.by_right, all_right=form.all_right_typed
            )
        except ValidationError as error:
            if error.code != "soon":
                messages.error(request, error.messages[0])
                return _to_poll(poll)
            form.ask_all_right(error)
        else:
            say_how_it_stands(request, meeting)
            return redirect("teams:meeting_detail", team_id=meeting.team_id, meeting_id=meeting.pk)
    look(request.user, Look.RECORD, poll.team, poll)
    now = timezone.now()
    soon = is_soon(rule_of_notice(timezone.localdate(now)), slot.starts_at, now)
    form.asks_all_right |= soon and right.is_caregiver
    context = {
        "team": poll.team, "poll": poll, "slot": slot, "form": form, "waits_then": soon and not right.is_caregiver,
        "is_closed": not poll.is_open or slot.ended_at is not None,
    }  # fmt: skip
    (clash,) = clashes_of(request.user, poll.team, poll.section, [(slot.starts_at, slot.ends_at)])
    context |= {"others": others_words(len(clash.others)) if clash.others else "", "own": clash.own}
    return render(request, "teams/poll_choose.html", context, status=422 if form.errors else 200)


@require_POST
def poll_end(request, team_id, poll_id):
    """Stop looking for a time."""
    poll = access.get_poll_for(request.user, team_id, poll_id)
    access.require_writer(request.user, poll.team)
    try:
        calling.end_poll(poll=poll, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return _to_poll(poll)
    except Conflict:
        messages.error(request, _("Somebody just changed this. Look at it again first."))
        return _to_poll(poll)
    messages.success(request, _("Your team does not look for this time any more."))
    return redirect("teams:meeting_list", team_id=poll.team_id)


@require_POST
def meeting_waive(request, team_id, meeting_id):
    """The family says that it is all right to meet so soon."""
    meeting = access.get_whole_meeting_for(request.user, team_id, meeting_id)
    access.require_waiver(request.user, meeting.team)
    try:
        fresh = waive_notice(meeting=meeting, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    except Conflict:
        messages.error(request, _("Somebody just changed this meeting. Look at it again first."))
    else:
        say_how_it_stands(request, fresh)
    return redirect("teams:meeting_detail", team_id=meeting.team_id, meeting_id=meeting.pk)
