"""The portal's own middleware: privacy headers, idle sign-out, the signed-in person's language.

Order in settings, after Django's session, locale, CSRF, authentication and message middleware and before
allauth's: `PrivatePages` (near the top), `PersonLanguage`, `IdleLock`, `SignInRequired`, `SecondWall`.
"""

import time
from http import HTTPStatus
from urllib.parse import urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from soc_portal.access.wall import acting_as, undo_if_failed
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.access import owner_from

SEEN = "seen"
WRITE_EVERY_SECONDS = 60


class PrivatePages:
    """Nothing that the server makes is kept by a browser, a proxy or a search engine."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if "no-store" not in response.get("Cache-Control", ""):
            response["Cache-Control"] = "no-store, private"
        response.setdefault("X-Robots-Tag", "noindex, nofollow")
        return response


class PersonLanguage:
    """Pages come in the language of the signed-in person, unless this browser chose another one.

    The browser's choice is the language cookie. Choosing a language while signed in also becomes the
    person's own, so that mail and the next browser follow it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if request.user.is_authenticated and chosen not in dict(settings.LANGUAGES):
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        response = self.get_response(request)
        self._remember(request, response)
        return response

    def _remember(self, request, response):
        cookie = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
        if cookie is None or not request.user.is_authenticated or cookie.value == request.user.language:
            return
        if cookie.value in dict(settings.LANGUAGES):
            request.user.language = cookie.value
            request.user.save(update_fields=["language"])


class IdleLock:
    """Ends a session that made no request for `settings.IDLE_SECONDS`; what was typed is kept.

    The time is kept in the session and written at most once a minute, so that reading pages does not write
    each time. The same write tells the list of sessions when the device was last used.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.idle_owner = None
        if request.user.is_authenticated:
            self._look_at_the_clock(request)
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """A form that comes from a session which just ended (Django has checked its CSRF token by now)."""
        if request.idle_owner is None or not getattr(view, "login_required", True):
            return None
        if request.method == "POST":
            return keep_and_sign_in(request, request.idle_owner)
        messages.warning(request, idle_words())
        return to_sign_in(request, request.get_full_path())

    def _look_at_the_clock(self, request):
        now = int(time.time())
        seen = request.session.get(SEEN)
        is_poll = "X-Poll" in request.headers  # the page asks by itself: nobody is there because of it
        if seen is not None and now - seen > settings.IDLE_SECONDS:
            request.idle_owner = request.user
            UserSession.objects.filter(session_key=request.session.session_key).delete()
            logout(request)
        elif seen is None or (now - seen >= WRITE_EVERY_SECONDS and not is_poll):
            request.session[SEEN] = now
            UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=timezone.now())


class SignInRequired(LoginRequiredMiddleware):
    """Every page asks for a signed-in person, unless its view says `login_not_required`.

    A form that comes without a session, but with a valid owner token, is kept as a draft first.
    """

    def handle_no_permission(self, request, view_func):
        owner = owner_from(request.POST.get("draft_owner")) if request.method == "POST" else None
        if owner is not None:
            return keep_and_sign_in(request, owner)
        if request.headers.get("HX-Request") or request.method == "POST":
            return to_sign_in(request, page_of_form(request))
        return super().handle_no_permission(request, view_func)


class SecondWall:
    """On PostgreSQL, a signed-in person's request is one transaction in which the database shows only their families.

    So a page that fails changes nothing. Pages for everybody touch no family's table and need no transaction.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated:
            return self.get_response(request)
        with acting_as(request.user.pk):
            response = self.get_response(request)
            undo_if_failed(response)
        if response.streaming:
            raise RuntimeError("A streamed page would be made behind the wall, with no rows. Make it whole.")
        return response


class NoBlankPages:
    """Whoever opens the address of a button, say after a change of language, gets the page for absent pages."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED and request.method == "GET":
            allowed = response.headers["Allow"]
            response = render(request, "404.html", status=HTTPStatus.METHOD_NOT_ALLOWED)
            response.headers["Allow"] = allowed
        return response


def idle_words() -> str:
    """Why somebody who did nothing for a while has to sign in again."""
    minutes = settings.IDLE_SECONDS // 60
    return _("You were signed out after %(minutes)s minutes.") % {"minutes": minutes}


def form_path(request) -> str:
    """The page that shows the form which sent this request: a path of this site that can be opened."""
    name = "path" if _is_autosave(request) else "draft_path"
    for path in (request.POST.get(name, ""), request.path):
        if drafts.is_own_path(path):
            return path
    return "/"


def page_of_form(request) -> str:
    """Where to go on after signing in: the page on which the form stood; what a button does is no page to open."""
    path = form_path(request)
    try:
        came_from = urlsplit(request.headers.get("Referer", ""))
    except ValueError:
        return path
    if request.method != "POST" or came_from.netloc != request.get_host() or not drafts.is_own_path(came_from.path):
        return path
    if came_from.path != path and "draft_path" in request.POST:
        return path
    return f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path


def _is_autosave(request) -> bool:
    return request.path == reverse("drafts:keep")


def to_sign_in(request, path):
    """To the sign-in page and from there to `path`; a request by script is told to go there as a page."""
    url = f"{reverse(settings.LOGIN_URL)}?{urlencode({'next': path})}"
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def keep_typed(request, owner) -> bool:
    """Keep the fields of this POST as `owner`'s drafts. False when there was nothing to keep, or too much."""
    fields = drafts.typed_fields(request.POST)
    if _is_autosave(request):
        fields.pop("path", None)
    try:
        kept = drafts.keep_drafts(
            user=owner,
            path=form_path(request),
            fields=fields,
            now=timezone.now(),
            base_version=drafts.base_version_of(request.POST),
        )
    except drafts.TooMuch:
        return False
    return kept > 0


def keep_and_sign_in(request, owner):
    """The session is over: keep what was typed, say so, and come back to the form after signing in."""
    kept = keep_typed(request, owner)
    return _sign_in_again(request, kept)


def _sign_in_again(request, kept):
    messages.warning(request, idle_words() if request.idle_owner else _("You were signed out."))
    if kept:
        messages.info(request, _("What you typed is kept. Sign in to go on."))
    return to_sign_in(request, page_of_form(request))


def csrf_failure(request, reason=""):
    """A form whose token is too old: somebody signed in or out since it was opened. Nothing typed is lost.

    Without a valid owner token nothing is written: then this might be a form of another site.
    """
    owner = owner_from(request.POST.get("draft_owner"))
    kept = owner is not None and keep_typed(request, owner)
    if kept and not request.user.is_authenticated:
        return _sign_in_again(request, kept)
    if kept and request.user == owner:
        words = _("This page was open for too long. What you typed is kept. Please look at it and send it again.")
        messages.warning(request, words)
        return HttpResponseRedirect(page_of_form(request))
    return render(request, "403_csrf.html", status=403)
