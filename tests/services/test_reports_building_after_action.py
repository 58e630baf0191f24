"""The after-action report, drawn from the log and the rows."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.errors import ConsoleError
from app.models.notices.kinds import NoticeKind
from app.models.outages.decisions import Act, Decided, default_card
from app.models.outages.lifecycle import State
from app.models.reports.after_action import NoticeLine
from app.models.runbook import StepAct, StepState
from app.models.tables.changes import ChangeRecord
from app.models.tables.directory import Person, Service
from app.models.tables.runbook import Step
from app.services.database import Store
from app.services.live.deciding import say_warranted
from app.services.live.decision_card import card_rows
from app.services.log import add_note, log_as_json, strike
from app.services.outages.moving import accept_conflict, extend
from app.services.reports.after_action import after_action_html
from app.services.reports.building import after_action_data, leave_after_action
from app.services.runbook.acting import Report
from app.services.uow import UnitOfWork, undo
from tests.flights import (
    END,
    START,
    do,
    flight_store,
    in_progress,
    make_flight,
    set_state,
    step_of,
)
from tests.makers import clock_of
from tests.services.outages_flights import tell

CARD = default_card("R. Vance", "555 0110")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = flight_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def flight(store: Store) -> str:
    """In progress, everything before the window done."""
    return in_progress(store, card=CARD)


def test_steps_stand_with_their_plan_and_what_happened(store: Store, flight: str) -> None:
    do(store, flight, "7", StepAct.START, Report(by="K. Ito", via="M. Okafor"))
    clock_of(store).advance(minutes=22)
    do(store, flight, "7", StepAct.FINISH, Report(by="K. Ito", via="M. Okafor", note="one hung"))
    lines = {s.code: s for s in store.read(after_action_data, flight).steps}
    seven = lines["7"]
    assert (seven.planned, seven.started) == (START, START)
    assert seven.finished == START + timedelta(minutes=22)
    assert (seven.deviation_words, seven.who) == ("+12 min", "K. Ito, via M. Okafor")
    assert seven.note == "one hung"
    assert lines["B8"].planned is None


def test_an_extension_shows_the_old_and_the_new_end(store: Store, flight: str) -> None:
    new = END + timedelta(minutes=30)
    store.run(extend, flight, new, "the rebalance is slow")
    report = store.read(after_action_data, flight)
    (line,) = report.extensions
    assert (line.old_end, line.new_end) == (END, new)
    assert (line.by, line.why) == ("M. Okafor", "the rebalance is slow")
    assert report.promised_end == END


def test_an_extension_taken_back_is_none(store: Store, flight: str) -> None:
    inverse = store.run(extend, flight, END + timedelta(minutes=30), "slow")
    store.run(undo, inverse)
    assert store.read(after_action_data, flight).extensions == ()


def test_an_extension_by_another_than_the_card_names_is_marked(store: Store, flight: str) -> None:
    decided = Decided("C. Delgado", instead="no answer")
    store.run(extend, flight, END + timedelta(hours=1), "slow", decided)
    (line,) = store.read(after_action_data, flight).extensions
    assert line.by == "C. Delgado, instead of R. Vance"
    taken = [row for row in store.read(card_rows, flight) if row.decided]
    assert [row.act for row in taken] == [Act.EXTEND_BEYOND]
    assert "C. Delgado" in taken[0].sub


def test_who_was_called_up_is_listed_with_their_verdict(store: Store, flight: str) -> None:
    decided = Decided("R. Vance", "no spare part", minutes_waited=4, was_called=True)
    store.run(extend, flight, END + timedelta(hours=1), "slow", decided)
    report = store.read(after_action_data, flight)
    assert [w.warranted_words for w in report.woken] == ["no answer yet"]
    assert report.decisions[0].waited_minutes == 4
    assert report.decisions[0].asked_of == "R. Vance"

    def verdict(uow: UnitOfWork) -> None:
        from app.models.tables.live import Decision

        row = uow.all(Decision)[0]
        say_warranted(uow, row.id, True, seen=row.version)

    store.run(verdict)
    assert [w.warranted for w in store.read(after_action_data, flight).woken] == [True]


def test_a_struck_entry_stays_and_names_its_correction(store: Store, flight: str) -> None:
    store.run(add_note, flight, "node A is down")
    number = store.read(after_action_data, flight).log[-1].number
    store.run(strike, flight, number, "node B is down")
    *_, wrong, right = store.read(after_action_data, flight).log
    assert (wrong.struck, wrong.corrects) == (True, right.number)
    assert (right.struck, right.corrects) == (False, number)


def test_notices_stand_with_when_they_were_due_and_left(store: Store, flight: str) -> None:
    clock_of(store).advance(minutes=4)
    store.run(tell, flight, NoticeKind.STARTED)
    lines = {n.kind: n for n in store.read(after_action_data, flight).notices}
    started = lines["Started"]
    assert (started.due, started.sent) == (START, START + timedelta(minutes=4))
    assert started.to == "File cluster firmware users (a list of 1,240)"
    facts = dict(store.read(after_action_data, flight).facts)
    assert facts["People told"] == "1 address, about 1,240 people"
    assert lines["Planned notice"].kept_words == "not sent (owed)"
    assert lines["What changed"].kept_words == "not sent (not due yet)"


def test_a_brief_after_the_window_is_not_taken_for_the_one_before(
    store: Store, flight: str
) -> None:
    clock_of(store).set(END)
    store.run(set_state, flight, State.COMPLETE)
    clock_of(store).advance(hours=12)
    store.run(tell, flight, NoticeKind.SERVICE_DESK_BRIEF)
    briefs = [
        n for n in store.read(after_action_data, flight).notices if "desk" in n.kind.casefold()
    ]
    assert [(n.kind, n.sent is not None) for n in briefs] == [
        ("Service-desk brief", False),
        ("Service-desk brief", True),
    ]
    assert isinstance(briefs[1], NoticeLine)
    assert briefs[1].due is not None and briefs[1].due > END


def test_a_filed_flight_still_says_how_it_ended(store: Store, flight: str) -> None:
    store.run(set_state, flight, State.BACKED_OUT)
    store.run(set_state, flight, State.FILED)
    report = store.read(after_action_data, flight)
    assert report.ending.startswith("Backed out")
    assert report.back_out_words.startswith("Backed out:")


def test_a_flight_that_turned_back_says_how_long_before_the_last_moment(
    store: Store, flight: str
) -> None:
    """Steps 7 and 8 were begun; what is undone since counted then."""

    def begun(uow: UnitOfWork) -> None:
        for code in ("7", "8"):
            step = step_of(uow, flight, code)
            step.state, step.started_at = StepState.DONE, START
        uow.log("begun", step)

    store.run(begun)
    clock_of(store).set(START + timedelta(minutes=40))
    before = store.read(after_action_data, flight).back_out_moment
    store.run(set_state, flight, State.BACKING_OUT)

    def undone(uow: UnitOfWork) -> None:
        for code in ("7", "8"):
            step = step_of(uow, flight, code)
            step.state, step.ended_at = StepState.UNDONE, uow.now
        for code in ("B7", "B8"):
            step = step_of(uow, flight, code)
            step.state, step.started_at, step.ended_at = StepState.DONE, uow.now, uow.now
        uow.log("undone", step)

    clock_of(store).advance(minutes=30)
    store.run(undone)
    store.run(set_state, flight, State.BACKED_OUT)
    report = store.read(after_action_data, flight)
    assert report.turned_at == START + timedelta(minutes=40)
    assert report.back_out_moment == before
    assert report.way_back_words.startswith("Turned back 19:40, ")
    assert " before the back-out moment (2" in report.way_back_words


def test_a_flight_not_flown_says_so(store: Store) -> None:
    flight = store.run(make_flight, State.PLANNED)
    report = store.read(after_action_data, flight)
    assert report.ending == "Not flown yet (planned)"
    assert (report.started, report.back_out_moment) == (None, None)


def test_change_records_and_accepted_conflicts_are_in_the_report(store: Store, flight: str) -> None:
    def record(uow: UnitOfWork) -> None:
        step = step_of(uow, flight, "8")
        assert step.ci_id is not None
        row = ChangeRecord(
            organisation_id=uow.organisation_id,
            outage_id=flight,
            ci_id=step.ci_id,
            number=1,
            before="4.2.1",
            after="5.0.3",
            at=uow.now,
        )
        uow.add(row)
        uow.log("recorded", row)

    store.run(record)
    store.run(accept_conflict, flight, "freeze", "Year end covers it.", "agreed with finance")
    report = store.read(after_action_data, flight)
    assert [(c.ci, c.before, c.after) for c in report.changes] == [("CTL-B", "4.2.1", "5.0.3")]
    facts = dict(report.facts)
    assert facts["Conflicts accepted"] == ("Year end covers it. by M. Okafor: agreed with finance")
    assert facts["Services"] == "File cluster firmware service"


def test_the_report_is_left_as_a_page(store: Store, flight: str, tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    store.read(leave_after_action, flight, path)
    assert "File cluster firmware" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("state", State)
def test_a_report_can_be_had_in_every_state(store: Store, state: State) -> None:
    flight = store.run(make_flight, state, card=CARD)
    assert after_action_html(store.read(after_action_data, flight))


ACTS = st.lists(
    st.tuples(
        st.sampled_from(["7", "8", "9", "10", "11", "12", "13", "B8", "B7"]),
        st.sampled_from(StepAct),
        st.integers(0, 40),
    ),
    max_size=12,
)


@settings(max_examples=12)
@given(ACTS, st.sampled_from([State.IN_PROGRESS, State.VERIFYING, State.BACKING_OUT]))
def test_however_it_was_flown_every_step_and_every_entry_is_in_the_report(
    acts: list[tuple[str, StepAct, int]], state: State
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = flight_store(Path(folder), START)
        flight = store.run(make_flight, state)
        for code, act, minutes in acts:
            clock_of(store).advance(minutes=minutes)
            try:
                do(store, flight, code, act, Report(note="as it was"))
            except ConsoleError:
                continue  # the rules refused it; what was done before stands
        report = store.read(after_action_data, flight)
        codes = store.read(lambda uow: {s.code for s in uow.all(Step, Step.outage_id == flight)})
        numbers = {entry["number"] for entry in store.read(log_as_json, flight)}
        store.close()
    assert {s.code for s in report.steps} == codes
    assert {line.number for line in report.log} == numbers
    assert after_action_html(report)


def test_the_morning_names_the_owner_and_the_checker_but_nobody_who_flew(
    store: Store, flight: str
) -> None:
    def own(uow: UnitOfWork) -> None:
        service = uow.all(Service)[0]
        people = {person.name: person.id for person in uow.all(Person)}
        service.owner_id = people["K. Ito"]
        uow.log("owned", service)

    store.run(own)
    rested = store.read(after_action_data, flight).rested
    assert rested == ("D. Moreau, Radiology on the user side",)


def test_a_change_on_no_named_ci_is_told_as_one(store: Store, flight: str) -> None:
    def forget_ci(uow: UnitOfWork) -> None:
        row = step_of(uow, flight, "7")
        row.ci_id, row.setting = None, "client connections"
        uow.log("it names no CI", row)

    store.run(forget_ci)
    do(store, flight, "7", StepAct.START)
    do(store, flight, "7", StepAct.FINISH)
    (said,) = store.read(after_action_data, flight).changes_words
    assert said.startswith(
        "Step 7 Drain clients from node B changed node B: client connections (K. Ito"
    )
    assert said.endswith("no CI is named for it.")


def test_a_change_taken_back_is_not_called_nothing(store: Store, flight: str) -> None:
    do(store, flight, "7", StepAct.START)
    store.run(set_state, flight, State.BACKING_OUT)
    do(store, flight, "B7", StepAct.START)
    do(store, flight, "B7", StepAct.FINISH)
    (said,) = store.read(after_action_data, flight).changes_words
    assert said == "Changed and undone again was 7 Drain clients from node B."
