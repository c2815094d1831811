"""Where a form leads afterwards: only ever to a page of this site."""

from django.utils.http import url_has_allowed_host_and_scheme


def is_ours(request, url: str) -> bool:
    """Whether an address that somebody sent along is a page of this site."""
    return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())


def next_of(request, otherwise: str) -> str:
    """The page that the form asks for in `next`, if it is one of ours; else `otherwise`."""
    url = request.POST.get("next", "")
    return url if is_ours(request, url) else otherwise
