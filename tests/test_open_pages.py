"""What anybody reads of open groups without signing in; of a closed group there is nothing anywhere."""

import datetime as dt
import re
from html import unescape

import pytest
import textstat
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from collaboratives.actions.group_meetings import cancel_group_meeting
from collaboratives.models import Collaborative, GroupMeeting, Recommendation
from tests.parts import group_meetings as part
from tests.parts.group_meetings import approved, call, recommend
from tests.test_static_pages import words_of

DAY = dt.timedelta(days=1)
BUDGET = 15


def url(name, *numbers):
    return reverse(f"collaboratives:{name}", args=numbers)


def text_of(response):
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def meetings_on(response):
    return list(response.context["page"])


# --- Nothing of a closed group ---------------------------------------------------------------------------------------
def every_public_page(world):
    """Every address of the public pages, with every number there is and one that there is not."""
    for query in ("", "?when=past", "?county=37001", "?county=37001&when=past", "?county=state", "?page=2"):
        yield url("open_meetings") + query
    for group in [*Collaborative.objects.values_list("pk", flat=True), 999_999]:
        yield url("open_group", group)
    for meeting in [*GroupMeeting.objects.values_list("pk", flat=True), 999_999]:
        yield url("open_meeting", meeting)


def test_no_public_page_says_a_word_of_a_closed_group(client, world):
    secrets = ["Alamance County Local Team", "Sealed", "Helen Ames", "Tom Rusk", f"/groups/{world.local_team.pk}/"]
    secrets += [f"/open/meetings/{world.group_meetings[name].pk}/" for name in ("closed", "closed_next")]
    opened = 0
    for address in every_public_page(world):
        response = client.get(address)
        assert response.status_code in (200, 404), address
        opened += response.status_code == 200
        html = response.content.decode().replace(f'value="{address}"', "")  # the language form holds its own address
        assert not [secret for secret in secrets if secret in html], address
    assert opened > 10


def test_a_closed_group_answers_as_one_that_does_not_exist(client, world):
    absent = client.get(url("open_group", 999_999))
    hidden = client.get(url("open_group", world.local_team.pk))
    assert absent.status_code == hidden.status_code == 404
    same = [response.content.decode() for response in (absent, hidden)]
    stripped = [re.sub(r'value="[^"]*"', "", html) for html in same]
    assert stripped[0] == stripped[1]
    for name in ("closed", "closed_next"):
        assert client.get(url("open_meeting", world.group_meetings[name].pk)).status_code == 404


def test_a_member_of_the_closed_group_finds_it_here_as_little(sign_in, world):
    client = sign_in(world.users.local_team_chair)
    assert client.get(url("open_group", world.local_team.pk)).status_code == 404
    assert client.get(url("open_meeting", world.group_meetings["closed"].pk)).status_code == 404


def test_a_group_that_was_ended_is_gone(client, world):
    Collaborative.objects.filter(pk=world.jcpc.pk).update(ended_at=timezone.now(), ended_by=world.users.coordinator)
    assert client.get(url("open_group", world.jcpc.pk)).status_code == 404
    assert client.get(url("open_meeting", world.group_meetings["next"].pk)).status_code == 404


# --- The list --------------------------------------------------------------------------------------------------------
def test_meetings_to_come_are_exact_and_the_nearest_stands_first(client, world):
    found = meetings_on(client.get(url("open_meetings")))
    assert found == [world.group_meetings[name] for name in ("other", "next", "state")]


def test_past_meetings_are_exact_and_the_newest_stands_first(client, world):
    older = approved(world.jcpc, timezone.now() - 50 * DAY, by=world.users.jcpc_chair, words="Open words")
    found = meetings_on(client.get(url("open_meetings"), {"when": "past"}))
    assert found == [world.group_meetings["held"], older]


@pytest.mark.parametrize(
    ("county", "wanted"),
    [("37001", ["next"]), ("37063", ["other"]), ("state", ["state"]), ("99999", ["other", "next", "state"])],
)
def test_a_county_shows_its_own_meetings_and_groups(client, world, county, wanted):
    response = client.get(url("open_meetings"), {"county": county})
    assert meetings_on(response) == [world.group_meetings[name] for name in wanted]
    groups = {"37001": [world.jcpc], "37063": [world.other_jcpc], "state": [world.state_group], "99999": []}
    assert response.context["groups"] == groups[county]


def test_a_meeting_that_was_called_off_is_shown_as_called_off(client, world):
    cancel_group_meeting(meeting=world.group_meetings["next"], by=world.users.jcpc_chair)
    response = client.get(url("open_meetings"))
    assert world.group_meetings["next"] in meetings_on(response)
    assert "Called off" in text_of(response)
    assert "No meeting is set yet." in text_of(client.get(url("open_group", world.jcpc.pk)))


