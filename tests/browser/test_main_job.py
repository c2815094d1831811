"""The main job as two people do it, once with a keyboard alone and once without scripts.

A caregiver chooses who is on the team, writes in the plan and calls a meeting; a social worker reads the same and adds
to the record; both write in one place at once. See tests/browser/hands.py for how they press and write.
"""

import datetime as dt

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone

from soc_portal.versions.models import Revision
from teams.actions.items import end_item
from teams.models import Goal, Meeting, Membership, Need, Note, Step, Words
from tests.browser.hands import Keyboard, Mouse


@pytest.fixture(params=[Keyboard, Mouse], ids=["keyboard alone", "no scripts"])
def two_people(request, open_browser, world):
    """Rosa, the caregiver, and Denise, the social worker, each with a phone of their own; nobody is signed in yet."""
    for user in (world.users.caregiver, world.users.dss_worker):
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    end_item(team=world.team, item=world.items["words"], by=world.users.caregiver)  # Rosa has not written yet
    scripts = request.param is Keyboard
    return [
        request.param(open_browser(java_script_enabled=scripts, locale="en-US", reduced_motion="reduce"))
        for _person in range(2)
    ]


def test_family_and_social_worker_do_the_main_job(two_people, world):
    rosa, denise = two_people
    rosa.sign_in(world.users.caregiver)
    choose_a_member(rosa, world)
    write_in_the_plan(rosa, world)
    meeting = call_a_meeting(rosa, world)
    denise.sign_in(world.users.dss_worker)
    read_the_same(denise, world, meeting)
    the_hour_comes(meeting)
    add_to_the_record(denise, meeting)
    rosa.open(f"/teams/{world.team.pk}/meetings/{meeting.pk}/")
    rosa.reads("Bus", "The bus comes at 7 now.", "Written by Denise Whitfield")
    write_at_once(rosa, denise, world)
    assert rosa.faults + denise.faults == []


def choose_a_member(rosa, world):
    rosa.open("/")
    rosa.follow("See or change our team")
    rosa.reads("Andrea Pruitt named this person")
    rosa.press("Choose Ray Tillman")
    rosa.reads("Chosen, no answer yet")
    chosen = Membership.objects.get(pk=world.members["proposed"].pk)
    assert (chosen.chosen_by, chosen.accepted_at) == (world.users.caregiver, None)


def write_in_the_plan(rosa, world):
    rosa.follow("Plan")
    rosa.follow("Write in my own words")
    rosa.write("In your own words", "I want quiet evenings – ¡por fin!")
    rosa.press("Save my words")
    rosa.reads("I want quiet evenings – ¡por fin!")
    rosa.follow("Add a need")
    rosa.write("What do you need?", "Mateo needs a ride to school")
    rosa.press("Save this need")
    rosa.reads("Mateo needs a ride to school")
    need = Need.objects.get(text="Mateo needs a ride to school")
    rosa.follow_to(f"/items/goal/add/?under={need.pk}")
    rosa.write("What is the goal?", "Mateo is on time")
    rosa.press("Save this goal")
    rosa.reads("Mateo is on time")
    goal = Goal.objects.get(need=need)
    rosa.follow_to(f"/items/step/add/?under={goal.pk}")
    rosa.write("What will happen?", "Call the bus office")
    rosa.tick("Denise Whitfield")
    rosa.set_day("By when?", timezone.localdate() + dt.timedelta(days=3))
    rosa.press("Save this step")
    rosa.reads("Call the bus office")
    step = Step.objects.get(goal=goal)
    assert [member.user for member in step.who.all()] == [world.users.dss_worker]
    assert step.due_on == timezone.localdate() + dt.timedelta(days=3)
    assert Words.objects.get(ended_at=None, meeting=None).text == "I want quiet evenings – ¡por fin!"


def call_a_meeting(rosa, world):
    rosa.follow("Meetings")
    rosa.follow("Call a meeting")
    rosa.write("Why do we meet?", "How Mateo gets to school")
    rosa.set_day("Day", timezone.localdate() + dt.timedelta(days=5))
    rosa.set_time("Starts at", dt.time(17, 30))
    rosa.set_time("Ends at", dt.time(18, 15))
    rosa.write("Where?", "At the library")
    rosa.press("Call this meeting")
    rosa.reads("How Mateo gets to school", "At the library")
    meeting = Meeting.objects.get(purpose="How Mateo gets to school")
    assert timezone.localtime(meeting.starts_at).time() == dt.time(17, 30)
    assert meeting.ends_at - meeting.starts_at == dt.timedelta(minutes=45)
    return meeting


