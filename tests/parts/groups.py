"""Groups of a county and of the state: kinds, seats, meetings, recommendations."""

import datetime as dt

from django.utils import timezone

from collaboratives.actions.groups import (
    add_seat,
    end_group,
    end_term,
    found_group,
    give_office,
    load_group_kinds,
    sign_statement,
    start_term,
)
from collaboratives.enums import EndOfTerm, OfficeKind
from collaboratives.management.commands.load_reference_data import DATA
from collaboratives.models import GroupKind, Seat, Term

YEAR = dt.timedelta(days=365)

LOGIN, OK = 302, "ok"
#: Who runs Alamance's council: its chair, and the coordinator of the county. Not those who have a seat there without an
#: office, held one, chair the council of another county, coordinate another county, or are superusers.
RUNS = {"jcpc_chair": 200, "coordinator": 200}
RUNS_POST = {"jcpc_chair": OK, "coordinator": OK}
ROWS = {
    # Open to everybody who is signed in; what each sees there is tested by exact sets (tests/test_groups.py).
    "collaboratives:group_list": ("GET", {}, 200),
    "collaboratives:group_detail": ("GET", {}, 200),
    "collaboratives:county_detail": ("GET", {}, 200),
    "collaboratives:state_groups": ("GET", {}, 200),
    # Founding: coordinators, and those who run the State Collaborative (its members alone do not).
    "collaboratives:group_found": ("GET", {"coordinator": 200, "other_coordinator": 200, "state_cochair": 200}, 404),
    # Those who run the group; everybody else may see it, and not change it.
    "collaboratives:group_edit": ("GET", RUNS, 403),
    "collaboratives:group_end": ("GET", RUNS, 403),
    "collaboratives:group_history": ("GET", RUNS, 403),
    "collaboratives:seat_add": ("GET", RUNS, 403),
    "collaboratives:seat_note": ("GET", RUNS, 403),
    "collaboratives:term_start": ("GET", RUNS, 403),
    "collaboratives:term_end": ("GET", RUNS, 403),
    "collaboratives:term_renew": ("GET", RUNS, 403),
    "collaboratives:office_give": ("GET", RUNS, 403),
    "collaboratives:office_end": ("POST", RUNS_POST, 403),
    # A closed group's statement: those with a seat there, before and after they signed.
    "collaboratives:statement_sign": ("GET", {"local_team_chair": 200, "local_team_unsigned": 200}, 404),
    # A seat that waits for an address is its owner's alone to take.
    "collaboratives:term_take": ("POST", {"other_partner": OK}, 404),
}
TEAM_ROWS = {}
PUBLIC = {}
READ_ONLY = {
    "collaboratives:group_list", "collaboratives:group_detail", "collaboratives:county_detail",
    "collaboratives:state_groups", "collaboratives:group_history",
}  # fmt: skip
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = {
    name: "groups hold nothing of a family's record" for name, (method, *_rest) in ROWS.items() if method == "GET"
}
NO_PAGES = {"collaboratives:office_end": "only sent to", "collaboratives:term_take": "only sent to"}


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
    # The Community Child Protection Team that the Local Team followed; and a seat that waits for an address.
    world.ccpt = found_group(
        kind=kinds["ccpt"], name="Alamance County Community Child Protection Team", counties=[world.alamance], by=by,
        starts_on=dt.date(1993, 1, 1),
    )  # fmt: skip
    start_term(
        seat=world.ccpt.seats.get(category__code="dss-director"), name="Odell Marsh", by=by,
        starts_on=dt.date(2024, 1, 1), ends_on=dt.date(2025, 12, 31),
    )  # fmt: skip
    world.ccpt = end_group(group=world.ccpt, by=by, ends_on=dt.date(2025, 6, 30), successor=world.local_team)
    world.waiting = start_term(
        seat=world.other_jcpc.seats.filter(category__code="public").order_by("number")[0], name="Ana Bright", by=by,
        starts_on=timezone.localdate() - YEAR, ends_on=timezone.localdate() + YEAR,
    )  # fmt: skip
    Term.objects.filter(pk=world.waiting.pk).update(address=world.users.other_partner.email)  # they came later


def _sit(world, group, category, slug):
    """A two-year term of this persona, begun last year; where the law names no number of seats, on a new one."""
    by, today = world.users.coordinator, timezone.localdate()
    category = group.kind_of.categories.get(code=category)
    seat = Seat.objects.filter(group=group, category=category, terms=None).order_by("number").first()
    seat = seat or add_seat(group=group, category=category, by=by)
    return start_term(seat=seat, user=world.people[slug], starts_on=today - YEAR, ends_on=today + YEAR, by=by)


def arguments(world, name):
    """Alamance's council; for the statement, its Local Team."""
    closed = name == "collaboratives:statement_sign"
    return {
        "group_id": (world.local_team if closed else world.jcpc).pk,
        "seat_id": world.jcpc.seats.filter(terms=None).order_by("number").first().pk,
        "term_id": (world.waiting if name == "collaboratives:term_take" else world.terms["jcpc_member"]).pk,
        "office_id": world.terms["jcpc_chair"].offices.get().pk,
        "fips": world.alamance.fips,
    }


def grow(world, number):
    """One more of everything that the pages of this part list."""
    by, today, state = world.users.coordinator, timezone.localdate(), world.kinds["state"]
    family = state.categories.get(code="family")
    sub = found_group(kind=state, name=f"More {number}", counties=[], by=by, parent=world.state_group)
    for group in (sub, world.state_group):
        start_term(
            seat=add_seat(group=group, category=family, by=by), name=f"More {number}", by=by,
            starts_on=today - YEAR, ends_on=today + YEAR,
        )  # fmt: skip
    community = found_group(
        kind=world.kinds["community"], name=f"More {number}", counties=[world.alamance, world.durham], by=by
    )
    term = start_term(
        seat=add_seat(group=community, category=world.kinds["community"].categories.get(code="family"), by=by),
        user=world.users.jcpc_chair, starts_on=today - YEAR, ends_on=today + YEAR, by=by,
    )  # fmt: skip
    give_office(term=term, kind=OfficeKind.CO_CHAIR, by=by)
    seat = world.jcpc.seats.filter(terms=None).order_by("number")[0]
    start_term(seat=seat, name=f"Before {number}", starts_on=today - 2 * YEAR, ends_on=today - YEAR, by=by)
    term = start_term(
        seat=seat, name=f"More {number}", starts_on=today, ends_on=today + YEAR, by=by,
        organization=world.offices["provider"],
    )  # fmt: skip
    give_office(term=term, kind=OfficeKind.CO_CHAIR, by=by)
