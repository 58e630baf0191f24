"""Events read from Graph's rows, and what of an entry is written over one that is there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.services.graph.calendars import GraphCalendars
from app.services.graph.events import differences, event_body, remote_event, remote_events
from app.services.graph.keys import KEY_PROPERTY
from app.services.ports.calendars import BusyKind, Entry
from tests.services.graph.scripted import Answer, graph_error
from tests.services.graph.speaking import NOW, speaking

WALL = datetime(2026, 11, 27, 19, 0)  # noqa: DTZ001
ENTRY = Entry("key", "Mail rests", WALL, WALL + timedelta(hours=2), "America/New_York")
DAY = datetime(2026, 11, 25, tzinfo=UTC)


def row(start: str, end: str, zone: str = "UTC", **more: Any) -> dict[str, Any]:
    times = {"start": {"dateTime": start, "timeZone": zone}}
    times["end"] = {"dateTime": end, "timeZone": zone}
    return {"id": "1", "subject": "S", **times, **more}


@pytest.mark.parametrize(
    ("start", "zone"),
    [
        ("2026-11-25T00:00:00.0000000", None),
        ("2026-11-25T08:00:00.0000000", "Pacific Standard Time"),
        ("2026-11-24T23:00:00.0000000", "W. Europe Standard Time"),
        ("2026-11-24T11:00:00.0000000", "New Zealand Standard Time"),
        ("2026-11-25T08:00:00.0000000", "tzone://Microsoft/Custom"),
        ("2026-11-24T23:00:00.0000000", None),
    ],
)
def test_a_whole_day_is_a_date(start: str, zone: str | None) -> None:
    end = (datetime.fromisoformat(start) + timedelta(days=1)).isoformat()
    event = remote_event(row(start, end, isAllDay=True, originalStartTimeZone=zone))
    assert (event.start, event.end) == (DAY, DAY + timedelta(days=1))


def test_our_key_is_read_from_either_place() -> None:
    times = ("2026-11-25T08:00:00", "2026-11-25T09:00:00")
    noted = [{"id": KEY_PROPERTY, "value": "key"}]
    assert remote_event(row(*times, transactionId="key")).key == "key"
    assert remote_event(row(*times, singleValueExtendedProperties=noted)).key == "key"
    assert remote_event(row(*times)).key == ""


def test_an_occurrence_whose_master_is_gone_has_its_times_at_least() -> None:
    stub = row("2026-11-25T08:00:00", "2026-11-25T09:00:00", seriesMasterId="m")
    del stub["subject"]
    (event,) = remote_events([stub], lambda _: None)
    assert (event.start, event.subject, event.series) == (DAY + timedelta(hours=8), "", "m")


def test_a_master_is_read_once_for_its_series() -> None:
    stubs = [
        {
            "id": f"o{n}",
            "seriesMasterId": "m",
            "type": "occurrence",
            "start": {"dateTime": f"2026-11-2{n}T08:00:00", "timeZone": "UTC"},
            "end": {"dateTime": f"2026-11-2{n}T09:00:00", "timeZone": "UTC"},
        }
        for n in range(5)
    ]
    page = {"value": stubs, "@odata.deltaLink": "https://x.example/"}
    with speaking(Answer(body=page), Answer(body={"id": "m", "subject": "Stand-up"})) as graph:
        changes = GraphCalendars(graph.client).changes("", "", NOW, NOW + timedelta(days=9))
        assert [event.subject for event in changes.events] == ["Stand-up"] * 5
        assert len(graph.script.seen) == 2


def there(**more: Any) -> dict[str, Any]:
    return {"id": "1", **event_body(ENTRY), **more}


def test_nothing_differs_from_what_was_written() -> None:
    assert differences(ENTRY, there(showAs="Free")) == {}


def test_times_are_compared_as_moments() -> None:
    utc = row("2026-11-28T00:00:00.0000000", "2026-11-28T02:00:00.0000000")
    assert differences(ENTRY, there(start=utc["start"], end=utc["end"])) == {}


def test_only_what_differs_is_written() -> None:
    assert differences(replace(ENTRY, subject="Another"), there()) == {"subject": "Another"}


def test_the_words_of_an_online_meeting_are_left_alone() -> None:
    told = replace(ENTRY, html="<p>New words</p>")
    assert "body" in differences(told, there())
    assert differences(told, there(isOnlineMeeting=True)) == {}


def test_a_meeting_with_people_is_cancelled_with_a_word_to_them() -> None:
    invited = {"id": "1", "isOrganizer": True, "attendees": [{}]}
    with speaking(Answer(body=invited), Answer(202)) as graph:
        GraphCalendars(graph.client).cancel("1", "The flight is off.")
        seen = graph.script.seen[-1]
        assert seen.target == "/v1.0/me/events/1/cancel"
        assert seen.json() == {"comment": "The flight is off."}


def test_who_shares_only_the_digits_is_busy_all_the_same() -> None:
    told = {"value": [{"scheduleId": "A@x.example", "availabilityView": "0022130"}]}
    with speaking(Answer(body=told)) as graph:
        (schedule,) = GraphCalendars(graph.client).schedules(
            ["a@X.example"], NOW, NOW + timedelta(hours=3.5)
        )
    spans = [(span.start - NOW, span.kind) for span in schedule.busy]
    assert spans == [
        (timedelta(hours=1), BusyKind.BUSY),
        (timedelta(hours=2), BusyKind.TENTATIVE),
        (timedelta(hours=2.5), BusyKind.OUT),
    ]


def test_free_and_busy_is_a_read_and_tried_again() -> None:
    slow = Answer(504, graph_error("UnknownError"))
    with speaking(slow, Answer(body={"value": []})) as graph:
        (schedule,) = GraphCalendars(graph.client).schedules(
            ["a@x.example"], NOW, NOW + timedelta(days=1)
        )
        assert schedule.trouble
        assert len(graph.waited) == 1
        assert "null" not in graph.script.seen[0].body.decode()
