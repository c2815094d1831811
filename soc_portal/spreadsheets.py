"""Files for a spreadsheet (CSV): readable by all of them, and nothing in them runs."""

import csv
from collections.abc import Iterable

from django.http import HttpResponse

#: What a spreadsheet would run as a formula when a cell begins with it.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def safe_cell(cell: str) -> str:
    """A cell that a spreadsheet shows as it stands, and never runs."""
    return f"'{cell}" if cell.startswith(FORMULA) or cell.lstrip().startswith(FORMULA) else cell


def spreadsheet(filename: str, headings: Iterable[str], rows: Iterable[Iterable[str]]) -> HttpResponse:
    """The answer that a browser saves under this name; the mark at its beginning says that it is UTF-8."""
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    lines = csv.writer(response)
    lines.writerow(headings)
    lines.writerows([safe_cell(cell) for cell in row] for row in rows)
    return response
