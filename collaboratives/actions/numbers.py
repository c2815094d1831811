"""Counting the measures of counties, and letting a quarter's numbers out. The only place that sees all families' rows
for it; what comes out holds no family and no small count."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from collaboratives.models import County
from soc_portal.access.wall import whole_state
from soc_portal.measures import rollups
from soc_portal.measures.models import Release
from soc_portal.measures.quarters import Quarter, months_back, out_by
from soc_portal.measures.registry import every_measure

#: What was written down late or put right is still counted for so many months.
MONTHS = 15


@transaction.atomic
@whole_state("a county's numbers are counted over all of its families")
def roll_up(*, county_ids: Iterable[int] | None = None, months: Sequence[dt.date] = (), now: dt.datetime) -> int:
    """Count every measure in these counties (all of them when left out) and months (the last 15). Returns how many
    counts were written; counting again gives the same rows."""
    today = timezone.localdate(now)
    if county_ids is None:
        county_ids = County.objects.order_by("pk").values_list("pk", flat=True)
    span = rollups.span_of(county_ids, months or months_back(today, MONTHS), today)
    found = [rollup for measure in every_measure() for rollup in rollups.count(measure, span)]
    return rollups.write(found, now)


@transaction.atomic
def publish(*, now: dt.datetime) -> int:
    """Let out what has settled and is not out yet. Returns how many tables came out.

    What is out stays as it came out: two versions of one quarter could be subtracted from each other.
    """
    made = 0
    for quarter in out_by(timezone.localdate(now)):
        out = set(Release.objects.filter(quarter=quarter.start).values_list("measure", flat=True))
        missing = [measure for measure in every_measure() if measure.slug not in out]
        if missing:
            releases = rollups.release(quarter, missing)
            for release in releases:
                release.released_at = now
            # Two workers at once: the first one's tables stand.
            Release.objects.bulk_create(releases, ignore_conflicts=True)
            made += len(releases)
    return made


@transaction.atomic
def publish_again(*, quarter: Quarter, now: dt.datetime) -> int:
    """Take a quarter's tables back and let them out anew, after a mistake in counting. Returns how many came out.

    Whoever kept the old ones can subtract them, so this is for an operator who has weighed it, never for a task.
    """
    Release.objects.filter(quarter=quarter.start).delete()
    return publish(now=now)
