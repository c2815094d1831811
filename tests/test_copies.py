"""Copies on paper: who gets them, what stands on them, how large they are, and that the family sees who took one."""

import datetime as dt
import io
import time

import pytest
from django.urls import reverse
from django.utils import timezone, translation
from pypdf import PdfReader

from families.enums import PersonLanguage, Section
from families.models import Person
from soc_portal.access.scope import forget_scope
from soc_portal.audit.enums import Look
from soc_portal.audit.models import Event
from teams import access
from teams.actions.grants import give_grant
from teams.actions.items import add_item
from teams.actions.plans import agree_for_family, answer_plan, content_of, hash_of
from teams.enums import Choice, Part
from teams.models import Call, Comment, Goal, Need, PlanPart, PlanVersion, Rating, Step, Strategy, Words
from teams.views.papers import PLAN_PAPERS, has_two_languages, languages_for, paper, paper_data

pytestmark = pytest.mark.django_db
KINDS = [*PLAN_PAPERS, "record"]
NAMES = {
    "plan": "plan-of-care.pdf", "fridge": "refrigerator-page.pdf", "crisis": "crisis-cards.pdf",
    "record": "meeting-record.pdf",
}  # fmt: skip
VERBS = {"plan": Look.COPY, "fridge": Look.FRIDGE, "crisis": Look.CRISIS, "record": Look.RECORD_COPY}


def address(world, kind, query="?language=en&large=0"):
    if kind == "record":
        return reverse("teams:meeting_copy", args=[world.team.pk, world.meeting.pk]) + query
    return reverse("teams:plan_copy", args=[world.team.pk, kind]) + query


def choices(world):
    return reverse("teams:plan_copies", args=[world.team.pk])


def pages_of(file):
    return [page.extract_text() for page in PdfReader(io.BytesIO(file)).pages]


def words_of(file):
    """Everything that can be read on a paper, with its line breaks as blanks."""
    return " ".join(" ".join(pages_of(file)).split())


def places_of(file, text):
    """(page, points from its left edge, points from its lower edge) of each place where this text begins."""
    found = []
    for number, page in enumerate(PdfReader(io.BytesIO(file)).pages):
        page.extract_text(
            visitor_text=lambda words, matrix, of_text, font, size, number=number: (
                found.append((number, round(of_text[4] + matrix[4]), round(of_text[5] + matrix[5])))
                if words.strip().startswith(text)
                else None
            )
        )
    return found


def file_of(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "application/pdf"
    return response.content


def make(world, persona, kind, **options):
    user = world.people[persona]
    forget_scope(user)
    meeting = access.get_whole_meeting_for(user, world.team.pk, world.meeting.pk) if kind == "record" else None
    return paper(user, access.get_team_for(user, world.team.pk), kind, meeting=meeting, **options)


def data_of(world, persona, kind, **options):
    user = world.people[persona]
    forget_scope(user)
    meeting = access.get_whole_meeting_for(user, world.team.pk, world.meeting.pk) if kind == "record" else None
    return paper_data(user, access.get_team_for(user, world.team.pk), kind, meeting=meeting, **options)


def texts(data):
    """Every piece of text of a paper, as its template gets it."""
    if isinstance(data, dict):
        yield from [data["text"]] if isinstance(data.get("text"), str) else []
        for value in data.values():
            yield from texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from texts(value)


def write(world, *items, by="caregiver"):
    for item in items:
        add_item(team=world.team, item=item, by=world.people[by])


# --- Choosing --------------------------------------------------------------------------------------------------------
def test_the_plan_and_the_meeting_lead_to_the_choices_and_those_to_the_file(world, sign_in):
    client = sign_in(world.users.grandmother)
    plan = client.get(reverse("teams:plan_detail", args=[world.team.pk])).content.decode()
    assert choices(world) in plan
    meeting = client.get(reverse("teams:meeting_detail", args=[world.team.pk, world.meeting.pk])).content.decode()
    assert address(world, "record", "") in meeting
    html = client.get(choices(world)).content.decode()
    for value in ("plan", "fridge", "crisis", "en", "es", "0", "1"):
        assert f'value="{value}"' in html
    response = client.get(choices(world), {"kind": "fridge", "language": "es", "large": "1"})
    assert response.status_code == 302
    assert response["Location"] == address(world, "fridge", "?language=es&large=1")
    assert file_of(client.get(response["Location"])).startswith(b"%PDF-1.7")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("?kind=everything", "Choose a paper from the list."),
        ("?language=en", "Choose a paper."),
        ("?kind=plan&language=xx", "Choose a language from the list."),
        ("?kind=plan&large=9", "Choose a size from the list."),
        ("?kind=plan%00", "Choose a paper from the list."),
        ("?kind=plan&language=both", "Choose a language from the list."),
    ],
)
def test_a_choice_that_there_is_not_is_told_beside_its_field(world, sign_in, query, message):
    response = sign_in(world.users.caregiver).get(choices(world) + query)
    assert response.status_code == 422
    assert response.content.decode().count(message) == 2  # in the summary and beside the field
    assert not Event.objects.filter(verb__in=VERBS.values()).exists()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("query", ["?language=xx", "?large=huge", "?language=en%00", "?large=-1"])
