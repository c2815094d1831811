"""Messages about groups and their work: one function a message. They say what kind of thing happened, never what."""

import datetime as dt

from django.urls import reverse
from django.utils import timezone

from collaboratives.access import barrier_runners, coordinators_of, open_groups_of
from collaboratives.models import Barrier, Collaborative, County
from soc_portal.notices.emails import put_in_outbox
from soc_portal.notices.models import Notice

MORNING = dt.time(8)


# --- Barriers --------------------------------------------------------------------------------------------------------
def barriers_wait(county: County) -> None:
    """To those who run the county's open groups: new barriers wait. The next morning, one for all that came.

    Not at once: the hour would tell which team was just at work.
    """
    runners = {user.pk: user for user in barrier_runners(open_groups_of(county))}
    runners |= {role.user_id: role.user for role in coordinators_of(county.pk)}
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    due_at = dt.datetime.combine(tomorrow, MORNING, timezone.get_current_timezone())
    waiting = Notice.objects.filter(kind="barriers_wait", user__in=runners, sent_at=None, due_at=due_at)
    told = set(waiting.values_list("user_id", flat=True))
    for user in (user for pk, user in runners.items() if pk not in told):
        put_in_outbox("barriers_wait", user=user, path=reverse("collaboratives:barrier_list"), due_at=due_at)


def barrier_passed_on(barrier: Barrier, by) -> None:
    """To those who run the State Collaborative: a county passed a barrier on to you."""
    _tell_runners("barrier_passed_on", barrier, by)


def barrier_given_back(barrier: Barrier, by) -> None:
    """To those who run the county's group: the State Collaborative gave a barrier back to you."""
    _tell_runners("barrier_given_back", barrier, by)


def _tell_runners(kind: str, barrier: Barrier, by) -> None:
    path = reverse("collaboratives:barrier_detail", kwargs={"barrier_id": barrier.pk})
    for user in barrier_runners(Collaborative.objects.filter(pk=barrier.group_id)):
        if user.pk != by.pk:
            put_in_outbox(kind, user=user, path=path)
