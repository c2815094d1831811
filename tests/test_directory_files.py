"""Directory files that are wrong: each is told where and how, in plain words, and nothing of it is loaded."""

import json
import zipfile

import pytest

from referrals.actions import hsds_files
from referrals.actions.hsds_check import BadDirectory
from referrals.actions.hsds_files import read_json, read_package
from tests.directories import a_service, a_term, as_csv, as_tables, many, uid


def wrong_with(data):
    """What is told about this JSON."""
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    with pytest.raises(BadDirectory) as caught:
        read_json(content, file="d.json")
    return caught.value.problems


def wrong_at(path):
    with pytest.raises(BadDirectory) as caught:
        read_package(path)
    return caught.value.problems


def csv_folder(tmp_path, services=None, **files):
    """A folder of CSV files; `files` replaces a file by its stem, None leaves it out."""
    folder = tmp_path / "csv"
    folder.mkdir()
    texts = as_csv(services or [a_service()]) | {f"{stem}.csv": text for stem, text in files.items()}
    for name, text in texts.items():
        if text is not None:
            (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return folder


# --- One field -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "17"}, "id must be a UUID such as 1c8b5c52-7a1f-4d0e-9e53-5f1f2f3a4b5c, not '17'."),
        ({"id": None}, "id is missing."),
        ({"name": "  "}, "name is missing."),
        ({"name": 12}, "name must be text, not 12."),
        ({"name": ["a", "b"]}, "name must be text, not ['a', 'b']."),
        ({"name": "x" * 201}, "name is too long: 201 letters. It may have 200."),
        ({"description": "x" * 20_001}, "description is too long: 20001 letters. It may have 20000."),
        ({"description": "a\x00b"}, "description holds a letter that can't be kept (a zero byte or half a letter)."),
        ({"description": "a\ud800b"}, "description holds a letter that can't be kept (a zero byte or half a letter)."),
        ({"status": "Active"}, "status must be one of active, inactive, defunct, temporarily closed, not 'Active'."),
        ({"email": "call me"}, "email must be an e-mail address, not 'call me'."),
        ({"url": "www.example.org"}, "url must be a web address such as https://example.org, not 'www.example.org'."),
        ({"url": "javascript:alert(1)"},
         "url must be a web address such as https://example.org, not 'javascript:alert(1)'."),
        ({"url": "https://[bad"}, "url must be a web address such as https://example.org, not 'https://[bad'."),
        ({"minimum_age": "8"}, "minimum_age must be a number, not '8'."),
        ({"minimum_age": True}, "minimum_age must be a number, not True."),
        ({"minimum_age": 10**16}, "minimum_age is too large a number."),
        ({"assured_date": "10/01/2026"}, "assured_date must be a day such as 2026-01-31, not '10/01/2026'."),
        ({"assured_date": "2026-02-30"}, "assured_date must be a day such as 2026-01-31, not '2026-02-30'."),
        ({"last_modified": "yesterday"},
         "last_modified must be a moment such as 2026-01-31T09:30:00-05:00, not 'yesterday'."),
        ({"last_modified": "2026-13-01T00:00:00Z"},
         "last_modified must be a moment such as 2026-01-31T09:30:00-05:00, not '2026-13-01T00:00:00Z'."),
        ({"last_modified": "0001-01-01T00:00:00+23:00"},
         "last_modified must be a moment such as 2026-01-31T09:30:00-05:00, not '0001-01-01T00:00:00+23:00'."),
    ],
)  # fmt: skip
def test_a_wrong_field_of_a_service(change, words):
    assert wrong_with([a_service(**change)])[0] == f"d.json, service 1: {words}"


def test_a_service_of_nobody():
    assert wrong_with([a_service() | {"organization": None, "organization_id": None}])[0] == (
        "d.json, service 1: organization_id is missing."
    )


