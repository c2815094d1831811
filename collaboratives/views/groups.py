"""Groups: which there are, who sits where, what the law expects, and how a group came to be as it is."""

import datetime as dt

from django.core.paginator import Paginator
from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from collaboratives import access
from collaboratives.enums import OfficeKind
from collaboratives.forms.groups import GroupFilterForm
from collaboratives.measures import VOICE_DAYS, family_voice
from collaboratives.models import Collaborative, GroupKind, Term
from collaboratives.models.seating import CHAIRS, Seating, with_counts
from collaboratives.views.barriers import barrier_facts
from collaboratives.views.group_meetings import next_meeting_facts
from collaboratives.views.recommendations import recommendation_facts
from soc_portal.access.scope import scope_of
from soc_portal.versions.models import Verb

ROWS = 25


# --- The list --------------------------------------------------------------------------------------------------------
@require_safe
def group_list(request):
    """My groups first, then all that are open; of closed kinds what the law says, and nothing of any group."""
    user = request.user
    groups = _told(access.visible_groups(user))
    own = list(_told(access.own_groups(user)).order_by("name", "pk"))
    readable = scope_of(user).group_ids
    form = GroupFilterForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else {}
    page = Paginator(_narrowed(groups, asked).order_by("name", "pk"), ROWS).get_page(request.GET.get("page"))
    context = {
        "mine": [group for group in own if group.pk in readable],
        "to_sign": [group for group in own if group.pk not in readable],
        "waiting": access.waiting_terms(user),
        "form": form,
        "asked": any(asked.values()),
        "page": page,
        "query": _query_of(request),
        "closed_kinds": closed_kinds().order_by("-starts_on"),
        "may_found": access.can_found_groups(user),
        "today": timezone.localdate(),
    }
    return render(request, "collaboratives/group_list.html", context, status=422 if form.errors else 200)


def _told(groups):
    """The groups with what a row of the list tells of them."""
    return with_counts(groups).select_related("kind_of").prefetch_related("counties")


def closed_kinds():
    """Kinds of group that the law closes, past ones too: what is told of them is the same for everybody."""
    return GroupKind.objects.filter(open_meetings=False).select_related("succeeded_by")


def _narrowed(groups, asked):
    if asked.get("county"):
        groups = groups.filter(counties=asked["county"])
    if asked.get("kind"):
        groups = groups.filter(kind_of=asked["kind"])
    return groups


def _query_of(request) -> str:
    """What is asked for, for the addresses of the other pages of the list."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


# --- One group -------------------------------------------------------------------------------------------------------
@require_safe
def group_detail(request, group_id):
    """The table with its seats, the family's part, what the law expects, every seat; then what the group works on."""
    user = request.user
    group = access.get_group_for(user, group_id)
    seating = Seating(group)
    runs = access.can_run_group(user, group)
    context = {
        "group": group,
        "seating": seating,
        "table": table_words(seating),
        "chairs": chairs_of(seating),
        "minutes": [seat.term for _office, seat in seating.holders(OfficeKind.SECRETARY)],
        "rows": rows_of(group, seating, runs=runs),
        "categories": categories_of(group, seating),
        "right": access.group_right(user, group),
        "runs": runs,
        "is_over": seating.on < timezone.localdate(),
        **near(user, group),
        **next_meeting_facts(user, group, seating),
        **recommendation_facts(user, group),
        "barriers": barrier_facts(user, group),
        "spoke": family_voice(group, since=timezone.localdate() - dt.timedelta(days=VOICE_DAYS)),
    }
    return render(request, "collaboratives/group_detail.html", context)


def near(user, group: Collaborative) -> dict:
    """Subcommittees, and the groups before and after this one, as far as this person sees them."""
    wanted = Q(parent=group) | Q(successor=group) | Q(pk=group.successor_id or 0)
    rows = list(access.visible_groups(user).filter(wanted).order_by("name", "pk"))
    return {
        "subcommittees": [row for row in rows if row.parent_id == group.pk],
        "before": [row for row in rows if row.successor_id == group.pk],
        "after": next((row for row in rows if row.pk == group.successor_id), None),
    }


