"""The made-up directory: about 120 services of every kind in twelve counties, and marks by their coordinators."""

import re
from random import Random

import pytest
from django.core.management import call_command
from django.db.models import Count
from django.utils import timezone

from collaboratives.models import Organization
from referrals.actions.hsds_documents import export_of
from referrals.demo.directory import OFFERS, STATEWIDE, fill_directory
from referrals.enums import ServiceCategory
from referrals.models import Service, ServiceLanguage
from teams.demo.cast import Cast
from teams.demo.clock import story_time
from teams.demo.places import COUNTIES, settle_state


@pytest.mark.django_db
def test_the_directory_of_the_demo():
    call_command("load_reference_data", verbosity=0)
    with story_time() as clock:
        places, _interpreters = settle_state(Cast(Random(1)), clock, COUNTIES)
        there = Organization.objects.count()
        fill_directory(places, clock)
    services = Service.objects.live()
    assert services.count() == 12 * 9 + len(STATEWIDE) == 120
    assert services.filter(statewide=True).count() == len(STATEWIDE)
    per_county = services.filter(statewide=False).values("counties__name").annotate(n=Count("pk"))
    assert {row["counties__name"]: row["n"] for row in per_county} == dict.fromkeys(COUNTIES, 9)
    assert set(services.values_list("category", flat=True)) == set(ServiceCategory.values)
    assert {"en", "es", "hmn", "jra", "ar"} == set(ServiceLanguage.objects.values_list("code", flat=True))
    waits = set(services.values_list("wait_days", flat=True))
    assert {None, 0, 14} < waits and len(waits) > 8
    assert services.filter(open_places=0).exists() and services.filter(open_places__gt=0).exists()
    assert services.exclude(status="active").exists()
    assert services.exclude(marked_at=None).count() == 2 * 12
    assert not services.filter(updated_at__gt=timezone.now()).exists()
    # The county's own agencies are joined, not doubled; so is the one that interprets for all.
    assert Organization.objects.count() - there == len({row[0] for row in STATEWIDE}) - 1
    assert {offer.kind for offer in OFFERS} == set(
        Organization.objects.filter(services__statewide=False).values_list("kind", flat=True)
    )
    text = str(export_of(services))
    assert all("555-01" in phone for phone in re.findall(r"\b\d{3}[-. ]\d{4}\b", text))
    assert set(re.findall(r"[\w.+-]+@([\w.-]+\w)", text)) == {"demo.example"}
