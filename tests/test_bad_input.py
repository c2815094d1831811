"""What people paste and send by mistake: copied from Word, far too long, about something that is gone. Nothing is lost,
nothing is run, and what is wrong stands beside its field."""

from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from soc_portal.pages import CHUNK
from teams.actions.items import add_item, end_item
from teams.actions.plans import agree_for_family, content_of, hash_of
from teams.actions.talk import suggest
from teams.models import Answer, Comment, Need, Suggestion, Words
from tests.test_item_pages import add_url, errors, url
from tests.test_plan_pages import body
from tests.test_plan_pages import url as plan_url
from tests.typed import drafts_for

FROM_WORD = (
    '<p class=MsoNormal style="mso-margin-top-alt:auto"><o:p>\u00a0</o:p>\u201cHe\u2019s calm\u201d \u2014\r\n'
    "one\x0btwo\x0cthree\x07\x1f\x1b \u200bfour\u200d\ufeff</p><script>alert(1)</script>"
)
AS_KEPT = (
    '<p class=MsoNormal style="mso-margin-top-alt:auto"><o:p>\u00a0</o:p>\u201cHe\u2019s calm\u201d \u2014\n'
    "one\ntwo\nthree \u200bfour\u200d\ufeff</p><script>alert(1)</script>"
)
TOO_LONG = "This is too long to save. Please write it in two parts."
FIVE_MB = 5 * 1024 * 1024


@pytest.fixture
def place(world):
    """A need, other words that the social worker suggests for it, and a version that the family agreed to."""
    world.need = add_item(team=world.team, by=world.users.facilitator, item=Need(text="Old words"))
    world.other = suggest(
        team=world.team, item=world.need, membership=world.members["dss_worker"], base_version=1, text="New words",
        why="", by=world.users.dss_worker,
    )  # fmt: skip
    agree_for_family(team=world.team, by=world.users.caregiver, seen_hash=hash_of(content_of(world.team)))
    return world


def talk(world, name="item_talk", **more):
    kwargs = {"team_id": world.team.pk, "kind": "need", "item_id": world.need.pk} | more
    return reverse(f"teams:{name}", kwargs=kwargs)


def long_texts(world):
    """Each long text that is typed around a plan: its address, the field, what goes with it, where it is kept."""
    answer = talk(world, "suggestion_answer", suggestion_id=world.other.pk)
    to_plan = {"number": 1, "kind": "partly"}
    return {
        "need": (url(world, "need", world.need), "text", {"version": 1, "domain": "home"}, Need, "text"),
        "own words": (url(world, "words", world.items["words"]), "text", {"version": 1}, Words, "text"),
        "comment": (talk(world), "text", {}, Comment, "text"),
        "suggestion": (talk(world, "suggestion_add"), "text", {"base_version": 1}, Suggestion, "text"),
        "why": (talk(world, "suggestion_add"), "why", {"base_version": 1, "text": "Other"}, Suggestion, "why"),
        "answer to a suggestion": (answer, "words", {"accept": "no"}, Suggestion, "answer_words"),
        "answer to the plan": (plan_url(world, "plan_answer"), "words", to_plan, Answer, "words"),
    }  # fmt: skip


TEXTS = ["need", "own words", "comment", "suggestion", "why", "answer to a suggestion", "answer to the plan"]


def send(client, address, data):
    """As a browser sends a form."""
    return client.post(address, urlencode(data), content_type="application/x-www-form-urlencoded")


@pytest.mark.parametrize("what", TEXTS)
def test_what_is_copied_from_word_is_kept_as_plain_text_without_its_unseen_signs(place, sign_in, what):
    client = sign_in(place.users.caregiver)
    address, field, data, model, column = long_texts(place)[what]
    assert send(client, address, data | {field: FROM_WORD}).status_code == 302
    assert model.objects.filter(**{column: AS_KEPT}).count() == 1
    page = plan_url(place) if what in ("own words", "answer to the plan") else talk(place)
    html = body(client.get(page))
    assert "&lt;o:p&gt;" in html
    assert "<o:p>" not in html and "<script>alert" not in html


