"""The paper packet, filled from the store."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.notices.kinds import NoticeKind
from app.models.outages.decisions import default_card
from app.models.outages.lifecycle import State
from app.models.reports.packet import (
    BACK_OUT,
    BEFORE_THE_WINDOW,
    IN_THE_WINDOW,
    VERIFY,
    WRAP_UP,
    PacketData,
    StepRow,
)
from app.models.runbook import StepAct
from app.models.tables.directory import Vendor
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.services.database import Store
from app.services.events import Event, EventBus, OutageChanged
from app.services.log import chain_head, read_log
from app.services.reports.building import mark_printed, packet_data
from app.services.runbook.acting import Report
from app.services.uow import UnitOfWork
from tests.flights import END, START, do, done_before, flight_store, make_flight, step_of
from tests.makers import clock_of
from tests.services.outages_flights import tell

CARD = default_card("R. Vance", "555 0110", "J. Sato", "555 0111")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = flight_store(tmp_path, START - timedelta(hours=4))
    yield opened
    opened.close()


@pytest.fixture
def flight(store: Store) -> str:
    return store.run(make_flight, State.ANNOUNCED, card=CARD)


def row_of(data: PacketData, code: str) -> StepRow:
    return next(r for section in data.sections for r in section.rows if r.code == code)


def change(store: Store, flight: str, **values: object) -> None:
    def use(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, flight)
        for name, value in values.items():
            setattr(outage, name, value)
        uow.log("changed for the test", outage)

    store.run(use)


def test_the_packet_names_window_bridge_and_who_leads(store: Store, flight: str) -> None:
    data = store.read(packet_data, flight)
    assert data.window_local == "Fri 10 Jan 19:00–22:00 EST"
    assert data.bridge == "555 0199, code 7731"
    assert data.bridge_opens == START - timedelta(minutes=30)
    assert data.coordinator.words == "M. Okafor +1\u00a0212\u00a0555\u00a00142"
    assert data.printed_at == START - timedelta(hours=4)


def test_every_step_is_on_the_packet_once_in_flying_order(store: Store, flight: str) -> None:
    data = store.read(packet_data, flight)
    assert [s.heading for s in data.sections] == [
        BEFORE_THE_WINDOW,
        IN_THE_WINDOW,
        VERIFY,
        BACK_OUT,
        WRAP_UP,
    ]
    codes = [r.code for section in data.sections for r in section.rows]
    steps = store.read(lambda uow: [s.code for s in uow.all(Step, Step.outage_id == flight)])
    assert sorted(codes) == sorted(steps)
    assert codes[:5] == ["1", "2", "3", "4", "5"]
    assert [r.code for r in data.sections[3].rows] == ["B11", "B10", "B8", "B7", "B12"]


def test_a_changing_step_says_when_it_must_start_what_it_touches_and_what_undoes_it(
    store: Store, flight: str
) -> None:
    row = row_of(store.read(packet_data, flight), "8")
    assert (row.after, row.changes, row.undone_by) == (("7",), ("CTL-B",), ("B8",))
    assert row.planned == START + timedelta(minutes=10)
    assert row.minutes == 25
    # end 22:00 − check of the old state 15 − B7 5 − B8 25 − its own 25
    assert row.start_by == END - timedelta(minutes=70)
    assert row.do_not_disturb


def test_a_step_that_cannot_be_undone_has_no_latest_start(store: Store, flight: str) -> None:
    def no_return(uow: UnitOfWork) -> None:
        step = step_of(uow, flight, "11")
        step.no_return = True
        uow.log("no way back", step)

    store.run(no_return)
    data = store.read(packet_data, flight)
    row = row_of(data, "11")
    assert row.cannot_be_undone
    assert row.start_by is None
    assert "cannot be undone: 11 Flash controller A" in data.back_out_words


def test_the_back_out_moment_is_the_one_that_holds_once_everything_is_begun(
    store: Store, flight: str
) -> None:
    data = store.read(packet_data, flight)
    assert data.back_out_moment == END - timedelta(minutes=15 + 5 + 25 + 5 + 25)
    assert "21:40 once 7 is begun, 21:15 once 8 is begun" in data.back_out_words


def test_once_every_step_is_begun_the_moment_needs_no_ifs_and_says_when_it_passed(
    store: Store, flight: str
) -> None:
    clock_of(store).set(START - timedelta(minutes=40))
    done_before(store, flight)
    change(store, flight, state=State.IN_PROGRESS)
    clock_of(store).set(START)
    for code in ("7", "8", "9", "10", "11"):
        do(store, flight, code, StepAct.START)
        clock_of(store).advance(minutes=10)
        do(store, flight, code, StepAct.FINISH)
    data = store.read(packet_data, flight)
    assert data.back_out_words == "Begin to back out at this time at the latest."
    clock_of(store).set(END)
    assert store.read(packet_data, flight).back_out_words.startswith("It has passed")


def test_a_gate_that_is_passed_needs_no_words(store: Store, flight: str) -> None:
    clock_of(store).set(START - timedelta(minutes=40))
    done_before(store, flight)
    assert row_of(store.read(packet_data, flight), "5").say == ""


def test_a_gate_lists_its_criteria_and_the_words_to_say(store: Store, flight: str) -> None:
    row = row_of(store.read(packet_data, flight), "5")
    assert row.gate
    assert row.how.startswith("Steps before the GO done · Backup verified · Undo ready")
    assert "Vendor case" not in row.how
    assert "Any strong objection" in row.say
    assert "We are go for File cluster firmware" in row.say
    assert "We hold until" in row.say


def test_the_decision_card_puts_what_the_same_person_decides_in_one_line(
    store: Store, flight: str
) -> None:
    rows = store.read(packet_data, flight).decisions
    assert [(r.what, r.who_words, r.wait_words) for r in rows][:2] == [
        ("Hold; extend up to 30 min; back out", "coordinator", "–"),
        (
            "Extend beyond 30 min",
            "R. Vance 555\u00a00110 · deputy J. Sato 555\u00a00111",
            "wait 10 min, then back out",
        ),
    ]


def test_without_a_card_the_coordinator_decides_everything(store: Store) -> None:
    flight = store.run(make_flight, State.ANNOUNCED)
    rows = store.read(packet_data, flight).decisions
    assert {row.who_words for row in rows} == {"coordinator"}


def test_the_call_list_has_everybody_once_with_what_they_are(store: Store, flight: str) -> None:
    def vendor(uow: UnitOfWork) -> str:
        row = uow.add(
            Vendor(
                organisation_id=uow.organisation_id,
                name="Northwind Storage",
                key="northwind storage",
                phone="555 0188",
            )
        )
        uow.log("added the vendor", row)
        return row.id

    change(store, flight, vendor_id=store.run(vendor), vendor_case="88-1204")
    change(store, flight, checker_deputy="L. Brandt", checker_deputy_phone="555 0141")
    calls = {c.name: c for c in store.read(packet_data, flight).calls}
    assert calls["M. Okafor"].role == "coordinator"
    assert calls["K. Ito"].role == "storage engineer: steps 3, 7, 8, 10, 11, B11, B8"
    assert calls["D. Moreau, Radiology"].phone == "555 0140"
    assert calls["L. Brandt"].role == "deputy checker"
    assert calls["Northwind Storage"].role == "vendor, case 88-1204"
    assert calls["R. Vance"].role == "decides"
    assert calls["J. Sato"].role == "decides as deputy"
    assert "Service desk" in calls


def test_what_was_done_before_printing_is_ticked(store: Store, flight: str) -> None:
    clock_of(store).set(START - timedelta(minutes=40))
    done_before(store, flight)
    change(store, flight, state=State.IN_PROGRESS)
    clock_of(store).set(START)
    do(store, flight, "7", StepAct.START)
    do(store, flight, "7", StepAct.BLOCK, Report(note="node hangs"))
    data = store.read(packet_data, flight)
    assert row_of(data, "3").ticked
    assert row_of(data, "3").finished == START - timedelta(minutes=40)
    assert not row_of(data, "7").ticked
    assert "node hangs" in row_of(data, "7").state


def test_a_lock_is_spoken_in_the_windows_time(store: Store, flight: str) -> None:
    def lock(uow: UnitOfWork) -> None:
        step = step_of(uow, flight, "9")
        step.not_before, step.not_after = START + timedelta(hours=1), END
        uow.log("locked", step)

    store.run(lock)
    row = row_of(store.read(packet_data, flight), "9")
    assert row.lock == "not before 20:00, not after 22:00"


def test_the_notices_still_to_come_are_there_word_for_word(store: Store, flight: str) -> None:
    notices = {n.kind: n for n in store.read(packet_data, flight).notices}
    assert "has started" in notices["Started"].body
    assert notices["Started"].due == START
    assert {"Extended", "All clear", "Partly done", "Backed out"} <= notices.keys()
    assert all(n.subject and n.body for n in notices.values())


def test_what_only_the_night_will_tell_is_left_to_the_pen(store: Store, flight: str) -> None:
    notices = {n.kind: n for n in store.read(packet_data, flight).notices}
    extended = notices["Extended"]
    assert "until ________ instead of 10:00 pm" in extended.body
    assert "next update comes at ________" in extended.body
    assert "Data loss: ________" in notices["All clear"].body
    assert "a new date by ________" in notices["Cancelled (postponed)"].body
    assert "It is dropped" in notices["Cancelled (dropped)"].body


def test_a_notice_that_left_is_not_printed_again_unless_it_may_be_needed_again(
    store: Store, flight: str
) -> None:
    for kind in (NoticeKind.PLANNED, NoticeKind.STARTED, NoticeKind.EXTENDED):
        store.run(tell, flight, kind)
    change(store, flight, state=State.IN_PROGRESS)
    kinds = {n.kind for n in store.read(packet_data, flight).notices}
    assert "Started" not in kinds
    assert {"Extended", "All clear", "Service-desk brief"} <= kinds


def test_the_packet_stands_on_the_logs_head(store: Store, flight: str) -> None:
    data = store.read(packet_data, flight)
    assert (data.log_number, data.log_hash) == store.read(chain_head)
    assert data.store_revision


def test_printing_is_marked_with_the_runbooks_revision_and_logged(tmp_path: Path) -> None:
    bus, seen = EventBus(), list[Event]()
    store = flight_store(tmp_path, START - timedelta(hours=4), bus)
    flight = store.run(make_flight, State.ANNOUNCED)
    change(store, flight, runbook_revision=7)
    bus.subscribe(seen.append)
    store.run(mark_printed, flight)
    outage = store.read(lambda uow: uow.fetch(Outage, flight))
    entries = store.read(read_log, flight)
    store.close()
    assert outage.packet_printed_at == START - timedelta(hours=4)
    assert outage.packet_revision == 7
    assert entries[-1].what == "packet printed, revision 7"
    assert OutageChanged(flight) in seen


@pytest.mark.parametrize("state", State)
def test_a_packet_can_be_had_in_every_state(store: Store, state: State) -> None:
    flight = store.run(make_flight, state, card=CARD)
    data = store.read(packet_data, flight)
    assert data.sections
    assert data.back_out_moment or data.back_out_words


def test_a_flight_without_steps_coordinator_or_bridge_still_has_a_packet(store: Store) -> None:
    flight = store.run(make_flight, runbook="", bridge_line="")
    change(store, flight, coordinator_id=None, checker="")
    data = store.read(packet_data, flight)
    assert data.sections == ()
    assert data.back_out_words == "No step changes anything, so there is nothing to undo."
    assert data.coordinator.name == "no coordinator named"
