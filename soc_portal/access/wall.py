"""The second wall: on PostgreSQL, row-level security on every table that holds something of a family.

The first wall is `access.py` of each app, and it is complete by itself. Should a query ever forget its filter, this one
answers with the rows of the signed-in person's own families and with no others. Families and teams are its measure, not
sections: those are the first wall's. On SQLite everything here does nothing.

A connection belongs to nobody and sees no row, until `acting_as` says who is there, or `whole_state` that it is the
portal itself. Both hold until the end of their transaction, so a connection that goes back to a pool belongs to nobody.
`docs/adr/0008-the-second-wall.md` tells why, `docs/how-to/postgresql-roles.md` how to run it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction
from django.utils import timezone

# --- Who is there ----------------------------------------------------------------------------------------------------
#: Sets person, system and clock until the end of the transaction, and tells what they were; one round trip.
SET = """
SELECT current_setting('app.user_id', true), current_setting('app.system', true), current_setting('app.now', true),
       set_config('app.user_id', %s, true), set_config('app.system', %s, true), set_config('app.now', %s, true)
"""


@contextmanager
def acting_as(user_id: int | None) -> Iterator[None]:
    """Everything inside is one transaction, in which the database shows what this person may reach; None: nothing."""
    with _standing("" if user_id is None else str(user_id), system=""):
        yield


@contextmanager
def whole_state(why: str) -> Iterator[None]:
    """Everything inside is one transaction, in which the database shows all rows. `why` is told to the reader.

    For tasks, and for the few moments in which somebody comes to a family whose team they are not on yet.
    `tests/test_wall.py` lists every use.
    """
    with _standing("", system="on"):
        yield


@contextmanager
def _standing(user_id: str, *, system: str) -> Iterator[None]:
    if connection.vendor != "postgresql":
        yield
        return
    inside_another = connection.in_atomic_block
    with transaction.atomic():
        before = _set(user_id, system, timezone.now().isoformat())
        yield
        # An error needs no setting back: PostgreSQL undoes settings together with the savepoint.
        if inside_another and not connection.needs_rollback:
            _set(*before)


def _set(user_id: str, system: str, now: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(SET, [user_id, system, now])
        return [value or "" for value in cursor.fetchone()[:3]]


def undo_if_failed(response) -> None:
    """A page that failed leaves nothing half done. Call it inside `acting_as`, with the response."""
    if connection.vendor == "postgresql" and response.status_code >= 500:
        transaction.set_rollback(True)


# --- What each table shows -------------------------------------------------------------------------------------------
# Conditions over the columns of one table. Sub-selects without a column of the row run once a query, not once a row.
SYSTEM = "(SELECT current_setting('app.system', true) = 'on')"
ACTOR = "(SELECT app_user_id())"
FAMILIES = "ANY ((SELECT app_family_ids())::bigint[])"
TEAMS = "ANY ((SELECT app_team_ids())::bigint[])"
COUNTIES = "ANY ((SELECT app_county_ids())::bigint[])"
ORGANIZATIONS = "ANY ((SELECT app_organization_ids())::bigint[])"

OF_FAMILY = f"family_id = {FAMILIES}"
OF_TEAM = f"team_id = {TEAMS}"
OF_HOUSEHOLD = "household_id = ANY ((SELECT app_household_ids())::bigint[])"
OF_MEETING = f"EXISTS (SELECT FROM teams_meeting m WHERE m.id = meeting_id AND m.{OF_TEAM})"
OF_MEMBERSHIP = f"EXISTS (SELECT FROM teams_membership m WHERE m.id = membership_id AND m.{OF_TEAM})"
#: What a county's coordinator sees of a family that has not said yes: that it is there, and what is due. A county has
#: thousands of teams, so these are hashed once a query.
COUNTY_OF_TEAM = "id IN (SELECT unnest((SELECT app_county_team_ids())))"
COUNTY_OF_DEADLINE = "team_id IN (SELECT unnest((SELECT app_county_team_ids())))"
COUNTY_OF_FAMILY = f"family_id IN (SELECT f.id FROM families_family f WHERE f.county_id = {COUNTIES})"  # noqa: S608
#: What an organization sees of the referrals that were sent to it; what was shared with it stands on the row itself.
SENT_TO_US = f"(organization_id = {ORGANIZATIONS} AND requested_at IS NOT NULL)"
#: The moves of a referral are for both of its sides, its links for the family's; a county sees neither.
OF_OUR_REFERRAL = f"EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id AND r.{OF_FAMILY})"
OF_REFERRAL = (
    "EXISTS (SELECT FROM referrals_referral r WHERE r.id = referral_id"
    f" AND (r.{OF_FAMILY} OR (r.organization_id = {ORGANIZATIONS} AND r.requested_at IS NOT NULL)))"
)

#: What somebody just wrote into the log must be readable for them to be written at all (INSERT ... RETURNING).
JUST_WRITTEN = f"(actor_id = {ACTOR} AND at >= (SELECT app_now()))"

#: table: what may be written by whoever the condition lets through. Reading is the same, but for those in `READ`.
WRITE = {
    "families_family": f"id = {FAMILIES}",
    "families_household": OF_FAMILY,
    "families_person": OF_FAMILY,
    "families_person_households": OF_HOUSEHOLD,
    "families_householdshare": OF_HOUSEHOLD,
    "families_strength": OF_FAMILY,
    "teams_team": f"id = {TEAMS}",
    "teams_team_children": OF_TEAM,
    "teams_deadline": OF_TEAM,
    "teams_words": OF_TEAM,
    "teams_planpart": OF_TEAM,
    "teams_call": OF_TEAM,
    "teams_mandate": OF_TEAM,
    "teams_need": OF_TEAM,
    "teams_goal": OF_TEAM,
    "teams_strategy": OF_TEAM,
    "teams_rating": OF_TEAM,
    "teams_step": OF_TEAM,
    "teams_step_who": OF_MEMBERSHIP,
    "teams_cover": OF_TEAM,
    "teams_comment": OF_TEAM,
    "teams_comment_mentions": OF_MEMBERSHIP,
    "teams_suggestion": OF_TEAM,
    "teams_planversion": OF_TEAM,
    "teams_answer": OF_MEMBERSHIP,
    "teams_ending": OF_TEAM,
    "teams_lastword": OF_MEMBERSHIP,
    "teams_meeting": OF_TEAM,
    "teams_guest": OF_MEMBERSHIP,
    "teams_topic": OF_TEAM,
    "teams_note": OF_TEAM,
    "teams_decision": OF_TEAM,
    "teams_whatif": OF_TEAM,
    "teams_help": OF_TEAM,
    "teams_timepoll": OF_TEAM,
    "teams_slot": OF_MEMBERSHIP,
    "teams_slotanswer": OF_MEMBERSHIP,
    "teams_answerlink": OF_MEMBERSHIP,
    "teams_recordversion": OF_MEETING,
    "teams_recordcopy": OF_MEMBERSHIP,
    "teams_feedback": OF_MEMBERSHIP,
    "teams_raisedbarrier": OF_TEAM,
    "teams_referralsource": OF_TEAM,
    "referrals_referral": f"{OF_FAMILY} OR {SENT_TO_US}",
    "referrals_referralmove": OF_REFERRAL,
    "referrals_referrallink": OF_OUR_REFERRAL,
    # What belongs to no family is a row of a group, a barrier or a Family Partner: the first wall's alone.
    "versions_revision": f"family_id IS NULL OR ({OF_FAMILY} AND (team_id IS NULL OR {OF_TEAM}))",
    "audit_event": f"actor_id = {ACTOR}",
}
READ = {
    "families_family": f"id = {FAMILIES} OR county_id = {COUNTIES}",
    "teams_team": f"id = {TEAMS} OR {COUNTY_OF_TEAM}",
    "teams_deadline": f"{OF_TEAM} OR {COUNTY_OF_DEADLINE}",
    "teams_referralsource": f"{OF_TEAM} OR {COUNTY_OF_DEADLINE}",
    "referrals_referral": f"{OF_FAMILY} OR {SENT_TO_US} OR (requested_at IS NOT NULL AND {COUNTY_OF_FAMILY})",
    "audit_event": f"{OF_FAMILY} OR {JUST_WRITTEN}",
}
#: Rows end, they are not deleted; only the links between rows come and go.
DELETED = {"families_person_households", "teams_team_children", "teams_step_who", "teams_comment_mentions"}
#: What was written down is not written over.
NEVER_CHANGED = {"audit_event"}

#: Tables that say who may reach what: the policies themselves read them, so they stand before the wall. Their managers
#: refuse every writer but the actions. Each with what it holds.
BEFORE_THE_WALL = {
    "teams_membership": "who is on a team: what the wall is computed from",
    "teams_consent": "which sections a member may read",
    "teams_invitation": "read by people without an account; holds no word of a record",
    "teams_teamuserobjectpermission": "grants: what the wall is computed from",
}

# --- Who may reach what ----------------------------------------------------------------------------------------------
# They answer for the person of this transaction alone, and have no more rights than their caller. Three look past the
# policies, which themselves ask these functions: `app.system` is on for their one query. The clock is the portal's own,
# so that one clock decides both walls.
FUNCTIONS = """
CREATE OR REPLACE FUNCTION app_user_id() RETURNS bigint LANGUAGE sql STABLE
AS $$ SELECT NULLIF(current_setting('app.user_id', true), '')::bigint $$;