@pytest.mark.parametrize(
    ("key", "entry", "words"),
    [
        ("phones", [{"id": uid(1)}], "phones 1: number is missing."),
        ("phones", [{"id": uid(1), "number": "1", "extension": "x"}], "phones 1: extension must be a number, not 'x'."),
        ("phones", {"id": uid(1)}, "phones: this must be a list, like [...]."),
        ("phones", ["336-555-0101"], "phones 1: this must be an entry with fields, like {...}."),
        ("schedules", [{"id": uid(1), "opens_at": "9 am"}],
         "schedules 1: opens_at must be a time such as 09:30, not '9 am'."),
        ("schedules", [{"id": uid(1), "opens_at": "25:00"}],
         "schedules 1: opens_at must be a time such as 09:30, not '25:00'."),
        ("schedules", [{"id": uid(1), "freq": "DAILY"}],
         "schedules 1: freq must be one of WEEKLY, MONTHLY, not 'DAILY'."),
        ("schedules", [{"id": uid(1), "schedule_link": "no link"}],
         "schedules 1: schedule_link must be an address such as https://example.org, not 'no link'."),
        ("capacities", [{"id": uid(1), "available": 3, "updated": "2026-01-31T09:30:00Z"}],
         f"capacity {uid(1)} has no unit."),
        ("service_at_locations", [{"id": uid(1)}], f"service_at_location {uid(1)} has no location_id."),
        ("service_at_locations", [{"id": uid(1), "location": {"id": uid(2), "location_type": "moon"}}],
         "service_at_locations 1, location: location_type must be one of physical, postal, virtual, not 'moon'."),
        ("service_at_locations", [{"id": uid(1), "location": {
            "id": uid(2), "location_type": "physical", "latitude": 95, "longitude": -79}}],
         "service_at_locations 1, location: latitude must be between -90 and 90, not 95."),
        ("organization", {"id": uid(1)}, "organization: name is missing."),
        ("program", {"name": "Evenings"}, "program: id is missing."),
        ("attributes", [{"id": uid(1), "taxonomy_term": {"id": uid(2)}}],
         "attributes 1, taxonomy_term: name is missing."),
    ],
)  # fmt: skip
def test_a_wrong_entry_inside_a_service_is_told_with_its_place(key, entry, words):
    [problem] = wrong_with([a_service(), a_service("Second", **{key: entry})])
    assert problem.removeprefix("d.json, service 2").lstrip(",: ") == words


def test_numbers_that_are_none_are_no_json():
    text = json.dumps([a_service(minimum_age=float("nan"))])
    assert wrong_with(text.encode()) == ["d.json: this holds a number that can't be read."]
    text = json.dumps([a_service(minimum_age=1)]).replace('"minimum_age": 1', f'"minimum_age": {"9" * 5000}')
    assert wrong_with(text.encode()) == ["d.json: this holds a number that can't be read."]
    text = text.replace("9" * 5000, "1e999")
    assert wrong_with(text.encode()) == ["d.json, service 1: minimum_age is too large a number."]


def test_the_same_service_twice():
    assert wrong_with([a_service(), a_service()])[0] == (f"d.json, service 2: the id {a_service()['id']} comes twice.")


def test_a_hundred_problems_are_told_and_the_rest_is_counted():
    with pytest.raises(BadDirectory) as caught:
        read_json(json.dumps([{"id": uid(n), "name": "x"} for n in range(90)]).encode(), file="d.json")
    assert len(caught.value.problems) == 100
    assert caught.value.more == 80
    assert str(caught.value).endswith("\nand 80 more.")


# --- JSON as a whole -------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "d.json, line 1: this is not JSON (Expecting value)."),
        (b'[\n{"id": 1,\n]', "d.json, line 3: this is not JSON (Expecting property name enclosed in double quotes)."),
        (b'[\n"caf\xe9"]', "d.json, line 2: this is not UTF-8 text. Save the file as UTF-8."),
        (b'"services"', "d.json: this must be a list of services, or rows by the name of their table."),
        (b"[" * 200_000, "d.json: this is nested too deeply to be a directory."),
        (b'["one"]', "d.json, service 1: this must be an entry with fields, like {...}."),
        (b'{"contents": [], "total_pages": 3, "page_number": 1}',
         "d.json: this is page 1 of 3. Put all pages into one list."),
        (b'{"service": 5, "organization": []}', "d.json, service: this must be a list, like [...]."),
        (b'{"service": [7], "organization": []}',
         "d.json, service 1: this must be an entry with fields, like {...}."),
        (b"{}", "d.json: there is no table 'organization' in it."),
    ],
)  # fmt: skip
def test_json_that_is_no_directory(content, words):
    assert wrong_with(content)[0] == words


def test_an_empty_list_is_an_empty_directory():
    assert read_json(b"[]", file="d.json").services == {}


