"""Pages of a group's meeting: nothing typed is lost, two writers meet, a closed group is not there."""

import datetime as dt
import re

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from collaboratives.actions.group_meetings import answer_group_meeting, change_minutes, content_of, hash_of
from collaboratives.models import AgendaItem, GroupAttendance, GroupDecision, GroupMeeting, Recommendation
from collaboratives.models.seating import Seating
from collaboratives.views.group_meetings import next_meeting_facts
from soc_portal.access.scope import forget_scope
from tests.parts.group_meetings import ROWS, approved, called_before, hold
from tests.typed import drafts_for

DAY = dt.timedelta(days=1)


def url(name, *numbers):
    return reverse(f"collaboratives:{name}", args=numbers)


def of(name, meeting, *more):
    return url(name, meeting.group_id, meeting.pk, *more)


def typed(**changes):
    values = {
        "day": (timezone.localdate() + 50 * DAY).isoformat(), "start": "12:00", "end": "13:30",
        "place_words": "County Annex, Room 104", "help_words": "Lunch and child care", "link": "",
    }  # fmt: skip
    return values | changes


def words_of(response):
    html = re.sub(r"<(script|style)[^>]*>.*?</\1>", " ", response.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


# --- A closed group is not there -------------------------------------------------------------------------------------
def closed_addresses(world):
    meeting, group = world.group_meetings["closed"], world.local_team
    item, decision = AgendaItem.objects.get(meeting=meeting), GroupDecision.objects.get(meeting=meeting)
    numbers = {
        "group_id": group.pk, "meeting_id": meeting.pk, "item_id": item.pk, "decision_id": decision.pk,
        "recommendation_id": world.closed_recommendation.pk,
    }  # fmt: skip
    for name, (method, _some, _other) in ROWS.items():
        if name != "collaboratives:state_recommendations":
            parameters = re.findall(r"(\w+_id)", ADDRESSES[name])
            yield name, method, reverse(name, kwargs={parameter: numbers[parameter] for parameter in parameters})


def _addresses():
    from collaboratives.urls import urlpatterns

    return {f"collaboratives:{pattern.name}": str(pattern.pattern) for pattern in urlpatterns}


ADDRESSES = _addresses()


def test_every_page_of_a_closed_group_is_404_for_everybody_but_its_members_who_signed(world, sign_in):
    signed = {"local_team_chair"}
    addresses = list(closed_addresses(world))
    assert len(addresses) == len(ROWS) - 1
    for slug, user in world.people.items():
        client = sign_in(user)
        for name, method, address in addresses:
            response = client.get(address) if method == "GET" else client.post(address, {})
            assert (response.status_code != 404) == (slug in signed), f"{slug}: {name} {response.status_code}"


def test_a_member_who_signs_opens_the_door_and_one_whose_term_ends_closes_it(world, sign_in):
    from collaboratives.actions.groups import end_term, sign_statement
    from collaboratives.enums import EndOfTerm

    user, address = world.users.local_team_unsigned, of("group_meeting_detail", world.group_meetings["closed"])
    client = sign_in(user)
    assert client.get(address).status_code == 404
    sign_statement(group=world.local_team, by=user, text="I keep it to myself.")
    assert "Sealed words" in words_of(client.get(address))
    end_term(term=world.terms["local_team_unsigned"], by=world.users.coordinator, reason=EndOfTerm.MOVED)
    assert client.get(address).status_code == 404


def test_a_meeting_of_one_group_is_not_found_under_another(world, sign_in):
    held = world.group_meetings["held"]
    client = sign_in(world.users.jcpc_chair)
    assert client.get(url("group_meeting_detail", world.other_jcpc.pk, held.pk)).status_code == 404
    other = world.group_meetings["other"]
    assert client.get(of("agenda_edit", other, world.agenda_item.pk)).status_code == 404
    assert (
        client.get(of("group_decision_edit", world.group_meetings["next"], world.group_decision.pk)).status_code == 404
    )


# --- Calling ---------------------------------------------------------------------------------------------------------
def test_the_chair_sets_a_meeting_and_lands_on_its_page(world, sign_in):
    response = sign_in(world.users.jcpc_chair).post(url("group_meeting_call", world.jcpc.pk), typed())
    meeting = GroupMeeting.objects.latest("pk")
    assert response.url == of("group_meeting_detail", meeting)
    assert timezone.localtime(meeting.starts_at).strftime("%H:%M") == "12:00"
    assert (meeting.help_words, meeting.link_is_public) == ("Lunch and child care", False)


@pytest.fixture
def known_day():
    """A noon before the clock changes that a test names; asked for before the world, which is then of that day too."""
    with time_machine.travel(dt.datetime(2026, 11, 26, 17, 0, tzinfo=dt.UTC)):
        yield


@pytest.mark.parametrize(
    ("wrong", "field", "words"),
    [
        ({"day": ""}, "day", "Write a day."),
        ({"day": "soon"}, "day", "Write the day like this"),
        ({"day": "2001-05-05"}, "day", "This time has passed"),
        ({"end": "11:00"}, "end", "It has to end after it starts"),
        ({"link": "call me"}, "link", "Write a link that starts with https://"),
        ({"day": "2028-03-12", "start": "02:30", "end": "04:00"}, "start", "This time does not exist on that day"),
        ({"day": "2027-11-07", "start": "01:30", "end": "04:00"}, "which", "That hour comes twice"),
    ],
)
def test_a_bad_time_is_said_beside_its_field_and_everything_typed_stays(known_day, world, sign_in, wrong, field, words):
    client = sign_in(world.users.jcpc_chair)
    count = GroupMeeting.objects.count()
    response = client.post(url("group_meeting_call", world.jcpc.pk), typed(**wrong))
    assert response.status_code == 422
    assert words in str(response.context["form"].errors[field])
    assert "Lunch and child care" in response.content.decode()
    assert GroupMeeting.objects.count() == count


def test_a_draft_comes_back_and_goes_when_it_is_saved(world, sign_in):
    client, path = sign_in(world.users.jcpc_chair), of("minutes_edit", world.group_meetings["held"])
    client.post(reverse("drafts:keep"), {"path": path, "minutes": "Half a sent", "version": "4"})
    page = client.get(path)
    assert page.context["form"]["minutes"].value() == "Half a sent"
    version = world.group_meetings["held"].version
    client.post(path, {"minutes": "A whole sentence", "version": version})
    assert drafts_for(world.users.jcpc_chair, path) == {}


def test_two_who_change_the_same_see_both_and_save_what_is_right(world, sign_in):
    meeting = world.group_meetings["next"]
    path = of("group_meeting_edit", meeting)
    form = sign_in(world.users.jcpc_chair).get(path).context["form"]
    values = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    sent = values | {
        "day": values["day"].isoformat(),
        "start": "12:00",
        "end": "13:00",
        "link_is_public": "",
        "version": 1,
    }
    assert sign_in(world.users.jcpc_chair).post(path, sent | {"place_words": "Library"}).status_code == 302
    response = sign_in(world.users.coordinator).post(path, sent | {"place_words": "Church", "help_words": "Soup"})
    assert response.status_code == 409
    assert [clash[1:] for clash in response.context["clashes"]] == [("Library", "Church")]
    assert response.context["form"]["help_words"].value() == "Soup"
    again = sent | {"place_words": "Library or church", "help_words": "Soup", "version": response.context["version"]}
    assert sign_in(world.users.coordinator).post(path, again).status_code == 302
    meeting.refresh_from_db()
    assert (meeting.place_words, meeting.help_words) == ("Library or church", "Soup")


def test_a_form_without_its_version_never_overwrites_unseen(world, sign_in):
    meeting = world.group_meetings["held"]
    response = sign_in(world.users.coordinator).post(of("minutes_edit", meeting), {"minutes": "Blind"})
    assert response.status_code == 409
    meeting.refresh_from_db()
    assert meeting.minutes == "Draft of the minutes"


def test_calling_off_asks_first_and_then_says_so(world, sign_in):
    meeting, client = world.group_meetings["next"], sign_in(world.users.jcpc_chair)
    assert "Call it off" in words_of(client.get(of("group_meeting_cancel", meeting)))
    response = client.post(of("group_meeting_cancel", meeting), follow=True)
    assert "This meeting was called off." in words_of(response)
    assert "already taken place or was called off" in words_of(client.get(of("group_meeting_cancel", meeting)))


# --- Answers and the next meeting ------------------------------------------------------------------------------------
def test_a_member_says_yes_and_the_bar_counts_it(world, sign_in):
    meeting, member = world.group_meetings["next"], world.users.jcpc_member
    client = sign_in(member)
    assert client.post(of("group_meeting_answer", meeting), {"coming": "yes"}).url == of(
        "group_meeting_detail", meeting
    )
    page = words_of(client.get(of("group_meeting_detail", meeting)))
    assert "Not yet. 1 said they will come. We need 2 , more than half of the 3 filled seats." in page
    assert "You said you will be there." in page
    sign_in(world.users.jcpc_parent).post(of("group_meeting_answer", meeting), {"coming": "yes"})
    assert "Yes. 2 said they will come." in words_of(client.get(of("group_meeting_detail", meeting)))


def test_a_strange_answer_is_told_and_notes_nothing(world, sign_in):
    meeting = world.group_meetings["next"]
    response = sign_in(world.users.jcpc_member).post(
        of("group_meeting_answer", meeting), {"coming": "perhaps"}, follow=True
    )
    assert "Choose yes or no." in words_of(response)
    assert not GroupAttendance.objects.filter(meeting=meeting).exists()


def test_an_answer_leads_back_to_the_page_that_asked_and_to_no_other_site(world, sign_in):
    client, path = sign_in(world.users.jcpc_member), of("group_meeting_answer", world.group_meetings["next"])
    assert client.post(path, {"coming": "no", "next": "/open/"}).url == "/open/"
    assert client.post(path, {"coming": "no", "next": "https://evil.example/"}).url != "https://evil.example/"


def test_the_facts_for_the_groups_page(world, django_assert_num_queries):
    meeting, member = world.group_meetings["next"], world.users.jcpc_member
    answer_group_meeting(meeting=meeting, by=member, coming="yes", now=timezone.now())
    forget_scope(member)
    group = type(world.jcpc).objects.select_related("kind_of").get(pk=world.jcpc.pk)
    seating = Seating(group)
    next_meeting_facts(member, group, seating)  # reads the scope
    with django_assert_num_queries(1):
        facts = next_meeting_facts(member, group, seating)
    assert (facts["next_meeting"], facts["own_coming"], facts["is_member"]) == (meeting, "yes", True)
    assert (facts["expected"].filled, facts["expected"].coming, facts["expected"].needed) == (3, 1, 2)
    stranger = next_meeting_facts(world.users.caregiver, group, seating)
    assert (stranger["next_meeting"], stranger["own_coming"], stranger["is_member"]) == (meeting, None, False)
    closed = type(group).objects.select_related("kind_of").get(pk=world.local_team.pk)
    assert next_meeting_facts(world.users.local_team_unsigned, closed, Seating(closed))["next_meeting"] is None
    quiet = type(group).objects.select_related("kind_of").get(pk=world.other_jcpc.pk)
    GroupMeeting.objects.filter(group=quiet).update(status="cancelled")
    assert next_meeting_facts(member, quiet, Seating(quiet))["next_meeting"] is None


@pytest.mark.parametrize("slug", ["jcpc_member", "caregiver"])
def test_the_part_of_the_groups_page_draws_the_facts(world, slug, rf):
    from django.template.loader import render_to_string

    group = type(world.jcpc).objects.select_related("kind_of").get(pk=world.jcpc.pk)
    user = world.people[slug]
    request = rf.get("/groups/1/")
    request.user = user
    html = render_to_string(
        "collaboratives/parts/group_next_meeting.html", next_meeting_facts(user, group, Seating(group)), request=request
    )
    assert ("I will be there" in html) == (slug == "jcpc_member")
    assert html.count("mk-off") == 3 and "mk-need" in html and "County Annex" in html


# --- What somebody who only may know of the meeting sees -------------------------------------------------------------
def test_drafts_names_and_votes_stay_inside_until_the_minutes_are_approved(world, sign_in):
    meeting = world.group_meetings["held"]
    secrets = ("Draft of the minutes", "Ask for evening hours", "A mother said what helps.", "Owen Grant")
    inside = words_of(sign_in(world.users.jcpc_parent).get(of("group_meeting_detail", meeting)))
    assert all(words in inside for words in secrets)
    for slug in ("caregiver", "other_jcpc_chair", "former_jcpc", "state_cochair", "other_coordinator"):
        page = words_of(sign_in(world.people[slug]).get(of("group_meeting_detail", meeting)))
        assert "Evening counseling" in page
        assert not [words for words in secrets if words in page], slug


def test_the_link_is_for_members_unless_it_is_made_public(world, sign_in):
    meeting = world.group_meetings["next"]
    GroupMeeting.objects.filter(pk=meeting.pk).update(link="https://video.example.org/1")
    for slug, sees in (("jcpc_member", True), ("caregiver", False)):
        page = sign_in(world.people[slug]).get(of("group_meeting_detail", meeting))
        assert ("video.example.org" in page.content.decode()) is sees
    GroupMeeting.objects.filter(pk=meeting.pk).update(link_is_public=True)
    page = sign_in(world.users.caregiver).get(of("group_meeting_detail", meeting))
    assert "video.example.org" in page.content.decode()


# --- Agenda, attendance, decisions -----------------------------------------------------------------------------------
def test_any_member_adds_to_the_agenda_and_nothing_is_not_added(world, sign_in):
    meeting, client = world.group_meetings["next"], sign_in(world.users.jcpc_parent)
    response = client.post(of("agenda_add", meeting), {"text": "A later bus"})
    assert response.url == of("group_meeting_detail", meeting) + "#agenda"
    assert "A later bus" in words_of(client.get(of("group_meeting_detail", meeting)))
    assert client.post(of("agenda_add", meeting), {"text": "   "}).status_code == 422


def test_writers_of_an_open_group_are_reminded_that_everybody_reads_it(world, sign_in):
    held = world.group_meetings["held"]
    client = sign_in(world.users.jcpc_chair)
    for path in (of("minutes_edit", held), of("agenda_add", held), url("recommendation_add", world.jcpc.pk)):
        assert "names of families" in words_of(client.get(path))
    closed = called_before(world.local_team, timezone.now() - 2 * DAY, by=world.users.local_team_chair)
    client = sign_in(world.users.local_team_chair)
    for path in (of("minutes_edit", closed), of("agenda_add", closed)):
        assert "names of families" not in words_of(client.get(path))


def attendance_form(page):
    form = page.context["form"]
    return dict(form.seen()) | {name: form[name].value() or "" for name in form.fields}


def test_two_note_who_was_there_at_once_and_neither_undoes_the_other(world, sign_in):
    meeting = called_before(world.jcpc, timezone.now() - 2 * DAY, by=world.users.jcpc_chair)
    path = of("group_attendance", meeting)
    sent = attendance_form(sign_in(world.users.jcpc_chair).get(path))
    chair, member = (f"term-{world.terms[slug].pk}" for slug in ("jcpc_chair", "jcpc_member"))
    sign_in(world.users.jcpc_chair).post(path, sent | {chair: "came"})
    assert sign_in(world.users.coordinator).post(path, sent | {member: "remote"}).status_code == 302
    noted = dict(GroupAttendance.objects.filter(meeting=meeting).values_list("term__name", "presence"))
    assert noted == {"Harriet Cole": "came", "Owen Grant": "remote"}
    response = sign_in(world.users.coordinator).post(path, sent | {chair: "away"})
    assert response.status_code == 422
    assert "Somebody else just noted something else: Came" in str(response.context["form"].errors[chair])


def test_only_seats_that_allow_it_offer_somebody_in_the_members_place(world, sign_in):
    meeting = called_before(world.jcpc, timezone.now() - 2 * DAY, by=world.users.jcpc_chair)
    form = sign_in(world.users.jcpc_chair).get(of("group_attendance", meeting)).context["form"]
    for slug, may in (("jcpc_member", True), ("jcpc_parent", False)):
        choices = dict(form.fields[f"term-{world.terms[slug].pk}"].choices)
        assert ("designee" in choices) is may


def test_from_the_count_to_the_vote(world, sign_in):
    meeting = called_before(world.jcpc, timezone.now() - 2 * DAY, by=world.users.jcpc_chair)
    client = sign_in(world.users.jcpc_chair)
    vote = {"text": "Fund the van", "votes_for": "2", "votes_against": ""}
    response = client.post(of("group_decision_add", meeting), vote)
    assert response.status_code == 422 and "Write down first who was there" in words_of(response)
    response = client.post(of("group_meeting_hold", meeting), follow=True)
    assert "Note first who was there." in words_of(response)
    sent = attendance_form(client.get(of("group_attendance", meeting)))
    one, two = (f"term-{world.terms[slug].pk}" for slug in ("jcpc_chair", "jcpc_member"))
    client.post(of("group_attendance", meeting), sent | {one: "came", two: "away"})
    response = client.post(of("group_meeting_hold", meeting), follow=True)
    assert "There were too few members to vote." in words_of(response)
    response = client.post(of("group_decision_add", meeting), vote)
    assert response.status_code == 422
    assert "Members who were there: 1. Needed to vote: 3" in str(response.context["form"].errors["votes_for"])
    assert "Fund the van" in response.content.decode()
    client.post(of("group_decision_add", meeting), {"text": "Ask again in May"})
    page = words_of(client.get(of("group_meeting_detail", meeting)))
    assert "1 of 4 members was there." in page and "That was not enough to vote: 3 are needed." in page
    assert "Ask again in May Without a vote" in page


# --- Minutes ---------------------------------------------------------------------------------------------------------
def test_a_chair_approves_what_the_page_showed(world, sign_in):
    meeting, client = world.group_meetings["held"], sign_in(world.users.jcpc_chair)
    seen = client.get(of("group_meeting_detail", meeting)).context["record"].seen_hash
    version = meeting.version
    change_minutes(
        meeting=meeting, by=world.users.coordinator, base_version=version, text="Changed", now=timezone.now()
    )
    response = client.post(of("minutes_approve", meeting), {"seen_hash": seen}, follow=True)
    assert "Somebody changed the minutes since you opened them." in words_of(response)
    seen = response.context["record"].seen_hash
    response = client.post(of("minutes_approve", meeting), {"seen_hash": seen}, follow=True)
    assert "Nobody can change them now. Everybody can read them." in words_of(response)
    meeting.refresh_from_db()
    assert meeting.minutes_hash == seen == hash_of(content_of(meeting))
    assert "Changed" in words_of(sign_in(world.users.caregiver).get(of("minutes_print", meeting)))


def test_frozen_minutes_refuse_a_form_that_was_open_and_keep_what_was_typed(world, sign_in):
    meeting = approved(world.jcpc, timezone.now() - 50 * DAY, by=world.users.jcpc_chair, words="Open words")
    response = sign_in(world.users.coordinator).post(
        of("minutes_edit", meeting), {"minutes": "Too late", "version": meeting.version}
    )
    assert response.status_code == 422
    assert "Put a correction on the agenda of the next meeting" in words_of(response)
    assert response.context["form"]["minutes"].value() == "Too late"


def test_the_approved_page_offers_nothing_to_change(world, sign_in):
    meeting = approved(world.jcpc, timezone.now() - 50 * DAY, by=world.users.jcpc_chair, words="Open words")
    html = sign_in(world.users.jcpc_chair).get(of("group_meeting_detail", meeting)).content.decode()
    for name in ("agenda_add", "minutes_edit", "group_attendance", "group_decision_add", "group_meeting_edit"):
        assert f'"{of(name, meeting)}"' not in html


def test_a_writer_sees_what_the_minutes_said_before(world, sign_in):
    meeting = world.group_meetings["held"]
    change_minutes(
        meeting=meeting, by=world.users.coordinator, base_version=meeting.version, text="Second", now=timezone.now()
    )
    page = sign_in(world.users.jcpc_chair).get(of("minutes_edit", meeting))
    assert [(row["text"], row["name"]) for row in page.context["history"]] == [("Draft of the minutes", "Harriet Cole")]


def test_printed_minutes_hold_the_record_and_no_forms(world, sign_in):
    page = sign_in(world.users.jcpc_member).get(of("minutes_print", world.group_meetings["held"]))
    main = page.content.decode().split('<main id="main">')[1].split("</main>")[0]
    assert "Draft of the minutes" in main and "Ask for evening hours" in main
    assert "<form" not in main and "Write the minutes" not in main


def test_what_a_meeting_recommends_stands_with_it(world, sign_in):
    Recommendation.objects.filter(pk=world.recommendation.pk).update(meeting=world.group_meetings["held"])
    page = sign_in(world.users.caregiver).get(of("group_meeting_detail", world.group_meetings["held"]))
    assert "Pay for evening hours" in words_of(page)


def test_a_meeting_with_no_agenda_and_one_without_members_have_their_words(world, sign_in):
    meeting = world.group_meetings["other"]
    page = words_of(sign_in(world.users.caregiver).get(of("group_meeting_detail", meeting)))
    assert "Nothing is on the agenda yet." in page
    hold(called_before(world.jcpc, timezone.now() - 2 * DAY, by=world.users.jcpc_chair), by=world.users.jcpc_chair)
