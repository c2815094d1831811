"""What can be counted of teams: whether they meet in time, who is at the table, who chose them, what gets done.

Each function gives a `Count` for every county, month and family. Months are those of North Carolina; what is due on a
day is late from the next day on.
"""

from collections.abc import Iterable

from django.db.models import Case, Count, DateField, Exists, F, IntegerField, OuterRef, Q, Sum, Value, When
from django.db.models.functions import TruncDate, TruncMonth
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from collaboratives.enums import DeadlineKind
from families.enums import FamilyRole
from families.models import Person
from soc_portal.measures.enums import SocValue
from soc_portal.measures.registry import Span, measure
from teams.enums import (
    PLANNED_ENDINGS,
    YOUTH_PICKS_FROM_AGE,
    Attendance,
    CopyWay,
    Felt,
    MeetingStatus,
    MemberKind,
    StepStatus,
)
from teams.models import (
    Consent,
    Deadline,
    Ending,
    Feedback,
    Guest,
    Meeting,
    Membership,
    RecordCopy,
    RecordVersion,
    Step,
    Team,
)

WAS_THERE = (Attendance.CAME, Attendance.PHONE)
OWN_CHOICE = _("this project's own aim")


def _month_of(moment: str) -> TruncMonth:
    """The month of a moment on the clock of North Carolina."""
    return TruncMonth(moment, tzinfo=timezone.get_default_timezone(), output_field=DateField())


def _day_of(moment: str) -> TruncDate:
    """The day of a moment on the clock of North Carolina."""
    return TruncDate(moment, tzinfo=timezone.get_default_timezone())


def _one_if(wanted) -> Case:
    return Case(When(wanted, then=Value(1)), default=Value(0), output_field=IntegerField())


@measure(
    slug="first-meeting",
    title=_("First team meeting in time"),
    question=_("Does a new team meet before its date?"),
    numerator=_("first meetings held by their date"),
    denominator=_("first meetings that were held by their date, or whose date passed"),
    unit=_("first meetings"),
    target=90,
    target_source=OWN_CHOICE,
    value=SocValue.RESULTS,
)
def first_meeting(span: Span) -> Iterable:
    """By the deadline that a team got when it was opened. One met in time counts in the month of the meeting, any other
    in the month of its date, once that day has passed; one that ended before its date counts nowhere."""
    in_time = Q(met_on__lte=F("due_on"))
    missed = Q(due_on__lt=span.today) & (Q(ended_at=None) | Q(ended_on__gt=F("due_on")))
    deadlines = Deadline.objects.filter(kind=DeadlineKind.FIRST_MEETING, team__family__county_id__in=span.county_ids)
    deadlines = deadlines.annotate(
        ended_on=_day_of("ended_at"), day=Case(When(in_time, then=F("met_on")), default=F("due_on"))
    ).filter(in_time | missed, day__gte=span.start, day__lt=span.end)
    return (
        deadlines.annotate(month=TruncMonth("day"))
        .order_by()
        .values_list("team__family__county_id", "month", "team__family_id")
        .annotate(numerator=Count("pk", filter=in_time), denominator=Count("pk"))
    )


def _held(span: Span, of: str = "") -> dict:
    """The filter for meetings that took place in the span; `of` is the way to the meeting."""
    wanted = {"status": MeetingStatus.HELD, "ended_at": None, "starts_at__gte": span.starts_at}
    return {f"{of}{name}": value for name, value in (wanted | {"starts_at__lt": span.ends_at}).items()}


@measure(
    slug="caregiver-present",
    title=_("A caregiver at the meeting"),
    question=_("Do teams meet with the family, and not about it?"),
    numerator=_("of these, meetings at which a caregiver was there, in person or by phone or video"),
    denominator=_("team meetings that took place"),
    unit=_("meetings"),
    target=100,
    target_source=_("families in North Carolina: do not meet if I cannot come (practicenotes v13n1)"),
    value=SocValue.PARTNERSHIP,
)
def caregiver_present(span: Span) -> Iterable:
    """A meeting counts in the month in which it took place."""
    there = Guest.objects.filter(
        meeting=OuterRef("pk"), attendance__in=WAS_THERE, membership__kind=MemberKind.FAMILY,
        membership__person__role=FamilyRole.CAREGIVER,
    )  # fmt: skip
    meetings = Meeting.objects.filter(**_held(span), team__family__county_id__in=span.county_ids)
    return (
        meetings.annotate(month=_month_of("starts_at"), there=_one_if(Exists(there)))
        .order_by()
        .values_list("team__family__county_id", "month", "team__family_id")
        .annotate(numerator=Sum("there"), denominator=Count("pk"))
    )


