"""Lists of the plan in the order that family and team choose: one place up or down, or all of it at once."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from soc_portal.redirects import next_of
from teams import access
from teams.actions.items import move_item, order_items

#: The longest list that is taken apart; a number of a row has fewer digits than this.
MOST, DIGITS = 1000, 19


@require_POST
def item_move(request, team_id, kind, item_id):
    """Put an item one place up or down in the list that the page showed."""
    team = access.get_plan_team_for(request.user, team_id)
    item = access.get_item_for(request.user, team, kind, item_id)
    rows = access.list_of(request.user, team, kind, item)
    access.require_writer(request.user, team)
    up = request.POST.get("up") == "1"
    words = _("It is one place higher now.") if up else _("It is one place lower now.")
    with _Told(request, words) as told:
        told.moved = move_item(team=team, rows=rows, item=item, seen=_numbers(request, "seen"), by=request.user, up=up)
    return _back(request, team, f"#{kind}-{item.pk}")


@require_POST
def items_order(request, team_id, kind):
    """Put a whole list into a new order, as when one of its items was dragged."""
    team = access.get_plan_team_for(request.user, team_id)
    parent = (_numbers(request, "parent") or [0])[0]
    rows = access.ordered_items(request.user, team, kind, parent)
    access.require_writer(request.user, team)
    seen, wanted = _numbers(request, "seen"), _numbers(request, "wanted")
    with _Told(request, _("The new order is saved.")) as told:
        told.moved = order_items(team=team, rows=rows, seen=seen, wanted=wanted, by=request.user)
    return _back(request, team, f"#{kind}-{seen[0]}" if seen else "")


class _Told:
    """Says on the next page what became of the new order."""

    def __init__(self, request, words):
        self.request, self.words, self.moved = request, words, False

    def __enter__(self):
        return self

    def __exit__(self, _kind, error, _trace):
        if isinstance(error, ValidationError):
            messages.error(self.request, " ".join(error.messages))
            return True
        if error is None:
            messages.success(self.request, self.words if self.moved else _("It stands there already."))
        return False


def _numbers(request, name) -> list[int]:
    """What a hidden field such as "4,7,2" holds; anything else in it is left out."""
    parts = request.POST.get(name, "").split(",", MOST)[:MOST]
    return [int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < DIGITS]


def _back(request, team, anchor):
    return HttpResponseRedirect(next_of(request, reverse("teams:plan_detail", args=[team.pk]) + anchor))