CREATE OR REPLACE FUNCTION app_now() RETURNS timestamptz LANGUAGE sql STABLE
AS $$ SELECT COALESCE(NULLIF(current_setting('app.now', true), '')::timestamptz, statement_timestamp()) $$;

CREATE OR REPLACE FUNCTION app_team_ids() RETURNS bigint[] LANGUAGE plpgsql STABLE
AS $$
DECLARE
    who bigint := app_user_id();
    moment timestamptz := app_now();
    today date := (moment AT TIME ZONE 'America/New_York')::date;
BEGIN
    IF who IS NULL THEN RETURN ARRAY[]::bigint[]; END IF;
    RETURN ARRAY(
        SELECT m.team_id FROM teams_membership m
        WHERE m.user_id = who AND m.ended_at IS NULL AND m.chosen_at IS NOT NULL AND m.accepted_at IS NOT NULL
            AND m.starts_on <= today
        UNION ALL
        SELECT g.content_object_id FROM teams_teamuserobjectpermission g
        WHERE g.user_id = who AND g.ended_at IS NULL AND g.given_at <= moment AND g.until > moment
    );
END
$$;

CREATE OR REPLACE FUNCTION app_county_ids() RETURNS bigint[] LANGUAGE plpgsql STABLE
AS $$
DECLARE
    who bigint := app_user_id();
    today date := (app_now() AT TIME ZONE 'America/New_York')::date;
