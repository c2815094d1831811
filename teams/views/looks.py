"""Placeholder until its pages are built."""

from django.http import Http404


def look_list(request, **kwargs):
    raise Http404
