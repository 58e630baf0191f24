"""Held, released, sent now, taken back, by another way, and answers to what nobody can know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.models.errors import NotAllowed
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.lifecycle import State
from app.models.outbox import BY_FILE, ItemState, PartState, Route
from app.models.tables.outages import Outage
from app.services.notices.exporting import export
from app.services.notices.sending import cancel_queued, record_sent
from app.services.outages.leading import Going, advance
from app.services.outages.moving import move_window
from app.services.outbox.acting import (
    choose_route,
    hand_over,
    hold,
    release,
    say_it_did_not_leave,
    say_it_left,
    say_send_again,
    send_now,
)
from app.services.outbox.closing import Kept, kept_here
from app.services.outbox.reading import Can, outbox, recipients, when_last_arrives
from app.services.ports.trouble import Unclear, Unreachable
from app.services.uow import undo
from tests.makers import clock_of, make_window
from tests.services.outbox_desk import Desk, make_desk

K = NoticeKind


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.store.close()


def now(desk: Desk) -> datetime:
    return clock_of(desk.store).now()


def until_due(desk: Desk, item: str) -> None:
    clock_of(desk.store).set(desk.item(item).not_before or now(desk))


def lost(desk: Desk, item: str) -> None:
    """It was sent, the answer is lost, and it shows up nowhere for days."""
    until_due(desk, item)
    desk.mailbox.move_takes = lambda: timedelta(days=2)
    desk.weather.lay("send", Unclear("The connection was reset."), after=True)


def test_held_nothing_leaves_and_released_it_does(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    desk.run(hold, item)
    until_due(desk, item)
    desk.go_on()
    assert desk.mailbox.acts == []
    assert desk.row(item).can == {Can.RELEASE, Can.SEND_NOW, Can.TAKE_BACK, Can.EXPORT, Can.ROUTE}
    desk.run(release, item)
    desk.turn(seconds=9)
    assert desk.mailbox.acts == []
    desk.go_on()
    assert len(desk.mailbox.sent) == 1


def test_sent_now_it_leaves_in_ten_seconds(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    desk.run(send_now, item)
    desk.turn(seconds=9)
    assert desk.mailbox.acts == []
    desk.turn(seconds=1)
    assert len(desk.mailbox.sent) == 1


def test_held_while_it_leaves_the_rest_stays(desk: Desk) -> None:
    item = desk.queue(K.CREW_BRIEF)
    until_due(desk, item)
    desk.weather.lay("create", Unreachable("No connection."))
    desk.turn()
    desk.run(hold, item)
    desk.go_on()
    assert desk.mailbox.sent == []
    assert desk.state(item) is ItemState.HELD
    desk.run(release, item)
    desk.go_on()
    assert len(desk.mailbox.sent) == 3


def test_taken_back_before_anything_was_tried_it_is_void_at_once(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    desk.store.run(cancel_queued, desk.item(item).about_id)
    assert desk.state(item) is ItemState.VOID
    assert desk.notice(item).state is NoticeState.VOID


def drafted(desk: Desk) -> str:
    """The draft is in Outlook, and its send was not tried yet."""
    item = desk.queue(K.PLANNED)
    until_due(desk, item)
    desk.weather.lay("send", Unreachable("No connection."))
    desk.turn()
    assert desk.parts(item)[0].state is PartState.DRAFTED
    return item


def test_taken_back_with_a_draft_in_outlook_it_is_void_once_that_is_deleted(desk: Desk) -> None:
    item = drafted(desk)
    desk.store.run(cancel_queued, desk.item(item).about_id)
    assert desk.state(item) is ItemState.LEAVING
    assert desk.notice(item).state is NoticeState.QUEUED
    assert desk.row(item).last_answer == "being taken back"
    with pytest.raises(NotAllowed, match="being taken back"):
        desk.store.run(cancel_queued, desk.item(item).about_id)
    desk.go_on()
    assert desk.state(item) is ItemState.VOID
    assert desk.notice(item).state is NoticeState.VOID
    assert not desk.mailbox.drafts
    assert not desk.mailbox.sent


@pytest.mark.parametrize("after", [True, False])
def test_a_deletion_whose_answer_is_lost_is_looked_up(desk: Desk, after: bool) -> None:
    item = drafted(desk)
    desk.weather.lay("delete", Unclear("The connection was reset."), after=after)
    desk.store.run(cancel_queued, desk.item(item).about_id)
    desk.go_on()
    assert desk.state(item) is ItemState.VOID
    assert not desk.mailbox.drafts


def test_taken_back_too_late_it_is_shown_as_left(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    until_due(desk, item)
    desk.weather.lay("send", Unclear("The connection was reset."), after=True)
    desk.turn()
    desk.store.run(cancel_queued, desk.item(item).about_id)
    desk.go_on()
    assert desk.state(item) is ItemState.SENT
    assert desk.notice(item).state is NoticeState.SENT
    assert len(desk.mailbox.sent) == 1


def test_a_cancelled_flight_takes_back_what_is_half_out_and_counts_who_was_reached(
    desk: Desk,
) -> None:
    item = desk.queue(K.CREW_BRIEF)
    until_due(desk, item)
    desk.weather.lay("send", Unclear("The connection was reset."), after=True)
    desk.turn()
    going = Going(why="dropped: no longer needed")
    desk.store.run(advance, desk.outage_id, State.CANCELLED, going)
    assert desk.item(item).taken_back_at is not None
    desk.go_on()
    reached = {r.key for r in desk.store.read(recipients, item)}
    assert {m.message.to[0].email for m in desk.mailbox.sent} == reached
    assert len(reached) == 1
    assert desk.notice(item).state is NoticeState.SENT
    assert "left before" in desk.row(item).last_answer


def test_a_moved_flight_voids_what_waits_and_a_draft_of_it_is_deleted(desk: Desk) -> None:
    desk.run(send_now, desk.queue(K.PLANNED))
    desk.go_on()
    item = desk.queue(K.CREW_BRIEF)
    until_due(desk, item)
    desk.weather.lay("send", Unreachable("No connection."))
    desk.turn()
    outage = desk.store.read(lambda uow: uow.fetch(Outage, desk.outage_id))
    window = make_window("2025-01-17 19:00", "2025-01-17 22:00")
    desk.store.run(move_window, desk.outage_id, window, "the vendor", seen=outage.version)
    desk.go_on()
    assert desk.state(item) is ItemState.VOID
    assert len(desk.mailbox.sent) == 1
    assert not desk.mailbox.drafts


def test_outlook_holds_it_until_its_time(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    desk.run(choose_route, item, Route.OUTLOOK_HOLDS)
    desk.turn()
    assert desk.state(item) is ItemState.DEFERRED
    assert desk.mailbox.sent == []
    assert desk.notice(item).state is NoticeState.QUEUED
    desk.go_on()
    assert desk.state(item) is ItemState.SENT
    due = desk.item(item).not_before
    assert desk.mailbox.sent[0].sent_at == due
    assert desk.notice(item).sent_at == due, "people heard then, not when Outlook took it"


def test_closing_the_console_hands_to_outlook_what_is_due_later(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    assert desk.store.read(kept_here) == Kept(1, 1)
    assert desk.store.run(hand_over) == 1
    desk.turn()
    assert desk.state(item) is ItemState.DEFERRED
    assert desk.row(item).sender == "held by Outlook until its time"


def test_what_is_on_its_way_is_not_handed_over(desk: Desk) -> None:
    desk.queue(K.PLANNED)
    clock_of(desk.store).advance(days=30)
    assert desk.store.read(kept_here) == Kept(1, 0)
    assert desk.store.run(hand_over) == 0


def test_what_outlook_holds_is_fetched_back_and_sent_now(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    desk.run(choose_route, item, Route.OUTLOOK_HOLDS)
    desk.turn()
    desk.run(send_now, item)
    desk.go_on()
    sent = desk.mailbox.sent
    assert len(sent) == 1
    assert sent[0].message.hold_until is None
    assert desk.state(item) is ItemState.SENT


def test_what_outlook_holds_is_taken_back(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    desk.run(choose_route, item, Route.OUTLOOK_HOLDS)
    desk.turn()
    desk.store.run(cancel_queued, desk.item(item).about_id)
    desk.go_on()
    clock_of(desk.store).advance(days=30)
    assert desk.state(item) is ItemState.VOID
    assert desk.mailbox.sent == []


def test_a_draft_in_outlook_is_seen_to_leave_by_a_persons_hand(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    desk.run(choose_route, item, Route.OUTLOOK_DRAFT)
    desk.turn()
    assert desk.state(item) is ItemState.DRAFTED
    assert desk.row(item).web_link
    desk.mailbox.send(desk.mailbox.drafts[0].id)
    desk.turn(minutes=6)
    assert desk.state(item) is ItemState.SENT
    assert desk.mailbox.acts == ["create", "send"]


def test_saved_as_files_the_draft_in_outlook_goes(desk: Desk) -> None:
    item = drafted(desk)
    desk.store.run(export, desk.outage_id, K.PLANNED)
    assert desk.row(item).sender == BY_FILE
    desk.go_on()
    assert desk.state(item) is ItemState.EXPORTED
    assert not desk.mailbox.drafts
    assert not desk.mailbox.sent


def test_what_may_have_left_is_not_saved_as_files_nor_said_to_be_sent_by_hand(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    lost(desk, item)
    desk.turn()
    with pytest.raises(NotAllowed, match="may have left"):
        desk.store.run(export, desk.outage_id, K.PLANNED)
    with pytest.raises(NotAllowed, match="may have left"):
        desk.store.run(record_sent, desk.outage_id, K.PLANNED, now(desk))


def test_a_person_says_that_it_left(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    lost(desk, item)
    desk.go_on()
    assert Can.SAY in desk.row(item).can
    desk.run(say_it_left, item)
    assert desk.state(item) is ItemState.SENT
    assert desk.notice(item).state is NoticeState.SENT


def test_a_person_has_it_sent_again_and_the_mailbox_is_looked_at_once_more(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    lost(desk, item)
    desk.go_on()
    clock_of(desk.store).advance(days=3)  # meanwhile it arrived among the sent after all
    desk.run(say_send_again, item)
    desk.go_on()
    assert len(desk.mailbox.sent) == 1
    assert desk.state(item) is ItemState.SENT


def test_a_person_says_that_what_was_taken_back_did_not_leave(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    lost(desk, item)
    desk.turn()
    desk.store.run(cancel_queued, desk.item(item).about_id)
    desk.go_on()
    assert desk.row(item).can == {Can.SAY}
    desk.run(say_it_did_not_leave, item)
    assert desk.state(item) is ItemState.VOID
    assert desk.notice(item).state is NoticeState.VOID


def test_taking_back_is_undone_while_nothing_was_tried(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    inverse = desk.store.run(cancel_queued, desk.item(item).about_id)
    desk.store.run(undo, inverse)
    until_due(desk, item)
    desk.go_on()
    assert len(desk.mailbox.sent) == 1


def test_sent_by_hand_the_console_sends_it_no_more(desk: Desk) -> None:
    item = drafted(desk)
    desk.store.run(record_sent, desk.outage_id, K.PLANNED, now(desk))
    desk.go_on()
    assert desk.state(item) is ItemState.SENT
    assert not desk.mailbox.sent
    assert not desk.mailbox.drafts


def test_a_reminder_forwards_the_message_that_was_sent(desk: Desk) -> None:
    desk.run(send_now, desk.queue(K.PLANNED))
    desk.go_on()
    original = desk.mailbox.sent[0]
    item = desk.queue(K.REMINDER)
    desk.go_on()
    forward = next(m for m in desk.mailbox.sent if m is not original).message
    assert forward.forward_of == original.id
    assert "Original Message" not in forward.text
    assert desk.state(item) is ItemState.SENT


def test_a_reminder_of_a_message_that_is_gone_carries_the_whole_text(desk: Desk) -> None:
    desk.run(send_now, desk.queue(K.PLANNED))
    desk.go_on()
    desk.mailbox.purge(desk.mailbox.sent[0].id)
    desk.queue(K.REMINDER)
    desk.go_on()
    assert "Original Message" in desk.mailbox.sent[0].message.text


def test_without_an_account_all_leaves_by_a_persons_hand(desk: Desk) -> None:
    desk.queue(K.PLANNED)
    (row,) = desk.store.read(lambda uow: outbox(uow, sends=False))
    assert row.sender == BY_FILE
    assert Can.SEND_NOW not in row.can


def test_the_last_of_many_arrives_days_later(desk: Desk) -> None:
    many = desk.store.read(when_last_arrives, (25_000,), now(desk))
    assert many.messages == 50
    assert many.days(now(desk)) == 2


def test_drafts_of_which_a_person_sent_one_still_wait_for_their_hand(desk: Desk) -> None:
    item = desk.queue(K.CREW_BRIEF)
    desk.run(choose_route, item, Route.OUTLOOK_DRAFT)
    desk.turn()
    desk.mailbox.send(desk.mailbox.drafts[0].id)
    desk.turn(minutes=6)
    assert desk.state(item) is ItemState.DRAFTED
    desk.run(send_now, item)
    desk.go_on()
    assert len(desk.mailbox.sent) == 3
    assert desk.state(item) is ItemState.SENT


def test_a_held_draft_that_a_person_sends_from_outlook_is_seen_to_have_left(desk: Desk) -> None:
    item = drafted(desk)
    desk.run(hold, item)
    desk.mailbox.send(desk.mailbox.drafts[0].id)
    desk.turn(minutes=6)
    assert desk.state(item) is ItemState.SENT


def test_a_draft_that_a_person_sent_is_not_called_gone_while_it_is_on_its_way(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    desk.run(choose_route, item, Route.OUTLOOK_DRAFT)
    desk.turn()
    desk.mailbox.move_takes = lambda: timedelta(minutes=3)
    desk.mailbox.send(desk.mailbox.drafts[0].id)
    desk.store.run(cancel_queued, desk.item(item).about_id)
    desk.go_on()
    assert desk.state(item) is ItemState.SENT
    assert desk.notice(item).state is NoticeState.SENT
