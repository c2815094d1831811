"""Placeholder until its pages are built."""

from django.http import Http404


def meeting_list(request, **kwargs):
    raise Http404


def meeting_call(request, **kwargs):
    raise Http404


def meeting_detail(request, **kwargs):
    raise Http404


def meeting_edit(request, **kwargs):
    raise Http404


def meeting_cancel(request, **kwargs):
    raise Http404


def meeting_answer(request, **kwargs):
    raise Http404


def attendance_edit(request, **kwargs):
    raise Http404


def meeting_print(request, **kwargs):
    raise Http404
