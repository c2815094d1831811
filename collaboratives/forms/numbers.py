"""What somebody chooses to see of the state's numbers."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.translation import gettext_lazy as _

from soc_portal.measures.quarters import Quarter
from soc_portal.measures.registry import Measure

TILES, LAND = "tiles", "map"
VIEWS = [(TILES, _("Squares, all the same size")), (LAND, _("The land as it is"))]


def _choice(label, words) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, error_messages={"invalid_choice": words})


class NumbersForm(forms.Form):
    """A quarter, a measure and a kind of map. What is left out is the latest quarter and the first measure."""

    quarter = _choice(_("Time"), _("We do not have numbers for this time. Pick one from the list."))
    measure = _choice(_("Measure on the map"), _("We do not have this measure. Pick one from the list."))
    view = _choice(_("Kind of map"), _("We do not have this kind of map. Pick one from the list."))

    def __init__(self, data: Mapping, *, quarters: Sequence[Quarter], measures: Sequence[Measure], first: str):
        given = {name: data[name] for name in self.base_fields if data.get(name)}
        super().__init__({"quarter": quarters[0].code, "measure": first, "view": TILES} | given)
        self.fields["quarter"].choices = [(quarter.code, quarter.words) for quarter in quarters]
        self.fields["measure"].choices = [(measure.slug, measure.title) for measure in measures]
        self.fields["view"].choices = VIEWS
