"""The daily wake-up that forgets old drafts."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from soc_portal.drafts.actions import KEEP_DAYS, drop_old_drafts


@shared_task
def purge_drafts(now=None) -> int:
    """Remove drafts that nobody touched for KEEP_DAYS days. `now` is passed in by tests."""
    return drop_old_drafts(before=(now or timezone.now()) - timedelta(days=KEEP_DAYS))
