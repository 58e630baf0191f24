"""Recurring maintenance: each date one flight, edits of one and of all that follow."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col

from app.models.calendar.series import dates_of, place
from app.models.errors import BadInput, ConsoleError, NotAllowed
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.lifecycle import CLOSED, State
from app.models.tables.calendar import Series, SeriesDate
from app.models.tables.directory import RotaTurn
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.models.times import Window, parse_wall
from app.services.calendar.importing import import_calendar
from app.services.calendar.series import (
    SeriesMade,
    add_series,
    end_series,
    fill_series,
    skip_date,
    split_series,
)
from app.services.calendar.series_filling import AHEAD, rule_of
from app.services.calendar.series_reading import DateRow, series_of, series_rows
from app.services.database import Store
from app.services.outages.moving import move_window
from app.services.outages.planning import Plan
from app.services.uow import UnitOfWork, undo
from app.services.working import Stopped, Work
from tests.makers import clock_of, make_ci, make_person, make_service, make_store, make_window

ZONE = "America/New_York"
FIRST = make_window("2025-01-19 02:00", "2025-01-19 06:00")  # the third Sunday


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Monday 6 January 2025; a service on one CI, and Kai Ito on duty for two years."""
    made = make_store(tmp_path / "store")

    def set_up(uow: UnitOfWork) -> None:
        make_service(uow, "File cluster", make_ci(uow, "SAN-02"))
        ito = make_person(uow, "Kai Ito", roles=["coordinator"])
        duty = RotaTurn(
            organisation_id=uow.organisation_id,
            person_id=ito.id,
            starts=uow.now.date(),
            ends=uow.now.date() + timedelta(days=800),
        )
        uow.add(duty)
        uow.log("Kai Ito is on duty", duty)

    made.run(set_up)
    yield made
    made.close()


def plan(store: Store, window: Window = FIRST) -> Plan:
    from app.models.tables.directory import Service

    service = store.read(lambda uow: uow.all(Service)[0].id)
    return Plan(title="Array patches", window=window, services=(service,))


def add(
    store: Store, rule: str = "FREQ=MONTHLY;BYDAY=3SU;COUNT=5", not_in_freeze: bool = True
) -> SeriesMade:
    return store.run(add_series, plan(store), rule, not_in_freeze=not_in_freeze)


def dates(store: Store, code: str = "SER-001") -> tuple[DateRow, ...]:
    return next(row.dates for row in store.read(series_rows) if row.code == code)


def flight(store: Store, code: str) -> Outage:
    return store.read(lambda uow: uow.all(Outage, col(Outage.code) == code)[0])


def announce(store: Store, code: str) -> None:
    def tell(uow: UnitOfWork) -> None:
        row = uow.all(Outage, col(Outage.code) == code)[0]
        row.state = State.ANNOUNCED
        notice = Notice(
            organisation_id=uow.organisation_id,
            outage_id=row.id,
            kind=NoticeKind.PLANNED,
            number=1,
            state=NoticeState.SENT,
            sent_at=uow.now,
            about_start_utc=row.start_utc,
            about_end_utc=row.end_utc,
        )
        uow.add(notice)
        uow.log(f"told of {code}", row)

    store.run(tell)


def move(store: Store, code: str, days: int) -> None:
    row = flight(store, code)
    shift = timedelta(days=days)
    window = replace(row.window, start=row.window.start + shift, end=row.window.end + shift)
    store.run(move_window, row.id, window, seen=row.version)


def test_a_series_is_a_years_planned_flights_led_by_who_is_on_duty(store: Store) -> None:
    made = add(store, "third Sunday")
    assert made.sentence == "SER-001, third Sunday of the month: 13 planned."
    found = store.read(lambda uow: uow.all(Outage))
    assert {row.state for row in found} == {State.PLANNED}
    assert {row.start_wall[-5:] for row in found} == {"02:00"}
    assert all(row.coordinator_id for row in found)


def test_asking_again_makes_no_flight_twice(store: Store) -> None:
    made = add(store, "every 13 weeks")
    assert store.run(fill_series, made.series_id).counts == {}
    clock_of(store).advance(days=91)
    assert store.run(fill_series, made.series_id).counts == {"planned": 1}


def test_planning_can_be_stopped_and_leaves_nothing(store: Store) -> None:
    work = Work()
    work.stop.set()
    with pytest.raises(Stopped):
        store.run(add_series, plan(store), "third Sunday", work)
    assert store.read(series_rows) == []


def test_the_whole_series_can_be_taken_back(store: Store) -> None:
    made = add(store)
    assert made.undo is not None
    store.run(undo, made.undo)
    assert store.read(series_rows) == []
    assert store.read(lambda uow: uow.all(Outage)) == []


def test_a_date_in_a_freeze_is_left_out_and_says_why(store: Store, tmp_path: Path) -> None:
    freeze(store, tmp_path, "20250410", "20250425")
    add(store)
    (left,) = [row for row in dates(store) if not row.code]
    assert left.due == parse_wall("2025-04-20T02:00")
    assert left.said.startswith("The freeze “Easter”")


