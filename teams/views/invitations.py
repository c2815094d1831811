"""Placeholder until its pages are built."""

from django.http import Http404


def own_invitation_answer(request, **kwargs):
    raise Http404


def invitation_code(request, **kwargs):
    raise Http404


def invitation_link(request, **kwargs):
    raise Http404
