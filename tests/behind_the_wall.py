"""The second wall in tests, on PostgreSQL.

A test prepares and looks as the portal itself, which sees all rows (`see_all_rows`); but a request starts as nobody,
as it does in production, and its middleware says who is there (`requests_start_as_nobody`). So every test that opens a
page also proves that the page works behind the wall.
"""

import re

from django.db import connection
from django.test.utils import CaptureQueriesContext

all_captured = CaptureQueriesContext.captured_queries.fget
SAVEPOINT = re.compile(r'(RELEASE )?SAVEPOINT ("\w+")')


def see_all_rows(connection, **kwargs):
    """Called for each new connection of the test process."""
    if connection.vendor == "postgresql":
        _set_for_session(connection, "on")


def requests_start_as_nobody(get_response):
    """Middleware for tests: drops the rights of the test for the time of a request."""

    def middleware(request):
        if connection.vendor != "postgresql":
            return get_response(request)
        connection.ensure_connection()
        _set_for_session(connection, "")
        try:
            return get_response(request)
        finally:
            connection.ensure_connection()
            _set_for_session(connection, "on")

    return middleware


def _set_for_session(connection, system):
    with connection.connection.cursor() as cursor:  # not counted among the queries of a page
        cursor.execute("SELECT set_config('app.system', %s, false)", [system])


def captured_queries(self):
    """The queries of a block without those of the wall, so that a page has the same number of them on SQLite.

    The wall's are each setting, and the savepoint around it, which in production is the transaction of the request.
    """
    kept, walls = [], set()
    for query in all_captured(self):
        if "set_config('app.user_id'" in query["sql"]:
            before = SAVEPOINT.fullmatch(kept[-1]["sql"]) if kept else None
            if before and not before[1]:
                walls.add(before[2])
                kept.pop()
            continue
        kept.append(query)
    return [query for query in kept if not _ends_one_of(walls, query["sql"])]


def _ends_one_of(walls, sql):
    found = SAVEPOINT.fullmatch(sql)
    return bool(found and found[1] and found[2] in walls)
