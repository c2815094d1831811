"""How a team comes to its end, and the family's whole record as a file."""

from teams.actions.ending import begin_ending, say_last_word
from teams.actions.memberships import accept_place, choose_member, propose_member

LOGIN, OK = 302, "ok"

ROWS = {}
# fmt: off
#                                         anon   strangers provider members court youth caregivers
TEAM_ROWS = {
    "teams:ending_detail":           ("GET",  LOGIN, 404, 200, 200, 200, 200, 200),
    "teams:ending_begin":            ("GET",  LOGIN, 404, 200, 200, 200, 200, 200),
    "teams:ending_give_up":          ("GET",  LOGIN, 404, 200, 200, 200, 200, 200),
    "teams:ending_word":             ("GET",  LOGIN, 404, 200, 200, 200, 200, 200),
    "teams:ending_word_note":        ("GET",  LOGIN, 404, 200, 200, 200, 200, 200),
    "teams:ending_close":            ("GET",  LOGIN, 404, 403, 403, 403, 403, 200),
    "teams:archive_detail":          ("GET",  LOGIN, 404, 403, 403, 403, 200, 200),
    "teams:archive_file":            ("POST", LOGIN, 404, 403, 403, 403, 200, 200),
}
# fmt: on
PUBLIC = {}
READ_ONLY = {"teams:ending_detail", "teams:archive_detail"}
OPENED_TOO = set()
FAMILY_ALONE = {"teams:ending_close", "teams:archive_detail", "teams:archive_file"}
NO_LOOK = {"teams:archive_detail": "says what kinds of things the file holds, nothing of them"}
NO_PAGES = {"teams:archive_file": "a zip file, tested in tests/test_archive.py"}


def add_ending(world):
    """The team gets ready to end, and the grandmother has said a last word."""
    world.ending = begin_ending(team=world.team, by=world.users.facilitator, reason="goals", words="We made it.")
    say_last_word(
        ending=world.ending, membership=world.members["grandmother"], text="I am proud.", by=world.users.grandmother
    )


def add_friend(world, number):
    """Somebody on the team who has no account."""
    rosa = world.users.caregiver
    friend = propose_member(team=world.team, by=rosa, name=f"Friend {number}", kind="natural")
    choose_member(membership=friend, by=rosa)
    return accept_place(membership=friend, by=rosa)


def arguments(world, name):
    """Where the world has nobody without an account, a number that there is not."""
    if name != "teams:ending_word_note":
        return {}
    return {"membership_id": world.uncle.pk if hasattr(world, "uncle") else 0}


def grow(world, number):
    """One more member who says a last word, and one who does not."""
    rosa = world.users.caregiver
    say_last_word(ending=world.ending, membership=add_friend(world, number), text=f"Bye {number}", by=rosa)
    add_friend(world, -number)
