"""Absences typed by hand: refused in words, taken back, and never what Outlook says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from app.models.calendar.facts import IN_OUTLOOK
from app.models.directory.absences import Absence, clock_time, day_and_time, say_absence
from app.models.errors import BadInput, NotAllowed, NotFound
from app.models.tables.directory import Leave
from app.services.calendar.outlook_busy import Asking, take_in_busy
from app.services.database import Store
from app.services.directory.absences import absences, add_absence, change_absence, remove_absence
from app.services.ports.calendars import BusyKind, BusySpan, Schedule
from app.services.uow import undo
from tests.makers import NOW, make_person, make_store

WEEK = Absence(date(2025, 2, 3), date(2025, 2, 7))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Monday 6 January 2025, New York."""
    made = make_store(tmp_path)
    yield made
    made.close()


@pytest.fixture
def ito(store: Store) -> str:
    return store.run(make_person, email="k.ito@hospital.example").id


def said(store: Store) -> list[str]:
    return [f"{row.when} ({row.absence.kind})" for row in store.read(absences)]


def test_an_absence_is_added_changed_and_taken_back(store: Store, ito: str) -> None:
    added = store.run(add_absence, ito, WEEK)
    assert added.sentence == "Kai Ito is away Mon 3 Feb–Fri 7 Feb 2025 (leave)."
    [row] = store.read(absences)
    assert row.absence == WEEK
    noon = Absence(date(2025, 2, 3), date(2025, 2, 3), time(13), time(17), " a  course ")
    changed = store.run(change_absence, row.id, noon, row.version)
    assert said(store) == ["Mon 3 Feb 2025 13:00–17:00 EST (a course)"]
    store.run(undo, changed.undo)
    removed = store.run(remove_absence, row.id)
    assert said(store) == []
    store.run(undo, removed.undo)
    assert said(store) == ["Mon 3 Feb–Fri 7 Feb 2025 (leave)"]


def test_days_are_those_of_the_persons_own_zone(store: Store) -> None:
    far = store.run(make_person, "Mei Tan", zone="Asia/Tokyo").id
    store.run(add_absence, far, WEEK)
    start = store.read(lambda uow: uow.all(Leave)[0].start_utc)
    assert start.isoformat() == "2025-02-02T15:00:00+00:00"
    assert said(store) == ["Mon 3 Feb–Fri 7 Feb 2025 (leave)"]


@pytest.mark.parametrize(
    ("wrong", "because"),
    [
        (Absence(date(2025, 2, 7), date(2025, 2, 3)), "ends before it begins"),
        (Absence(date(2025, 2, 3), date(2025, 2, 3), time(17), time(9)), "ends before it begins"),
        (Absence(date(2024, 2, 3), date(2024, 2, 7)), "over already"),
        (Absence(date(2025, 2, 3), date(2045, 2, 3)), "is the year right"),
        (Absence(date(2025, 2, 3), date.max), "year right"),
        (Absence(date(2025, 2, 7), date(2025, 2, 9)), "is away Mon 3 Feb–Fri 7 Feb 2025 (leave)"),
        (Absence(date(2025, 3, 3), date(2025, 3, 3), kind="Busy in outlook"), "came from Outlook"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_saved(
    store: Store, ito: str, wrong: Absence, because: str
) -> None:
    store.run(add_absence, ito, WEEK)
    with pytest.raises(BadInput) as refused:
        store.run(add_absence, ito, wrong)
    assert because in refused.value.sentence
    assert said(store) == ["Mon 3 Feb–Fri 7 Feb 2025 (leave)"]
    with pytest.raises(NotFound):
        store.run(add_absence, "nobody", WEEK)


def test_what_outlook_says_and_what_was_typed_leave_each_other_alone(
    store: Store, ito: str
) -> None:
    store.run(add_absence, ito, WEEK)
    busy = BusySpan(NOW + timedelta(days=28), NOW + timedelta(days=28, hours=2), BusyKind.BUSY)
    asked = Asking(("k.ito@hospital.example",), NOW, NOW + timedelta(days=42))
    store.run(take_in_busy, asked, [Schedule(asked.emails[0], (busy,), "")])
    theirs = next(row for row in store.read(absences) if not row.typed)
    assert theirs.absence.kind == IN_OUTLOOK
    with pytest.raises(NotAllowed):
        store.run(remove_absence, theirs.id)
    with pytest.raises(NotAllowed):
        store.run(change_absence, theirs.id, WEEK, theirs.version)
    store.run(take_in_busy, asked, [Schedule(asked.emails[0], (), "")])
    assert said(store) == ["Mon 3 Feb–Fri 7 Feb 2025 (leave)"]


def test_days_and_times_are_read_and_said_as_people_write_them() -> None:
    first, last = date(2025, 2, 3), date(2025, 2, 7)
    assert [
        say_absence(Absence(*each), "America/New_York")
        for each in (
            (first, first, time(13)),
            (first, first, None, time(9)),
            (first, last, time(13)),
            (first, last, None, time(9)),
        )
    ] == [
        "Mon 3 Feb 2025 from 13:00 EST",
        "Mon 3 Feb 2025 until 09:00 EST",
        "Mon 3 Feb 13:00 EST–Fri 7 Feb 2025",
        "Mon 3 Feb–Fri 7 Feb 2025 09:00 EST",
    ]
    assert day_and_time("2027-01-15T13:00") == (date(2027, 1, 15), time(13))
    assert [clock_time(said) for said in ("", "9", "0930", "13:00", "7.15")] == [
        None, time(9), time(9, 30), time(13), time(7, 15),
    ]  # fmt: skip
    for typed in ("tomorrow", "2027-02-30", "2027-01-15T13:00Z"):
        with pytest.raises(BadInput):
            day_and_time(typed)
    with pytest.raises(BadInput):
        clock_time("25:00")
