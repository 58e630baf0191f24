"""A Teams meeting as the bridge: asked for once, closed step by step, never more than was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.models.bridge import ClosingStep
from app.models.errors import BadInput, NotAllowed
from app.models.outages.decisions import Decided
from app.models.outages.lifecycle import State
from app.models.outbox import ItemState
from app.models.runbook import StepState
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.services.bridge.line import open_bridge
from app.services.bridge.meeting import (
    answer_closing,
    ask_meeting,
    begin_closing,
    meeting_came,
    meeting_refused,
    use_line,
)
from app.services.calendar.outlook import wanted, written
from app.services.calendar.owed import Chosen, choose_calendar
from app.services.database import Store
from app.services.live.reading import live
from app.services.live.rows import BridgeRow
from app.services.outages.leading import Going, advance
from app.services.outages.moving import move_window
from app.services.outbox.reading import outbox
from app.services.ports.calendars import RemoteEvent
from app.services.ports.meetings import Meeting
from tests.flights import make_flight, set_state, step_of
from tests.makers import make_window

NEW_LINK = "https://teams.example/l/meetup-join/19%3anew"
LINK = "https://teams.example/l/meetup-join/19%3ameeting"
AT = datetime(2025, 1, 10, 23, 30, tzinfo=UTC)
DIAL_IN = "+1 212 555 0190, conference id 551 870 93#"


def meeting(lobby: str = "organization", dial_in: str = DIAL_IN) -> Meeting:
    return Meeting("m1", LINK, "File cluster", AT, AT, dial_in, lobby)


def items(store: Store) -> list[OutboxItem]:
    return store.read(lambda uow: uow.all(OutboxItem, OutboxItem.kind == "meeting"))


def bridge(store: Store, flight: str) -> BridgeRow:
    row = store.read(live, flight).bridge
    assert row is not None
    return row


@pytest.fixture
def flight(store: Store) -> str:
    """With a meeting that is there and open."""
    made = store.run(make_flight, State.GO_NO_GO, bridge_line="")
    store.run(meeting_came, store.run(ask_meeting, made), meeting())
    store.run(open_bridge, made)
    return made


def test_a_meeting_not_made_yet_moves_with_the_window_and_goes_with_it(store: Store) -> None:
    made = store.run(make_flight, State.PLANNED)
    store.run(ask_meeting, made)
    later = make_window("2025-01-17 19:00", "2025-01-17 22:00")
    version = store.read(lambda uow: uow.fetch(Outage, made).version)
    store.run(move_window, made, later, "the vendor is late", seen=version)
    assert items(store)[0].payload["start"].startswith("2025-01-17T23:30")
    store.run(advance, made, State.CANCELLED, Going(why="dropped", decided=Decided("R. Vance")))
    assert items(store)[0].state is ItemState.VOID


def test_a_meeting_is_asked_for_through_the_outbox(store: Store) -> None:
    made = store.run(make_flight, State.PLANNED)
    store.run(ask_meeting, made)
    [item] = items(store)
    assert item.state is ItemState.WAITING
    assert item.payload["act"] == "open"


def test_asked_twice_it_is_the_same_meeting(store: Store) -> None:
    made = store.run(make_flight, State.PLANNED)
    assert store.run(ask_meeting, made) == store.run(ask_meeting, made)
    assert len(items(store)) == 1


def test_how_to_join_is_said_once_the_meeting_is_there(store: Store) -> None:
    made = store.run(make_flight, State.PLANNED, bridge_line="")
    store.run(meeting_came, store.run(ask_meeting, made), meeting())
    assert bridge(store, made).line == f"{DIAL_IN} · {LINK}"


def test_a_number_is_never_invented(store: Store) -> None:
    made = store.run(make_flight, State.PLANNED, bridge_line="")
    store.run(meeting_came, store.run(ask_meeting, made), meeting(dial_in=""))
    assert bridge(store, made).line == LINK


def test_a_refused_meeting_needs_a_person_and_a_line_does_instead(store: Store) -> None:
    made = store.run(make_flight, State.GO_NO_GO, bridge_line="")
    store.run(meeting_refused, store.run(ask_meeting, made), "No licence for meetings.")
    assert items(store)[0].state is ItemState.ATTENTION
    store.run(use_line, made, "212 555 0199, code 7731")
    assert items(store)[0].state is ItemState.VOID
    store.run(open_bridge, made)
    assert bridge(store, made).open


def test_a_meeting_that_is_not_open_is_not_closed(store: Store) -> None:
    made = store.run(make_flight, State.GO_NO_GO)
    store.run(ask_meeting, made)
    with pytest.raises(NotAllowed, match="not open"):
        store.run(begin_closing, made, "thank you all")


def test_the_farewell_has_the_lobby_locked(store: Store, flight: str) -> None:
    store.run(begin_closing, flight, "all clear, thank you")
    lock = items(store)[-1]
    assert lock.payload["act"] == "lock"
    words = {row.id: row.words for row in store.read(outbox)}
    assert words[lock.id] == "Lock the lobby of the Teams meeting"
    store.run(meeting_came, lock.id, meeting("organizer"))
    assert bridge(store, flight).closing.words == "locked; the organiser is asked to end it"


def test_with_the_lock_it_is_said_that_no_calendar_entry_is_to_be_cancelled(
    store: Store, flight: str
) -> None:
    store.run(begin_closing, flight, "all clear, thank you")
    store.run(meeting_came, items(store)[-1].id, meeting("organizer"))
    closing = bridge(store, flight).closing
    said = closing.answered(ClosingStep.EVENT)
    assert said is not None
    assert said.answer == "none to cancel: this meeting has no entry of its own"
    assert closing.next is ClosingStep.END
    assert said.answer in closing.proof


def test_a_lock_seen_after_one_by_hand_adds_to_it_alone(store: Store, flight: str) -> None:
    """With no network it is locked by hand; the console's own lock comes when that is back."""
    store.run(begin_closing, flight, "all clear, thank you")
    store.run(answer_closing, flight, ClosingStep.LOCK, "by hand, in the options")
    store.run(meeting_came, items(store)[-1].id, meeting("organizer"))
    steps = [each.step for each in bridge(store, flight).closing.answers]
    assert steps == [
        ClosingStep.FAREWELL,
        ClosingStep.LOCK,
        ClosingStep.EVENT,
        ClosingStep.LOCK,
    ]


