"""What happens beside the plan, by the words in a plot: ways to come and go, to share and to stop sharing."""

import datetime as dt

from django.utils import timezone

from families.actions import add_household, add_person, share_household
from families.enums import FamilyRole, Section
from families.models import Household, Person
from soc_portal.access.scope import forget_scope
from teams.actions.grants import end_grant, give_grant
from teams.actions.invitations import invite_by_email, invite_on_paper
from teams.actions.memberships import end_membership
from teams.demo.endings import ending
from teams.demo.telling import FAMILY, NATURAL, PRO
from teams.enums import EndReason


def paper(tale) -> None:
    """A neighbor has a code on paper and has not used it yet."""
    tale.story.name("paper", tale.cast.new_name(*tale.place.communities), kind=NATURAL, role_words="Neighbor")
    tale.story.choose("paper")
    invite_on_paper(membership=tale.story.members["paper"], by=tale.home)


def email(tale) -> None:
    """A coach has a link by e-mail and has not answered yet."""
    name = tale.cast.new_name(*tale.place.communities)
    address = f"{name.lower().replace(' ', '.')}@demo.example"
    member = tale.story.name("email", name, kind=NATURAL, role_words="Coach", address=address)
    tale.story.choose("email")
    invite_by_email(membership=member, address=address, by=tale.home)


def not_chosen(tale) -> None:
    """Somebody was named and the family did not choose them; somebody else still waits for the family."""
    member = tale.story.name("vice", tale.cast.new_name(*tale.place.communities), kind=PRO, role_words="Vice principal",
                             by=tale.place.staff["facilitator"])  # fmt: skip
    end_membership(membership=member, by=tale.home, reason=EndReason.NOT_CHOSEN)
    tale.story.name("waits", tale.cast.new_name(*tale.place.communities), kind=NATURAL, role_words="Choir leader",
                    by=tale.place.staff["facilitator"])  # fmt: skip


def _guest(tale, key: str, words: str, *, until=None):
    user = tale.cast.account(tale.cast.new_name(*tale.place.communities))
    tale.story.name(key, user.name, kind=PRO, role_words=words, user=user)
    tale.story.choose(key, until=until)
    return user


def declined(tale) -> None:
    """A chosen tutor says no."""
    user = _guest(tale, "tutor", "Tutor")
    end_membership(membership=tale.story.members["tutor"], by=user, reason=EndReason.DECLINED)


def left(tale) -> None:
    """A mentor joins and steps back after a while."""
    user = _guest(tale, "mentor", "Mentor")
    tale.story.accept("mentor")
    tale.clock.on(60)
    end_membership(membership=tale.story.members["mentor"], by=user, reason=EndReason.LEFT)


def asked_back(tale) -> None:
    """The family asks somebody to step back."""
    _guest(tale, "aide", "Teacher's aide")
    tale.story.accept("aide")
    tale.clock.on(60)
    end_membership(membership=tale.story.members["aide"], by=tale.home, reason=EndReason.FAMILY)


def consent_ran_out(tale) -> None:
    """A yes until a day that has passed; the nightly round ends the membership."""
    _guest(tale, "housing", "Housing worker", until=tale.clock.day(-20))
    tale.story.accept("housing")


def two_homes(tale) -> None:
    """The other parent lives elsewhere; neither home knows where the other is."""
    person = Person.objects.filter(family=tale.family, relationship="Other parent").first()
    if person is not None:  # the family's second team
        tale.story.join("other", person.user, name=person.name, kind=FAMILY, role_words="Other parent", person=person)
        return
    name = tale.cast.new_name(*tale.place.communities)
    person = Person(name=name, role=FamilyRole.CAREGIVER, relationship="Other parent")
    add_person(family=tale.family, by=tale.home, households=[], person=person)
    user = tale.cast.account(name)
    tale.story.name("other", name, kind=FAMILY, role_words="Other parent", person=person)
    tale.story.choose("other")
    tale.story.join_by_mail("other", user)
    tale.story.accept("other")
    forget_scope(user)
    address = f"{tale.dice.randint(10, 99)} Creekside Court\n{tale.place.towns[1]}, NC"
    home = Household(name="The other home", address=address, phone=tale.phone())
    add_household(household=home, family=tale.family, by=user, lives_there=Person.objects.get(pk=person.pk))


def home_shared(tale) -> None:
    """Somebody who comes to the house may know where it is."""
    share_household(
        household=tale.family.households.order_by("pk").first(), user=tale.place.staff["facilitator"],
        until=timezone.localdate() + dt.timedelta(days=360), by=tale.home,
    )  # fmt: skip


def grant(tale) -> None:
    """The interpreter may read for the next meeting."""
    tale.clock.go(-3, 12)
    return give_grant(
        team=tale.story.team, user=tale.interpreter or tale.place.staff["nurse"], by=tale.home,
        sections=[Section.PLAN, Section.RECORDS], reason="Interpreter at our next meeting",
        until=tale.clock.at(18, 20),
    )  # fmt: skip


def grant_ended(tale) -> None:
    """A stand-in read for a week; the family took it back early."""
    tale.clock.go(-24, 12)
    given = give_grant(
        team=tale.story.team, user=tale.place.staff["dss_boss"], by=tale.home, sections=[Section.PLAN],
        reason="Stands in for our social worker", until=tale.clock.at(-4, 20),
    )  # fmt: skip
    tale.clock.go(-20, 12)
    end_grant(grant=given, by=tale.home)


def coordinator(tale) -> None:
    """The family asks the county's coordinator to its table, who then sees more of it on the worklist."""
    tale.story.join("coordinator", tale.place.staff["coordinator"], kind=PRO, role_words="System of Care Coordinator")


#: While the family gathers its team.
EARLY = {
    "coordinator": coordinator,
    "paper": paper, "email": email, "not_chosen": not_chosen, "declined": declined, "left": left,
    "asked_back": asked_back, "consent_ran_out": consent_ran_out, "two_homes": two_homes, "home_shared": home_shared,
}  # fmt: skip
#: In the last weeks.
LATE = {"grant": grant, "grant_ended": grant_ended, "ending": ending}
