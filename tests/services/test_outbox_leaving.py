"""What is queued leaves once: by draft and send, through troubles and restarts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.lifecycle import State
from app.models.outbox import TAKE_BACK, ItemState, PartState
from app.models.tables.outages import Outage, OutageService
from app.services.outbox.reading import Standing
from app.services.ports.trouble import Refused, SignInNeeded, Throttled, Unclear, Unreachable
from app.services.sync.state import SyncState
from app.services.uow import UnitOfWork
from tests.makers import clock_of, make_service, make_window
from tests.services.outbox_desk import Desk, make_desk

K = NoticeKind


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.store.close()


def test_nothing_leaves_in_the_first_ten_seconds(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    due = desk.item(item).not_before
    assert due is not None
    assert due >= clock_of(desk.store).now() + TAKE_BACK
    desk.turn(seconds=9)
    assert desk.mailbox.acts == []


def test_however_fast_the_clock_there_are_ten_seconds_on_the_wall(desk: Desk) -> None:
    clock_of(desk.store).speed = 60.0
    due = desk.item(desk.queue(K.PLANNED)).not_before
    assert due is not None
    assert due >= clock_of(desk.store).now() + 60 * TAKE_BACK


def test_a_due_notice_leaves_and_its_flight_is_announced(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    report = desk.go_on()
    assert [m.message.subject for m in desk.mailbox.sent] == [desk.notice(item).subject]
    assert desk.state(item) is ItemState.SENT
    assert desk.notice(item).state is NoticeState.SENT
    assert desk.store.read(lambda uow: uow.fetch(Outage, desk.outage_id).state) is State.ANNOUNCED
    assert desk.parts(item)[0].state is PartState.SENT
    assert report.state is SyncState.IN_SYNC


def test_a_notice_with_own_words_is_a_message_to_each(desk: Desk) -> None:
    item = desk.queue(K.CREW_BRIEF)
    desk.go_on()
    sent = desk.mailbox.sent
    assert len(sent) == len(desk.parts(item)) == 3
    assert all(len(m.message.to) == 1 and not m.message.bcc for m in sent)


@pytest.mark.parametrize("act", ["create", "send"])
@pytest.mark.parametrize("after", [True, False])
def test_an_answer_that_is_lost_makes_no_second_message(desk: Desk, act: str, after: bool) -> None:
    item = desk.queue(K.PLANNED)
    desk.weather.lay(act, Unclear("The connection was reset."), after=after)
    desk.go_on()
    assert len(desk.mailbox.sent) == 1
    assert desk.mailbox.drafts == []
    assert desk.state(item) is ItemState.SENT


def test_after_an_unclear_send_the_mailbox_is_believed_only_thirty_seconds_later(
    desk: Desk,
) -> None:
    item = desk.queue(K.PLANNED)
    clock_of(desk.store).set(desk.item(item).not_before or clock_of(desk.store).now())
    desk.weather.lay("send", Unclear("The connection was reset."))
    desk.turn()
    assert desk.parts(item)[0].state is PartState.SENDING
    desk.turn(seconds=20)
    assert desk.mailbox.acts == ["create", "send"]
    desk.turn(seconds=11)
    assert desk.mailbox.acts == ["create", "send", "send"]


def test_a_message_that_is_nowhere_is_asked_about(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    desk.mailbox.move_takes = lambda: timedelta(days=2)
    desk.weather.lay("send", Unclear("The connection was reset."), after=True)
    report = desk.go_on()
    assert desk.parts(item)[0].state is PartState.UNCLEAR
    assert report.state is SyncState.ATTENTION
    assert "whether it left" in desk.row(item).last_answer
    assert desk.mailbox.acts.count("send") == 1


def test_throttled_it_waits_as_long_as_it_is_told(desk: Desk) -> None:
    desk.queue(K.PLANNED)
    desk.weather.lay("create", Throttled("Too many requests.", 40.0))
    first = desk.turn(minutes=60 * 24 * 12)
    now = clock_of(desk.store).now()
    assert first.again_at is not None
    assert timedelta(seconds=40) <= first.again_at - now <= timedelta(seconds=42)
    desk.turn(seconds=39)
    assert desk.mailbox.acts == ["create"]
    desk.go_on()
    assert len(desk.mailbox.sent) == 1


@pytest.mark.parametrize(
    ("trouble", "state"),
    [
        (Unreachable("No connection."), SyncState.OFFLINE),
        (SignInNeeded("Sign in again."), SyncState.SIGN_IN),
    ],
)
def test_without_connection_or_sign_in_it_waits_and_catches_up(
    desk: Desk, trouble: Unreachable, state: SyncState
) -> None:
    item = desk.queue(K.PLANNED)
    for _ in range(8):
        desk.weather.lay("find", trouble)
    desk.weather.lay("create", trouble)
    report = desk.turn(minutes=60 * 24 * 12)
    assert report.state is state
    assert report.why == trouble.sentence
    versions = desk.parts(item)[0].version
    for _ in range(8):
        desk.turn(minutes=2)
    assert desk.parts(item)[0].version == versions, "being offline writes nothing"
    desk.go_on()
    assert len(desk.mailbox.sent) == 1


def test_what_is_refused_needs_attention_and_the_rest_goes_on(desk: Desk) -> None:
    item = desk.queue(K.CREW_BRIEF)
    desk.weather.lay("create", Refused("An address is not valid.", "ErrorInvalidRecipients", 400))
    report = desk.go_on()
    assert len(desk.mailbox.sent) == 2
    assert desk.state(item) is ItemState.ATTENTION
    assert report.state is SyncState.ATTENTION
    assert desk.notice(item).state is NoticeState.QUEUED
    assert desk.row(item).last_answer == "An address is not valid."


@pytest.mark.parametrize("acts", range(1, 5))
def test_a_new_process_goes_on_where_the_old_one_stopped(desk: Desk, acts: int) -> None:
    item = desk.queue(K.PLANNED)
    clock_of(desk.store).set(desk.item(item).not_before or clock_of(desk.store).now())
    todo = ["create", "create", "send", "send"][acts - 1]
    desk.weather.lay(todo, Stopped("killed"), after=acts % 2 == 0)  # type: ignore[arg-type]
    with pytest.raises(Stopped):
        desk.turn()
    desk.restart()
    desk.go_on()
    assert len(desk.mailbox.sent) == 1
    assert desk.mailbox.drafts == []
    assert desk.state(item) is ItemState.SENT


class Stopped(BaseException):
    """The process ends here."""


def test_the_log_stays_whole_and_the_flight_shows_no_tries(desk: Desk) -> None:
    from app.services.log import read_log

    item = desk.queue(K.PLANNED)
    desk.go_on()
    assert desk.state(item) is ItemState.SENT
    lines = [row.what for row in desk.store.read(read_log, desk.outage_id)]
    assert not [line for line in lines if "message 1" in line]
    assert "outbox: planned begins to leave in 1 message" in lines
    assert [line for line in lines if line.startswith("Planned notice told to")]


@pytest.mark.parametrize("what", ["window", "services"])
def test_what_speaks_of_another_window_or_service_does_not_leave_by_itself(
    desk: Desk, what: str
) -> None:
    """Whatever changed it: moving and changing the plan take back what waits."""
    item = desk.queue(K.PLANNED)

    def change(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, desk.outage_id)
        if what == "window":
            outage.set_window(make_window("2025-01-17 19:00", "2025-01-17 22:00"))
        else:
            other = make_service(uow, "Home pages").id
            uow.set_links(OutageService, {"outage_id": outage.id}, "service_id", [other])
        uow.log("changed", outage)

    desk.store.run(change)
    clock_of(desk.store).advance(minutes=1)
    desk.go_on()
    assert desk.mailbox.acts == []
    assert desk.row(item).standing is Standing.ATTENTION
    assert f"other {what}" in desk.row(item).last_answer
