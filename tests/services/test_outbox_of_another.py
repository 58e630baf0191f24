"""What was written into the mailbox of one person while another one is signed in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.notices.kinds import NoticeKind
from app.models.outbox import ASKS_OF_ANOTHER_AFTER, ItemState, PartState, Route
from app.services.notices.sending import cancel_queued
from app.services.outbox.acting import choose_route, say_it_left, say_send_again
from app.services.outbox.reading import Can, OutboxRow, outbox
from app.services.outbox.returning import answers_to
from app.services.sync.mail import MailRound
from tests.contracts.memory_mailbox import MemoryMailbox
from tests.makers import clock_of
from tests.services.outbox_desk import Desk, make_desk

K = NoticeKind
OKAFOR, SATO = "m.okafor@example.org", "j.sato@example.org"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    sign_in(made, OKAFOR, made.mailbox)
    yield made
    made.store.close()


def sign_in(desk: Desk, who: str, mailbox: MemoryMailbox) -> None:
    """With another person comes another mailbox; the console was started anew meanwhile."""
    desk.mailbox = mailbox
    desk.worker = MailRound(desk.store, mailbox, who=lambda: who)


def held_by_outlook(desk: Desk) -> str:
    item = desk.queue(K.PLANNED)
    desk.run(choose_route, item, Route.OUTLOOK_HOLDS)
    desk.turn()
    assert desk.state(item) is ItemState.DEFERRED
    return item


def seen_by(desk: Desk, who: str) -> OutboxRow:
    (row,) = desk.store.read(lambda uow: outbox(uow, who=who))
    return row


def after_its_time(desk: Desk, item: str) -> None:
    due = desk.item(item).not_before
    assert due is not None
    clock_of(desk.store).set(due + ASKS_OF_ANOTHER_AFTER + timedelta(minutes=1))


def test_it_is_noted_whose_mailbox_a_message_lies_in(desk: Desk) -> None:
    item = held_by_outlook(desk)
    assert {part.owner for part in desk.parts(item)} == {OKAFOR}


def test_a_colleague_is_not_asked_before_outlook_was_to_send_it(desk: Desk) -> None:
    item = held_by_outlook(desk)
    sign_in(desk, SATO, MemoryMailbox(desk.store.clock.now))
    desk.turn(minutes=60)
    assert desk.state(item) is ItemState.DEFERRED
    assert seen_by(desk, OKAFOR).lies_with == ""
    row = seen_by(desk, SATO)
    assert row.last_answer.startswith(f"it lies in the mailbox of {OKAFOR}")
    assert row.can == {Can.TAKE_BACK}, "what it would take is out of reach"


def test_a_colleague_who_takes_it_back_is_told_that_it_may_still_leave(desk: Desk) -> None:
    item = held_by_outlook(desk)
    sign_in(desk, SATO, MemoryMailbox(desk.store.clock.now))
    desk.store.run(cancel_queued, desk.item(item).about_id)
    assert "may still leave from there" in seen_by(desk, SATO).last_answer


def test_a_colleague_is_told_whose_mailbox_it_lies_in(desk: Desk) -> None:
    item = held_by_outlook(desk)
    sign_in(desk, SATO, MemoryMailbox(desk.store.clock.now))
    after_its_time(desk, item)
    desk.turn()
    assert desk.state(item) is ItemState.ATTENTION
    assert OKAFOR in desk.row(item).last_answer


def test_sent_again_by_a_colleague_it_does_not_leave_twice(desk: Desk) -> None:
    item, hers = held_by_outlook(desk), desk.mailbox
    sign_in(desk, SATO, MemoryMailbox(desk.store.clock.now))
    after_its_time(desk, item)
    desk.turn()
    desk.run(say_send_again, item)
    desk.go_on()
    assert desk.mailbox.acts == []
    assert len(hers.sent) == 1


def test_it_is_seen_to_have_left_once_its_sender_is_signed_in_again(desk: Desk) -> None:
    item, hers = held_by_outlook(desk), desk.mailbox
    sign_in(desk, SATO, MemoryMailbox(desk.store.clock.now))
    after_its_time(desk, item)
    desk.turn()
    sign_in(desk, OKAFOR, hers)
    desk.turn()
    assert desk.state(item) is ItemState.SENT
    assert len(hers.sent) == 1


def test_what_its_sender_s_mailbox_does_not_show_is_asked_about_and_not_sent_again(
    desk: Desk,
) -> None:
    item = held_by_outlook(desk)
    sign_in(desk, SATO, MemoryMailbox(desk.store.clock.now))
    after_its_time(desk, item)
    desk.turn()
    sign_in(desk, OKAFOR, MemoryMailbox(desk.store.clock.now))
    desk.go_on()
    assert desk.state(item) is ItemState.ATTENTION
    assert "neither among the drafts nor among the sent" in desk.row(item).last_answer
    assert desk.mailbox.acts == []


def test_a_colleague_who_asked_its_sender_says_that_it_left(desk: Desk) -> None:
    item = held_by_outlook(desk)
    sign_in(desk, SATO, MemoryMailbox(desk.store.clock.now))
    after_its_time(desk, item)
    desk.turn()
    desk.run(say_it_left, item)
    assert desk.state(item) is ItemState.SENT


def test_taken_back_by_a_colleague_it_is_not_called_gone(desk: Desk) -> None:
    item, hers = held_by_outlook(desk), desk.mailbox
    sign_in(desk, SATO, MemoryMailbox(desk.store.clock.now))
    desk.store.run(cancel_queued, desk.item(item).about_id)
    desk.go_on()
    assert desk.state(item) is ItemState.ATTENTION
    assert [part.state for part in desk.parts(item)] == [PartState.UNCLEAR]
    assert desk.mailbox.acts == []
    assert len(hers.sent) == 1
    sign_in(desk, OKAFOR, hers)
    desk.turn()
    assert desk.state(item) is ItemState.SENT, "which is found once its sender is signed in again"


def test_what_has_not_been_written_yet_leaves_from_whoever_is_signed_in(desk: Desk) -> None:
    item = desk.queue(K.CREW_BRIEF)
    sign_in(desk, SATO, MemoryMailbox(desk.store.clock.now))
    desk.go_on()
    assert desk.state(item) is ItemState.SENT
    assert {part.owner for part in desk.parts(item)} == {SATO}
    assert desk.store.read(answers_to, desk.outage_id) == (SATO,)
