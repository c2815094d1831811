"""The second wall, before every table that holds something of a family. Nothing on SQLite.

A later migration that adds such a table, or changes who may reach what, ends with the same operation.
"""

from django.db import migrations

from soc_portal.access.wall import put_up, take_down


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("audit", "0001_initial"),
        ("collaboratives", "0001_initial"),
        ("families", "0001_initial"),
        ("teams", "0001_initial"),
        ("versions", "0001_initial"),
    ]
    operations = [migrations.RunPython(put_up, take_down)]
