"""Words that the database stores for the service directory and for referrals, and the moves that are allowed."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ServiceStatus(models.TextChoices):
    """HSDS 3.2.3, `service.status`."""

    ACTIVE = "active", _("Open")
    INACTIVE = "inactive", _("Not open now")
    DEFUNCT = "defunct", _("No longer there")
    TEMPORARILY_CLOSED = "temporarily closed", _("Closed for a while")


class ServiceCategory(models.TextChoices):
    """What kind of help a service gives, in words that families use; a directory's own taxonomy is kept beside it."""

    COUNSELING = "counseling", _("Counseling and therapy")
    CRISIS = "crisis", _("Help in a crisis")
    SUBSTANCE_USE = "substance_use", _("Help with alcohol and drugs")
    PSYCHIATRY = "psychiatry", _("Doctor for mind and medicine")
    PEER_SUPPORT = "peer_support", _("Support from other families")
    RESPITE = "respite", _("A break for caregivers")
    MENTORING = "mentoring", _("Mentors and youth programs")
    SCHOOL = "school", _("School and tutoring")
    HEALTH = "health", _("Health care")
    DISABILITY = "disability", _("Disability services")
    HOUSING = "housing", _("Housing")
    FOOD = "food", _("Food")
    MONEY = "money", _("Money and bills")
    JOBS = "jobs", _("Jobs and training")
    CHILD_CARE = "child_care", _("Child care")
    TRANSPORT = "transport", _("Rides")
    LEGAL = "legal", _("Legal help")
    SAFETY = "safety", _("Safety at home")
    PARENTING = "parenting", _("Help with parenting")
    OTHER = "other", _("Something else")


class ReferralStatus(models.TextChoices):
    """Where a referral is: the ten statuses of a FHIR R4 Task that a closed loop uses, in plain words.

    FHIR's `ready` and `received` are left out, as the SDOH Clinical Care guide does.
    """

    DRAFT = "draft", _("Not sent yet")
    REQUESTED = "requested", _("Sent, waiting for an answer")
    ACCEPTED = "accepted", _("They said yes")
    REJECTED = "rejected", _("They can't help")
    CANCELLED = "cancelled", _("Called off")
    IN_PROGRESS = "in-progress", _("It has started")
    ON_HOLD = "on-hold", _("Waiting for a place")
    FAILED = "failed", _("It did not work out")
    COMPLETED = "completed", _("Closed")
    ERROR = "entered-in-error", _("Sent by mistake")


class Side(models.TextChoices):
    """Who moves a referral."""

    FAMILY = "family", _("the family")
    TEAM = "team", _("the team")
    RECEIVER = "receiver", _("the organization")


S = ReferralStatus
#: What may follow what, and who may do it; an action refuses any other move. A referral is completed only by the family
#: or its team: it is not done because an organization says so.
MOVES: dict[str, dict[str, frozenset[str]]] = {
    S.DRAFT: {
        S.REQUESTED: frozenset({Side.FAMILY}),
        S.CANCELLED: frozenset({Side.FAMILY, Side.TEAM}),
        S.ERROR: frozenset({Side.FAMILY, Side.TEAM}),
    },
    S.REQUESTED: {
        S.ACCEPTED: frozenset({Side.RECEIVER}),
        S.ON_HOLD: frozenset({Side.RECEIVER}),
        S.REJECTED: frozenset({Side.RECEIVER}),
        S.CANCELLED: frozenset({Side.FAMILY, Side.TEAM}),
        S.ERROR: frozenset({Side.FAMILY, Side.TEAM}),
    },
    S.ACCEPTED: {
        S.IN_PROGRESS: frozenset({Side.FAMILY, Side.TEAM, Side.RECEIVER}),
        S.ON_HOLD: frozenset({Side.RECEIVER}),
        S.FAILED: frozenset({Side.FAMILY, Side.TEAM, Side.RECEIVER}),
        S.COMPLETED: frozenset({Side.FAMILY, Side.TEAM}),
        S.CANCELLED: frozenset({Side.FAMILY, Side.TEAM}),
    },
    S.ON_HOLD: {
        S.ACCEPTED: frozenset({Side.RECEIVER}),
        S.REJECTED: frozenset({Side.RECEIVER}),
        S.IN_PROGRESS: frozenset({Side.FAMILY, Side.TEAM, Side.RECEIVER}),
        S.FAILED: frozenset({Side.FAMILY, Side.TEAM, Side.RECEIVER}),
        S.CANCELLED: frozenset({Side.FAMILY, Side.TEAM}),
    },
    S.IN_PROGRESS: {
        S.ON_HOLD: frozenset({Side.RECEIVER}),
        S.FAILED: frozenset({Side.FAMILY, Side.TEAM, Side.RECEIVER}),
        S.COMPLETED: frozenset({Side.FAMILY, Side.TEAM}),
        S.CANCELLED: frozenset({Side.FAMILY, Side.TEAM}),
    },
    S.REJECTED: {},
    S.CANCELLED: {},
    S.FAILED: {},
    S.COMPLETED: {},
    S.ERROR: {},
}
#: Statuses in which somebody still waits for something.
OPEN_STATUSES = (S.DRAFT, S.REQUESTED, S.ACCEPTED, S.ON_HOLD, S.IN_PROGRESS)
#: Statuses that the receiver ever sees.
SENT_STATUSES = tuple(status for status in S if status != S.DRAFT)
#: Statuses after which nothing is waited for.
CLOSED_STATUSES = tuple(status for status in S if status not in OPEN_STATUSES)


class Shared(models.TextChoices):
    """What can be shared with a referral; the keys of `Referral.shared`. The request itself always goes along.

    Never part of it: addresses, school, court, health, meeting records, and anything of another home.
    """

    ASKS = "asks", _("What is asked for")
    NAMES = "names", _("Names")
    PHONE = "phone", _("Phone number")
    LANGUAGES = "languages", _("Languages")
    NEED = "need", _("The need, in the words of the plan")
    WANTS = "wants", _("The family’s own words")
    CONTACT = "contact", _("The safe way to reach the family")


class Refusal(models.TextChoices):
    """Why an organization can't help; family and sender always see it."""

    NO_ROOM = "no_room", _("We have no room now")
    NOT_ELIGIBLE = "not_eligible", _("Our rules don't let us serve this family")
    NOT_OFFERED = "not_offered", _("We don't offer this")
    AREA = "area", _("You live outside of our area")
    LANGUAGE = "language", _("Nobody here speaks the language")
    COST = "cost", _("The insurance or money does not cover it")
    NO_CONTACT = "no_contact", _("We could not reach the family")
    OTHER = "other", _("Another reason")


class Outcome(models.TextChoices):
    """What the family tells at the end: the loop is closed by its word."""

    UNKNOWN = "", _("Not told yet")
    RECEIVED = "received", _("We got what we asked for")
    PARTLY = "partly", _("We got some of it")
    NOT_RECEIVED = "not_received", _("We did not get it")


def service_statuses():
    return ServiceStatus.choices


def service_categories():
    return ServiceCategory.choices


def referral_statuses():
    return ReferralStatus.choices


def sides():
    return Side.choices


def refusal_reasons():
    return Refusal.choices


def outcomes():
    return Outcome.choices
