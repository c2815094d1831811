"""Wake-ups for reminders of groups' meetings, and for counties' numbers."""

from celery import shared_task
from django.utils import timezone

from collaboratives.actions.numbers import publish, roll_up
from collaboratives.models import County
from collaboratives.reminders import send_reminders


@shared_task
def remind_of_group_meetings() -> int:
    """Remind members of meetings that are near; returns of how many meetings."""
    return send_reminders(timezone.now())


@shared_task
def roll_up_state() -> int:
    """One task a county, so that the work spreads over the workers; returns how many."""
    county_ids = list(County.objects.order_by("pk").values_list("pk", flat=True))
    for county_id in county_ids:
        roll_up_county.delay(county_id)
    return len(county_ids)


@shared_task
def roll_up_county(county_id: int) -> int:
    """Count the last months of one county anew."""
    return roll_up(county_ids=[county_id], now=timezone.now())


@shared_task
def publish_numbers() -> int:
    """Let out the quarters that have settled and are counted in every county."""
    return publish(now=timezone.now())