def read_the_same(denise, world, meeting):
    denise.open(f"/teams/{world.team.pk}/")
    denise.follow("Plan")
    denise.reads("I want quiet evenings – ¡por fin!", "Mateo needs a ride to school", "Mateo is on time")
    denise.reads("Call the bus office")
    denise.follow("Meetings")
    denise.reads("How Mateo gets to school")
    denise.follow_to(f"/teams/{world.team.pk}/meetings/{meeting.pk}/")
    denise.reads("How Mateo gets to school", "At the library")
    denise.write("Add something to talk about", "Who drives on Fridays")
    denise.press("Add it")
    denise.reads("Who drives on Fridays")


def the_hour_comes(meeting):
    start = timezone.now() - dt.timedelta(minutes=10)
    Meeting.objects.filter(pk=meeting.pk).update(starts_at=start, ends_at=start + dt.timedelta(minutes=45))


def add_to_the_record(denise, meeting):
    denise.open(f"/teams/{meeting.team_id}/meetings/{meeting.pk}/")
    denise.follow("Add a note")
    denise.write("What was it about?", "Bus")
    denise.write("What did we say?", "The bus comes at 8 now.")
    denise.press("Save this note")
    denise.reads("The bus comes at 8 now.")
    denise.change("The bus comes at 8 now.")
    denise.write("What did we say?", "The bus comes at 7 now.")
    denise.press("Save this note")
    denise.reads("The bus comes at 7 now.")
    assert Note.objects.get(meeting=meeting).text == "The bus comes at 7 now."


def write_at_once(rosa, denise, world):
    """Both change one need: the second sees both texts, puts them together, and no words are lost."""
    need = Need.objects.get(text="Mateo needs a ride to school")
    for person in (rosa, denise):
        person.open(f"/teams/{world.team.pk}/plan/")
        person.change("Mateo needs a ride to school")
        person.field("What do you need?").wait_for()
    rosa.write("What do you need?", "Mateo needs a ride on Mondays")
    rosa.press("Save this need")
    rosa.reads("Mateo needs a ride on Mondays")
    denise.write("What do you need?", "Mateo needs a ride on Fridays")
    denise.press("Save this need")
    denise.reads("What Rosa Delgado saved", "Mateo needs a ride on Mondays", "Mateo needs a ride on Fridays")
    denise.write_merged("Mateo needs a ride on Mondays and Fridays")
    denise.reads("Mateo needs a ride on Mondays and Fridays")
    texts = [row.state["text"] for row in Revision.objects.filter(kind=need.kind, item_id=need.pk).order_by("version")]
    assert texts[-2:] == ["Mateo needs a ride on Mondays", "Mateo needs a ride on Mondays and Fridays"]


def test_a_draft_outlives_a_closed_tab(page, world, sign_in):
    sign_in(page, world.users.caregiver)
    edit = f"/teams/{world.team.pk}/items/need/{world.items['need'].pk}/edit/"
    page.goto(edit)
    page.get_by_label("What do you need?").fill("Half a sentence, and then")
    page.get_by_text("Saved as a draft").wait_for()
    tab = page.context.new_page()
    page.close()
    tab.goto(edit)
    tab.get_by_text("We kept what you typed on").wait_for()
    assert tab.get_by_label("What do you need?").input_value() == "Half a sentence, and then"
    assert Need.objects.get(pk=world.items["need"].pk).text == "A need about plan"


def test_what_was_typed_waits_behind_the_idle_lock(page, world, sign_in):
    sign_in(page, world.users.caregiver)
    edit = f"/teams/{world.team.pk}/items/need/{world.items['need'].pk}/edit/"
    page.clock.install()
    page.goto(edit)
    page.get_by_label("What do you need?").fill("Last words before lunch")
    page.clock.fast_forward("01:00:00")
    page.wait_for_url("**/signed-out/")
    page.goto(edit)
    page.wait_for_url("**/account/login/**")
    sign_in(page, world.users.caregiver)
    page.goto(edit)
    assert page.get_by_label("What do you need?").input_value() == "Last words before lunch"


HARD = """<!doctype html><html lang="en"><title>Hard</title><style>
header { position: fixed; inset: 0 0 auto; height: 90px;
z-index: 1; background: #fff } #plain:focus { outline: 0 } :focus { outline: 3px solid red }</style>
<header class="bar">Bar</header><main><a href="#1">First</a><a href="#2" id="plain" style="margin-top: 200px;
display: block">Second</a><div style="height: 2000px"></div><a href="#3">Third</a></main></html>"""


def test_a_hidden_or_covered_focus_is_noticed(page):
    """The test of the main job can fail: the first link is under the bar, and the second shows no focus."""
    page.route("**/hard/", lambda route: route.fulfill(body=HARD, content_type="text/html"))
    keyboard = Keyboard(page)
    keyboard.open("/hard/")
    keyboard.follow("Third")
    assert keyboard.faults == ['a "First" is under bar at /hard/', 'a "Second" shows no focus at /hard/']
