"""The plan as it was before: a frozen version, read back in words."""

import datetime as dt

from django.shortcuts import render
from django.views.decorators.http import require_safe

from families.enums import Section
from soc_portal.audit.enums import Look
from teams import access
from teams.actions.looks import look
from teams.enums import CRISIS_PARTS, TRANSITION_PARTS, AnswerKind, Choice, LifeDomain, MandateSource, Part, StepStatus
from teams.views.cover_rows import frozen_covers
from teams.views.plan_reading import ANSWER_STATES


@require_safe
def plan_version(request, team_id, number):
    """One version as it was frozen, agreed or not: what this person may read of it, who answered and how."""
    team = access.get_plan_team_for(request.user, team_id)
    version = access.get_plan_version_for(request.user, team, number)
    look(request.user, Look.VERSION, team, version)
    content = access.readable_content(request.user, team, version.content)
    answers = access.visible_answers(request.user, team).filter(plan_version=version)
    answers = answers.select_related("membership").order_by("pk")
    rows = [
        {
            "who": answer.membership, "state": ANSWER_STATES[AnswerKind(answer.kind)],
            "name": answer.get_kind_display(), "words": answer.words,
        }
        for answer in answers
    ]  # fmt: skip
    context = {
        "team": team, "version": version, "content": content, "needs": nested(content), "answers": rows,
        "matters": next((row["matters"] for row in content.get("about", ())), ""),
        "mission": frozen_parts(content, [Part.MISSION]), "crisis": frozen_parts(content, CRISIS_PARTS),
        "transition": frozen_parts(content, TRANSITION_PARTS), "calls": content.get("calls", ()),
        "mandates": [
            row | {"source_name": dict(MandateSource.choices).get(row["source"], ""), "dated_on": _day(row["dated_on"])}
            for row in content.get("mandates", ())
        ],
        "agencies": frozen_covers(content),
        "has_substance_use": any(
            row.get("section") == Section.SUBSTANCE_USE for part in content.values() for row in part
        ),
    }  # fmt: skip
    return render(request, "teams/plan_version.html", context)


def nested(content) -> list[dict]:
    """The frozen needs with their goals, ideas and steps, in words. Older versions have fewer kinds of parts."""
    steps = [
        row
        | {
            "status_name": dict(StepStatus.choices).get(row["status"], row["status"]),
            "state": {"stopped": "stop", "not_done": "stop"}.get(row["status"], row["status"]),
            "due_on": _day(row["due_on"]),
        }
        for row in content["steps"]
    ]
    strengths = {row["id"]: row["text"] for row in content["strengths"] if "id" in row}
    ideas = [
        row | {"builds_on": strengths.get(row["strength"]), "choice_name": Choice(row["choice"]).label}
        for row in content.get("strategies", ())
    ]
    ratings = [row | {"on": _day(row["on"])} for row in content.get("ratings", ())]
    goals = [
        row
        | {
            name: [part for part in parts if part["goal"] == row["id"]]
            for name, parts in (("steps", steps), ("ideas", ideas), ("ratings", ratings))
        }
        for row in content["goals"]
    ]
    return [
        row
        | {
            "goals": [goal for goal in goals if goal["need"] == row["id"]],
            "domain_name": dict(LifeDomain.choices).get(row["domain"], ""),
        }
        for row in content["needs"]
    ]


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def frozen_parts(content, wanted) -> list[dict]:
    """The frozen single parts among those wanted, in their order, each with its name."""
    there = {row["part"]: row["text"] for row in content.get("parts", ())}
    return [{"name": part.label, "text": there[part]} for part in wanted if part in there]
