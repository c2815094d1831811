"""Messages about teams: one function a message. They say what kind of thing happened and where, never to whom."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone, translation

from collaboratives.models import Barrier
from families.enums import Section
from referrals.models import Referral
from soc_portal.access.wall import whole_state
from soc_portal.notices.emails import PATHS, REFUSED, about, notice_of, put_all_in_outbox, put_in_outbox
from soc_portal.notices.models import Notice
from teams.access import (
    accounts_to_approve,
    caregivers_on,
    facilitators_to_tell,
    members_to_tell,
    owners_of_record,
    readers,
    readers_of,
)
from teams.enums import Coming, MeetingStatus
from teams.models import (
    AnswerLink,
    Guest,
    Invitation,
    Meeting,
    Membership,
    PlanVersion,
    RaisedBarrier,
    RecordVersion,
    Step,
    Team,
    TimePoll,
)

#: Times that are offered within so long are told of in one message.
TIMES_GATHER = dt.timedelta(minutes=10)
#: Team meetings in calendar files.
TEAM_MEETING = "team-meeting"


def _tell(kind: str, team: Team, section: str, *, path: str, but=None, **facts) -> None:
    """One notice to everybody who may read the section, without the one who made the change."""
    for member in readers(team, section):
        if but is None or member.user_id != but.pk:
            put_in_outbox(kind, user=member.user, path=path, **facts)


def member_proposed(membership: Membership, by) -> None:
    """To the caregivers: somebody was named for your team; you choose."""
    _tell_caregivers("member_proposed", membership, by)


def member_chosen(membership: Membership) -> None:
    """To somebody with an account: a family chose you for its team; you answer."""
    put_in_outbox("member_chosen", user=membership.user, path=reverse("home"))


def member_accepted(membership: Membership, by) -> None:
    """To the caregivers: somebody said yes to your team."""
    _tell_caregivers("member_accepted", membership, by)


def _tell_caregivers(kind: str, membership: Membership, by) -> None:
    """One notice to every caregiver on the team, without the one who made the change."""
    path = reverse("teams:member_list", kwargs={"team_id": membership.team_id})
    for user in caregivers_on(membership.team):
        if user.pk != by.pk:
            put_in_outbox(kind, user=user, path=path)


def member_ended(membership: Membership) -> None:
    """To somebody who is no longer on a team."""
    put_in_outbox("member_ended", user=membership.user, path=reverse("home"))


def invitation(row: Invitation) -> None:
    """To an address without an account: the link that lets its reader in, made when the message is sent."""
    put_in_outbox("invitation", address=row.address, path=reverse("home"), invitation_id=row.pk)


def _invitation_path(notice: Notice) -> str:
    row = Invitation.objects.get(pk=notice.facts["invitation_id"])
    return reverse("teams:invitation_link", kwargs={"token": row.token})


PATHS["invitation"] = _invitation_path


def meeting_called(meeting: Meeting, by) -> None:
    """To everybody who may read it: a meeting is set."""
    _meeting("meeting_called", meeting, by)


def meeting_changed(meeting: Meeting, by) -> None:
    """To everybody who may read it: the time or place of a meeting is another."""
    _meeting("meeting_changed", meeting, by)


def meeting_cancelled(meeting: Meeting, by) -> None:
    """To everybody who may read it: a meeting will not take place."""
    _meeting("meeting_cancelled", meeting, by)


def _meeting(kind: str, meeting: Meeting, by) -> None:
    facts = about(TEAM_MEETING, meeting, is_cancelled=meeting.status == MeetingStatus.CANCELLED)
    _tell(kind, meeting.team, meeting.section, path=_path_of(meeting), but=by, **facts)


def _path_of(meeting: Meeting) -> str:
    return reverse("teams:meeting_detail", kwargs={"team_id": meeting.team_id, "meeting_id": meeting.pk})


def meeting_reminders(meetings: list[Meeting]) -> None:
    """For each, to everybody who may read it, without those who said that they can't come: the meeting is near."""
    put_all_in_outbox(
        notice_of("meeting_reminder", user=member.user, path=_path_of(meeting), **about(TEAM_MEETING, meeting))
        for meeting, member in _to_remind(meetings)
    )


def _to_remind(meetings: list[Meeting]) -> Iterator[tuple[Meeting, Membership]]:
    """Few queries for many meetings: reminders of a whole state fall due in the same hour."""
    away = set(Guest.objects.filter(meeting__in=meetings, coming=Coming.NO).values_list("meeting_id", "membership_id"))
    for section in sorted({meeting.section for meeting in meetings}):
        here = [meeting for meeting in meetings if meeting.section == section]
        members = defaultdict(list)
        for member in readers_of([meeting.team_id for meeting in here], section):
            members[member.team_id].append(member)
        for meeting in here:
            yield from ((meeting, member) for member in members[meeting.team_id] if (meeting.pk, member.pk) not in away)