BEGIN
    RETURN ARRAY(
        SELECT r.county_id FROM collaboratives_countyrole r
        WHERE r.user_id = who AND r.role = 'coordinator' AND r.starts_on <= today
            AND (r.ends_on IS NULL OR r.ends_on >= today)
    );
END
$$;

CREATE OR REPLACE FUNCTION app_organization_ids() RETURNS bigint[] LANGUAGE plpgsql STABLE
AS $$
DECLARE
    who bigint := app_user_id();
    today date := (app_now() AT TIME ZONE 'America/New_York')::date;
BEGIN
    RETURN ARRAY(
        SELECT p.organization_id FROM collaboratives_staffposition p
        WHERE p.user_id = who AND p.starts_on <= today AND (p.ends_on IS NULL OR p.ends_on >= today)
    );
END
$$;
"""
#: The functions that look past the policies: name, what they begin from, the query.
LOOK_PAST = [
    ("app_family_ids", "app_team_ids()", "SELECT t.family_id FROM teams_team t WHERE t.id = ANY (given)"),
    ("app_household_ids", "app_family_ids()", "SELECT h.id FROM families_household h WHERE h.family_id = ANY (given)"),
    (
        "app_county_team_ids",
        "app_county_ids()",
        "SELECT t.id FROM teams_team t JOIN families_family f ON f.id = t.family_id WHERE f.county_id = ANY (given)",
    ),
]
LOOKING_PAST = """
CREATE OR REPLACE FUNCTION {name}() RETURNS bigint[] LANGUAGE plpgsql STABLE
AS $$
DECLARE
    given bigint[] := {begin};
    before text := COALESCE(current_setting('app.system', true), '');
    found bigint[];
