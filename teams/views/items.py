"""Writing every part of the plan and of a meeting's record: one set of pages for all kinds in `access.ITEMS`.

What a new item belongs to comes in the address:
  goal                      ?under=<need>
  idea, rating              ?under=<goal>
  part                      ?part=<a word of Part>
  step                      ?under=<goal>, or ?meeting=<meeting>
  topic, note, decision,    ?under=<meeting>, or ?meeting=<meeting>; help may name its ?guest=; see `topic_note`
  what_if, help
  words                     nothing for the vision in the plan; ?meeting=<meeting> (or ?under=) for a meeting
  strength, need, mandate, call    nothing
`?record=<meeting>` leads back to the page on which a meeting is recorded, and saves in place there.
Parents are fetched through access: hidden and absent ones are both 404. With htmx the pages answer with their form
alone, and a saved change with the item itself; the page that asked swaps it into the item's own place.
"""

import uuid

from django.contrib import messages
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from families.access import visible_people
from families.enums import DEFAULT_SECTIONS, Section
from families.models import Strength
from soc_portal.audit.enums import Look
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from soc_portal.drafts.views import keep_typed
from soc_portal.versions.actions import Conflict
from teams import access
from teams.actions.items import add_item, change_item, end_item, restore_item
from teams.actions.looks import look
from teams.enums import HelpKind, Part, SuggestionState
from teams.forms.item_base import Offer
from teams.forms.items import FORMS, initial_of
from teams.models import Goal, PlanPart, Step, Topic, Words
from teams.views import telling
from teams.views.item_parts import context_of, names_of, page_number, page_of, part_of, place_of, recorded

ONCE_SECONDS = 12 * 60 * 60
HISTORY_ROWS = 20

#: What is always added under something else.
STANDS_UNDER = {"goal", "idea", "rating", "step", "topic", "note", "decision", "what_if", "help", "part"}
#: What belongs to the record of a meeting.
IN_RECORD = ("topic", "note", "decision", "what_if", "help")
#: What there is only in the plan: whoever does not read the plan does not write it either.
ONLY_IN_PLAN = {"part", "call"}


# --- Adding ----------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def item_add(request, team_id, kind):
    """Add a part to the plan or to a meeting's record; the same form sent twice adds one."""
    team = access.get_team_for(request.user, team_id)
    sections = access.writable_sections(request.user, team)
    if kind not in FORMS or not sections:
        raise Http404
    if kind in STANDS_UNDER and not request.GET and (place := _draft_of(request, "")[1]) not in ("", request.path):
        return redirect(place)  # signing in again led here, without what the draft belongs to
    return _add_page(request, team, kind, _parent(request, team, kind), sections)


@require_http_methods(["GET", "POST"])
def topic_note(request, team_id, meeting_id, topic_id):
    """Add a note on one thing that a meeting talks about; each has its own address, so several are typed at once."""
    team = access.get_team_for(request.user, team_id)
    meeting = access.get_meeting_for(request.user, team, meeting_id)
    topic = access.get_topic_for(request.user, meeting, topic_id)
    sections = access.writable_sections(request.user, team)
    return _add_page(request, team, "note", {"meeting": meeting}, sections, topic=topic)


def _add_page(request, team, kind, parent, sections, topic=None):
    access.require_writer(request.user, team)
    if kind == "words" and (answer := _own_words(request, team, parent)):
        return answer
    if kind == "part" and (there := _part_there(request, team, parent)):
        return _typed_for(request, team, there)
    if request.method == "GET":
        look(request.user, Look.ITEM, team, parent.get("need") or parent.get("goal") or parent.get("meeting"))
        if "close" in request.GET:
            return HttpResponse()
    offer = Offer(sections, *_offered(request, team, kind), *_offered_at(request, team, kind, parent.get("meeting")))
    return _add_form(request, team, kind, parent, offer, topic)


