"""Pages for families read at US grade 6 or lower in English, and as easily in Spanish (Fernandez-Huerta 70 or more).

Measured on the portal's own words as the caregiver sees them: what people typed, names, dates and numbers are cut out.
"""

import datetime as dt
import re
from html.parser import HTMLParser

import pytest
import textstat
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.dates import MONTHS, MONTHS_AP, WEEKDAYS
from django.utils.translation import override

from families.models import Person
from soc_portal import pages
from teams.actions.grants import give_grant
from teams.actions.invitations import invite_by_email
from teams.actions.memberships import choose_member, propose_member
from teams.actions.plans import agree_for_family, content_of, hash_of
from teams.enums import MemberKind
from teams.models import Meeting, Membership

#: US school grade at most (Flesch-Kincaid), and ease of reading at least (Fernandez-Huerta: 70 to 80 is grade 6).
HARDEST = {"en": 6, "es": 70}
#: Fewer words than this say nothing about a page; only its few labels are left.
ENOUGH_WORDS = 20
INLINE = {"a", "abbr", "b", "bdi", "cite", "code", "em", "i", "kbd", "span", "strong", "sub", "sup"}
EMPTY = {"br", "hr", "img", "input", "link", "meta", "wbr"}
#: Lists to choose from (counties, languages) are not prose; quotes and `dir="auto"` are what people said.
NOT_OURS = {"svg", "script", "style", "template", "select", "textarea", "blockquote", "q"}


class OwnWords(HTMLParser):
    """What can be seen of `<main>`, one block a line."""

    def __init__(self):
        super().__init__()
        self.lines, self.open, self.hidden_from, self.in_main = [""], [], None, False

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        classes = set((attrs.get("class") or "").split())
        if tag == "main":
            self.in_main = True
        if tag not in INLINE or classes & {"btn", "link", "chip", "badge"}:
            self.lines.append("")
        if tag in EMPTY:
            return
        self.open.append(tag)
        unseen = "hidden" in attrs or attrs.get("aria-hidden") == "true" or "vh" in classes
        if self.hidden_from is None and (tag in NOT_OURS or unseen or "dir" in attrs or classes & {"voice", "say"}):
            self.hidden_from = len(self.open)

    def handle_endtag(self, tag):
        if tag not in self.open:
            return
        while self.open.pop() != tag:
            pass
        if self.hidden_from is not None and len(self.open) < self.hidden_from:
            self.hidden_from = None
        if tag == "main":
            self.in_main = False
        if tag not in INLINE:
            self.lines.append("")

    def handle_data(self, data):
        if self.in_main and self.hidden_from is None:
            self.lines[-1] += data


def own_words(html, typed):
    """The portal's own sentences on a page. `typed` matches what people wrote, names, dates and numbers."""
    parser = OwnWords()
    parser.feed(html)
    lines = (re.sub(r"\s+", " ", typed.sub(" ", line)).strip(" ,;:·") for line in parser.lines)
    return "\n".join(line if line[-1] in ".?!" else f"{line}." for line in lines if re.search(r"\w", line))


def typed_in(language):
    """A pattern of everything that somebody stored as text, every word of a name, and every date and number."""
    texts, names = set(), set()
    for model in apps.get_models():
        if model._meta.app_label in ("accounts", "collaboratives", "families", "referrals", "teams"):
            for field in model._meta.get_fields():
                if isinstance(field, models.CharField | models.TextField) and not field.choices:
                    found = {str(text).strip() for text in model._base_manager.values_list(field.name, flat=True)}
                    texts |= found
                    if model in (get_user_model(), Person, Membership) and field.name == "name":
                        names |= {word for text in found for word in text.split()}
    with override(language):
        dates = {str(word) for words in (MONTHS, MONTHS_AP, WEEKDAYS) for word in words.values()}
    words = sorted((text for text in texts | names | dates if len(text) > 2), key=len, reverse=True)
    phrases = "|".join(re.escape(word) for word in words)
    return re.compile(rf"\b(?:{phrases})(?!\w)|\b[ap]\.?m\b\.?|\S*\d\S*|\S+@\S+|https?:\S+")


