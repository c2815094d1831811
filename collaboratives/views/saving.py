"""How every page of this app that writes goes: keep what is typed, say what is wrong beside it, merge, go on.

`add` makes something new, `change` builds on a version that the form showed. Both take a `Page`: what it is called,
where it leads, and how its form is made.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from soc_portal.drafts.views import keep_typed
from soc_portal.versions.actions import Conflict
from soc_portal.versions.models import SharedRow

TEMPLATE = "collaboratives/writing_page.html"


@dataclass
class Page:
    """A page with one form. `make_form(data, initial)` makes it; `problems` says at which field a refusal belongs."""

    title: str
    heading: str
    act: str
    back_url: str
    done_url: str
    done_words: str
    make_form: Callable[[Any, dict], forms.Form]
    problems: dict[str, str] = field(default_factory=dict)
    template: str = TEMPLATE
    context: dict[str, Any] = field(default_factory=dict)


def add(request, page: Page, save: Callable[[forms.Form], Any], initial: dict[str, object] | None = None):
    """GET shows the form; POST saves with `save(form)`, or shows what to fix with everything that was typed."""
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    shown = (initial or {}) | (kept.fields if kept else {})
    form = page.make_form(request.POST if request.method == "POST" else None, shown)
    if request.method == "POST" and form.is_valid():
        try:
            save(form)
        except ValidationError as error:
            _say(form, error, page)
        else:
            return _done(request, page)
    return _show(request, page, form, kept=kept)


def change(
    request, page: Page, row: SharedRow, initial_of: Callable[[Any], dict[str, object]],
    save: Callable[[forms.Form, int], Any],
):  # fmt: skip
    """As `add`, with `save(form, base_version)`; what somebody else saved meanwhile is shown beside one's own."""
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    typed = kept.fields if kept else {}
    form = page.make_form(request.POST if request.method == "POST" else None, initial_of(row) | typed)
    version = typed.get("version", row.version)
    if request.method == "POST":
        version = drafts.base_version_of(request.POST) or 0
        if form.is_valid():
            try:
                save(form, version)
            except ValidationError as error:
                _say(form, error, page)
            except Conflict as conflict:
                return _merge(request, page, initial_of, version, conflict)
            else:
                return _done(request, page)
    return _show(request, page, form, kept=kept, version=version)


def _say(form: forms.Form, error: ValidationError, page: Page) -> None:
    """A refusal beside the field that it is about; above the form where it is about none that the form has."""
    if hasattr(error, "error_dict"):
        for name, found in error.error_dict.items():
            form.add_error(name if name in form.fields else None, found)
    else:
        name = page.problems.get(error.code or "")
        form.add_error(name if name in form.fields else None, error)


def _done(request, page: Page):
    drafts.drop_drafts(user=request.user, path=request.path)
    messages.success(request, page.done_words)
    return redirect(page.done_url)


def _merge(request, page: Page, initial_of, base_version: int, conflict: Conflict):
    """Both texts side by side; the form holds one's own where they clash, and what the others saved elsewhere."""
    theirs = conflict.theirs
    merged = copy.copy(theirs)
    for name in conflict.changed:
        setattr(merged, name, conflict.mine[name])
    keep_typed(request, base_version or None)
    form = page.make_form(None, initial_of(merged))
    clashes = [(_label(theirs, name), shown(theirs, name), shown(merged, name)) for name in conflict.fields]
    context = {"clashes": clashes, "changed_by": str(theirs.updated_by)}
    return _show(request, page, form, version=theirs.version, status=409, **context)


def _label(row: SharedRow, name: str) -> str:
    return capfirst(str(row._meta.get_field(name).verbose_name))


def shown(row: SharedRow, name: str) -> str:
    """A value of a row as people read it."""
    value = getattr(row, name)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if hasattr(value, "hour"):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if hasattr(value, "isoformat"):
        return date_format(value)
    if row._meta.get_field(name).choices:
        return str(getattr(row, f"get_{name}_display")())
    return "" if value is None else str(value)


def _show(request, page: Page, form, *, kept=None, version=None, status=None, **more):
    context = {"page": page, "form": form, "kept": kept, "version": version} | page.context | more
    return render(request, page.template, context, status=status or (422 if form.errors else 200))
