"""Asking department heads what must not be disturbed: periods, words, and how an ask stands."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from app.models.errors import BadInput
from app.models.times import YEARS, speak_date

_PERIOD = re.compile(r"(\d{4})(?:-Q([1-4]))?")
LEAD_OF_YEAR = timedelta(days=31)
DAYS_TO_ANSWER = 14
AUTUMN = 10
"""From this month on the next year is asked about."""
BEFORE_A_QUARTER = timedelta(days=28)


class AskState(StrEnum):
    """`words` is its pill."""

    NOT_SENT = "not_sent"
    LEAVING = "leaving"
    WAITING = "waiting"
    OVERDUE = "overdue"
    ANSWERED = "answered"
    EVENT = "event"

    @property
    def words(self) -> str:
        return _WORDS[self]


_WORDS = {
    AskState.NOT_SENT: "not asked",
    AskState.LEAVING: "leaves",
    AskState.WAITING: "asked",
    AskState.OVERDUE: "silent",
    AskState.ANSWERED: "answered",
    AskState.EVENT: "an event",
}


@dataclass(frozen=True, slots=True)
class Period:
    """A year, or a quarter of it (0: the whole year)."""

    year: int
    quarter: int = 0

    @property
    def token(self) -> str:
        return f"{self.year}-Q{self.quarter}" if self.quarter else f"{self.year}"

    @property
    def first(self) -> date:
        return date(self.year, 3 * self.quarter - 2 if self.quarter else 1, 1)

    @property
    def last(self) -> date:
        after = self.year + 1 if self.quarter in (0, 4) else self.year
        month = 1 if self.quarter in (0, 4) else 3 * self.quarter + 1
        return date(after, month, 1) - timedelta(days=1)

    @property
    def words(self) -> str:
        """`2027`, or `January to March 2027`."""
        if not self.quarter:
            return f"{self.year}"
        return f"{self.first:%B} to {self.last:%B} {self.year}"


def period_from(text: str) -> Period:
    """`2027` or `2027-Q1`. Raises BadInput."""
    found = _PERIOD.fullmatch(text.strip().upper().replace(" ", "-"))
    if found is None or int(found.group(1)) not in YEARS:
        raise BadInput("Write the period as 2027, or 2027-Q1 for a quarter.", field="period")
    return Period(int(found.group(1)), int(found.group(2) or 0))


def periods_to_ask(today: date) -> tuple[Period, ...]:
    """What is asked about next: the coming quarter, and the coming year."""
    quarter = (today.month - 1) // 3 + 1
    following = Period(today.year + quarter // 4, quarter % 4 + 1)
    return Period(today.year + 1), following


def rounds_due(today: date, asked: Collection[str]) -> tuple[Period, ...]:
    """What to ask about by now, of the periods not `asked` about (tokens): the next year from
    October on, each quarter from four weeks before it. The first quarter goes with its year."""
    year, quarter = periods_to_ask(today)
    wanted = []
    if today.month >= AUTUMN:
        wanted.append(year)
    if quarter.quarter != 1 and quarter.first - BEFORE_A_QUARTER <= today:
        wanted.append(quarter)
    return tuple(period for period in wanted if period.token not in asked)


def subject_of(period: Period) -> str:
    return f"What must we not disturb in {period.words}?"


def body_of(period: Period, answers_by: date) -> str:
    """With `{name}` and `{department}` where each is spoken to."""
    return (
        "{name},\n\n"
        f"We are laying out the maintenance of {period.words}. Which days and hours must we not "
        "disturb for {department}: closings, audits, inspections, launches, busy weeks?\n\n"
        "A line each is enough: what, from when until when, and whom we may ask. If there is "
        "nothing, please say so.\n\n"
        f"**Please answer by {speak_date(answers_by)} {answers_by.year}.** What you say stands in "
        "our calendar with your name, and nothing is planned against it unasked."
    )


def spoken_to(body: str, name: str, department: str) -> str:
    """Braces of anybody's name stay as they are."""
    return body.replace("{department}", department).replace("{name}", name)
