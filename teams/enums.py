"""Words that the database stores for teams, plans and meetings, and the moves that are allowed."""

import datetime as dt

from django.db import models
from django.utils.translation import gettext_lazy as _


class MemberKind(models.TextChoices):
    """How somebody belongs to a team; the shape and colour of the seat follow it."""

    FAMILY = "family", _("Family")
    NATURAL = "natural", _("Friend, neighbor or community")
    FAMILY_PARTNER = "family_partner", _("Family Partner")
    PROFESSIONAL = "professional", _("Professional")


#: Seat shape by kind; a Family Partner sits with friends and community.
SEATS = {
    MemberKind.FAMILY: "family",
    MemberKind.NATURAL: "community",
    MemberKind.FAMILY_PARTNER: "community",
    MemberKind.PROFESSIONAL: "pro",
}


class EndReason(models.TextChoices):
    """Why somebody is no longer on a team."""

    LEFT = "left", _("chose to step back")
    FAMILY = "family", _("the family asked them to step back")
    CONSENT = "consent", _("the family's yes ran out")
    DECLINED = "declined", _("said no to the invitation")
    NOT_CHOSEN = "not_chosen", _("the family did not choose them")
    TEAM_ENDED = "team_ended", _("the team came to its end")


class Source(models.TextChoices):
    """Who asked for a team."""

    FAMILY = "family", _("The family asked")
    SOCIAL_SERVICES = "dss", _("Social services")
    JUVENILE_COURT = "juvenile_court", _("Juvenile court")
    SCHOOL = "school", _("School")
    LME_MCO = "lme_mco", _("Mental health plan (LME/MCO)")
    OTHER = "other", _("Somebody else")


class Phase(models.TextChoices):
    """Where a team is on its way."""

    ENGAGEMENT = "engagement", _("Getting started")
    PLANNING = "planning", _("Making the plan")
    IMPLEMENTATION = "implementation", _("Doing the plan")
    TRANSITION = "transition", _("Getting ready to end")


class LifeDomain(models.TextChoices):
    """The part of life that a need is about."""

    HOME = "home", _("Home")
    FAMILY = "family", _("Family")
    SCHOOL = "school", _("School or work")
    FUN = "fun", _("Friends and fun")
    HEALTH = "health", _("Health")
    FEELINGS = "feelings", _("Feelings and behavior")
    SAFETY = "safety", _("Safety")
    LEGAL = "legal", _("Court and legal")
    MONEY = "money", _("Money and housing")
    CULTURE = "culture", _("Culture and spirit")
    OTHER = "other", _("Something else")


class StepStatus(models.TextChoices):
    """How a step is going; "past its date" is computed, never stored."""

    TODO = "todo", _("Not started")
    DOING = "doing", _("Under way")
    DONE = "done", _("Done")
    NOT_DONE = "not_done", _("Not done")
    STOPPED = "stopped", _("We stopped doing this")


#: A step that somebody still has to do; only such a step can be late.
OPEN_STEPS = (StepStatus.TODO, StepStatus.DOING)


class Part(models.TextChoices):
    """Parts of a plan of which there is one each."""

    MISSION = "mission", _("Our team's mission")
    CRISIS_SIGNS = "crisis_signs", _("Early signs")
    CRISIS_HELPS = "crisis_helps", _("What helps")
    CRISIS_WORSE = "crisis_worse", _("What makes it worse")
    CRISIS_BACKUP = "crisis_backup", _("If that does not work")
    CRISIS_AFTER = "crisis_after", _("Afterwards")
    TRANSITION_READY = "transition_ready", _("How we will know that we are ready")
    TRANSITION_WHO = "transition_who", _("Who stays with us")
    TRANSITION_IF = "transition_if", _("What we do if it gets hard again")


#: The parts of the crisis plan and of the transition plan, in the order in which people read them.
CRISIS_PARTS = (Part.CRISIS_SIGNS, Part.CRISIS_HELPS, Part.CRISIS_WORSE, Part.CRISIS_BACKUP, Part.CRISIS_AFTER)
TRANSITION_PARTS = (Part.TRANSITION_READY, Part.TRANSITION_WHO, Part.TRANSITION_IF)


class Choice(models.TextChoices):
    """What became of an idea."""

    IDEA = "idea", _("One of our ideas")
    CHOSEN = "chosen", _("We chose this one")
    NOT_NOW = "not_now", _("Not now")


class MandateSource(models.TextChoices):
    """Where something that the team must meet comes from."""

    COURT = "court", _("Court order")
    SOCIAL_SERVICES = "dss", _("Agreement with social services")
    JUVENILE_COURT = "juvenile_court", _("Juvenile court counselor")
    SCHOOL = "school", _("School plan (IEP or 504)")
    HEALTH = "health", _("Health or mental health plan")
    OTHER = "other", _("Something else")


#: A goal is rated from 0 to this.
HIGHEST_RATING = 10


class SuggestionState(models.TextChoices):
    """What became of a suggestion."""

    OPEN = "open", _("Waits for an answer")
    ACCEPTED = "accepted", _("Accepted")
    DECLINED = "declined", _("Turned down")
    TAKEN_BACK = "taken_back", _("Taken back")


