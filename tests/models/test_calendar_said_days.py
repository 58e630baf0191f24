"""Days are read out of an answer only where there is nothing to guess."""

from __future__ import annotations

from datetime import date

import pytest

from app.models.calendar.said_days import days_said

FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)


@pytest.mark.parametrize(
    ("words", "days"),
    [
        ("Audit 3 March", "03-03 03-03"),
        (
            "The inspection is on Wednesday the 3rd of March, 2027 from 8:00 to 17:00.",
            "03-03 03-03",
        ),
        ("3–5 March: closing", "03-03 03-05"),
        ("from 3rd to 5th March 2027, ask Ito", "03-03 03-05"),
        ("Launch March 3-5", "03-03 03-05"),
        ("Year end, 28 June to 2 July", "06-28 07-02"),
        ("Mon 1 Feb until Fri 5 Feb", "02-01 02-05"),
        ("go-live sept 9 (24/7 on call)", "09-09 09-09"),
        ("2027-05-01 - 2027-05-03", "05-01 05-03"),
        ("May 4, 08:00", "05-04 05-04"),
        ("4 May until 17:00", "05-04 05-04"),
        (" " * 20_000 + "4 May" + " " * 20_000, "05-04 05-04"),
    ],
)
def test_what_is_named_is_read(words: str, days: str) -> None:
    first, last = (date.fromisoformat(f"2027-{day}") for day in days.split())
    assert days_said(words, FIRST, LAST) == (first, last)


@pytest.mark.parametrize(
    "words",
    [
        "nothing",
        "3/4",
        "3 March and 5 May",
        "3, 5 and 7 March",
        "March 3, 5 and 7",
        "not before 3 March",
        "from 3 March",
        "until 5 March",
        "week of 3 March",
        "every 3 March",
        "Monday 3 March",  # a Wednesday
        "3 March 2026",
        "30 February",
        "5 March to 3 March",
        "3 March onwards",
        "you may 3 times march 4 in",
        "either the 3 March or the 4th",
        "23 December to 3 January",
        "1 to 3 May or 5 to 7 May",
        "2027-03-03 – 12-31",
        "3 March to Friday",
    ],
)
def test_nothing_is_guessed(words: str) -> None:
    assert days_said(words, FIRST, LAST) is None
