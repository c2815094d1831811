"""Every text of the portal has its Spanish: none is missing, guessed, or has other blanks to fill than the English.

The texts are read from code and templates here, so the test needs no gettext program. `./portal messages` brings the
catalogue up to date.
"""

import ast
import re
from pathlib import Path

import polib
import pytest
from django.utils.translation.template import templatize

from soc_portal.management.commands.makemessages import in_one_form

TOP = Path(__file__).parent.parent
CODE = ("collaboratives", "families", "referrals", "soc_portal", "teams")
CATALOGUE = TOP / "locale" / "es" / "LC_MESSAGES" / "django.po"
# How many of the first arguments are texts, and whether the very first one is the context.
FUNCTIONS = {
    "gettext": (1, False),
    "gettext_lazy": (1, False),
    "gettext_noop": (1, False),
    "_": (1, False),
    "_t": (1, False),
    "ngettext": (2, False),
    "ngettext_lazy": (2, False),
    "pgettext": (1, True),
    "pgettext_lazy": (1, True),
    "npgettext": (2, True),
    "npgettext_lazy": (2, True),
}
LITERAL = r"""u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"\b(n?p?gettext|_)\(({LITERAL}(?:\s*,\s*{LITERAL})*)", re.DOTALL)
BLANK = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}")


def message(function, strings):
    """(context, text) as the catalogue keys it."""
    _texts, in_context = FUNCTIONS[function]
    return (strings[0], strings[1]) if in_context else (None, strings[0])


def texts_of_code(path):
    for node in ast.walk(ast.parse(path.read_text())):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", None))
        if name in FUNCTIONS:
            strings = [arg.value for arg in node.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
            count, in_context = FUNCTIONS[name]
            assert len(strings) >= count + in_context, f"{path.name}:{node.lineno}: gettext needs a plain text"
            yield message(name, strings)


def texts_of_template(source):
    for name, arguments in CALL.findall(templatize(source)):
        yield message(name, [ast.literal_eval(text) for text in re.findall(LITERAL, arguments, re.DOTALL)])


def all_texts():
    """{(context, text): the first file that has it}."""
    found = {}
    for folder in CODE:
        for path in sorted((TOP / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                found.update({text: path for text in texts_of_code(path) if text not in found})
    for path in sorted((TOP / "templates").rglob("*")):
        if path.suffix in (".html", ".txt", ".svg"):
            found.update({text: path for text in texts_of_template(path.read_text()) if text not in found})
    return {text: path.relative_to(TOP) for text, path in found.items() if text[1]}


@pytest.fixture(scope="module")
def spanish():
    return {(entry.msgctxt, entry.msgid): entry for entry in polib.pofile(str(CATALOGUE)) if not entry.obsolete}


def test_no_file_calls_gettext_by_a_name_that_is_not_read():
    called = {
        (path.name, name.asname or name.name)
        for folder in CODE
        for path in (TOP / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ImportFrom) and node.module == "django.utils.translation"
        for name in node.names
        if "gettext" in name.name
    }
    assert [row for row in called if row[1] not in FUNCTIONS] == []


def test_no_text_is_missing_in_spanish(spanish):
    missing = [f"{path}: {text[1]}" for text, path in all_texts().items() if text not in spanish]
    assert missing == []


def test_the_catalogue_is_kept_in_one_form():
    assert CATALOGUE.read_text() == in_one_form(CATALOGUE)


def test_no_spanish_is_empty_or_a_guess(spanish):
    assert [entry.msgid for entry in spanish.values() if entry.fuzzy or not entry.translated()] == []


def fits(entry, text):
    """Whether this Spanish has the blanks of the English. The form for one may say "one" in words instead."""
    needed, given = set(BLANK.findall(entry.msgid_plural or entry.msgid)), set(BLANK.findall(text))
    return given <= needed if entry.msgid_plural else given == needed


def every(spanish):
    """(entry, Spanish text), each plural form by itself."""
    return [(entry, text) for entry in spanish.values() for text in entry.msgstr_plural.values() or [entry.msgstr]]


def test_spanish_has_the_blanks_of_the_english(spanish):
    assert [f"{entry.msgid} -> {text}" for entry, text in every(spanish) if not fits(entry, text)] == []


def test_spanish_speaks_of_usted(spanish):
    informal = re.compile(r"\b(tú|ti|tu|tus|tuyo|contigo|vosotros|vuestr[oa]s?)\b", re.IGNORECASE)
    assert [text for _entry, text in every(spanish) if informal.search(text)] == []


def test_no_second_stop_follows_a_time(spanish):
    """A time ends in "p.m.", which brings its own stop: the next sentence can't begin with another."""
    ends_in_time = re.compile(r"%\((when|start|end|seen|since)\)s(</\w+>)?\.")
    assert [text for _entry, text in every(spanish) if ends_in_time.search(text)] == []


def test_the_texts_of_a_template_are_found():
    source = """{% load i18n %}{% translate "it's" context "c" %}{{ _("hi")|upper }}{% translate 'He said "x"' as y %}
    {% blocktranslate trimmed count n=x|length with a=b %}
        One {{ a }} step
    {% plural %}
        {{ n }} steps
    {% endblocktranslate %}"""
    assert list(texts_of_template(source)) == [
        ("c", "it's"),
        (None, "hi"),
        (None, 'He said "x"'),
        (None, "One %(a)s step"),
    ]
