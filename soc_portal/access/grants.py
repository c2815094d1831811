"""Reading django-guardian's rows: explicit, time-limited, reasoned exceptions on one team.

Guardian's own shortcuts know no end date and let superusers through, so they are not used: its direct-foreign-key
table is read here, with the filter that makes a grant end by itself.
"""

import datetime as dt
from collections.abc import Iterator

from django.contrib.auth.models import Permission

from teams.models import TeamUserObjectPermission


def read_permission() -> Permission:
    """The permission that a grant on a team stands for: reading it."""
    return Permission.objects.get(codename="view_team", content_type__app_label="teams")


def live_team_grants(user, now: dt.datetime) -> Iterator[tuple[int, int, list[str]]]:
    """(team, family, sections) of every grant that `user` holds at `now`."""
    return (
        TeamUserObjectPermission.objects.filter(
            user=user, ended_at=None, given_at__lte=now, until__gt=now, content_object__ended_at=None
        )
        .values_list("content_object_id", "content_object__family_id", "sections")
        .iterator()
    )