def _parent(request, team, kind) -> dict:
    """What the new item belongs to, as the field of its model; 404 when it is not there for this person."""
    user, get = request.user, request.GET
    if kind in ONLY_IN_PLAN and not access.can_read_plan(user, team):
        raise Http404
    if kind == "part":
        return {"part": get["part"]} if get.get("part") in Part.values else _absent()
    if kind in ("idea", "rating"):
        return {"goal": access.get_item_for(user, team, "goal", _number(get.get("under")))}
    if kind == "goal":
        return {"need": access.get_item_for(user, team, "need", _number(get.get("under")))}
    if kind == "step" and "meeting" not in get:
        return {"goal": access.get_item_for(user, team, "goal", _number(get.get("under")))}
    if kind in (*IN_RECORD, "step") or (kind == "words" and ("meeting" in get or "under" in get)):
        return {"meeting": access.get_meeting_for(user, team, _number(get.get("meeting") or get.get("under")))}
    return {}


def _absent():
    raise Http404


def _number(text) -> int:
    if not text or not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Http404
    return int(text)


def _offered(request, team, kind, item=None):
    """What a form of this kind asks for: whose strength it may be; who may do a step; which strength it builds on."""
    asked = FORMS[kind].base_fields
    people = visible_people(request.user).filter(family=team.family_id) if "person" in asked else None
    members = _offered_members(request, team, item) if {"who", "carrier"} & set(asked) else None
    return people, members, _offered_strengths(request, team, item) if "strength" in asked else None


def _offered_members(request, team, item):
    """Who is there now, and whom the step names already."""
    members = access.team_memberships(request.user, team)
    here = members.not_ended().filter(chosen_at__isnull=False)
    named = item.numbers_of("who") if isinstance(item, Step) else []
    named += [pk for pk in (getattr(item, "for_whom_id", None), getattr(item, "carrier_id", None)) if pk]
    if named:
        here = here | members.filter(pk__in=named)
    return here.in_order()


def _offered_strengths(request, team, item):
    """An idea that builds on a strength which this person does not see keeps it: they are not asked."""
    strengths = access.team_items(request.user, team, Strength)
    is_hidden = item is not None and item.strength_id and not strengths.filter(pk=item.strength_id).exists()
    return None if is_hidden else strengths


def _offered_at(request, team, kind, meeting, item=None):
    """The agenda that a note may belong to; the goals that a new step from a meeting may be for.

    A note on something that this person does not see stays on it: they are not asked. What was said in a narrow part of
    the record does not go into a goal that more people read.
    """
    topics = goals = None
    if kind == "note":
        topics = access.team_items(request.user, team, Topic).filter(meeting=meeting)
        if item is not None and item.topic_id and not topics.filter(pk=item.topic_id).exists():
            topics = None
    if kind == "step" and meeting is not None and item is None:
        goals = access.team_items(request.user, team, Goal)
        if meeting.section not in DEFAULT_SECTIONS:
            goals = goals.filter(section=meeting.section)
    return topics, goals


def _own_words(request, team, parent):
    """Words are one's own, and there is one of them: writing again changes it. Nothing typed is lost on the way."""
    if not access.can_write_own_words(request.user, team):
        raise PermissionDenied
    there = _words_there(request, team, parent)
    return _typed_for(request, team, there) if there else None


def _part_there(request, team, parent):
    return access.team_items(request.user, team, PlanPart).filter(**parent).first()


def _typed_for(request, team, there):
    """What was typed for something of which there is one already goes on to that one; the same words change nothing."""
    kind = "words" if isinstance(there, Words) else "part"
    url = reverse("teams:item_edit", args=[team.pk, kind, there.pk])
    typed = request.POST.get("text", "").replace("\r\n", "\n").strip()
    if request.method == "POST" and typed == there.text:
        return HttpResponseRedirect(place_of(request, team, kind, there))
    if typed:
        keep_typed(request, there.version, path=url, fields={"text": typed})
    return HttpResponseRedirect(url)


def _words_there(request, team, parent):
    own = access.team_items(request.user, team, Words).filter(meeting=parent.get("meeting"))
    return own.filter(person=access.right_on(request.user, team).person_id).first()


