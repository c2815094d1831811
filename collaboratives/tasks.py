"""Wake-ups for what happens to groups by itself."""

from celery import shared_task
from django.utils import timezone

from collaboratives.reminders import send_reminders


@shared_task
def remind_of_group_meetings() -> int:
    """Remind members of meetings that are near; returns of how many meetings."""
    return send_reminders(timezone.now())
