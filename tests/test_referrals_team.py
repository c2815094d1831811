"""Referrals on the team's pages: written down, said yes to, sent, stopped, closed by the family's word."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from families.actions import change_person
from families.enums import Section
from referrals.enums import OPEN_STATUSES, Outcome, ReferralStatus, Shared
from referrals.models import Referral, ReferralLink, ReferralMove, Service
from soc_portal.access.scope import forget_scope
from soc_portal.drafts.models import Draft
from soc_portal.notices.models import Notice
from teams import access
from teams.actions.consents import share_sections
from teams.actions.items import change_item
from teams.actions.memberships import end_team
from teams.models import ReferralSource
from teams.views.referral_parts import referral_rows
from tests.parts.referrals import ADDRESS, WANTS, draft, send
from tests.test_referrals_link import text_of
from tests.world import PEOPLE

S = ReferralStatus
PLAN = {"draft", "requested", "accepted", "other_office"}
#: What each person may read of this team's referrals; everybody else: nothing.
READ = {
    "caregiver": PLAN | {"court", "mental_health"}, "youth": PLAN | {"court", "mental_health"},
    "other_household": PLAN | {"court", "mental_health"}, "grandmother": PLAN, "family_partner": PLAN,
    "facilitator": PLAN, "dss_worker": PLAN, "court_counselor": PLAN | {"court"}, "provider": {"mental_health"},
    "other_caregiver": {"other_family"}, "other_facilitator": {"other_family"},
}  # fmt: skip


def url(name, world, key="draft"):
    referral = world.referrals[key]
    return reverse(f"teams:referral_{name}", args=[referral.source.team_id, referral.pk])


def add_url(world, query=""):
    return reverse("teams:referral_add", args=[world.team.pk]) + query


def fresh(referral):
    return Referral.objects.select_related("source").get(pk=referral.pk)


def titles_of(world, found):
    keys = {referral.pk: key for key, referral in world.referrals.items()}
    return {keys[referral.pk] for referral in found}


# --- Who reads what --------------------------------------------------------------------------------------------------
def test_each_person_reads_exactly_the_referrals_of_their_teams_and_sections(world):
    seen = {slug: titles_of(world, access.visible_referrals(user)) for slug, user in world.people.items()}
    assert seen == {slug: READ.get(slug, set()) for slug in PEOPLE}


@pytest.mark.parametrize("slug", sorted(set(READ) - {"other_caregiver", "other_facilitator"}))
def test_the_list_and_the_rows_show_the_same(sign_in, world, slug):
    page = sign_in(world.people[slug]).get(reverse("teams:referral_list", args=[world.team.pk])).context["page"]
    assert titles_of(world, page.object_list) == READ[slug]
    forget_scope(world.people[slug])
    rows = referral_rows(world.people[slug], world.team, most=10)
    assert titles_of(world, rows) == {key for key in READ[slug] if world.referrals[key].status in OPEN_STATUSES}


def test_the_list_has_the_newest_first_and_is_cut_into_pages(sign_in, world):
    for number in range(21):
        draft(world, f"Number {number}")
    client = sign_in(world.users.grandmother)
    page = client.get(reverse("teams:referral_list", args=[world.team.pk])).context["page"]
    assert [row.title for row in page.object_list][:2] == ["Number 20", "Number 19"]
    assert (len(page.object_list), page.paginator.count) == (20, 25)


def test_a_referral_of_another_team_is_absent_under_this_team_s_address(sign_in, world):
    client = sign_in(world.users.caregiver)
    there = reverse("teams:referral_detail", args=[world.team.pk, world.referrals["other_family"].pk])
    assert client.get(there).status_code == 404


def test_when_a_need_moves_to_a_narrower_part_its_referrals_go_along(sign_in, world):
    need = world.items["need"]
    change_item(
        team=world.team, item=need, by=world.users.caregiver, base_version=need.version,
        values={"section": Section.HEALTH},
    )  # fmt: skip
    assert {fresh(world.referrals[key]).section for key in ("draft", "requested", "accepted")} == {"health"}
    assert sign_in(world.users.grandmother).get(url("detail", world, "requested")).status_code == 404


def test_who_works_there_reads_the_team_s_page_as_a_member_but_moves_nothing_for_the_team(sign_in, world):
    client = sign_in(world.users.provider)
    page = client.get(url("detail", world, "mental_health"))
    assert "You work where this was sent." in text_of(page)
    assert page.context["side"] == ""
    for name in ("move", "visit"):
        assert client.post(url(name, world, "mental_health"), {"to": "completed"}).status_code == 403
    there = reverse("referrals:referral_detail", args=[world.referrals["mental_health"].pk])
    assert "You are on this family’s team, too." in text_of(client.get(there))
    # What is not sent yet is the team's: whoever works there may change it with the others.
    share_sections(membership=world.members["provider"], sections=["plan"], until=None, by=world.users.caregiver)
    assert client.get(url("edit", world)).status_code == client.get(url("move", world)).status_code == 200


def test_only_those_whose_record_it_is_read_who_opened_it(sign_in, world):
    sign_in(world.users.receiver).get(reverse("referrals:referral_detail", args=[world.referrals["requested"].pk]))
    page = sign_in(world.users.youth).get(url("detail", world, "requested"))
    assert [row["who"].display_name for row in page.context["looks"]] == ["Sam Whitaker"]
    sign_in(world.users.grandmother).get(url("detail", world, "requested"))
    page = sign_in(world.users.youth).get(url("detail", world, "requested"))
    seats = [(row["who"].short_name, row["who"].seat_kind) for row in page.context["looks"]]
    assert seats == [("Carmen", "community"), ("Sam", "pro")]
    page = sign_in(world.users.facilitator).get(url("detail", world, "requested"))
    assert page.context["looks"] is None
    assert "Opened by Riverbend Counseling" in text_of(page)
    assert "Sam Whitaker" not in text_of(page)


# --- Writing it down -------------------------------------------------------------------------------------------------
def typed(world, **changes):
    return {"title": "A tutor", "organization": world.offices["provider"].pk, "service": "", "once": "abc"} | changes


@pytest.mark.parametrize("slug", ["grandmother", "facilitator", "youth", "caregiver"])
def test_anybody_on_the_team_writes_down_whom_to_ask_and_nothing_goes_out(sign_in, world, slug):
    Notice.objects.all().delete()
    query = f"?need={world.items['need'].pk}"
    response = sign_in(world.people[slug]).post(add_url(world, query), typed(world))
    referral = Referral.objects.get(title="A tutor")
    assert response.status_code == 302
    page = "teams:referral_send" if slug == "caregiver" else "teams:referral_detail"
    assert response.url == reverse(page, args=[world.team.pk, referral.pk])
    assert (referral.status, referral.family, referral.requested_at) == (S.DRAFT, world.family, None)
    assert (referral.source.team, referral.source.need) == (world.team, world.items["need"])
    assert referral.moves.get().by == world.people[slug]
    told = set(Notice.objects.values_list("kind", "user__email"))
    parents = {"caregiver@test.example", "other-household@test.example"} - {world.people[slug].email}
    assert told == {("referral_drafted", address) for address in parents}


def test_the_same_form_sent_twice_writes_one(sign_in, world):
    client = sign_in(world.users.grandmother)
    for _time in range(2):
        assert client.post(add_url(world), typed(world)).status_code == 302
    assert Referral.objects.filter(title="A tutor").count() == 1


def test_what_was_typed_for_one_need_comes_back_there_and_not_for_another(sign_in, world):
    client, need, step = sign_in(world.users.grandmother), world.items["need"].pk, world.items["step"].pk
    under = client.get(add_url(world, f"?need={need}")).context["under"]
    client.post(reverse("drafts:keep"), {"path": add_url(world), "title": "Half a wish", "under": under})
    assert client.get(add_url(world)).url == add_url(world, f"?need={need}")
    assert "Half a wish" in text_of(client.get(add_url(world, f"?need={need}")))
    assert "Half a wish" not in text_of(client.get(add_url(world, f"?step={step}")))


def test_it_takes_the_part_of_the_record_of_what_it_is_for_and_its_writer_s_choice_otherwise(sign_in, world):
    client = sign_in(world.users.court_counselor)
    client.post(add_url(world, f"?step={world.items['court_step'].pk}"), typed(world, title="For a step"))
    client.post(add_url(world), typed(world, title="Free", section="court", once="x"))
    found = Referral.objects.filter(title__in=["For a step", "Free"])
    assert [row.section for row in found] == ["court", "court"]
    response = client.post(add_url(world), typed(world, title="No", section="school", once="y"))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["section"])


@pytest.mark.parametrize("what", ["court_step", "need_school", "need_court"])
def test_a_need_or_step_that_one_may_not_read_is_absent(sign_in, world, what):
    kind = "step" if "step" in what else "need"
    response = sign_in(world.users.facilitator).get(add_url(world, f"?{kind}={world.items[what].pk}"))
    assert response.status_code == 404


@pytest.mark.parametrize("query", ["?need=x", "?need=", "?need=999999", "?step=-1", "?service=9999999", "?service=²"])
def test_an_address_that_names_nothing_is_absent(sign_in, world, query):
    assert sign_in(world.users.facilitator).get(add_url(world, query)).status_code == 404


def test_from_the_directory_a_service_comes_with_its_organization(sign_in, world):
    service = Service.objects.create(
        hsds_id="evening-1", organization=world.other_office, name="Evening rides", email="rides@example.org"
    )
    client = sign_in(world.users.facilitator)
    page = client.get(add_url(world, f"?service={service.pk}"))
    assert page.context["form"].initial["organization"] == world.other_office.pk
    client.post(
        add_url(world, f"?service={service.pk}"),
        typed(world, organization=world.other_office.pk, service=service.pk),
    )
    assert Referral.objects.get(title="A tutor").service == service
    client.post(add_url(world), typed(world, title="Another", service=service.pk, once="z"))
    assert Referral.objects.get(title="Another").service is None


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"title": " "}, "title", "Write what you ask for."),
        ({"title": "x" * 161}, "title", "This is too long to save."),
        ({"title": "a\x00"}, "title", "There is a sign in your text"),
        ({"organization": ""}, "organization", "Choose whom you ask."),
        ({"organization": "999999"}, "organization", "Choose somebody from the list."),
        ({"organization": "x"}, "organization", "Choose somebody from the list."),
    ],
)
def test_a_mistake_is_said_beside_the_field_and_what_was_typed_is_kept(sign_in, world, changes, field, words):
    response = sign_in(world.users.caregiver).post(add_url(world), typed(world, wants=WANTS, **changes))
    assert response.status_code == 422
    assert words in response.context["form"].errors[field][0]
    assert "somebody who talks with Mateo" in text_of(response)
    assert not Referral.objects.filter(title="A tutor").exists()


def test_the_family_s_words_are_written_by_the_family_and_changed_by_their_speaker_alone(sign_in, world):
    sign_in(world.users.facilitator).post(add_url(world), typed(world, wants="Forged words"))
    forged = Referral.objects.get(title="A tutor")
    assert (forged.wants, forged.wants_by) == ("", None)
    sign_in(world.users.youth).post(add_url(world), typed(world, title="Mine", wants="I choose the day.", once="m"))
    mine = Referral.objects.get(title="Mine")
    assert (mine.wants, mine.wants_by) == ("I choose the day.", world.mateo)
    edit = reverse("teams:referral_edit", args=[world.team.pk, mine.pk])
    for slug in ("facilitator", "caregiver"):
        client = sign_in(world.people[slug])
        assert "wants" not in client.get(edit).context["form"].fields
        client.post(edit, typed(world, title=f"By {slug}", wants="Forged", version=fresh(mine).version))
        assert (fresh(mine).title, fresh(mine).wants) == (f"By {slug}", "I choose the day.")
    sign_in(world.users.youth).post(edit, typed(world, wants="", version=fresh(mine).version))
    assert (fresh(mine).wants, fresh(mine).wants_by) == ("", None)


def test_two_who_change_the_same_words_see_both_and_nothing_is_lost(sign_in, world):
    edit, referral = url("edit", world), world.referrals["draft"]
    sign_in(world.users.grandmother).post(edit, typed(world, title="A camp by the sea", version=1))
    client = sign_in(world.users.facilitator)
    page = client.post(edit, typed(world, title="A camp in the hills", version=1))
    assert page.status_code == 409
    assert "A camp by the sea" in text_of(page) and "A camp in the hills" in text_of(page)
    assert fresh(referral).title == "A camp by the sea"
    assert Draft.objects.filter(user=world.users.facilitator, path=edit, text="A camp in the hills").exists()
    client.post(edit, typed(world, title="A camp", version=2))
    assert fresh(referral).title == "A camp"


def test_two_who_change_different_things_are_merged(sign_in, world):
    edit, other = url("edit", world), world.offices["dss_worker"]
    sign_in(world.users.grandmother).post(edit, typed(world, title="A camp by the sea", version=1))
    sign_in(world.users.facilitator).post(edit, typed(world, title="A summer camp", organization=other.pk, version=1))
    referral = fresh(world.referrals["draft"])
    assert (referral.title, referral.organization) == ("A camp by the sea", other)


def test_what_was_sent_is_not_changed_any_more_and_what_was_typed_for_it_is_kept(sign_in, world):
    edit = url("edit", world, "requested")
    client = sign_in(world.users.grandmother)
    assert client.get(edit).url == url("detail", world, "requested")
    page = client.post(edit, typed(world, title="Too late", version=1), follow=True)
    assert "so it can’t be changed any more" in text_of(page)
    assert fresh(world.referrals["requested"]).title == "Evening counseling"
    assert Draft.objects.filter(user=world.users.grandmother, text="Too late").exists()


# --- The family's yes ------------------------------------------------------------------------------------------------
def yes(client, world, *share, key="draft", **changes):
    page = client.get(url("send", world, key))
    form = {"seen": page.context["form"].initial["seen"], "share": share}
    form["until"] = (timezone.localdate() + dt.timedelta(days=30)).isoformat()
    return client.post(url("send", world, key), form | changes)


@pytest.fixture
def told(world):
    """The draft with something to share in every part, and what stands in each as Rosa sees it."""
    rosa = world.rosa
    change_person(
        person=rosa, by=world.users.caregiver, base_version=rosa.version,
        values={"phone": "336-555-0102", "language": "es", "needs_interpreter": True, "safe_contact": "text",
                "safe_times": "After 5."},
    )  # fmt: skip
    Referral.objects.filter(pk=world.referrals["draft"].pk).update(wants=WANTS, wants_by=rosa)
    return {
        "asks": "A summer camp", "names": "Mateo Delgado\nRosa Delgado (Mom)", "phone": "336-555-0102",
        "need": "A need about plan", "wants": WANTS, "contact": "After 5.",
    }  # fmt: skip


@pytest.mark.parametrize(
    "share",
    [[], ["names"], ["phone"], ["languages"], ["need"], ["wants"], ["contact"], ["names", "phone", "need"],
     [one.value for one in Shared if one != Shared.ASKS]],
)  # fmt: skip
def test_what_is_shared_is_exactly_what_was_ticked(sign_in, world, told, share):
    assert yes(sign_in(world.users.caregiver), world, *share).status_code == 302
    referral = fresh(world.referrals["draft"])
    assert [entry["what"] for entry in referral.shared] == [one for one in Shared if one in {"asks", *share}]
    for entry in referral.shared:
        if entry["what"] != "languages":
            assert entry["words"] == told[entry["what"]]
    text = str(referral.shared)
    for what, words in told.items():
        assert (words.replace("\n", "\\n") in text) is (what in {"asks", *share})
    for never in ("Secret Lane", "Hidden Road", "336-555-0101", "336-555-0199", "school", "court", "Luis"):
        assert never not in text
    page = text_of(sign_in(world.users.receiver).get(reverse("referrals:referral_detail", args=[referral.pk])))
    assert ("Spanish, with an interpreter" in page) is ("languages" in share)
    assert ("Rosa" in page) is ("names" in share)


def test_the_least_is_marked_at_first_and_the_yes_ends_in_ninety_days(sign_in, world, told):
    form = sign_in(world.users.caregiver).get(url("send", world)).context["form"]
    assert form.initial["share"] == [Shared.NAMES]
    assert form.initial["until"] == timezone.localdate() + dt.timedelta(days=90)
    shown = str(form["share"])
    for words in ("336-555-0102", "A need about plan", "After 5.", "A text message is safe", "Mateo Delgado"):
        assert words in shown


def test_the_other_home_is_never_offered(sign_in, world):
    form = sign_in(world.users.other_household).get(url("send", world)).context["form"]
    shown = str(form)
    assert "Luis Delgado (Dad)" in shown
    for never in ("Rosa", "Secret Lane", "Hidden Road", "336-555-0101", "336-555-0199"):
        assert never not in shown


def test_a_yes_sends_it_and_tells_those_who_work_there_without_a_name(sign_in, world):
    Notice.objects.all().delete()
    yes(sign_in(world.users.caregiver), world, "names")
    referral = fresh(world.referrals["draft"])
    today = timezone.localdate()
    assert (referral.status, referral.yes_by, referral.yes_until) == (
        S.REQUESTED, world.users.caregiver, today + dt.timedelta(days=30),
    )  # fmt: skip
    assert referral.requested_at and referral.answer_due_on == today + dt.timedelta(days=10)
    sent = set(Notice.objects.filter(kind="referral_sent").values_list("user__email", flat=True))
    assert sent == {"receiver@test.example", "provider@test.example"}
    told = set(Notice.objects.filter(kind="referral_changed").values_list("user__email", flat=True))
    plan_readers = {"youth", "other-household", "grandmother", "family-partner", "facilitator", "dss-worker",
                    "court-counselor"}  # fmt: skip
    assert told == {f"{slug}@test.example" for slug in plan_readers}


@pytest.mark.parametrize("days", [-1, 366])
def test_a_yes_ends_on_a_day_to_come_within_a_year(sign_in, world, days):
    until = (timezone.localdate() + dt.timedelta(days=days)).isoformat()
    response = yes(sign_in(world.users.caregiver), world, "names", until=until)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["until"])
    assert fresh(world.referrals["draft"]).status == S.DRAFT
    assert yes(sign_in(world.users.caregiver), world, until="").status_code == 422


def test_nothing_that_is_not_on_the_list_can_be_shared(sign_in, world):
    response = yes(sign_in(world.users.caregiver), world, "names", "addresses")
    assert response.status_code == 422
    assert "Mark only what is on this list." in text_of(response)
    assert fresh(world.referrals["draft"]).shared == []


@pytest.mark.parametrize("what", ["title", "need", "phone", "organization"])
def test_a_caregiver_says_yes_to_what_they_saw_and_to_nothing_else(sign_in, world, what):
    client, rosa = sign_in(world.users.caregiver), world.users.caregiver
    seen = client.get(url("send", world)).context["form"].initial["seen"]
    if what == "need":
        need = world.items["need"]
        change_item(team=world.team, item=need, by=rosa, base_version=need.version, values={"text": "Another need"})
    elif what == "phone":
        change_person(person=world.rosa, by=rosa, base_version=world.rosa.version, values={"phone": "336-555-0177"})
    else:
        value = "Another title" if what == "title" else world.other_office
        Referral.objects.filter(pk=world.referrals["draft"].pk).update(**{what: value}, version=2)
    until = (timezone.localdate() + dt.timedelta(days=30)).isoformat()
    page = client.post(url("send", world), {"seen": seen, "share": ["names", "need"], "until": until})
    assert page.status_code == 409
    assert "Somebody changed this while your page was open." in text_of(page)
    assert fresh(world.referrals["draft"]).status == S.DRAFT
    again = page.context["form"].data["seen"]
    assert client.post(
        url("send", world), {"seen": again, "share": ["names", "need"], "until": until}
    ).status_code == 302  # fmt: skip


def test_without_anybody_there_an_address_is_needed_and_gets_the_link(sign_in, world):
    client, school = sign_in(world.users.caregiver), world.offices["expired_consent"]
    world.users.expired_consent.positions.update(ends_on=timezone.localdate() - dt.timedelta(days=1))
    Referral.objects.filter(pk=world.referrals["draft"].pk).update(organization=school)
    response = yes(client, world, "names")
    assert response.status_code == 422
    assert "Nobody there has an account here yet." in text_of(response)
    assert yes(client, world, "names", address="no address").status_code == 422
    assert yes(client, world, "names", address="Front@Cedar.example.org").status_code == 302
    link = ReferralLink.objects.get(referral=world.referrals["draft"])
    assert (link.address, link.expires_at - link.created_at) == ("front@cedar.example.org", dt.timedelta(days=14))
    assert Notice.objects.filter(kind="referral_link", address=link.address).count() == 1


def test_what_is_about_substance_use_takes_a_second_yes_and_its_notice_goes_along(sign_in, world):
    Referral.objects.filter(pk=world.referrals["draft"].pk).update(section=Section.SUBSTANCE_USE)
    client = sign_in(world.users.caregiver)
    assert list(yes(client, world, "names").context["form"].errors) == ["sure"]
    assert yes(client, world, "names", sure="on").status_code == 302
    page = sign_in(world.users.receiver).get(reverse("referrals:referral_detail", args=[world.referrals["draft"].pk]))
    assert "42 CFR Part 2" in text_of(page)


def test_a_new_yes_takes_the_place_of_the_old_one(sign_in, world):
    client, before = sign_in(world.users.caregiver), world.referrals["requested"]
    assert yes(client, world, "languages", key="requested").status_code == 302
    referral = fresh(before)
    assert [entry["what"] for entry in referral.shared] == ["asks", "languages"]
    assert (referral.status, referral.requested_at) == (S.REQUESTED, before.requested_at)
    assert referral.moves.count() == 2
    changed = Notice.objects.filter(kind="referral_changed", path=f"/referrals/{referral.pk}/")
    assert set(changed.values_list("user__email", flat=True)) == {"receiver@test.example", "provider@test.example"}


def test_after_a_yes_has_run_out_the_family_can_say_yes_again(sign_in, world, time_machine):
    time_machine.move_to(timezone.now() + dt.timedelta(days=61), tick=False)
    client = sign_in(world.users.caregiver)
    page = client.get(url("detail", world, "accepted"))
    assert "yes ended on" in text_of(page) and "Say yes again" in text_of(page)
    assert yes(client, world, "names", key="accepted").status_code == 302
    assert fresh(world.referrals["accepted"]).is_shared()


def test_pressed_twice_it_goes_out_once(sign_in, world):
    client = sign_in(world.users.caregiver)
    assert yes(client, world, "names", was="draft", address="front@cedar.example.org").status_code == 302
    before = fresh(world.referrals["draft"])
    again = {"was": "draft", "share": ["phone"], "address": "other@cedar.example.org"}
    assert "It is sent already." in text_of(client.post(url("send", world), again, follow=True))
    referral = fresh(world.referrals["draft"])
    assert (referral.shared, referral.yes_at, referral.links.count()) == (before.shared, before.yes_at, 1)


@pytest.mark.parametrize("key", ["requested", "draft"])
def test_nothing_is_shared_of_what_is_closed(sign_in, world, key):
    Referral.objects.filter(pk=world.referrals[key].pk).update(status=S.CANCELLED)
    client = sign_in(world.users.caregiver)
    page = client.post(url("send", world, key), {"share": ["names"]}, follow=True)
    assert "there is nothing to share any more" in text_of(page)
    assert fresh(world.referrals[key]).shared == world.referrals[key].shared


# --- Stopping --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("key", "status"), [("requested", S.CANCELLED), ("accepted", S.ACCEPTED)])
def test_stopping_tells_the_receiver_today_and_they_read_nothing_more(sign_in, world, key, status):
    there = reverse("referrals:referral_detail", args=[world.referrals[key].pk])
    assert world.referrals[key].title in text_of(sign_in(world.users.receiver).get(there))
    Notice.objects.all().delete()
    assert sign_in(world.users.other_household).post(url("stop", world, key)).status_code == 302
    referral = fresh(world.referrals[key])
    assert (referral.status, referral.yes_ended_by) == (status, world.users.other_household)
    stopped = Notice.objects.filter(kind="referral_stopped")
    told = {notice.user.email if notice.user else notice.address for notice in stopped}
    assert told == {"receiver@test.example", "provider@test.example"} | ({ADDRESS} if key == "requested" else set())
    client = sign_in(world.users.receiver)
    page = text_of(client.get(there))
    for gone in (referral.title, "Mateo", "Rosa", WANTS):
        assert gone not in page
    assert ("Bring a friend." in page) is (key == "accepted")  # their own words stay theirs
    answer = reverse("referrals:referral_answer", args=[referral.pk])
    assert client.get(answer).status_code == 302
    assert client.post(answer, {"answer": "start", "words": "x", "was": status}).status_code == 302
    assert fresh(referral).status == status


def test_stopping_twice_changes_nothing(sign_in, world):
    client = sign_in(world.users.caregiver)
    client.post(url("stop", world, "accepted"))
    before = Referral.objects.filter(pk=world.referrals["accepted"].pk).values().get()
    assert "Nothing is shared with this." in text_of(client.post(url("stop", world, "accepted"), follow=True))
    assert Referral.objects.filter(pk=world.referrals["accepted"].pk).values().get() == before


def test_the_family_can_stop_and_tell_how_it_went_when_its_team_has_ended(sign_in, world):
    end_team(team=world.team, by=world.users.caregiver)
    client = sign_in(world.users.caregiver)
    form = {"to": "completed", "outcome": "partly", "was": "accepted"}
    assert client.post(url("move", world, "accepted"), form).status_code == 302
    assert client.post(url("stop", world, "requested")).status_code == 302
    assert sign_in(world.users.facilitator).get(url("move", world, "other_office")).status_code == 404


# --- How it goes on --------------------------------------------------------------------------------------------------
def test_the_loop_closes_with_the_family_s_word(sign_in, world):
    client = sign_in(world.users.youth)
    response = client.post(url("move", world, "accepted"), {"to": "completed", "was": "accepted"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["outcome"])
    form = {"to": "completed", "outcome": "received", "words": "He listens.", "was": "accepted"}
    assert client.post(url("move", world, "accepted"), form).status_code == 302
    referral = fresh(world.referrals["accepted"])
    assert (referral.status, referral.outcome) == (S.COMPLETED, Outcome.RECEIVED)
    assert referral.closed_at
    page = sign_in(world.users.receiver).get(reverse("referrals:referral_detail", args=[referral.pk]))
    assert "He listens." not in text_of(page) and "This is closed" in text_of(page)


def test_a_move_tells_both_sides_and_says_nothing(sign_in, world):
    Notice.objects.all().delete()
    sign_in(world.users.facilitator).post(
        url("move", world, "requested"), {"to": "cancelled", "words": "A secret", "was": "requested"}
    )
    notices = Notice.objects.filter(kind="referral_changed")
    paths = dict(notices.values_list("user__email", "path"))
    assert paths["receiver@test.example"] == f"/referrals/{world.referrals['requested'].pk}/"
    assert paths["caregiver@test.example"] == url("detail", world, "requested")
    assert "facilitator@test.example" not in paths
    assert [notice.facts for notice in notices] == [{}] * notices.count()


@pytest.mark.parametrize(
    ("key", "to"),
    [("requested", "completed"), ("requested", "accepted"), ("requested", "rejected"), ("accepted", "draft"),
     ("draft", "requested"), ("accepted", "entered-in-error"), ("accepted", ""), ("accepted", "nonsense")],
)  # fmt: skip
def test_a_move_that_is_not_allowed_gets_a_clear_sentence_and_changes_nothing(sign_in, world, key, to):
    before = Referral.objects.filter(pk=world.referrals[key].pk).values().get()
    form = {"to": to, "outcome": "received", "words": "Keep this", "was": before["status"]}
    response = sign_in(world.users.caregiver).post(url("move", world, key), form)
    assert response.status_code == 422
    assert ("This can’t be done with it now." if to else "Pick what happened.") in text_of(response)
    assert "Keep this" in text_of(response)
    assert Referral.objects.filter(pk=world.referrals[key].pk).values().get() == before


def test_a_page_that_is_out_of_date_gets_a_clear_sentence_and_changes_nothing(sign_in, world):
    client = sign_in(world.users.caregiver)
    client.post(url("move", world, "accepted"), {"to": "in-progress", "was": "accepted"})
    moves = ReferralMove.objects.count()
    page = client.post(url("move", world, "accepted"), {"to": "cancelled", "words": "Keep this", "was": "accepted"})
    assert page.status_code == 409
    assert "Somebody changed this while your page was open." in text_of(page)
    assert "Keep this" in text_of(page)
    assert (fresh(world.referrals["accepted"]).status, ReferralMove.objects.count()) == (S.IN_PROGRESS, moves)


def test_the_team_notes_the_day_that_somebody_told_it(sign_in, world):
    client = sign_in(world.users.grandmother)
    day = timezone.localdate() + dt.timedelta(days=12)
    form = {"day": day.isoformat(), "time": "17:30", "was": "accepted", "words": ""}
    assert client.post(url("visit", world, "accepted"), form).status_code == 302
    visit = timezone.localtime(fresh(world.referrals["accepted"]).first_visit_at)
    assert (visit.date(), visit.hour, visit.minute) == (day, 17, 30)
    assert client.post(url("visit", world, "accepted"), form | {"was": "requested"}).status_code == 409
    past = client.post(url("visit", world, "accepted"), form | {"day": "2020-01-01"})
    assert (past.status_code, list(past.context["form"].errors)) == (422, ["day"])
    assert client.post(url("visit", world, "requested"), form | {"was": "requested"}).status_code == 422


@pytest.mark.parametrize(("when", "asks"), [(-1, True), (1, False)])
def test_the_family_is_asked_how_it_went_after_the_first_visit(sign_in, world, when, asks):
    at = timezone.now() + dt.timedelta(hours=when)
    Referral.objects.filter(pk=world.referrals["accepted"].pk).update(first_visit_at=at)
    for slug, asked in (("caregiver", asks), ("youth", asks), ("facilitator", False)):
        page = sign_in(world.people[slug]).get(url("detail", world, "accepted"))
        assert page.context["asks"] is asked


def test_the_loop_tells_what_happened_what_is_on_and_what_is_to_come(sign_in, world):
    page = sign_in(world.users.grandmother).get(url("detail", world, "accepted"))
    steps = page.context["loop"]
    assert [step.heading for step in steps][:5] == [
        "Written down", "The family said yes", "Sent to Riverbend Counseling", "Riverbend Counseling said yes",
        steps[4].heading,
    ]  # fmt: skip
    assert steps[4].heading.startswith("First visit:")
    assert [(step.state, step.now) for step in steps] == [
        ("done", False), ("done", False), ("done", False), ("done", False), ("wait", True), ("todo", False),
        ("todo", False),
    ]  # fmt: skip
    assert steps[3].words == "Bring a friend."


def test_the_plan_offers_to_ask_for_help_beside_a_need(sign_in, world):
    page = sign_in(world.users.grandmother).get(reverse("teams:plan_detail", args=[world.team.pk]))
    assert add_url(world, f"?need={world.items['need'].pk}") in page.content.decode()


def test_each_source_has_its_team(world):
    assert ReferralSource.objects.filter(team=world.team).count() == 6
    assert send(world, draft(world, "A seventh"), "names").source.team == world.team
