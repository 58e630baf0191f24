"""The mails with times leave one a person and once, through the same outbox as all others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.errors import NotAllowed
from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.outbox import ItemState
from app.models.runbook import StepAct
from app.services.live.crew_telling import send_times, take_back_times
from app.services.live.crew_times import crew_times
from app.services.ports.trouble import Unclear
from tests.flights import START, do, done_before, set_state
from tests.makers import clock_of
from tests.services.outbox_desk import Desk, make_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.store.close()


def test_each_gets_a_mail_of_their_own_and_then_knows(desk: Desk) -> None:
    sent = desk.store.run(send_times, desk.outage_id)
    desk.go_on()
    mails = [m.message for m in desk.mailbox.sent]
    assert sorted(m.to[0].name for m in mails) == ["A. Lindqvist", "K. Ito", "R. Ramos"]
    assert all(len(m.to) == 1 and not m.bcc and "free about" in m.subject for m in mails)
    assert all(desk.state(item) is ItemState.SENT for item in sent.items)
    people = desk.store.read(crew_times, desk.outage_id).people
    assert all(p.told is not None and p.told.known and p.told.how == "mail left" for p in people)


def test_an_answer_that_is_lost_sends_no_second_mail(desk: Desk) -> None:
    desk.store.run(send_times, desk.outage_id)
    desk.weather.lay("send", Unclear("no answer"), after=True)
    desk.go_on()
    desk.restart()
    desk.go_on()
    assert len(desk.mailbox.sent) == 3


def test_what_is_taken_back_in_time_never_leaves(desk: Desk) -> None:
    sent = desk.store.run(send_times, desk.outage_id)
    desk.store.run(take_back_times, sent.items)
    desk.go_on()
    assert desk.mailbox.sent == []


def test_a_correction_says_what_it_stands_in_place_of(desk: Desk) -> None:
    desk.store.run(send_times, desk.outage_id)
    desk.go_on()
    clock_of(desk.store).set(START)
    done_before(desk.store, desk.outage_id)
    desk.store.run(set_state, desk.outage_id, State.IN_PROGRESS)
    do(desk.store, desk.outage_id, "7", StepAct.START)
    clock_of(desk.store).advance(minutes=65)
    desk.store.run(send_times, desk.outage_id)
    desk.go_on()
    later = [m.message for m in desk.mailbox.sent[3:]]
    lindqvist = next(m for m in later if m.to[0].name == "A. Lindqvist")
    assert lindqvist.subject.startswith("New times: ready ")
    assert ", not 19:" in lindqvist.text
    with pytest.raises(NotAllowed):
        desk.store.run(send_times, desk.outage_id)


def test_a_crew_brief_counts_as_told_only_once_it_left(desk: Desk) -> None:
    desk.queue(NoticeKind.CREW_BRIEF)
    waits = {p.name: p.told for p in desk.store.read(crew_times, desk.outage_id).people}
    assert all(told is not None and not told.known for told in waits.values())
    desk.go_on()
    left = desk.store.read(crew_times, desk.outage_id).people
    assert all(p.told is not None and p.told.known and not p.say.due for p in left)
