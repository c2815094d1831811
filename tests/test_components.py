"""The parts of the look: safe with any name, right for screen readers, and readable in light, dark and night."""

import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.template import Context, Template
from django.template.loader import get_template, render_to_string
from django.test import RequestFactory
from django.utils import translation

from soc_portal import context as frame
from soc_portal.access.scope import Scope
from soc_portal.names import initials_of
from soc_portal.templatetags import portal as tags
from tests.strict import faults_of

CSS = (Path(__file__).parent.parent / "static/portal.css").read_text()
JS = (Path(__file__).parent.parent / "static/portal.js").read_text()


def render(source, **context):
    return Template("{% load portal %}" + source).render(Context(context))


def rosa(**more):
    return SimpleNamespace(
        **{
            "seat_kind": "family",
            "initials": "R",
            "display_name": "Rosa Delgado",
            "short_name": "Rosa",
            "role_words": "Mom",
        }
        | more
    )


# ---- tags


def test_a_person_is_a_hidden_seat_with_name_and_role_in_words():
    assert render("{% person p %}", p=rosa()) == (
        '<span class="person"><span class="seat is-family" aria-hidden="true">R</span>'
        "<span><b>Rosa Delgado</b><small>Mom</small></span></span>"
    )


@pytest.mark.parametrize(
    "source",
    ["{% seat p %}", "{% person p %}", "{% who people %}", "{% voice p.display_name p when=p.role_words %}",
     "{% badge 'done' p.display_name %}", "{% crumbs p.display_name p.role_words %}", "{% keys items %}",
     "{% circle_svg people p.short_name %}", "{% scale10 1 2 p.display_name %}", "{% seat_mark p.initials %}",
     "{% count_tile 3 p.initials %}"],
)  # fmt: skip
def test_no_tag_lets_markup_through(source):
    evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
    p = rosa(initials=evil, display_name=evil, short_name=evil, role_words=evil)
    html = render(source, p=p, people=[p], items=[("family", evil)])
    assert "<script" not in html
    assert "<img" not in html
    assert faults_of(html) == []


@pytest.mark.parametrize("state", tags.STATES)
def test_a_badge_has_icon_and_words(state):
    html = render("{% badge s 'Words' %}", s=state)
    assert f'class="badge is-{state}"' in html
    assert "<svg" in html
    assert html.endswith("Words</span>")


@pytest.mark.parametrize(
    "source", ["{% badge 'overdue' 'x' %}", "{% dots states %}", "{% seat p %}", "{% crumbs 'a' %}"]
)
def test_what_the_look_does_not_know_is_a_mistake_that_shows(source):
    with pytest.raises(ValueError):  # noqa: PT011  # each its own sentence
        render(source, states=["red"], p=rosa(seat_kind="boss"))


def test_the_voice_is_signed_and_keeps_its_lines_and_language():
    html = render("{% voice words p 'September 25' lang='es' %}", words="Hola.\n\nAdiós.", p=rosa())
    assert '<blockquote lang="es"><p>“Hola.</p>\n\n<p>Adiós.”</p></blockquote>' in html
    assert "<small>Mom, September 25</small>" in html


def test_a_date_tile_follows_the_language_and_the_clock_of_the_readers():
    assert "<span>Thu</span><b>15</b><span>Oct</span>" in render("{% date_tile d %}", d=date(2026, 10, 15))
    with translation.override("es"):
        assert "<b>15</b><span>Oct</span>" in render("{% date_tile d %}", d=date(2026, 10, 15)).replace("oct", "Oct")


# ---- forms


class StepForm(forms.Form):
    what = forms.CharField(label="What will happen?", help_text="Start with <a doing> word.")
    by = forms.DateField(label="By when?", error_messages={"required": "Write a day."})
    note = forms.CharField(label="Anything else?", widget=forms.Textarea, required=False)
    going = forms.ChoiceField(label="How is it going?", choices=[("a", "Not started")])
    who = forms.ChoiceField(
        label="Who can see this?", widget=forms.RadioSelect, choices=[("t", "Our team"), ("u", "Only us")]
    )
    sure = forms.BooleanField(label="I asked Rosa first")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("These do not go together.")


