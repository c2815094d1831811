"""What a coordinator may ask of the worklist, and the name under which they keep a question."""

import datetime as dt
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Substr
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django_filters import CharFilter, ChoiceFilter, FilterSet

from collaboratives.enums import REVIEWS, DeadlineKind
from families.access import visible_people
from soc_portal.folding import Folded, fold
from teams import access
from teams.enums import Phase, Source

#: "This week" is today and the six days after it.
WEEK = dt.timedelta(days=6)
DUE = [
    ("late", _("Past its date")),
    ("week", _("Past its date or this week")),
    ("plan", _("Plan not agreed")),
    ("meeting", _("No meeting set")),
]
#: What the list can be narrowed to: each kind of date that a team has, by the word in the address.
KINDS = {
    "first_meeting": (DeadlineKind.FIRST_MEETING,), "first_plan": (DeadlineKind.FIRST_PLAN,),
    "next_meeting": (DeadlineKind.NEXT_MEETING,), "copies": (DeadlineKind.COPIES,), "review": REVIEWS,
}  # fmt: skip
PARTNER = [("yes", _("Has one")), ("no", _("None yet"))]
REVIEW_WORDS = _("Review while a child lives away from home")
UNKNOWN = {"invalid_choice": _("We do not have this choice. Pick one from the list.")}


class WorklistFilter(FilterSet):
    """Narrows the teams of `teams.views.worklist_rows`. What is asked of a record finds only teams that share it.

    A family that has not said yes is found by its initial, its county, who asked and what is due: what its row shows.
    """

    q = CharFilter(method="with_name", label=_("Find a team"), max_length=100)
    county = ChoiceFilter(field_name="family__county__fips", label=_("County"), error_messages=UNKNOWN)
    due = ChoiceFilter(
        method="with_due", label=_("What is due"), choices=DUE, empty_label=_("Anything"), error_messages=UNKNOWN
    )
    kind = ChoiceFilter(
        method="with_kind", label=_("Kind of date"), empty_label=_("Any kind"), error_messages=UNKNOWN,
        choices=[(word, kinds[0].label if len(kinds) == 1 else REVIEW_WORDS) for word, kinds in KINDS.items()],
    )  # fmt: skip
    phase = ChoiceFilter(
        method="with_phase", label=_("Where they are"), choices=Phase.choices, empty_label=_("Anywhere"),
        error_messages=UNKNOWN,
    )  # fmt: skip
    partner = ChoiceFilter(
        method="with_partner", label=_("Family Partner"), choices=PARTNER, empty_label=_("Any"), error_messages=UNKNOWN
    )
    source = ChoiceFilter(label=_("Who asked"), choices=Source.choices, empty_label=_("Anyone"), error_messages=UNKNOWN)

    def __init__(self, data, *, queryset, request, counties):
        super().__init__(data, queryset=queryset, request=request)
        self.open = Q(pk__in=access.open_team_ids(request.user))
        if len(counties) > 1:
            own = [(county.fips, county.name) for county in counties]
            self.filters["county"].extra |= {"choices": own, "empty_label": _t("All my counties")}
        else:
            del self.filters["county"]

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
        field = self.form.fields[name]
        if name == "q":
            return _t("Name: %(name)s") % {"name": value}
        return _t("%(question)s: %(answer)s") % {"question": field.label, "answer": dict(field.choices)[value]}

    def with_name(self, teams, _name, value):
        """By the names of family and children where the family said yes, else by the initial alone."""
        words = fold(" ".join(value.split()))
        children = visible_people(self.request.user).filter(teams_about=OuterRef("pk"))
        in_children = Exists(children.alias(folded_name=Folded("name")).filter(folded_name__contains=words))
        teams = teams.alias(folded_name=Folded("family__name"), folded_initial=Folded(Substr("family__name", 1, 1)))
        wanted = self.open & (Q(folded_name__contains=words) | Q(in_children))
        if initial := _initial_in(words):
            wanted |= ~self.open & Q(folded_initial=initial)
        return teams.filter(wanted)

    def with_due(self, teams, _name, value):
        """By the most urgent thing that the row shows; by plan and meeting only as far as they are shared."""
        today = timezone.localdate()
        if value == "late":
            return teams.filter(due_on__lt=today)
        if value == "week":
            return teams.filter(due_on__lte=today + WEEK)
        return teams.filter(**{f"lacks_{value}": 1})

    def with_kind(self, teams, _name, value):
        """Teams with an open date of this kind, late or not, as far as this person may know of it."""
        dates = access.visible_deadlines(self.request.user).filter(team=OuterRef("pk"), kind__in=KINDS[value])
        return teams.filter(Exists(dates))

    def with_phase(self, teams, _name, value):
        return teams.filter(self.open, phase=value)

    def with_partner(self, teams, _name, value):
        return teams.filter(self.open, partner__isnull=value == "no")


def initial_words(initial: str) -> str:
    """All that the list says of a family that has not said yes: "K. family"."""
    return _t("%(initial)s. family") % {"initial": initial}


def _initial_in(words: str) -> str:
    """The initial that somebody asks for: "k", "k." or "k. family"; "" for anything longer."""
    before, _mark, after = fold(initial_words("\0")).partition("\0")
    if words.startswith(before) and words.endswith(after):
        words = words.removeprefix(before).removesuffix(after)
    words = words.removesuffix(".")
    return words if len(words) == 1 else ""


class FilterNameForm(forms.Form):
    """The name under which the filters of this page are kept."""

    name = forms.CharField(
        label=_("Name of this filter"), max_length=60, error_messages={"required": _("Give the filter a name.")}
    )
