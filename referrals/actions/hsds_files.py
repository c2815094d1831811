"""Opening a directory file: JSON, a folder of CSV files, or a zip of them. Nothing too large, and text alone."""

import csv
import io
import json
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from referrals.actions.hsds_check import BadDirectory, Place
from referrals.actions.hsds_packages import Document, Package, from_documents, from_tables
from referrals.actions.hsds_tables import TABLE_OF, TABLES

MEGABYTE = 1024 * 1024
#: A directory of 20,000 services is about 60 MB.
LARGEST_FILE = 128 * MEGABYTE
LARGEST_PACKAGE = 256 * MEGABYTE
MOST_FILES = 200
#: Without these there is no directory.
NEEDED_FILES = ("organization", "service")


def read_package(path: Path) -> Package:
    """The package at `path`, checked. Raises `BadDirectory` with everything that is wrong in it."""
    try:
        if path.is_dir():
            return _from_csv(_files_of_folder(path))
        if path.suffix.lower() == ".csv":
            raise BadDirectory([f"{path.name}: give the folder in which all the CSV files are, not one of them."])
        if zipfile.is_zipfile(path):
            return _from_zip(path)
        if path.suffix.lower() == ".zip":
            raise BadDirectory([f"{path.name}: this is not a zip file."])
        _refuse_large(path.name, path.stat().st_size, LARGEST_FILE)
        return read_json(path.read_bytes(), file=path.name)
    except OSError as error:
        raise BadDirectory([f"{path} could not be read: {error.strerror}."]) from error


def _refuse_large(name: str, size: int, most: int) -> None:
    if size > most:
        raise BadDirectory([f"{name} is too large: {size // MEGABYTE} MB. It may have {most // MEGABYTE} MB."])


