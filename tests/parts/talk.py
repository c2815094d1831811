"""Comments, mentions and suggestions."""

from teams.actions.talk import add_comment, suggest

LOGIN, OK = 302, "ok"

ON_THE_PLAN = (
    "caregiver",
    "other_household",
    "grandmother",
    "family_partner",
    "facilitator",
    "dss_worker",
    "court_counselor",
)
#: What one person said is taken back by them alone, be they family or staff; the other side answers a suggestion.
#: Here the youth wrote both.
ROWS = {
    "teams:comment_end": ("POST", dict.fromkeys(ON_THE_PLAN, 403) | {"youth": OK}, 404),
    "teams:suggestion_end": ("POST", dict.fromkeys(ON_THE_PLAN, 403) | {"youth": OK}, 404),
    "teams:suggestion_answer": ("POST", dict.fromkeys(ON_THE_PLAN, OK) | {"youth": 403}, 404),
}
# fmt: off
#                                         anon   strangers provider members court youth caregivers
TEAM_ROWS = {
    "teams:item_talk":               ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
    "teams:suggestion_add":          ("POST", LOGIN, 404, 404, 422, 422, 422, 422),
}
# fmt: on
PUBLIC = {}
READ_ONLY = set()
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = {}
NO_PAGES = dict.fromkeys((*ROWS, "teams:suggestion_add"), "only sent to")


def add_talk(world):
    """A comment and a suggestion by the youth."""
    item, by = world.items["need"], world.users.youth
    member = world.team.memberships.get(user=by)
    world.comment = add_comment(team=world.team, item=item, membership=member, text="Hm", mentions=[], by=by)
    world.suggestion = suggest(
        team=world.team, item=item, membership=member, base_version=item.version, text="Other", why="", by=by
    )


def arguments(world, name):
    if name not in TEAM_ROWS and name not in ROWS:
        return {}
    numbers = {"comment_id": world.comment.pk, "suggestion_id": world.suggestion.pk}
    return numbers | {"kind": "need", "item_id": world.items["need"].pk}


def grow(world, number):
    """One more comment and suggestion."""
    add_talk(world)
