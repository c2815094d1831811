"""The whole record of a team as data: format "soc-portal-record", version 1 (`docs/record-file.md`).

Everything is read through `teams.access` and `families.access`, each table once, however much the record holds.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from families.access import open_households, visible_people
from families.models import Strength
from referrals.models import Referral, ReferralMove
from referrals.views.shared import CONTACT
from teams import access
from teams.enums import MeetingStatus
from teams.models import (
    Answer,
    Call,
    Comment,
    Consent,
    Cover,
    Decision,
    Ending,
    Goal,
    Guest,
    Help,
    LastWord,
    Mandate,
    Meeting,
    Membership,
    Need,
    Note,
    PlanPart,
    PlanVersion,
    RaisedBarrier,
    Rating,
    RecordCopy,
    RecordVersion,
    Slot,
    SlotAnswer,
    Step,
    Strategy,
    Suggestion,
    Team,
    TeamUserObjectPermission,
    TimePoll,
    Topic,
    WhatIf,
    Words,
)
from teams.views.papers import PAPERS, paper

FORMAT, VERSION = "soc-portal-record", 1
#: Shared rows, by the name that their list has in the file: what each says is its `state`, as in the history.
ITEMS = {
    "words": Words, "plan_parts": PlanPart, "calls": Call, "strengths": Strength, "mandates": Mandate, "needs": Need,
    "goals": Goal, "ideas": Strategy, "ratings": Rating, "steps": Step, "meetings": Meeting, "topics": Topic,
    "notes": Note, "decisions": Decision, "what_ifs": WhatIf, "helps": Help, "time_polls": TimePoll,
}  # fmt: skip
#: What a row belongs to and does not keep among its versioned fields.
BELONGS = ("need", "goal", "meeting", "person", "part", "place", "language")
WRITERS = ("created_by", "updated_by", "ended_by")


def archive_papers(user, team: Team) -> list[tuple[str, bytes]]:
    """(name, content) of the papers that go into the archive beside the data, as far as this person may read them.

    The plan as it stands, the crisis cards, and the record of each meeting that took place, in the reader's language. A
    record costs a few queries of its own; the data beside them do not.
    """
    found = (
        [(PAPERS[kind][1], paper(user, team, kind)) for kind in ("plan", "crisis")]
        if access.can_read_plan(user, team)
        else []
    )
    held = access.visible_meetings(user).filter(team=team, status=MeetingStatus.HELD)
    for meeting in held.select_related("team", "team__family", "created_by", "updated_by").order_by("starts_at", "pk"):
        day = timezone.localdate(meeting.starts_at).isoformat()
        found.append((f"meetings/{day}-{meeting.pk}.pdf", paper(user, team, "record", meeting=meeting)))
    return found


def data_of(user, team: Team, made_at: dt.datetime) -> bytes:
    """The whole record as JSON, in UTF-8."""
    return json.dumps(record_of(user, team, made_at), cls=DjangoJSONEncoder, ensure_ascii=False, indent=1).encode()


def record_of(user, team: Team, made_at: dt.datetime) -> dict:
    """Everything that this person may read of the record, by the names that the format gives."""

    def own(model, *related) -> QuerySet:
        return access.own_record(user, team, model).select_related(*related)

    record: dict[str, Any] = {"format": FORMAT, "version": VERSION, "made_at": made_at, "team": _team(team)}
    record |= {
        "homes": _rows(_homes(user, team), "name", "address", "phone"),
        "people": _people(user, team),
        "members": _members(own(Membership, "organization")),
    }
    record |= {name: _items(own(model, *WRITERS), model) for name, model in ITEMS.items()}
    record |= _agreeing(own) | _talk(own) | _sharing(own) | _outside(user, own)
    record |= {
        "guests": _rows(own(Guest), "meeting_id", "membership_id", "coming", "needs", "attendance"),
        "slots": _rows(own(Slot), "poll_id", "membership_id", "starts_at", "ends_at", "created_at", "ended_at"),
        "slot_answers": _named(own(SlotAnswer, "noted_by"), ("noted_by",), "slot_id", "membership_id", "can", "at"),
        "feedback": _named(
            access.own_feedback(user, team).select_related("noted_by"),
            ("noted_by",),
            "meeting_id",
            "membership_id",
            "heard",
            "useful",
            "strengths",
            "wants_change",
            "words",
            "is_shown",
            "at",
        ),
        "covers": _rows(own(Cover), "mandate_id", "element_id", "item_kind", "item_id", "made_at", "ended_at"),
        "looks": _looks(access.visible_looks(user, team)),
        "history": _history(access.visible_team_revisions(user, team)),
    }
    return record | _ending(own)


def _rows(rows: Iterable[Model], *names: str) -> list[dict]:
    """The named columns of every row, its number first."""
    return [{"id": row.pk} | {name: getattr(row, name) for name in names} for row in rows]


def _named(rows: Iterable[Model], people: Iterable[str], *names: str) -> list[dict]:
    """The same with the names of the accounts that stand in the columns `people`."""
    return [
        one | {name: _name(getattr(row, name)) for name in people}
        for row, one in ((row, _rows([row], *names)[0]) for row in rows)
    ]


def _name(account) -> str | None:
    return str(account) if account is not None else None


# --- Who it is about -------------------------------------------------------------------------------------------------
def _team(team: Team) -> dict:
    names = ("id", "phase", "source", "review_on", "opened_on", "ended_at")
    family = {"id": team.family_id, "name": team.family.name, "county": team.family.county.name}
    return {name: getattr(team, name) for name in names} | {
        "title": team.title,
        "family": family | {"what_matters": team.family.what_matters},
        "about": [child.pk for child in team.children.all()],
    }


def _homes(user, team: Team):
    """Homes whose address this person may know; the other home of the family is not in the file."""
    return open_households(user).filter(family_id=team.family_id).order_by("pk")


def _people(user, team: Team) -> list[dict]:
    """People of the family; how to reach them only of those in a home that this person may know, and of oneself."""
    known = set(_homes(user, team).values_list("people", flat=True))
    rows = visible_people(user).filter(family_id=team.family_id).order_by("pk")
    names = ("name", "role", "relationship", "born_on", "language", "needs_interpreter", "access_needs")
    contact = ("phone", "safe_contact", "safe_times")
    return [_rows([row], *names, *(contact if row.pk in known or row.user_id == user.pk else ()))[0] for row in rows]


def _members(rows: Iterable[Membership]) -> list[dict]:
    names = (
        "name", "kind", "role_words", "person_id", "is_facilitator", "picked_by_youth", "proposed_at", "chosen_at",
        "accepted_at", "starts_on", "ended_at", "end_reason",
    )  # fmt: skip
    return [_rows([row], *names)[0] | {"organization": _name(row.organization)} for row in rows]


# --- Plan and record -------------------------------------------------------------------------------------------------
def _items(rows: QuerySet, model) -> list[dict]:
    """Shared rows, ended ones too: what each says, what it belongs to, and who wrote it."""
    columns = {field.name: field.attname for field in model._meta.concrete_fields}
    belongs = [columns[name] for name in BELONGS if name in columns and name not in model.versioned]
    times = ("version", "created_at", "updated_at", "ended_at")
    return [
        {"id": row.pk} | row.state() | {name: getattr(row, name) for name in (*belongs, *times)}
        | {name: _name(getattr(row, name)) for name in WRITERS}
        for row in rows.prefetch_related(*model.versioned_many)
    ]  # fmt: skip


def _history(revisions: QuerySet) -> list[dict]:
    names = ("kind", "item_id", "version", "section", "verb", "state", "by_name", "at")
    return list(revisions.order_by("pk").values("id", *names))


def _agreeing(own: Callable) -> dict:
    versions = _rows(
        own(PlanVersion), "number", "content", "content_hash", "seal", "put_forward_at", "put_forward_name",
        "agreed_at", "agreed_name", "signed_on", "people", "ended_at",
    )  # fmt: skip
    answers = _named(
        own(Answer, "noted_by", "settled_by"), ("noted_by", "settled_by"), "plan_version_id", "membership_id", "kind",
        "words", "at", "signed_on", "settled_at", "settled_words",
    )  # fmt: skip
    records = _rows(
        own(RecordVersion), "meeting_id", "number", "content", "content_hash", "seal", "created_at", "family_at",
        "family_name", "others_at", "others_name", "approved_at", "ended_at",
    )  # fmt: skip
    copies = _named(own(RecordCopy, "noted_by"), ("noted_by",), "record_version_id", "membership_id", "way", "given_on")
    return {"plan_versions": versions, "answers": answers, "record_versions": records, "record_copies": copies}


def _talk(own: Callable) -> dict:
    comments = own(Comment).prefetch_related("mentions")
    suggestions = own(Suggestion, "answered_by")
    return {
        "comments": [
            _rows([row], "item_kind", "item_id", "membership_id", "text", "at")[0]
            | {"mentions": sorted(member.pk for member in row.mentions.all())}
            for row in comments
        ],
        "suggestions": _named(
            suggestions, ("answered_by",), "item_kind", "item_id", "base_version", "membership_id", "text", "why", "at",
            "state", "answered_at", "answer_words",
        ),
    }  # fmt: skip


def _sharing(own: Callable) -> dict:
    consents = own(Consent, "given_by", "ended_by")
    grants = own(TeamUserObjectPermission, "user", "given_by", "ended_by")
    people = ("given_by", "ended_by")
    return {
        "consents": _named(consents, people, "membership_id", "section", "starts_on", "until", "given_at", "ended_at"),
        "grants": _named(grants, ("user", *people), "sections", "reason", "given_at", "until", "ended_at"),
    }


def _looks(rows: QuerySet) -> list[dict]:
    names = ("at", "verb", "actor_name", "actor_organization", "object_kind", "object_id")
    return list(rows.order_by("pk").values(*names))


# --- What the team sent out ------------------------------------------------------------------------------------------
def _outside(user, own: Callable) -> dict:
    referrals = list(own(Referral, "organization", "service", "source", "yes_by", "yes_ended_by"))
    moves = ReferralMove.objects.filter(referral__in=[row.pk for row in referrals]).order_by("at", "pk")
    return {
        "referrals": [_referral(user, row) for row in referrals],
        "referral_moves": _rows(moves, "referral_id", "from_status", "to_status", "side", "by_name", "at", "words"),
        "barriers": [_barrier(row) for row in own(RaisedBarrier, "yes_by", "barrier")],
    }


def _referral(user, row: Referral) -> dict:
    """Phone and safe ways that went along are in the file of the caregiver who said yes, and in nobody else's."""
    hidden = () if access.can_read_shared_contact(user, row) else CONTACT
    names = (
        "section", "title", "wants", "wants_by_id", "status", "yes_at", "yes_until", "yes_ended_at", "requested_at",
        "answer_due_on", "answered_at", "first_visit_at", "wait_words", "refusal", "outcome", "closed_at",
        "external_system", "external_number",
    )  # fmt: skip
    return _named([row], ("organization", "service", "yes_by", "yes_ended_by"), *names)[0] | {
        "need_id": row.source.need_id, "step_id": row.source.step_id,
        "shared": [{**part, "words": ""} if part["what"] in hidden else part for part in row.shared],
    }  # fmt: skip


