"""What people type about groups: which group, its seats, who sits there from when to when, who runs it."""

import datetime as dt

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from collaboratives.actions.groups.terms import TERM_YEARS, last_day_of_term
from collaboratives.enums import LEAVING, OfficeKind, OrganizationKind, VacancyReason
from collaboratives.models import Collaborative, County, GroupKind, Organization, SeatCategory, Term
from families.forms import SharedForm
from soc_portal.fields import RowsField
from soc_portal.when import DayInput
from teams.forms.team import TOO_LONG, WRONG_DAY, WRONG_EMAIL

#: Nothing in here happens outside these years: another one is a slip of the finger.
FIRST_YEAR, LAST_YEAR = 1950, 2150
UNKNOWN = {"invalid_choice": _("We do not have this choice. Pick one from the list.")}
CHOOSE = _("Choose one from the list.")


class DayField(forms.DateField):
    """A day in the browser's own calendar, in a year that makes sense."""

    widget = DayInput

    def __init__(self, *, missing=_("Write a day."), **kwargs):
        super().__init__(error_messages={"invalid": WRONG_DAY, "required": missing}, **kwargs)

    def clean(self, value):
        day = super().clean(value)
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            raise forms.ValidationError(_t("Check the year."), code="year")
        return day


def _line(label, missing="", most=120, hint="", **attrs):
    """One line of text; needed when there are words for its absence."""
    return forms.CharField(
        label=label, max_length=most, required=bool(missing), help_text=hint,
        error_messages={"required": missing, "max_length": TOO_LONG}, widget=forms.TextInput(attrs=attrs),
    )  # fmt: skip