def test_a_file_with_choices_that_there_are_not_is_the_page_to_choose_again(world, sign_in, kind, query):
    response = sign_in(world.users.caregiver).get(address(world, kind, query))
    assert response.status_code == 422
    assert response["Content-Type"].startswith("text/html")
    assert "from the list." in response.content.decode()
    assert not Event.objects.filter(verb__in=VERBS.values()).exists()


@pytest.mark.parametrize("kind", ["record", "everything", "PLAN"])
def test_there_is_no_other_paper_of_a_plan(world, sign_in, kind):
    url = reverse("teams:plan_copy", args=[world.team.pk, kind])
    assert sign_in(world.users.caregiver).get(url).status_code == 404


def test_both_languages_are_offered_where_the_team_has_two(world, sign_in):
    client, team = sign_in(world.users.caregiver), world.team
    assert 'value="both"' not in client.get(choices(world)).content.decode()
    assert not has_two_languages(world.users.caregiver, team)
    with translation.override("es"):
        assert has_two_languages(world.users.caregiver, team)
        assert languages_for("both") == ("es", "en")
        assert languages_for("") == ("es",)
    Person.objects.filter(pk=world.mateo.pk).update(language=PersonLanguage.HMONG)
    assert not has_two_languages(world.users.caregiver, team)
    Person.objects.filter(pk=world.rosa.pk).update(language=PersonLanguage.SPANISH)
    assert has_two_languages(world.users.caregiver, team)
    assert 'value="both"' in client.get(choices(world)).content.decode()
    file = file_of(client.get(address(world, "plan", "?language=both")))
    for text, in_spanish in (
        ("What we are good at", "En qué somos buenos"),
        ("Mateo keeps going", "Mateo keeps going"),
    ):
        (page, left, height), (there, right, as_high) = places_of(file, text)[0], places_of(file, in_spanish)[-1]
        assert (there, as_high) == (page, height)
        assert right - left == pytest.approx(612 / 2 - 50, abs=10)  # points: half of the sheet, less the margins
    assert languages_for("both") == ("en", "es")


def test_a_copy_without_choices_is_in_the_language_of_its_reader(world, sign_in):
    client = sign_in(world.users.caregiver)
    client.cookies["language"] = "es"
    file = file_of(client.get(address(world, "plan", "")))
    assert "En qué somos buenos" in words_of(file)
    assert "What we are good at" not in words_of(file)
    assert PdfReader(io.BytesIO(file)).trailer["/Root"]["/Lang"] == "es"


