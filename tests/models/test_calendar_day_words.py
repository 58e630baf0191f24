"""Days as people write them."""

from __future__ import annotations

from datetime import date

import pytest

from app.models.calendar.day_words import day_of
from app.models.errors import BadInput

NEAR = date(2026, 11, 30)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("2027-02-14", date(2027, 2, 14)),
        ("14.2.2027", date(2027, 2, 14)),
        ("14.2.", date(2027, 2, 14)),
        ("Sun, 14 February 2027", date(2027, 2, 14)),
        ("feb 14", date(2027, 2, 14)),
        ("3 oct", date(2026, 10, 3)),
        ("29 Feb 2028", date(2028, 2, 29)),
        ("Feb 2027", date(2027, 2, 1)),
        ("2027", date(2027, 1, 1)),
        ("14", date(2026, 11, 14)),
        ("+6 weeks", date(2027, 1, 11)),
        ("-1d", date(2026, 11, 29)),
    ],
)
def test_a_day_is_read_as_it_is_written(words: str, day: date) -> None:
    assert day_of(words, NEAR) == day


@pytest.mark.parametrize(
    "words", ["", "2/14/2027", "30 Feb 2027", "31", "9999-01-01", "soon", "29 Feb", "14 2027"]
)
def test_what_is_no_day_is_refused(words: str) -> None:
    with pytest.raises(BadInput):
        day_of(words, NEAR)