def group(form, name):
    return " ".join(form[name].as_field_group().split())


def test_a_field_is_label_then_hint_then_error_then_control():
    form = StepForm({"by": ""})
    html = group(form, "what")
    order = ["<label", 'class="hint"', 'class="err"', "<input"]
    assert [html.index(part) for part in order] == sorted(html.index(part) for part in order)
    assert 'aria-describedby="id_what_helptext id_what_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="input"' in html
    assert html.startswith('<div class="field field-bad">')
    assert "<a doing>" not in html
    for target in ("id_what_helptext", "id_what_error"):
        assert f'id="{target}"' in html


def test_a_field_without_errors_is_quiet():
    html = group(StepForm(), "note")
    assert '<label for="id_note">Anything else?</label>' in html
    assert "field-bad" not in html
    assert "aria-" not in html
    assert '<textarea class="input"' in html


def test_choices_are_a_fieldset_with_a_legend_and_large_targets():
    html = group(StepForm({}), "who")
    assert html.startswith('<fieldset class="field field-bad" aria-describedby="id_who_error">')
    assert "<legend>Who can see this?</legend>" in html
    assert html.count('<label class="pick"') == 2
    assert 'class="input' not in html


def test_one_box_to_tick_is_named_by_the_words_beside_it():
    html = group(StepForm(), "sure")
    assert '<label class="pick" for="id_sure"><input type="checkbox"' in html
    assert html.count("<label") == 1


def test_widgets_keep_their_own_classes_and_hidden_ones_get_none():
    class Codes(forms.Form):
        code = forms.CharField(widget=forms.TextInput(attrs={"class": "input-code"}))
        kept = forms.CharField(widget=forms.HiddenInput)

    form = Codes()
    assert 'class="input input-code"' in str(form["code"])
    assert "class" not in str(form["kept"])


def test_the_summary_links_to_each_field_and_holds_the_errors_of_the_whole_form():
    form = StepForm({})
    html = render_to_string("parts/error_summary.html", {"form": form})
    found = re.findall(r'href="#([^"]+)"', html)
    assert found == ["id_what", "id_by", "id_going", "id_who_0", "id_sure"]
    page = str(form)
    assert all(f'id="{anchor}"' in page for anchor in found)
    assert "These do not go together." in html
    assert "7 things to fix" in html
    assert "What will happen? This field is required." in html
    assert "data-focus" in html


def test_without_errors_there_is_no_summary():
    assert render_to_string("parts/error_summary.html", {"form": StepForm()}).strip() == ""


def test_the_summary_knows_formsets():
    formset = forms.formset_factory(StepForm, extra=0)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", "form-0-what": "x"}
    )
    assert ("id_form-0-by", "Write a day.") in tags.problems(formset)


# ---- the frame


def nav(role, **more):
    """The frame's words for somebody who has a team and nothing else."""
    own = {"teams": True, "worklist": False, "referrals": False, "partners": False}
    return {"role": role, "team_id": None, "name": "Rosa", "initials": "R", "kind": "family"} | own | more


def test_a_family_has_its_teams_five_tabs():
    tabs = frame.main_tabs(nav("family", team_id=7), None, "plan")
    assert [(t.key, t.url) for t in tabs] == [
        ("team", "/teams/7/"),
        ("plan", "/teams/7/plan/"),
        ("meetings", "/teams/7/meetings/"),
        ("sharing", "/teams/7/sharing/"),
        ("me", "/me/"),
    ]
    assert [t.key for t in tabs if t.current] == ["plan"]
    assert [t.key for t in tabs if t.only_phone] == ["me"]


def test_the_team_of_the_page_wins_over_the_first_one():
    assert frame.main_tabs(nav("family", team_id=7), 9, "team")[0].url == "/teams/9/"