def test_a_date_comes_back_when_its_freeze_is_gone(store: Store, tmp_path: Path) -> None:
    freeze(store, tmp_path, "20250410", "20250425")
    made = add(store)
    freeze(store, tmp_path, "20250410", "20250412")
    assert store.run(fill_series, made.series_id).counts == {"planned": 1}


def test_a_flight_that_is_blocked_stays_a_draft(store: Store, tmp_path: Path) -> None:
    freeze(store, tmp_path, "20250410", "20250425")
    made = add(store, not_in_freeze=False)
    assert made.counts["planned"] == 4
    drafts = [row for row in dates(store) if row.said == "draft"]
    assert [row.due.month for row in drafts] == [4]


def test_a_flight_nobody_leads_yet_is_planned_once_the_rota_says_who(store: Store) -> None:
    def duty(uow: UnitOfWork, days: int) -> None:
        (row,) = uow.all(RotaTurn)
        row.ends = uow.now.date() + timedelta(days=days)
        uow.log("the rota changed", row)

    store.run(duty, 100)
    made = add(store)
    assert made.counts["left as drafts until the rota says who leads them"] == 2
    store.run(duty, 800)
    assert store.run(fill_series, made.series_id).counts == {"planned": 2}


def test_one_date_is_skipped_with_its_reason_and_stays_so(store: Store) -> None:
    made = add(store)
    due = parse_wall("2025-02-16T02:00")
    store.run(skip_date, made.series_id, due, "the vendor is away")
    assert store.run(fill_series, made.series_id).counts == {}
    row = dates(store)[1]
    assert (row.due, row.code, row.said) == (due, "", "skipped: the vendor is away")
    gone = [row for row in store.read(lambda uow: uow.all(Outage)) if row.state in CLOSED]
    assert [row.ending_note for row in gone] == ["skipped in SER-001: the vendor is away"]
    # a flight says what it is of, and which comes next: not the one skipped
    first, third = (flight(store, dates(store)[at].code) for at in (0, 2))
    said = store.read(series_of, first.id)
    assert said is not None and said.next_outage_id == third.id
    assert "third Sunday of the month, 5 times; next Sun 16 Mar 02:00–06:00 EDT" in said.words


def test_a_skip_needs_a_reason_and_a_date_of_the_series(store: Store) -> None:
    made = add(store)
    with pytest.raises(BadInput, match="why"):
        store.run(skip_date, made.series_id, parse_wall("2025-02-16T02:00"), " ")
    with pytest.raises(BadInput, match="has no date Mon 17 Feb 2025 02:00"):
        store.run(skip_date, made.series_id, parse_wall("2025-02-17T02:00"), "away")


def test_what_people_were_told_of_is_not_skipped_behind_their_back(store: Store) -> None:
    made = add(store)
    announce(store, dates(store)[0].code)
    with pytest.raises(NotAllowed, match="People were told"):
        store.run(skip_date, made.series_id, dates(store)[0].due, "away")


def test_one_flight_is_moved_alone(store: Store) -> None:
    made = add(store)
    move(store, dates(store)[1].code, 1)
    assert store.run(fill_series, made.series_id).counts == {}
    assert [row.moved for row in dates(store)][:3] == [False, True, False]


def test_this_and_following_go_on_at_another_time(store: Store) -> None:
    made = add(store)
    told, moved = dates(store)[2].code, dates(store)[3].code
    announce(store, told)
    move(store, moved, 1)
    later = make_window("2025-02-16 03:00", "2025-02-16 07:00")
    split = store.run(split_series, made.series_id, parse_wall("2025-02-16T02:00"), later)
    assert split.counts == {
        "moved": 2,
        "stay, as people were told or they were moved": 2,
    }
    assert [row.due.month for row in dates(store)] == [1]
    assert {row.due.hour for row in dates(store, "SER-002")} == {3}
    assert flight(store, told).start_wall.endswith("02:00")
    assert len(store.read(lambda uow: uow.all(Outage))) == 5


def test_this_and_following_go_on_by_another_rule(store: Store) -> None:
    made = add(store)
    start = make_window("2025-02-16 02:00", "2025-02-16 06:00")
    due = parse_wall("2025-02-16T02:00")
    with pytest.raises(BadInput, match="as it is"):  # nothing would be another
        store.run(split_series, made.series_id, due, start)
    split = store.run(split_series, made.series_id, due, start, "FREQ=MONTHLY;BYDAY=1SA;COUNT=4")
    assert split.rule == "first Saturday of the month, 4 times"
    assert {row.due.weekday() for row in dates(store, "SER-002")} == {5}
    assert sum(row.state is State.PLANNED for row in store.read(lambda uow: uow.all(Outage))) == 5


def test_a_flight_that_goes_on_past_the_year_ahead_is_kept(store: Store) -> None:
    first = make_window("2025-01-09 02:00", "2025-01-09 06:00")
    made = store.run(add_series, plan(store, first), "FREQ=MONTHLY;INTERVAL=13")  # and 9 Feb 2026
    later = make_window("2026-02-12 02:00", "2026-02-12 06:00")
    due = parse_wall("2026-02-09T02:00")
    split = store.run(split_series, made.series_id, due, later, "every 13 months")
    assert split.counts == {"moved": 1}
    assert store.run(fill_series, split.series_id).counts == {}


