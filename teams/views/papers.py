"""Papers to take along: what each holds for one reader, and the PDF of it. Whoever calls has asked `access` before.

The paper holds what its reader may read and no more, and says for whom it was made and when.
"""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

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
    "plan": ("paper.typ", "plan-of-care.pdf", _l("Plan of care")),
    "fridge": ("fridge.typ", "refrigerator-page.pdf", _l("Our next steps")),
    "crisis": ("crisis.typ", "crisis-cards.pdf", _l("If there is a crisis")),
    "record": ("paper.typ", "meeting-record.pdf", _l("Meeting record")),
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


def paper(user, team: Team, kind: str, *, languages=(), large: bool = False, meeting: Meeting | None = None) -> bytes:
    """The PDF of one kind of paper for one reader. `meeting` for a record; `languages` empty for the reader's own."""
    template, *_rest = PAPERS[kind]
    return pdf(TEMPLATES / template, paper_data(user, team, kind, languages=languages, large=large, meeting=meeting))


def paper_data(user, team: Team, kind: str, *, languages=(), large=False, meeting=None) -> dict[str, Any]:
    """Everything that stands on the paper, as its template reads it."""
    say = Say(languages or languages_for(""))
    title = PAPERS[kind][2]
    own = _record(say, user, meeting) if kind == "record" else _plan(say, user, team, kind)
    return {
        "title": say(title)[0]["text"], "lang": say.languages[0], "large": large, "heading": say(title), "lines": [],
        "copy": say(lambda: _("Copy for %(name)s, made %(when)s") % {
            "name": user.name or user.email, "when": days.long_moment(timezone.now()),
        }),
        "private": say(_l("Private. Please keep this paper safe.")),
        "page": say(_l("Page {page} of {pages}")),
        "missing": say(_l("Some characters could not be printed. This sign stands in their place: ▯")),
    } | own  # fmt: skip


def _record(say: Say, user, meeting: Meeting) -> dict:
    return {
        "heading": say(lambda: record_heading(meeting)), "lines": when_and_where(say, meeting),
        "parts": record_parts(say, record_of(user, meeting)),
    }  # fmt: skip


def _plan(say: Say, user, team: Team, kind: str) -> dict:
    plan = read_plan(user, team)
    if kind == "crisis":
        return crisis(say, plan)
    lines = _next_meeting(say, user, team)
    if kind == "fridge":
        return {"lines": lines} | fridge(say, plan)
    heading = say(lambda: _("%(names)s's plan") % {"names": team.children_names})
    return {
        "heading": heading,
        "lines": [*lines, say(lambda: version_words(plan))],
        "parts": plan_parts(say, team, plan),
    }


def _next_meeting(say: Say, user, team: Team) -> list[Pieces]:
    meetings = access.visible_meetings(user).filter(team=team, status=MeetingStatus.SET)
    meeting = meetings.filter(starts_at__gte=timezone.now()).order_by("starts_at").first()
    if meeting is None:
        return [say(_l("No meeting is set yet."))]
    _when, *where = when_and_where(say, meeting)
    return [say(lambda: _("Next meeting: %(when)s") % {"when": span_of(meeting)}), *where]
