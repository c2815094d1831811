"""What a team asked of others, for its own page: its referrals, and the barriers it raised with their answers."""

import datetime as dt
from dataclasses import dataclass

from django.db.models import CharField, F, TextField, Value
from django.db.models.functions import Cast
from django.utils import timezone

from referrals.enums import ReferralStatus
from referrals.views.shared import BADGES, LATE
from teams import access
from teams.views.barriers import where_of

#: How many of each the page shows, the newest first; the pages behind it show all.
SHOWN = 3
REFERRAL, BARRIER = "referral", "barrier"


@dataclass(frozen=True)
class Asked:
    """One thing that the team asked of somebody: what, where it stands, and the answer where there is one."""

    what: str
    pk: int
    words: str
    status: str
    due_on: dt.date | None
    answer: str

    @property
    def badge(self) -> tuple:
        """(badge, words) of where it is."""
        if self.what == BARRIER:
            return where_of(self)
        status = ReferralStatus(self.status)
        if status == ReferralStatus.REQUESTED and self.due_on and self.due_on < timezone.localdate():
            return "late", LATE
        return BADGES[status], status.label


def asked_of_others(user, team) -> dict[str, list[Asked]]:
    """`asked_referrals` and `asked_barriers` of this team, as far as this person may read them; in one query."""
    referrals = _newest(access.team_referrals(user, team)).annotate(
        what=Value(REFERRAL, CharField()), words=Cast("title", TextField()), state=F("status"),
        due=F("answer_due_on"), reply=Value("", TextField()),
    )  # fmt: skip
    barriers = _newest(access.visible_raised(user).filter(team=team, barrier__isnull=False)).annotate(
        what=Value(BARRIER, CharField()), words=F("barrier__text"), state=F("barrier__status"),
        due=F("barrier__answer_due_on"), reply=F("barrier__answer"),
    )  # fmt: skip
    columns = ("what", "pk", "words", "state", "due", "reply")
    rows = referrals.values_list(*columns).union(barriers.values_list(*columns), all=True).order_by("-pk")
    asked = [Asked(*row) for row in rows]
    return {
        "asked_referrals": [one for one in asked if one.what == REFERRAL],
        "asked_barriers": [one for one in asked if one.what == BARRIER],
    }


def _newest(rows):
    return rows.order_by().filter(pk__in=rows.order_by("-pk").values("pk")[:SHOWN])