BEGIN
    -- Where all rows are shown nobody needs the answer. And so a policy that asks while we look can't go in circles.
    IF before = 'on' OR cardinality(given) = 0 THEN RETURN ARRAY[]::bigint[]; END IF;
    PERFORM set_config('app.system', 'on', true);
    found := ARRAY({query});
    PERFORM set_config('app.system', before, true);
    RETURN found;
END
$$;
"""
COMMANDS = ("SELECT", "INSERT", "UPDATE", "DELETE")


def policies_of(table: str) -> dict[str, str]:
    """The condition for each command on this table. Within the condition of one, those of other tables hold too."""
    write = f"{SYSTEM} OR {WRITE[table]}"
    read = f"{SYSTEM} OR {READ.get(table, WRITE[table])}"
    return {
        "SELECT": read,
        "INSERT": write,
        "UPDATE": SYSTEM if table in NEVER_CHANGED else write,
        "DELETE": write if table in DELETED else SYSTEM,
    }


def statements_for(table: str) -> Iterator[str]:
    """The SQL that puts the wall before one table, or puts it up anew."""
    for command, condition in policies_of(table).items():
        name = f"portal_{command.lower()}"
        clause = "WITH CHECK" if command == "INSERT" else "USING"
        yield f'DROP POLICY IF EXISTS {name} ON "{table}"'
        yield f'CREATE POLICY {name} ON "{table}" FOR {command} {clause} ({condition})'
    yield f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY'
    yield f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY'


# --- For migrations --------------------------------------------------------------------------------------------------
def put_up(apps, schema_editor) -> None:
    """For `RunPython` in a migration: the wall as it is written above, before every table that is there by now."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        there = set(schema_editor.connection.introspection.table_names(cursor))
        cursor.execute(FUNCTIONS)
        for name, begin, query in LOOK_PAST:
            cursor.execute(LOOKING_PAST.format(name=name, begin=begin, query=query))
        for table in WRITE:
            for statement in statements_for(table) if table in there else ():
                cursor.execute(statement)


def take_down(apps, schema_editor) -> None:
    """The way back of `put_up`."""
    if schema_editor.connection.vendor != "postgresql":
        return
    with schema_editor.connection.cursor() as cursor:
        there = set(schema_editor.connection.introspection.table_names(cursor))
        for table in there.intersection(WRITE):
            cursor.execute(f'ALTER TABLE "{table}" NO FORCE ROW LEVEL SECURITY')
            cursor.execute(f'ALTER TABLE "{table}" DISABLE ROW LEVEL SECURITY')
            for command in COMMANDS:
                cursor.execute(f'DROP POLICY IF EXISTS portal_{command.lower()} ON "{table}"')


def show_all_rows(apps, schema_editor) -> None:
    """For `RunPython` as the first operation of a migration that changes rows: without it, it would find none."""
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.system', 'on', true)")
