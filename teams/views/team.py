"""Placeholder until its pages are built."""

from django.http import Http404


def team_detail(request, **kwargs):
    raise Http404


def team_list(request, **kwargs):
    raise Http404


def team_ask(request, **kwargs):
    raise Http404
