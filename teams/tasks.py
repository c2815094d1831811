"""Wake-ups for what happens to teams by itself."""

from celery import shared_task
from django.utils import timezone

from teams.actions.memberships import end_run_out_memberships
from teams.reminders import meetings, steps


@shared_task
def end_memberships() -> int:
    """End the memberships whose every consent has run out; returns how many."""
    return end_run_out_memberships(now=timezone.now())


@shared_task
def remind_of_steps() -> int:
    """Tell people that a step of theirs is due soon; returns how many were told."""
    return steps.send_reminders(timezone.now())


@shared_task
def remind_of_team_meetings() -> int:
    """Remind teams of meetings that are near; returns of how many meetings."""
    return meetings.send_reminders(timezone.now())
