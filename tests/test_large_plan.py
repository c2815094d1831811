"""A plan as large as plans get: its page, its saves and its history cost no more than those of a small one."""

import gzip
import time

import pytest

from tests.large_plan import NEEDS, STEPS, make_large_plan
from tests.test_plan_pages import QUERIES, body, url

LARGEST = 60 * 1024


@pytest.mark.parametrize("persona", ["caregiver", "dss_worker"])
def test_its_page_costs_as_many_queries_as_that_of_a_small_one_and_at_most_60_kb(
    world, sign_in, django_assert_num_queries, persona
):
    client = sign_in(world.people[persona])
    client.get(url(world))
    with django_assert_num_queries(QUERIES):
        client.get(url(world))
    make_large_plan(world)
    began = time.perf_counter()
    with django_assert_num_queries(QUERIES):
        html = body(client.get(url(world)))
    took = time.perf_counter() - began
    size = len(gzip.compress(html.encode(), 6))
    print(f"The plan page of a large plan: {took * 1000:.0f} ms, {len(html) // 1024} KB, {size / 1024:.1f} KB packed")
    assert html.count('<header id="need-') >= NEEDS
    assert html.count('<tr id="step-') >= STEPS
    assert size <= LARGEST