@measure(
    slug="natural-supports",
    title=_("Friends and community at the table"),
    question=_("How many at the table are there for love and not for pay?"),
    numerator=_("of these, friends, neighbors, kin and community members"),
    denominator=_("people who were at team meetings, counted at each meeting"),
    unit=_("people at meetings"),
    target=30,
    target_source=OWN_CHOICE,
    value=SocValue.COMMUNITY,
)
def natural_supports(span: Span) -> Iterable:
    """Who was there in person or by phone or video. Family Partners and the family itself are in the denominator."""
    guests = Guest.objects.filter(
        **_held(span, "meeting__"), attendance__in=WAS_THERE,
        meeting__team__family__county_id__in=span.county_ids,
    )  # fmt: skip
    return (
        guests.annotate(month=_month_of("meeting__starts_at"))
        .order_by()
        .values_list("meeting__team__family__county_id", "month", "meeting__team__family_id")
        .annotate(
            numerator=Count("pk", filter=Q(membership__kind=MemberKind.NATURAL)),
            denominator=Count("pk"),
        )
    )


@measure(
    slug="chosen-by-family",
    title=_("Members chosen by the family"),
    question=_("Does the family choose who is on its team?"),
    numerator=_("of these, chosen by somebody of the family, or picked by the youth"),
    denominator=_("people outside of the family who were chosen for a team"),
    unit=_("new members"),
    target=100,
    target_source=_("a team is people selected by the family (text “System of Care” of the NC Collaborative)"),
    value=SocValue.PARTNERSHIP,
)
def chosen_by_family(span: Span) -> Iterable:
    """By who wrote the choice down: an account of somebody who is a person of that family. It counts in its month."""
    own = Person.objects.filter(family_id=OuterRef("team__family_id"), user_id=OuterRef("chosen_by_id"))
    members = Membership.objects.filter(
        chosen_at__gte=span.starts_at, chosen_at__lt=span.ends_at, team__family__county_id__in=span.county_ids
    ).exclude(kind=MemberKind.FAMILY)
    return (
        members.annotate(month=_month_of("chosen_at"), own=_one_if(Q(picked_by_youth=True) | Q(Exists(own))))
        .order_by()
        .values_list("team__family__county_id", "month", "team__family_id")
        .annotate(numerator=Sum("own"), denominator=Count("pk"))
    )


@measure(
    slug="steps-in-time",
    title=_("Steps done in time"),
    question=_("Do teams do what they said they would do, by the day they said?"),
    numerator=_("of these, done by their date"),
    denominator=_("steps of plans whose date passed"),
    unit=_("steps"),
    target=80,
    target_source=OWN_CHOICE,
    value=SocValue.RESULTS,
)
def steps_in_time(span: Span) -> Iterable:
    """A step counts in the month of its date, once that day has passed. What a team stopped doing counts nowhere."""
    steps = Step.objects.live().filter(
        due_on__gte=span.start, due_on__lt=min(span.end, span.today), team__family__county_id__in=span.county_ids
    )
    return (
        steps.exclude(status=StepStatus.STOPPED)
        .annotate(month=TruncMonth("due_on"))
        .order_by()
        .values_list("team__family__county_id", "month", "team__family_id")
        .annotate(numerator=Count("pk", filter=Q(done_on__lte=F("due_on"))), denominator=Count("pk"))
    )


@measure(
    slug="planned-endings",
    title=_("Teams that end as planned"),
    question=_("Do teams end because the family is ready, with a plan for afterwards?"),
    numerator=_("of these, ended on a day that was planned, with a transition plan in place"),
    denominator=_("teams that came to their end"),
    unit=_("endings"),
    target=80,
    target_source=OWN_CHOICE,
    value=SocValue.RESULTS,
)
def planned_endings(span: Span) -> Iterable:
    """An ending is planned where the team reached what it wanted or the family goes on without one, where a day was
    set, and where it was begun before the day on which the team was closed. One share and not two: of those that were
    planned, how many had a transition plan, would give away what each of both tables hides."""
    planned = Ending.objects.annotate(begun_on=_day_of("begun_at"), closed_on=_day_of("closed_at")).filter(
        team=OuterRef("pk"), reason__in=PLANNED_ENDINGS, ends_on__isnull=False, had_transition=True, ended_at=None,
        begun_on__lt=F("closed_on"),
    )  # fmt: skip
    ended = {"ended_at__gte": span.starts_at, "ended_at__lt": span.ends_at}
    teams = Team.objects.filter(**ended, family__county_id__in=span.county_ids)
    return (
        teams.annotate(month=_month_of("ended_at"), planned=_one_if(Exists(planned)))
        .order_by()
        .values_list("family__county_id", "month", "family_id")
        .annotate(numerator=Sum("planned"), denominator=Count("pk"))
    )