def _add_form(request, team, kind, parent, offer, topic):
    under = "-".join(f"{name}-{getattr(row, 'pk', row)}" for name, row in parent.items())
    kept, elsewhere = _draft_of(request, under)
    at = f"{under}-topic-{topic.pk}" if topic else under  # several forms may be open on one page
    auto_id = f"new-{kind}-{at}-%s" if at else f"new-{kind}-%s"
    initial = kept.fields if kept else {"section": _section_of(parent, offer.sections), "topic": topic}
    if kind == "help" and not kept:
        initial |= _known_help(request, parent["meeting"])
    form = FORMS[kind](
        request.POST if request.method == "POST" else None, initial=initial, offer=offer, auto_id=auto_id
    )
    if request.method == "POST" and form.is_valid():
        try:
            item = _add_once(request, team, kind, parent, form)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            drafts.drop_drafts(user=request.user, path=request.path)
            if request.htmx:
                return recorded(request, telling.SAVED[kind])
            return HttpResponseRedirect(place_of(request, team, kind, item, parent))
    context = context_of(request, team, kind, None, form, kept) | {
        "heading": telling.heading_to_add(kind, parent),
        "under": under,
        "once": request.POST.get("once") or uuid.uuid4().hex,
        "elsewhere": elsewhere,
        "saves_here": "record" in request.GET,
        "back_url": place_of(request, team, kind, None, parent),
        "close_url": request.get_full_path() + ("&" if request.GET else "?") + "close=1",
    }
    return page_of(request, "form", context, status=422 if form.errors else 200)


def _known_help(request, meeting) -> dict:
    """What is known to help somebody who is invited, ready to be looked at and saved."""
    if "guest" not in request.GET:
        return {}
    guest = access.get_guest_for(request.user, meeting, _number(request.GET["guest"]))
    person = guest.membership.person
    if person is not None and person.needs_interpreter and "interpreter" in request.GET:
        return {
            "for_whom": guest.membership_id, "kind_of": HelpKind.INTERPRETER, "text": person.get_language_display()
        }  # fmt: skip
    words = "" if person is None else person.access_needs
    return {"for_whom": guest.membership_id, "kind_of": HelpKind.OTHER, "text": guest.needs or words}


def _draft_of(request, under):
    """What was typed here; or that something typed in another place waits at the same address."""
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    if kept is None or kept.fields.get("under", "") == under:
        return kept, ""
    name, _dash, number = str(kept.fields.get("under", "")).partition("-")
    query = {"need": "under", "goal": "under", "meeting": "meeting", "part": "part"}.get(name)
    is_place = number.isdigit() or number in Part.values
    return None, f"{request.path}?{query}={number}" if query and is_place else request.path


def _section_of(parent, sections) -> str:
    """The part of the record that a new item goes to: its meeting's, else the plan, else what its writer may read."""
    if "meeting" in parent:
        return parent["meeting"].section
    return Section.PLAN if Section.PLAN in sections else sections[0]


def _add_once(request, team, kind, parent, form):
    """Add the item, or find the one that this very form has added already."""
    key = f"once:{request.user.pk}:{team.pk}:{kind}:{request.POST.get('once', '')[:64]}"
    if request.POST.get("once") and not cache.add(key, 0, ONCE_SECONDS):
        return access.team_items(request.user, team, access.ITEMS[kind]).filter(pk=cache.get(key)).first()
    item = None
    try:
        item = _new_item(request, team, kind, parent, form.values())
    finally:
        if item is None:
            cache.delete(key)  # nothing is saved: the form may come again
    cache.set(key, item.pk, ONCE_SECONDS)
    if not request.htmx:
        messages.success(request, telling.SAVED[kind])
    return item


