"""Placeholder until its pages are built."""

from django.http import Http404


def sharing_detail(request, **kwargs):
    raise Http404


def sharing_edit(request, **kwargs):
    raise Http404


def sharing_toggle(request, **kwargs):
    raise Http404


def grant_give(request, **kwargs):
    raise Http404


def grant_end(request, **kwargs):
    raise Http404
