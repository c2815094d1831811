"""A person's own pages: name and language, how I sign in, where I am signed in."""

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from soc_portal.access.scope import scope_of
from soc_portal.accounts import access, actions
from soc_portal.accounts.devices import device_words
from soc_portal.accounts.forms import ProfileForm
from soc_portal.drafts.actions import drop_drafts
from soc_portal.drafts.forms import kept_for


@require_http_methods(["GET", "POST"])
def profile_edit(request):
    """My name and language, and whether I want reminders."""
    kept = kept_for(request.user, request.path)
    form = ProfileForm(request.POST or None, instance=request.user, initial=kept.fields if kept else None)
    if request.method == "POST" and form.is_valid():
        actions.change_profile(user=request.user, **form.cleaned_data)
        drop_drafts(user=request.user, path=request.path)
        with translation.override(request.user.language):
            messages.success(request, _("Your changes are saved."))
        response = redirect("accounts:profile_edit")
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            request.user.language,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
        return response
    context = {"form": form, "kept": kept, "own_family_ids": sorted(scope_of(request.user).own_family_ids)}
    return render(request, "accounts/profile_edit.html", context, status=422 if form.errors else 200)


@require_safe
def security(request):
    """How I sign in: passkeys, app codes, recovery codes, password, devices."""
    mine = list(Authenticator.objects.filter(user=request.user))
    recovery = next((a for a in mine if a.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "passkeys": [a for a in mine if a.type == Authenticator.Type.WEBAUTHN],
        "app": next((a for a in mine if a.type == Authenticator.Type.TOTP), None),
        "recovery": recovery,
        "recovery_left": len(recovery.wrap().get_unused_codes()) if recovery else 0,
        "device_count": len(access.live_sessions(request.user, timezone.now())),
    }
    return render(request, "accounts/security.html", context)


@require_http_methods(["GET", "POST"])
def sessions(request):
    """Where I am signed in. POST signs out everywhere but here."""
    now, here = timezone.now(), request.session.session_key
    if request.method == "POST":
        count = actions.end_other_sessions(user=request.user, session_key=here, now=now)
        messages.success(
            request,
            ngettext("You are signed out on %d other device.", "You are signed out on %d other devices.", count)
            % count,
        )
        return redirect("usersessions_list")
    rows = [
        {"id": s.pk, "device": device_words(s.user_agent), "since": s.created_at, "seen": s.last_seen_at,
         "here": s.session_key == here}
        for s in access.live_sessions(request.user, now)
    ]  # fmt: skip
    return render(request, "usersessions/usersession_list.html", {"sessions": rows})


@require_POST
def session_end(request, session_id):
    """Sign out on one other device."""
    if not actions.end_session(user=request.user, session_id=session_id):
        raise Http404
    messages.success(request, _("You are signed out on that device."))
    return redirect("usersessions_list")
