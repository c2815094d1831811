"""What saving one item costs: eight reads and writes of rows, whoever saves and however much there is in the plan.

The session, the person, their place on the team, the item; the item's new words, its history, the draft that goes, and
the session with "It is saved". A step reads two more: who carries it, and whom it may name.
"""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.behind_the_wall import SAVEPOINT
from tests.large_plan import make_large_plan
from tests.test_item_pages import url

QUERIES = 8


def forms(world):
    """The address of each kind's form, what is sent there, and how many rows more than `QUERIES` it reads."""
    items, step = world.items, world.items["step"]
    carried = {"due_on": step.due_on.isoformat(), "status": "todo", "who": [member.pk for member in step.people]}
    return {
        "need": (url(world, "need", items["need"]), {"domain": "home", "section": "plan"}, 0),
        "goal": (url(world, "goal", items["goal"]), {"how_we_will_know": "We see it"}, 0),
        "step": (url(world, "step", step), carried, 2),
        "words": (url(world, "words", items["words"]), {}, 0),
        "comment": (reverse("teams:item_talk", args=[world.team.pk, "need", items["need"].pk]), {}, 0),
    }


def queries_of(act):
    """How often rows are read or written; the marks around a transaction move none."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return sum(not SAVEPOINT.fullmatch(query["sql"]) for query in captured.captured_queries)


@pytest.mark.parametrize("kind", ["need", "goal", "step", "words", "comment"])
def test_saving_one_item_costs_the_same_few_queries_in_a_plan_of_any_size(world, sign_in, kind):
    client = sign_in(world.users.caregiver)
    address, data, more = forms(world)[kind]
    for version, larger in ((1, False), (2, True)):
        if larger:
            make_large_plan(world)
        client.get(address)
        client.post(reverse("drafts:keep"), {"path": address, "text": "Half a word", "version": version})
        sent = data | {"text": f"Words {version}", "version": version}

        def save(sent=sent):
            assert client.post(address, sent).status_code == 302

        assert queries_of(save) == QUERIES + more