def test_the_list_has_pages_and_keeps_what_was_asked(client, world):
    for days in range(21):
        call(world.jcpc, timezone.now() + (60 + days) * DAY, by=world.users.jcpc_chair)
    response = client.get(url("open_meetings"), {"county": "37001"})
    assert len(meetings_on(response)) == 20
    assert 'href="?county=37001&amp;page=2"' in response.content.decode()
    assert len(meetings_on(client.get(url("open_meetings"), {"county": "37001", "page": "2"}))) == 2
    assert len(meetings_on(client.get(url("open_meetings"), {"county": "37001", "page": "junk"}))) == 20


# --- One group and one meeting ---------------------------------------------------------------------------------------
def test_a_group_shows_who_leads_it_its_next_meeting_and_what_it_recommends(client, world):
    page = text_of(client.get(url("open_group", world.jcpc.pk)))
    assert "Harriet Cole , chair" in page
    assert "Owen Grant" not in page and "Perry Stone" not in page  # members without an office; one who left
    assert "Pay for evening hours" in page and "Sent to State Collaborative" in page
    assert "No minutes are approved yet." in page


def test_before_approval_notice_and_agenda_are_public_and_nothing_that_was_said(client, world):
    page = text_of(client.get(url("open_meeting", world.group_meetings["held"].pk)))
    assert "Evening counseling" in page
    for words in ("Draft of the minutes", "Ask for evening hours", "A mother said what helps.", "4 members"):
        assert words not in page
    assert "The minutes are here once the group has approved them." in page


def test_after_approval_the_record_is_public_with_counts_and_without_names(client, world):
    meeting = approved(world.jcpc, timezone.now() - 50 * DAY, by=world.users.jcpc_chair, words="Open words")
    page = text_of(client.get(url("open_meeting", meeting.pk)))
    for words in ("Open words (agenda)", "Open words (decision)", "of 4 members were there", "That was enough to vote"):
        assert words in page
    for name in ("Harriet Cole", "Owen Grant", "Wanda Pickard", "Perry Stone"):
        assert name not in page
    assert url("open_meeting", meeting.pk) in client.get(url("open_group", world.jcpc.pk)).content.decode()


def test_the_link_is_public_only_where_it_was_made_so_and_only_before_the_meeting(client, world):
    meeting = GroupMeeting.objects.filter(pk=world.group_meetings["next"].pk)
    meeting.update(link="https://video.example.org/1")
    address = url("open_meeting", world.group_meetings["next"].pk)
    assert "video.example.org" not in client.get(address).content.decode()
    meeting.update(link_is_public=True)
    assert "video.example.org" in client.get(address).content.decode()
    meeting.update(status="cancelled")
    assert "video.example.org" not in client.get(address).content.decode()


def test_no_page_shows_an_address_of_mail_or_who_wrote_it(client, world):
    approved(world.jcpc, timezone.now() - 50 * DAY, by=world.users.jcpc_chair, words="Open words")
    for address in every_public_page(world):
        html = client.get(address).content.decode()
        assert "@test.example" not in html and "Marcus Bell" not in html, address


# --- How it is made --------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_visitor_reads_it_in_both_languages(client, world, language):
    for address in (url("open_meetings"), url("open_group", world.jcpc.pk),
                    url("open_meeting", world.group_meetings["next"].pk)):  # fmt: skip
        response = client.get(address, headers={"accept-language": language})
        assert f'<html lang="{language}">' in response.content.decode()
    page = text_of(client.get(url("open_group", world.jcpc.pk), headers={"accept-language": "es"}))
    assert "Consejo de Prevención de Delitos Juveniles" in page


def test_the_list_reads_easily(client, world):
    assert textstat.flesch_kincaid_grade(words_of(client.get(url("open_meetings")).content.decode())) <= 8


def test_visitors_cost_few_queries_and_the_same_with_more_to_show(client, world):
    addresses = [
        url("open_meetings"), url("open_meetings") + "?when=past&county=37001", url("open_group", world.jcpc.pk),
        url("open_meeting", world.group_meetings["held"].pk),
    ]  # fmt: skip

    def counts():
        found = {}
        for address in addresses:
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            found[address] = len(queries)
            assert not [query for query in queries if "django_session" in query["sql"]]
        return found

    part.grow(world, 1)
    before = counts()
    assert max(before.values()) <= BUDGET
    for number in (2, 3):
        part.grow(world, number)
    assert counts() == before


def test_they_take_no_posts(client, world):
    for address in (url("open_meetings"), url("open_group", world.jcpc.pk)):
        assert client.post(address).status_code == 405


def test_what_people_wrote_is_shown_as_they_wrote_it(client, world):
    row = recommend(world.jcpc, "<script>alert(1)</script> & more", by=world.users.jcpc_chair)
    assert Recommendation.objects.filter(pk=row.pk).exists()
    html = client.get(url("open_group", world.jcpc.pk)).content.decode()
    assert "<script>alert" not in html and "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in html
