"""Days as people say them: without the year while it is this year's, in both languages."""

import datetime as dt

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

ZONE = dt.timezone(dt.timedelta(hours=-5))
THEN = dt.datetime(2025, 11, 18, 17, 30, tzinfo=ZONE)


def said(filters, **context):
    return Template("{% load portal %}{{ day|" + filters + " }}").render(Context(context))


@pytest.fixture
def this_year(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda value=None: dt.date(2025, 12, 31))


@pytest.fixture
def next_year(monkeypatch):
    monkeypatch.setattr(timezone, "localdate", lambda value=None: dt.date(2026, 1, 1))


@pytest.mark.parametrize(
    ("language", "name", "words"),
    [
        ("en", "short_day", "Tue, Nov 18"),
        ("en", "long_day", "Tuesday, November 18"),
        ("en", "short_moment", "Tue, Nov 18, 5:30 pm"),
        ("en", "long_moment", "Tuesday, November 18, 5:30 pm"),
        ("es", "short_day", "mar 18 de nov"),
        ("es", "long_day", "martes 18 de noviembre"),
    ],
)
def test_a_day_of_this_year_needs_no_year(this_year, language, name, words):
    with translation.override(language):
        assert said(name, day=THEN).lower() == words.lower()


@pytest.mark.parametrize("name", ["short_day", "long_day", "short_moment", "long_moment"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_a_day_of_another_year_has_its_year(next_year, name, language):
    with translation.override(language):
        assert "2025" in said(name, day=THEN)


def test_an_evening_belongs_to_the_day_here_not_in_london(this_year):
    late = dt.datetime(2026, 1, 1, 3, 0, tzinfo=dt.UTC)
    assert said("short_day", day=late) == "Wed, Dec 31"


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [((17, 30), (18, 30), "5:30"), ((11, 30), (12, 30), "11:30 am"), ((9, 0), (11, 59), "9:00")],
)
def test_a_beginning_says_am_or_pm_only_where_its_end_does_not(start, end, words):
    begin, finish = THEN.replace(hour=start[0], minute=start[1]), THEN.replace(hour=end[0], minute=end[1])
    assert said("start_time:end", day=begin, end=finish) == words


def test_a_day_that_is_not_known_is_empty():
    assert said("short_day", day=None) == ""