def _email(label, hint):
    return forms.EmailField(
        label=label, required=False, max_length=254, help_text=hint,
        error_messages={"invalid": WRONG_EMAIL, "max_length": TOO_LONG},
        widget=forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip


class _ByName(forms.ModelChoiceField):
    """One row, called by its name in the reader's language; a number that no row can have is an unknown choice."""

    def __init__(self, *args, missing=CHOOSE, **kwargs):
        super().__init__(*args, error_messages=UNKNOWN | {"required": missing}, **kwargs)

    def label_from_instance(self, obj) -> str:
        return obj.name_here if hasattr(obj, "name_here") else obj.name

    def to_python(self, value):
        if isinstance(value, str) and len(value) > 18:
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().to_python(value)


class _Counties(RowsField):
    widget = forms.CheckboxSelectMultiple


# --- Groups ----------------------------------------------------------------------------------------------------------
class GroupFilterForm(forms.Form):
    """Which groups to list."""

    county = forms.ModelChoiceField(
        label=_("County"), queryset=County.objects.order_by("name"), to_field_name="fips", required=False,
        empty_label=_("All counties"), error_messages=UNKNOWN,
    )  # fmt: skip
    kind = _ByName(
        label=_("Kind of group"), queryset=GroupKind.objects.order_by("name"), to_field_name="code", required=False,
        empty_label=_("All kinds"),
    )  # fmt: skip


class GroupForm(SharedForm):
    """The name of a group and its words about itself."""

    class Meta:
        model = Collaborative
        fields = ("name", "about", "meets_words")
        labels = {
            "name": _("What is the group called?"),
            "about": _("What is it for?"),
            "meets_words": _("When and where does it meet?"),
        }
        help_texts = {"meets_words": _("In words, for example: first Friday of the month, noon, County Annex")}
        widgets = {"about": forms.Textarea(attrs={"rows": 4})}
        error_messages = {"name": {"required": _("Write what the group is called.")}}


class FoundForm(forms.Form):
    """A new group of a county, or a subcommittee of a group of the state."""

    what = forms.ChoiceField(
        label=_("What kind of group is it?"),
        error_messages=UNKNOWN | {"required": _("Choose what kind of group it is.")},
    )  # fmt: skip
    name = _line(_("What is the group called?"), _("Write what the group is called."), most=160)
    counties = _Counties(label=_("Which counties does it serve?"), queryset=County.objects.none(), required=False)
    starts_on = DayField(label=_("Since when?"), help_text=_("The day on which the group began."))
    about = forms.CharField(label=_("What is it for?"), required=False, widget=forms.Textarea(attrs={"rows": 3}))
    meets_words = _line(_("When and where does it meet?"), most=200)
    first_name = _line(
        _("Who takes the first seat?"),
        hint=_("For a Local Team this is the county’s director of social services."), autocomplete="off",
    )  # fmt: skip
    first_address = _email(
        _("Their email"), _("They sign in with it, sign the statement, and fill the other seats.")
    )  # fmt: skip

    def __init__(self, *args, counties, kinds, parents, **kwargs):
        super().__init__(*args, **kwargs)
        self.kinds = {f"kind-{kind.pk}": kind for kind in kinds}
        self.parents = {f"under-{group.pk}": group for group in parents}
        under = [(key, _t("Subcommittee of: %(group)s") % {"group": group.name}) for key, group in self.parents.items()]
        named = [(key, kind.name_here) for key, kind in self.kinds.items()]
        self.fields["what"].choices = [("", _t("Choose one")), *named, *under]
        self.fields["counties"].queryset = counties
        self.has_closed = any(kind.is_closed for kind in self.kinds.values())
        if not self.kinds:
            del self.fields["counties"]
        if not self.has_closed:
            del self.fields["first_name"], self.fields["first_address"]
        self.fields["starts_on"].initial = timezone.localdate

    def clean(self):
        data = super().clean()
        kind = self.kinds.get(data.get("what", ""))
        if kind and not data.get("counties") and not self.has_error("counties"):
            self.add_error("counties", _("Choose at least one county."))
        first = [name for name in ("first_name", "first_address") if name in self.fields]
        if kind and kind.is_closed:
            self._need_first(data)
        elif any(data.get(name) for name in first):
            self.add_error(
                next(name for name in first if data.get(name)),
                _("This is for closed groups alone. Leave it empty. You fill the seats on the group’s page."),
            )
        return data

    def _need_first(self, data) -> None:
        if not data.get("first_name") and not self.has_error("first_name"):
            self.add_error("first_name", _("Write who takes the first seat. You will not see this group."))
        if not data.get("first_address") and not self.has_error("first_address"):
            self.add_error("first_address", _("Write their email."))

    def facts(self) -> dict:
        """What `found_group` takes."""
        data, what = self.cleaned_data, self.cleaned_data["what"]
        parent = self.parents.get(what)
        names = ("name", "starts_on", "about", "meets_words")
        return {name: data[name] for name in names} | {
            "kind": parent.kind_of if parent else self.kinds[what],
            "parent": parent,
            "counties": [] if parent else data["counties"],
            "first_name": data.get("first_name", ""),
            "first_address": data.get("first_address", ""),
        }


class GroupEndForm(forms.Form):
    """The last day of a group, and the group that follows it."""

    ends_on = DayField(label=_("What is its last day?"), missing=_("Write the last day."))
    successor = _ByName(
        label=_("Which group follows it?"), queryset=Collaborative.objects.none(), required=False,
        empty_label=_("None"),
    )  # fmt: skip

    def __init__(self, *args, successors, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = successors
        self.fields["ends_on"].initial = timezone.localdate


# --- Seats and terms -------------------------------------------------------------------------------------------------
class SeatForm(forms.Form):
    """One more seat of one of the kinds that the law or the charter names."""

    category = _ByName(
        label=_("Who is the seat for?"), queryset=SeatCategory.objects.none(), empty_label=_("Choose one")
    )

    def __init__(self, *args, kind, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].queryset = kind.categories.order_by("place", "pk")


class VacancyForm(forms.Form):
    """Why a seat is empty; since when, where no term tells it."""

    reason = forms.ChoiceField(
        label=_("Why is it empty?"), choices=[("", _("Choose one")), *VacancyReason.choices],
        error_messages=UNKNOWN | {"required": _("Say why the seat is empty.")},
    )  # fmt: skip
    since = DayField(label=_("Since when?"), missing=_("Write since when."))

    def __init__(self, *args, was_filled, **kwargs):
        super().__init__(*args, **kwargs)
        if was_filled:
            del self.fields["since"]


def organizations_for(group: Collaborative):
    """Places that a member of this group may come from: those of its counties, or of the whole state."""
    rows = Organization.objects.filter(ended_at=None)
    wide = Q(counties=None) | Q(kind=OrganizationKind.STATE)
    counties = list(group.counties.all())
    return rows.filter(wide | Q(counties__in=counties) if counties else wide).order_by("name").distinct()


class TermForm(forms.Form):
    """Somebody takes a seat from a day to a day."""

    name = _line(_("Their name"), _("Write their name."), autocomplete="off")
    address = _email(
        _("Their email"),
        _("If they use the portal with this email, or come later, the seat is theirs. Leave it empty if they do not."),
    )
    role_words = _line(_("Who are they?"), hint=_("For example: parent of two, judge, pastor"))
    organization = _ByName(
        label=_("Where do they work?"), queryset=Organization.objects.none(), required=False,
        empty_label=_("Nowhere here"),
    )  # fmt: skip
    designee_of = _line(
        _("Do they sit there in somebody’s place?"), hint=_("For example: Dana Poole, director of social services")
    )
    starts_on = DayField(label=_("First day of the term"), missing=_("Write the first day of the term."))
    ends_on = DayField(label=_("Last day of the term"), missing=_("Write the last day of the term."))

    def __init__(self, *args, group, category, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations_for(group)
        if not category.designee:
            del self.fields["designee_of"]
        years = group.kind_of.term_years
        today = timezone.localdate()
        self.fields["starts_on"].initial = today
        if years:
            self.fields["ends_on"].initial = last_day_of_term(today, years)
            self.fields["ends_on"].help_text = _years_words(years)

    def clean(self):
        return _in_order(self, super().clean())


class RenewForm(forms.Form):
    """The same person goes on for another term."""

    starts_on = DayField(label=_("First day of the new term"), missing=_("Write the first day of the term."))
    ends_on = DayField(label=_("Last day of the new term"), missing=_("Write the last day of the term."))
    keep_offices = forms.BooleanField(
        label=_("They go on with what they do for the group, such as chair it"), required=False, initial=True
    )

    def __init__(self, *args, term: Term, years: int | None, has_office: bool, **kwargs):
        super().__init__(*args, **kwargs)
        start = max(term.last_day + dt.timedelta(days=1), term.starts_on + dt.timedelta(days=1))
        self.fields["starts_on"].initial = start
        self.fields["ends_on"].initial = last_day_of_term(start, years or TERM_YEARS)
        if years:
            self.fields["ends_on"].help_text = _years_words(years)
        if not has_office:
            del self.fields["keep_offices"]

    def clean(self):
        return _in_order(self, super().clean())


def _years_words(years: int) -> str:
    return _t("The law says %(years)s years.") % {"years": years}


def _in_order(form, data):
    """A term that ends before it starts is said next to its last day."""
    first, last = data.get("starts_on"), data.get("ends_on")
    if first and last and last < first:
        form.add_error("ends_on", _("The term ends before it starts."))
    return data


def is_too_long(starts_on: dt.date, ends_on: dt.date, years: int | None) -> bool:
    """Whether a term lasts longer than the law of the kind says."""
    return bool(years) and ends_on > last_day_of_term(starts_on, years)


class TermEndForm(forms.Form):
    """Somebody leaves before the term is over."""

    reason = forms.ChoiceField(
        label=_("Why do they leave?"), choices=[("", _("Choose one")), *((kind.value, kind.label) for kind in LEAVING)],
        error_messages=UNKNOWN | {"required": _("Say why they leave.")},
    )  # fmt: skip
    left_on = DayField(label=_("What is the first day without them?"), missing=_("Write the first day without them."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["left_on"].initial = timezone.localdate


class OfficeForm(forms.Form):
    """What a member does for the group."""

    kind = forms.ChoiceField(
        label=_("What do they do for the group?"), choices=[("", _("Choose one")), *OfficeKind.choices],
        error_messages=UNKNOWN | {"required": CHOOSE},
    )  # fmt: skip
    starts_on = DayField(label=_("From which day?"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = timezone.localdate


# --- Closed groups ---------------------------------------------------------------------------------------------------
class StatementForm(forms.Form):
    """A member of a closed group signs."""

    agrees = forms.BooleanField(
        label=_("I read this, and I will do as it says."),
        error_messages={"required": _("Put a tick here if you agree. Without it you cannot see the group.")},
    )
    name = _line(_("Type your name to sign"), _("Type your name to sign."), autocomplete="name")
