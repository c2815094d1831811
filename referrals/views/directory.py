"""The service directory: who helps with what, near home first, how long one waits, and how to start."""

import json

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from referrals import access
from referrals.actions.directory import Overtaken, mark_service
from referrals.actions.hsds_documents import export_of
from referrals.forms.directory import DirectoryFilter, MarkForm
from referrals.views import service_words
from soc_portal.access.limits import within_limit

SERVICES_A_PAGE = 20
#: A whole directory is many megabytes: nobody needs it more often.
EXPORTS, EXPORT_SECONDS = 20, 60 * 60


@require_safe
def service_list(request):
    """Services that fit what was asked, those of one's own county first."""
    services = access.visible_services(request.user).open_to_families()
    found = DirectoryFilter(request.GET, queryset=services, request=request)
    home = list(access.home_counties(request.user).order_by("name"))
    near = [found.asked_county] if found.asked_county else home
    ordered = found.qs.near_first([county.pk for county in near]).select_related("organization")
    page = Paginator(ordered.prefetch_related("counties"), SERVICES_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": found, "form": found.form, "home": home, "near": near, "page": page,
        "rows": [_row(service) for service in page.object_list],
        "anything": bool(page.paginator.count) or bool(found.asked),
    }  # fmt: skip
    return render(request, "referrals/service_list.html", context)


def _row(service) -> dict:
    return {
        "service": service,
        "area": service_words.area_words(service, list(service.counties.all())),
        "languages": service_words.language_words(service),
        "tel": service_words.tel_of(service.phone),
    }


@require_safe
def service_detail(request, service_id):
    """Everything that a family has to know to start."""
    service = access.get_service_for(request.user, service_id)
    today = timezone.localdate()
    context = {
        "service": service,
        "area": service_words.area_words(service, list(service.counties.order_by("name"))),
        "languages": service_words.language_words(service),
        "phones": service_words.phones_of(service.hsds) or service_words.phones_of(service.organization.hsds),
        "hours": service_words.hours_of(service.hsds.get("schedules", []), today),
        "places": service_words.places_of(service, today),
        "costs": service_words.costs_of(service),
        "papers": [row["document"] for row in service.hsds.get("required_documents", []) if "document" in row],
        "may_mark": access.can_mark_service(request.user, service),
    }
    return render(request, "referrals/service_detail.html", context)


@require_http_methods(["GET", "POST"])
def service_edit(request, service_id):
    """Waiting time and open places, as somebody who knows writes them down; never over what was saved meanwhile."""
    service = access.get_markable_service_for(request.user, service_id)
    form = MarkForm(request.POST) if request.method == "POST" else MarkForm(initial=_shown(service))
    context, status = {"service": service, "form": form}, 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        wanted = {name: form.cleaned_data[name] for name in ("wait_days", "open_places", "checked_on")}
        try:
            mark_service(service=service, by=request.user, seen=form.seen_moment, **wanted)
        except Overtaken as overtaken:
            again = wanted | {"seen": overtaken.theirs.updated_at.isoformat()}
            context |= {"form": MarkForm(initial=again), "theirs": overtaken.theirs}
            status = 409
        else:
            messages.success(request, _("It is saved. Families can see it now."))
            return redirect("referrals:service_detail", service.pk)
    return render(request, "referrals/service_edit.html", context, status=status)


def _shown(service) -> dict:
    return {
        "seen": service.updated_at.isoformat(), "wait_days": service.wait_days, "open_places": service.open_places,
        "checked_on": timezone.localdate(),
    }  # fmt: skip


@require_safe
def directory_export(request):
    """The whole directory as one HSDS file, which another portal can load."""
    services = access.visible_services(request.user)
    if not within_limit(f"directory-export:{request.user.pk}", most=EXPORTS, seconds=EXPORT_SECONDS):
        return render(request, "429.html", status=429)
    response = HttpResponse(
        json.dumps(export_of(services), ensure_ascii=False, indent=1), content_type="application/json; charset=utf-8"
    )
    day = timezone.localdate().isoformat()
    response["Content-Disposition"] = f'attachment; filename="directory-hsds-{day}.json"'
    return response
