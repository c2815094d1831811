"""Calendar quarters, the only windows that numbers are published for: they never overlap, so that subtracting one from
another gives nothing away. A quarter comes out once its records had time to settle, and stays as it came out."""

import datetime as dt
import re
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

#: So many days after its end a quarter comes out: attendance and dates are often noted some days later.
SETTLING_DAYS = 30
#: So many quarters are shown.
SHOWN = 8
CODE = re.compile(r"(20[0-9][0-9])q([1-4])")


def month_after(month: dt.date, months: int = 1) -> dt.date:
    """The first day of the month that lies so many months after this one."""
    index = month.year * 12 + month.month - 1 + months
    return dt.date(index // 12, index % 12 + 1, 1)


def months_back(today: dt.date, months: int) -> list[dt.date]:
    """The first days of the last so many months, the present one included, oldest first."""
    this = today.replace(day=1)
    return [month_after(this, -back) for back in reversed(range(months))]


@dataclass(frozen=True, order=True)
class Quarter:
    """A calendar quarter of North Carolina's time, by its first day."""

    start: dt.date

    @classmethod
    def of(cls, day: dt.date) -> "Quarter":
        return cls(dt.date(day.year, (day.month - 1) // 3 * 3 + 1, 1))

    @classmethod
    def from_code(cls, code: str) -> "Quarter | None":
        """The quarter of a code such as 2026q3; None for anything else."""
        match = CODE.fullmatch(code)
        return cls(dt.date(int(match[1]), int(match[2]) * 3 - 2, 1)) if match else None

    @property
    def code(self) -> str:
        return f"{self.start.year}q{(self.start.month + 2) // 3}"

    @property
    def months(self) -> list[dt.date]:
        return [month_after(self.start, number) for number in range(3)]

    @property
    def end(self) -> dt.date:
        """Its last day."""
        return month_after(self.start, 3) - dt.timedelta(days=1)

    @property
    def comes_out_on(self) -> dt.date:
        return self.end + dt.timedelta(days=SETTLING_DAYS)

    def before(self, quarters: int = 1) -> "Quarter":
        return Quarter(month_after(self.start, -3 * quarters))

    @property
    def words(self) -> str:
        """ "July to September 2026" """
        first, last = date_format(self.start, "F"), date_format(self.end, "F")
        return _("%(first)s to %(last)s %(year)s") % {"first": first, "last": last, "year": self.start.year}

    @property
    def short_words(self) -> str:
        """For headings of columns: "Jul-Sep 2026"."""
        first, last = date_format(self.start, "M"), date_format(self.end, "M")
        return _("%(first)s–%(last)s %(year)s") % {"first": first, "last": last, "year": self.start.year}


def out_by(today: dt.date, quarters: int = SHOWN) -> list[Quarter]:
    """The last so many quarters that may be out on this day, oldest first."""
    last = Quarter.of(today)
    while last.comes_out_on > today:
        last = last.before()
    return [last.before(back) for back in reversed(range(quarters))]
