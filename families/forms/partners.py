"""What people type about Family Partners: their own profile, a search, and the list of a county."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db.models import Case, Exists, F, OuterRef, Q, TextField, Value, When
from django.db.models.functions import Cast
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from collaboratives.models import County, Organization
from families.enums import FIRSTHAND_TITLES, MOST_ROOM, BeenThrough, NamingEnd, PartnerTitle, PersonLanguage
from families.forms.family import SharedForm
from families.models import FamilyPartner, FamilyPartnerQuerySet
from soc_portal.fields import RowsField

LONGEST_SAY, LONGEST_FIRSTHAND = 400, 4000
TOO_LONG = _("This is too long. Use %(limit_value)d letters at most.")
UNKNOWN_CHOICE = _("We do not have this choice. Pick one from the list.")
ROOM_WORDS = _("Write a number from 0 to 20.")
FIRSTHAND_NEEDED = _(
    "The titles Family Partner and Family Partner Coordinator are for people who have been there. Tell below what you "
    "have been through. Or choose Family Advocate, Family Support Partner or another title: it is the same work."
)


class _CountiesField(RowsField):
    widget = forms.CheckboxSelectMultiple


def _several(label, choices, *, hint="", required=""):
    """Several answers from a list; needed when there are words for their absence."""
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=bool(required), help_text=hint, widget=forms.CheckboxSelectMultiple,
        error_messages={"required": required, "invalid_choice": UNKNOWN_CHOICE},
    )  # fmt: skip


class PartnerForm(SharedForm):
    """What somebody says of themselves as a Family Partner, or under another title.

    `counties` are those that they may be listed in: their coordinators named them.
    """

    languages = _several(
        _("Which languages do you speak?"), PersonLanguage.choices, required=_("Choose at least one language.")
    )
    been_through = _several(
        _("What have you been through?"), BeenThrough.choices,
        hint=_("Families look for someone who knows. Choose only what you want to share."),
    )  # fmt: skip
    counties = _CountiesField(
        label=_("In which counties?"), queryset=County.objects.none(),
        help_text=_("A county’s coordinator adds you to its list first."),
        error_messages={
            "required": _("Choose at least one county."),
            "invalid_choice": _("This county does not list you now. Talk with its coordinator."),
            "invalid_pk_value": _("This county does not list you now. Talk with its coordinator."),
        },
    )  # fmt: skip

    class Meta:
        model = FamilyPartner
        fields = (
            "title", "other_title", "firsthand", "say", "been_through", "languages", "when_words", "counties",
            "organization", "status", "room",
        )  # fmt: skip
        labels = {
            "title": _("Your title"),
            "other_title": _("The title that your organization gives you"),
            "firsthand": _("What you have been through yourself"),
            "say": _("What do you want to say to families?"),
            "when_words": _("When can you be there?"),
            "organization": _("Where do you work or help out?"),
            "status": _("How do you work with families now?"),
            "room": _("How many families can you walk with at a time?"),
        }
        help_texts = {
            "other_title": _("Only if you chose “Another title”."),
            "firsthand": _(
                "You raised a child who got services, or you got them yourself. Say it in your own words. Families do "
                "not see this. Only you see it, and the coordinator of a county that lists you."
            ),
            "say": _("One or two sentences in your own words. Every family can read them."),
            "when_words": _("For example: evenings and Saturdays, by phone any day"),
            "room": _("Families can ask you as long as you have room."),
        }
        widgets = {
            "title": forms.RadioSelect,
            "status": forms.RadioSelect,
            "firsthand": forms.Textarea(attrs={"rows": 5}),
            "say": forms.Textarea(attrs={"rows": 3}),
            "room": forms.NumberInput(attrs={"min": 0, "max": MOST_ROOM, "inputmode": "numeric"}),
        }
        error_messages = {
            "title": {"required": _("Choose your title."), "invalid_choice": UNKNOWN_CHOICE},
            "status": {"required": _("Choose how you work with families now."), "invalid_choice": UNKNOWN_CHOICE},
            "organization": {"invalid_choice": UNKNOWN_CHOICE},
            "other_title": {"max_length": TOO_LONG},
            "when_words": {"max_length": TOO_LONG},
            "room": {
                "required": ROOM_WORDS, "invalid": ROOM_WORDS, "min_value": ROOM_WORDS, "max_value": ROOM_WORDS,
            },
        }  # fmt: skip

    def __init__(self, *args, counties, **kwargs):
        super().__init__(*args, **kwargs)
        self._only_named(counties)
        for name in ("title", "status"):
            self.fields[name].choices = [choice for choice in self.fields[name].choices if choice[0]]
        for name, most in (("say", LONGEST_SAY), ("firsthand", LONGEST_FIRSTHAND)):
            self.fields[name].max_length = most
            self.fields[name].validators.append(MaxLengthValidator(most, TOO_LONG))

    def _only_named(self, counties):
        """Counties that named this person, and organizations there or of the whole state."""
        ids = [county.pk for county in counties]
        near = Organization.counties.through.objects.filter(organization=OuterRef("pk"))
        organizations = Organization.objects.filter(ended_at=None).filter(
            Q(Exists(near.filter(county__in=ids))) | ~Q(Exists(near))
        )
        if self.instance.organization_id:
            organizations = organizations | Organization.objects.filter(pk=self.instance.organization_id)
        self.fields["organization"].queryset = organizations.order_by("name", "pk")
        self.fields["organization"].empty_label = _t("None, or not on this list")
        if not counties:
            del self.fields["counties"]
            return
        self.fields["counties"].queryset = County.objects.filter(pk__in=ids).order_by("name")
        if not self.instance.pk and not self.initial.get("counties") and len(counties) == 1:
            self.initial["counties"] = ids

    def clean_room(self):
        if self.cleaned_data["room"] > MOST_ROOM:
            raise ValidationError(ROOM_WORDS, code="max_value")
        return self.cleaned_data["room"]

    def clean(self):
        data = super().clean()
        for name, enum in (("languages", PersonLanguage), ("been_through", BeenThrough)):
            if name in data:
                data[name] = [code for code in enum.values if code in data[name]]
        if data.get("title") in FIRSTHAND_TITLES and not data.get("firsthand") and not self.has_error("firsthand"):
            self.add_error("title", ValidationError(FIRSTHAND_NEEDED, code="firsthand"))
        if data.get("title") == PartnerTitle.OTHER and not data.get("other_title"):
            if not self.has_error("other_title"):
                self.add_error("other_title", _("Write the title that your organization gives you."))
        elif data.get("title") and not self.has_error("other_title"):
            data["other_title"] = ""
        return data


class PartnerSearch(forms.Form):
    """Who looks for a Family Partner: near whom, in which language, with which experience.

    `near` is the FIPS number of a county, or "next-" and one for it and the counties that touch it; "all" is the whole
    state. Without it the person's own county and its neighbors are meant.
    """

    use_required_attribute = False
    near = forms.ChoiceField(label=_("Near"), required=False, error_messages={"invalid_choice": UNKNOWN_CHOICE})
    speaks = forms.ChoiceField(
        label=_("Speaks"), required=False, choices=[("", _("Any language")), *PersonLanguage.choices],
        error_messages={"invalid_choice": UNKNOWN_CHOICE},
    )  # fmt: skip
    through = forms.ChoiceField(
        label=_("Has been through"), required=False, choices=[("", _("Anything")), *BeenThrough.choices],
        error_messages={"invalid_choice": UNKNOWN_CHOICE},
    )  # fmt: skip

    def __init__(self, data, *, counties: list[County], home: set[int]):
        self.counties = {county.fips: county for county in counties}
        own = [county for county in counties if county.pk in home]
        self.at_home = {f"next-{county.fips}" for county in own} | {county.fips for county in own}
        self.nearest = f"next-{own[0].fips}" if own else "all"
        super().__init__({"near": self.nearest} | {name: data[name] for name in self.base_fields if name in data})
        choices = []
        for county in own:
            choices.append((f"next-{county.fips}", _t("%(county)s and next to it") % {"county": county}))
            choices.append((county.fips, _t("%(county)s County") % {"county": county}))
        choices.append(("all", _t("All of North Carolina")))
        others = [(county.fips, county.name) for county in counties if county.pk not in home]
        self.fields["near"].choices = [*choices, (_t("One county"), others)]

    def found(self, partners: FamilyPartnerQuerySet) -> FamilyPartnerQuerySet:
        """Those who fit, people with room first; what was not understood narrows nothing."""
        self.is_valid()
        near, speaks, through = (self.cleaned_data.get(name) or "" for name in self.base_fields)
        if near and near != "all":
            county = self.counties[near.removeprefix("next-")]
            fips = [county.fips, *(county.next_to if near.startswith("next-") else ())]
            here = FamilyPartner.counties.through.objects.filter(
                familypartner=OuterRef("pk"), county__in=[self.counties[f].pk for f in fips if f in self.counties]
            )
            partners = partners.filter(Exists(here))
        # SQLite has no lookup for a word in a JSON list; our codes hold no quotation marks.
        for column, code in (("languages", speaks), ("been_through", through)):
            if code:
                partners = partners.alias(**{f"{column}_text": Cast(column, TextField())})
                partners = partners.filter(**{f"{column}_text__contains": f'"{code}"'})
        has_room = Case(When(room__gt=F("walking"), then=Value(0)), default=Value(1))
        return partners.with_room().order_by(has_room, "user__name", "pk")

    @property
    def where(self) -> str:
        """The place in words, for a sentence: "near you", "in Durham County", "in North Carolina"."""
        near = self.cleaned_data.get("near") or "all"
        if near in self.at_home:
            return _t("near you")
        if near == "all":
            return _t("in North Carolina")
        return _t("in %(county)s County") % {"county": self.counties[near.removeprefix("next-")]}

    def answer(self, name: str) -> str:
        """What was chosen for this question, in words; "" for any."""
        code = self.cleaned_data.get(name) or ""
        return str(dict(self.fields[name].choices)[code]) if code else ""


class _OneCountyForm(forms.Form):
    """Something that a coordinator does in one of their counties; asked only where they have several."""

    use_required_attribute = False
    county = forms.ModelChoiceField(
        label=_("County"), queryset=County.objects.none(), empty_label=None,
        error_messages={"required": _("Choose the county."), "invalid_choice": UNKNOWN_CHOICE},
    )  # fmt: skip

    def __init__(self, *args, counties: list[County], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["county"].queryset = County.objects.filter(pk__in=[c.pk for c in counties]).order_by("name")
        self.fields["county"].initial = counties[0].pk
        if len(counties) == 1:
            self.fields["county"].widget = forms.HiddenInput()


class NamingForm(_OneCountyForm):
    """Whom a coordinator adds to the county's list."""

    address = forms.EmailField(
        label=_("Their email"), max_length=254, help_text=_("We write to them. They write their own profile."),
        error_messages={
            "required": _("Write their email."), "invalid": _("Write the email like this: name@example.org"),
            "max_length": TOO_LONG,
        },
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class UnlistForm(_OneCountyForm):
    """Why a county does not list somebody any more."""

    reason = forms.ChoiceField(
        label=_("Why?"), choices=[(code, words) for code, words in NamingEnd.choices if code != NamingEnd.MISTAKE],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a reason."), "invalid_choice": UNKNOWN_CHOICE},
    )  # fmt: skip