# --- The file --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", KINDS)
def test_a_file_is_tagged_kept_nowhere_and_has_no_name_in_its_own_name_or_title(world, sign_in, kind):
    response = sign_in(world.users.grandmother).get(address(world, kind))
    file = file_of(response)
    assert response["Content-Disposition"] == f'attachment; filename="{NAMES[kind]}"'
    assert "no-store" in response["Cache-Control"]
    reader = PdfReader(io.BytesIO(file))
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "en"
    told = " ".join(str(value) for value in (reader.metadata or {}).values())
    assert "Mateo" not in told
    assert "Delgado" not in told
    assert reader.metadata.title in ("Plan of care", "Our next steps", "If there is a crisis", "Meeting record")
    assert [float(side) for side in reader.pages[0].mediabox[2:]] == [612, 792]  # US letter


@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_says_for_whom_and_when_it_was_made_and_is_written_down(world, sign_in, kind):
    file = file_of(sign_in(world.users.grandmother).get(address(world, kind)))
    today = timezone.localdate()
    for page in pages_of(file):
        assert "Copy for Carmen Ruiz, made" in page
        assert f"{today:%B} {today.day}" in page
        assert "Private. Please keep this paper safe." in page
    looks = Event.objects.filter(looked=True, actor_id=world.users.grandmother.pk)
    assert [row.verb for row in looks] == [VERBS[kind]]
    assert access.visible_looks(world.users.caregiver, world.team).filter(verb=VERBS[kind]).count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_any_length_costs_the_same_few_queries(world, sign_in, django_assert_max_num_queries, kind):
    client = sign_in(world.users.dss_worker)
    client.get(address(world, kind))
    counts = []
    for more in (1, 3):
        for n in range(more):
            need = add_item(team=world.team, item=Need(text=f"Need {more} {n}"), by=world.users.caregiver)
            goal = add_item(team=world.team, item=Goal(need=need, text="Goal"), by=world.users.caregiver)
            who = [world.members["grandmother"], world.members["dss_worker"]]
            step = Step(goal=goal, meeting=world.meeting, text="Step")
            add_item(team=world.team, item=step, by=world.users.caregiver, who=who)
        with django_assert_max_num_queries(15) as queries:
            client.get(address(world, kind, "?language=both"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


# --- What stands on it -----------------------------------------------------------------------------------------------
def test_the_plan_holds_everything_in_its_order(world):
    rosa = world.users.caregiver
    world.team.family.what_matters = "Sunday church"
    world.team.family.save()
    step = world.items["step"]
    step.status, step.done_on = "done", timezone.localdate()
    step.save()
    write(
        world, PlanPart(part=Part.CRISIS_SIGNS, text="He stops answering."),
        PlanPart(part=Part.TRANSITION_WHO, text="Carmen stays"),
        Strategy(goal=world.items["goal"], text="Not this one", choice=Choice.NOT_NOW),
    )  # fmt: skip
    agree_for_family(team=world.team, by=rosa, seen_hash=hash_of(content_of(world.team)))
    version = world.team.plan_versions.get()
    answer_plan(
        version=version, membership=world.members["dss_worker"], kind="disagrees", words="Too fast",
        by=world.users.dss_worker,
    )  # fmt: skip
    told = words_of(make(world, "caregiver", "plan"))
    places = [told.index(text) for text in (
        "Mateo's plan", "Next meeting:", "Where: At Carmen's house", "This is version 1",
        "I want us to eat dinner together.",
        "Rosa Delgado, Mom", "the house is calm", "Sunday church", "Mateo keeps going.", "School each day",
        "Court order",
        "A need about plan", "Mateo is at school 4 days a week", "A quiet lunch table", "4/10",
        "☑ Move the lunch table",
        "Carmen Ruiz, Denise Whitfield", "☐ A court step", "Who agrees with version 1", "Sees it differently",
        "“Too fast”", "call 911", "He stops answering.", "336-555-0150", "988", "Carmen stays",
    )]  # fmt: skip
    assert places == sorted(places)
    assert "Not this one" not in told


def test_each_reader_gets_exactly_the_needs_and_steps_that_they_may_read(world):
    wanted = {
        "caregiver": set(Section.values), "youth": set(Section.values), "dss_worker": {"plan", "records"},
        "grandmother": {"plan", "records"}, "court_counselor": {"plan", "records", "court"},
    }  # fmt: skip
    for persona, sections in wanted.items():
        told = list(texts(data_of(world, persona, "plan")))
        got = {text.removeprefix("A need about ") for text in told if text.startswith("A need about ")}
        assert got == sections, persona
        assert ("A court step" in told) is ("court" in sections)
        short = list(texts(data_of(world, persona, "fridge")))
        assert ("A court step" in short) is ("court" in sections)


def test_a_hidden_part_of_the_crisis_plan_is_on_no_card(world):
    write(world, PlanPart(part=Part.CRISIS_HELPS, text="A secret", section=Section.MENTAL_HEALTH),
          Call(text="Hidden clinic", phone="336-555-0123", section=Section.MENTAL_HEALTH))  # fmt: skip
    for kind in PLAN_PAPERS:
        own = list(texts(data_of(world, "caregiver", kind)))
        assert ("A secret" in own) is (kind != "fridge")
        assert "Hidden clinic" in own
        theirs = str(data_of(world, "dss_worker", kind))
        for hidden in ("A secret", "Hidden clinic", "336-555-0123"):
            assert hidden not in theirs


def test_a_record_holds_what_its_reader_may_read(world):
    told = words_of(make(world, "caregiver", "record"))
    for text in ("Talk about records", "Nobody read to us from a paper.", "The first month", "He went 14 of 18 days.",
                 "A school secret", "The letter starts with what is going well"):  # fmt: skip
        assert text in told
    assert "A school secret" not in str(data_of(world, "dss_worker", "record"))
    assert "He went 14 of 18 days." in list(texts(data_of(world, "dss_worker", "record")))


@pytest.mark.parametrize("kind", PLAN_PAPERS)
def test_the_notice_of_part_2_goes_along_with_substance_use_alone(world, kind):
    write(world, PlanPart(part=Part.CRISIS_SIGNS, text="He drinks.", section=Section.SUBSTANCE_USE))
    assert "42 CFR Part 2" in str(data_of(world, "caregiver", kind))
    assert "42 CFR Part 2" not in str(data_of(world, "grandmother", kind))


def test_who_reads_for_a_short_time_gets_a_copy_of_what_they_may_read(world, sign_in):
    helper = world.users.jcpc_chair
    give_grant(
        team=world.team, user=helper, sections=["plan"], reason="Interpreter",
        until=timezone.now() + dt.timedelta(days=3), by=world.users.caregiver,
    )  # fmt: skip
    forget_scope(helper)
    client = sign_in(helper)
    assert "Move the lunch table" in words_of(file_of(client.get(address(world, "plan"))))
    assert client.get(address(world, "record")).status_code == 404


def test_a_family_with_nothing_written_gets_every_paper(world):
    rosa = world.users.other_caregiver
    team = access.get_team_for(rosa, world.other_team.pk)
    for kind in PLAN_PAPERS:
        assert len(pages_of(paper(rosa, team, kind))) <= 2
    told = words_of(paper(rosa, team, "fridge"))
    assert "No meeting is set yet." in told
    assert "988" in told


# --- Letters, languages and hostile texts ----------------------------------------------------------------------------
def sizes_on(file):
    sizes = set()

    def note(text, _cm, _tm, _font, size):
        if text.strip():
            sizes.add(round(size, 1))

    for page in PdfReader(io.BytesIO(file)).pages:
        page.extract_text(visitor_text=note)
    return sizes


@pytest.mark.parametrize("kind", KINDS)
def test_large_print_has_no_letter_under_18_points_and_ordinary_print_none_under_9(world, kind):
    write(world, PlanPart(part=Part.CRISIS_SIGNS, text="He stops answering."))
    assert min(sizes_on(make(world, "caregiver", kind, large=True))) >= 18
    assert min(sizes_on(make(world, "caregiver", kind))) >= 9


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ('#read("/etc/passwd")', False), ("*x* _y_ $y$ </b> @z <z>", False), ("{page} {n}", False), ("مرحبا", False),
        ("W" * 3000, False), ("a\x07b", False), ("😀 漢字", True), ("ж\u0488", True),
    ],
)  # fmt: skip
def test_no_text_stops_a_paper(world, text, missing):
    need, goal = world.items["need"], world.items["goal"]
    write(
        world, Need(text=text), Goal(need=need, text=text), Step(goal=goal, text=text, due_words=text[:80]),
        Call(text=text[:120], phone=text[:40]), PlanPart(part=Part.CRISIS_AFTER, text=text),
        Step(goal=goal, meeting=world.meeting, text=text, why=text),
    )  # fmt: skip
    for kind in KINDS:
        told = words_of(make(world, "caregiver", kind))
        assert ("Some characters could not be printed." in told) is missing
        if text[0] in "#*{":
            assert text in told