@pytest.mark.parametrize(
    ("has", "keys"),
    [
        ({}, ["groups", "state"]),
        ({"teams": True}, ["teams", "groups", "state", "search"]),
        ({"worklist": True, "referrals": True, "partners": True},
         ["worklist", "referrals", "partners", "groups", "state", "search"]),
        ({"referrals": True}, ["referrals", "groups", "state"]),
    ],
)  # fmt: skip
def test_staff_have_a_tab_only_where_there_is_something_for_them(has, keys):
    nobody = dict.fromkeys(("teams", "worklist", "referrals", "partners"), False)
    assert [t.key for t in frame.main_tabs(nav("staff", **(nobody | has)), None, "search")] == keys


def test_within_a_team_staff_get_its_tabs_as_a_second_row():
    tabs = frame.team_tabs(nav("staff"), 9, "plan")
    assert [(t.key, t.current) for t in tabs] == [("team", ""), ("plan", "page"), ("meetings", "")]
    main = frame.main_tabs(nav("staff"), 9, "plan")
    assert [(t.key, t.current) for t in main if t.current] == [("teams", "true")]
    assert frame.team_tabs(nav("family", team_id=9), 9, "plan") == []
    assert frame.team_tabs(nav("staff"), None, "search") == []


def test_visitors_have_no_tabs():
    assert frame.main_tabs(nav("out"), None, "") == []


@pytest.mark.parametrize(
    ("name", "tab"),
    [("teams:team_detail", "team"), ("teams:meeting_edit", "meetings"), ("teams:step_edit", "plan"),
     ("teams:team_list", "teams"), ("home", "team"), ("accounts:security", "me"), ("safety", "")],
)  # fmt: skip
def test_a_page_belongs_to_the_tab_of_its_url_name(name, tab):
    request = SimpleNamespace(resolver_match=SimpleNamespace(view_name=name))
    assert frame.current_tab(request, {}) == tab
    assert frame.current_tab(request, {"tab": "search"}) == "search"


@pytest.mark.parametrize(
    ("rights", "counties", "expected"),
    [([], (), ("staff", None, False, "pro")), ([], (5,), ("staff", None, True, "pro")),
     ([(3, True, "family")], (), ("family", 3, False, "family")),
     ([(3, False, "natural")], (), ("staff", None, False, "community")),
     ([(3, False, "professional"), (4, True, "family")], (), ("family", 4, False, "family"))],
)  # fmt: skip
def test_only_who_holds_a_record_by_right_is_family_to_the_frame(monkeypatch, rights, counties, expected):
    teams = {pk: SimpleNamespace(team_id=pk, by_right=by_right, kind=kind) for pk, by_right, kind in rights}
    monkeypatch.setattr(frame, "scope_of", lambda user: Scope(teams=teams, county_ids=frozenset(counties)))
    user = SimpleNamespace(
        is_authenticated=True, name="Rosa Delgado", email="r@example.org", get_short_name=lambda: "Rosa"
    )
    given = frame.nav_of(user)
    assert (given["role"], given["team_id"], given["worklist"], given["kind"]) == expected
    assert (given["name"], given["initials"]) == ("Rosa", "RD")


def test_a_visitor_costs_no_query():  # no database in this test: a query would fail it
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    assert frame.portal(request)["nav"]["role"] == "out"
    del request.user
    assert frame.portal(request)["nav"]["role"] == "out"


def test_the_page_warns_before_the_server_ends_the_session(settings):
    request = RequestFactory().get("/")
    given = frame.portal(request)
    assert given["idle_seconds"] == settings.IDLE_SECONDS - 60
    assert given["warn_seconds"] < given["idle_seconds"]


@pytest.mark.parametrize(
    ("name", "initials"), [("Rosa Delgado", "RD"), ("Rosa", "R"), ("Ana Ana", "A"), ("", ""), ("(x) Lee", "L")]
)
def test_initials(name, initials):
    assert initials_of(name) == initials


