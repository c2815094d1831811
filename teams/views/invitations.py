"""Coming in: with a code from paper, with a link from an email, or with the account that somebody has."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from soc_portal.access.limits import within_limit
from teams import access
from teams.actions.invitations import decline_invitation, hash_of_code, take_invitation
from teams.actions.memberships import accept_place, end_membership
from teams.enums import EndReason
from teams.forms.team import CodeForm
from teams.models import Invitation

#: How many codes one internet address may try in this many seconds. A code has 22^10 shapes.
TRIES, WINDOW_SECONDS = 10, 10 * 60


@login_not_required  # whoever holds a paper invitation has no account yet
@require_http_methods(["GET", "POST"])
def invitation_code(request):
    """Type the code from paper. A wrong, an old and a used code get the same answer."""
    form = CodeForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 422
        if not _may_try_again(request):
            form.add_error("code", _("Too many tries. Please wait 10 minutes. Then try again."))
            status = 429
        elif form.is_valid():
            invitation = access.open_invitation_by_code(hash_of_code(form.cleaned_data["code"]), timezone.now())
            if invitation is not None:
                return redirect("teams:invitation_link", token=invitation.token)
            form.add_error("code", _("This code does not work. Check it, or ask for a new one."))
    return render(request, "teams/invitation_code.html", {"form": form}, status=status)


def _may_try_again(request) -> bool:
    key = f"invitation-code:{get_adapter(request).get_client_ip(request)}"
    return within_limit(key, most=TRIES, seconds=WINDOW_SECONDS)


@login_not_required  # the signed link is the permission; it shows nothing of the family
@require_http_methods(["GET", "POST"])
def invitation_link(request, token):
    """Say yes or no to a family: POST `answer` is "yes" (with an account) or "no" (with or without one)."""
    found = Invitation.read_token(token)
    invitation = access.open_invitation(*found, timezone.now()) if found else None
    if invitation is None:
        return render(request, "teams/invitation_gone.html", status=404)
    problem = None
    if request.method == "POST":
        try:
            done = _answer(request, invitation)
        except ValidationError as error:
            problem = " ".join(error.messages)
        else:
            if done is not None:
                return done
    here = urlencode({"next": request.path})
    context = {
        "invitation": invitation,
        "problem": problem,
        "signup_url": f"{reverse('account_signup')}?{here}",
        "login_url": f"{reverse('account_login')}?{here}",
    }
    return render(request, "teams/invitation_link.html", context, status=422 if request.method == "POST" else 200)


def _answer(request, invitation):
    """Do what was answered; None when it can't be done as asked."""
    user = request.user if request.user.is_authenticated else None
    if request.POST.get("answer") == "no":
        decline_invitation(invitation=invitation, by=user)
        messages.success(request, _("Thank you for your answer. The family will see that you said no."))
        return redirect("home" if user else "account_login")
    if request.POST.get("answer") != "yes" or user is None:
        return None
    member = take_invitation(invitation=invitation, user=user)
    member = accept_place(membership=member, by=user)
    return _welcome(request, member)


def _welcome(request, member):
    messages.success(request, _("Welcome to the table. You are on this team now."))
    if member.stage != "live":  # a caregiver had noted a later day
        return redirect("home")
    return redirect("teams:team_detail", team_id=member.team_id)


@require_POST
def own_invitation_answer(request, membership_id):
    """Answer an invitation that came to one's own account: POST `answer` is "yes" or "no"."""
    member = access.get_own_invitation_for(request.user, membership_id)
    try:
        if request.POST.get("answer") == "yes":
            return _welcome(request, accept_place(membership=member, by=request.user))
        if request.POST.get("answer") == "no":
            end_membership(membership=member, by=request.user, reason=EndReason.DECLINED)
            messages.success(request, _("Thank you for your answer. The family will see that you said no."))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("home")