def table_words(seating: Seating) -> dict:
    """What stands on the picture of the table, and what a screen reader hears instead of it."""
    filled, empty, total = len(seating.filled), len(seating.empty), len(seating)
    words = {
        "big": _("%(filled)s of %(total)s") % {"filled": filled, "total": total},
        "first": ngettext("seat is filled", "seats are filled", total),
        "second": ngettext("%(count)s is waiting", "%(count)s are waiting", empty) % {"count": empty} if empty else "",
        "sentence": sentence_of(filled, empty, total),
    }
    if seating.on < timezone.localdate():
        words |= {"first": ngettext("seat was filled", "seats were filled", total), "second": ""}
        words["sentence"] = _("On its last day: %(filled)s of %(total)s.") % {"filled": filled, "total": total}
    numbers = ", ".join(str(seat.number) for seat in seating.empty)
    words["desc"] = words["sentence"] + (" " + _("Empty: %(numbers)s.") % {"numbers": numbers} if numbers else "")
    return words


def sentence_of(filled: int, empty: int, total: int) -> str:
    """How many seats are filled, in a sentence."""
    if not total:
        return _("This group has no seats yet.")
    first = ngettext("%(filled)s of %(total)s seat is filled", "%(filled)s of %(total)s seats are filled", total)
    first = first % {"filled": filled, "total": total}
    if not empty:
        return _("%(sentence)s.") % {"sentence": first}
    second = ngettext("%(count)s is waiting", "%(count)s are waiting", empty) % {"count": empty}
    return _("%(first)s, %(second)s.") % {"first": first, "second": second}


def chairs_of(seating: Seating) -> list[dict]:
    """Who chairs, in the order of the offices, with what the office is called."""
    return [
        {"term": seat.term, "office": office, "is_family": seat.is_family}
        for office, seat in seating.holders(*CHAIRS, OfficeKind.VICE_CHAIR)
    ]


def rows_of(group: Collaborative, seating: Seating, *, runs: bool) -> list[dict]:
    """Every seat; for those who run a closed group also whether its holder has signed."""
    signed = access.signed_user_ids(group) if runs and group.kind_of.is_closed else None
    return [
        {
            "seat": seat,
            "offices": seat.offices,
            "unsigned": signed is not None and seat.is_filled and seat.term.user_id not in signed,
        }
        for seat in seating.seats
    ]


def categories_of(group: Collaborative, seating: Seating) -> list[dict]:
    """What the law or the charter names, in its order: how many seats, how many filled; also where there is no seat."""
    found = {
        category.pk: {"category": category, "seats": 0, "filled": 0, "number": None}
        for category in group.kind_of.categories.order_by("place", "pk")
    }
    for seat in seating.seats:
        row = found[seat.category.pk]
        row["seats"] += 1
        row["filled"] += seat.is_filled
    for row in found.values():
        row["missing"] = max((row["category"].count or 1) - row["filled"], 0) if not group.parent_id else 0
    return list(found.values())


# --- How it came to be -----------------------------------------------------------------------------------------------
@require_safe
def group_history(request, group_id):
    """Who wrote down what, newest first: terms and the group's own row. For those who run it."""
    group = access.get_run_group_for(request.user, group_id)
    told = [*_told_terms(group), *_told_row(request.user, group)]
    page = Paginator(sorted(told, key=lambda row: row["at"], reverse=True), ROWS).get_page(request.GET.get("page"))
    return render(request, "collaboratives/group_history.html", {"group": group, "page": page})


def _told_terms(group: Collaborative):
    terms = Term.objects.filter(seat__group=group).select_related("seat", "created_by", "ended_by").order_by("pk")
    for term in terms:
        facts = {"name": term.name, "number": term.seat.number}
        first, last = date_format(term.starts_on), date_format(term.ends_on)
        yield {
            "at": timezone.localdate(term.created_at),
            "by": term.created_by.name,
            "words": _("%(name)s has seat %(number)s from %(first)s to %(last)s.")
            % (facts | {"first": first, "last": last}),
        }
        if term.left_on:
            facts |= {"day": date_format(term.left_on), "reason": term.get_left_reason_display()}
            yield {
                "at": term.left_on,
                "by": term.ended_by.name,
                "words": _("%(name)s left seat %(number)s on %(day)s. %(reason)s.") % facts,
            }


def _told_row(user, group: Collaborative):
    words = {
        Verb.ADDED: _("The group was written down."),
        Verb.CHANGED: _("The name, the words or the last day of the group changed."),
        Verb.ENDED: _("The group was taken away."),
        Verb.RESTORED: _("The group was brought back."),
    }
    for revision in access.visible_group_revisions(user, group):
        yield {"at": timezone.localdate(revision.at), "by": revision.by_name, "words": words[Verb(revision.verb)]}