#: So long a mail may be on its way before it comes back; by then one that did not has arrived.
COMES_BACK_WITHIN = dt.timedelta(days=2)


def address_refused(notice: Notice) -> None:
    """To those who run the meetings of each live team of the reader: mail does not reach somebody on your team.

    Once for each team, until a mail has arrived since.
    """
    to = Q(user=notice.user_id) if notice.user_id else Q(user=None, address__iexact=notice.address)
    with whole_state("who is told of a mail that did not arrive was not its reader"):
        members = Membership.objects.not_ended().filter(to, team__ended_at=None, chosen_at__isnull=False)
        for member in members.select_related("team").order_by("pk"):
            if not _knows_already(notice, member):
                path = reverse("teams:member_list", kwargs={"team_id": member.team_id})
                for user in facilitators_to_tell(member):
                    put_in_outbox("address_refused", user=user, path=path, membership_id=member.pk)


def _knows_already(notice: Notice, member: Membership) -> bool:
    told = Notice.objects.filter(kind="address_refused", facts__membership_id=member.pk).order_by("-created_at").first()
    if told is None:
        return False
    to_the_same = Notice.objects.filter(user=notice.user_id, address=notice.address, refused_at=None)
    until = timezone.now() - COMES_BACK_WITHIN
    return not to_the_same.filter(sent_at__gt=told.created_at, sent_at__lt=until).exists()


REFUSED.append(address_refused)


def short_notice_asked(meeting: Meeting, by) -> None:
    """To the caregivers on the team: somebody wants to meet sooner than the rule says; is that all right?"""
    for user in caregivers_on(meeting.team):
        if user.pk != by.pk:
            put_in_outbox("short_notice_asked", user=user, path=_path_of(meeting))


def meeting_waits(meeting: Meeting, by) -> None:
    """To the others who may read it: a meeting that was set has a new day, which waits for the family's yes."""
    caregivers = {user.pk for user in caregivers_on(meeting.team)}
    facts = about(TEAM_MEETING, meeting, is_cancelled=True)  # it leaves their calendars until the family has said yes
    for member in readers(meeting.team, meeting.section):
        if member.user_id != by.pk and member.user_id not in caregivers:
            put_in_outbox("meeting_waits", user=member.user, path=_path_of(meeting), **facts)


def _poll_path(poll: TimePoll) -> str:
    return reverse("teams:poll_detail", kwargs={"team_id": poll.team_id, "poll_id": poll.pk})


def times_wanted(poll: TimePoll, by) -> None:
    """To everybody who may read it: the team looks for a time. One message for all that is offered within a while."""
    path, now = _poll_path(poll), timezone.now()
    waiting = Notice.objects.filter(kind="times_wanted", path=path, sent_at=None, claimed_at=None, due_at__gt=now)
    told = set(waiting.values_list("user_id", flat=True))
    for member in readers(poll.team, poll.section):
        if member.user_id != by.pk and member.user_id not in told:
            put_in_outbox("times_wanted", user=member.user, path=path, due_at=now + TIMES_GATHER)


def answer_link(row: AnswerLink) -> None:
    """To an address: the link that takes one answer, made when the message is sent; in its reader's language."""
    person = row.membership.person
    with translation.override(person.language if person else translation.get_language()):
        put_in_outbox("answer_link", address=row.address, path=reverse("home"), link_id=row.pk)


def _answer_link_path(notice: Notice) -> str:
    with whole_state("the link of a mail is made by the task that sends it"):
        row = AnswerLink.objects.get(pk=notice.facts["link_id"])
    return reverse("teams:answer_link", kwargs={"token": row.token})


PATHS["answer_link"] = _answer_link_path


def link_answered(link: AnswerLink) -> None:
    """To the facilitator and whoever made the link, as far as they may read it: somebody answered with a link."""
    _about_link("link_answered", link)


def link_failed(link: AnswerLink) -> None:
    """To the same: somebody came with a link that takes no answer any more. Once a link, however often they try."""
    if not Notice.objects.filter(kind="link_failed", facts__link_id=link.pk).exists():
        _about_link("link_failed", link)


def _about_link(kind: str, link: AnswerLink) -> None:
    thing = link.thing
    path = _path_of(thing) if isinstance(thing, Meeting) else _poll_path(thing)
    for member in readers(thing.team, thing.section):
        if member.is_facilitator or member.user_id == link.created_by_id:
            put_in_outbox(kind, user=member.user, path=path, link_id=link.pk)


def record_ready(version: RecordVersion, membership: Membership) -> None:
    """To a member who wants an e-mail: the approved record of a meeting is there to read."""
    path = reverse("teams:record_version", args=[version.meeting.team_id, version.meeting_id, version.number])
    put_in_outbox("record_ready", user=membership.user, path=path)


