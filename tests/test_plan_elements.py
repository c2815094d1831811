"""What the plans of agencies must hold: loaded from our file, dated, never rewritten."""

import datetime as dt
import json

import pytest

from collaboratives.actions.elements import load_elements
from collaboratives.actions.reference import BadFile
from collaboratives.management.commands.load_reference_data import DATA
from collaboratives.models import PlanElement

pytestmark = pytest.mark.django_db
OURS = (DATA / "plan_elements.json").read_bytes()
ROW = {
    "organization_kind": "school", "key": "school-goals", "place": 1, "text": "Goals", "text_es": "Metas",
    "source": "34 CFR 300.320(a)(2)", "starts_on": "2025-01-01",
}  # fmt: skip


def load(*rows):
    return load_elements(content=json.dumps(rows).encode())


def test_our_own_file_is_loaded_once():
    count = len(json.loads(OURS))
    assert load_elements(content=OURS) == count
    before = list(PlanElement.objects.values().order_by("pk"))
    assert load_elements(content=OURS) == 0
    assert list(PlanElement.objects.values().order_by("pk")) == before
    kinds = set(PlanElement.objects.values_list("organization_kind", flat=True))
    assert kinds == {"dss", "juvenile_court", "school", "lme_mco", "health"}


def test_a_new_wording_is_a_new_row_and_the_old_one_stays_as_it_was():
    assert load(ROW) == 1
    new = ROW | {"text": "Goals for the year", "starts_on": "2026-07-01"}
    assert load(ROW | {"ends_on": "2026-06-30"}, new) == 1
    assert PlanElement.objects.live(dt.date(2026, 6, 30)).get().text == "Goals"
    assert PlanElement.objects.live(dt.date(2026, 7, 1)).get().text == "Goals for the year"


def test_source_place_and_spanish_words_are_corrected():
    load(ROW)
    load(ROW | {"source": "Other", "place": 3, "text_es": "Las metas"})
    row = PlanElement.objects.get()
    assert (row.source, row.place, row.text_es) == ("Other", 3, "Las metas")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"text": "Other"}, "this says something else already. Add a new wording with a later starts_on."),
        ({"organization_kind": "dss"}, "this says something else already."),
        ({"organization_kind": "bank"}, "there is no organization of the kind 'bank'."),
        ({"text": ""}, "text must have 1 to 200 letters."),
        ({"text_es": 5}, "text_es must have 1 to 200 letters."),
        ({"key": "x" * 41}, "key must have 1 to 40 letters."),
        ({"place": "1"}, "place must be a whole number, not '1'."),
        ({"place": -1}, "place must be a whole number"),
        ({"starts_on": "soon"}, "'soon' is not a day"),
        ({"ends_on": "2024-12-31"}, "it ends before it starts."),
        ({"starts_on": "2026-01-01"}, "two wordings of school-goals hold on 2026-01-01."),
    ],
)
def test_a_bad_file_changes_nothing(change, said):
    load(ROW)
    before = list(PlanElement.objects.values())
    with pytest.raises(BadFile) as stopped:
        load(ROW | {"source": "Other"}, ROW | change)
    assert said in str(stopped.value)
    assert list(PlanElement.objects.values()) == before
