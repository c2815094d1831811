"""Placeholder until its pages are built."""

from django.http import Http404


def worklist(request, **kwargs):
    raise Http404


def worklist_export(request, **kwargs):
    raise Http404


def filter_save(request, **kwargs):
    raise Http404


def filter_end(request, **kwargs):
    raise Http404
