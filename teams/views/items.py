"""Placeholder until its pages are built."""

from django.http import Http404


def item_add(request, **kwargs):
    raise Http404


def item_edit(request, **kwargs):
    raise Http404


def item_end(request, **kwargs):
    raise Http404


def item_restore(request, **kwargs):
    raise Http404


def item_history(request, **kwargs):
    raise Http404
