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


def sections():
    return Section.choices


def family_roles():
    return FamilyRole.choices


def person_languages():
    return PersonLanguage.choices


def safe_contacts():
    return SafeContact.choices