def test_a_lock_that_did_not_take_is_not_called_locked(store: Store, flight: str) -> None:
    store.run(begin_closing, flight, "all clear, thank you")
    store.run(meeting_came, items(store)[-1].id, meeting("everyone"))
    assert bridge(store, flight).closing.words == "closing"
    assert items(store)[-1].state is ItemState.ATTENTION


def test_a_step_is_not_answered_before_the_one_before_it(store: Store, flight: str) -> None:
    store.run(begin_closing, flight, "all clear, thank you")
    with pytest.raises(NotAllowed, match="First: lock the lobby"):
        store.run(answer_closing, flight, ClosingStep.END, "pressed End meeting")


def test_an_answer_says_what_was_seen(store: Store, flight: str) -> None:
    store.run(begin_closing, flight, "all clear, thank you")
    with pytest.raises(BadInput, match="what you saw"):
        store.run(answer_closing, flight, ClosingStep.LOCK, " ")


def close(store: Store, flight: str) -> None:
    store.run(begin_closing, flight, "all clear, thank you")
    store.run(meeting_came, items(store)[-1].id, meeting("organizer"))
    store.run(answer_closing, flight, ClosingStep.END, "Ito pressed End meeting")
    store.run(answer_closing, flight, ClosingStep.LOOK, "the link says the meeting has ended")


def test_with_the_last_answer_the_bridge_is_closed_and_its_step_done(
    store: Store, flight: str
) -> None:
    store.run(set_state, flight, State.COMPLETE)
    close(store, flight)
    row = bridge(store, flight)
    assert not row.open
    assert "Ito pressed End meeting" in row.proof
    assert store.read(step_of, flight, "17").state is StepState.DONE


def test_after_a_closed_one_a_new_meeting_is_made(store: Store, flight: str) -> None:
    close(store, flight)
    store.run(ask_meeting, flight)
    opened = [i.payload["external_id"] for i in items(store) if i.payload["act"] == "open"]
    assert opened == [f"{flight}:1", f"{flight}:2"]


def test_the_link_of_a_closed_meeting_is_named_no_more(store: Store, flight: str) -> None:
    close(store, flight)
    assert bridge(store, flight).line == ""


def test_closed_after_the_end_its_link_leaves_the_calendar_too(store: Store, flight: str) -> None:
    store.run(choose_calendar, Chosen("c1", "Outages"))
    store.run(set_state, flight, State.COMPLETE)
    [owed] = store.read(lambda uow: uow.all(OutboxItem, OutboxItem.kind == "event"))
    before = store.read(wanted, owed.id)
    assert before is not None and before.entry is not None and LINK in before.entry.location
    store.run(written, owed.id, "c1", before.entry, RemoteEvent("e1", "u1", "k1", "", AT, AT))
    close(store, flight)
    events = store.read(lambda uow: uow.all(OutboxItem, OutboxItem.kind == "event"))
    after = store.read(wanted, events[-1].id)
    assert [each.state for each in events] == [ItemState.SENT, ItemState.WAITING]
    assert after is not None and after.entry is not None and LINK not in after.entry.location


def test_after_a_closed_meeting_the_new_one_is_how_to_join(store: Store, flight: str) -> None:
    close(store, flight)
    store.run(meeting_came, store.run(ask_meeting, flight), replace(meeting(), join_link=NEW_LINK))
    row = bridge(store, flight)
    assert row.line == f"{DIAL_IN} · {NEW_LINK}"
    assert row.closed_at is None and not row.open


def test_asked_again_while_it_is_made_it_is_the_same_new_meeting(store: Store, flight: str) -> None:
    close(store, flight)
    assert store.run(ask_meeting, flight) == store.run(ask_meeting, flight)


def test_a_closed_meeting_is_not_opened_again(store: Store, flight: str) -> None:
    close(store, flight)
    with pytest.raises(BadInput, match="no conference line"):
        store.run(open_bridge, flight)


def test_a_line_opened_after_a_closed_meeting_is_how_to_join(store: Store, flight: str) -> None:
    close(store, flight)
    store.run(open_bridge, flight, "", "212 555 0199, code 7731")
    assert bridge(store, flight).line == "212 555 0199, code 7731"
