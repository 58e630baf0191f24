"""Every transition, its gate both ways, and the road from Draft to Filed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.models.errors import BadInput, NotAllowed, Stale
from app.models.live.go import Criterion
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.lifecycle import ImpactClass, State
from app.models.runbook import StepAct, StepState
from app.models.tables.changes import ChangeRecord
from app.models.tables.live import Decision
from app.models.tables.notices import Notice
from app.models.tables.outbox import OutboxItem
from app.services.bridge.line import close_bridge, open_bridge
from app.services.changes import changes_of, review_change
from app.services.live.reading import live
from app.services.log import read_log
from app.services.outages.debt import debts_of
from app.services.outages.leading import Going, advance
from app.services.outages.moving import note_user_check
from app.services.uow import UnitOfWork, undo
from tests.makers import clock_of, make_outbox_item, make_window
from tests.services.outages_flights import WAIVED, World, flight, tell, world

__all__ = ["flight", "world"]

DONE = {"user_check": "I can open my files", "data_loss": "none"}


def debt_words(here: World) -> list[str]:
    return [d.sentence for d in here.store.read(lambda uow: debts_of(uow, here.row()))]


def test_it_flies_from_draft_to_filed(flight: World) -> None:
    flight.fly_to(State.VERIFYING)
    flight.file_away()
    assert flight.row().state is State.FILED
    assert debt_words(flight) == []


# --- Planned ---------------------------------------------------------------------------------


def test_it_is_not_planned_without_a_coordinator(world: World) -> None:
    world.planned(coordinator_id=None)
    with pytest.raises(NotAllowed, match="coordinator"):
        world.go(State.PLANNED)


def test_an_urgent_one_needs_who_approved_it_and_why(world: World) -> None:
    world.planned(impact=ImpactClass.URGENT, approver="R. Vance")
    with pytest.raises(NotAllowed, match="approved it and why") as refused:
        world.go(State.PLANNED)
    assert refused.value.about == {"plan": world.outage}, "so that the way to it is offered"
    world.planned(impact=ImpactClass.URGENT, approver="R. Vance", urgent_reason="leaking")
    world.go(State.PLANNED)
    assert world.row().state is State.PLANNED


def test_planned_goes_back_to_draft_and_undo_restores_it(flight: World) -> None:
    flight.go(State.PLANNED)
    inverse = flight.go(State.DRAFT)
    flight.store.run(undo, inverse)
    assert flight.row().state is State.PLANNED


def test_a_transition_seen_at_an_old_version_is_refused(flight: World) -> None:
    seen = flight.row().version
    flight.go(State.PLANNED)
    with pytest.raises(Stale):
        flight.store.run(advance, flight.outage, State.DRAFT, Going(), seen=seen)


# --- Announced, Go/no-go, Hold -------------------------------------------------------------------


def test_it_is_announced_only_once_somebody_was_told(flight: World) -> None:
    flight.go(State.PLANNED)
    with pytest.raises(NotAllowed, match="send the planned notice"):
        flight.go(State.ANNOUNCED)
    flight.tell(NoticeKind.PLANNED)
    flight.go(State.ANNOUNCED)
    assert flight.row().state is State.ANNOUNCED


def test_the_go_is_given_within_a_day_of_the_start_and_early_is_allowed(flight: World) -> None:
    flight.fly_to(State.GO_NO_GO)
    flight.at_start(minutes=-24 * 60 - 1)
    with pytest.raises(NotAllowed) as refused:
        flight.go(State.IN_PROGRESS, waive=WAIVED)
    assert refused.value.sentence == (
        "GO can be given from Thu 9 Jan 19:00 EST, a day before the window opens; "
        "to fly sooner, move the window."
    )
    assert flight.row().state is State.GO_NO_GO
    flight.at_start(minutes=-24 * 60)
    flight.go(State.IN_PROGRESS, waive=WAIVED)
    assert flight.row().state is State.IN_PROGRESS


def test_no_go_while_a_criterion_is_open_and_it_says_which(flight: World) -> None:
    flight.fly_to(State.GO_NO_GO)
    flight.at_start()
    with pytest.raises(NotAllowed) as refused:
        flight.go(State.IN_PROGRESS)
    assert refused.value.sentence.startswith("Not GO yet. Backup verified:")
    assert Criterion.BRIDGE_OPEN.value in refused.value.about["missing"]  # type: ignore[operator]
    assert flight.row().state is State.GO_NO_GO


def test_a_waiver_without_a_reason_is_none(flight: World) -> None:
    flight.fly_to(State.GO_NO_GO)
    flight.at_start()
    with pytest.raises(BadInput, match="reason"):
        flight.go(State.IN_PROGRESS, waive=dict.fromkeys(WAIVED, "  "))
    assert flight.row().state is State.GO_NO_GO


def test_go_does_the_gate_step_and_starts_the_clock(flight: World) -> None:
    flight.fly_to(State.IN_PROGRESS)
    assert flight.step("1").state is StepState.DONE
    assert flight.row().started_at == flight.row().start_utc
    assert {w["why"] for w in flight.row().waivers} == {"practice"}


def test_a_hold_ends_in_a_go_or_back_at_the_gate(flight: World) -> None:
    flight.fly_to(State.GO_NO_GO)
    flight.go(State.HOLD, why="vendor is late")
    flight.go(State.GO_NO_GO)
    flight.go(State.HOLD, why="still late")
    flight.at_start()
    flight.go(State.IN_PROGRESS, waive=WAIVED)
    assert flight.row().state is State.IN_PROGRESS


# --- In progress, Verifying --------------------------------------------------------------------


def test_open_steps_keep_it_from_verifying_and_are_named(flight: World) -> None:
    flight.fly_to(State.IN_PROGRESS)
    with pytest.raises(NotAllowed, match="2 Flash controller B"):
        flight.go(State.VERIFYING)


def test_it_stops_at_a_safe_point_with_a_reason(flight: World) -> None:
    flight.fly_to(State.IN_PROGRESS)
    flight.go(State.VERIFYING, why="no time left")
    assert flight.step("2").state is StepState.SKIPPED


def test_a_running_step_is_no_safe_point(flight: World) -> None:
    flight.fly_to(State.IN_PROGRESS)
    flight.act("2", StepAct.START)
    with pytest.raises(NotAllowed, match="2 Flash controller B"):
        flight.go(State.VERIFYING, why="no time left")


def test_back_to_work_from_verifying_keeps_the_start(flight: World) -> None:
    flight.fly_to(State.VERIFYING)
    flight.at_start(40)
    flight.go(State.IN_PROGRESS, why="a share is missing")
    assert flight.row().started_at == flight.row().start_utc
    flight.go(State.VERIFYING)
    assert flight.row().state is State.VERIFYING


# --- the endings ----------------------------------------------------------------------


def test_no_all_clear_with_an_open_check(flight: World) -> None:
    flight.fly_to(State.VERIFYING)
    with pytest.raises(NotAllowed, match="Not verified yet: 3 Open a file"):
        flight.go(State.COMPLETE, **DONE)


def test_a_check_is_waived_by_name_and_reason(flight: World) -> None:
    flight.fly_to(State.VERIFYING)
    with pytest.raises(BadInput):
        flight.go(State.COMPLETE, **DONE, waive={"3": " "})
    flight.go(State.COMPLETE, **DONE, waive={"3": "ward is closed"}, by="M. Okafor")
    assert flight.step("3").result == "waived"
    assert {"step": "3", "by": "M. Okafor", "why": "ward is closed"} in flight.row().waivers
    assert flight.store.read(live, flight.outage).verified == "Not verified; waived: 3"


def test_the_log_says_that_a_check_was_waived_and_never_that_it_was_finished(flight: World) -> None:
    flight.fly_to(State.VERIFYING)
    flight.go(State.COMPLETE, **DONE, waive={"3": "ward is closed"})
    said = [
        row.what for row in flight.store.run(read_log, flight.outage) if "3 Open a file" in row.what
    ]
    assert any(what.endswith("waived 3 Open a file: ward is closed") for what in said), said
    assert not any("finished" in what for what in said)


def test_no_all_clear_without_the_users_word_or_the_data_loss(flight: World) -> None:
    flight.fly_to(State.VERIFYING)
    flight.check("3")
    with pytest.raises(NotAllowed, match="What did Ward 3 say"):
        flight.go(State.COMPLETE, data_loss="none")
    with pytest.raises(NotAllowed, match="what data was lost"):
        flight.go(State.COMPLETE, user_check="works")
    flight.go(State.COMPLETE, **DONE)
    assert flight.step("4").state is StepState.DONE


def test_a_check_promised_for_later_stays_as_debt(flight: World) -> None:
    flight.fly_to(State.VERIFYING)
    flight.check("3")
    due = flight.row().end_utc + timedelta(hours=9)
    flight.go(State.COMPLETE, user_check_due=due, data_loss="none")
    log = flight.store.read(read_log, flight.outage)
    (said,) = [e.what for e in log if e.what.startswith("ALL CLEAR")]
    assert said.endswith("restored, user check due Sat 11 Jan 07:00 EST by Ward 3")
    promised = "User check due Sat 11 Jan 07:00 EST by Ward 3"
    assert promised in debt_words(flight)
    flight.store.run(note_user_check, flight.outage, "All shares are back")
    assert promised not in debt_words(flight)


def test_a_change_record_is_drafted_for_each_changing_step_done(flight: World) -> None:
    flight.fly_to(State.VERIFYING)
    flight.check("3")
    flight.go(State.COMPLETE, **DONE)
    rows = flight.store.read(changes_of, flight.outage)
    assert [(r.step, r.ci) for r in rows] == [("2 Flash controller B", "SAN-02")]


def test_partly_done_says_what_is_done_and_what_is_not(flight: World) -> None:
    flight.fly_to(State.VERIFYING)
    flight.check("3")
    with pytest.raises(BadInput, match="what is done and what is not"):
        flight.go(State.PARTLY_DONE, **DONE)
    flight.go(State.PARTLY_DONE, **DONE, why="Controller B is new, A follows")
    assert flight.row().ending_note == "Controller B is new, A follows"
    assert "Partly done owed to 2 addresses" in debt_words(flight)


def test_turning_back_needs_a_reason_and_is_a_recorded_decision(flight: World) -> None:
    flight.fly_to(State.IN_PROGRESS)
    with pytest.raises(BadInput, match="why you turn back"):
        flight.go(State.BACKING_OUT)
    flight.go(State.BACKING_OUT, why="checksum wrong")
    assert [d.answer for d in flight.store.read(lambda uow: uow.all(Decision))] == ["back out"]


def test_it_is_backed_out_once_everything_begun_is_undone(flight: World) -> None:
    flight.fly_to(State.IN_PROGRESS)
    flight.act("2", StepAct.START)
    flight.go(State.BACKING_OUT, why="checksum wrong")
    with pytest.raises(NotAllowed, match="Not back yet: B1"):
        flight.go(State.BACKED_OUT, **DONE)
    flight.act("B1", StepAct.START)
    flight.act("B1", StepAct.FINISH)
    flight.go(State.BACKED_OUT, **DONE)
    assert flight.step("2").state is StepState.UNDONE
    assert flight.store.read(lambda uow: uow.all(ChangeRecord)) == []
    assert "Backed out owed to 2 addresses" in debt_words(flight)


def test_why_it_was_backed_out_is_kept_from_the_decision(flight: World) -> None:
    flight.fly_to(State.IN_PROGRESS)
    flight.go(State.BACKING_OUT, why="checksum wrong")
    flight.go(State.BACKED_OUT, **DONE)
    assert flight.row().ending_note == "checksum wrong"


def test_an_undo_step_left_out_is_waived_by_name(flight: World) -> None:
    flight.fly_to(State.IN_PROGRESS)
    flight.act("2", StepAct.START)
    flight.go(State.BACKING_OUT, why="checksum wrong")
    flight.go(State.BACKED_OUT, **DONE, waive={"B1": "never written"}, by="Kai Ito")
    assert flight.row().state is State.BACKED_OUT


def test_cancelling_says_why_and_stops_what_waits(flight: World) -> None:
    flight.fly_to(State.ANNOUNCED)
    flight.store.run(make_outbox_item, "reminder", outage_id=flight.outage)

    def queue(uow: UnitOfWork) -> str:
        notice = tell(uow, flight.outage, NoticeKind.REMINDER)
        notice.state, notice.sent_at = NoticeState.QUEUED, None
        return notice.id

    waiting = flight.store.run(queue)
    with pytest.raises(BadInput, match="postponed"):
        flight.go(State.CANCELLED)
    flight.go(State.CANCELLED, why="postponed, new date by Friday")
    assert flight.store.read(lambda uow: uow.fetch(Notice, waiting)).state is NoticeState.VOID
    assert {i.state for i in flight.store.read(lambda uow: uow.all(OutboxItem))} == {"void"}
    assert debt_words(flight) == ["Cancelled owed to 2 addresses"]


def test_what_is_begun_is_not_left_at_a_safe_point(flight: World) -> None:
    flight.fly_to(State.IN_PROGRESS)
    flight.act("2", StepAct.START)
    with pytest.raises(NotAllowed, match=r"Begun and not finished: 2 .*skip it first"):
        flight.go(State.VERIFYING, why="the vendor left")


def test_a_draft_cancelled_on_the_day_has_nobody_to_call(flight: World) -> None:
    clock_of(flight.store).set(make_window().start_utc - timedelta(hours=1))
    flight.go(State.CANCELLED, why="dropped")
    assert debt_words(flight) == []


def test_a_cancelled_draft_nobody_heard_of_is_filed_at_once(flight: World) -> None:
    flight.go(State.CANCELLED, why="dropped")
    flight.go(State.FILED)
    assert flight.row().state is State.FILED


def test_a_flight_with_debt_is_not_filed_and_says_what_is_owed(flight: World) -> None:
    flight.fly_to(State.ANNOUNCED)
    flight.go(State.CANCELLED, why="dropped")
    with pytest.raises(NotAllowed, match="Still owed: Cancelled owed to 2 addresses"):
        flight.go(State.FILED)
    flight.tell(NoticeKind.CANCELLED)
    flight.go(State.FILED)


def test_cancelling_can_be_undone_while_nothing_left(flight: World) -> None:
    flight.fly_to(State.ANNOUNCED)
    inverse = flight.go(State.CANCELLED, why="dropped")
    flight.store.run(undo, inverse)
    assert (flight.row().state, flight.row().ending_note) == (State.ANNOUNCED, "")


def test_the_bridge_is_closed_with_proof_before_it_is_filed(flight: World) -> None:
    flight.fly_to(State.GO_NO_GO)
    flight.store.run(open_bridge, flight.outage)
    flight.at_start()
    flight.go(State.CANCELLED, why="dropped")
    assert "The bridge is still open" in debt_words(flight)
    flight.store.run(close_bridge, flight.outage, "dialled in again, conference ended")
    assert "The bridge is still open" not in debt_words(flight)


def test_undoing_the_all_clear_brings_back_verifying_and_its_step(flight: World) -> None:
    flight.fly_to(State.VERIFYING)
    flight.check("3")
    inverse = flight.go(State.COMPLETE, **DONE)
    flight.store.run(undo, inverse)
    assert flight.row().state is State.VERIFYING
    assert flight.step("4").state is StepState.TODO
    assert flight.store.read(changes_of, flight.outage) == []


def test_the_change_number_of_the_configuration_database_is_owed(flight: World) -> None:
    flight.fly_to(State.VERIFYING)
    flight.check("3")
    flight.go(State.COMPLETE, **DONE)
    row = flight.store.read(changes_of, flight.outage)[0]
    given = {"before": "4.2.1", "after": "4.3.0", "evidence": "photo"}
    flight.store.run(review_change, row.id, seen=row.version, **given)
    owed = "Change record 1: its number in the configuration database ("  # and its step
    assert any(w.startswith(owed) for w in debt_words(flight))
    clock_of(flight.store).advance(minutes=1)
    row = flight.store.read(changes_of, flight.outage)[0]
    flight.store.run(review_change, row.id, seen=row.version, external_number="CHG-1", **given)
    assert not [w for w in debt_words(flight) if w.startswith("Change record")]


def test_that_people_notice_nothing_is_not_written_to_everybody(flight: World) -> None:
    flight.fly_to(State.VERIFYING)
    flight.check("3")
    flight.go(State.COMPLETE, **DONE)
    row = flight.store.read(changes_of, flight.outage)[0]
    given = {"before": "4.2.1", "after": "4.3.0", "evidence": "photo", "people_notice": "Nothing."}
    flight.store.run(review_change, row.id, seen=row.version, **given)
    assert not [w for w in debt_words(flight) if w.startswith("What changed")]