def _text(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadDirectory([f"{file}, line {line}: this is not UTF-8 text. Save the file as UTF-8."]) from error


# --- JSON ------------------------------------------------------------------------------------------------------------
def read_json(content: bytes, *, file: str) -> Package:
    """A list or page of full services, one full service, or rows by the name of their table."""
    text = _text(content, file)
    try:
        data = json.loads(text, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise BadDirectory([f"{file}, line {error.lineno}: this is not JSON ({error.msg})."]) from error
    except RecursionError as error:
        raise BadDirectory([f"{file}: this is nested too deeply to be a directory."]) from error
    except ValueError as error:
        raise BadDirectory([f"{file}: this holds a number that can't be read."]) from error
    if isinstance(data, dict) and isinstance(data.get("contents"), list):
        data = _whole_page(data, file)
    elif isinstance(data, dict) and "status" in data:
        data = [data]
    if isinstance(data, list):
        return from_documents(data, file)
    if isinstance(data, dict):
        return _from_rows(data, file)
    raise BadDirectory([f"{file}: this must be a list of services, or rows by the name of their table."])


def _no_number(word: str) -> None:
    raise ValueError(word)


def _whole_page(data: Document, file: str) -> list[Any]:
    """The services of a page. One page of several is no directory: with it, services would seem to be gone."""
    pages = data.get("total_pages")
    if isinstance(pages, int) and pages > 1:
        raise BadDirectory([f"{file}: this is page {data.get('page_number')} of {pages}. Put all pages into one list."])
    return data["contents"]


def _from_rows(data: Document, file: str) -> Package:
    tables: dict[str, list[tuple[Place, Document]]] = {}
    problems, notes = [], []
    for name, rows in data.items():
        table = TABLE_OF.get(name.lower().removesuffix(".csv"))
        if table is None:
            notes.append(f"{file}: {name[:60]!r} is not a table of HSDS 3.2.3 and was left out.")
        elif not isinstance(rows, list):
            problems.append(f"{file}, {name}: this must be a list, like [...].")
        else:
            for number, row in enumerate(rows, start=1):
                place: Place = (file, table, number)
                if isinstance(row, dict):
                    tables.setdefault(table, []).append((place, row))
                else:
                    problems.append(f"{file}, {table} {number}: this must be an entry with fields, like {{...}}.")
    problems += [f"{file}: there is no table {table!r} in it." for table in NEEDED_FILES if table not in tables]
    if problems:
        raise BadDirectory(problems[:100], len(problems))
    package = from_tables(tables, from_text=False)
    package.notes[:0] = notes
    return package


# --- CSV -------------------------------------------------------------------------------------------------------------
Files = dict[str, Callable[[], bytes]]


def _files_of_folder(path: Path) -> Files:
    files = sorted(file for file in path.iterdir() if file.is_file())
    _refuse_large(
        str(path), sum(file.stat().st_size for file in files if file.suffix.lower() == ".csv"), LARGEST_PACKAGE
    )
    return {file.name: file.read_bytes for file in files}


def _from_zip(path: Path) -> Package:
    try:
        with zipfile.ZipFile(path) as package:
            entries = [entry for entry in package.infolist() if not entry.is_dir() and "__MACOSX" not in entry.filename]
            if len(entries) > MOST_FILES:
                raise BadDirectory([f"{path.name} holds {len(entries)} files. It may hold {MOST_FILES}."])
            _refuse_large(f"What {path.name} holds", sum(entry.file_size for entry in entries), LARGEST_PACKAGE)
            files: Files = {}
            for entry in entries:
                name = entry.filename.rpartition("/")[2]
                if name in files:
                    raise BadDirectory([f"{path.name} holds two files with the name {name}."])
                files[name] = lambda entry=entry: package.read(entry)  # type: ignore[misc]
            return _from_csv(files)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise BadDirectory([f"{path.name}: this zip file is damaged."]) from error
    except (NotImplementedError, RuntimeError) as error:
        raise BadDirectory(
            [f"{path.name}: this zip file is locked, or packed in a way that is not known here."]
        ) from error


def _from_csv(files: Files) -> Package:
    """The package that these CSV files hold; other files are none of ours."""
    tables: dict[str, list[tuple[Place, Document]]] = {}
    problems: list[str] = []
    notes: list[str] = []
    for name, read in files.items():
        stem, _dot, kind = name.lower().rpartition(".")
        if kind != "csv" or name.startswith("."):
            continue
        table = TABLE_OF.get(stem)
        if table is None:
            notes.append(f"{name}: this is not a file of HSDS 3.2.3 and was left out.")
        elif table in tables:
            problems.append(f"{name}: the table {table} comes in two files.")
        else:
            content = read()
            _refuse_large(name, len(content), LARGEST_FILE)
            tables[table] = _rows_of_csv(_text(content, name), name, table, problems)
    problems += [f"{TABLES[table].file} is missing." for table in NEEDED_FILES if table not in tables]
    if problems:
        raise BadDirectory(problems[:100], len(problems))
    package = from_tables(tables, from_text=True)
    package.notes[:0] = notes
    return package


def _rows_of_csv(text: str, file: str, table: str, problems: list[str]) -> list[tuple[Place, Document]]:
    """The lines of one file, each with its place; what is wrong with its form goes to `problems`."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[tuple[Place, Document]] = []
    line = 1
    try:
        heading = [cell.strip().lower() for cell in next(reader, [])]
        fields = TABLES[table].fields
        problems += [f"{file}, line 1: the column {name} comes twice."
                     for name in sorted({name for name in heading if name and heading.count(name) > 1})]  # fmt: skip
        problems += [f"{file}, line 1: the column {field.name} is missing."
                     for field in fields.values() if field.needed and field.name not in heading]  # fmt: skip
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) == len(heading):
                rows.append(((file, "line", line), dict(zip(heading, cells, strict=True))))
            elif cells:
                problems.append(f"{file}, line {line}: this line has {len(cells)} columns instead of {len(heading)}.")
            line = reader.line_num + 1
    except csv.Error as error:
        problems.append(f"{file}, line {line}: this is not CSV ({error}).")
    return rows
