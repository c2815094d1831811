"""Wake-ups for the outbox."""

from celery import shared_task
from django.utils import timezone

from soc_portal.notices.actions import send_due


@shared_task
def send_notices() -> int:
    """Send what waits in the outbox; returns how many were sent."""
    return send_due(now=timezone.now())