@pytest.mark.parametrize("nothing", ["\u200b", " \ufeff\u200d\n", "\x07\x0b"])
def test_signs_that_nobody_sees_are_no_words(place, sign_in, nothing):
    client = sign_in(place.users.caregiver)
    assert errors(send(client, add_url(place, "need"), {"text": nothing})) == ["Write what you need."]
    assert errors(send(client, talk(place), {"text": nothing})) == ["Write something."]
    assert not Comment.objects.filter(item_id=place.need.pk, item_kind=place.need.kind).exists()


@pytest.mark.parametrize("what", TEXTS)
def test_five_megabytes_are_too_long_which_is_said_at_the_field_and_the_text_stays(place, sign_in, what):
    client = sign_in(place.users.caregiver)
    address, field, data, model, column = long_texts(place)[what]
    text = "\u00e9" * (FIVE_MB // 2) if what == "need" else "a" * FIVE_MB  # a form makes six letters of an accented one
    response = send(client, address, data | {field: text})
    assert errors(response) == [TOO_LONG]
    is_kept = text in response.content.decode()
    assert is_kept
    assert not model.objects.filter(**{f"{column}__startswith": text[:1000]}).exists()


@pytest.mark.parametrize("language", ["en", "es"])
def test_more_than_can_be_read_gets_a_page_that_says_so_and_the_draft_stays(
    place, sign_in, csrf_client, settings, language
):
    rosa, address = place.users.caregiver, url(place, "need", place.need)
    rosa.language = language
    rosa.save(update_fields=["language"])
    sign_in(rosa).post(reverse("drafts:keep"), {"path": address, "text": "Half a need", "version": 1})
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * CHUNK
    csrf_client.force_login(rosa, backend="django.contrib.auth.backends.ModelBackend")
    response = send(csrf_client, address, {"text": "a" * 4 * CHUNK, "version": 1, "domain": "home"})
    with translation.override(language):
        words = gettext("That was too much at once")
    assert response.status_code == 413
    assert f'<html lang="{language}">' in response.content.decode()
    assert words in response.content.decode()
    assert drafts_for(rosa, address)["text"] == "Half a need"
    assert Need.objects.get(pk=place.need.pk).text == "Old words"


def test_more_fields_than_any_form_has_get_the_same_page_and_other_nonsense_its_own(place, sign_in, settings):
    client, address = sign_in(place.users.caregiver), url(place, "need", place.need)
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 5
    assert send(client, address, {f"field{n}": "x" for n in range(9)}).status_code == 413
    response = client.get("/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert "We could not read that" in response.content.decode()


def test_other_words_for_a_part_that_is_gone_wait_and_what_was_typed_about_them_stays(place, sign_in):
    end_item(team=place.team, item=place.need, by=place.users.facilitator)
    answer = talk(place, "suggestion_answer", suggestion_id=place.other.pk)
    response = send(sign_in(place.users.caregiver), answer, {"accept": "yes", "words": "We like it"})
    html = response.content.decode()
    assert response.status_code == 422
    assert "This part was taken away. Bring it back first, then say it." in html
    assert "We like it" in html
    assert Suggestion.objects.get(pk=place.other.pk).state == "open"


def test_an_answer_that_comes_second_changes_nothing_and_is_not_lost(place, sign_in):
    client, answer = sign_in(place.users.caregiver), talk(place, "suggestion_answer", suggestion_id=place.other.pk)
    assert send(client, answer, {"accept": "no", "words": "First"}).status_code == 302
    response = send(client, answer, {"accept": "yes", "words": "Second"})
    assert response.status_code == 422
    assert "This was answered already." in response.content.decode()
    assert "Second" in " ".join(response.content.decode().split())
    assert Need.objects.get(pk=place.need.pk).text == "Old words"


def test_agreeing_for_a_family_that_is_not_ones_own_finds_nothing(place, sign_in):
    client = sign_in(place.users.other_caregiver)
    for name in ("plan_agree", "plan_put_forward", "plan_answer"):
        response = client.post(plan_url(place, name), {"seen_hash": hash_of(content_of(place.team))})
        assert response.status_code == 404, name
    assert place.team.plan_versions.count() == 1
