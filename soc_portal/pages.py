"""Pages that are the same for everybody and need no sign-in: safety, rights, accessibility, privacy, about."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_safe
from django.views.i18n import set_language

# name of the page, which is also its address and its template
NAMES = ("safety", "rights", "accessibility", "privacy", "about")


@login_not_required  # read before signing in, and by people who never will
@require_safe
def page(request, name):
    return render(request, f"pages/{name}.html", {"page_name": name})


DRAINED, CHUNK = 64 * 1024 * 1024, 64 * 1024


def unread(request, exception):
    """What was sent could not be read: too much of it, or not what a form sends. In the reader's language."""
    if not isinstance(exception, RequestDataTooBig | TooManyFieldsSent):
        return render(request, "400.html", status=HTTPStatus.BAD_REQUEST)
    for _part in range(DRAINED // CHUNK):  # a browser that can't send to the end does not read the answer
        if not request.read(CHUNK):
            break
    return render(request, "413.html", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


urlpatterns = [
    *(path(f"{name}/", page, {"name": name}, name=name) for name in NAMES),
    path("language/", login_not_required(set_language), name="set_language"),  # visitors choose a language too
]
