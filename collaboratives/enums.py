"""Words that the database stores for counties and organizations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganizationKind(models.TextChoices):
    """The agencies and partners that sit on teams and in groups."""

    SOCIAL_SERVICES = "dss", _("Social services")
    JUVENILE_COURT = "juvenile_court", _("Juvenile court")
    SCHOOL = "school", _("School")
    LME_MCO = "lme_mco", _("Mental health plan (LME/MCO)")
    HEALTH = "health", _("Health department")
    PROVIDER = "provider", _("Service provider")
    FAMILY_ORGANIZATION = "family_organization", _("Family organization")
    COMMUNITY = "community", _("Community or faith group")
    STATE = "state", _("State agency")


class CountyRoleKind(models.TextChoices):
    """What a person does for a whole county."""

    COORDINATOR = "coordinator", _("System of Care Coordinator")


class DeadlineKind(models.TextChoices):
    """What somebody has a date for; the number of days comes from a `TimelineRule`.

    A team has the first three, the copies and the reviews as `Deadline` rows; a referral, a barrier, a meeting and a
    family's yes keep their own day.
    """

    FIRST_MEETING = "first_meeting", _("First team meeting")
    FIRST_PLAN = "first_plan", _("First plan agreed")
    NEXT_MEETING = "next_meeting", _("Next team meeting")
    COPIES = "copies", _("Copies of a meeting record")
    NOTICE = "notice", _("Notice of a team meeting")
    MEETING_WANTED = "meeting_wanted", _("Next team meeting, the day to aim for")
    REVIEW_FIRST = "review_first", _("First review while a child lives away from home")
    REVIEW_SECOND = "review_second", _("Second review while a child lives away from home")
    REVIEW_LATER = "review_later", _("Next review while a child lives away from home")
    CONSENT = "consent", _("How long a yes to sharing lasts")
    REFERRAL_ANSWER = "referral_answer", _("Answer to a referral")
    BARRIER_ANSWER = "barrier_answer", _("Answer to a barrier")


#: Reviews of a plan while a child lives away from home, in their order; the last one comes again and again.
REVIEWS = (DeadlineKind.REVIEW_FIRST, DeadlineKind.REVIEW_SECOND, DeadlineKind.REVIEW_LATER)


def organization_kinds():
    return OrganizationKind.choices


def county_role_kinds():
    return CountyRoleKind.choices


def deadline_kinds():
    return DeadlineKind.choices


# --- Groups ----------------------------------------------------------------------------------------------------------
class GroupLevel(models.TextChoices):
    """Where a group sits."""

    COUNTY = "county", _("County")
    STATE = "state", _("State")


class SeatKind(models.TextChoices):
    """The shape that stands for whoever sits there: circle, hexagon, square."""

    FAMILY = "family", _("Family and youth")
    COMMUNITY = "community", _("Community")
    PRO = "pro", _("Agencies and courts")


class Quorum(models.TextChoices):
    """How many must be there for a vote."""

    NONE = "", _("No number is set")
    MAJORITY = "majority", _("More than half of the filled seats")


class OfficeKind(models.TextChoices):
    """What a member does for the group."""

    CHAIR = "chair", _("Chair")
    CO_CHAIR = "co_chair", _("Co-chair")
    VICE_CHAIR = "vice_chair", _("Vice chair")
    SECRETARY = "secretary", _("Secretary")


#: Who runs the group in the portal: seats, meetings, minutes, recommendations, barriers.
RUNNING = (OfficeKind.CHAIR, OfficeKind.CO_CHAIR, OfficeKind.VICE_CHAIR, OfficeKind.SECRETARY)

#: Who leads its meetings, and so approves the minutes.
CHAIRING = (OfficeKind.CHAIR, OfficeKind.CO_CHAIR, OfficeKind.VICE_CHAIR)


class VacancyReason(models.TextChoices):
    """Why a seat is empty."""

    NEVER_FILLED = "never_filled", _("Never filled")
    TERM_ENDED = "term_ended", _("The term ended")
    STEPPED_DOWN = "stepped_down", _("Stepped down")
    MOVED = "moved", _("Moved away or changed jobs")
    REMOVED = "removed", _("Taken off by those who appoint")
    DIED = "died", _("Died")
    WAITING = "waiting", _("Waiting to be appointed")


class EndOfTerm(models.TextChoices):
    """Why somebody left a seat before the last day of the term."""

    STEPPED_DOWN = "stepped_down", _("Stepped down")
    MOVED = "moved", _("Moved away or changed jobs")
    REMOVED = "removed", _("Taken off by those who appoint")
    DIED = "died", _("Died")
    RENEWED = "renewed", _("A new term began")
    GROUP_ENDED = "group_ended", _("The group came to its end")


#: What somebody who ends a term may give as the reason; the other two are the portal's own.
LEAVING = (EndOfTerm.STEPPED_DOWN, EndOfTerm.MOVED, EndOfTerm.REMOVED, EndOfTerm.DIED)

#: What the members of a closed group sign, by version and language; the newest is signed today. Own words for
#: G.S. 7B-1413, which asks each member for a signed statement of confidentiality. Never change a version that was
#: signed: add the next one.
STATEMENTS = {
    1: {
        "en": (
            "I am a member of this group. Its meetings are closed to the public, and so is what it reads.\n\n"
            "What I hear and read here about a child, a family or a worker stays in this group. I do not tell it to "
            "anybody else, not at home and not at work, now or after my term.\n\n"
            "I keep papers and files of this group where nobody else can read them. I give them back when I leave.\n\n"
            "The law may ask me to tell something: when I suspect that a child is hurt or in danger, I report it as "
            "everybody in North Carolina must.\n\n"
            "I know that this duty is in the law, and that breaking it can have consequences for me."
        ),
        "es": (
            "Soy miembro de este grupo. Sus reuniones no son públicas, y lo que lee tampoco.\n\n"
            "Lo que oigo y leo aquí sobre un niño, una familia o un trabajador se queda en este grupo. No se lo cuento "
            "a nadie más, ni en casa ni en el trabajo, ni ahora ni después de mi período.\n\n"
            "Guardo los papeles y archivos de este grupo donde nadie más pueda leerlos. Los devuelvo cuando me voy.\n\n"
            "La ley puede pedirme que cuente algo: si sospecho que un niño sufre daño o está en peligro, lo denuncio, "
            "como debe hacerlo toda persona en Carolina del Norte.\n\n"
            "Sé que este deber está en la ley, y que no cumplirlo puede traerme consecuencias."
        ),
    },
}
STATEMENT_VERSION = max(STATEMENTS)
STATEMENT_SOURCE = "G.S. 7B-1413"


class GroupMeetingStatus(models.TextChoices):
    """Where a group's meeting is on its way."""

    SET = "set", _("Set")
    HELD = "held", _("Took place")
    CANCELLED = "cancelled", _("Called off")


