"""Placeholder until its pages are built."""

from django.http import Http404


def family_detail(request, **kwargs):
    raise Http404


def family_edit(request, **kwargs):
    raise Http404


def person_add(request, **kwargs):
    raise Http404


def person_edit(request, **kwargs):
    raise Http404


def person_end(request, **kwargs):
    raise Http404


def household_add(request, **kwargs):
    raise Http404


def household_edit(request, **kwargs):
    raise Http404


def household_sharing(request, **kwargs):
    raise Http404


def household_share_end(request, **kwargs):
    raise Http404
