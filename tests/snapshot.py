"""The small world, built once a process and then laid down again for each test: some forty inserts instead of 700."""

import pickle

from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.utils import timezone

from collaboratives.models import County
from tests.world import make_world

FILLED_BY_MIGRATIONS = {"contenttypes", "auth"}
_kept = {}


def world():
    """The small world in an empty database. Built on this day's first call, restored from then on."""
    if get_user_model().objects.exists() or County.objects.exists():
        return make_world()  # a test that brought people of its own: their numbers may be taken
    today = timezone.localdate()
    if today not in _kept:
        made = make_world()
        _kept[today] = pickle.dumps(made), _rows()
        return made
    namespace, tables = _kept[today]
    with transaction.atomic(), connection.cursor() as cursor:  # rows may come before those that they point at
        for insert, rows in tables:
            cursor.executemany(insert, rows)
    return pickle.loads(namespace)


def _rows():
    """(INSERT statement, rows) of every table that holds something; foreign keys are checked when a test commits."""
    tables = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label in FILLED_BY_MIGRATIONS:
            continue
        columns = [field.column for field in model._meta.local_concrete_fields]
        names = ", ".join(connection.ops.quote_name(column) for column in columns)
        table = connection.ops.quote_name(model._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {names} FROM {table}")
            rows = cursor.fetchall()
        if rows:
            marks = ", ".join(_mark(field) for field in model._meta.local_concrete_fields)
            tables.append((f"INSERT INTO {table} ({names}) VALUES ({marks})", rows))
    return tables


def _mark(field):
    return "%s::jsonb" if connection.vendor == "postgresql" and field.get_internal_type() == "JSONField" else "%s"