# --- Tables ----------------------------------------------------------------------------------------------------------
def test_rows_that_belong_to_nothing_are_told():
    tables = as_tables([a_service()])
    tables["phone"] += [{"id": uid(1), "number": "1"}, {"id": uid(2), "number": "1", "service_id": uid("nothing")}]
    tables["attribute"] += [
        {"id": uid(3), "taxonomy_term_id": uid("nothing"), "link_entity": "service", "link_id": a_service()["id"]},
        {"id": uid(4), "link_entity": "person", "link_id": uid(1)},
        {"id": uid(5), "link_entity": "service"},
    ]  # fmt: skip
    tables["service"] += [tables["service"][0]]
    nothing = uid("nothing")
    phones, attributes = len(tables["phone"]), len(tables["attribute"])
    assert sorted(wrong_with(tables)) == sorted([
        f"d.json, service 2: the id {tables['service'][0]['id']} comes twice.",
        (f"d.json, phone {phones - 1}: belongs to nothing: it needs service_id, organization_id, location_id, "
        "service_at_location_id or contact_id."),
        f"d.json, phone {phones}: there is no service with the id {nothing}.",
        f"d.json, attribute {attributes - 2}: there is no taxonomy_term with the id {nothing}.",
        f"d.json, attribute {attributes - 1}: link_entity and link_id must name a row of another table.",
        f"d.json, attribute {attributes}: link_entity and link_id must name a row of another table.",
    ])  # fmt: skip


def test_a_row_without_an_id_is_told_once():
    tables = as_tables([a_service()])
    tables["language"].append({"name": "French"})
    assert wrong_with(tables) == [f"d.json, language {len(tables['language'])}: id is missing."]


# --- CSV -------------------------------------------------------------------------------------------------------------
def test_csv_is_told_by_file_and_line(tmp_path):
    folder = csv_folder(
        tmp_path,
        languages=f"id,service_id,name\n{uid(1)},{a_service()['id']},English\n\n{uid(2)},{a_service()['id']}\n",
        phones="service_id,number\n",
        contacts=f'id,service_id,name\n{uid(1)},{a_service()["id"]},"Sam\nWhitaker"\n{uid(2)},x,Ann\n',
        schedules='id,service_id\n"a"b,c\n',
        funding="id,id,source\n",
    )
    assert sorted(wrong_at(folder)) == [
        "funding.csv, line 1: the column id comes twice.",
        "languages.csv, line 4: this line has 2 columns instead of 3.",
        "phones.csv, line 1: the column id is missing.",
        "schedules.csv, line 2: this is not CSV (',' expected after '\"').",
    ]


def test_fields_of_csv_are_told_by_line_when_the_form_is_right(tmp_path):
    pk = a_service()["id"]
    folder = csv_folder(
        tmp_path,
        contacts=f'id,service_id,name\n{uid(1)},{pk},"Sam\nWhitaker"\n{uid(2)},x,Ann\n',
        phones=f"id,service_id,number,extension\n{uid(3)},{pk},336-555-0101,twelve\n{uid(4)},{pk},336-555-0101,1e400\n",
    )
    assert wrong_at(folder) == [
        "phones.csv, line 2: extension must be a number, not 'twelve'.",
        "phones.csv, line 3: extension must be a number, not '1e400'.",
        "contacts.csv, line 4: service_id must be a UUID such as 1c8b5c52-7a1f-4d0e-9e53-5f1f2f3a4b5c, not 'x'.",
        (
            "contacts.csv, line 4: belongs to nothing: it needs service_id, organization_id, location_id or "
            "service_at_location_id."
        ),
    ]


def test_numbers_in_csv_are_numbers(tmp_path):
    place = "id,location_type,latitude,longitude\n" + f"{uid('place', 'Riverbend Graham')},physical,36.5,-79\n"
    package = read_package(csv_folder(tmp_path, locations=place))
    [location] = package.locations.values()
    assert (location["latitude"], location["longitude"]) == (36.5, -79)


def test_a_folder_without_services_or_with_a_table_twice(tmp_path):
    folder = csv_folder(tmp_path, service_areas=None, organizations=b"id,name\n\xff")
    assert wrong_at(folder) == ["organizations.csv, line 2: this is not UTF-8 text. Save the file as UTF-8."]
    (folder / "organizations.csv").unlink()
    (folder / "services.csv").unlink()
    (folder / "phone.csv").write_text("id,number\n")
    assert wrong_at(folder) == [
        "phones.csv: the table phone comes in two files.", "organizations.csv is missing.", "services.csv is missing.",
    ]  # fmt: skip


