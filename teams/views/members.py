"""Placeholder until its pages are built."""

from django.http import Http404


def member_list(request, **kwargs):
    raise Http404


def member_propose(request, **kwargs):
    raise Http404


def member_choose(request, **kwargs):
    raise Http404


def member_accept(request, **kwargs):
    raise Http404


def member_end(request, **kwargs):
    raise Http404


def member_facilitate(request, **kwargs):
    raise Http404


def member_invite(request, **kwargs):
    raise Http404
