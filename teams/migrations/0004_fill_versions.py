"""Versions that were agreed before there was putting forward: put forward by who agreed, and sealed."""

import hashlib
import json

from django.db import migrations

from soc_portal.access.wall import show_all_rows


def seal(version) -> str:
    """As `teams.actions.plans.seal_of` on the day of this migration."""
    facts = {
        "team": version.team_id, "number": version.number, "content_hash": version.content_hash,
        "people": version.people, "put_forward_at": version.put_forward_at.isoformat(),
        "put_forward_name": version.put_forward_name, "agreed_at": version.agreed_at.isoformat(),
        "agreed_name": version.agreed_name, "signed_on": None,
    }  # fmt: skip
    text = json.dumps(facts, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def fill(apps, schema_editor):
    manager = apps.get_model("teams", "PlanVersion")._base_manager
    for version in manager.filter(seal="").select_related("agreed_by").iterator():
        version.put_forward_at, version.put_forward_by = version.agreed_at, version.agreed_by
        version.put_forward_name = version.agreed_name = version.agreed_by.name or version.agreed_by.email
        manager.filter(pk=version.pk).update(
            put_forward_at=version.put_forward_at, put_forward_by=version.put_forward_by,
            put_forward_name=version.put_forward_name, agreed_name=version.agreed_name, seal=seal(version),
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("teams", "0003_the_whole_plan")]

    operations = [
        migrations.RunPython(show_all_rows, migrations.RunPython.noop),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
