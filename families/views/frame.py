"""What the pages about a family share: the frame around them, drafts, and merging what two people wrote."""

from django.shortcuts import redirect, render

from families import access
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from soc_portal.versions.actions import Conflict
from teams.access import newest_team


def frame(user, family, **more) -> dict:
    """The context of every page about a family: the tabs belong to its newest team."""
    own = access.is_own_family(user, family)
    return {
        "family": family,
        "team": newest_team(user, family),
        "tab": "me" if own else "team",
        "own": own,
        "decides": access.is_caregiver_of(user, family),
        **more,
    }


def kept_initial(request, many=()) -> tuple:
    """(what was typed here before or None, the same as a form's `initial`); `many` names fields of several answers."""
    kept = kept_for(request.user, request.path)
    fields = dict(kept.fields) if kept else {}
    for name in many:
        if isinstance(fields.get(name), str):
            fields[name] = [fields[name]]
    return kept, fields


def saved(request, family):
    """Back to the page about the family; what was typed is in the record now."""
    drafts.drop_drafts(user=request.user, path=request.path)
    return redirect("families:family_detail", family.pk)


def merge_page(request, *, context, make_form, save, conflict, more=None):
    """Somebody saved the same thing first: both texts side by side, and this person's own ready to be combined.

    What does not clash is saved now. `save(values)` saves some fields on the version that the form was opened on,
    `make_form(row, initial)` makes the form anew. Answers 409; what was typed stays a draft as well.
    """
    row, fields = save_the_rest(conflict, save)
    mine = {name: conflict.mine[name] for name in fields}
    form = make_form(row, (more or {}) | mine | {"version": row.version})
    texts = {name: value for name, value in mine.items() if isinstance(value, str)}
    drafts.keep_drafts(user=request.user, path=request.path, fields=texts, now=row.updated_at, base_version=row.version)
    context |= {"form": form, "clashes": [clash(form, row, name, mine[name]) for name in fields], "kept": None}
    return render(request, "families/merge.html", context, status=409)


def save_the_rest(conflict, save) -> tuple:
    """(the row with everything saved that does not clash, the names of the fields that do)."""
    row, fields = conflict.theirs, set(conflict.fields)
    while rest := {name: value for name, value in conflict.mine.items() if name not in fields}:
        try:
            return save(rest), sorted(fields)
        except Conflict as again:  # a third save came in between
            row, fields = again.theirs, fields | set(again.fields)
    return row, sorted(fields)


def clash(form, row, name, mine) -> dict:
    """One field that two people changed: its question, and both answers as they would be read."""
    choices = dict(form.fields[name].choices) if hasattr(form.fields[name], "choices") else {}
    theirs = getattr(row, name)
    return {"label": form.fields[name].label, "theirs": choices.get(theirs, theirs), "mine": choices.get(mine, mine)}