def test_words_of_the_family_in_any_language_are_printed(world):
    for language in PersonLanguage.values:
        Words.objects.filter(pk=world.items["words"].pk).update(language=language)
        for kind in ("plan", "fridge"):
            assert "I want us to eat dinner together" in words_of(make(world, "caregiver", kind)), language


def test_what_only_some_may_read_can_be_left_out(world, sign_in):
    client = sign_in(world.users.caregiver)
    query = {"kind": "fridge", "language": "en", "large": "0", "narrow": "on"}
    there = client.get(choices(world), query)["Location"]
    assert there == address(world, "fridge", "?language=en&large=0&narrow=on")
    for kind, narrower in (("plan", "A court goal"), ("fridge", "A court goal"), ("crisis", "988")):
        told = words_of(file_of(client.get(address(world, kind, "?language=en&large=0"))))
        short = words_of(file_of(client.get(address(world, kind, "?language=en&large=0&narrow=on"))))
        assert narrower in told
        assert ("A court goal" in short, "42 CFR" in short) == (False, False)
        assert kind == "crisis" or "Mateo is at school 4 days a week" in short
        says = "This copy leaves out what only some people on the team may read."
        assert (says in short, says in told) == (kind != "fridge", False)  # that page is a part of the plan anyway


def test_a_plan_from_which_something_is_left_out_is_still_the_one_that_was_agreed_to(world):
    agree_for_family(
        team=world.team, by=world.users.caregiver, seen_hash=hash_of(content_of(world.team)), signed_on=None
    )
    told = "This is version 1, which the family agreed to."
    for only in (None, "plan"):
        assert told in words_of(make(world, "caregiver", "plan", only=only))


