"""What saving one item costs: eight reads and writes of rows, whoever saves and however much there is in the plan.

The session, the person, their place on the team, the item; the item's new words, its history, the draft that goes, and
the session with "It is saved".
"""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from soc_portal.access.scope import forget_scope, right_on_team, scope_of
from soc_portal.versions.actions import Conflict, end_row, restore_row
from soc_portal.versions.models import Revision
from teams import access
from teams.actions.grants import give_grant
from teams.actions.items import change_item
from teams.models import Goal, Need, Step
from tests.behind_the_wall import SAVEPOINT
from tests.large_plan import make_large_plan
from tests.test_item_pages import url

QUERIES = 8


def forms(world):
    """The address of each kind's form, and what is sent there."""
    items, step = world.items, world.items["step"]
    carried = {"due_on": step.due_on.isoformat(), "status": "todo", "who": [member.pk for member in step.people]}
    return {
        "need": (url(world, "need", items["need"]), {"domain": "home", "section": "plan"}),
        "goal": (url(world, "goal", items["goal"]), {"how_we_will_know": "We see it"}),
        "step": (url(world, "step", step), carried),
        "words": (url(world, "words", items["words"]), {}),
        "comment": (reverse("teams:item_talk", args=[world.team.pk, "need", items["need"].pk]), {}),
    }


def queries_of(act):
    """How often rows are read or written; the marks around a transaction move none."""
    with CaptureQueriesContext(connection) as captured:
        act()
    return sum(not SAVEPOINT.fullmatch(query["sql"]) for query in captured.captured_queries)


@pytest.mark.parametrize("kind", ["need", "goal", "step", "words", "comment"])
def test_saving_one_item_costs_the_same_few_queries_in_a_plan_of_any_size(world, sign_in, kind):
    client = sign_in(world.users.caregiver)
    address, data = forms(world)[kind]
    for version, larger in ((1, False), (2, True)):
        if larger:
            make_large_plan(world)
        client.get(address)
        client.post(reverse("drafts:keep"), {"path": address, "text": "Half a word", "version": version})
        sent = data | {"text": f"Words {version}", "version": version}

        def save(sent=sent):
            assert client.post(address, sent).status_code == 302

        assert queries_of(save) == QUERIES


# --- What is not read again for a save may be old ---------------------------------------------------------------------
def changed(world, item, base_version=1, **values):
    return change_item(
        team=world.team, item=item, by=world.users.caregiver, base_version=base_version, values=values
    )  # fmt: skip


def test_a_save_that_was_overtaken_merges_with_what_came_first(world):
    goal = Goal.objects.get(pk=world.items["goal"].pk)
    changed(world, Goal.objects.get(pk=goal.pk), how_we_will_know="The school tells us")
    fresh = changed(world, goal, text="Mine")
    assert (fresh.text, fresh.how_we_will_know, fresh.version) == ("Mine", "The school tells us", 3)
    fresh = changed(world, goal, base_version=3, text="On from what stands there now")
    assert (fresh.text, fresh.version) == ("On from what stands there now", 4)
    with pytest.raises(Conflict) as conflict:
        changed(world, goal, text="Built on what is long gone")
    assert conflict.value.theirs.text == "On from what stands there now"


def test_a_save_meanwhile_its_need_is_hidden_keeps_no_word_where_it_was_open(world):
    goal = Goal.objects.get(pk=world.items["goal"].pk)
    changed(world, world.items["need"], section="court")
    assert changed(world, goal, text="Mine").section == "court"
    states = Revision.objects.filter(kind="teams.goal", item_id=goal.pk)
    assert set(states.values_list("section", flat=True)) == {"court"}


def test_what_is_given_back_is_what_stands_there(world):
    step, members = world.items["step"], world.members
    fresh = changed(world, Step.objects.get(pk=step.pk), text="Mine", who=[members["caregiver"]])
    stored = Step.objects.get(pk=step.pk)
    assert (fresh.state(), fresh.people) == (stored.state(), [members["caregiver"]])
    assert (fresh.updated_by, fresh.updated_at, fresh.version) == (stored.updated_by, stored.updated_at, 2)
    assert step.text != "Mine"


def test_ending_and_bringing_back_take_the_row_as_it_stands(world):
    need = Need.objects.get(pk=world.items["need_court"].pk)
    old, by = Need.objects.get(pk=need.pk), world.users.caregiver
    changed(world, need, text="Changed meanwhile")
    ended = end_row(old, by=by, family_id=world.family.pk)
    assert (ended.text, ended.version) == ("Changed meanwhile", 3)
    assert end_row(old, by=by, family_id=world.family.pk).version == 3
    back = restore_row(ended, by=by, family_id=world.family.pk)
    assert (back.ended_at, back.version) == (None, 4)
    assert restore_row(ended, by=by, family_id=world.family.pk).version == 4


def test_a_membership_alone_tells_the_right_on_its_team_as_the_whole_scope_does(world):
    for user in world.people.values():
        forget_scope(user)
        quick = right_on_team(user, world.team.pk)
        forget_scope(user)
        assert quick == scope_of(user).teams.get(world.team.pk)
    assert right_on_team(AnonymousUser(), world.team.pk) is None


def test_an_exception_opens_a_part_for_reading_but_is_no_place_on_the_team(world):
    chair, need = world.users.jcpc_chair, world.items["need"]
    give_grant(
        team=world.team, user=chair, sections=["plan"], reason="Interpreter",
        until=timezone.now() + timezone.timedelta(days=1), by=world.users.caregiver,
    )  # fmt: skip
    forget_scope(chair)
    assert access.get_any_item_with_team_for(chair, world.team.pk, "need", need.pk) == (world.team, need)
    with pytest.raises(PermissionDenied):
        access.own_place_on(chair, world.team)
    for kind, item in (("need", world.items["need_court"]), ("need", world.other_need), ("nonsense", need)):
        for user in (chair, world.users.dss_worker):
            with pytest.raises(Http404):
                access.get_any_item_with_team_for(user, world.team.pk, kind, item.pk)
