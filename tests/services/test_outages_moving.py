"""Another window before the start, a later end while it flies, conflicts accepted by name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import col, select

from app.models.errors import BadInput, NotAllowed, Stale
from app.models.live.go import Criterion as Token
from app.models.live.go import judge
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.confirming import confirmed_from
from app.models.outages.decisions import Decided
from app.models.outages.lifecycle import State
from app.models.tables.live import Confirmation, Criterion, Decision, RollCallAnswer
from app.models.tables.log import LogEntry
from app.models.tables.notices import Notice
from app.services.database import organisation
from app.services.live.roll_call import answer_roll_call, go_facts, say_criterion
from app.services.notices.composing import compose
from app.services.notices.sending import queue as queue_notice
from app.services.notices.sending import record_sent
from app.services.outages.consequences import cancelling_means, moving_means
from app.services.outages.debt import debts_of
from app.services.outages.moving import (
    accept_conflict,
    extend,
    move_window,
    note_user_check,
    told_count,
)
from app.services.outages.people import confirm
from app.services.outages.plan_form import plan_check
from app.services.outages.planning import change_outage
from app.services.outages.scope_freeze import scope_frozen_at
from app.services.uow import Undo, UnitOfWork, undo
from tests.makers import clock_of, make_audience, make_service, make_window
from tests.services.outages_flights import World, flight, tell, world

__all__ = ["flight", "world"]

LATER = make_window("2025-01-17 19:00", "2025-01-17 22:00")


def move(here: World, why: str = "vendor is late") -> Undo:
    return here.store.run(move_window, here.outage, LATER, why, seen=here.row().version)


def owed(here: World) -> dict[NoticeKind | None, int]:
    return {d.notice: d.count for d in here.store.read(lambda uow: debts_of(uow, here.row()))}


def waits(uow: UnitOfWork, outage_id: str, kind: NoticeKind) -> str:
    notice = tell(uow, outage_id, kind)
    notice.state, notice.sent_at = NoticeState.QUEUED, None
    return notice.id


def test_a_draft_moves_without_a_word(flight: World) -> None:
    move(flight, "")
    assert flight.row().window == LATER


def test_the_same_window_again_changes_nothing(flight: World) -> None:
    with pytest.raises(BadInput, match="nothing was changed"):
        flight.store.run(move_window, flight.outage, make_window(), "x", seen=flight.row().version)


def test_a_start_that_has_passed_is_refused(flight: World) -> None:
    past = make_window("2025-01-01 19:00", "2025-01-01 22:00")
    clock_of(flight.store).set(make_window("2025-01-01 20:00", "2025-01-01 22:00").start_utc)
    with pytest.raises(BadInput, match="has passed; give a start still to come"):
        flight.store.run(move_window, flight.outage, past, "x", seen=flight.row().version)


def test_what_changes_after_the_scope_freeze_is_marked(flight: World) -> None:
    flight.go(State.PLANNED)
    # planned within twelve days: it freezes as people are told
    assert flight.store.read(scope_frozen_at, flight.row()) is None
    flight.fly_to(State.ANNOUNCED)
    lead = flight.store.read(plan_check, flight.plan(), flight.outage).lead
    assert lead is not None and "frozen since Mon 6 Jan" in lead.sentence
    said = []
    for plan in (flight.plan(cis=()), flight.plan(cis=(), title="Another title")):
        flight.store.run(change_outage, flight.outage, plan, flight.row().version)
        said.append(flight.store.read(_last_said))
    assert said[0].startswith(
        "changed the plan of OUT-2025-001 after the scope freeze of Mon 6 Jan"
    )
    assert said[0].endswith("items") and said[1] == "changed the plan of OUT-2025-001"


def _last_said(uow: UnitOfWork) -> str:
    said = [
        entry.what for entry in uow.session.exec(select(LogEntry).order_by(col(LogEntry.number)))
    ]
    return next(each for each in reversed(said) if "changed the plan" in each)


def test_an_announced_one_says_why_it_moves(flight: World) -> None:
    flight.fly_to(State.ANNOUNCED)
    assert flight.store.read(told_count, flight.outage) == 2
    with pytest.raises(BadInput, match="say why"):
        move(flight, " ")


def test_moving_owes_the_new_time_to_everyone_told(flight: World) -> None:
    flight.fly_to(State.ANNOUNCED)
    move(flight)
    assert owed(flight)[NoticeKind.RESCHEDULED] == 2
    flight.tell(NoticeKind.RESCHEDULED)
    assert NoticeKind.RESCHEDULED not in owed(flight)


def test_go_asks_for_the_new_time_to_be_told_first(flight: World) -> None:
    flight.fly_to(State.ANNOUNCED)

    def asked() -> dict[Token, bool]:
        judged = flight.store.read(lambda uow: judge(go_facts(uow, flight.row())))
        return {j.criterion: j.met for j in judged}

    assert Token.NEW_TIME_TOLD not in asked(), "nothing moved"
    move(flight)
    assert not asked()[Token.NEW_TIME_TOLD]
    flight.tell(NoticeKind.RESCHEDULED)
    assert asked()[Token.NEW_TIME_TOLD]


def test_moving_voids_what_was_agreed_and_what_waits(flight: World) -> None:
    flight.fly_to(State.GO_NO_GO)
    flight.store.run(answer_roll_call, flight.outage, "Kai Ito", True)
    flight.store.run(say_criterion, flight.outage, Token.CHECKER_REACHED, True, "called")

    waiting = flight.store.run(waits, flight.outage, NoticeKind.REMINDER)
    told_first, *then = flight.store.read(moving_means, flight.outage)
    assert told_first.startswith("2 people were told of Fri 10 Jan")
    assert "the roll call" in " ".join(then) and "taken back: reminder" in " ".join(then)
    move(flight)
    assert flight.row().state is State.ANNOUNCED
    assert flight.store.read(lambda uow: uow.all(RollCallAnswer)) == []
    assert flight.store.read(lambda uow: uow.all(Criterion)) == []
    assert flight.store.read(lambda uow: uow.fetch(Notice, waiting)).state is NoticeState.VOID


def test_what_cannot_move_or_be_cancelled_is_refused_before_it_is_said_what_that_means(
    flight: World,
) -> None:
    flight.fly_to(State.IN_PROGRESS)
    with pytest.raises(NotAllowed, match="extend it instead"):
        flight.store.read(moving_means, flight.outage)
    with pytest.raises(NotAllowed, match="cannot become Cancelled"):
        flight.store.read(cancelling_means, flight.outage)


def test_what_the_crew_confirmed_before_people_were_told_is_asked_again_too(
    flight: World,
) -> None:
    flight.fly_to(State.PLANNED)
    yes = confirmed_from("yes")
    assert yes is not None
    flight.store.run(confirm, flight.outage, "Kai Ito", "owner", yes)
    move(flight, "")
    (asked,) = flight.store.read(lambda uow: uow.all(Confirmation))
    assert asked.voided_at is not None


def test_a_move_taken_back_takes_its_waiting_notice_along(flight: World) -> None:
    """People would be told of a time that is void again."""
    flight.fly_to(State.ANNOUNCED)
    inverse = move(flight)
    waiting = flight.store.run(waits, flight.outage, NoticeKind.RESCHEDULED)
    flight.store.run(undo, inverse)
    assert flight.store.read(lambda uow: uow.fetch(Notice, waiting)).state is NoticeState.VOID


def test_other_services_take_back_the_reminder_that_waits_and_owe_what_it_is_now(
    flight: World,
) -> None:
    flight.store.run(lambda uow: _has_route(uow))
    flight.fly_to(State.PLANNED)
    flight.store.run(record_sent, flight.outage, NoticeKind.PLANNED, clock_of(flight.store).now())
    clock_of(flight.store).set(flight.row().start_utc - timedelta(hours=20))
    waiting = flight.store.run(queue_notice, flight.outage, NoticeKind.REMINDER)
    other, newcomers = flight.store.run(_another_service)
    plan = flight.plan(services=(flight.service, other), audiences=(flight.audience, newcomers))
    flight.store.run(change_outage, flight.outage, plan, flight.row().version)
    assert flight.store.read(lambda uow: uow.fetch(Notice, waiting)).state is NoticeState.VOID
    assert {k: owed(flight)[k] for k in (NoticeKind.RESCHEDULED, NoticeKind.PLANNED)} == {
        NoticeKind.RESCHEDULED: 2,
        NoticeKind.PLANNED: 1,
    }
    changed = flight.store.read(compose, flight.outage, NoticeKind.RESCHEDULED)
    assert "now concerns" in changed.text and "has moved" not in changed.text
    with pytest.raises(NotAllowed, match="rescheduled notice is owed"):
        flight.store.run(queue_notice, flight.outage, NoticeKind.REMINDER)


def _has_route(uow: UnitOfWork) -> None:
    home = organisation(uow)
    home.objection_route = "Call 555-0111."
    uow.log("the route", home)


def _another_service(uow: UnitOfWork) -> tuple[str, str]:
    ward = make_audience(uow, "Ward 3", list_address="ward3@hospital.example", list_size=9)
    uow.session.flush()
    return make_service(uow, "Home pages", plain_name="home pages", audiences=(ward,)).id, ward.id


def test_moving_can_be_taken_back_whole(flight: World) -> None:
    flight.fly_to(State.GO_NO_GO)
    flight.store.run(answer_roll_call, flight.outage, "Kai Ito", True)
    flight.store.run(undo, move(flight))
    assert (flight.row().state, flight.row().window) == (State.GO_NO_GO, make_window())
    assert len(flight.store.read(lambda uow: uow.all(RollCallAnswer))) == 1


def test_a_move_seen_at_an_old_version_is_refused(flight: World) -> None:
    seen = flight.row().version
    move(flight)
    with pytest.raises(Stale):
        flight.store.run(move_window, flight.outage, make_window(), "back", seen=seen)


def test_what_flies_is_extended_and_what_is_over_is_flown_again(flight: World) -> None:
    flight.fly_to(State.IN_PROGRESS)
    with pytest.raises(NotAllowed, match="extend it"):
        move(flight)


def test_what_is_cancelled_is_flown_again(flight: World) -> None:
    flight.go(State.CANCELLED, why="dropped")
    with pytest.raises(NotAllowed, match="Fly it again"):
        move(flight)


def test_a_short_extension_is_the_coordinators_own(flight: World) -> None:
    flight.fly_to(State.IN_PROGRESS)
    end = flight.row().end_utc + timedelta(minutes=30)
    inverse = flight.store.run(extend, flight.outage, end, "rebuild is slow")
    assert flight.row().promised_end_utc == end
    assert flight.row().end_utc == end - timedelta(minutes=30), "the plan stays the plan"
    assert owed(flight)[NoticeKind.EXTENDED] == 2
    flight.store.run(undo, inverse)
    assert NoticeKind.EXTENDED not in owed(flight)


def test_a_long_extension_is_the_leaders(flight: World) -> None:
    flight.fly_to(State.IN_PROGRESS)
    end = flight.row().end_utc + timedelta(minutes=31)
    with pytest.raises(NotAllowed, match=r"R\. Vance"):
        flight.store.run(extend, flight.outage, end, "rebuild is slow")
    flight.store.run(extend, flight.outage, end, "rebuild is slow", Decided("R. Vance"))
    assert [d.answered_by for d in flight.store.read(lambda uow: uow.all(Decision))] == ["R. Vance"]


def test_people_are_told_why_the_end_moved_last_whoever_decided_it(flight: World) -> None:
    flight.fly_to(State.IN_PROGRESS)
    end = flight.row().end_utc
    flight.store.run(extend, flight.outage, end + timedelta(minutes=10), "rebuild is slow")
    later, decided = end + timedelta(minutes=40), Decided("R. Vance", "not a minute more")
    flight.store.run(extend, flight.outage, later, "a disk failed", decided)
    told = flight.store.read(compose, flight.outage, NoticeKind.EXTENDED)
    assert "a disk failed" in told.text.lower() and "slow" not in told.text
    last = flight.store.read(lambda uow: uow.all(Decision, order=(col(Decision.number),)))[-1]
    assert last.answer.endswith("(not a minute more)")


@pytest.mark.parametrize(
    ("minutes", "why", "words"),
    [(0, "slow", "later one"), (-5, "slow", "later one"), (20, " ", "why it takes longer")],
)
def test_an_extension_that_cannot_be_is_refused(
    flight: World, minutes: int, why: str, words: str
) -> None:
    flight.fly_to(State.IN_PROGRESS)
    end = flight.row().end_utc + timedelta(minutes=minutes)
    with pytest.raises(BadInput, match=words):
        flight.store.run(extend, flight.outage, end, why)


def test_what_does_not_fly_is_not_extended(flight: World) -> None:
    with pytest.raises(NotAllowed, match="move its window"):
        flight.store.run(extend, flight.outage, LATER.end_utc, "slow")


def test_a_conflict_is_accepted_by_name_and_reason(flight: World) -> None:
    sentence = "The freeze “Year end” covers the window."
    with pytest.raises(BadInput, match="why"):
        flight.store.run(accept_conflict, flight.outage, "freeze", sentence, " ")
    inverse = flight.store.run(accept_conflict, flight.outage, "freeze", sentence, "payroll agreed")
    assert flight.row().accepted_conflicts == [
        {"reason": "freeze", "sentence": sentence, "why": "payroll agreed", "by": "M. Okafor"}
    ]
    flight.store.run(undo, inverse)
    assert flight.row().accepted_conflicts == []


def test_what_the_checker_said_is_kept_word_for_word(flight: World) -> None:
    with pytest.raises(BadInput):
        flight.store.run(note_user_check, flight.outage, "")
    flight.store.run(note_user_check, flight.outage, "Slow, but it works")
    assert flight.row().user_check == "Slow, but it works"
