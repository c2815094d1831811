"""The Family Partners of the demo keep the rules, and every title, status and kind of experience is among them."""

from random import Random

import pytest
from django.core.management import call_command

from collaboratives.models import CountyRole
from families.demo.partners import PARTS, settle_partners
from families.enums import COUNTED_STATUSES, FIRSTHAND_TITLES, BeenThrough, PartnerStatus, PartnerTitle, PersonLanguage
from families.models import FamilyPartner, PartnerNaming
from teams.demo.cast import Cast
from teams.demo.clock import story_time
from teams.demo.places import COUNTIES, settle_state

WORDS = {code: set(values) for code, values in (("been", BeenThrough.values), ("languages", PersonLanguage.values))}


def test_everybody_fits_into_the_state_of_the_demo():
    assert {part.county for part in PARTS} == set(COUNTIES)
    assert sorted(part.county for part in PARTS if not part.name) == sorted(COUNTIES)
    for part in PARTS:
        assert set(part.been.split()) <= WORDS["been"]
        assert set(part.languages.split()) <= WORDS["languages"]
        assert bool(part.firsthand) == (part.title in FIRSTHAND_TITLES)
    assert {part.title for part in PARTS} == set(PartnerTitle.values)
    assert {part.status for part in PARTS} == set(PartnerStatus.values)
    assert set().union(*(part.been.split() for part in PARTS)) == WORDS["been"]


@pytest.mark.django_db
def test_each_was_named_by_a_coordinator_and_wrote_their_own_profile():
    call_command("load_reference_data", verbosity=0)
    with story_time() as clock:
        cast = Cast(Random(7))
        places, _interpreters = settle_state(cast, clock, {"Alamance", "Durham"})
        settle_partners(places, cast, clock)
    told = [part for part in PARTS if part.county in places]
    partners = FamilyPartner.objects.select_related("user").prefetch_related("counties")
    assert partners.count() == len(told)
    for partner in partners:
        assert partner.created_by == partner.user
        for county in partner.counties.all():
            naming = PartnerNaming.objects.get(partner=partner, county=county)
            assert CountyRole.objects.filter(user=naming.named_by, county=county).exists()
    assert any(partner.room == 0 for partner in partners)
    assert sum(partner.status in COUNTED_STATUSES for partner in partners) > 6
    assert not PartnerNaming.objects.filter(partner=None).exists()
