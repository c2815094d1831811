"""Who is on the team: naming somebody, choosing, inviting, and stepping back."""

import datetime as dt

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from families.access import visible_people
from soc_portal.audit.enums import Look
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from teams import access
from teams.actions import invitations, memberships
from teams.actions.looks import look
from teams.enums import EndReason, MemberKind
from teams.forms.team import AcceptForm, InviteForm, ProposeForm

#: Where a code that was just made waits for the one page that shows it.
PAPER = "paper_invitation"


# --- The list --------------------------------------------------------------------------------------------------------
@require_safe
def member_list(request, team_id):
    """Who is on the team, who may come, and who has been on it."""
    team = access.get_team_for(request.user, team_id)
    return _list_page(request, team)


def _list_page(request, team, problem=None, status=200):
    """The list; with `problem`, the reason why something that was asked for was not done."""
    look(request.user, Look.MEMBERS, team)
    user, right = request.user, access.right_on(request.user, team)
    rows = access.visible_memberships(user).filter(team=team).in_order()
    rows = list(rows.select_related("person", "organization", "user", "proposed_by", "ended_by"))
    there = [member for member in rows if not member.ended_at]
    may_choose = access.can_choose_members(user, team)
    picks_left = access.youth_picks_left(user, team)
    has_facilitator = any(member.is_facilitator for member in there)
    without_mail = access.members_without_mail(user, team)
    for member in there:
        member.gets_no_mail = member.pk in without_mail
        member.may_pick = bool(picks_left) and _may_be_picked(member)
        member.is_me = member.user_id == user.pk
        member.may_end = may_choose or member.is_me
        member.may_choose_copies = access.can_speak_for(user, team, member)
        member.may_be_invited = may_choose and _may_be_invited(member)
        neutral = member.kind != MemberKind.FAMILY and not member.is_caseworker
        member.may_facilitate = may_choose and (member.is_facilitator or (neutral and not has_facilitator))
    context = {
        "team": team,
        "members": [member for member in there if member.accepted_at],
        "chosen": [member for member in there if member.stage == "chosen"],
        "proposed": [member for member in there if member.stage == "proposed"],
        "former": sorted((m for m in rows if m.ended_at), key=lambda m: (m.ended_at, m.pk), reverse=True),
        "may_choose": may_choose,
        "may_write": right.may_write and team.is_live,
        "picks_left": picks_left,
        "problem": problem,
        "today": timezone.localdate(),
    }
    return render(request, "teams/member_list.html", context, status=status)


def _may_be_picked(member) -> bool:
    """A youth picks people for the table, not who else decides for the family."""
    return member.stage == "proposed" and not (member.person and member.person.is_caregiver)


def _may_be_invited(member) -> bool:
    """Chosen and without an account, as far as anybody on the team can know."""
    return bool(member.chosen_at) and (member.user_id is None or memberships.linked_by_address(member))


def _refused(request, team, error):
    """The list once more, with the reason on top."""
    return _list_page(request, team, problem=" ".join(error.messages), status=422)


def _back(team):
    return redirect("teams:member_list", team_id=team.pk)


# --- Naming and choosing ---------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def member_propose(request, team_id):
    """Anybody on the team names somebody; a caregiver can choose them with the same form."""
    team = access.get_written_team_for(request.user, team_id)
    may_choose = access.can_choose_members(request.user, team)
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    form = ProposeForm(
        request.POST or None,
        initial=kept.fields if kept else {},
        people=_people_without_place(request.user, team),
        county=team.family.county_id,
        may_choose=may_choose,
    )
    if request.method == "POST" and form.is_valid():
        member = _propose(request, team, form)
        if member is not None:
            drafts.drop_drafts(user=request.user, path=request.path)
            if form.cleaned_data.get("choose_now"):
                return _choose(request, member)
            messages.success(request, _("You named this person. The family chooses who is on the team."))
            return _back(team)
    context = {"team": team, "form": form, "kept": kept, "may_choose": may_choose}
    return render(request, "teams/member_propose.html", context, status=422 if form.errors else 200)


def _people_without_place(user, team):
    taken = access.visible_memberships(user).not_ended().filter(team=team, person__isnull=False)
    people = visible_people(user).filter(family=team.family_id)
    return people.exclude(pk__in=taken.values("person_id")).order_by("pk")


def _propose(request, team, form):
    try:
        return memberships.propose_member(team=team, by=request.user, **form.facts())
    except ValidationError as error:
        form.add_error("person" if form.cleaned_data["person"] else "name", error)
    return None


def _choose(request, member, as_youth=False):
    """Choose, let them know where we have an address, and say what comes next. The answer is the same for
    an address with and without an account."""
    memberships.choose_member(membership=member, by=request.user, as_youth=as_youth)
    if not member.address:
        messages.success(request, _("They are chosen. Now let them know."))
        if not as_youth and member.user_id is None:
            return redirect("teams:member_invite", team_id=member.team_id, membership_id=member.pk)
        return _back(member.team)
    if member.user_id is None:
        invitations.invite_by_email(membership=member, address=member.address, by=request.user)
    messages.success(request, _("They are chosen. We are writing to them now."))
    return _back(member.team)


