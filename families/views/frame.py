"""What the pages about a family share: the frame around them, drafts, and merging what two people wrote."""

from django.shortcuts import redirect, render

from families import access
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from soc_portal.drafts.views import keep_typed
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


def merge_page(request, *, context, make_form, conflict, base_version, more=None, template="families/merge.html"):
    """Somebody saved the same thing first: both texts side by side, and this person's own ready to be combined.

    `make_form(row, initial)` makes the form anew: what clashes and what only this person changed as they wrote it, the
    rest as it stands now. Answers 409 and saves nothing; what was typed stays a draft as well.
    """
    theirs, mine = conflict.theirs, conflict.mine
    changed = {name: value for name, value in mine.items() if name in conflict.changed}
    form = make_form(theirs, (more or {}) | changed | {"version": theirs.version})
    texts = {name: value for name, value in changed.items() if isinstance(value, str)}
    keep_typed(request, base_version or None, fields=texts)
    clashes = [clash(form, theirs, name, mine[name]) for name in conflict.fields]
    context |= {"form": form, "clashes": clashes, "kept": None}
    return render(request, template, context, status=409)


def clash(form, row, name, mine) -> dict:
    """One field that two people changed: its question, and both answers as they would be read."""
    field = form.fields.get(name)
    label = field.label if field else row._meta.get_field(name).verbose_name
    return {"label": label, "theirs": _read(field, getattr(row, name)), "mine": _read(field, mine)}


def _read(field, value):
    """An answer in words: of a choice, of several choices, of rows, or the text itself."""
    choices = dict(field.choices) if hasattr(field, "choices") else {}
    if hasattr(value, "all"):
        return ", ".join(str(row) for row in value.all())
    if isinstance(value, list):
        return ", ".join(str(choices.get(part, part)) for part in value)
    return choices.get(value, value) if isinstance(value, str) else value