def record_waits(version: RecordVersion, side: str) -> None:
    """To whoever can say the second yes, for this side: the other side approved the record of a meeting."""
    meeting = version.meeting
    asked = accounts_to_approve(meeting, side)
    path = reverse("teams:record_approve", args=[meeting.team_id, meeting.pk])
    for member in readers(meeting.team, meeting.section):
        if member.user_id in asked:
            put_in_outbox("record_waits", user=member.user, path=path)


def plan_agreed(version: PlanVersion, by) -> None:
    """To everybody who reads the plan: the family agreed to it; what do you say?"""
    path = reverse("teams:plan_detail", kwargs={"team_id": version.team_id})
    _tell("plan_agreed", version.team, Section.PLAN, path=path, but=by, number=version.number)


def plan_put_forward(version: PlanVersion, by) -> None:
    """To everybody who reads the plan: somebody put it forward; what do you say?"""
    path = reverse("teams:plan_detail", kwargs={"team_id": version.team_id})
    _tell("plan_put_forward", version.team, Section.PLAN, path=path, but=by, number=version.number)


def step_needs_help(step: Step, by) -> None:
    """To everybody who may read the step: somebody asked for help with it."""
    path = reverse("teams:plan_detail", kwargs={"team_id": step.team_id})
    _tell("step_needs_help", step.team, step.section, path=path, but=by)


STEPS_DUE = "steps_due"


def steps_due(user) -> None:
    """To somebody who carries a step: something that they said they would do is due soon, in whichever team."""
    put_in_outbox(STEPS_DUE, user=user, path=reverse("teams:step_list"))


def mentioned(team: Team, members, by, *, path: str) -> None:
    """To those with an account whom somebody named in a comment."""
    for member in members:
        if member.user_id and member.user_id != by.pk:
            put_in_outbox("mentioned", user=member.user, path=path)


def suggestion_made(team: Team, section: str, owners: set[int], membership, by, *, path: str) -> None:
    """To the other side: somebody suggests other words for a part of the plan."""
    by_owner = membership.pk in owners
    for member in readers(team, section):
        if member.user_id != by.pk and (by_owner or member.pk in owners):
            put_in_outbox("suggestion_made", user=member.user, path=path)


def ending_begun(team: Team, by) -> None:
    """To everybody on the team: it gets ready to end; say a last word, if you want to."""
    path = reverse("teams:ending_detail", kwargs={"team_id": team.pk})
    for member in members_to_tell(team):
        if member.user_id != by.pk:
            put_in_outbox("ending_begun", user=member.user, path=path)


def team_closed(team: Team, by) -> None:
    """To everybody on the team: it has come to its end. The family is led to its record, which it keeps."""
    owners = set(owners_of_record(team).values_list("pk", flat=True))
    for member in members_to_tell(team):
        if member.user_id != by.pk:
            path = reverse("teams:ending_detail", args=[team.pk]) if member.pk in owners else reverse("home")
            put_in_outbox("team_closed", user=member.user, path=path)


def referral_drafted(team: Team, referral: Referral, by) -> None:
    """To the caregivers on the team: somebody wrote down whom to ask for help; you decide if it goes out."""
    path = reverse("teams:referral_detail", args=[team.pk, referral.pk])
    for user in caregivers_on(team):
        if user.pk != by.pk:
            put_in_outbox("referral_drafted", user=user, path=path)


def referral_changed(referral: Referral, by) -> None:
    """To everybody on the team who reads its part of the record: something changed about a referral.

    `by` is None for somebody who answered without an account.
    """
    with whole_state("who answers a referral is not on the team that is told"):
        team = Team.objects.get(referral_sources__referral=referral)
        path = reverse("teams:referral_detail", args=[team.pk, referral.pk])
        _tell("referral_changed", team, referral.section, path=path, but=by)


def barrier_written(raised: RaisedBarrier, by) -> None:
    """To the caregivers: your team wrote something for the county; it waits for your yes."""
    path = reverse("teams:barrier_list", kwargs={"team_id": raised.team_id})
    for user in caregivers_on(raised.team):
        if user.pk != by.pk:
            put_in_outbox("barrier_written", user=user, path=path)


def barrier_answered(barrier: Barrier) -> None:
    """To everybody who may read it in a team that raised it: there is an answer."""
    with whole_state("those who answer a barrier do not know whose it is"):
        raised = list(RaisedBarrier.objects.live().filter(barrier=barrier).values_list("team_id", "section"))
        for section in {section for _team, section in raised}:
            for member in readers_of([team_id for team_id, part in raised if part == section], section):
                path = reverse("teams:barrier_list", kwargs={"team_id": member.team_id})
                put_in_outbox("barrier_answered", user=member.user, path=path)