@require_POST
def member_choose(request, team_id, membership_id):
    """A caregiver chooses somebody who was named; a youth of 14 or more picks up to two."""
    team = access.get_team_for(request.user, team_id)
    member = access.get_membership_for(request.user, team, membership_id)
    if access.can_choose_members(request.user, team):
        return _choose(request, member)
    if not access.youth_picks_left(request.user, team) or not _may_be_picked(member):
        raise PermissionDenied
    return _choose(request, member, as_youth=True)


@require_POST
def member_accept(request, team_id, membership_id):
    """A caregiver notes the yes of somebody who has no account here."""
    team = access.get_team_for(request.user, team_id)
    member = access.get_membership_for(request.user, team, membership_id)
    access.require_chooser(request.user, team)
    if member.user_id is not None and not memberships.linked_by_address(member):
        raise PermissionDenied
    form = AcceptForm(request.POST)
    try:
        if not form.is_valid():
            raise ValidationError(form.errors["starts_on"])
        memberships.accept_place(membership=member, by=request.user, starts_on=form.cleaned_data["starts_on"])
    except ValidationError as error:
        return _refused(request, team, error)
    messages.success(request, _("Their yes is noted. They are on your team."))
    return _back(team)


# --- Roles and going -------------------------------------------------------------------------------------------------
@require_POST
def member_facilitate(request, team_id, membership_id):
    """The family names who runs its meetings: POST `facilitator` is "yes" or "no"."""
    team = access.get_team_for(request.user, team_id)
    member = access.get_membership_for(request.user, team, membership_id)
    access.require_chooser(request.user, team)
    try:
        if request.POST.get("facilitator") == "no":
            memberships.end_facilitator(membership=member, by=request.user)
            messages.success(request, _("They no longer run your meetings. They are still on your team."))
        else:
            memberships.make_facilitator(membership=member, by=request.user)
            messages.success(request, _("They run your meetings from now on."))
    except ValidationError as error:
        return _refused(request, team, error)
    return _back(team)


@require_http_methods(["GET", "POST"])
def member_end(request, team_id, membership_id):
    """Somebody steps back, or the family asks them to; first the page says what it means."""
    team = access.get_team_for(request.user, team_id)
    member = access.get_membership_for(request.user, team, membership_id)
    if not access.can_end_membership(request.user, member):
        raise PermissionDenied
    is_me = member.user_id == request.user.pk
    problem = None
    if request.method == "POST":
        reason = EndReason.LEFT if is_me else EndReason.FAMILY if member.chosen_at else EndReason.NOT_CHOSEN
        try:
            memberships.end_membership(membership=member, by=request.user, reason=reason)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            return _ended(request, team, member, is_me)
    look(request.user, Look.MEMBERS, team)
    context = {"team": team, "member": member, "is_me": is_me, "problem": problem}
    return render(request, "teams/member_end.html", context, status=422 if problem else 200)


def _ended(request, team, member, is_me):
    if is_me:
        messages.success(request, _("You have stepped back. Thank you for your time at this table."))
        return redirect("home")
    if member.chosen_at:
        messages.success(request, _("They are no longer on your team. They can't see anything of it from now on."))
    else:
        messages.success(request, _("You did not choose this person. They see nothing of your family."))
    return _back(team)


# --- Inviting --------------------------------------------------------------------------------------------------------
@require_http_methods(["GET", "POST"])
def member_invite(request, team_id, membership_id):
    """Let a chosen person in, by email or on paper: POST `how` is "email" or "paper"."""
    team = access.get_team_for(request.user, team_id)
    member = access.get_membership_for(request.user, team, membership_id)
    access.require_chooser(request.user, team)
    form = InviteForm(initial={"address": member.address})
    problem = None
    if request.method == "POST":
        on_paper = request.POST.get("how") == "paper"
        form = form if on_paper else InviteForm(request.POST)
        try:
            if on_paper or form.is_valid():
                return _invite(request, member, "" if on_paper else form.cleaned_data["address"])
        except ValidationError as error:
            problem = " ".join(error.messages)
        return _invite_page(request, team, member, form, problem, status=422)
    paper = request.session.pop(PAPER, None)
    if paper and paper["membership"] == member.pk:
        look(request.user, Look.MEMBERS, team)
        return _paper_page(request, team, member, paper)
    return _invite_page(request, team, member, form, problem)


def _invite_page(request, team, member, form, problem, status=200):
    look(request.user, Look.MEMBERS, team)
    context = {"team": team, "member": member, "form": form, "problem": problem}
    return render(request, "teams/member_invite.html", context, status=status)


def _paper_page(request, team, member, paper):
    paper = {
        "code": paper["code"],
        "until": dt.date.fromisoformat(paper["until"]),
        "site": request.build_absolute_uri(reverse("teams:invitation_code")),
    }
    return render(request, "teams/member_invite_paper.html", {"team": team, "member": member, "paper": paper})


def _invite(request, member, address):
    """By email when there is an address; else a code for paper, shown on one page, once."""
    if address:
        invitations.invite_by_email(membership=member, address=address, by=request.user)
        messages.success(request, _("The invitation is on its way. It is good for 30 days."))
        return _back(member.team)
    row, code = invitations.invite_on_paper(membership=member, by=request.user)
    until = timezone.localdate(row.expires_at).isoformat()
    request.session[PAPER] = {"membership": member.pk, "code": code, "until": until}
    return redirect("teams:member_invite", team_id=member.team_id, membership_id=member.pk)
