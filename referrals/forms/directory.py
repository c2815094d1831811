"""What somebody may ask of the directory, and what is marked on a service."""

import datetime as dt
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from collaboratives.models import County
from families.enums import PersonLanguage
from referrals.enums import ServiceCategory

UNKNOWN = {"invalid_choice": _("We do not have this choice. Pick one from the list.")}
LANGUAGES = [choice for choice in PersonLanguage.choices if choice[0] != PersonLanguage.OTHER]
#: A check older than this says nothing about today.
OLDEST_CHECK = dt.timedelta(days=3 * 365)
MOST_DAYS, MOST_PLACES = 1000, 1000


class DirectoryFilter(FilterSet):
    """Narrows the services of the directory."""

    q = CharFilter(method="with_words", label=_("What are you looking for?"), max_length=100)
    category = ChoiceFilter(
        label=_("Kind of help"), choices=ServiceCategory.choices, empty_label=_("Any kind"), error_messages=UNKNOWN
    )
    county = ChoiceFilter(method="in_county", label=_("County"), empty_label=_("Any county"), error_messages=UNKNOWN)
    language = ChoiceFilter(
        method="in_language", label=_("Language"), choices=LANGUAGES, empty_label=_("Any language"),
        error_messages=UNKNOWN,
    )  # fmt: skip

    def __init__(self, data, *, queryset, request):
        super().__init__(data, queryset=queryset, request=request)
        self.counties = {county.fips: county for county in County.objects.order_by("name")}
        self.filters["county"].extra["choices"] = [(county.fips, county.name) for county in self.counties.values()]
        q = self.form.fields["q"]
        q.widget.attrs |= {"type": "search", "autocomplete": "off"}
        q.error_messages["max_length"] = _t("This is too long to look for. Write at most 100 letters.")

    @property
    def asked(self) -> dict[str, str]:
        """The filters that are set and understood, by name."""
        self.form.is_valid()
        return {name: value for name, value in self.form.cleaned_data.items() if value}

    @property
    def query(self) -> str:
        """The same for an address; nothing that is not understood gets in."""
        return urlencode(self.asked)

    def chips(self) -> list[dict]:
        """Every filter that is set, in words, with the address of the page without it."""
        asked = self.asked
        return [
            {"words": self._words(name, value), "query": urlencode({k: v for k, v in asked.items() if k != name})}
            for name, value in asked.items()
        ]

    def _words(self, name, value) -> str:
        return value if name == "q" else dict(self.form.fields[name].choices)[value]

    @property
    def asked_county(self) -> County | None:
        """The county that was asked for."""
        return self.counties.get(self.asked.get("county", ""))

    def with_words(self, services, _name, value):
        return services.with_words(value)

    def in_county(self, services, _name, value):
        return services.serving([self.counties[value].pk])

    def in_language(self, services, _name, value):
        return services.speaking(value)


class MarkForm(forms.Form):
    """How long one waits, how many places are open, and when that was checked. `seen`: the state that was shown."""

    use_required_attribute = False
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    wait_days = forms.IntegerField(
        label=_("How many days does a family wait?"), required=False, min_value=0, max_value=MOST_DAYS,
        help_text=_("About. Write 0 if there is no wait. Leave it empty if you do not know."),
        error_messages={
            "invalid": _("Write a number of days, like 14."),
            "min_value": _("Write 0 or more days."),
            "max_value": _("Write at most %(limit_value)s days."),
        },
    )  # fmt: skip
    open_places = forms.IntegerField(
        label=_("How many places are open?"), required=False, min_value=0, max_value=MOST_PLACES,
        help_text=_("Write 0 if it is full. Leave it empty if you do not know."),
        error_messages={
            "invalid": _("Write a number of places, like 3."),
            "min_value": _("Write 0 or more places."),
            "max_value": _("Write at most %(limit_value)s places."),
        },
    )  # fmt: skip
    checked_on = forms.DateField(
        label=_("On which day did you check?"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Write the day on which you checked, so families know how new this is."),
            "invalid": _("Write a day, like October 15, 2026."),
        },
    )

    def clean_checked_on(self):
        day, today = self.cleaned_data["checked_on"], timezone.localdate()
        if not today - OLDEST_CHECK <= day <= today:
            raise ValidationError(_t("Check the day: it must be in the past three years, or today."), code="checked_on")
        return day

    @property
    def seen_moment(self) -> dt.datetime | None:
        """The moment of the last change that the form showed; None when it is not a moment."""
        try:
            moment = parse_datetime(self.cleaned_data.get("seen", ""))
        except ValueError:
            return None
        return moment if moment and timezone.is_aware(moment) else None
