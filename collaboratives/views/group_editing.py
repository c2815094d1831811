"""Changing groups: founding and ending, seats, terms, who runs it, and the statement of a closed one."""

from copy import copy

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from collaboratives import access
from collaboratives.actions import groups as actions
from collaboratives.enums import STATEMENT_SOURCE, STATEMENT_VERSION, STATEMENTS, GroupLevel
from collaboratives.forms.groups import (
    FoundForm,
    GroupEndForm,
    GroupForm,
    OfficeForm,
    RenewForm,
    SeatForm,
    StatementForm,
    TermEndForm,
    TermForm,
    VacancyForm,
    is_too_long,
)
from collaboratives.models import GroupKind
from collaboratives.models.seating import Seating
from collaboratives.views.group_frame import form_page, kept_initial
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.views import keep_typed
from soc_portal.versions.actions import Conflict

BOTH = ["GET", "POST"]


# --- Groups ----------------------------------------------------------------------------------------------------------
@require_http_methods(BOTH)
def group_found(request):
    """Coordinators start a group of their county; those who run the State Collaborative, a subcommittee of it."""
    user = request.user
    access.require_founder(user)
    kept, initial = kept_initial(request, many=["counties"])
    counties = access.visible_worklist_counties(user)
    kinds = GroupKind.objects.live().filter(level=GroupLevel.COUNTY).order_by("name") if counties else []
    form = FoundForm(
        request.POST or None, initial=initial, counties=counties, kinds=kinds, parents=access.run_state_groups(user)
    )
    back = reverse("collaboratives:group_list")

    def found(_data):
        group = actions.found_group(by=user, **form.facts())
        return redirect(back) if group.kind_of.is_closed else redirect("collaboratives:group_detail", group.pk)

    return form_page(
        request, form=form, act=found, kept=kept, back=back, done=_("The group is written down."),
        heading=_("Start a group"), save=_("Start this group"), closed=form.has_closed,
    )  # fmt: skip


@require_http_methods(BOTH)
def group_edit(request, group_id):
    """The name of a group and its words about itself, with what two people changed side by side."""
    group = access.get_run_group_for(request.user, group_id)
    kept, initial = kept_initial(request)
    form = GroupForm(request.POST or None, instance=copy(group), initial=initial)
    words = {"heading": _("Name and words of the group"), "save": _("Save")}

    def change(_data):
        actions.change_group(group=group, by=request.user, base_version=form.base_version, values=form.values)

    try:
        return form_page(request, form=form, act=change, group=group, kept=kept, done=_("Saved."), **words)
    except Conflict as conflict:
        return _merge_page(request, group, conflict, form.base_version)


def _merge_page(request, group, conflict, base_version):
    """Somebody saved the same thing first: both texts side by side, one's own ready to be combined. Saves nothing."""
    theirs, mine = conflict.theirs, conflict.mine
    changed = {name: value for name, value in mine.items() if name in conflict.changed}
    keep_typed(request, base_version or None, fields=changed)
    form = GroupForm(instance=theirs, initial=changed | {"version": theirs.version})
    clashes = [
        {"label": form.fields[name].label, "theirs": getattr(theirs, name), "mine": mine[name]}
        for name in conflict.fields
    ]
    context = {
        "form": form, "group": group, "clashes": clashes, "save": _("Save both together"),
        "heading": _("Two people wrote this at the same time"),
        "back_url": reverse("collaboratives:group_detail", args=[group.pk]),
    }  # fmt: skip
    return render(request, "collaboratives/group_form.html", context, status=409)


@require_http_methods(BOTH)
def group_end(request, group_id):
    """A group comes to its end; another may follow it, as Local Teams followed the child protection teams."""
    group = access.get_run_group_for(request.user, group_id)
    form = GroupEndForm(
        request.POST or None, successors=access.possible_successors(request.user, group).order_by("name")
    )

    def end(data):
        fresh = actions.end_group(group=group, by=request.user, **data)
        if group.kind_of.is_closed and fresh.ends_on < timezone.localdate():
            return redirect("collaboratives:group_list")
        return None

    return form_page(
        request, form=form, act=end, group=group, done=_("The last day of the group is written down."),
        heading=_("The group comes to its end"), save=_("Write down the last day"), bad=True,
        lede=_("All terms end with the group. Its page stays as it was on that day."),
    )  # fmt: skip


# --- Seats -----------------------------------------------------------------------------------------------------------
@require_http_methods(BOTH)
def seat_add(request, group_id):
    group = access.get_run_group_for(request.user, group_id)
    form = SeatForm(request.POST or None, kind=group.kind_of)
    return form_page(
        request, form=form, group=group, heading=_("Add a seat"), save=_("Add this seat"),
        act=lambda data: actions.add_seat(group=group, by=request.user, **data) and None,
        done=_("The seat is there. Now somebody can take it."),
    )  # fmt: skip


@require_http_methods(BOTH)
def seat_note(request, group_id, seat_id):
    """Why a seat is empty; since when, where no term tells it."""
    group = access.get_run_group_for(request.user, group_id)
    seat = access.get_seat_of(group, seat_id)
    now = next(row for row in Seating(group).seats if row.seat.pk == seat.pk)
    initial = {"reason": seat.vacancy_reason, "since": seat.vacant_since}
    form = VacancyForm(request.POST or None, initial=initial, was_filled=now.last is not None)
    return form_page(
        request, form=form, group=group, heading=_("Why is this seat empty?"), save=_("Save"), done=_("Saved."),
        act=lambda data: actions.note_vacancy(seat=seat, by=request.user, **data), lede=_seat_words(seat),
    )  # fmt: skip