def _new_item(request, team, kind, parent, values):
    who = values.pop("who", None)
    if kind == "words":
        values |= {"person_id": access.right_on(request.user, team).person_id, "language": get_language()[:2]}
    section = values.pop("section", "") or _section_of(parent, access.writable_sections(request.user, team))
    item = access.ITEMS[kind](**parent, **values, section=section)
    return add_item(team=team, item=item, by=request.user, who=who)


# --- Changing --------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def item_edit(request, team_id, kind, item_id):
    """Change a part. Built on an older version it is merged; where both changed the same, a person merges it."""
    team, item = access.get_any_item_with_team_for(request.user, team_id, kind, item_id)
    access.require_item_writer(request.user, team, item)
    if request.method == "GET":
        look(request.user, Look.ITEM, team, item)
        if "close" in request.GET and request.htmx:
            return part_of(request, team, kind, item)
    at_meeting = _offered_at(request, team, kind, getattr(item, "meeting", None), item)
    offer = Offer(access.writable_sections(request.user, team), *_offered(request, team, kind, item), *at_meeting)
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    initial = initial_of(item, FORMS[kind]) | (kept.fields if kept else {})
    form = FORMS[kind](
        request.POST if request.method == "POST" else None, initial=initial, offer=offer, auto_id=f"{kind}-{item.pk}-%s"
    )
    if item.ended_at:
        return _gone(request, team, kind, item, form)
    if request.method == "POST" and form.is_valid():
        return _save(request, team, kind, item, form, offer)
    return _edit_form(request, team, kind, item, form, kept)


def _edit_form(request, team, kind, item, form, kept):
    version = (kept.fields.get("version") if kept else None) or item.version
    if request.method == "POST":
        version = drafts.base_version_of(request.POST) or 0
    context = context_of(request, team, kind, item, form, kept) | {
        "heading": telling.CHANGE[kind],
        "version": version,
        "back_url": place_of(request, team, kind, item),
        "close_url": f"{request.path}?close=1",
        "take_words": telling.TAKE[kind],
    }
    return page_of(request, "form", context, status=422 if form.errors else 200)


def _save(request, team, kind, item, form, offer):
    base = drafts.base_version_of(request.POST) or 0
    try:
        fresh = _change(request, team, item, form, base)
    except Conflict as conflict:
        return _merge(request, team, kind, form, base, conflict, offer)
    except ValidationError as error:
        form.add_error(None, error)
        return _edit_form(request, team, kind, item, form, None)
    drafts.drop_drafts(user=request.user, path=request.path)
    if request.htmx:
        return part_of(request, team, kind, fresh)
    messages.success(request, telling.SAVED[kind])
    return HttpResponseRedirect(place_of(request, team, kind, fresh))


def _change(request, team, item, form, base):
    values = form.values()
    try:
        return change_item(team=team, item=item, by=request.user, base_version=base, values=values)
    except Conflict as conflict:
        if any(name in form.fields for name in conflict.fields):
            raise
        # Only what the portal itself keeps differs, such as the day on which both marked a step as done.
        mine = {name: value for name, value in values.items() if name in conflict.changed}
        return change_item(team=team, item=item, by=request.user, base_version=conflict.theirs.version, values=mine)


def _merge(request, team, kind, form, base, conflict, offer):
    """Both texts side by side, with one's own to put together from; what nobody else touched comes along unseen."""
    theirs = conflict.theirs
    look(request.user, Look.ITEM, team, theirs)
    keep_typed(request, base or None)
    mine = {name: _plain(value) for name, value in form.values().items()}
    now = theirs.state()
    clash = [name for name in form.fields if name in conflict.fields]
    merged = {name: value if name in conflict.changed else now[name] for name, value in mine.items()}
    again = FORMS[kind](initial=merged, offer=offer, auto_id=f"{kind}-{theirs.pk}-%s")
    names = names_of(request, team, kind)
    rows = [
        {
            "field": again[name], "theirs": telling.shown(name, now[name], names),
            "mine": telling.shown(name, mine[name], names),
        }
        for name in clash
    ]  # fmt: skip
    hidden = [again[name] for name in again.fields if name not in clash]
    context = context_of(request, team, kind, theirs, again, None) | {
        "rows": rows, "hidden": hidden, "version": theirs.version, "back_url": place_of(request, team, kind, theirs),
        "close_url": f"{request.path}?close=1", "heading": telling.CHANGE[kind],
    }  # fmt: skip
    return page_of(request, "merge", context, status=409)