def _still_owed() -> Exists:
    """For a `RecordVersion`: whether a member who gets their copies on paper has none noted.

    They were on the team when it was approved, and the family shares the meeting with them, or it is their own record.
    """
    has_copy = RecordCopy.objects.filter(record_version=OuterRef(OuterRef("pk")), membership=OuterRef("pk"))
    today = timezone.localdate()
    shared = Consent.objects.live(today).filter(
        membership=OuterRef("pk"), section=OuterRef(OuterRef("meeting__section"))
    )
    youngest = today.year - YOUTH_PICKS_FROM_AGE
    is_about = Q(team__children=F("person")) & (Q(user__isnull=False) | Q(person__born_on__year__lte=youngest))
    own = Q(kind=MemberKind.FAMILY, person__ended_at=None) & (Q(person__role=FamilyRole.CAREGIVER) | is_about)
    on_paper = Q(copy_way=CopyWay.PAPER) | Q(user=None) | Q(user__is_active=False)
    members = Membership.objects.not_ended().filter(
        on_paper, team=OuterRef("meeting__team"), starts_on__lte=OuterRef("approved_on")
    )
    return Exists(members.filter(own | Q(Exists(shared))).exclude(Exists(has_copy)))


@measure(
    slug="copies-in-time",
    title=_("Copies of the record in time"),
    question=_("Does everybody have a copy of what a meeting recorded by its date?"),
    numerator=_("of these, meetings of which everybody had a copy by that date"),
    denominator=_("team meetings whose date for copies passed"),
    unit=_("meetings"),
    target=90,
    target_source=_("NC practice notes: a copy to each member within 7 days"),
    value=SocValue.RESULTS,
)
def copies_in_time(span: Span) -> Iterable:
    """A meeting counts in the month of its date for copies, once that day has passed. Any approved version will do,
    one that was opened again too; who left since, or is not shared with any more, is owed nothing."""
    late = RecordCopy.objects.filter(record_version=OuterRef("pk"), given_on__gt=OuterRef("meeting__copies_due_on"))
    versions = RecordVersion.objects.filter(meeting=OuterRef("pk"), approved_at__isnull=False)
    versions = versions.annotate(approved_on=_day_of("approved_at"))
    in_time = versions.filter(~Exists(late), ~_still_owed(), approved_on__lte=F("meeting__copies_due_on"))
    meetings = Meeting.objects.live().filter(
        status=MeetingStatus.HELD, copies_due_on__gte=span.start, copies_due_on__lt=min(span.end, span.today),
        team__family__county_id__in=span.county_ids,
    )  # fmt: skip
    return (
        meetings.annotate(month=TruncMonth("copies_due_on"), in_time=_one_if(Exists(in_time)))
        .order_by()
        .values_list("team__family__county_id", "month", "team__family_id")
        .annotate(numerator=Sum("in_time"), denominator=Count("pk"))
    )


@measure(
    slug="family-heard",
    title=_("Families who felt heard"),
    question=_("Do families feel heard at their meetings?"),
    numerator=_("of these, answers that say: yes, I was heard"),
    denominator=_("answers of family members to “Was I heard?” after a meeting"),
    unit=_("answers"),
    target=90,
    target_source=OWN_CHOICE,
    value=SocValue.PARTNERSHIP,
)
def family_heard(span: Span) -> Iterable:
    """The newest answer of each family member, shown to the team or not. It counts in the month of the meeting."""
    answers = Feedback.objects.filter(
        **_held(span, "meeting__"), membership__kind=MemberKind.FAMILY, ended_at=None,
        meeting__team__family__county_id__in=span.county_ids,
    ).exclude(heard="")  # fmt: skip
    return (
        answers.annotate(month=_month_of("meeting__starts_at"))
        .order_by()
        .values_list("meeting__team__family__county_id", "month", "meeting__team__family_id")
        .annotate(numerator=Count("pk", filter=Q(heard=Felt.YES)), denominator=Count("pk"))
    )
