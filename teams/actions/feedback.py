"""How somebody felt about a meeting that they came to."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from soc_portal.audit.actions import record
from teams.models import Feedback, Guest

TAPS = ("heard", "useful", "strengths")


@transaction.atomic
def give_feedback(*, guest: Guest, by, values: dict, is_shown: bool) -> Feedback:
    """A newer answer takes the place of the old one, which is kept. `by` notes it for somebody without an account.

    What the family says is shown to the team only if it says so; what others say always is. `ValidationError` when
    nothing was answered.
    """
    said = any(values.get(name) for name in (*TAPS, "words")) or values.get("wants_change") is not None
    if not said:
        raise ValidationError(_("Tap at least one answer, or write a few words."), code="empty")
    guest = Guest.objects.select_for_update(of=("self",)).select_related("meeting__team", "membership").get(pk=guest.pk)
    meeting, member = guest.meeting, guest.membership
    noted_by = None if member.user_id == by.pk else by
    old = Feedback.objects.filter(meeting=meeting, membership_id=guest.membership_id, ended_at=None)
    old.update(ended_at=timezone.now())
    team = meeting.team
    row = Feedback.objects.create(
        meeting=meeting, membership=member, is_shown=is_shown or not member.is_of_family, noted_by=noted_by, **values
    )
    record("feedback_given", by=by, family_id=team.family_id, team_id=team.pk, thing=meeting)
    return row
