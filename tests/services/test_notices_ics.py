from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from app.models.errors import BadInput
from app.models.times import Window, parse_wall
from app.services.notices.eml import Recipient
from app.services.notices.ics import CalendarEntry, Method, ics, uid_of
from tests.services.notices_samples import window

ENTRY = CalendarEntry(
    outage_id="0194-0000",
    sequence=0,
    changed_at=datetime(2024, 12, 31, 14, tzinfo=UTC),
    window=window(),
    summary="Planned outage: file cluster",
    description="Save your work, please;\nthen log off.",
    organiser=Recipient("ops@harbour.example", "Operations"),
    attendees=(Recipient("ana@harbour.example", "Ana"),),
)


def read(content: bytes) -> tuple[Calendar, Event]:
    calendar = Calendar.from_ical(content)
    assert isinstance(calendar, Calendar)
    (event,) = calendar.events
    return calendar, event


def test_the_entry_spans_the_window_in_its_own_zone() -> None:
    calendar, event = read(ics(ENTRY, Method.PUBLISH))
    assert event.start == ENTRY.window.start_utc
    assert event.end == ENTRY.window.end_utc
    assert [z.tz_name for z in calendar.timezones] == ["America/New_York"]


def test_the_uid_is_the_outages_and_the_sequence_rises_with_each_change() -> None:
    _, first = read(ics(ENTRY, Method.PUBLISH))
    moved = replace(ENTRY, sequence=1, window=window("2025-01-17T19:00", "2025-01-17T22:00"))
    _, second = read(ics(moved, Method.PUBLISH))
    assert first["UID"] == second["UID"] == uid_of("0194-0000")
    assert (first["SEQUENCE"], second["SEQUENCE"]) == (0, 1)


def test_a_request_asks_for_an_answer_and_books_the_time() -> None:
    calendar, event = read(ics(ENTRY, Method.REQUEST))
    assert calendar["METHOD"] == "REQUEST"
    assert event["TRANSP"] == "OPAQUE"
    assert event["ATTENDEE"].params["RSVP"] == "TRUE"
    assert str(event["ORGANIZER"]) == "mailto:ops@harbour.example"


def test_a_published_entry_leaves_the_time_free() -> None:
    calendar, event = read(ics(replace(ENTRY, attendees=()), Method.PUBLISH))
    assert calendar["METHOD"] == "PUBLISH"
    assert event["TRANSP"] == "TRANSPARENT"


def test_a_request_to_nobody_is_refused() -> None:
    with pytest.raises(BadInput, match="publish"):
        ics(replace(ENTRY, attendees=()), Method.REQUEST)


def test_a_cancellation_names_the_same_entry_and_rings_no_more() -> None:
    calendar, event = read(ics(replace(ENTRY, sequence=2), Method.CANCEL))
    assert calendar["METHOD"] == "CANCEL"
    assert event["STATUS"] == "CANCELLED"
    assert event["UID"] == uid_of("0194-0000")
    assert not event.alarms.times


def test_the_alarm_rings_before_the_start() -> None:
    _, event = read(ics(replace(ENTRY, alarm_before=timedelta(hours=1)), Method.PUBLISH))
    (alarm,) = event.alarms.times
    assert alarm.trigger == ENTRY.window.start_utc - timedelta(hours=1)


def test_an_extension_moves_the_end_only() -> None:
    later = ENTRY.window.end_utc + timedelta(hours=1)
    _, event = read(ics(replace(ENTRY, sequence=1, end=later), Method.PUBLISH))
    assert (event.start, event.end) == (ENTRY.window.start_utc, later)


def test_no_text_can_add_a_property() -> None:
    evil = replace(ENTRY, summary="x\r\nATTENDEE:mailto:e@e.example", location="a\nb\x00")
    content = ics(replace(evil, attendees=()), Method.PUBLISH)
    assert b"\nATTENDEE" not in content
    _, event = read(content)
    assert event["SUMMARY"] == "x ATTENDEE:mailto:e@e.example"


def test_the_second_of_two_equal_wall_times_is_told_apart() -> None:
    fold = Window.of(
        parse_wall("2025-11-02T01:30"), parse_wall("2025-11-02T04:00"), "America/New_York", 1
    )
    _, event = read(ics(replace(ENTRY, window=fold), Method.PUBLISH))
    assert event.start == fold.start_utc


def test_the_same_entry_gives_the_same_bytes_with_lines_of_at_most_75_octets() -> None:
    long = replace(ENTRY, description="Größe " * 60)
    content = ics(long, Method.PUBLISH)
    assert content == ics(long, Method.PUBLISH)
    assert max(len(line) for line in content.split(b"\r\n")) <= 75
