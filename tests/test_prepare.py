"""`manage.py prepare`: what stands in the way is said in a sentence; what is up to date is left alone."""

import socket

import polib
import pytest
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.db import OperationalError

from soc_portal.management.commands import prepare
from soc_portal.management.commands.compile_locale import compile_if_older


@pytest.fixture
def static_root(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(prepare, "refuse_mistakes", lambda: None)  # the harness itself would fail a check of templates
    monkeypatch.setattr(prepare, "refuse_open_wall", lambda: None)  # the harness sees all rows: tests/test_wall.py
    settings.STATIC_ROOT = tmp_path / "static"
    settings.REDIS_URL = ""
    return settings.STATIC_ROOT


@pytest.mark.django_db
def test_static_files_are_collected_once_and_again_when_one_has_changed(static_root, monkeypatch):
    call_command("prepare", no_port=True)
    collected = static_root / "portal.css"
    assert collected.exists()
    collected.unlink()
    call_command("prepare", no_port=True)
    assert not collected.exists()
    monkeypatch.setattr(prepare, "fingerprint_of_static_files", lambda: "changed")
    call_command("prepare", no_port=True)
    assert collected.exists()


def test_a_taken_port_is_said_in_a_sentence():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(ImproperlyConfigured, match=rf"127.0.0.1:{port} can't be used: .* set PORT\."):
            prepare.refuse_taken_port("127.0.0.1", port)
    prepare.refuse_taken_port("127.0.0.1", port)


def test_a_silent_database_is_said_without_its_password(monkeypatch):
    def refuse():
        raise OperationalError("password hunter2 is wrong")

    monkeypatch.setattr(prepare.connection, "ensure_connection", refuse)
    with pytest.raises(ImproperlyConfigured) as stopped:
        prepare.refuse_silent_services()
    assert str(stopped.value) == "The database doesn't answer. Start it, or correct DATABASE_URL."


@pytest.mark.django_db
def test_a_silent_redis_is_said(settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    with pytest.raises(ImproperlyConfigured, match="Redis doesn't answer"):
        prepare.refuse_silent_services()


def test_a_failed_check_stops_the_start_and_a_warning_does_not(monkeypatch):
    monkeypatch.setattr(checks, "run_checks", lambda: [checks.Warning("Only a warning.")])
    prepare.refuse_mistakes()
    monkeypatch.setattr(checks, "run_checks", lambda: [checks.Error("This is wrong.", hint="Do that.")])
    with pytest.raises(ImproperlyConfigured, match=r"^This is wrong\. Do that\.$"):
        prepare.refuse_mistakes()


def test_messages_are_compiled_when_missing_or_older_and_guesses_stay_out(tmp_path):
    po = tmp_path / "django.po"
    book = polib.POFile()
    book.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    book.append(polib.POEntry(msgid="Plan", msgstr="Plan de apoyo"))
    book.append(polib.POEntry(msgid="Team", msgstr="Quizás", flags=["fuzzy"]))
    book.save(str(po))
    assert compile_if_older(po) is True
    assert [(entry.msgid, entry.msgstr) for entry in polib.mofile(str(po.with_suffix(".mo")))] == [
        ("Plan", "Plan de apoyo")
    ]
    assert compile_if_older(po) is False
    assert sorted(path.name for path in tmp_path.iterdir()) == ["django.mo", "django.po"]
