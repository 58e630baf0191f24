"""Online meetings over the wire: opened once, locked, and never closed by a 204."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.services.practice_wire import Wire, served

ASKED = {
    "externalId": "outage-1",
    "subject": "Bridge",
    "startDateTime": "2026-11-21T20:00:00Z",
    "endDateTime": "2026-11-21T23:00:00Z",
}


@pytest.fixture
def wire() -> Iterator[Wire]:
    with served() as wire:
        yield wire


def opened(wire: Wire, status: int = 201, **values: Any) -> Any:
    return wire.ask("POST", "/me/onlineMeetings/createOrGet", status, json={**ASKED, **values})


def path(meeting: Any) -> str:
    return f"/me/onlineMeetings/{quote(meeting['id'], safe='')}"


def test_one_meeting_for_each_external_id(wire: Wire) -> None:
    first = opened(wire)
    again = opened(wire, 200)
    assert again["joinWebUrl"] == first["joinWebUrl"]
    assert opened(wire, externalId="outage-2")["id"] != first["id"]


def test_there_is_no_dial_in_without_a_licence(wire: Wire) -> None:
    assert opened(wire)["audioConferencing"]["conferenceId"]
    wire.control("switches", audio_licence=False)
    assert opened(wire, externalId="outage-2")["audioConferencing"] is None


def test_a_locked_lobby_lets_nobody_new_in(wire: Wire) -> None:
    meeting = opened(wire)
    assert wire.control("join", meeting=meeting["id"], people=4) == {"inside": 4}
    lock = {"lobbyBypassSettings": {"scope": "organizer", "isDialInBypassEnabled": False}}
    changed = wire.ask("PATCH", path(meeting), 200, json=lock)
    assert changed["lobbyBypassSettings"]["scope"] == "organizer"
    assert wire.control("join", meeting=meeting["id"]) == {"inside": 0}


def test_start_and_end_are_changed_together(wire: Wire) -> None:
    meeting = opened(wire)
    wire.ask("PATCH", path(meeting), 400, json={"endDateTime": "2026-11-21T22:00:00Z"})
    both = {"startDateTime": ASKED["startDateTime"], "endDateTime": "2026-11-21T22:00:00Z"}
    assert wire.ask("PATCH", path(meeting), 200, json=both)["endDateTime"] == both["endDateTime"]


def test_a_deleted_meeting_lives_on_behind_its_link(wire: Wire) -> None:
    meeting = opened(wire)
    wire.ask("DELETE", path(meeting), 204)
    wire.ask("GET", path(meeting), 404)
    assert httpx.get(meeting["joinWebUrl"], trust_env=False).status_code == 200
    assert wire.ask("GET", path(meeting), 200)["id"] == meeting["id"]


def test_a_report_is_there_only_after_the_organizer_ended_it(wire: Wire) -> None:
    meeting = opened(wire)
    reports = f"{path(meeting)}/attendanceReports"
    wire.control("join", meeting=meeting["id"], people=3)
    assert wire.ask("GET", reports, 200)["value"] == []
    wire.house.later(hours=1)
    wire.control("end-meeting", meeting=meeting["id"])
    (report,) = wire.ask("GET", reports, 200)["value"]
    assert report["totalParticipantCount"] == 3
    assert report["meetingEndDateTime"] == "2026-11-21T13:00:00Z"


def test_a_meeting_is_found_by_its_link_and_only_so(wire: Wire) -> None:
    meeting = opened(wire)
    link = {"$filter": f"JoinWebUrl eq '{meeting['joinWebUrl']}'"}
    (found,) = wire.ask("GET", "/me/onlineMeetings", 200, params=link)["value"]
    assert found["id"] == meeting["id"]
    wire.ask("GET", "/me/onlineMeetings", 400)


def test_somebody_else_s_meeting_is_not_there(wire: Wire) -> None:
    meeting = opened(wire)
    with wire.as_user(wire.house.bob) as bob:
        assert bob.get(path(meeting)).status_code == 404
        assert bob.get(path(meeting)).json()["error"]["message"].startswith("Invalid meeting id")
