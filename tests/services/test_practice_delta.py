"""What changed in a mail folder: rounds, tokens, removals, and their loss."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.services.practice.call import Answer, Call
from app.services.practice.changes import ChangeLog
from app.services.practice.errors import Refusal
from app.services.practice.mail_routes import delta
from tests.services.practice_house import House
from tests.services.practice_wire import Wire, served

PATH = "/me/mailFolders/inbox/messages/delta"


@pytest.fixture
def wire() -> Iterator[Wire]:
    with served() as wire:
        wire.house.tenant.switches.mail_limits = False
        yield wire


def to_ada(wire: Wire, count: int) -> None:
    for _ in range(count):
        wire.house.sent("ada@flight.example")


def round_of(wire: Wire, path: str, **options: Any) -> tuple[list[Any], str]:
    pages = list(wire.pages(path, **options))
    return [each for page in pages for each in page["value"]], pages[-1]["@odata.deltaLink"]


def test_a_first_round_tells_all_and_the_next_only_what_changed(wire: Wire) -> None:
    to_ada(wire, 23)
    headers = {"Prefer": "odata.maxpagesize=7"}
    params = {"$select": "subject"}
    pages = list(wire.pages(PATH, params=params, headers=headers))
    assert [len(page["value"]) for page in pages] == [7, 7, 7, 2]
    assert set(pages[0]["value"][0]) == {"@odata.etag", "id", "subject"}
    link = pages[-1]["@odata.deltaLink"]
    assert wire.ask("GET", link, 200)["value"] == []
    to_ada(wire, 1)
    (new,) = wire.ask("GET", link, 200)["value"]
    assert set(new) == {"@odata.etag", "id", "subject"}


def test_what_left_the_folder_is_told_as_removed(wire: Wire) -> None:
    to_ada(wire, 2)
    (first, _), link = round_of(wire, PATH)
    wire.ask("DELETE", f"/me/messages/{first['id']}", 204)
    changes, _ = round_of(wire, link)
    assert changes == [{"id": first["id"], "@removed": {"reason": "deleted"}}]


def test_a_sent_draft_is_removed_from_drafts_and_new_in_sent_items(wire: Wire) -> None:
    drafts, sent = (PATH.replace("inbox", each) for each in ("drafts", "sentitems"))
    _, drafts_link = round_of(wire, drafts)
    _, sent_link = round_of(wire, sent)
    message = wire.house.draft("bob@flight.example")
    (told,), drafts_link = round_of(wire, drafts_link)
    wire.house.send(message)
    wire.house.later(seconds=1)
    (gone,), _ = round_of(wire, drafts_link)
    (new,), _ = round_of(wire, sent_link)
    assert gone["id"] == told["id"]
    assert new["internetMessageId"] == told["internetMessageId"]


def test_only_what_arrived_since_is_told(wire: Wire) -> None:
    to_ada(wire, 1)
    wire.house.later(hours=1)
    to_ada(wire, 1)
    since = wire.house.now.strftime("%Y-%m-%dT%H:%M:%SZ")
    found, _ = round_of(wire, PATH, params={"$filter": f"receivedDateTime ge {since}"})
    assert len(found) == 1
    wire.ask("GET", PATH, 400, params={"$filter": "isRead eq true"})


def test_a_lost_state_is_410_and_a_full_round_begins_anew(wire: Wire) -> None:
    to_ada(wire, 1)
    _, link = round_of(wire, PATH)
    wire.control("expire", deltas=True)
    assert wire.ask("GET", link, 410)["error"]["code"] == "SyncStateNotFound"
    found, link = round_of(wire, PATH)
    assert len(found) == 1
    wire.control("switches", gone_location=True)
    wire.control("expire", deltas=True)
    place = wire.client.get(link).headers["Location"]
    assert len(round_of(wire, place)[0]) == 1


def test_replays_repeat_what_was_told(wire: Wire) -> None:
    to_ada(wire, 3)
    found, link = round_of(wire, PATH)
    wire.house.tenant.switches.delta_replays = 2
    again, _ = round_of(wire, link)
    assert [each["id"] for each in again] == [each["id"] for each in found[-2:]]


def test_a_change_during_a_round_is_told_in_the_next_one(wire: Wire) -> None:
    to_ada(wire, 12)
    page = wire.ask("GET", PATH, 200)
    first = page["value"][0]["id"]
    wire.ask("PATCH", f"/me/messages/{first}", 200, json={"isRead": True})
    rest, link = round_of(wire, page["@odata.nextLink"])
    assert len(rest) == 2
    (changed,), _ = round_of(wire, link)
    assert changed["id"] == first


def test_tokens_survive_a_restart_of_the_tenant(tmp_path: Path) -> None:
    def ask(house: House, **query: str) -> Answer:
        with house.tenant.turn():
            call = Call("", "/x", house.ada, house.ada, ("inbox",), query, {})
            return delta(house.tenant, call)

    first = House(file=tmp_path / "practice.sqlite")
    first.sent("ada@flight.example")
    body = ask(first).body
    assert body is not None
    token = body["@odata.deltaLink"].partition("$deltatoken=")[2]
    first.tenant.close()
    second = House(file=tmp_path / "practice.sqlite", now=first.now)
    second.sent("ada@flight.example")
    body = ask(second, **{"$deltatoken": token}).body
    assert body is not None
    assert len(body["value"]) == 1
    second.tenant.forget_deltas(second.ada)
    second.tenant.close()
    third = House(file=tmp_path / "practice.sqlite", now=first.now)
    with pytest.raises(Refusal, match="410"):
        ask(third, **{"$deltatoken": token})


def test_a_change_log_gives_each_key_once_at_its_last_change() -> None:
    log = ChangeLog()
    for number in range(1, 5_001):
        log.note(f"k{number % 7}", number)
    assert [number for number, _ in log.between(0, 5_000)] == list(range(4_994, 5_001))
    assert log.before(5_000, 2) == 4_998
