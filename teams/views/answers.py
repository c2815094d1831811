"""What members say to a plan, beyond one's own answer: noted for those without an account, and settled."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from soc_portal.audit.enums import Look
from soc_portal.drafts import actions as drafts
from soc_portal.drafts.forms import kept_for
from teams import access
from teams.actions.looks import look
from teams.actions.plans import answer_plan, settle_answer
from teams.forms.plan import NoteForm, SettleForm


@require_http_methods(["GET", "POST"])
def answer_note(request, team_id, membership_id):
    """Note what a member without an account says to the plan, or that they signed it on paper."""
    team = access.get_plan_team_for(request.user, team_id)
    member = access.get_membership_for(request.user, team, membership_id)
    access.require_speaker(request.user, team, member)
    version = access.visible_plan_versions(request.user, team).filter(ended_at=None).first()
    if version is None:
        messages.error(request, _("The family has not agreed to a plan yet. There is nothing to answer."))
        return redirect("teams:plan_detail", team.pk)

    def save(values):
        asked = access.get_plan_version_for(request.user, team, values.pop("number"))
        answer_plan(version=asked, membership=member, by=request.user, **values)

    heading = _("What does %(name)s say to the plan?") % {"name": member.short_name}
    return _form_page(request, team, NoteForm, {"number": version.number}, save, heading)


@require_http_methods(["GET", "POST"])
def answer_settle(request, team_id, answer_id):
    """Say how something that a member saw differently was settled; their own words stay as they are."""
    team = access.get_plan_team_for(request.user, team_id)
    answer = access.get_answer_for(request.user, team, answer_id)
    access.require_speaker(request.user, team, answer.membership)
    if not answer.is_open:
        messages.error(request, _("This is settled already."))
        return redirect("teams:plan_detail", team.pk)

    def save(values):
        settle_answer(answer=answer, by=request.user, **values)

    return _form_page(request, team, SettleForm, {}, save, _("How did you settle it?"), answer=answer)


def _form_page(request, team, form_class, initial, save, heading, **more):
    """Show the form, or save what was typed and go back to who agrees."""
    if request.method == "GET":
        look(request.user, Look.PLAN, team)
    kept = kept_for(request.user, request.path) if request.method == "GET" else None
    initial = (kept.fields if kept else {}) | initial
    form = form_class(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            save(dict(form.cleaned_data))
        except ValidationError as error:
            form.add_error(error.code if error.code in form.fields else None, error)
        else:
            drafts.drop_drafts(user=request.user, path=request.path)
            messages.success(request, _("It is saved."))
            return HttpResponseRedirect(reverse("teams:plan_detail", args=[team.pk]) + "#agree")
    context = {"team": team, "form": form, "kept": kept, "heading": heading, **more}
    return render(request, "teams/answer_form.html", context, status=422 if form.errors else 200)
