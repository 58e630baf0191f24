"""Each of the crew is told when to be ready and free: once, and again when that moves."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from app.models.errors import NotAllowed
from app.models.live.crew_times import Say
from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.outbox import ItemState
from app.models.reports.kpi import Rest
from app.models.runbook import StepAct
from app.models.tables.directory import Organisation, Person
from app.models.tables.outbox import OutboxItem
from app.services.database import Store, organisation
from app.services.live.crew_rows import CrewTime
from app.services.live.crew_telling import (
    draft_times,
    send_times,
    take_back_times,
    told_by_hand,
)
from app.services.live.crew_times import crew_times
from app.services.log import read_log
from app.services.notices.sending import record_sent
from app.services.outbox.parts import prepare
from app.services.reports.building import after_action_data
from app.services.reports.kpi import kpi_of
from app.services.uow import UnitOfWork
from tests.flights import START, do, done_before, make_flight, set_state
from tests.makers import ZONE, clock_of


@pytest.fixture
def flight(store: Store) -> str:
    """At its gate, 18 minutes before its window; nobody was told any times."""
    return store.run(make_flight, State.GO_NO_GO)


def one(store: Store, flight: str, name: str) -> CrewTime:
    return next(p for p in store.read(crew_times, flight).people if p.name == name)


def says(store: Store, flight: str) -> dict[str, Say]:
    return {p.name: p.say for p in store.read(crew_times, flight).people}


def items(uow: UnitOfWork) -> list[OutboxItem]:
    return uow.all(OutboxItem, OutboxItem.kind == "times", order=(OutboxItem.id,))


def left(uow: UnitOfWork) -> None:
    """As if the console had sent all that waits."""
    for item in items(uow):
        if item.state is ItemState.WAITING:
            item.state, item.last_tried_at = ItemState.SENT, uow.now
            uow.log("left", item)


def begin(store: Store, flight: str) -> None:
    done_before(store, flight)
    clock_of(store).set(START)
    store.run(set_state, flight, State.IN_PROGRESS)


def test_before_the_window_everybody_but_the_one_who_leads_is_to_be_told(
    store: Store, flight: str
) -> None:
    assert says(store, flight) == {
        "K. Ito": Say.TIMES, "A. Lindqvist": Say.TIMES, "R. Ramos": Say.TIMES
    }  # fmt: skip


def test_one_act_writes_a_mail_to_each_and_says_nothing_twice(store: Store, flight: str) -> None:
    sent = store.run(send_times, flight)
    assert set(sent.names) == {"K. Ito", "A. Lindqvist", "R. Ramos"}
    assert len(store.read(items)) == 3
    assert set(says(store, flight).values()) == {Say.NOTHING}
    with pytest.raises(NotAllowed, match="Everybody knows"):
        store.run(send_times, flight)


def test_the_mail_says_when_to_be_ready_when_free_and_what_to_do(store: Store, flight: str) -> None:
    ito = next(d for d in store.read(draft_times, flight) if d.name == "K. Ito")
    assert "ready 18:57, free about " in ito.subject
    assert "Be ready: Fri 10 Jan 18:57 EST" in ito.text
    assert "8 Flash" in ito.text and "555 0199" in ito.text


def test_only_those_whose_time_moved_are_corrected(store: Store, flight: str) -> None:
    store.run(send_times, flight)
    store.run(left)
    begin(store, flight)
    do(store, flight, "7", StepAct.START)
    clock_of(store).advance(minutes=65)  # ten are planned
    found = says(store, flight)
    assert (found["K. Ito"], found["A. Lindqvist"]) == (Say.MOVED, Say.MOVED)
    store.run(send_times, flight, (one(store, flight, "A. Lindqvist").person_id,))
    found = says(store, flight)
    assert (found["K. Ito"], found["A. Lindqvist"]) == (Say.MOVED, Say.NOTHING)


def test_who_works_undisturbed_is_left_alone(store: Store, flight: str) -> None:
    store.run(send_times, flight)
    begin(store, flight)
    do(store, flight, "7", StepAct.START)
    do(store, flight, "7", StepAct.FINISH)
    do(store, flight, "8", StepAct.START)
    clock_of(store).advance(minutes=90)  # 25 are planned
    assert says(store, flight)["K. Ito"] is Say.LATER
    assert "K. Ito" not in store.run(send_times, flight).names


def test_a_correction_takes_the_place_of_what_has_not_left(store: Store, flight: str) -> None:
    store.run(send_times, flight)
    begin(store, flight)
    do(store, flight, "7", StepAct.START)
    clock_of(store).advance(minutes=65)
    store.run(send_times, flight)
    states = [
        (item.payload["name"], item.state)
        for item in store.read(items)
        if item.payload["name"] == "A. Lindqvist"
    ]
    assert states == [("A. Lindqvist", ItemState.VOID), ("A. Lindqvist", ItemState.WAITING)]


def test_who_has_done_their_last_step_is_told_that_they_are_free(store: Store, flight: str) -> None:
    store.run(send_times, flight)
    store.run(left)
    begin(store, flight)  # with it everything of Ramos is done
    assert says(store, flight)["R. Ramos"] is Say.FREE
    draft = next(d for d in store.read(draft_times, flight) if d.name == "R. Ramos")
    assert draft.subject.startswith("You are free")
    store.run(send_times, flight)
    assert says(store, flight)["R. Ramos"] is Say.NOTHING


def test_nobody_is_told_free_of_what_they_were_never_asked_for(store: Store, flight: str) -> None:
    begin(store, flight)
    assert "R. Ramos" not in {d.name for d in store.read(draft_times, flight)}


def test_a_cancelled_flight_lets_everybody_go_who_was_told(store: Store, flight: str) -> None:
    store.run(send_times, flight)
    store.run(set_state, flight, State.CANCELLED)
    assert set(says(store, flight).values()) == {Say.FREE}


def test_told_by_hand_counts_as_told_and_says_who_wrote_it_down(store: Store, flight: str) -> None:
    ito = one(store, flight, "K. Ito")
    store.run(told_by_hand, flight, ito.person_id)
    told = one(store, flight, "K. Ito").told
    assert told is not None and told.how == "told by M. Okafor"
    assert store.read(read_log, flight)[-1].what.startswith("K. Ito told by hand: 18:57–")


def test_who_has_no_address_is_named_to_be_called(store: Store, flight: str) -> None:
    ito = one(store, flight, "K. Ito").person_id

    def forget(uow: UnitOfWork) -> None:
        person = uow.fetch(Person, ito)
        person.email = person.email_key = ""
        uow.log("no address", person)

    store.run(forget)
    sent = store.run(send_times, flight)
    assert sent.by_phone == ("K. Ito",) and "K. Ito" not in sent.names


def test_a_crew_brief_that_left_told_them_already(store: Store) -> None:
    clock_of(store).set(START - timedelta(days=3))
    flight = store.run(make_flight, State.ANNOUNCED)
    store.run(record_sent, flight, NoticeKind.CREW_BRIEF, clock_of(store).now())
    assert set(says(store, flight).values()) == {Say.NOTHING}
    told = one(store, flight, "K. Ito").told
    assert told is not None and told.how == "crew brief sent"


def test_what_is_taken_back_was_not_said(store: Store, flight: str) -> None:
    sent = store.run(send_times, flight)
    assert store.run(take_back_times, sent.items) == 3
    assert set(says(store, flight).values()) == {Say.TIMES}


def test_a_mail_that_waited_past_its_time_asks_a_person(store: Store, flight: str) -> None:
    store.run(send_times, flight)
    clock_of(store).set(START + timedelta(minutes=5))
    item = next(i for i in store.read(items) if i.payload["name"] == "K. Ito")
    assert store.run(prepare, item.id) == 0
    found = next(i for i in store.read(items) if i.id == item.id)
    assert found.state is ItemState.ATTENTION and "has passed" in found.last_answer


def test_the_organisation_says_from_when_on_a_time_is_corrected(store: Store, flight: str) -> None:
    def an_hour(uow: UnitOfWork) -> None:
        row: Organisation = organisation(uow)
        row.policy = {**row.policy, "crew_moved_minutes": 60}
        uow.log("an hour", row)

    store.run(an_hour)
    store.run(send_times, flight)
    begin(store, flight)
    do(store, flight, "7", StepAct.START)
    clock_of(store).advance(minutes=65)
    assert says(store, flight)["A. Lindqvist"] is Say.NOTHING


def test_the_hours_saved_are_those_before_and_after_what_they_were_told(
    store: Store, flight: str
) -> None:
    store.run(send_times, flight)
    store.run(left)
    begin(store, flight)
    clock_of(store).advance(minutes=30)
    rows = store.read(crew_times, flight)
    by = {p.name: p.hours.saved // timedelta(minutes=1) for p in rows.people if p.hours}
    assert by["A. Lindqvist"] == 30 and by["K. Ito"] == 0
    assert rows.saved is not None and rows.saved >= timedelta(minutes=30)


def test_a_word_that_never_left_spares_nobody(store: Store, flight: str) -> None:
    store.run(send_times, flight)
    begin(store, flight)
    clock_of(store).advance(minutes=30)
    assert store.read(crew_times, flight).saved == timedelta()


def test_report_and_numbers_count_the_hours_saved(store: Store, flight: str) -> None:
    store.run(send_times, flight)
    store.run(left)
    begin(store, flight)
    clock_of(store).advance(minutes=30)
    do(store, flight, "7", StepAct.START)
    clock_of(store).advance(minutes=30)
    do(store, flight, "7", StepAct.FINISH)
    store.run(set_state, flight, State.COMPLETE)
    report = store.read(after_action_data, flight)
    by = {line.who: line.saved // timedelta(minutes=1) for line in report.spared}
    # Ramos was free seven minutes into it; Lindqvist was never needed before 19:57
    assert by == {"K. Ito": 0, "A. Lindqvist": 57, "R. Ramos": 53}
    assert report.spared_words.startswith("1 h 50 min of 3 h of standing by saved")
    day = START.astimezone(ZoneInfo(ZONE)).date()
    assert store.read(kpi_of, day, day).total.rest == Rest(110, 180)
