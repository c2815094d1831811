"""The wall before the rest of the plan, what is said about it, and a team's end."""

from django.db import migrations

from soc_portal.access.wall import put_up


class Migration(migrations.Migration):
    dependencies = [("access", "0002_groups_and_referrals"), ("teams", "0005_constrain_versions")]
    operations = [migrations.RunPython(put_up, migrations.RunPython.noop)]
