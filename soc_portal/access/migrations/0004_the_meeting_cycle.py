"""The wall before finding a time, what helps people come, approved records, copies and feedback."""

from django.db import migrations

from soc_portal.access.wall import put_up


class Migration(migrations.Migration):
    dependencies = [("access", "0003_the_whole_plan"), ("teams", "0006_the_meeting_cycle")]
    operations = [migrations.RunPython(put_up, migrations.RunPython.noop)]
