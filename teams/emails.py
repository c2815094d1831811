"""Messages about teams: one function a message. They say what kind of thing happened and where, never to whom."""

from django.urls import reverse

from collaboratives.models import Barrier
from families.enums import Section
from referrals.models import Referral
from soc_portal.access.wall import whole_state
from soc_portal.notices.emails import PATHS, put_in_outbox
from soc_portal.notices.models import Notice
from teams.access import caregivers_on, readers, readers_of
from teams.models import Invitation, Meeting, Membership, PlanVersion, RaisedBarrier, RecordVersion, Step, Team


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
    path = reverse("teams:meeting_detail", kwargs={"team_id": meeting.team_id, "meeting_id": meeting.pk})
    _tell(kind, meeting.team, meeting.section, path=path, but=by, starts_at=meeting.starts_at.isoformat())


def record_ready(version: RecordVersion, membership: Membership) -> None:
    """To a member who wants an e-mail: the approved record of a meeting is there to read."""
    path = reverse("teams:record_version", args=[version.meeting.team_id, version.meeting_id, version.number])
    put_in_outbox("record_ready", user=membership.user, path=path)


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
