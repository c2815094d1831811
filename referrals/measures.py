"""What can be counted of referrals: whether families get an answer in time."""

from collections.abc import Iterable

from django.db.models import Count, F, Q
from django.db.models.functions import TruncDate, TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from referrals.enums import ReferralStatus
from referrals.models import Referral
from soc_portal.measures.enums import SocValue
from soc_portal.measures.registry import Span, measure


@measure(
    slug="referrals-answered",
    title=_("Referrals answered in time"),
    question=_("When a family asks an organization for help, does it get an answer?"),
    numerator=_("of these, answered by their date, with yes or with no"),
    denominator=_("referrals whose date for an answer passed"),
    unit=_("referrals"),
    target=90,
    target_source=_("this project's own aim"),
    value=SocValue.COLLABORATION,
)
def referrals_answered(span: Span) -> Iterable:
    """A referral counts in the month in which its answer was due, once that day has passed. One sent by mistake counts
    nowhere, nor does one that was called off before anybody answered."""
    called_off = Q(status=ReferralStatus.CANCELLED, answered_at=None) | Q(status=ReferralStatus.ERROR)
    due = Referral.objects.live().filter(
        answer_due_on__gte=span.start, answer_due_on__lt=min(span.end, span.today),
        family__county_id__in=span.county_ids,
    )  # fmt: skip
    return (
        due.exclude(called_off)
        .annotate(
            month=TruncMonth("answer_due_on"),
            answered_on=TruncDate("answered_at", tzinfo=timezone.get_default_timezone()),
        )
        .order_by()
        .values_list("family__county_id", "month", "family_id")
        .annotate(numerator=Count("pk", filter=Q(answered_on__lte=F("answer_due_on"))), denominator=Count("pk"))
    )