def _plain(value):
    if isinstance(value, list):
        return sorted(row.pk for row in value)
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return getattr(value, "pk", value)


def _gone(request, team, kind, item, form):
    """Somebody took it away in the meantime: say so, show what was typed, offer to bring it back."""
    if request.method == "POST":
        keep_typed(request, drafts.base_version_of(request.POST) or None)
    texts = [field for field in form if field.widget_type in ("textarea", "text") and field.value()]
    context = context_of(request, team, kind, item, form, None) | {
        "texts": texts, "back_url": place_of(request, team, kind, None), "heading": telling.CHANGE[kind],
    }  # fmt: skip
    return page_of(request, "gone", context, status=410)


# --- Taking away, bringing back, history ------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def item_end(request, team_id, kind, item_id):
    """Ask, then take a part away; it can be brought back from its history."""
    team = access.get_team_for(request.user, team_id)
    item = access.get_any_item_for(request.user, team, kind, item_id)
    access.require_item_writer(request.user, team, item)
    if request.method == "POST":
        try:
            end_item(team=team, item=item, by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("It is taken away. You can bring it back from “What changed, and when”."))
        return HttpResponseRedirect(place_of(request, team, kind, None, {"meeting": getattr(item, "meeting", None)}))
    look(request.user, Look.ITEM, team, item)
    context = context_of(request, team, kind, item, None, None) | {
        "heading": telling.TAKE[kind], "back_url": place_of(request, team, kind, item),
    }  # fmt: skip
    return render(request, "teams/item_end.html", context)


@require_POST
def item_restore(request, team_id, kind, item_id):
    """Bring a part back as it was; what somebody had typed for it meanwhile is still there."""
    team = access.get_team_for(request.user, team_id)
    item = access.get_any_item_for(request.user, team, kind, item_id)
    access.require_item_writer(request.user, team, item)
    try:
        fresh = restore_item(team=team, item=item, by=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("teams:item_history", team.pk, kind, item.pk)
    messages.success(request, _("It is back."))
    edit_url = reverse("teams:item_edit", args=[team.pk, kind, item.pk])
    if kept_for(request.user, edit_url):
        return HttpResponseRedirect(edit_url)
    return HttpResponseRedirect(place_of(request, team, kind, fresh))


@require_safe
def item_history(request, team_id, kind, item_id):
    """Every state of a part in plain words, newest first, each compared with the one before it."""
    team = access.get_team_for(request.user, team_id)
    item = access.get_any_item_for(request.user, team, kind, item_id)
    look(request.user, Look.HISTORY, team, item)
    page = page_number(request)
    revisions = access.visible_revisions(request.user, team, item)
    rows = list(revisions[(page - 1) * HISTORY_ROWS : page * HISTORY_ROWS + 1])
    names = names_of(request, team, kind)
    accepted = [
        row for row in access.visible_suggestions(request.user, team, item) if row.state == SuggestionState.ACCEPTED
    ]
    states = [
        {
            "told": telling.told(row, kind), "at": row.at, "suggested_by": telling.suggested_by(row, accepted),
            "changes": telling.changes(kind, before.state if before else {}, row.state, names),
        }
        for row, before in zip(rows, [*rows[1:], None], strict=True)
    ][:HISTORY_ROWS]  # fmt: skip
    context = context_of(request, team, kind, item, None, None) | {
        "states": states, "may_write": access.can_change_item(request.user, team, item), "page": page,
        "older": page + 1 if len(rows) > HISTORY_ROWS else None, "back_url": place_of(request, team, kind, item),
    }  # fmt: skip
    return render(request, "teams/item_history.html", context)
