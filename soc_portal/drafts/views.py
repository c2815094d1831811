"""The script's autosave, the "Throw it away" button, and keeping what a view could not save."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from soc_portal.drafts import actions
from soc_portal.drafts.access import owner_from

TOO_LONG = gettext_lazy("This is too long to keep. Please save a part of it first.")


def keep_typed(request, base_version: int | None, *, path=None, fields=None) -> None:
    """Keep a form that a view could not save as a draft of its page; say so where it is too much for one.

    `path` names another page for it, `fields` only a part of the form.
    """
    fields = actions.typed_fields(request.POST) if fields is None else fields
    try:
        actions.keep_drafts(
            user=request.user, path=path or request.path, fields=fields, now=timezone.now(), base_version=base_version
        )
    except actions.TooMuch:
        messages.warning(request, TOO_LONG)


def _plain(text, status):
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")


@login_not_required  # the script may send after the session ended: the owner token says whose text it is
@require_POST
def keep(request):
    """POST `path` (or `draft_path`) and the fields of a form. 204, or plain words with 401, 413 or 422."""
    user = request.user if request.user.is_authenticated else request.idle_owner
    user = user or owner_from(request.POST.get("draft_owner"))
    if user is None:
        return _plain(_("Please sign in again."), 401)
    path = request.POST.get("path") or request.POST.get("draft_path", "")
    if not actions.is_own_path(path):
        return _plain(_("This page is not known here."), 422)
    fields = actions.typed_fields(request.POST)
    fields.pop("path", None)
    try:
        actions.keep_drafts(
            user=user, path=path, fields=fields, now=timezone.now(), base_version=actions.base_version_of(request.POST)
        )
    except actions.TooMuch:
        return _plain(TOO_LONG, 413)
    return HttpResponse(status=204)


@require_POST
def drop(request):
    """Throw away what the person was typing at `path`, and go back there."""
    path = request.POST.get("path", "")
    if not actions.is_own_path(path):
        return _plain(_("This page is not known here."), 422)
    actions.drop_drafts(user=request.user, path=path)
    messages.success(request, _("What you typed is thrown away."))
    return HttpResponseRedirect(path)
