"""What the pages of items share: where an item stands, and how a page or one part of it is answered."""

from django.shortcuts import render
from django.urls import reverse

from families.access import visible_people
from families.models import Strength
from soc_portal.fields import LONGEST_NUMBER
from teams import access
from teams.actions.agenda import is_late
from teams.enums import SuggestionState
from teams.models import Topic
from teams.views import telling


def place_of(request, team, kind, item, parent=None) -> str:
    """The page on which an item of this kind is read, at the item itself."""
    anchor = f"#{kind}-{item.pk}" if item is not None and not item.ended_at else ""
    if (recording := _recording_of(request, team)) is not None:
        return recording + anchor
    meeting = (parent or {}).get("meeting") or getattr(item, "meeting", None)
    if meeting is not None and not getattr(item, "goal_id", None) and access.can_view_meeting(request.user, meeting):
        return reverse("teams:meeting_detail", args=[team.pk, meeting.pk]) + anchor
    if access.can_read_plan(request.user, team):
        return reverse("teams:plan_detail", args=[team.pk]) + anchor
    return reverse("teams:team_detail", args=[team.pk])


def _recording_of(request, team) -> str | None:
    """The page on which a meeting is recorded, if the form was opened there."""
    number = request.GET.get("record", "")
    if not (number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER):
        return None
    if not access.visible_meetings(request.user).filter(team=team, pk=number).exists():
        return None
    return reverse("teams:meeting_record", args=[team.pk, number])


def recorded(request, words):
    """What stands in the place of a form that was saved on the page of a meeting; its lists are read again at once."""
    response = render(request, "teams/recorded.html", {"words": words})
    response["HX-Trigger"] = "recorded"
    return response


def context_of(request, team, kind, item, form, kept) -> dict:
    """What every page about one item shows, whatever is done to it."""
    in_record = kind in ("topic", "note", "decision", "what_if", "help")
    return {
        "team": team, "kind": kind, "item": item, "form": form, "kept": kept, "save_words": telling.SAVE[kind],
        "tab": "meetings" if in_record else "plan", "in_record": in_record,
    }  # fmt: skip


def page_of(request, name, context, *, status):
    """The whole page, or with htmx its one part, to be swapped into the item's place."""
    if not request.htmx:
        return render(request, f"teams/item_{name}.html", context, status=status)
    context |= {"part": f"teams/parts/item_{name}.html", "inline": True}
    response = render(request, "teams/item_fragment.html", context, status=status)
    if request.method == "POST":
        response["HX-Reswap"] = "innerHTML"
    return response


def part_of(request, team, kind, item):
    """The item as its page shows it."""
    right = access.right_on(request.user, team)
    context = {
        "item": item, "team": team, "own_person_id": right.person_id,
        "may_write": access.can_change_item(request.user, team, item),
    }  # fmt: skip
    if kind == "topic":
        item.is_late = is_late(item, item.meeting)
        context["can_order"] = access.can_order_agenda(request.user, team)
    if kind in access.ORDERED and not (kind == "step" and item.goal_id is None):
        order = list(access.list_of(request.user, team, kind, item).values_list("pk", flat=True))
        context |= {"number": order.index(item.pk) + 1, "last": order[-1] == item.pk}
    if kind in access.TALKED_ABOUT:
        item.comment_count = access.visible_comments(request.user, team, item).count()
        open_ones = access.visible_suggestions(request.user, team, item).filter(state=SuggestionState.OPEN)
        item.open_suggestions = open_ones.count()
    if kind == "idea" and item.strength_id and not access.can_read_section(request.user, team, item.strength.section):
        item.strength = None
    return render(request, f"teams/parts/{kind}.html", context)


def names_of(request, team, kind) -> dict:
    """Names of everybody whom the history of such an item may speak of, and the strengths that an idea builds on."""
    members = access.visible_memberships(request.user).filter(team=team).values_list("pk", "name")
    people = visible_people(request.user).filter(family=team.family_id).values_list("pk", "name")
    names = {("who", pk): name for pk, name in members} | {("person", pk): name for pk, name in people}
    if kind == "idea":
        strengths = access.team_items(request.user, team, Strength).values_list("pk", "text")
        names |= {("strength", pk): text for pk, text in strengths}
    if kind == "note":
        topics = access.team_items(request.user, team, Topic).values_list("pk", "text")
        names |= {("topic", pk): text for pk, text in topics}
    return names


def page_number(request) -> int:
    """The page that is asked for, without counting rows as a paginator would; 1 for anything that is no number."""
    text = request.GET.get("page", "1")
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) < 7 else 1