class EndingReason(models.TextChoices):
    """Why a team comes to its end."""

    GOALS = "goals", _("We reached what we wanted")
    READY = "ready", _("The family goes on without a team")
    FAMILY = "family", _("The family does not want a team now")
    MOVED = "moved", _("The family moved away")
    OTHER = "other", _("Something else")


#: Endings that the family and its team planned together.
PLANNED_ENDINGS = (EndingReason.GOALS, EndingReason.READY)


class AnswerKind(models.TextChoices):
    """What a member says to a version of the plan; every answer counts the same."""

    AGREES = "agrees", _("Agrees")
    PARTLY = "partly", _("Agrees with part of it")
    DISAGREES = "disagrees", _("Sees it differently")


class MeetingStatus(models.TextChoices):
    """Where a meeting is on its way.

    Somebody who is not the family can call one sooner than the rule of notice lets them; it is set when the family
    says that this is all right.
    """

    ASKED = "asked", _("Waits for the family's yes")
    SET = "set", _("Set")
    HELD = "held", _("Took place")
    CANCELLED = "cancelled", _("Called off")


#: What may follow what; an action refuses any other move.
MEETING_MOVES = {
    MeetingStatus.ASKED: {MeetingStatus.SET, MeetingStatus.HELD, MeetingStatus.CANCELLED},
    MeetingStatus.SET: {MeetingStatus.ASKED, MeetingStatus.HELD, MeetingStatus.CANCELLED},
    MeetingStatus.HELD: set(),
    MeetingStatus.CANCELLED: set(),
}


class Coming(models.TextChoices):
    """What somebody answered to an invitation to a meeting."""

    YES = "yes", _("Yes")
    NO = "no", _("No")
    NO_ANSWER = "", _("No answer yet")


class Attendance(models.TextChoices):
    """Whether somebody was there."""

    CAME = "came", _("Came")
    PHONE = "phone", _("By phone or video")
    SENT_WORD = "sent_word", _("Sent word")
    AWAY = "away", _("Did not come")
    UNKNOWN = "", _("Not noted yet")


class TopicOutcome(models.TextChoices):
    """What became of a thing on the agenda."""

    OPEN = "open", _("To talk about")
    TALKED = "talked", _("Talked about")
    MOVED = "moved", _("Moved to the next meeting")


class Can(models.TextChoices):
    """What somebody says to one of the times that are offered for a meeting."""

    YES = "yes", _("I can")
    IF_NEEDED = "maybe", _("I can if needed")
    NO = "no", _("I can't")


class HelpKind(models.TextChoices):
    """What helps somebody come to a meeting and take part."""

    INTERPRETER = "interpreter", _("An interpreter")
    RIDE = "ride", _("A ride")
    CHILD_CARE = "childcare", _("Child care")
    FOOD = "food", _("Food")
    EVENING = "evening", _("A time in the evening")
    VIDEO = "video", _("By video or phone")
    OTHER = "other", _("Something else")


class CopyWay(models.TextChoices):
    """How somebody wants to get their copy of what a meeting recorded."""

    PORTAL = "portal", _("I read it here")
    MAIL = "mail", _("Tell me by e-mail that it is here")
    PAPER = "paper", _("On paper")


class Felt(models.TextChoices):
    """One tap of the feedback after a meeting."""

    YES = "yes", _("Yes")
    PARTLY = "partly", _("In part")
    NO = "no", _("No")


#: What is put on the agenda later than this long before the start is marked: somebody who prepared has not seen it. Two
#: days are enough to open the page once more, or to be told by phone.
AGENDA_LATE = dt.timedelta(days=2)
#: The page on which a meeting is recorded opens so long before its start, for whoever gets the room ready.
OPENS_BEFORE = dt.timedelta(minutes=15)

#: A family's team chooses up to this many people by the youth's own wish (10A NCAC 70G .0504).
YOUTH_PICKS = 2
#: From this age on a youth picks (same rule).
YOUTH_PICKS_FROM_AGE = 14
#: From this age on a youth is named among those who are asked what they say to a plan that was put forward.
YOUTH_ASKED_FROM_AGE = 14


def member_kinds():
    return MemberKind.choices


def end_reasons():
    return EndReason.choices


def sources():
    return Source.choices


def phases():
    return Phase.choices


def life_domains():
    return LifeDomain.choices


def step_statuses():
    return StepStatus.choices


def parts():
    return Part.choices


def choices_made():
    return Choice.choices


def mandate_sources():
    return MandateSource.choices


def suggestion_states():
    return SuggestionState.choices


def ending_reasons():
    return EndingReason.choices


def answer_kinds():
    return AnswerKind.choices


def meeting_statuses():
    return MeetingStatus.choices


def coming():
    return Coming.choices


def attendances():
    return Attendance.choices


def topic_outcomes():
    return TopicOutcome.choices


def cans():
    return Can.choices


def help_kinds():
    return HelpKind.choices


def copy_ways():
    return CopyWay.choices


def felts():
    return Felt.choices