# --- The refrigerator page: one sheet --------------------------------------------------------------------------------
def fill(world, needs, steps, letters=60):
    """A plan of many needs, written straight into the tables: nothing here is about writing."""
    own = {"team": world.team, "created_by": world.users.caregiver, "updated_by": world.users.caregiver}
    who, text = [world.members["grandmother"], world.members["dss_worker"]], ("Long words and more. " * 20)[:letters]
    for n in range(needs):
        need = Need.objects.create(**own, text=f"Need {n}: {text}", place=n + 100)
        goal = Goal.objects.create(**own, need=need, text=f"Goal {n}: {text}", how_we_will_know=text)
        Strategy.objects.create(**own, goal=goal, text=text, choice=Choice.CHOSEN)
        Rating.objects.create(**own, goal=goal, value=n % 10)
        for s in range(steps):
            step = Step.objects.create(**own, goal=goal, text=f"Step {n}.{s}: {text}", due_on=timezone.localdate())
            step.who.set(who)
            yield step


@pytest.mark.parametrize(("needs", "steps", "letters"), [(0, 0, 0), (1, 1, 20), (6, 2, 60), (30, 5, 400)])
def test_the_refrigerator_page_is_one_sheet_whatever_the_plan(world, needs, steps, letters):
    list(fill(world, needs, steps, letters))
    Words.objects.filter(pk=world.items["words"].pk).update(text="Every word counts. " * 300)
    for n in range(5):
        write(world, Call(text=f"Neighbor {n} " * 8, phone="336-555-0100 and ask for her by name"))
    for large, languages in ((False, ("en",)), (False, ("en", "es")), (True, ("en",)), (True, ("en", "es"))):
        pages = pages_of(make(world, "caregiver", "fridge", large=large, languages=languages))
        assert len(pages) == 1
        assert "988" in pages[0]


