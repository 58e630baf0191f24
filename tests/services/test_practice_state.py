"""What the practice tenant keeps, and the schema it checks requests by."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from app.resources import resource
from app.services.practice.errors import Refusal
from app.services.practice.schema import checked, checked_action
from tests.contracts.schema_check import members, schema
from tests.services.practice_house import House


def test_what_was_answered_is_there_after_a_kill(tmp_path: Path) -> None:
    house = House(file=tmp_path / "a" / "practice.sqlite")
    house.sent("bob@flight.example")
    with house.tenant.turn():
        start = {"dateTime": "2026-11-23T09:00:00", "timeZone": "UTC"}
        house.tenant.calendar.create(house.ada, {"subject": "x", "start": start, "end": start})
        house.tenant.meetings.create_or_get(house.ada, {"externalId": "outage-1"})
    shutil.copytree(tmp_path / "a", tmp_path / "b")  # as the disk is when the process dies
    again = House(file=tmp_path / "b" / "practice.sqlite")
    assert len(again.folder(again.bob, "inbox")) == 1
    assert len(again.tenant.calendar.box(again.ada).events) == 1
    meeting, new = again.tenant.meetings.create_or_get(again.ada, {"externalId": "outage-1"})
    assert not new
    assert meeting.id in [each.id for each in again.tenant.meetings.of(again.ada)]


def test_names_are_never_given_twice(tmp_path: Path) -> None:
    ids: set[str] = set()
    for _ in range(3):
        house = House(file=tmp_path / "practice.sqlite")
        made = {house.draft("bob@flight.example").id for _ in range(5)}
        assert not ids & made
        ids |= made
        house.tenant.close()


def test_a_series_and_its_exception_are_kept(tmp_path: Path) -> None:
    house = House(file=tmp_path / "practice.sqlite")
    start = {"dateTime": "2026-11-23T09:00:00", "timeZone": "UTC"}
    range_ = {"type": "numbered", "startDate": "2026-11-23", "numberOfOccurrences": 5}
    recurrence = {"pattern": {"type": "daily", "interval": 1}, "range": range_}
    values = {"subject": "x", "start": start, "end": start, "recurrence": recurrence}
    with house.tenant.turn():
        made = house.tenant.calendar.create(house.ada, values)
        house.tenant.calendar.delete(house.ada, f"{made.id}Oc20261124=")
        house.tenant.calendar.patch(house.ada, f"{made.id}Oc20261125=", {"subject": "y"})
    house.tenant.close()
    again = House(file=tmp_path / "practice.sqlite")
    with again.tenant.turn():
        found, day = again.tenant.calendar.find(again.ada, f"{made.id}Oc20261125=")
        assert (found.data["subject"], day) == ("y", "")
        with pytest.raises(Refusal, match="404"):
            again.tenant.calendar.find(again.ada, f"{made.id}Oc20261124=")


def test_the_shipped_types_are_those_of_the_schema() -> None:
    ours: dict[str, Any] = json.loads(resource("practice/graph.json").read_text(encoding="utf-8"))
    for name, found in ours["types"].items():
        theirs = members(name)
        for prop, kind in found["properties"].items():
            whole = theirs[prop]
            many = "[]" if whole.get("collection") else ""
            never = "!" if whole.get("nullable") is False else ""
            assert kind == f"{whole['type']}{many}{never}", f"{name}.{prop}"
    for name, allowed in ours["enums"].items():
        assert allowed == schema()["enums"][name]["members"]


def test_a_request_is_spelled_as_the_schema_spells_it() -> None:
    body = checked("message", {"importance": "HIGH", "body": {"contentType": "HTML"}})
    assert body == {"importance": "high", "body": {"contentType": "html"}}
    assert checked_action("message/move", {"DESTINATIONID": "x"}) == {"destinationId": "x"}


@pytest.mark.parametrize(
    "body",
    [
        {"subject": 7},
        {"isRead": "true"},
        {"importance": "urgent"},
        {"toRecipients": {"emailAddress": {}}},
        {"toRecipients": [{"emailAdress": {}}]},
        {"categories": None},
        {"sentDateTime": "yesterday"},
        {"attachments": [{"@odata.type": "#microsoft.graph.fileAttachment", "contentBytes": "%"}]},
        {"attachments": [{"@odata.type": "#microsoft.graph.event"}]},
        [],
    ],
)
def test_a_value_of_the_wrong_kind_is_refused(body: Any) -> None:
    with pytest.raises(Refusal, match="400"):
        checked("message", body)
