"""A family, its households, its people, what matters to it, what its people are good at, and Family Partners."""

import datetime as dt

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from collaboratives.models import County, Organization
from families.enums import (
    COUNTED_STATUSES,
    FIRSTHAND_TITLES,
    BeenThrough,
    FamilyRole,
    PartnerStatus,
    PartnerTitle,
    PersonLanguage,
    SafeContact,
    family_roles,
    naming_ends,
    partner_statuses,
    partner_titles,
    person_languages,
    safe_contacts,
    sections,
)
from soc_portal.names import initials_of, short_name_of
from soc_portal.versions.models import SharedRow, SharedRowQuerySet
from teams.enums import MemberKind


def years_between(born: dt.date, on: dt.date) -> int:
    """Full years from `born` to the day `on`."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


class Family(SharedRow):
    """People who belong together, in one county, with what matters to them in their own words."""

    versioned = ("name", "what_matters")
    is_family = True

    name = models.CharField(_("what you call your family"), max_length=120)
    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="families", verbose_name=_("county"))
    what_matters = models.TextField(_("what matters to us"), blank=True)

    class Meta(SharedRow.Meta):
        verbose_name_plural = "families"
        indexes = [models.Index(fields=["county", "name"], name="family_county_name")]

    def __str__(self):
        return self.name


class Household(SharedRow):
    """One home of a family; its address and phone are shown only to those whom it chose."""

    versioned = ("name", "address", "phone")

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="households")
    name = models.CharField(_("what you call this home"), max_length=120)
    address = models.TextField(_("address"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)

    class Meta(SharedRow.Meta):
        ordering = ["pk"]

    def __str__(self):
        return self.name


class Person(SharedRow):
    """Somebody of the family, as they want to be called.

    How and when it is safe to reach them counts as contact details: shown as the address of their home is.
    """

    versioned = (
        "name",
        "role",
        "relationship",
        "born_on",
        "language",
        "needs_interpreter",
        "access_needs",
        "phone",
        "safe_contact",
        "safe_times",
    )

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="people")
    households = models.ManyToManyField(Household, blank=True, related_name="people")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="family_places"
    )
    name = models.CharField(_("name, as you want to be called"), max_length=120)
    role = models.CharField(_("place in the family"), max_length=20, choices=family_roles, default=FamilyRole.RELATIVE)
    relationship = models.CharField(_("who you are to the child"), max_length=80, blank=True)
    born_on = models.DateField(_("birthday"), null=True, blank=True)
    language = models.CharField(_("language"), max_length=8, choices=person_languages, default=PersonLanguage.ENGLISH)
    needs_interpreter = models.BooleanField(_("needs an interpreter at meetings"), default=False)
    access_needs = models.TextField(_("what helps you take part"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    safe_contact = models.CharField(
        _("safe way to reach you"), max_length=10, choices=safe_contacts, default=SafeContact.ASK
    )
    safe_times = models.CharField(_("safe times, and what to be careful about"), max_length=200, blank=True)

    class Meta(SharedRow.Meta):
        ordering = ["pk"]
        verbose_name_plural = "people"
        constraints = [
            *SharedRow.Meta.constraints,
            models.UniqueConstraint(
                fields=["family", "user"], condition=Q(ended_at=None, user__isnull=False), name="person_once_per_family"
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_caregiver(self) -> bool:
        return self.role == FamilyRole.CAREGIVER

    def age(self, on: dt.date | None = None) -> int | None:
        """Full years on the day `on` (today when left out); None when the birthday is not known."""
        return years_between(self.born_on, on or timezone.localdate()) if self.born_on else None

    # How the parts of the look draw somebody: as family, by the name that they want to be called.
    seat_kind = "family"

    @property
    def display_name(self) -> str:
        return self.name

    @property
    def short_name(self) -> str:
        return short_name_of(self.name)

    @property
    def initials(self) -> str:
        return initials_of(self.name, self.seat_kind)

    @property
    def role_words(self) -> str:
        return self.relationship


class HouseholdShare(models.Model):
    """A home lets one person see its address, phone and safe times, until a day."""

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="shares")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="household_shares")
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField(default=timezone.now)
    until = models.DateField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["household", "user"], condition=Q(ended_at=None), name="household_share_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
                name="household_share_end_paired",
            ),
        ]


class Strength(SharedRow):
    """Something that a person of the family, or the family together, is good at; plans build on it."""

    versioned = ("text", "person", "of_team", "section")
    versioned_together = (frozenset({"person", "of_team"}),)

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="strengths")
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="strengths", verbose_name=_("whose")
    )
    of_team = models.BooleanField(_("it is the whole team's"), default=False)
    text = models.TextField(_("strength"))
    section = models.CharField(_("part of the record"), max_length=20, choices=sections, default="plan")

    class Meta(SharedRow.Meta):
        ordering = ["pk"]
        constraints = [
            *SharedRow.Meta.constraints,
            models.CheckConstraint(condition=Q(person=None) | Q(of_team=False), name="strength_of_one_or_the_team"),
        ]

    def __str__(self):
        return self.text[:60]


class FamilyPartnerQuerySet(SharedRowQuerySet):
    """Facts about Family Partners and their room."""

    def listed(self):
        """Those whom a county lists today, with an account that is in use."""
        counties = FamilyPartner.counties.through.objects.filter(familypartner_id=models.OuterRef("pk"))
        return self.live().filter(models.Exists(counties), user__is_active=True)

    def with_room(self):
        """Adds `walking`: families that this person walks with, or that chose them and wait for their answer.

        A membership ends with its team, so no other table is asked.
        """
        taken = Q(
            user__memberships__kind=MemberKind.FAMILY_PARTNER,
            user__memberships__ended_at=None,
            user__memberships__chosen_at__isnull=False,
        )
        return self.annotate(walking=models.Count("user__memberships", filter=taken))


class FamilyPartner(SharedRow):
    """The profile of somebody who walks with families; they write it, and every family may read it.

    The titles Family Partner and Family Partner Coordinator are for people with firsthand experience, who say so in a
    statement; others who do the same work hold another title (definition adopted 22 May 2008; `docs/glossary.md`).
    Whom somebody walks with is a membership of a team, never kept here.
    """

    versioned = (
        "title", "other_title", "firsthand", "say", "been_through", "languages", "when_words", "room", "status",
        "organization",
    )  # fmt: skip
    versioned_many = ("counties",)
    versioned_together = (frozenset({"title", "other_title", "firsthand"}),)

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="family_partner")
    title = models.CharField(_("title"), max_length=30, choices=partner_titles)
    other_title = models.CharField(_("the title that your organization gives"), max_length=80, blank=True)
    firsthand = models.TextField(
        _("your own experience"), blank=True, help_text="The statement that the two titles of 2008 need."
    )
    firsthand_at = models.DateTimeField(null=True, blank=True, help_text="When they said so.")
    say = models.TextField(_("what you say to families"), blank=True)
    been_through = models.JSONField(_("what you have been through"), default=list, blank=True)
    languages = models.JSONField(_("languages you speak"), default=list)
    when_words = models.CharField(_("when you can be there"), max_length=120, blank=True)
    room = models.PositiveSmallIntegerField(_("for how many families at a time"), default=0)
    status = models.CharField(
        _("how you work for families now"), max_length=20, choices=partner_statuses, default=PartnerStatus.VOLUNTEERING
    )
    organization = models.ForeignKey(
        Organization, on_delete=models.PROTECT, null=True, blank=True, related_name="family_partners",
        verbose_name=_("organization"),
    )  # fmt: skip
    counties = models.ManyToManyField(County, related_name="family_partners", verbose_name=_("counties"))

    objects = FamilyPartnerQuerySet.as_manager()

    class Meta(SharedRow.Meta):
        ordering = ["pk"]
        constraints = [
            *SharedRow.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(title__in=FIRSTHAND_TITLES) | (~Q(firsthand="") & Q(firsthand_at__isnull=False)),
                name="family_partner_has_firsthand_experience",
            ),
            models.CheckConstraint(
                condition=~Q(title=PartnerTitle.OTHER) | ~Q(other_title=""), name="another_title_has_a_name"
            ),
        ]
        indexes = [models.Index(fields=["status"], name="family_partner_status")]

    def __str__(self):
        return f"Family Partner {self.pk}"

    @property
    def title_words(self) -> str:
        """The title as people read it; never "Family Partner" for somebody who holds another one."""
        return self.other_title if self.title == PartnerTitle.OTHER else str(self.get_title_display())

    @property
    def works_with_families(self) -> bool:
        """Whether families may ask them now: neither in training nor on a break."""
        return self.status in COUNTED_STATUSES

    @property
    def room_left(self) -> int:
        """For how many more families there is room; needs `with_room`."""
        return max(self.room - self.walking, 0)

    @property
    def may_be_asked(self) -> bool:
        """Whether a family may ask them today; needs `with_room`."""
        return self.works_with_families and self.room_left > 0

    @property
    def county_words(self) -> str:
        """The counties that list them, in one line; reads `counties`, prefetch them for lists."""
        names = sorted(county.name for county in self.counties.all())
        return _t("%(county)s County") % {"county": names[0]} if len(names) == 1 else ", ".join(names)

    @property
    def language_words(self) -> list[str]:
        return [str(PersonLanguage(code).label) for code in self.languages if code in PersonLanguage.values]

    @property
    def been_through_words(self) -> list[str]:
        return [str(BeenThrough(code).label) for code in self.been_through if code in BeenThrough.values]

    # How the parts of the look draw somebody: as friends and community, by the name of their account.
    seat_kind = "community"

    @property
    def display_name(self) -> str:
        return str(self.user)

    @property
    def short_name(self) -> str:
        return short_name_of(self.display_name)

    @property
    def initials(self) -> str:
        return initials_of(self.display_name, self.seat_kind)

    @property
    def role_words(self) -> str:
        return self.title_words


class PartnerNaming(models.Model):
    """A county's coordinator opens its list to one person, by their e-mail address; the person does the rest.

    Nobody writes another person's profile, so until the owner of the address has written it there is none. `partner` is
    the profile of whoever used the naming.
    """

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="partner_namings")
    address = models.EmailField(_("their email"), max_length=254)
    partner = models.ForeignKey(FamilyPartner, on_delete=models.PROTECT, null=True, blank=True, related_name="namings")
    named_at = models.DateTimeField(default=timezone.now)
    named_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    end_reason = models.CharField(max_length=20, choices=naming_ends, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["county", "address"], condition=Q(ended_at=None), name="named_once_a_county"
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ended_by=None, end_reason="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")),
                name="partner_naming_end_paired",
            ),
        ]

    def __str__(self):
        return f"Naming {self.pk}"
