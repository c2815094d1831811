"""Words that the database stores for families and consent."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Section(models.TextChoices):
    """The parts of a family's record; each is shared, or not, on its own."""

    PLAN = "plan", _("Plan")
    RECORDS = "records", _("Meeting records")
    HEALTH = "health", _("Health")
    MENTAL_HEALTH = "mental_health", _("Mental health")
    SUBSTANCE_USE = "substance_use", _("Substance use")
    SCHOOL = "school", _("School")
    COURT = "court", _("Court")
    DOCUMENTS = "documents", _("Documents")


#: What a family shares with somebody whom it chooses, unless it says otherwise.
DEFAULT_SECTIONS = (Section.PLAN, Section.RECORDS)

ALL_SECTIONS = frozenset(Section.values)


class FamilyRole(models.TextChoices):
    """The place of a person in the family; a caregiver decides for the family."""

    CAREGIVER = "caregiver", _("Parent or caregiver")
    YOUNG_PERSON = "young_person", _("Child or youth")
    RELATIVE = "relative", _("Other family member")


class PersonLanguage(models.TextChoices):
    """Languages that people speak at meetings; the screen itself is in English or Spanish."""

    ENGLISH = "en", _("English")
    SPANISH = "es", _("Spanish")
    ARABIC = "ar", _("Arabic")
    BURMESE = "my", _("Burmese")
    CHINESE = "zh", _("Chinese")
    FRENCH = "fr", _("French")
    HMONG = "hmn", _("Hmong")
    KAREN = "kar", _("Karen")
    MONTAGNARD = "jra", _("Montagnard (Jarai, Rhade)")
    RUSSIAN = "ru", _("Russian")
    SIGN = "ase", _("American Sign Language")
    SWAHILI = "sw", _("Swahili")
    UKRAINIAN = "uk", _("Ukrainian")
    URDU = "ur", _("Urdu")
    VIETNAMESE = "vi", _("Vietnamese")
    OTHER = "und", _("Another language")


class SafeContact(models.TextChoices):
    """How it is safe to reach a person."""

    ASK = "ask", _("Ask me in person first")
    CALL = "call", _("A call is safe")
    TEXT = "text", _("A text message is safe")
    EMAIL = "email", _("An email is safe")
    LETTER = "letter", _("A letter is safe")
    NONE = "none", _("Do not contact me")


class PartnerTitle(models.TextChoices):
    """Titles of people who walk with families, by the definition adopted on 22 May 2008."""

    FAMILY_PARTNER = "family_partner", _("Family Partner")
    COORDINATOR = "family_partner_coordinator", _("Family Partner Coordinator")
    ADVOCATE = "family_advocate", _("Family Advocate")
    SUPPORT_PARTNER = "family_support_partner", _("Family Support Partner")
    OTHER = "other", _("Another title")


#: Titles for people with firsthand experience alone: they raised a child who received services, or received them.
FIRSTHAND_TITLES = (PartnerTitle.FAMILY_PARTNER, PartnerTitle.COORDINATOR)


class PartnerStatus(models.TextChoices):
    """How somebody is with families now; the first three count towards the 1,000 of NC Families United's call."""

    WORKING = "working", _("Working")
    VOLUNTEERING = "volunteering", _("Volunteering")
    LEADING = "leading", _("Leading")
    TRAINING = "training", _("In training")
    PAUSING = "pausing", _("Taking a break")


#: Who counts towards the goal, and the goal itself (`docs/data-sources.md`: NC Families United).
COUNTED_STATUSES = (PartnerStatus.WORKING, PartnerStatus.VOLUNTEERING, PartnerStatus.LEADING)
FAMILY_PARTNERS_WANTED = 1000


class BeenThrough(models.TextChoices):
    """What a Family Partner has lived through, so that a family finds somebody who knows."""

    JUVENILE_COURT = "juvenile_court", _("Juvenile court")
    SCHOOL = "school", _("School testing and plans")
    FOSTER_KIN = "foster_kin", _("Foster or kinship care")
    SOCIAL_SERVICES = "social_services", _("Social services")
    CRISIS = "crisis", _("A mental health crisis")
    SUBSTANCE_USE = "substance_use", _("Substance use in the family")
    DISABILITY = "disability", _("A child with a disability")
    MOVING = "moving", _("Losing a home, or moving here from far away")
    SYSTEM_YOUTH = "system_youth", _("Growing up with services myself")


class NamingEnd(models.TextChoices):
    """Why a county does not list somebody any more."""

    OWN_WISH = "own_wish", _("They asked for it")
    MOVED = "moved", _("They work somewhere else now")
    STOPPED = "stopped", _("They stopped working with families")
    MISTAKE = "mistake", _("The address or the county was wrong")
    OTHER = "other", _("Another reason; I have told them")


#: A Family Partner writes down room for so many families at a time at most; the project's own choice.
MOST_ROOM = 20


def naming_ends():
    return NamingEnd.choices


def partner_titles():
    return PartnerTitle.choices


def partner_statuses():
    return PartnerStatus.choices


def been_through():
    return BeenThrough.choices


def sections():
    return Section.choices


def family_roles():
    return FamilyRole.choices


def person_languages():
    return PersonLanguage.choices


def safe_contacts():
    return SafeContact.choices
