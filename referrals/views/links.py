"""Answering a referral without an account: the link from a mail opens one page and takes one answer."""

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from families.enums import Section
from referrals import access
from referrals.actions.referrals import Outdated, answer_by_link, look_by_link
from referrals.forms.referrals import LinkAnswerForm
from referrals.models import ReferralLink
from referrals.views.referrals import answer_form
from referrals.views.shared import rows_of, title_of
from soc_portal.access.limits import within_limit

#: How often one internet address may open links in this many seconds.
TRIES, WINDOW_SECONDS = 60, 10 * 60


@login_not_required  # whoever takes referrals there may have no account; the signed link is the permission
@require_http_methods(["GET", "POST"])
def referral_link(request, token):
    """What was shared, and one answer. A forged link is absent (404); one that is over says so (410)."""
    who = get_adapter(request).get_client_ip(request)
    if not within_limit(f"referral-link:{who}", most=TRIES, seconds=WINDOW_SECONDS):
        return render(request, "429.html", status=429)
    found = ReferralLink.read_token(token)
    link = access.open_link(*found) if found else None
    if link is None:
        return _gone(request, "unknown", 404)
    if link.used_at is not None:
        return _gone(request, "used", 410)
    if not access.link_works(link, timezone.now()):
        return _gone(request, "over", 410)
    form = answer_form(LinkAnswerForm, request, link.referral)
    if request.method == "POST" and form.is_valid():
        try:
            answer_by_link(link=link, name=form.who(), **form.facts())
        except Outdated:
            return _gone(request, "over", 410)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return render(request, "referrals/link_done.html")
    look_by_link(link=link)
    referral = link.referral
    context = {
        "form": form, "link": link, "title": title_of(referral), "shared": rows_of(referral.shared, with_contact=True),
        "is_part_2": referral.section == Section.SUBSTANCE_USE, "organization": referral.organization,
    }  # fmt: skip
    return render(request, "referrals/link.html", context, status=422 if form.errors else 200)


def _gone(request, why, status):
    return render(request, "referrals/link_gone.html", {"why": why}, status=status)
