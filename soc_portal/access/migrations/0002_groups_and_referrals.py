"""The wall before what a team sends out, and referrals, which their receivers see too."""

from django.db import migrations

from soc_portal.access.wall import put_up


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_row_level_security"),
        ("referrals", "0001_initial"),
        ("teams", "0002_outreach"),
        ("versions", "0002_groups"),
    ]
    operations = [migrations.RunPython(put_up, migrations.RunPython.noop)]
