"""Finding words whatever their case and accents: "andres" finds "Andrés", on SQLite and on PostgreSQL alike.

The database folds, so a search never carries more than its hits into Python. PostgreSQL's `unaccent` is an extension
that a county may not be allowed to install, so its own `normalize` is used (it needs a database in UTF-8); SQLite calls
`fold` below. Measured on 20,000 texts of 200 characters: see `tests/test_search.py`.
"""

import re
import unicodedata
from functools import lru_cache

from django.db.models import BooleanField, Func, TextField

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


# --- Words of names --------------------------------------------------------------------------------------------------
#: What parts the words of a name, beside spaces.
MARKS = "-.,'’ʼ"
TO_SPACES = str.maketrans(MARKS, " " * len(MARKS))
SQL = """string_to_array(CASE
    WHEN octet_length({name}) = length({name}) AND {name} NOT LIKE '%%-%%' AND {name} NOT LIKE '%%.%%'
        AND {name} NOT LIKE '%%,%%' AND {name} NOT LIKE '%%''%%'
    THEN lower({name} COLLATE "C")
    ELSE translate(lower(regexp_replace(normalize({name}::text, NFKD), '[\u0300-\u036f]+', '', 'g')),
        '-.,''’ʼ', '      ')
    END, ' ') && string_to_array({words}, ' ')"""


@lru_cache(maxsize=4)
def _asked_of(packed: str) -> frozenset[str]:
    return frozenset(packed.split(" "))


def words_of(name: str) -> list[str]:
    """The folded words of a name: "O'Shea-Ruiz" is o, shea and ruiz."""
    return fold(name).translate(TO_SPACES).split()


def has_word(name: str, packed: str) -> bool:
    """Whether a name has one of these folded words (parted by spaces) as one of its own; for SQLite."""
    return not _asked_of(packed).isdisjoint(words_of(name))


class HasWord(Func):
    """Whether a name has one of these folded words; each name is looked at once, however many words are asked for."""

    function = "portal_has_word"
    output_field = BooleanField()

    def as_sqlite(self, compiler, connection, **context):
        """Tell the connection about `has_word` once, then call it."""
        connection.ensure_connection()
        if getattr(connection, "has_word", None) is not connection.connection:
            connection.connection.create_function(self.function, 2, has_word, deterministic=True)
            connection.has_word = connection.connection
        return self.as_sql(compiler, connection, **context)

    def as_postgresql(self, compiler, connection, **context):
        name, _none = compiler.compile(self.source_expressions[0])
        words, params = compiler.compile(self.source_expressions[1])
        return SQL.format(name=name, words=words), params
