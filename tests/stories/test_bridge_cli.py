"""The bridge from a terminal: a Teams meeting asked for, opened, closed step by step; or a line."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import col

from app.cli import bridge as bridge_cli
from app.models.account import AccountSettings, Profile
from app.models.bridge import Provider
from app.models.errors import BadInput, NotAllowed, StoreTrouble
from app.models.outages.lifecycle import State
from app.models.outbox import ItemState
from app.models.tables.bridge import Bridge
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.services.account.settings import note_sign_out, save_account_settings
from app.services.bridge.meeting import KIND
from app.services.outages.planning import bridge_of, find_outage
from app.services.sync.lock import only_sender
from app.services.sync.meetings import MeetingRound
from app.wiring import open_console
from tests.contracts.memory_meetings import MemoryMeetings
from tests.flights import BEFORE, make_flight
from tests.makers import TestClock, make_store
from tests.terminal import Terminal

PATIENCE_S = 20.0


class Desk(Terminal):
    """A terminal with one flight, in `self.code`."""

    code: str

    def bridge(self) -> Bridge:
        row = self.store.read(lambda uow: bridge_of(uow, find_outage(uow, self.code).id))
        assert row is not None
        return row

    def asked_for(self) -> list[OutboxItem]:
        return self.store.read(lambda uow: uow.all(OutboxItem, col(OutboxItem.kind) == KIND))


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[Desk]:
    """The practice tenant’s account, and a flight without a line."""
    clock = TestClock(BEFORE)
    make_store(tmp_path / "data", clock=clock).close()
    console = open_console(tmp_path / "data", clock)
    console.store.run(save_account_settings, AccountSettings(Profile.PRACTICE))
    flight = console.store.run(make_flight, State.GO_NO_GO, bridge_line="")
    made = Desk(console, clock, capsys)
    made.code = made.store.read(lambda uow: uow.fetch(Outage, flight).code)
    yield made
    console.close()


def test_a_meeting_is_asked_for_opened_locked_and_closed_with_proof(desk: Desk) -> None:
    said = desk.types("bridge", desk.code, "open", "--by", "M. Okafor")
    assert "bridge open" in said
    assert desk.bridge().join_link in said
    assert "1 of 5" in desk.types("bridge", desk.code, "close", "--proof", "looked")
    said = desk.types("bridge", desk.code, "close", "--farewell", "thank you all")
    assert "4 of 5" in said
    assert "--ended-by NAME" in said
    assert [item.state for item in desk.asked_for()] == [ItemState.SENT] * 2
    said = desk.types(
        *("bridge", desk.code, "close", "--ended-by", "M. Okafor", "--proof", "tried the link")
    )
    assert "bridge closed" in said
    proof = desk.bridge().proof
    assert all(words in proof for words in ("thank you all", "ended by M. Okafor", "tried"))


def test_without_a_sign_in_it_says_so_and_a_line_is_the_other_way(desk: Desk) -> None:
    desk.store.run(note_sign_out, Profile.PRACTICE)
    with pytest.raises(NotAllowed, match=r"[Ss]ign in.*--line LINE"):
        desk.types("bridge", desk.code, "open")
    assert [item.state for item in desk.asked_for()] == [ItemState.WAITING]
    desk.types("bridge", desk.code, "open", "--line", "555 0199, code 7731")
    assert desk.bridge().provider == Provider.LINE
    assert [item.state for item in desk.asked_for()] == [ItemState.VOID]


def test_beside_an_open_window_that_one_makes_the_meeting(desk: Desk) -> None:
    def window() -> None:
        meetings = MeetingRound(desk.store, MemoryMeetings())
        while not stop.wait(0.05) and not meetings.turn().did:
            meetings.hurry()

    stop = threading.Event()
    thread = threading.Thread(target=window)
    with only_sender(desk.store.folder):
        thread.start()
        try:
            assert "bridge open" in desk.types("bridge", desk.code, "open")
        finally:
            stop.set()
            thread.join(PATIENCE_S)


def test_a_window_that_does_not_get_to_it_is_not_waited_for_long(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bridge_cli, "ANOTHER_SENDS_S", 0.0)
    with (
        only_sender(desk.store.folder),
        pytest.raises(NotAllowed, match="another Flight Console on this data folder sends"),
    ):
        desk.types("bridge", desk.code, "open")
    assert desk.bridge().opened_at is None


def test_a_line_is_opened_and_closed_as_ever(desk: Desk) -> None:
    desk.types("bridge", desk.code, "open", "--line", "555 0199, code 7731")
    with pytest.raises(BadInput, match="--proof alone"):
        desk.types("bridge", desk.code, "close", "--farewell", "thank you all")
    with pytest.raises(BadInput, match="Say how you saw"):
        desk.types("bridge", desk.code, "close")
    assert "bridge closed" in desk.types("bridge", desk.code, "close", "--proof", "dialled in")


def test_sync_beside_an_open_window_says_who_sends_and_the_outbox_is_shown(desk: Desk) -> None:
    with only_sender(desk.store.folder):
        with pytest.raises(StoreTrouble, match="is sending, so this one does not"):
            desk.types("sync", "--once")
        assert desk.types("outbox") == "Nothing is to leave."
