"""The way in: sign-in, codes, the demo, and the end of a session.

allauth does the signing in. These views keep `next` through every turn of it, count the tries that are left,
and answer a wrong form with 422, like every other form of the portal.
"""

from http import HTTPStatus
from ipaddress import ip_address
from urllib.parse import urlsplit

from allauth.account import views as account
from allauth.account.internal.flows.login import record_authentication
from allauth.account.internal.stagekit import get_pending_stage
from allauth.account.utils import passthrough_next_redirect_url
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import get_user_model, login, logout
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from soc_portal.accounts.forms import CodeRequestForm, PasswordSignInForm
from soc_portal.accounts.personas import BY_SLUG, PERSONAS
from soc_portal.drafts.actions import is_own_path
from soc_portal.redirects import next_of

UNPROCESSABLE = HTTPStatus.UNPROCESSABLE_ENTITY


class _Unprocessable:
    """A form with mistakes comes back with status 422 and everything that was typed."""

    def form_invalid(self, form):
        response = super().form_invalid(form)
        if response.status_code == HTTPStatus.OK:
            response.status_code = UNPROCESSABLE
        return response


class _Door(_Unprocessable):
    """The sign-in pages open even while a code is waiting, so that a mistyped e-mail can be put right."""

    def _redirect_to_pending_stage(self, request, stage):
        return None

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | door_context(self.request)


def door_context(request):
    """What the sign-in pages show beside their form; `next` is kept in every link."""

    def keeping_next(name):
        return passthrough_next_redirect_url(request, reverse(name), "next")

    stage = get_pending_stage(request)
    return {
        "personas": PERSONAS if settings.DEMO else (),
        "passkeys_work": not _is_ip_address(request.get_host()),
        "code_is_waiting": stage is not None and stage.urlname == "account_confirm_login_code",
        "code_url": keeping_next("account_confirm_login_code"),
        "login_url": keeping_next("account_login"),
        "password_url": keeping_next("password_sign_in"),
        "signup_url": keeping_next("account_signup"),
    }


def _is_ip_address(host):
    """Browsers refuse passkeys where the site is called by a number, like the demo's 127.0.0.1."""
    try:
        ip_address(urlsplit(f"//{host}").hostname)
    except ValueError:
        return False
    return True


def masked(email):
    """ "rosa@example.org" as "r•••••@example.org": enough to know which mailbox to open."""
    name, _at, domain = email.partition("@")
    return f"{name[:1]}•••••@{domain}"


class SignIn(_Door, account.RequestLoginCodeView):
    template_name = "account/login.html"

    def get_form_class(self):
        return CodeRequestForm


class PasswordSignIn(_Door, account.LoginView):
    template_name = "account/password_sign_in.html"

    def get_form_class(self):
        return PasswordSignInForm


class SignUp(_Unprocessable, account.SignupView):
    """A name and an e-mail; then a code."""


class _Code:
    """A page for a code of six numbers: tries are counted down, an old code is said to be old."""

    def dispatch(self, request, *args, **kwargs):
        self.tries_are_over = False
        response = super().dispatch(request, *args, **kwargs)
        if response.status_code == HTTPStatus.FOUND and response.url in _no_code_urls():
            if not self.tries_are_over:
                messages.error(request, _("That code is no longer good. Ask for a new one."))
            return redirect(self.passthrough_next_url(response.url))
        return response

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        return context | door_context(self.request) | {"masked_email": masked(context["email"])}

    def form_invalid(self, form):
        if "code" not in form.fields:  # a mistake in the new e-mail, see ConfirmEmail
            return self._again(super().form_invalid(form))
        if not form.data.get("code", "").strip():  # nothing typed is not a try
            return self.render_to_response(self.get_context_data(form=form), status=UNPROCESSABLE)
        left = self._process.max_attempts - self._process.state["failed_attempts"] - 1
        self.tries_are_over = left <= 0
        words = ngettext(
            "Check the 6 numbers and try again. You have %d more try.",
            "Check the 6 numbers and try again. You have %d more tries.",
            left,
        )
        form.errors["code"] = form.error_class([words % left], renderer=form.renderer, field_id=form["code"].auto_id)
        return self._again(super().form_invalid(form))

    def _again(self, response):
        if response.status_code == HTTPStatus.OK:
            response.status_code = UNPROCESSABLE
        return response


class ConfirmCode(_Code, account.ConfirmLoginCodeView):
    """The code that signs in."""


class ConfirmEmail(_Code, account.ConfirmEmailVerificationCodeView):
    """The code that shows that an e-mail is one's own: when signing up, and for a new e-mail."""


class ConfirmReset(_Code, account.ConfirmPasswordResetCodeView):
    """The code that lets a person choose a new password."""


def _no_code_urls():
    return {reverse(name) for name in ("account_login", "account_request_login_code", "account_email")}


sign_in = login_not_required(SignIn.as_view())
sign_in_with_password = login_not_required(PasswordSignIn.as_view())
sign_up = login_not_required(SignUp.as_view())
confirm_code = login_not_required(ConfirmCode.as_view())
confirm_email = login_not_required(ConfirmEmail.as_view())
confirm_reset = login_not_required(ConfirmReset.as_view())


def _from_this_site(request):
    """False for what a page of another site makes a browser send; a script or an address line counts as ours."""
    return request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")


@login_not_required  # the demo's buttons; on anything but a demo this page does not exist
@csrf_exempt  # so that a script can look around too: everybody in a demo is made up, and other sites are refused
@require_POST
def demo_sign_in(request):
    """POST `persona=<slug>`: sign in as that made-up person. Refused with 404 where `settings.DEMO` is off."""
    if not settings.DEMO:
        raise Http404
    if not _from_this_site(request):
        raise PermissionDenied
    persona = BY_SLUG.get(request.POST.get("persona", ""))
    user = persona and get_user_model().objects.filter(email=persona.email, is_active=True).first()
    if user is None:
        context = {"form": CodeRequestForm(), "demo_trouble": True} | door_context(request)
        return render(request, "account/login.html", context, status=UNPROCESSABLE)
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    record_authentication(request, user, method="demo")
    UserSession.objects.create_from_request(request)
    return HttpResponseRedirect(next_of(request, resolve_url(settings.LOGIN_REDIRECT_URL)))


@login_not_required  # asked by the script of a page whose session may be over: it answers 401, not a page
@require_POST
def stay(request):
    """The reader is still there: any request keeps the session alive, this one does nothing else."""
    return HttpResponse(status=204 if request.user.is_authenticated else 401)


@login_not_required  # where a page goes when its reader did nothing for too long
@require_safe
def signed_out(request):
    """End the session and say so. A link on another site can't sign anybody out."""
    if _from_this_site(request):
        logout(request)
    url = reverse(settings.LOGIN_URL)
    came_from = urlsplit(request.headers.get("Referer", ""))
    if came_from.netloc == request.get_host() and is_own_path(came_from.path):
        url = f"{url}?next={came_from.path}"
    return render(request, "accounts/signed_out.html", {"sign_in_url": url, "minutes": settings.IDLE_SECONDS // 60})
