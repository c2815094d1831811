"""Papers to take along: what each holds for one reader, and the PDF of it. Whoever calls has asked `access` before.

The paper holds what its reader may read and no more, and says for whom it was made and when.
"""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from soc_portal import days
from soc_portal.papers import pdf
from teams import access
from teams.enums import MeetingStatus
from teams.models import Meeting, Team
from teams.views.meeting_record import record_of
from teams.views.paper_plan import plan_parts, version_words
from teams.views.paper_record import record_heading, record_parts, span_of, when_and_where
from teams.views.paper_short import crisis, fridge
from teams.views.paper_words import Pieces, Say
from teams.views.plan_reading import read_plan

TEMPLATES = Path(__file__).parent.parent / "papers"
#: Kind of paper: its template, the name of the file and the title inside it. No names.
PAPERS: dict[str, tuple[str, str, Promise]] = {
    "plan": ("paper.typ", "plan-of-care.pdf", _("Plan of care")),
    "fridge": ("fridge.typ", "refrigerator-page.pdf", _("Our next steps")),
    "crisis": ("crisis.typ", "crisis-cards.pdf", _("If there is a crisis")),
    "record": ("paper.typ", "meeting-record.pdf", _("Meeting record")),
}
#: Those that are made from the plan; the other one is made from a meeting.
PLAN_PAPERS = ("plan", "fridge", "crisis")
BOTH = "both"


def languages_for(choice: str) -> tuple[str, ...]:
    """The languages of a paper; with two of them, the reader's own comes first."""
    own = (get_language() or settings.LANGUAGE_CODE)[:2]
    if choice != BOTH:
        return (choice or own,)
    return (own, *(code for code, _name in settings.LANGUAGES if code != own))


def has_two_languages(user, team: Team) -> bool:
    """Whether the people of this team, its reader among them, read both languages of the portal. One query."""
    members = access.visible_memberships(user).filter(team=team).live()
    rows = members.values_list("person__language", "user__language")
    spoken = {code for row in rows for code in row} | {(get_language() or "")[:2]}
    return {code for code, _name in settings.LANGUAGES} <= spoken


def paper(user, team: Team, kind: str, **choices) -> bytes:
    """The PDF of one kind of paper for one reader; `choices` as of `paper_data`."""
    return pdf(TEMPLATES / PAPERS[kind][0], paper_data(user, team, kind, **choices))


def paper_data(
    user, team: Team, kind: str, *, languages: Sequence[str] = (), large: bool = False, only: str | None = None,
    meeting: Meeting | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Everything that stands on the paper, as its template reads it.

    `languages`, empty for the reader's own: each is a column of its own, side by side and row by row. `only`: nothing
    of the plan but this part of the record. `meeting`: whose record it is.
    """
    languages = languages or languages_for("")
    title, say = PAPERS[kind][2], Say(languages)
    written = _record(user, meeting) if kind == "record" else _plan(user, team, kind, only)
    columns = [{"lang": code, "lines": [], "heading": Say([code])(title)} | written(Say([code])) for code in languages]
    return {
        "title": say(title)[0]["text"], "lang": languages[0], "large": large, "columns": columns,
        "copy": say(lambda: _t("Copy for %(name)s, made %(when)s") % {
            "name": user.name or user.email, "when": days.long_moment(timezone.now()),
        }),
        "private": say(_("Private. Please keep this paper safe.")),
        "page": say(_("Page {page} of {pages}")),
        "missing": say(_("Some characters could not be printed. This sign stands in their place: ▯")),
    }  # fmt: skip


def _record(user, meeting: Meeting) -> Callable[[Say], dict]:
    record = record_of(user, meeting)
    return lambda say: {
        "heading": say(lambda: record_heading(meeting)), "lines": when_and_where(say, meeting),
        "parts": record_parts(say, record),
    }  # fmt: skip


def _plan(user, team: Team, kind: str, only: str | None) -> Callable[[Say], dict]:
    plan = read_plan(user, team, only=only)
    if kind == "crisis":
        return partial(crisis, plan=plan)
    meeting = _next_meeting(user, team)
    if kind == "fridge":
        return lambda say: {"lines": _meeting_lines(say, meeting)} | fridge(say, plan)
    return lambda say: {
        "heading": say(lambda: _t("%(names)s's plan") % {"names": team.children_names}),
        "lines": [*_meeting_lines(say, meeting), say(lambda: version_words(plan))],
        "parts": plan_parts(say, team, plan),
    }


def _next_meeting(user, team: Team) -> Meeting | None:
    meetings = access.visible_meetings(user).filter(team=team, status=MeetingStatus.SET)
    return meetings.filter(starts_at__gte=timezone.now()).order_by("starts_at").first()


def _meeting_lines(say: Say, meeting: Meeting | None) -> list[Pieces]:
    if meeting is None:
        return [say(_("No meeting is set yet."))]
    _when, *where = when_and_where(say, meeting)
    return [say(lambda: _t("Next meeting: %(when)s") % {"when": span_of(meeting)}), *where]
