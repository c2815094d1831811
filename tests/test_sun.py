"""The sun of 1,000 seeds is true: one seed a Family Partner, never more than 1,000; and what it counts."""

import math
import re
import xml.etree.ElementTree as ET

import pytest

from families.actions import unlist_partner
from families.enums import FAMILY_PARTNERS_WANTED, PartnerStatus, PartnerTitle
from families.measures import partners_by_status
from families.models import FamilyPartner
from families.views.partners import sun_facts
from soc_portal.pictures import seeds, sun
from tests.parts.partners import listed
from tests.world import make_user

SVG = "{http://www.w3.org/2000/svg}"
PLACE = re.compile(r"M(\d+) (\d+)h0")


def drawn(svg):
    """How many seeds there are: full, rings, open."""
    root = ET.fromstring(svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))
    paths = {path.get("id") or path.get("class"): PLACE.findall(path.get("d")) for path in root.iter(f"{SVG}path")}
    uses = [use.get("href") for use in root.iter(f"{SVG}use")]
    assert sorted(uses) == ["#sun-o", "#sun-o", "#sun-t", "#sun-t"]
    everywhere = [place for places in paths.values() for place in places]
    assert len(set(everywhere)) == len(everywhere)
    return tuple(len(paths[name]) for name in ("su-a", "sun-t", "sun-o"))


@pytest.mark.parametrize(
    ("there", "training", "shown"),
    [
        (0, 0, (0, 0, 1000)), (1, 0, (1, 0, 999)), (412, 138, (412, 138, 450)), (990, 20, (990, 10, 0)),
        (1000, 0, (1000, 0, 0)), (1001, 5, (1000, 0, 0)), (5000, 5000, (1000, 0, 0)), (0, 1200, (0, 1000, 0)),
    ],
)  # fmt: skip
def test_one_seed_a_family_partner_and_never_more_than_1000(there, training, shown):
    assert drawn(sun(there, training, "1,000 seeds")) == shown


def test_no_seed_covers_another_and_all_lie_inside_the_picture():
    """A full seed is 24 wide."""
    places = seeds(FAMILY_PARTNERS_WANTED)
    assert len(places) == 1000
    assert all(12 <= x <= 988 and 12 <= y <= 988 for x, y in places)
    assert min(math.dist(a, b) for number, a in enumerate(places) for b in places[:number]) >= 24


def test_the_label_is_escaped():
    assert 'aria-label="&lt;b&gt;"' in sun(1, 1, "<b>")


@pytest.mark.django_db
def test_counted_are_listed_people_with_the_two_titles_by_status(world):
    counts = dict.fromkeys(PartnerStatus.values, 0)
    assert partners_by_status() == counts | {"working": 1}  # Ana and Vern hold other titles
    for number, (title, status) in enumerate([
        (PartnerTitle.COORDINATOR, PartnerStatus.LEADING), (PartnerTitle.FAMILY_PARTNER, PartnerStatus.TRAINING),
        (PartnerTitle.FAMILY_PARTNER, PartnerStatus.PAUSING), (PartnerTitle.ADVOCATE, PartnerStatus.WORKING),
    ]):  # fmt: skip
        listed(world, make_user(f"one-{number}", f"One {number}"), counties=[world.alamance, world.durham], title=title,
               status=status)  # fmt: skip
    assert partners_by_status() == counts | {"working": 1, "leading": 1, "training": 1, "pausing": 1}
    unlist_partner(partner=world.partner, county=world.alamance, by=world.users.coordinator, reason="moved")
    assert partners_by_status() == counts | {"leading": 1, "training": 1, "pausing": 1}


@pytest.mark.django_db
def test_the_table_adds_up_to_the_goal_and_who_takes_a_break_is_not_drawn(world):
    FamilyPartner.objects.filter(pk=world.resting.pk).update(title="family_partner", firsthand="I did.",
                                                              firsthand_at=world.partner.firsthand_at)  # fmt: skip
    facts = sun_facts()
    assert (facts["there"], facts["training"], facts["to_find"]) == (1, 0, 999)
    assert sum(count for _words, count in facts["sun_rows"]) == facts["wanted"] == 1000
    assert facts["sun_label"] == "1,000 seeds: 1 are with families, 0 in training, 999 still to find."