@pytest.mark.parametrize("name", ["400", "403", "404", "500", "403_csrf"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_an_error_page_needs_no_context_at_all(name, language):
    with translation.override(language):
        html = get_template(f"{name}.html").render()
    assert f'<html lang="{language}">' in html
    assert 'data-exit href="https://www.weather.gov/"' in html
    assert "<form" not in html
    assert faults_of(html) == []


@pytest.mark.parametrize("role", ["family", "staff"])
def test_the_frame_for_people_who_are_signed_in(role):
    request = RequestFactory().get("/teams/9/plan/?a=1&b=2")
    given = frame.portal(request) | {
        "nav": nav(role, team_id=9, name="<b>"),
        "team": SimpleNamespace(pk=9),
        "tab": "plan",
    }
    html = get_template("404.html").render(given, request)
    assert faults_of(html) == []
    assert 'name="next" value="/teams/9/plan/?a=1&amp;b=2"' in html
    assert html.count('aria-current="page"') == 1
    assert "is-private" in html
    assert 'action="/account/logout/"' in html
    assert 'data-stay-url="/stay/" data-out-url="/signed-out/" hidden' in html
    assert "<b>" not in html
    assert "htmx-2.min.js" in html


# ---- static files


def test_the_script_is_small_and_says_no_words():
    assert len(JS) < 8_000
    assert "eval(" not in JS
    assert "innerHTML" not in JS


def test_parts_read_tokens_and_never_ask_for_other_files():
    assert "@import" not in CSS
    assert "url(" not in CSS


# ---- contrast: every pair of colours that the parts put on one another, in the three grounds


def tokens():
    """{ground: {token: "#hex"}} for light, dark (the reader's setting) and night (hero, footer)."""
    hexes = re.compile(r"--([\w-]+): (#[0-9a-f]{3,6})")
    light = dict(hexes.findall(re.search(r":root \{\n    color-scheme: light;(.*?)\n  \}", CSS, re.DOTALL)[1]))
    dark, night = dict(light), dict(light)
    for block in re.findall(r"prefers-color-scheme: dark\) \{\n    :root \{(.*?)\}\n", CSS, re.DOTALL):
        dark.update(hexes.findall(block))
    for block in re.findall(r"\.night \{(.*?)\}", CSS, re.DOTALL):
        night.update(hexes.findall(block))
    night["bg"] = night["night"]
    return {"light": light, "dark": dark, "night": night}


def luminance(colour):
    digits = colour.lstrip("#")
    digits = "".join(c * 2 for c in digits) if len(digits) == 3 else digits
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    r, g, b = (v / 12.92 if v <= 0.03928 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


KINDS = ("fam", "com", "pro", "bad")
TEXT = [
    *((text, ground) for text in ("ink", "ink-2", "link") for ground in ("bg", "surface", "sunken", "tint", "butter")),
    ("on-act", "act"), ("on-act", "act-2"), ("gold-ink", "butter"), ("bad", "surface"), ("bad", "bg"),
    *((kind, f"{kind}-t") for kind in KINDS), *(("on-k", kind) for kind in KINDS),
    ("q-lo", "q1"), ("q-lo", "q2"), ("q-hi", "q4"), ("q-hi", "q5"),
]  # fmt: skip
SHAPES = [
    ("com", "surface"), ("fam", "surface"), ("pro", "surface"), ("ring", "bg"),
    *(("edge", ground) for ground in ("bg", "surface", "field", "sunken")),
]  # fmt: skip


@pytest.mark.parametrize("ground", ["light", "dark", "night"])
@pytest.mark.parametrize(("pairs", "least"), [(TEXT, 4.5), (SHAPES, 3)], ids=["text", "shapes"])
def test_colours_have_the_contrast_that_reading_needs(ground, pairs, least):
    colours = tokens()[ground]
    low = {
        (a, b): round(contrast(colours[a], colours[b]), 2) for a, b in pairs if contrast(colours[a], colours[b]) < least
    }
    assert low == {}


def test_writing_on_gold_and_on_the_middle_map_colour_is_readable():
    for colours in tokens().values():
        assert contrast("#2a1128", colours["gold"]) >= 4.5
        assert contrast("#1d0f1b", colours["q3"]) >= 4.5
