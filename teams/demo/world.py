"""The whole made-up state: built once, in one transaction."""

import gc
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from random import Random

from django.db import transaction
from django.db.models import F
from django.utils import translation

from collaboratives.demo.groups import settle_groups
from collaboratives.demo.meetings import tell_meetings
from families.demo.partners import settle_partners
from referrals.demo.directory import fill_directory
from soc_portal.access.scope import forget_scope
from soc_portal.accounts.personas import PERSONAS
from soc_portal.audit.enums import Look
from soc_portal.notices.models import Notice
from teams import access
from teams.actions.looks import look_at_many
from teams.actions.memberships import end_run_out_memberships
from teams.demo import delgado
from teams.demo.barriers import tell_barriers
from teams.demo.calling import poll_events
from teams.demo.cast import Cast
from teams.demo.clock import story_time
from teams.demo.crowd import gather_crowd
from teams.demo.delgado_meetings import meeting_events
from teams.demo.delgado_plan import plan_events
from teams.demo.families import tell
from teams.demo.places import Place, settle_state
from teams.demo.plots import PLOTS, Plot
from teams.demo.referrals import ask_others, referral_events

#: The same dice each time: two demos built on the same day are the same.
SEED = 2003
HOME_OF_THE_DELGADOS = "Alamance"


@transaction.atomic
def build(plots: Collection[Plot] = PLOTS, *, crowd: int = 0) -> None:
    """Build the state with these families, the Delgados, and so many teams of the crowd.

    Counties and rules must be loaded.
    """
    dice = Random(SEED)  # noqa: S311  (a story, not a secret)
    with story_time() as clock, translation.override("en"), no_sweeping():
        cast = Cast(dice)
        cast.names |= names_in(plots)
        places, interpreters = settle_state(cast, clock, {HOME_OF_THE_DELGADOS, *(plot.county for plot in plots)})
        settle_partners(places, cast, clock)
        fill_directory(places, clock)
        tell_delgados(cast, clock, places[HOME_OF_THE_DELGADOS], interpreters["es"])
        for number, plot in enumerate(plots):
            ask_others(tell(plot, places[plot.county], cast, clock, interpreters), number)
        clock.go(-6, 8)
        for place in places.values():
            read_worklist(place)
        groups = settle_groups(cast, clock, places)
        tell_meetings(groups, cast, clock)
        tell_barriers(places, groups, clock)
        gather_crowd(crowd, clock)
        clock.go(-30, 9)
        for persona in PERSONAS:  # those who come in with a later part of the portal have accounts already
            cast.account(persona.name, slug=persona.slug, language=persona.language)
        clock.go(-1, 3)
        end_run_out_memberships(now=clock.moment)
        # What was sent in the story was sent then: nobody gets a year of mail today.
        Notice.objects.filter(sent_at=None, created_at__lte=clock.started).update(
            sent_at=F("created_at"), claimed_at=None, attempts=1
        )


def names_in(plots: Collection[Plot]) -> set[str]:
    """Everybody whom the plots name: no worker of an agency is called so too."""
    return {
        name for plot in plots for name in (plot.caregiver, *(name for name, _words in (*plot.children, *plot.kin)))
    }


@contextmanager
def no_sweeping() -> Iterator[None]:
    """Python looks for garbage less often: tens of thousands of small queries are done a sixth sooner."""
    before = gc.get_threshold()
    gc.set_threshold(50_000)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def read_worklist(place: Place) -> None:
    """The coordinator of a county looks at what is due: that a team exists, never its record."""
    user = place.staff["coordinator"]
    forget_scope(user)
    look_at_many(user, Look.WORKLIST, access.visible_worklist_teams(user).select_related("family").order_by("pk"))


def tell_delgados(cast: Cast, clock, place, interpreter) -> None:
    """A year of the Delgados, each thing on its day."""
    story, u, p = delgado.begin(cast, clock, place)
    delgado.gather(story, u, p, place)
    events = [
        *delgado.later_members(story, u, p, place),
        *plan_events(story, u, p),
        *meeting_events(story, u, p),
        *poll_events(story, u),
        *delgado.reading_events(story, u),
        *referral_events(story, u, p, place),
    ]
    for day, hour, happens in sorted(events, key=lambda event: event[:2]):
        clock.go(day, hour)
        happens()
    delgado.interpreter_for_next_meeting(story, interpreter)
