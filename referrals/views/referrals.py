"""Referrals as those who receive them see them; and a county's list of what waits, without what it is."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Case, Count, F, IntegerField, Min, Q, Value, When
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from families.enums import Section
from referrals import access
from referrals.actions.referrals import Outdated, answer_referral, look_at_list, look_at_received
from referrals.enums import OPEN_STATUSES, ReferralStatus, Side
from referrals.forms.referrals import ANSWERS, AnswerForm
from referrals.models import Referral
from referrals.views.shared import BADGES, badge_of, rows_of, title_of
from soc_portal.audit.enums import Look
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from teams.access import visible_referrals
from teams.actions.looks import look_at_many

S = ReferralStatus
PER_PAGE = 30
WAITING_FIRST, OPEN, CLOSED = 0, 1, 2


@require_safe
def referral_list(request):
    """What was sent to where one works, what waits first; and for coordinators, what waits in their county."""
    received = Paginator(in_order(access.received_referrals(request.user)), PER_PAGE)
    page = received.get_page(request.GET.get("page"))
    rows = list(page.object_list)
    for row in rows:
        row.badge, row.asks = badge_of(row), title_of(row) if row.shows_content else ""
    look_at_list(request.user, [row for row in rows if row.asks])
    context = {
        "page": page, "groups": groups_of(rows), "receives": access.receives_referrals(request.user),
        "county": county_rows(request),
    }  # fmt: skip
    return render(request, "referrals/referral_list.html", context)


def waiting_facts(user) -> dict:
    """For the first page of somebody who takes referrals: how many wait for an answer, by when, how many are open."""
    rows = access.received_referrals(user).order_by()
    asked = Q(status=S.REQUESTED)
    return rows.aggregate(
        waiting=Count("pk", filter=asked),
        next_due=Min("answer_due_on", filter=asked),
        open=Count("pk", filter=Q(status__in=OPEN_STATUSES) & ~asked),
    )


def in_order(referrals, then: str = "-requested_at"):
    """Waiting for an answer by its day, then open ones, then closed ones, the newest first unless `then` says else."""
    rank = Case(
        When(status=S.REQUESTED, then=Value(WAITING_FIRST)), When(status__in=OPEN_STATUSES, then=Value(OPEN)),
        default=Value(CLOSED), output_field=IntegerField(),
    )  # fmt: skip
    due = Case(When(status=S.REQUESTED, then=F("answer_due_on")))
    return referrals.annotate(rank=rank).order_by("rank", due, then, "pk")


def groups_of(rows) -> list[tuple[str, list[Referral]]]:
    """The rows of one page under their headings; a heading without rows is left out."""
    headings = {
        WAITING_FIRST: _("Waiting for your answer"), OPEN: _("You said yes, or there is a wait"), CLOSED: _("Closed"),
    }  # fmt: skip
    groups = [(words, [row for row in rows if row.rank == rank]) for rank, words in headings.items()]
    return [(words, found) for words, found in groups if found]


@dataclass(frozen=True)
class WaitingRow:
    """A referral that waits in a county; `mine` is the referral itself where its team is open to this coordinator."""

    county: str
    sent_on: object
    due_on: object
    badge: tuple
    mine: Referral | None = None


def county_rows(request):
    """A page of what waits in one's counties, most urgent first; None for somebody who coordinates none."""
    rows = in_order(access.waiting_in_county(request.user), "requested_at")
    page = Paginator(rows.values(*access.WAITING_COLUMNS), PER_PAGE).get_page(request.GET.get("county_page"))
    found = list(page.object_list)
    if not found:
        return None
    mine = visible_referrals(request.user).filter(pk__in=[row["pk"] for row in found]).select_related("source__team")
    readable = {row.pk: row for row in mine}
    look_at_many(request.user, Look.REFERRALS, {row.source.team for row in readable.values()})
    page.object_list = [_waiting(row, readable.get(row["pk"])) for row in found]
    return page


def _waiting(row: dict, mine: Referral | None) -> WaitingRow:
    facts = Referral(status=row["status"], answer_due_on=row["answer_due_on"])
    due_on = row["answer_due_on"] if row["status"] == S.REQUESTED else None
    return WaitingRow(row["family__county__name"], row["requested_at"], due_on, badge_of(facts), mine)


@require_safe
def referral_detail(request, referral_id):
    """What the family shared with those who may help, and what they said to it."""
    referral = access.get_received_for(request.user, referral_id)
    look_at_received(request.user, referral)
    context = received_context(request.user, referral) | {
        "may_answer": access.can_answer(referral) and bool(ANSWERS.get(S(referral.status))),
        "mine": visible_referrals(request.user).filter(pk=referral.pk).select_related("source").first(),
    }
    return render(request, "referrals/referral_detail.html", context)


def received_context(user, referral: Referral) -> dict:
    """What a receiver reads: all that was shared while the family's yes holds, afterwards their own words alone."""
    shown = referral.shows_content
    shared = rows_of(referral.shared, with_contact=access.can_read_contact(user, referral))
    return {
        "referral": referral, "badge": badge_of(referral), "shown": shown,
        "title": title_of(referral) if shown else "", "shared": shared if shown else [],
        "is_part_2": shown and referral.section == Section.SUBSTANCE_USE,
        "moves": [_move_row(move) for move in referral.moves.all() if move.to_status != S.DRAFT],
        "now": timezone.now(),
    }  # fmt: skip


def _move_row(move) -> dict:
    """One move for the receiver: who and what was said on their own side, and of the other side that it happened."""
    ours = move.side == Side.RECEIVER
    same = move.from_status == move.to_status
    return {
        "at": move.at, "state": BADGES[S(move.to_status)], "by": move.by_name if ours else _("The family or its team"),
        "heading": _("The first visit has a new day") if same else S(move.to_status).label,
        "words": move.words if ours else "",
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
def referral_answer(request, referral_id):
    """Can you help this family? Or how does it go on? The family reads the answer as it is written here."""
    referral = access.get_received_for(request.user, referral_id)
    look_at_received(request.user, referral)
    if not (access.can_answer(referral) and ANSWERS.get(S(referral.status))):
        if request.method == "POST":
            messages.error(request, _("This can’t be answered any more. Nothing was changed."))
        return redirect("referrals:referral_detail", referral.pk)
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    form = answer_form(AnswerForm, request, referral, kept)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                answer_referral(referral=referral, by=request.user, **form.facts())
            except Outdated as error:
                form, status = outdated(AnswerForm, request, referral, error), 409
            except ValidationError as error:
                form.add_error(None, error)
            else:
                drafts.drop_drafts(user=request.user, path=request.path)
                messages.success(request, _("Thank you. The family and its team are told."))
                return redirect("referrals:referral_detail", referral.pk)
    context = received_context(request.user, referral) | {"form": form, "kept": kept}
    return render(request, "referrals/referral_answer.html", context, status=status)


def answer_form(form_class, request, referral, kept=None):
    """The form for where the referral is; a page that is out of date still sends what it showed, as `was`."""
    visit = timezone.localtime(referral.first_visit_at) if referral.first_visit_at else None
    initial = {"day": visit.date(), "time": visit.time()} if visit else {}
    initial |= (kept.fields if kept else {}) | {"was": referral.status}
    return form_class(request.POST if request.method == "POST" else None, initial=initial, status=referral.status)


def outdated(form_class, request, referral, error):
    """The form for where the referral is now, with what was typed and why it was not taken."""
    data = request.POST.copy()
    data["was"] = referral.status
    form = form_class(data, status=referral.status)
    form.is_valid()
    form.add_error(None, error)
    return form
