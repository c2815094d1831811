"""Placeholder until its pages are built."""

from django.http import Http404


def plan_detail(request, **kwargs):
    raise Http404


def plan_print(request, **kwargs):
    raise Http404


def plan_agree(request, **kwargs):
    raise Http404


def plan_answer(request, **kwargs):
    raise Http404


def plan_history(request, **kwargs):
    raise Http404


def plan_version(request, **kwargs):
    raise Http404


def need_move(request, **kwargs):
    raise Http404


def step_done(request, **kwargs):
    raise Http404


def step_help(request, **kwargs):
    raise Http404
