"""What every implementation of `ports.calendars.Calendars` promises."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.services.ports.calendars import BusyKind, BusySpan, Entry, RemoteEvent
from app.services.ports.trouble import Gone, SyncLost, Throttled, Unclear
from tests.contracts.worlds import DAY, HOUR, NOW, Break, CalendarWorld

FRIDAY = Entry(
    key="5f0e3a52-8a1e-4a52-9a0e-0d7f6f3c1a11",
    subject="OUT-0042 Mail moves house",
    start=datetime(2026, 11, 27, 19, 0),  # noqa: DTZ001 (a wall time)
    end=datetime(2026, 11, 27, 23, 30),  # noqa: DTZ001
    zone="America/New_York",
    html="<p>Mail rests.</p>",
    location="Harbor House",
    categories=("Outage",),
)
WINDOW = (NOW, NOW + 30 * DAY)


class Mirror:
    """Follows the changes as the sync does, and keeps what it was told."""

    def __init__(self, world: CalendarWorld) -> None:
        self.world = world
        self.cursor = ""
        self.events: dict[str, RemoteEvent] = {}
        self.removed: list[str] = []

    def follow(self) -> list[RemoteEvent]:
        seen: list[RemoteEvent] = []
        self.removed = []
        while True:
            page = self.world.calendars.changes("", self.cursor, *WINDOW)
            seen += page.events
            self.removed += page.removed
            self.events.update({event.id: event for event in page.events})
            self.cursor = page.cursor
            if not page.more:
                return seen


def test_there_is_a_default_calendar(calendar_world: CalendarWorld) -> None:
    rows = calendar_world.calendars.calendars()
    assert [row.can_edit for row in rows if row.is_default] == [True]


def test_an_entry_is_there_as_it_was_written(calendar_world: CalendarWorld) -> None:
    made = calendar_world.calendars.create("", FRIDAY)
    assert (made.subject, made.location, made.key) == (FRIDAY.subject, "Harbor House", FRIDAY.key)
    assert made.start == datetime(2026, 11, 28, 0, 0, tzinfo=UTC)
    assert made.end == datetime(2026, 11, 28, 4, 30, tzinfo=UTC)
    assert calendar_world.calendars.get(made.id) == made


def test_an_hour_that_happens_twice_stays_the_one_meant(calendar_world: CalendarWorld) -> None:
    second = datetime(2026, 11, 1, 1, 30, fold=1)  # noqa: DTZ001
    night = replace(FRIDAY, start=second, end=second.replace(hour=5))
    made = calendar_world.calendars.create("", night)
    assert made.start == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_the_same_key_makes_one_event(calendar_world: CalendarWorld) -> None:
    first = calendar_world.calendars.create("", FRIDAY)
    again = calendar_world.calendars.create("", FRIDAY)
    assert again.id == first.id
    assert [event.id for event in Mirror(calendar_world).follow()] == [first.id]


def test_an_entry_is_found_by_its_key(calendar_world: CalendarWorld) -> None:
    made = calendar_world.calendars.create("", FRIDAY)
    found = calendar_world.calendars.find("", FRIDAY.key)
    assert found is not None
    assert found.id == made.id
    assert calendar_world.calendars.find("", "nobody’s key, it's") is None


def test_a_lost_answer_is_unclear_and_the_event_is_found(calendar_world: CalendarWorld) -> None:
    calendar_world.breaks("create", Break.AFTER)
    with pytest.raises(Unclear):
        calendar_world.calendars.create("", FRIDAY)
    found = calendar_world.calendars.find("", FRIDAY.key)
    assert found is not None
    assert calendar_world.calendars.create("", FRIDAY).id == found.id


def test_a_cut_before_the_effect_leaves_nothing(calendar_world: CalendarWorld) -> None:
    calendar_world.breaks("create", Break.BEFORE)
    with pytest.raises(Unclear):
        calendar_world.calendars.create("", FRIDAY)
    assert calendar_world.calendars.find("", FRIDAY.key) is None


def test_too_much_at_once_has_no_effect(calendar_world: CalendarWorld) -> None:
    calendar_world.breaks("create", Break.THROTTLED)
    with pytest.raises(Throttled) as caught:
        calendar_world.calendars.create("", FRIDAY)
    assert caught.value.retry_after == 1.5
    assert calendar_world.calendars.find("", FRIDAY.key) is None


def test_an_update_moves_it(calendar_world: CalendarWorld) -> None:
    made = calendar_world.calendars.create("", FRIDAY)
    later = replace(FRIDAY, start=FRIDAY.start + HOUR, end=FRIDAY.end + HOUR, html=None)
    moved = calendar_world.calendars.update(made.id, later)
    assert (moved.id, moved.start) == (made.id, made.start + HOUR)
    assert moved.change_key != made.change_key
    assert calendar_world.calendars.get(made.id).start == moved.start


def test_an_update_with_nothing_new_writes_nothing(calendar_world: CalendarWorld) -> None:
    made = calendar_world.calendars.create("", FRIDAY)
    same = calendar_world.calendars.update(made.id, replace(FRIDAY, html=None))
    assert same.change_key == made.change_key


def test_an_update_of_what_is_gone(calendar_world: CalendarWorld) -> None:
    made = calendar_world.calendars.create("", FRIDAY)
    calendar_world.remove(made.id)
    with pytest.raises(Gone):
        calendar_world.calendars.update(made.id, FRIDAY)


def test_what_was_cancelled_is_gone(calendar_world: CalendarWorld) -> None:
    made = calendar_world.calendars.create("", FRIDAY)
    calendar_world.calendars.cancel(made.id, "The flight is off.")
    assert calendar_world.calendars.find("", FRIDAY.key) is None
    for look in (calendar_world.calendars.get, lambda i: calendar_world.calendars.cancel(i, "")):
        with pytest.raises(Gone):
            look(made.id)


def test_a_round_shows_what_is_in_the_window(calendar_world: CalendarWorld) -> None:
    inside = calendar_world.put("Month end", NOW + DAY, NOW + DAY + HOUR)
    calendar_world.put("Next year", NOW + 90 * DAY, NOW + 91 * DAY)
    mirror = Mirror(calendar_world)
    assert [(event.id, event.subject) for event in mirror.follow()] == [(inside, "Month end")]
    assert mirror.follow() == []


def test_a_round_goes_over_many_pages(calendar_world: CalendarWorld) -> None:
    put = {
        calendar_world.put(f"Event {n}", NOW + n * HOUR, NOW + (n + 1) * HOUR) for n in range(45)
    }
    mirror = Mirror(calendar_world)
    mirror.follow()
    assert set(mirror.events) == put


def test_an_edit_made_in_outlook_is_seen(calendar_world: CalendarWorld) -> None:
    made = calendar_world.calendars.create("", FRIDAY)
    mirror = Mirror(calendar_world)
    mirror.follow()
    calendar_world.change(made.id, subject="Moved by Kim", later=HOUR)
    (seen,) = mirror.follow()
    assert (seen.id, seen.subject, seen.start) == (made.id, "Moved by Kim", made.start + HOUR)
    assert seen.change_key != made.change_key
    assert seen.key == FRIDAY.key


def test_a_deletion_made_in_outlook_is_seen(calendar_world: CalendarWorld) -> None:
    put = calendar_world.put("Month end", NOW + DAY, NOW + DAY + HOUR)
    mirror = Mirror(calendar_world)
    mirror.follow()
    calendar_world.remove(put)
    assert mirror.follow() == []
    assert put in mirror.removed


def test_what_left_the_window_is_named_and_can_be_read(calendar_world: CalendarWorld) -> None:
    put = calendar_world.put("Month end", NOW + DAY, NOW + DAY + HOUR)
    mirror = Mirror(calendar_world)
    mirror.follow()
    calendar_world.change(put, later=60 * DAY)
    mirror.follow()
    assert put in mirror.removed
    assert calendar_world.calendars.get(put).start == NOW + 61 * DAY


def test_a_forgotten_place_is_said_and_a_new_round_doubles_nothing(
    calendar_world: CalendarWorld,
) -> None:
    put = calendar_world.put("Month end", NOW + DAY, NOW + DAY + HOUR)
    mirror = Mirror(calendar_world)
    mirror.follow()
    calendar_world.forget_cursors()
    with pytest.raises(SyncLost):
        mirror.follow()
    mirror.cursor = ""
    assert [event.id for event in mirror.follow()] == [put]


def test_occurrences_come_whole(calendar_world: CalendarWorld) -> None:
    series = calendar_world.put_series("Stand-up", NOW + DAY, 3)
    mirror = Mirror(calendar_world)
    mirror.follow()
    ones = sorted((e for e in mirror.events.values() if e.series), key=lambda event: event.start)
    assert [(one.subject, one.series) for one in ones] == [("Stand-up", series)] * 3
    assert [one.start for one in ones] == [NOW + DAY, NOW + 2 * DAY, NOW + 3 * DAY]
    assert [event.id for event in mirror.events.values() if event.is_master] == [series]


def test_free_and_busy_in_the_order_asked(calendar_world: CalendarWorld) -> None:
    calendar_world.busy("kim@harbor.example", NOW + HOUR, NOW + 2 * HOUR)
    asked = ["nobody@harbor.example", "Kim@harbor.example"]
    nobody, kim = calendar_world.calendars.schedules(asked, NOW, NOW + DAY)
    assert (nobody.email, nobody.busy) == ("nobody@harbor.example", ())
    assert nobody.trouble
    assert kim.email == "Kim@harbor.example"
    assert kim.busy == (BusySpan(NOW + HOUR, NOW + 2 * HOUR, BusyKind.BUSY),)
    assert not kim.trouble


def test_free_and_busy_of_many_over_months(calendar_world: CalendarWorld) -> None:
    people = [f"tech{n}@harbor.example" for n in range(45)]
    for number, email in enumerate(people):
        start = NOW + number * 2 * DAY
        calendar_world.busy(email, start, start + HOUR)
    found = calendar_world.calendars.schedules(people, NOW, NOW + timedelta(days=100))
    assert [schedule.email for schedule in found] == people
    assert [len(schedule.busy) for schedule in found] == [1] * 45
