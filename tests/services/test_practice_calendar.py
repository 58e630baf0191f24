"""Calendars over the wire: events once each, series, windows and what changed in them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.services.practice_wire import Wire, served

KEY = "String {66f5a359-4659-4830-9070-00047ec6ac6e} Name FlightKey"
WEEK = {"startDateTime": "2026-11-16T00:00:00Z", "endDateTime": "2026-12-07T00:00:00Z"}
VIEW = "/me/calendarView"


@pytest.fixture
def wire() -> Iterator[Wire]:
    with served() as wire:
        yield wire


def at(day: str, hour: int, zone: str = "UTC") -> dict[str, str]:
    return {"dateTime": f"2026-{day}T{hour:02d}:00:00", "timeZone": zone}


def event(wire: Wire, subject: str = "Outage", day: str = "11-23", **values: Any) -> Any:
    body = {"subject": subject, "start": at(day, 9), "end": at(day, 11), **values}
    return wire.ask("POST", "/me/events", 201, json=body)


def weekly(wire: Wire, **range_: Any) -> Any:
    """Mondays at nine in New York."""
    return event(
        wire,
        "Change board",
        start=at("11-16", 9, "America/New_York"),
        end=at("11-16", 10, "America/New_York"),
        recurrence={
            "pattern": {"type": "weekly", "interval": 1, "daysOfWeek": ["Monday"]},
            "range": {"type": "noEnd", "startDate": "2026-11-16", **range_},
        },
    )


def round_of(wire: Wire, path: str, **options: Any) -> tuple[list[Any], str]:
    pages = list(wire.pages(path, **options))
    return [each for page in pages for each in page["value"]], pages[-1]["@odata.deltaLink"]


def starts(found: list[Any]) -> list[str]:
    return [each["start"]["dateTime"][:16] for each in found]


def test_the_same_transaction_makes_one_event(wire: Wire) -> None:
    first = event(wire, transactionId="t1")
    again = event(wire, transactionId="t1")
    assert (again["id"], again["transactionId"]) == (first["id"], "t1")
    wire.control("switches", repeated_transaction="conflict")
    body = {"start": at("11-23", 9), "end": at("11-23", 10), "transactionId": "t1"}
    refused = wire.ask("POST", "/me/events", 409, json=body)
    assert refused["error"]["code"] == "ErrorDuplicateTransactionId"


def test_an_event_is_found_by_its_key(wire: Wire) -> None:
    made = event(wire, singleValueExtendedProperties=[{"id": KEY, "value": "k1"}])
    event(wire)
    prop = f"singleValueExtendedProperties/Any(ep: ep/id eq '{KEY}' and ep/value eq 'k1')"
    (found,) = wire.ask("GET", "/me/events", 200, params={"$filter": prop})["value"]
    assert found["id"] == made["id"]


def test_windows_and_iana_zones_are_understood_and_answered_in_the_zone_asked_for(
    wire: Wire,
) -> None:
    zone = "Eastern Standard Time"
    made = event(wire, start=at("11-23", 9, zone), end=at("11-23", 10, zone))
    assert made["start"] == {"dateTime": "2026-11-23T14:00:00.0000000", "timeZone": "UTC"}
    assert made["originalStartTimeZone"] == zone
    prefer = {"Prefer": 'outlook.timezone="Europe/Berlin"'}
    seen = wire.ask("GET", f"/me/events/{made['id']}", 200, headers=prefer)
    assert seen["start"] == {"dateTime": "2026-11-23T15:00:00.0000000", "timeZone": "Europe/Berlin"}
    nowhere = {"start": at("11-23", 9, "Nowhere"), "end": at("11-23", 10)}
    refused = wire.ask("POST", "/me/events", 400, json=nowhere)
    assert refused["error"]["code"] == "TimeZoneNotSupportedException"


def test_an_all_day_event_keeps_its_date_in_every_zone(wire: Wire) -> None:
    zone = "Asia/Tokyo"
    made = event(wire, start=at("11-23", 0, zone), end=at("11-24", 0, zone), isAllDay=True)
    prefer = {"Prefer": 'outlook.timezone="Pacific Standard Time"'}
    seen = wire.ask("GET", f"/me/events/{made['id']}", 200, headers=prefer)
    assert seen["start"]["dateTime"] == "2026-11-23T00:00:00.0000000"


def test_a_change_gives_a_new_change_key_and_an_old_one_is_refused(wire: Wire) -> None:
    made = event(wire)
    path = f"/me/events/{made['id']}"
    changed = wire.ask("PATCH", path, 200, json={"subject": "Outage, moved"})
    assert changed["changeKey"] != made["changeKey"]
    old = {"If-Match": made["@odata.etag"]}
    wire.ask("PATCH", path, 412, json={"subject": "x"}, headers=old)


def test_a_cancelled_event_is_not_there_any_more(wire: Wire) -> None:
    made = event(wire)
    answer = wire.client.post(f"/me/events/{made['id']}/cancel", json={"Comment": "Not needed"})
    assert (answer.status_code, answer.content) == (202, b"")
    wire.ask("GET", f"/me/events/{made['id']}", 404)


def test_a_series_keeps_its_wall_time_over_a_change_of_clocks(wire: Wire) -> None:
    weekly(wire)
    window = {"startDateTime": "2027-03-07T00:00:00Z", "endDateTime": "2027-03-16T00:00:00Z"}
    found = wire.ask("GET", VIEW, 200, params=window)["value"]
    assert starts(found) == ["2027-03-08T14:00", "2027-03-15T13:00"]
    assert {each["type"] for each in found} == {"occurrence"}


def test_one_occurrence_moves_and_another_is_cancelled(wire: Wire) -> None:
    master = weekly(wire)
    found = wire.ask("GET", VIEW, 200, params=WEEK)["value"]
    moved = {"start": at("11-24", 9), "end": at("11-24", 10)}
    exception = wire.ask("PATCH", f"/me/events/{found[1]['id']}", 200, json=moved)
    assert (exception["type"], exception["seriesMasterId"]) == ("exception", master["id"])
    assert exception["originalStart"] == "2026-11-23T14:00:00Z"
    wire.ask("DELETE", f"/me/events/{found[2]['id']}", 204)
    found = wire.ask("GET", VIEW, 200, params=WEEK)["value"]
    assert starts(found) == ["2026-11-16T14:00", "2026-11-24T09:00"]
    seen = wire.ask(
        "GET", f"/me/events/{master['id']}", 200, params={"$select": "cancelledOccurrences"}
    )
    assert seen["cancelledOccurrences"] == [f"OID.{master['id']}.2026-11-30"]


def test_an_occurrence_does_not_pass_its_neighbours(wire: Wire) -> None:
    weekly(wire)
    found = wire.ask("GET", VIEW, 200, params=WEEK)["value"]
    far = {"start": at("12-02", 9), "end": at("12-02", 10)}
    refused = wire.ask("PATCH", f"/me/events/{found[1]['id']}", 400, json=far)
    assert refused["error"]["code"] == "ErrorOccurrenceCrossingBoundary"


@pytest.mark.parametrize(
    ("pattern", "days"),
    [
        ({"type": "daily", "interval": 10}, ["12-31", "01-10", "01-20"]),
        ({"type": "absoluteMonthly", "interval": 1, "dayOfMonth": 31}, ["12-31", "01-31", "02-28"]),
        (
            {"type": "relativeMonthly", "interval": 1, "daysOfWeek": ["friday"], "index": "last"},
            ["01-29", "02-26", "03-26"],
        ),
        (
            {"type": "absoluteYearly", "interval": 1, "dayOfMonth": 31, "month": 12},
            ["12-31", "12-31", "12-31"],
        ),
    ],
)
def test_patterns_fall_on_the_days_outlook_gives_them(
    wire: Wire, pattern: dict[str, Any], days: list[str]
) -> None:
    range_ = {"type": "numbered", "startDate": "2026-12-31", "numberOfOccurrences": 3}
    made = event(wire, day="12-31", recurrence={"pattern": pattern, "range": range_})
    window = {"startDateTime": "2026-12-01T00:00:00Z", "endDateTime": "2030-01-01T00:00:00Z"}
    found = wire.ask("GET", f"/me/events/{made['id']}/instances", 200, params=window)["value"]
    assert [each["start"]["dateTime"][5:10] for each in found] == days


def test_a_round_of_changes_has_masters_and_stubs(wire: Wire) -> None:
    single = event(wire)
    master = weekly(wire)
    event(wire, day="12-20")
    found, _ = round_of(wire, f"{VIEW}/delta", params=WEEK)
    assert [each["type"] for each in found] == [
        "singleInstance",
        "seriesMaster",
        *["occurrence"] * 3,
    ]
    assert found[0]["id"] == single["id"]
    assert set(found[2]) == {"@odata.etag", "id", "type", "seriesMasterId", "start", "end"}
    assert found[2]["seriesMasterId"] == master["id"]


def test_an_event_that_left_the_window_and_one_that_was_never_in_it_are_removed(wire: Wire) -> None:
    inside = event(wire)
    _, link = round_of(wire, f"{VIEW}/delta", params=WEEK)
    away = {"start": at("12-20", 9), "end": at("12-20", 10)}
    wire.ask("PATCH", f"/me/events/{inside['id']}", 200, json=away)
    outside = event(wire, day="12-21")
    found, _ = round_of(wire, link)
    assert [each["id"] for each in found] == [inside["id"], outside["id"]]
    assert all(each["@removed"] == {"reason": "deleted"} for each in found)
    wire.ask("GET", f"/me/events/{inside['id']}", 200)


def test_occurrences_that_a_changed_series_lost_are_removed(wire: Wire) -> None:
    master = weekly(wire)
    found, link = round_of(wire, f"{VIEW}/delta", params=WEEK)
    shorter = master["recurrence"]
    shorter["range"] |= {"type": "endDate", "endDate": "2026-11-25"}
    wire.ask("PATCH", f"/me/events/{master['id']}", 200, json={"recurrence": shorter})
    changes, link = round_of(wire, link)
    gone = [each["id"] for each in changes if "@removed" in each]
    assert gone == [found[3]["id"]]
    wire.ask("DELETE", f"/me/events/{master['id']}", 204)
    changes, _ = round_of(wire, link)
    assert {each["id"] for each in changes} == {each["id"] for each in found}


def test_a_cancelled_occurrence_is_told_only_when_the_switch_says_so(wire: Wire) -> None:
    weekly(wire)
    found, link = round_of(wire, f"{VIEW}/delta", params=WEEK)
    wire.ask("DELETE", f"/me/events/{found[2]['id']}", 204)
    changes, _ = round_of(wire, link)
    assert not [each for each in changes if "@removed" in each]
    wire.control("switches", cancelled_occurrences=True)
    changes, _ = round_of(wire, link)
    assert found[2]["id"] in [each["id"] for each in changes if "@removed" in each]


def test_a_series_is_told_over_several_pages(wire: Wire) -> None:
    weekly(wire)
    event(wire)
    headers = {"Prefer": "odata.maxpagesize=2"}
    pages = list(wire.pages(f"{VIEW}/delta", params=WEEK, headers=headers))
    assert [len(page["value"]) for page in pages] == [2, 2, 1]
    ids = [each["id"] for page in pages for each in page["value"]]
    assert len(set(ids)) == 5


def test_calendars_are_made_listed_and_apart(wire: Wire) -> None:
    made = wire.ask("POST", "/me/calendars", 201, json={"name": "Outages"})
    body = {"subject": "x", "start": at("11-23", 9), "end": at("11-23", 10)}
    wire.ask("POST", f"/me/calendars/{made['id']}/events", 201, json=body)
    names = [each["name"] for each in wire.ask("GET", "/me/calendars", 200)["value"]]
    assert names == ["Calendar", "Outages"]
    own, _ = round_of(wire, f"/me/calendars/{made['id']}/calendarView/delta", params=WEEK)
    default, _ = round_of(wire, f"{VIEW}/delta", params=WEEK)
    assert (len(own), len(default)) == (1, 0)


def test_an_online_event_gets_another_link_when_its_body_is_changed(wire: Wire) -> None:
    made = event(wire, isOnlineMeeting=True, onlineMeetingProvider="teamsForBusiness")
    link = made["onlineMeeting"]["joinUrl"]
    path = f"/me/events/{made['id']}"
    same = wire.ask("PATCH", path, 200, json={"subject": "y"})
    assert same["onlineMeeting"]["joinUrl"] == link
    other = wire.ask("PATCH", path, 200, json={"body": {"contentType": "text", "content": "z"}})
    assert other["onlineMeeting"]["joinUrl"] != link


def schedule(wire: Wire, status: int = 200, **values: Any) -> Any:
    body = {
        "schedules": ["bob@flight.example"],
        "startTime": at("11-23", 8),
        "endTime": at("11-23", 12),
        "availabilityViewInterval": 60,
        **values,
    }
    return wire.ask("POST", "/me/calendar/getSchedule", status, json=body)


def test_free_and_busy_of_each_and_an_error_for_whom_nobody_knows(wire: Wire) -> None:
    busy = {"subject": "Dentist", "start": at("11-23", 9), "end": at("11-23", 10)}
    wire.control("event", mailbox="bob@flight.example", event=busy | {"showAs": "oof"})
    names = ["bob@flight.example", "nobody@flight.example"]
    bob, nobody = schedule(wire, schedules=names)["value"]
    assert bob["availabilityView"] == "0300"
    assert [each["status"] for each in bob["scheduleItems"]] == ["oof"]
    assert nobody["error"]["responseCode"] == "ErrorMailRecipientNotFound"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (
            {"schedules": [f"p{n}@flight.example" for n in range(101)]},
            "ErrorMailboxDataArrayTooBig",
        ),
        ({"endTime": {"dateTime": "2027-02-01T00:00:00", "timeZone": "UTC"}}, "ErrorTimeInterval"),
        ({"endTime": at("11-22", 8)}, "ErrorInvalidTimeInterval"),
        ({"availabilityViewInterval": 4}, "ErrorInvalidMergedFreeBusyInterval"),
    ],
)
def test_a_schedule_over_the_limits_is_refused(
    wire: Wire, values: dict[str, Any], code: str
) -> None:
    assert schedule(wire, 400, **values)["error"]["code"].startswith(code)