def test_in_large_print_and_two_languages_the_next_steps_stay_and_the_rest_makes_room(world):
    list(fill(world, 3, 2, 40))
    Words.objects.filter(pk=world.items["words"].pk).update(text="Every word counts. " * 30)
    told = words_of(make(world, "caregiver", "fridge", large=True, languages=("en", "es")))
    assert told.count("Move the lunch table") == 2
    assert "Every word counts" not in told
    assert told.count("Carmen 336-555-0150") == 2 and "Línea 988 988" in told


def test_what_does_not_fit_on_the_refrigerator_page_is_counted_and_the_next_steps_of_every_goal_come_first(world):
    list(fill(world, 30, 5))
    told = words_of(make(world, "caregiver", "fridge"))
    rows = data_of(world, "caregiver", "fridge")["columns"][0]["rows"]
    assert len(rows) == 30 * 6 + 4  # 30 goals of 5 steps, and the two goals of the world with a step each
    shown = sum(" ".join(row["text"][0]["text"].split()) in told for row in rows)
    assert f"More in the whole plan: {len(rows) - shown}" in told
    assert 10 < shown < len(rows)
    by_order = sorted(rows, key=lambda row: row["order"])
    assert [row["is"] for row in by_order[:4]] == ["goal", "step", "goal", "step"]
    assert {row["order"] for row in rows} == set(range(len(rows)))


def test_done_and_stopped_steps_are_not_on_the_refrigerator(world):
    step = world.items["step"]
    step.status = "stopped"
    step.save()
    assert "Move the lunch table" not in list(texts(data_of(world, "caregiver", "fridge")))
    assert "More in the whole plan" not in words_of(make(world, "caregiver", "fridge"))


# --- Large plans -----------------------------------------------------------------------------------------------------
@pytest.mark.alone
def test_a_large_plan_is_on_paper_in_three_seconds_and_under_a_megabyte(world, sign_in):
    steps = list(fill(world, 30, 5))
    own = {"team": world.team, "membership": world.members["caregiver"]}
    Comment.objects.bulk_create(
        Comment(**own, item_kind=step.kind, item_id=step.pk, text="What do you think?") for step in steps * 4
    )
    content = content_of(world.team)
    PlanVersion.written_by_actions.bulk_create(
        PlanVersion(
            team=world.team, number=n, content=content, content_hash=hash_of(content), ended_at=timezone.now(),
            ended_by=world.users.caregiver, put_forward_by=world.users.caregiver, put_forward_name="Rosa",
        )
        for n in range(1, 41)
    )  # fmt: skip
    assert (len(steps), Comment.objects.count() >= 600, PlanVersion.objects.count()) == (150, True, 40)
    client = sign_in(world.users.caregiver)
    client.get(choices(world))
    for kind in PLAN_PAPERS:
        start = time.perf_counter()
        file = file_of(client.get(address(world, kind, "?language=both")))
        seconds = time.perf_counter() - start
        print(f"{kind}: {seconds:.2f} s, {len(file) / 1000:.0f} kB")
        assert seconds < 3
        assert len(file) < 1_000_000
