"""Wake-ups for what happens to teams by itself."""

from celery import shared_task
from django.utils import timezone

from teams.actions.memberships import end_run_out_memberships
from teams.reminders import remind_of_meetings


@shared_task
def end_memberships() -> int:
    """End the memberships whose every consent has run out; returns how many."""
    return end_run_out_memberships(now=timezone.now())


@shared_task
def remind_of_team_meetings() -> int:
    """Remind teams of meetings that are near; returns of how many meetings."""
    return remind_of_meetings(timezone.now())
