"""Finding words whatever their case and accents: "andres" finds "Andrés", on SQLite and on PostgreSQL alike.

The database folds, so a search never carries more than its hits into Python. PostgreSQL's `unaccent` is an extension
that a county may not be allowed to install, so its own `normalize` is used (it needs a database in UTF-8); SQLite calls
`fold` below. Measured on 20,000 texts of 200 characters: see `tests/test_search.py`.
"""

import re
import unicodedata

from django.db.models import Func, TextField

#: The accents that decomposed letters carry; the same range is named in the SQL below.
ACCENTS = re.compile("[\u0300-\u036f]+")


def fold(text: str) -> str:
    """Lower case without accents; what is ASCII already takes the short way."""
    if text.isascii():
        return text.lower()
    return ACCENTS.sub("", unicodedata.normalize("NFKD", text)).lower()


class Folded(Func):
    """A text column as `fold` would write it."""

    function = "portal_fold"
    arity = 1
    output_field = TextField()

    def as_sqlite(self, compiler, connection, **context):
        """Tell the connection about `fold` once, then call it."""
        connection.ensure_connection()
        if getattr(connection, "folds", None) is not connection.connection:
            connection.connection.create_function(self.function, 1, fold, deterministic=True)
            connection.folds = connection.connection
        return self.as_sql(compiler, connection, **context)

    def as_postgresql(self, compiler, connection, **context):
        template = "lower(regexp_replace(normalize((%(expressions)s)::text, NFKD), '[\u0300-\u036f]+', '', 'g'))"
        return self.as_sql(compiler, connection, template=template, **context)


def mapped(text: str) -> tuple[str, list[int]]:
    """The folded text, and for each of its letters the place in `text` that it came from."""
    letters, places = [], []
    for place, letter in enumerate(text):
        folded = fold(letter)
        letters.append(folded)
        places += [place] * len(folded)
    return "".join(letters), places


def hits(text: str, words: list[str]) -> list[tuple[int, int]]:
    """Where the folded `words` stand in `text`: (start, end) from left to right, none overlapping."""
    folded, places = mapped(text)
    found: list[tuple[int, int]] = []
    if not words:
        return found
    longest_first = sorted(words, key=len, reverse=True)
    for match in re.finditer("|".join(map(re.escape, longest_first)), folded):
        start, last = places[match.start()], places[match.end() - 1]
        end = last + 1
        while end < len(text) and not fold(text[end]):  # an accent that stands behind its letter
            end += 1
        found.append((start, end))
    return found