def test_a_count_goes_on_where_it_was(store: Store) -> None:
    made = add(store, "FREQ=MONTHLY;BYDAY=3SU;COUNT=5")
    later = make_window("2025-03-16 03:00", "2025-03-16 07:00")
    store.run(split_series, made.series_id, parse_wall("2025-03-16T02:00"), later)
    assert (len(dates(store)), len(dates(store, "SER-002"))) == (2, 3)


def test_a_split_can_be_taken_back(store: Store) -> None:
    made = add(store)
    before = dates(store)
    later = make_window("2025-02-16 03:00", "2025-02-16 07:00")
    split = store.run(split_series, made.series_id, parse_wall("2025-02-16T02:00"), later)
    assert split.undo is not None
    store.run(undo, split.undo)
    assert dates(store) == before


def test_a_series_ends_with_what_nobody_was_told_of(store: Store) -> None:
    made = add(store)
    told = dates(store)[4].code
    announce(store, told)
    store.run(end_series, made.series_id, parse_wall("2025-03-16T02:00"), "the array goes")
    assert [row.due.month for row in dates(store)] == [1, 2, 5]
    assert flight(store, told).state is State.ANNOUNCED
    assert store.run(fill_series, made.series_id).counts == {}


def test_a_random_history_of_edits_loses_and_doubles_no_date(
    store: Store, first_seed: int, pytestconfig: pytest.Config
) -> None:
    """Skip, move, split, announce, end, let time pass, in any order: each date of each rule has
    one flight or one reason, what was skipped, moved or announced stays as it was."""
    chance = random.Random(first_seed)
    add(store, chance.choice(("third Sunday", "every 5 weeks", "every month", "every 9 weeks")))
    kept: dict[str, str] = {}
    for _ in range(150 if pytestconfig.getoption("--long") else 15):
        with contextlib.suppress(ConsoleError):  # refused, and nothing changed
            _edit(store, chance, kept)
        for series in store.read(lambda uow: uow.all(Series)):
            store.run(fill_series, series.id)
        _judge(store, kept)


def _edit(store: Store, chance: random.Random, kept: dict[str, str]) -> None:
    series = chance.choice(store.read(lambda uow: uow.all(Series)))
    rows = dates(store, series.code)
    if not rows:
        return
    row = chance.choice(rows)
    act = chance.choice(("skip", "move", "split", "announce", "pass", "end"))
    if act == "skip":
        store.run(skip_date, series.id, row.due, "away")
    elif act == "move" and row.code:
        if row.code in kept:
            return
        move(store, row.code, chance.randrange(1, 4))
        kept[row.code] = flight(store, row.code).start_wall
    elif act == "announce" and row.code and flight(store, row.code).state is State.PLANNED:
        announce(store, row.code)
        kept[row.code] = flight(store, row.code).start_wall
    elif act == "split":
        start = row.due + timedelta(hours=chance.randrange(0, 3), days=chance.randrange(0, 2))
        window = Window(start, start + timedelta(hours=3), ZONE)
        rule = chance.choice(("", "", "first Saturday", "every 3 weeks"))
        store.run(split_series, series.id, row.due, window, rule)
    elif act == "pass":
        clock_of(store).advance(days=chance.randrange(1, 40))
    elif act == "end" and chance.random() < 0.2:
        store.run(end_series, series.id, row.due, "no more")


def _judge(store: Store, kept: dict[str, str]) -> None:
    def look(uow: UnitOfWork) -> None:
        flown = {row.id: row for row in uow.all(Outage)}
        for series in uow.all(Series):
            rows = uow.all(SeriesDate, col(SeriesDate.series_id) == series.id)
            assert len({row.due for row in rows}) == len(rows)
            there = {row.due: row for row in rows}
            for date in dates_of(rule_of(series), uow.now, uow.now + AHEAD):
                row = there[date.due.isoformat(timespec="minutes")]
                assert (row.outage_id is None) == bool(row.left_out)
                if row.outage_id is None or flown[row.outage_id].code in kept:
                    continue
                window = flown[row.outage_id].window
                assert window == place(rule_of(series), date.due).window
        linked = [row.outage_id for row in uow.all(SeriesDate) if row.outage_id]
        assert len(set(linked)) == len(linked)
        for outage in flown.values():
            assert outage.id in linked or outage.state is State.CANCELLED
            if outage.code in kept and outage.state is not State.CANCELLED:
                assert outage.start_wall == kept[outage.code]

    store.read(look)


def freeze(store: Store, folder: Path, first: str, after: str) -> None:
    path = folder / "freeze.ics"
    path.write_text(
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Easter\r\n"
        f"DTSTART;VALUE=DATE:{first}\r\nDTEND;VALUE=DATE:{after}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n",
        encoding="utf-8",
        newline="",
    )
    import_calendar(store, path, "Freezes", is_freeze=True)
