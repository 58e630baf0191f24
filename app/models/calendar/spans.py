"""The ways to look at the calendar, and the days each shows at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.models.calendar.month import DAYS, Month
from app.models.times import MONTHS, YEARS


class Way(StrEnum):
    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"
    WEEK = "week"
    AGENDA = "agenda"

    @property
    def words(self) -> str:
        return self.value.capitalize()

    @property
    def noun(self) -> str:
        """What is stepped through: the agenda is a month's."""
        return "month" if self is Way.AGENDA else self.value


_MONTHS = {Way.YEAR: 12, Way.QUARTER: 3, Way.MONTH: 1, Way.AGENDA: 1}


@dataclass(frozen=True, slots=True)
class Span:
    """One year, quarter, month or week: `begins` to `ends` (inclusive) are its own days."""

    way: Way
    begins: date

    @classmethod
    def of(cls, way: Way, day: date) -> Span:
        """The one that holds the day."""
        if way is Way.WEEK:
            return cls(way, day - timedelta(days=day.weekday()))
        months = _MONTHS[way]
        return cls(way, date(day.year, (day.month - 1) // months * months + 1, 1))

    @property
    def month(self) -> Month:
        """The first of its months."""
        return Month.of(self.begins)

    @property
    def months(self) -> tuple[Month, ...]:
        return tuple(self.month.by(n) for n in range(_MONTHS.get(self.way, 1)))

    @property
    def ends(self) -> date:
        if self.way is Way.WEEK:
            return self.begins + timedelta(days=DAYS - 1)
        return self.months[-1].last

    @property
    def first(self) -> date:
        """The first day shown: a month shows whole weeks."""
        return self.month.weeks()[0] if self._whole_weeks else self.begins

    @property
    def last(self) -> date:
        if self._whole_weeks:
            return self.month.weeks()[-1] + timedelta(days=DAYS - 1)
        return self.ends

    @property
    def _whole_weeks(self) -> bool:
        return self.way in (Way.MONTH, Way.AGENDA)

    @property
    def words(self) -> str:
        """`2025`, `January – March 2025`, `January 2025`, `6 – 12 January 2025`."""
        if self.way is Way.YEAR:
            return str(self.begins.year)
        if self.way is Way.QUARTER:
            return f"{self.month.name} – {self.months[-1].words}"
        if self.way is Way.WEEK:
            return self._week_words(Month.of(self.begins).name, Month.of(self.ends).name)
        return self.month.words

    @property
    def short(self) -> str:
        """`2025`, `Q1 2025`, `Jan 2025`, `6 – 12 Jan ’25`: that of the week's last day."""
        if self.way is Way.QUARTER:
            return f"Q{(self.begins.month + 2) // 3} {self.begins.year}"
        if self.way is Way.WEEK:
            first, last = (MONTHS[day.month - 1] for day in (self.begins, self.ends))
            month = "" if first == last else f" {first}"
            return f"{self.begins.day}{month} – {self.ends.day} {last} ’{self.ends:%y}"
        return self.words if self.way is Way.YEAR else self.month.short

    def _week_words(self, first: str, last: str) -> str:
        month = "" if first == last else f" {first}"
        year = "" if self.begins.year == self.ends.year else f" {self.begins.year}"
        return f"{self.begins.day}{month}{year} – {self.ends.day} {last} {self.ends.year}"

    def by(self, count: int, day: date) -> date:
        """The day as far on so many spans later (or earlier); where a month is shorter its last."""
        if self.way is Way.WEEK:
            return day + timedelta(days=DAYS * count)
        return Month.of(day).by(_MONTHS[self.way] * count).same_day(day)


def in_reach(day: date) -> bool:
    """Whether the calendar goes that far."""
    return day.year in YEARS
