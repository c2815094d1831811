"""How a form of any app keeps what is being typed.

A view that edits a long text:

    from soc_portal.drafts import actions as drafts
    from soc_portal.drafts.forms import kept_for

    @require_http_methods(["GET", "POST"])
    def need_edit(request, need_id):
        need = access.get_need_for(request.user, need_id)
        kept = kept_for(request.user, request.path)                  # None when there is no draft
        form = NeedForm(request.POST or None, initial=initial_of(need) | (kept.fields if kept else {}))
        if request.method == "POST" and form.is_valid():
            actions.change_need(need=need, by=request.user, **form.cleaned_data)
            drafts.drop_drafts(user=request.user, path=request.path)   # it is saved: the draft goes
            messages.success(request, _("The need is saved."))
            return redirect(...)
        return render(request, "teams/need_edit.html", {"form": form, "kept": kept}, status=422 if form.errors else 200)

and its template:

    {% load drafts %}
    {% if kept %}{% include "drafts/notice.html" %}{% endif %}
    <form method="post" action="{{ request.path }}" data-draft="{% url 'drafts:keep' %}">
      {% csrf_token %}{% draft_fields %}
      <input type="hidden" name="version" value="...">
      ...

* The draft belongs to the URL path of the page that shows the form. If the form posts to another URL, or
  is one of several on a page, give the path: `{% draft_fields "/the/edit/page/" %}`.
* `{% draft_fields %}` renders two hidden inputs: `draft_owner` (see `soc_portal.drafts.access`) and
  `draft_path`. With them nothing is lost when the session is gone at the moment of sending.
* `data-draft` lets the script send the fields as they are typed; without scripts the middleware still
  keeps a form that comes too late.
* A hidden `version` goes into the draft as `base_version` and comes back in `kept.fields["version"]`, so a
  draft typed on an older version meets the same side-by-side merge as any stale form.
* Fields with several answers (checkboxes) come back as a list.
* Passwords, codes and files are never kept.
"""

from dataclasses import dataclass
from datetime import datetime

from soc_portal.drafts.access import drafts_of
from soc_portal.drafts.actions import SEVERAL


@dataclass(frozen=True)
class Kept:
    """What a person had typed at `path`: the fields, and when they last typed."""

    path: str
    fields: dict[str, object]
    when: datetime


def kept_for(user, path) -> Kept | None:
    """What `user` was typing at `path`, ready for a form's `initial`; None when there is nothing. One query."""
    rows = list(drafts_of(user, path))
    if not rows:
        return None
    fields: dict[str, object] = {
        row.field: row.text.split(SEVERAL) if SEVERAL in row.text else row.text for row in rows
    }
    versions = [row.base_version for row in rows if row.base_version is not None]
    if versions:
        fields["version"] = min(versions)
    return Kept(path=path, fields=fields, when=max(row.updated_at for row in rows))