def _barrier(row: RaisedBarrier) -> dict:
    answer = row.barrier and {"status": row.barrier.status, "answer": row.barrier.answer}
    names = ("section", "category", "text", "created_at", "sent_at", "ended_at")
    return _named([row], ("yes_by",), *names)[0] | {"answer": answer}


# --- The end ---------------------------------------------------------------------------------------------------------
def _ending(own: Callable) -> dict:
    people = ("begun_by", "closed_by", "ended_by")
    endings = _named(
        own(Ending, *people),
        people,
        "reason",
        "ends_on",
        "words",
        "begun_at",
        "closed_at",
        "had_transition",
        "ended_at",
    )
    words = _named(own(LastWord, "noted_by"), ("noted_by",), "ending_id", "membership_id", "text", "at")
    return {"endings": endings, "last_words": words}


# --- What to know about the file -------------------------------------------------------------------------------------
def read_me(made_at: dt.datetime) -> str:
    """A few lines for whoever opens the archive, in English and in Spanish."""
    texts = []
    for language in ("en", "es"):
        with override(language):
            texts.append("\n".join(str(line) for line in _lines(made_at)))
    return "\n\n---\n\n".join(texts) + "\n"


def _lines(made_at: dt.datetime) -> list[str]:
    return [
        _("Our record"),
        "",
        _("This is the record of your team, as you could read it on %(day)s. It is yours.")
        % {"day": made_at.date().isoformat()},
        _("The PDF files are for people: your plan, the crisis cards, and what was written down at each meeting."),
        _("The file record.json holds everything as data. Other programs can read it."),
        _("The address of a home that you do not live in is not in it."),
        _("Keep this file in a safe place. Whoever has it can read all of it."),
        "",
        _("For whoever reads record.json with a program:"),
        f"format: {FORMAT}, version: {VERSION}",
    ]