def test_the_places_of_services_may_stand_in_a_file_of_either_name(tmp_path):
    folder = csv_folder(tmp_path)
    (folder / "service_at_location.csv").rename(folder / "services_at_location.csv")
    [service] = read_package(folder).services.values()
    assert len(service["service_at_locations"]) == 1


def test_an_empty_file_has_no_columns(tmp_path):
    assert wrong_at(csv_folder(tmp_path, units="", service_capacity=None)) == [
        "units.csv, line 1: the column id is missing.", "units.csv, line 1: the column name is missing.",
    ]  # fmt: skip


# --- Files -----------------------------------------------------------------------------------------------------------
def test_what_can_not_be_opened_is_told(tmp_path):
    assert wrong_at(tmp_path / "none.json") == [f"{tmp_path}/none.json could not be read: No such file or directory."]
    (tmp_path / "services.csv").write_text("id\n")
    assert wrong_at(tmp_path / "services.csv") == [
        "services.csv: give the folder in which all the CSV files are, not one of them."
    ]
    (tmp_path / "d.zip").write_text("no zip")
    assert wrong_at(tmp_path / "d.zip") == ["d.zip: this is not a zip file."]


def make_zip(tmp_path, entries):
    path = tmp_path / "d.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in entries:
            package.writestr(name, content)
    return path


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path, monkeypatch):
    path = make_zip(tmp_path, [("services.csv", b"0" * 300 * hsds_files.MEGABYTE)])
    assert path.stat().st_size < hsds_files.MEGABYTE
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *args: pytest.fail("it was opened"))
    assert wrong_at(path) == ["What d.zip holds is too large: 300 MB. It may have 256 MB."]


def test_a_zip_of_very_many_files_or_two_of_one_name_is_refused(tmp_path):
    path = make_zip(tmp_path, [(f"{n}.txt", b"") for n in range(201)])
    assert wrong_at(path) == ["d.zip holds 201 files. It may hold 200."]
    path = make_zip(tmp_path, [("a/services.csv", b"id"), ("b/services.csv", b"id")])
    assert wrong_at(path) == ["d.zip holds two files with the name services.csv."]


def test_a_damaged_or_locked_zip_is_refused(tmp_path):
    path = make_zip(tmp_path, [(name, text) for name, text in as_csv(many(3)).items()])
    content = path.read_bytes()
    path.write_bytes(content[:200] + b"\x00" * 50 + content[250:])
    assert wrong_at(path) == ["d.zip: this zip file is damaged."]
    path.write_bytes(content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00"))
    assert wrong_at(path) == ["d.zip: this zip file is locked, or packed in a way that is not known here."]


@pytest.mark.parametrize("name", ["d.json", "services.csv in a zip", "csv"])
def test_files_that_are_too_large_are_refused(tmp_path, monkeypatch, name):
    monkeypatch.setattr(hsds_files, "LARGEST_FILE", 100)
    monkeypatch.setattr(hsds_files, "MEGABYTE", 1)
    if name == "d.json":
        path = tmp_path / name
        path.write_text(" " * 101)
        assert wrong_at(path) == ["d.json is too large: 101 MB. It may have 100 MB."]
    elif name == "csv":
        monkeypatch.setattr(hsds_files, "LARGEST_PACKAGE", 200)
        path = csv_folder(tmp_path)
        assert wrong_at(path)[0].endswith("MB. It may have 200 MB.")
    else:
        path = make_zip(tmp_path, [("services.csv", " " * 101)])
        assert wrong_at(path) == ["services.csv is too large: 101 MB. It may have 100 MB."]


def test_a_description_that_is_missing_becomes_empty_text():
    service = a_service(terms=[a_term()])
    del service["organization"]["description"], service["attributes"][0]["taxonomy_term"]["description"]
    package = read_json(json.dumps([service]).encode(), file="d.json")
    assert package.organizations[service["organization_id"]]["description"] == ""
    assert package.services[service["id"]]["attributes"][0]["taxonomy_term"]["description"] == ""


def test_moments_without_a_zone_are_local_and_links_of_any_kind_are_kept():
    schedule = {"id": uid(1), "schedule_link": "webcal:times", "opens_at": "09:30:00-05:00"}
    service = a_service(last_modified="2026-07-01 09:30", schedules=[schedule])
    [kept] = read_json(json.dumps([service]).encode(), file="d.json").services.values()
    assert kept["last_modified"] == "2026-07-01T13:30:00+00:00"
    assert kept["schedules"] == [schedule]
