"""Pages that are the same for everybody and need no sign-in: safety, rights, accessibility, privacy, about."""

from django.contrib.auth.decorators import login_not_required
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


urlpatterns = [
    *(path(f"{name}/", page, {"name": name}, name=name) for name in NAMES),
    path("language/", login_not_required(set_language), name="set_language"),  # visitors choose a language too
]
