"""Which days the usual periods count."""

from __future__ import annotations

from datetime import date

import pytest

from app.models.reports.periods import Period, periods


def named(today: date) -> dict[str, Period]:
    return {period.words: period for period in periods(today)}


def test_the_last_twelve_months_are_eleven_whole_ones_and_this_one_so_far() -> None:
    first = periods(date(2026, 2, 14))[0]
    assert (first.since, first.last) == (date(2025, 3, 1), date(2026, 2, 14))


@pytest.mark.parametrize(
    ("today", "words", "since", "last"),
    [
        (date(2026, 1, 5), "Dec 2025", date(2025, 12, 1), date(2025, 12, 31)),
        (date(2026, 1, 5), "quarter 4 of 2025", date(2025, 10, 1), date(2025, 12, 31)),
        (date(2024, 2, 29), "Feb 2024", date(2024, 2, 1), date(2024, 2, 29)),
        (date(2026, 11, 30), "quarter 4 of 2026", date(2026, 10, 1), date(2026, 12, 31)),
        (date(2026, 11, 30), "2025", date(2025, 1, 1), date(2025, 12, 31)),
    ],
)
def test_a_period_counts_its_first_and_its_last_day(
    today: date, words: str, since: date, last: date
) -> None:
    found = named(today)[words]
    assert (found.since, found.last) == (since, last)


def test_no_period_is_offered_twice() -> None:
    for month in range(1, 13):
        assert len(named(date(2026, month, 28))) == 7
