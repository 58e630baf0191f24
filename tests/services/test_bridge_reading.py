"""What the card of a bridge says: the ways in, what becomes of the meeting, what can be done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.models.account import AccountSettings, Profile
from app.models.bridge import ClosingStep
from app.models.outages.lifecycle import State
from app.models.tables.outbox import OutboxItem
from app.services.account.settings import save_account_settings
from app.services.bridge.line import open_bridge
from app.services.bridge.meeting import (
    answer_closing,
    ask_meeting,
    begin_closing,
    meeting_came,
    meeting_refused,
    use_line,
)
from app.services.bridge.reading import Joining, Making
from app.services.database import Store
from app.services.live.reading import live
from app.services.outages.brief import brief
from app.services.ports.meetings import Meeting
from tests.flights import flight_store, make_flight

LINK = "https://teams.example/l/meetup-join/19%3ameeting"
DIAL_IN = "+1 212 555 0190, conference ID 551 870 93"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = flight_store(tmp_path)
    made.run(save_account_settings, AccountSettings(profile=Profile.PRACTICE))
    yield made
    made.close()


def joining(store: Store, flight: str) -> Joining:
    found = store.read(brief, flight).joining
    assert found is not None
    return found


def came(store: Store, item: str, *, lobby: str = "organization", dial_in: str = DIAL_IN) -> None:
    at = datetime(2025, 1, 10, 23, 30, tzinfo=UTC)
    store.run(meeting_came, item, Meeting("m1", LINK, "File cluster", at, at, dial_in, lobby))


def lock_item(store: Store, meeting: int = 1) -> str:
    found = store.read(lambda uow: uow.all(OutboxItem, OutboxItem.kind == "meeting"))
    return next(item.id for item in found if item.key.endswith(f":{meeting}:lock"))


def test_without_an_account_there_is_nothing_but_the_line(tmp_path: Path) -> None:
    store = flight_store(tmp_path)
    flight = store.run(make_flight, State.ANNOUNCED)
    assert store.read(brief, flight).joining is None
    bridge = store.read(live, flight).bridge
    assert bridge is not None
    assert bridge.joining is None
    store.close()


def test_a_line_can_become_a_meeting(store: Store) -> None:
    flight = store.run(make_flight, State.ANNOUNCED)
    found = joining(store, flight)
    assert found.making is Making.LINE
    assert found.can_make
    assert not found.can_use_line


def test_while_it_is_asked_for_the_line_still_stands(store: Store) -> None:
    flight = store.run(make_flight, State.ANNOUNCED)
    store.run(ask_meeting, flight)
    found = joining(store, flight)
    assert found.making is Making.ASKED
    assert "being made" in found.sentence
    assert [way.label for way in found.ways] == ["Line"]
    assert not found.can_make


def test_a_meeting_shows_its_link_and_what_is_dialled(store: Store) -> None:
    flight = store.run(make_flight, State.ANNOUNCED)
    came(store, store.run(ask_meeting, flight))
    found = joining(store, flight)
    assert found.making is Making.MADE
    assert [(way.text, way.is_link) for way in found.ways] == [(LINK, True), (DIAL_IN, False)]
    facts = {fact.label: fact.text for fact in store.read(brief, flight).facts}
    assert facts["Bridge"] == f"{DIAL_IN} · {LINK}"


def test_a_dial_in_number_is_never_invented(store: Store) -> None:
    flight = store.run(make_flight, State.ANNOUNCED)
    came(store, store.run(ask_meeting, flight), dial_in="")
    assert "no dial-in number" in joining(store, flight).sentence


def test_refused_it_says_why_and_what_to_do(store: Store) -> None:
    flight = store.run(make_flight, State.ANNOUNCED)
    store.run(meeting_refused, store.run(ask_meeting, flight), "Teams is not licensed.")
    found = joining(store, flight)
    assert found.sentence == (
        "No Teams meeting: Teams is not licensed. Use a conference line, or ask again."
    )
    assert found.can_make
    assert found.can_use_line


def test_a_line_instead_of_the_meeting_is_the_only_way_in(store: Store) -> None:
    flight = store.run(make_flight, State.ANNOUNCED)
    came(store, store.run(ask_meeting, flight))
    store.run(use_line, flight, "212 555 0180, code 7731")
    assert [way.text for way in joining(store, flight).ways] == ["212 555 0180, code 7731"]


def test_a_lock_that_failed_is_said_until_it_is_answered(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    came(store, store.run(ask_meeting, flight))
    store.run(open_bridge, flight)
    store.run(begin_closing, flight, "thank you all")
    assert joining(store, flight).lock_trouble == ""
    came(store, lock_item(store), lobby="everyone")
    assert "still lets in “everyone”" in joining(store, flight).lock_trouble
    store.run(answer_closing, flight, ClosingStep.LOCK, "locked by hand")
    assert joining(store, flight).lock_trouble == ""


def test_a_second_meeting_is_locked_for_itself(store: Store) -> None:
    flight = store.run(make_flight, State.GO_NO_GO)
    came(store, store.run(ask_meeting, flight))
    store.run(open_bridge, flight)
    for step in (s for s in ClosingStep if s is not ClosingStep.EVENT):
        store.run(answer_closing, flight, step, "seen")
    came(store, store.run(ask_meeting, flight))
    assert joining(store, flight).sentence == "Not opened yet."
    store.run(open_bridge, flight)
    bridge = store.read(live, flight).bridge
    assert bridge is not None
    assert not bridge.closing.begun
    store.run(begin_closing, flight, "thank you again")
    came(store, lock_item(store, 2), lobby="organizer")
    assert store.read(live, flight).bridge.closing.next is ClosingStep.END  # type: ignore[union-attr]
