"""What changed between two versions of the plan, or since one of them: who, what, when, in plain words."""

from django.db.models import Case, F, JSONField, Q, Subquery, When
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from families.enums import Section
from soc_portal.audit.enums import Look
from soc_portal.days import long_day
from teams import access
from teams.actions.looks import look
from teams.forms.plan import CompareForm
from teams.models import PlanVersion
from teams.views import telling
from teams.views.plan_difference import Difference, differences, not_held
from teams.views.plan_reading import content_now, members_with_answers

#: Changes that are read to say who made them, newest first; where there are more, the oldest are not named.
MOST_CHANGES = 1000
#: Of one part so many changes are told; its own history has all.
CHANGES_TOLD = 3


@require_safe
def plan_compare(request, team_id):
    """Two versions beside each other: what was added, taken out, changed and moved, by whom, and who agreed."""
    team = access.get_plan_team_for(request.user, team_id)
    versions = _versions(request, team)
    form = _form(request.GET, versions)
    context = {"team": team, "form": form, "versions": versions}
    if versions and form.is_valid():
        older, newer = form.numbers
        by_number = {row.number: row for row in versions}
        context |= _compared(request, team, by_number[older], by_number.get(newer))
    else:
        look(request.user, Look.HISTORY, team)
    return render(request, "teams/plan_compare.html", context, status=422 if form.errors else 200)


def _versions(request, team) -> list[PlanVersion]:
    """Every version, the newest first, in one query; `frozen` is the content of those that may be compared now."""
    versions = access.visible_plan_versions(request.user, team)
    asked = [request.GET.get(name, "") for name in ("from", "to")]
    wanted = Q(number__in=[int(text) for text in asked if text.isascii() and text.isdigit() and len(text) < 7])
    if "from" not in request.GET:  # as in `_form`
        for usual in (versions.agreed(), versions):
            wanted |= Q(number=Subquery(usual.order_by("-number").values("number")[:1]))
    frozen = Case(When(wanted, then=F("content")), output_field=JSONField())
    found = versions.defer("content").annotate(frozen=frozen).select_related("agreed_by", "put_forward_by")
    return list(found.order_by("-number"))


def _form(asked, versions) -> CompareForm:
    """What was asked; without a question, the last agreed version, or else the last one, with the plan as it is."""
    named = [(version.number, _words_of(version)) for version in versions]
    usual = next((row for row in versions if row.is_agreed), versions[0] if versions else None)
    if usual is None:
        return CompareForm(asked if "from" in asked or "to" in asked else None, versions=named)
    return CompareForm(
        {"from": asked.get("from", str(usual.number)), "to": asked.get("to", CompareForm.NOW)}, versions=named
    )


def _words_of(version: PlanVersion) -> str:
    """What a version is called in the list."""
    if version.is_agreed:
        words, when = _("Version %(number)s, agreed on %(when)s"), version.agreed_at
    elif version.is_waiting:
        words, when = _("Version %(number)s, put forward on %(when)s, waits"), version.put_forward_at
    else:
        words, when = _("Version %(number)s, put forward on %(when)s, taken back or replaced"), version.put_forward_at
    return words % {"number": version.number, "when": long_day(timezone.localdate(when))}


def _compared(request, team, first: PlanVersion, second: PlanVersion | None) -> dict:
    """Everything that the page tells of two versions, or of one and the plan as it is now."""
    look(request.user, Look.COMPARE, team, second or first)
    sides = [_side(request, team, row) for row in (first, second) if row]
    before = access.readable_content(request.user, team, first.frozen)
    if second is None:
        after = content_now(request.user, team, sides[0]["members"])
    else:
        after = access.readable_content(request.user, team, second.frozen)
    sections = differences(before, after)
    _say_who(request, team, first, second, [row for _heading, rows in sections for row in rows])
    return {
        "first": first, "second": second, "sections": sections, "not_held": not_held(before, after), "sides": sides,
        "has_substance_use": any(
            row.get("section") == Section.SUBSTANCE_USE for content in (before, after)
            for rows in content.values() for row in rows
        ),
    }  # fmt: skip


def _side(request, team, version: PlanVersion) -> dict:
    """A version with everybody who ever was on the team, and those who answered to it."""
    members = members_with_answers(request.user, team, version)
    return {"version": version, "members": members, "answers": [row for row in members if row.answer_kind]}


def _say_who(request, team, first, second, rows: list[Difference]) -> None:
    """Each part is told with its last changes between the two: who made them and when. One query."""
    revisions = access.visible_team_revisions(request.user, team).filter(
        kind__in=telling.PLAN_KINDS, at__gt=first.put_forward_at
    )
    if second is not None:
        revisions = revisions.filter(at__lte=second.put_forward_at)
    changes: dict[tuple[str, int], list] = {}
    for revision in revisions.defer("state")[:MOST_CHANGES]:
        changes.setdefault((telling.PLAN_KINDS[revision.kind], revision.item_id), []).append(revision)
    for row in rows:
        last = changes.get((row.kind, row.item_id), [])[:CHANGES_TOLD]
        row.told = [{"words": telling.told(revision, row.kind), "at": revision.at} for revision in last]
