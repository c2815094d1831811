"""How many days things may take: read by everybody who is signed in, set by those who run the State Collaborative."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from collaboratives import access
from collaboratives.actions import rules as actions
from collaboratives.enums import DeadlineKind
from collaboratives.forms.rules import RuleForm, TakeBackForm, tomorrow
from collaboratives.views.saving import Page, add

#: What each rule counts, in a sentence.
MEANINGS = {
    DeadlineKind.FIRST_MEETING: gettext_lazy("From the day a team begins to its first meeting."),
    DeadlineKind.FIRST_PLAN: gettext_lazy("From the day a team begins to the first plan that the family agreed to."),
    DeadlineKind.NEXT_MEETING: gettext_lazy("From one team meeting to the next, at most."),
    DeadlineKind.COPIES: gettext_lazy("From a meeting to the day when everybody on the team has a copy of its record."),
    DeadlineKind.NOTICE: gettext_lazy("From the call of a meeting to its day. The family can say yes to a sooner day."),
    DeadlineKind.MEETING_WANTED: gettext_lazy("From one team meeting to the next, as teams wish it."),
    DeadlineKind.REVIEW_FIRST: gettext_lazy("From the day a child leaves home to the first meeting after it."),
    DeadlineKind.REVIEW_SECOND: gettext_lazy("From that meeting to the second one."),
    DeadlineKind.REVIEW_LATER: gettext_lazy("From each later meeting to the next, while the child lives away."),
    DeadlineKind.CONSENT: gettext_lazy("From the day a family says yes to sharing to the day when we ask again."),
    DeadlineKind.REFERRAL_ANSWER: gettext_lazy("From the day a referral goes out to its answer."),
    DeadlineKind.BARRIER_ANSWER: gettext_lazy("From the end of the month when a barrier came to its answer."),
}


@require_safe
def rule_list(request):
    """Every kind with the rule of today, the one that is planned, and those before."""
    return _list(request)


def _list(request, *, status=200):
    rules = list(access.visible_rules(request.user))
    context = {
        "rows": [_row(kind, [rule for rule in rules if rule.kind == kind]) for kind in MEANINGS],
        "can_set": access.can_set_rules(request.user),
    }
    return render(request, "collaboratives/rule_list.html", context, status=status)


def _row(kind, rules) -> dict:
    """One kind: `rules` are all of it, the newest first."""
    today = timezone.localdate()
    standing = [rule for rule in rules if rule.taken_back_at is None]
    now = next((rule for rule in standing if rule.starts_on <= today), None)
    if now and now.ends_on and now.ends_on < today:
        now = None
    planned = [rule for rule in reversed(standing) if rule.starts_on > today]
    newest = standing[0].pk if standing else None
    before = [rule for rule in rules if rule is not now and rule not in planned]
    return {
        "kind": kind.value, "label": kind.label, "meaning": MEANINGS[kind], "now": now, "planned": planned,
        "before": before, "newest": newest,
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
def rule_change(request, kind):
    """Set how many days something may take from a day to come on."""
    kind = access.get_rule_kind_for(request.user, kind)
    row = _row(kind, list(access.visible_rules(request.user).filter(kind=kind)))

    def save(form):
        values = {name: form.cleaned_data[name] for name in ("days", "source", "starts_on")}
        try:
            actions.set_rule(kind=kind.value, seen_id=form.cleaned_data["seen"], by=request.user, **values)
        except ValidationError:
            form.has_seen(row["newest"])
            raise

    back_url = reverse("collaboratives:rule_list") + f"#rule-{kind.value}"
    page = Page(
        title=_("Change a rule"), heading=kind.label, act=_("Save the rule"), back_url=back_url, done_url=back_url,
        done_words=_("The rule is set. What has its date already keeps it."),
        make_form=lambda data, initial: RuleForm(data, initial=initial),
        problems={"days": "days", "past": "starts_on"},
        template="collaboratives/rule_change.html", context={"row": row, "reminder": _reminder(row)},
    )  # fmt: skip
    return add(request, page, save, {"seen": row["newest"], "starts_on": tomorrow()})


def _reminder(row) -> str:
    """What holds now, and what a new rule takes the place of."""
    parts = [_("It counts for what begins on its first day or later. What has its date already keeps it.")]
    for rule in row["planned"]:
        days = ngettext("%(count)s day", "%(count)s days", rule.days) % {"count": rule.days}
        words = _("Planned already: %(days)s, from %(day)s on. Your rule takes its place.")
        parts.append(words % {"days": days, "day": date_format(rule.starts_on)})
    if row["now"]:
        days = ngettext("%(count)s day", "%(count)s days", row["now"].days) % {"count": row["now"].days}
        parts.insert(0, _("Now: %(days)s.") % {"days": days})
    return " ".join(parts)


@require_POST
def rule_take_back(request, kind):
    """A planned rule is taken back before it begins."""
    kind = access.get_rule_kind_for(request.user, kind)
    form = TakeBackForm(request.POST)
    seen_id = form.cleaned_data["seen"] if form.is_valid() else None
    try:
        actions.take_back_rule(kind=kind.value, seen_id=seen_id, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("It is taken back. The rule of now goes on."))
    return redirect(reverse("collaboratives:rule_list") + f"#rule-{kind.value}")