def _seat_words(seat) -> str:
    return _("Seat %(number)s: %(name)s") % {"number": seat.number, "name": seat.category.name_here}


# --- Terms -----------------------------------------------------------------------------------------------------------
@require_http_methods(BOTH)
def term_start(request, group_id, seat_id):
    """Somebody takes a seat. Whether their address is that of an account is never told."""
    group = access.get_run_group_for(request.user, group_id)
    seat = access.get_seat_of(group, seat_id)
    kept, initial = kept_initial(request)
    form = TermForm(request.POST or None, initial=initial, group=group, category=seat.category)

    def start(data):
        actions.start_term(seat=seat, by=request.user, **data)
        _warn_of_length(request, group, data)

    return form_page(
        request, form=form, act=start, group=group, kept=kept, done=_("The seat is filled."),
        heading=_("Who takes this seat?"), save=_("Save this term"), lede=_seat_words(seat),
    )  # fmt: skip


def _warn_of_length(request, group, data):
    """A term that is longer than the law says is kept, and said."""
    years = group.kind_of.term_years
    if is_too_long(data["starts_on"], data["ends_on"], years):
        words = ngettext(
            "This term is longer than the %(years)s year that the law says. Check the last day.",
            "This term is longer than the %(years)s years that the law says. Check the last day.",
            years,
        )
        messages.warning(request, words % {"years": years})


@require_http_methods(BOTH)
def term_end(request, group_id, term_id):
    group = access.get_run_group_for(request.user, group_id)
    term = access.get_term_of(group, term_id)
    form = TermEndForm(request.POST or None)
    return form_page(
        request, form=form, group=group, heading=_("Somebody leaves their seat"), save=_("Save"), bad=True,
        act=lambda data: actions.end_term(term=term, by=request.user, **data),
        done=_("Saved. The seat is empty from that day."), lede=_term_words(term),
    )  # fmt: skip


def _term_words(term) -> str:
    return _("%(name)s. %(seat)s") % {"name": term.name, "seat": _seat_words(term.seat)}


@require_http_methods(BOTH)
def term_renew(request, group_id, term_id):
    """The same person goes on for another term."""
    group = access.get_run_group_for(request.user, group_id)
    term = access.get_term_of(group, term_id)
    years = group.kind_of.term_years
    form = RenewForm(request.POST or None, term=term, years=years, has_office=term.offices.live(term.last_day).exists())

    def renew(data):
        actions.renew_term(term=term, by=request.user, **data)
        _warn_of_length(request, group, data)

    return form_page(
        request, form=form, act=renew, group=group, done=_("The new term is written down."),
        heading=_("Another term"), save=_("Save the new term"), lede=_term_words(term),
    )  # fmt: skip


@require_POST
def term_take(request, term_id):
    """Somebody whose address was written down takes the seat that waited for them."""
    term = access.get_waiting_term_for(request.user, term_id)
    if actions.take_term(term=term, by=request.user):
        messages.success(request, _("The seat is yours."))
    return redirect("collaboratives:group_list")


# --- Who runs it -----------------------------------------------------------------------------------------------------
@require_http_methods(BOTH)
def office_give(request, group_id, term_id):
    group = access.get_run_group_for(request.user, group_id)
    term = access.get_term_of(group, term_id)
    form = OfficeForm(request.POST or None)
    return form_page(
        request, form=form, group=group, heading=_("Who runs the group?"), save=_("Save"), done=_("Saved."),
        act=lambda data: actions.give_office(term=term, by=request.user, **data) and None, lede=_term_words(term),
    )  # fmt: skip


@require_POST
def office_end(request, group_id, office_id):
    """Somebody stops chairing or keeping the minutes; they keep their seat."""
    group = access.get_run_group_for(request.user, group_id)
    actions.end_office(office=access.get_office_of(group, office_id), by=request.user)
    messages.success(request, _("Saved. They keep their seat."))
    return redirect("collaboratives:group_detail", group.pk)


# --- Closed groups ---------------------------------------------------------------------------------------------------
@require_http_methods(BOTH)
def statement_sign(request, group_id):
    """A member of a closed group reads its statement and signs; before that nothing else of the group is there."""
    group = access.get_group_to_sign_for(request.user, group_id)
    signed = access.statement_of(request.user, group)
    if signed and request.method == "POST":
        return redirect("collaboratives:group_detail", group.pk)
    language = "es" if (get_language() or "").startswith("es") else "en"
    text = STATEMENTS[STATEMENT_VERSION][language]
    form = StatementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        actions.sign_statement(group=group, by=request.user, text=text, name=form.cleaned_data["name"])
        drafts.drop_drafts(user=request.user, path=request.path)
        messages.success(request, _("Thank you. You signed, and you see the group now."))
        return redirect("collaboratives:group_detail", group.pk)
    context = {"group": group, "form": form, "text": text, "signed": signed, "source": STATEMENT_SOURCE}
    return render(request, "collaboratives/statement_sign.html", context, status=422 if form.errors else 200)
