"""Groups of a county and of the state: kinds, seats, meetings, recommendations."""

import datetime as dt

from django.utils import timezone

from collaboratives.actions.groups import (
    add_seat,
    end_term,
    found_group,
    give_office,
    load_group_kinds,
    sign_statement,
    start_term,
)
from collaboratives.enums import EndOfTerm, OfficeKind
from collaboratives.management.commands.load_reference_data import DATA
from collaboratives.models import GroupKind, Seat

YEAR = dt.timedelta(days=365)

ROWS = {}
TEAM_ROWS = {}
PUBLIC = {}
READ_ONLY = set()
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = {}
NO_PAGES = {}


def add_groups(world):
    """Alamance's and Durham's councils, Alamance's Local Team (closed), the State Collaborative, and who sits there."""
    load_group_kinds(content=(DATA / "group_kinds.json").read_bytes())
    world.kinds = kinds = {kind.code: kind for kind in GroupKind.objects.all()}
    by = world.users.coordinator
    world.jcpc = found_group(
        kind=kinds["jcpc"], name="Alamance County Juvenile Crime Prevention Council", counties=[world.alamance], by=by
    )
    world.other_jcpc = found_group(
        kind=kinds["jcpc"], name="Durham County Juvenile Crime Prevention Council", counties=[world.durham], by=by
    )
    world.local_team = found_group(
        kind=kinds["local-team"], name="Alamance County Local Team", counties=[world.alamance], by=by
    )
    world.state_group = found_group(
        kind=kinds["state"], name="State Collaborative for Children and Families", counties=[], by=by
    )
    world.terms = {
        slug: _sit(world, group, category, slug)
        for slug, group, category in [
            ("jcpc_chair", world.jcpc, "judge"),
            ("jcpc_member", world.jcpc, "dss"),
            ("jcpc_parent", world.jcpc, "youth"),
            ("former_jcpc", world.jcpc, "sheriff"),
            ("other_jcpc_chair", world.other_jcpc, "judge"),
            ("local_team_chair", world.local_team, "dss-director"),
            ("local_team_unsigned", world.local_team, "judge"),
            ("state_cochair", world.state_group, "family"),
            ("state_member", world.state_group, "state-agency"),
        ]
    }
    for slug, kind in [
        ("jcpc_chair", OfficeKind.CHAIR),
        ("former_jcpc", OfficeKind.SECRETARY),
        ("other_jcpc_chair", OfficeKind.CHAIR),
        ("local_team_chair", OfficeKind.CHAIR),
        ("state_cochair", OfficeKind.CO_CHAIR),
    ]:
        give_office(term=world.terms[slug], kind=kind, by=by)
    end_term(term=world.terms["former_jcpc"], by=by, reason=EndOfTerm.STEPPED_DOWN)
    sign_statement(group=world.local_team, by=world.users.local_team_chair, text="I keep it to myself.")


def _sit(world, group, category, slug):
    """A two-year term of this persona, begun last year; where the law names no number of seats, on a new one."""
    by, today = world.users.coordinator, timezone.localdate()
    category = group.kind_of.categories.get(code=category)
    seat = Seat.objects.filter(group=group, category=category, terms=None).order_by("number").first()
    seat = seat or add_seat(group=group, category=category, by=by)
    return start_term(seat=seat, user=world.people[slug], starts_on=today - YEAR, ends_on=today + YEAR, by=by)


def arguments(world, name):
    return {}


def grow(world, number):
    """One more of everything that the pages of this part list."""