@pytest.fixture
def lived_in(world):
    """The world with an agreed plan, a meeting that was, a link to join, and somebody who may look for a while."""
    rosa, team, now = world.users.caregiver, world.team, timezone.now()
    agree_for_family(team=team, by=rosa, seen_hash=hash_of(content_of(team)))
    give_grant(
        team=team, user=world.users.other_facilitator, sections=["plan"], reason="Reads the plan to us",
        until=now + dt.timedelta(days=5), by=rosa,
    )  # fmt: skip
    world.chosen = choose_member(
        membership=propose_member(team=team, by=rosa, name="Mrs. Lee", kind=MemberKind.NATURAL), by=rosa
    )
    row = invite_by_email(membership=world.chosen, address="lee@test.example", by=rosa)
    world.token = row.token
    long_ago = {"starts_at": now - dt.timedelta(hours=3), "ends_at": now - dt.timedelta(hours=2)}
    Meeting.objects.filter(pk=world.court_meeting.pk).update(**long_ago)
    return world


def for_everybody(world):
    """{name: address} of pages that need no account."""
    return {name: reverse(name) for name in (*pages.NAMES, "account_login", "account_signup", "password_sign_in")} | {
        "account_confirm_login_code": reverse("account_confirm_login_code"),
        "signed out": reverse("accounts:signed_out"),
        "reset": reverse("account_reset_password"),
        "code on paper": reverse("teams:invitation_code"),
        "link": reverse("teams:invitation_link", args=[world.token]),
        "spent link": reverse("teams:invitation_link", args=["no-such-token"]),
        "referral by link": reverse("referrals:referral_link", args=[world.referral_link.token]),
        "spent referral link": reverse("referrals:referral_link", args=["no-such-token"]),
        "no such page": "/no-such-page/",
    }


def of_the_team(world):
    """{name: address} of the team's pages as the caregiver opens them."""
    team, members, meeting = world.team.pk, world.members, world.meeting.pk
    under = {"goal": f"?under={world.items['need'].pk}", "step": f"?under={world.items['goal'].pk}"}
    under |= dict.fromkeys(("topic", "note", "decision"), f"?meeting={meeting}")
    kinds = ("strength", "need", "goal", "step", "topic", "note", "decision")
    found = {name: reverse(f"teams:{name}", args=[team]) for name in (
        "team_detail", "plan_detail", "plan_history", "plan_answer", "meeting_list", "meeting_call", "sharing_detail",
        "grant_give", "look_list", "member_list", "member_propose",
    )}  # fmt: skip
    found |= {"referral_list": reverse("teams:referral_list", args=[team])}
    found |= {"referral_add": reverse("teams:referral_add", args=[team]) + f"?need={world.items['need'].pk}"}
    found |= {f"referral_{page} {key}": reverse(f"teams:referral_{page}", args=[team, world.referrals[key].pk])
              for page, key in (("detail", "draft"), ("detail", "requested"), ("detail", "accepted"), ("edit", "draft"),
                                ("send", "draft"), ("send", "accepted"), ("stop", "requested"), ("move", "accepted"),
                                ("visit", "accepted"))}  # fmt: skip
    found |= {"home": reverse("home"), "team_list": reverse("teams:team_list"), "search": reverse("teams:search")}
    found |= {"team_ask": reverse("teams:team_ask"), "search nothing": reverse("teams:search") + "?q=zzzz"}
    found |= {name: reverse(f"teams:{name}", args=[team, meeting]) for name in (
        "meeting_detail", "meeting_edit", "meeting_cancel",
    )}  # fmt: skip
    found |= {f"past {name}": reverse(f"teams:{name}", args=[team, world.court_meeting.pk]) for name in (
        "meeting_detail", "attendance_edit",
    )}  # fmt: skip
    found |= {f"add {kind}": reverse("teams:item_add", args=[team, kind]) + under.get(kind, "") for kind in kinds}
    for page, kind in (("edit", "words"), ("edit", "step"), ("end", "need"), ("end", "topic"), ("history", "step")):
        found[f"{page} {kind}"] = reverse(f"teams:item_{page}", args=[team, kind, world.items[kind].pk])
    found |= {
        "plan_compare": reverse("teams:plan_compare", args=[team]),
        "plan_version": reverse("teams:plan_version", args=[team, 1]),
        "sharing_edit": reverse("teams:sharing_edit", args=[team, members["provider"].pk]),
        "member_end": reverse("teams:member_end", args=[team, members["grandmother"].pk]),
        "barrier_list": reverse("teams:barrier_list", args=[team]),
        "barrier_raise": reverse("teams:barrier_raise", args=[team]),
        "barrier_join": reverse("teams:barrier_join", args=[team, world.barriers["of_another_team"].pk]),
        **{
            f"barrier_{name}": reverse(f"teams:barrier_{name}", args=[team, world.raised["draft"].pk])
            for name in ("edit", "send", "end")
        },
        "step back": reverse("teams:member_end", args=[team, members["caregiver"].pk]),
        "member_invite": reverse("teams:member_invite", args=[team, world.chosen.pk]),
    }
    return found