#: What may follow what; an action refuses any other move.
GROUP_MEETING_MOVES = {
    GroupMeetingStatus.SET: {GroupMeetingStatus.HELD, GroupMeetingStatus.CANCELLED},
    GroupMeetingStatus.HELD: set(),
    GroupMeetingStatus.CANCELLED: set(),
}


class Coming(models.TextChoices):
    """What a member answered to the notice of a meeting."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    NO_ANSWER = "", _("No answer yet")


class Presence(models.TextChoices):
    """Whether a member was there; both of the first two count for the quorum."""

    CAME = "came", _("Came")
    REMOTE = "remote", _("By phone or video")
    DESIGNEE = "designee", _("Sent somebody in their place")
    EXCUSED = "excused", _("Sent word")
    AWAY = "away", _("Did not come")
    UNKNOWN = "", _("Not noted yet")


#: Who counts when a quorum is counted.
COUNTS_FOR_QUORUM = (Presence.CAME, Presence.REMOTE, Presence.DESIGNEE)


class Asked(models.TextChoices):
    """Where a recommendation stands; computed from its answer and its day, never stored."""

    WAITING = "waiting", _("Waiting for an answer")
    LATE = "late", _("Past its date")
    ANSWERED = "answered", _("Answered")


class RecommendationTopic(models.TextChoices):
    """What the State Collaborative recommends about, in the words of the seed."""

    COORDINATION = "coordination", _("Coordination of services")
    FUNDING = "funding", _("Funding")
    TRAINING = "training", _("Training")
    REPORTING = "reporting", _("Local reporting requirements")


# --- Barriers --------------------------------------------------------------------------------------------------------
class BarrierCategory(models.TextChoices):
    """The four failings that the seed of the System of Care names."""

    SERVICES = "services", _("Too few kinds of services")
    PARTNERING = "partnering", _("Families are not treated as partners")
    COORDINATION = "coordination", _("Agencies do not work together")
    COMMUNITY = "community", _("Community supports are left out")


#: Fewer teams than this are not counted to others: "Fewer than 11 teams".
FEWEST_TO_COUNT = 11


class BarrierStatus(models.TextChoices):
    """Where a barrier is."""

    RAISED = "raised", _("Waiting for the county's group")
    TAKEN_UP = "taken_up", _("The county's group works on it")
    PASSED_ON = "passed_on", _("With the State Collaborative")
    ANSWERED = "answered", _("Answered")


#: What may follow what; an action refuses any other move. An answer can be made better, never taken away.
BARRIER_MOVES = {
    BarrierStatus.RAISED: {BarrierStatus.TAKEN_UP},
    BarrierStatus.TAKEN_UP: {BarrierStatus.PASSED_ON, BarrierStatus.ANSWERED},
    BarrierStatus.PASSED_ON: {BarrierStatus.TAKEN_UP, BarrierStatus.ANSWERED},
    BarrierStatus.ANSWERED: set(),
}


def group_levels():
    return GroupLevel.choices


def seat_kinds():
    return SeatKind.choices


def quorums():
    return Quorum.choices


def offices():
    return OfficeKind.choices


def vacancy_reasons():
    return VacancyReason.choices


def end_of_term_reasons():
    return EndOfTerm.choices


def group_meeting_statuses():
    return GroupMeetingStatus.choices


def coming():
    return Coming.choices


def presences():
    return Presence.choices


def recommendation_topics():
    return RecommendationTopic.choices


def barrier_categories():
    return BarrierCategory.choices


def barrier_statuses():
    return BarrierStatus.choices
