"""Comments, mentions and suggestions."""

from teams.actions.talk import add_comment, suggest

LOGIN, OK = 302, "ok"

ROWS = {}
# fmt: off
#                                         anon   strangers provider members court youth caregivers
TEAM_ROWS = {
    "teams:item_talk":               ("GET",  LOGIN, 404, 404, 200, 200, 200, 200),
    "teams:comment_end":             ("POST", LOGIN, 404, 404, 403, 403, OK,  403),
    "teams:suggestion_add":          ("POST", LOGIN, 404, 404, 422, 422, 422, 422),
    "teams:suggestion_answer":       ("POST", LOGIN, 404, 404, OK,  OK,  403, OK),
    "teams:suggestion_end":          ("POST", LOGIN, 404, 404, 403, 403, OK,  403),
}
# fmt: on
PUBLIC = {}
READ_ONLY = set()
OPENED_TOO = set()
FAMILY_ALONE = set()
NO_LOOK = {}
NO_PAGES = {name: "only sent to" for name in TEAM_ROWS if name != "teams:item_talk"}


def add_talk(world):
    """A comment and a suggestion by the youth."""
    item, by = world.items["need"], world.users.youth
    member = world.team.memberships.get(user=by)
    world.comment = add_comment(team=world.team, item=item, membership=member, text="Hm", mentions=[], by=by)
    world.suggestion = suggest(
        team=world.team, item=item, membership=member, base_version=item.version, text="Other", why="", by=by
    )


def arguments(world, name):
    if name not in TEAM_ROWS:
        return {}
    numbers = {"comment_id": world.comment.pk, "suggestion_id": world.suggestion.pk}
    return numbers | {"kind": "need", "item_id": world.items["need"].pk}


def grow(world, number):
    """One more comment and suggestion."""
    add_talk(world)