def of_the_family(world):
    """{name: address} of the family's and the caregiver's own pages."""
    family, home = world.family.pk, world.home.pk
    return {
        name: reverse(f"families:{name}", args=[family, *more])
        for name, more in {
            "family_detail": [], "family_edit": [], "person_add": [], "person_edit": [world.mateo.pk],
            "household_add": [], "household_edit": [home], "household_sharing": [home],
        }.items()
    } | {
        "profile": reverse("accounts:profile_edit"), "security": reverse("accounts:security"),
        "change email": reverse("account_email"), "password": reverse("account_set_password"),
    }  # fmt: skip


def measured(text, language):
    textstat.set_lang("en_US" if language == "en" else "es")
    return textstat.flesch_kincaid_grade(text) if language == "en" else textstat.fernandez_huerta(text)


def too_hard(client, addresses, language):
    """{page: (its measure, its words)} of pages that are harder than they may be; a page that is gone is hard too."""
    typed, found = typed_in(language), {}
    for name, address in addresses.items():
        response = client.get(address, follow=True, headers={"accept-language": language})
        assert f'<html lang="{language}">' in response.content.decode(), name
        text = own_words(response.content.decode(), typed)
        value = measured(text, language)
        easy = value <= HARDEST[language] if language == "en" else value >= HARDEST[language]
        enough = len(text.split()) >= ENOUGH_WORDS
        if response.status_code not in (200, 404) or (enough and not easy):
            found[name] = (response.status_code, value, text)
    return found


@pytest.fixture(autouse=True)
def english_again():
    yield
    textstat.set_lang("en_US")


@pytest.mark.parametrize("language", HARDEST)
def test_a_visitor_can_read_every_page(client, lived_in, language):
    client.post(reverse("account_login"), {"email": lived_in.users.caregiver.email})
    assert too_hard(client, for_everybody(lived_in), language) == {}


@pytest.mark.parametrize("language", HARDEST)
def test_a_caregiver_can_read_every_page(sign_in, lived_in, language):
    get_user_model().objects.filter(pk=lived_in.users.caregiver.pk).update(language=language)
    client = sign_in(lived_in.users.caregiver)
    assert too_hard(client, of_the_team(lived_in) | of_the_family(lived_in), language) == {}


def test_only_the_portals_own_words_are_measured(world):
    typed = typed_in("en")
    page = """<header>Sign out</header><main><h1>Our <b>plan</b></h1><p>Rosa wrote this on Monday, May 4, 5:30 pm.</p>
    <blockquote>Nobody counts</blockquote><p hidden>nor me</p><p dir="auto">Mateo keeps going.</p><a class="btn">Go</a>
    <ul><li>Mateo keeps going.</li><li>One <span class="vh">not seen</span></li></ul></main>"""
    assert own_words(page, typed).splitlines() == ["Our plan.", "wrote this on.", "Go.", "One."]
