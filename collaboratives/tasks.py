"""Wake-ups for counties' numbers."""

from celery import shared_task
from django.utils import timezone

from collaboratives.actions.numbers import publish, roll_up
from collaboratives.models import County


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
