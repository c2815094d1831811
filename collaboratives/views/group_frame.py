"""What the pages that change a group share: one page with one form, and what an action refuses next to its field."""

from django.contrib import messages
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse

from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for


def kept_initial(request, many=()) -> tuple:
    """(what was typed here before or None, the same as a form's `initial`); `many` names fields of several answers."""
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    fields = dict(kept.fields) if kept else {}
    for name in many:
        if isinstance(fields.get(name), str):
            fields[name] = [fields[name]]
    return kept, fields


def add_refusal(form, error: ValidationError) -> None:
    """Say what an action refused next to the field that it names, or on top where the form has no such field."""
    by_field = error.message_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.messages}
    for name, sentences in by_field.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)


def form_page(request, *, form, act, done, group=None, kept=None, back=None, **words):
    """Show the form, or do `act(cleaned_data)` with it and go back with the words `done`.

    `act` may return a response of its own. `words`: `heading`, `save`, and what else the template shows.
    """
    if request.method == "POST" and form.is_valid():
        try:
            answer = act(form.cleaned_data)
        except ValidationError as error:
            add_refusal(form, error)
        else:
            drafts.drop_drafts(user=request.user, path=request.path)
            messages.success(request, done)
            return answer or (redirect("collaboratives:group_detail", group.pk) if group else redirect(back))
    back = back or reverse("collaboratives:group_detail", args=[group.pk])
    context = {"form": form, "group": group, "kept": kept, "back_url": back} | words
    return render(request, "collaboratives/group_form.html", context, status=422 if form.errors else 200)
