"""Turning back past a step that cannot be undone: warned by name, decided by name, said after."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.models.errors import NotAllowed
from app.models.notices.kinds import NoticeKind
from app.models.outages.decisions import Act, Decided, default_card
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct
from app.models.tables.live import Decision
from app.services.changes import changes_of
from app.services.database import Store
from app.services.live.reading import live
from app.services.live.sides import communication_side
from app.services.notices.composing import Composed, NoticeExtra, compose
from app.services.outages.leading import Going, advance
from app.services.runbook.acting import Report, check_step
from app.services.uow import UnitOfWork
from tests.flights import (
    END,
    START,
    do,
    done_before,
    make_flight,
    past_return,
    set_state,
    step_of,
)
from tests.makers import clock_of
from tests.services.outages_flights import tell

LED = Decided("M. Okafor", "the database does not come up")
ENDED = Going(user_check="It works.", data_loss="none")


@pytest.fixture
def flight(store: Store) -> str:
    """7 is done and has an undo; 8 was begun at 19:14, cannot be undone, and is done."""
    made = past_return(store, card=default_card("R. Vance", "555 0110"))
    do(store, made, "8", StepAct.FINISH)
    return made


def turn_back(store: Store, flight: str, decided: Decided | None = LED) -> None:
    store.run(advance, flight, State.BACKING_OUT, Going(why="it hangs", decided=decided))


def back(store: Store, flight: str) -> str:
    """All undone that can be, and over."""
    turn_back(store, flight)
    do(store, flight, "B7", StepAct.FINISH)
    check = store.read(step_of, flight, "B12")
    store.run(check_step, check.id, "passed", Report(), seen=check.version)
    store.run(advance, flight, State.BACKED_OUT, ENDED)
    return flight


def written(store: Store, flight: str, kind: NoticeKind) -> Composed:
    return store.read(compose, flight, kind, NoticeExtra())


def test_turning_back_past_no_return_names_the_step_and_who_decided_it(
    store: Store, flight: str
) -> None:
    with pytest.raises(NotAllowed) as refused:
        turn_back(store, flight, None)
    said = refused.value.sentence
    assert "8 Flash controller B cannot be undone; R. Vance decided 19:14 to begin it" in said
    assert "Backing out leaves it changed and undoes only B7" in said
    assert refused.value.about["act"] is Act.BACK_OUT


def test_it_is_decided_by_name_though_the_coordinator_decides_alone(
    store: Store, flight: str
) -> None:
    turn_back(store, flight)

    def decided(uow: UnitOfWork) -> list[tuple[str, str]]:
        return [(d.answered_by, d.answer) for d in uow.all(Decision) if d.act == Act.BACK_OUT]

    words = "back out, though 8 Flash controller B cannot be undone"
    assert store.read(decided) == [("M. Okafor", words)]


def test_without_such_a_step_the_coordinator_turns_back_as_before(store: Store) -> None:
    made = store.run(make_flight, State.IN_PROGRESS)
    turn_back(store, made, None)
    assert store.read(live, made).state is State.BACKING_OUT


def test_live_warns_before_the_sheet_is_answered(store: Store, flight: str) -> None:
    assert "8 Flash controller B cannot be undone" in store.read(live, flight).back_out_warning


def test_people_hear_what_stays_changed(store: Store, flight: str) -> None:
    made = written(store, back(store, flight), NoticeKind.BACKED_OUT)
    assert "as it was before" not in made.text.replace("Not everything is as it was before", "")
    assert "What stays changed:" in made.text
    assert "- Flash controller B" in made.text
    assert "as before" not in made.subject.replace("not all as before", "")


def test_the_desk_hears_it_too(store: Store, flight: str) -> None:
    made = written(store, back(store, flight), NoticeKind.SERVICE_DESK_BRIEF)
    assert "not everything is as it was before" in made.text
    assert "Flash controller B" in made.text
    assert "Nothing is different" not in made.text


def test_the_line_and_the_communication_side_say_it_as_it_is(store: Store, flight: str) -> None:
    back(store, flight)
    assert "not everything is as it was before" in store.read(live, flight).words
    assert "Still changed: Flash controller B." in store.read(communication_side, flight).standing


def test_on_the_way_back_no_all_clear_is_promised_on_the_line(store: Store, flight: str) -> None:
    turn_back(store, flight)
    do(store, flight, "B7", StepAct.FINISH)
    check = store.read(step_of, flight, "B12")
    store.run(check_step, check.id, "passed", Report(), seen=check.version)
    assert store.read(live, flight).words.startswith("The old state is verified.")


def test_that_we_back_out_is_said_once_and_then_who_is_next(store: Store, flight: str) -> None:
    turn_back(store, flight)
    assert store.read(live, flight).words.startswith("We back out")
    do(store, flight, "B7", StepAct.FINISH)
    assert "back out" not in store.read(live, flight).words


def test_on_the_way_back_no_all_clear_is_owed_at_the_end(store: Store, flight: str) -> None:
    store.run(tell, flight, NoticeKind.PLANNED)
    turn_back(store, flight)
    clock_of(store).set(END)
    owed = [row.sentence for row in store.read(live, flight).owed]
    assert "Extended or backed out owed" in owed


def test_how_a_step_without_return_ended_is_said_before_the_flight_is_over(
    store: Store, flight: str
) -> None:
    do(store, flight, "8", StepAct.REOPEN)
    turn_back(store, flight)
    do(store, flight, "B7", StepAct.FINISH)
    check = store.read(step_of, flight, "B12")
    store.run(check_step, check.id, "passed", Report(), seen=check.version)
    with pytest.raises(NotAllowed, match="Not back yet: 8 Flash controller B"):
        store.run(advance, flight, State.BACKED_OUT, ENDED)
    do(store, flight, "8", StepAct.FINISH)
    store.run(advance, flight, State.BACKED_OUT, ENDED)
    assert [row.step for row in store.read(changes_of, flight)] == ["8 Flash controller B"]


def test_an_undo_that_was_waived_leaves_its_change_and_people_hear_it(store: Store) -> None:
    made = store.run(make_flight, State.GO_NO_GO)
    done_before(store, made)
    clock_of(store).set(START)
    store.run(set_state, made, State.IN_PROGRESS)
    do(store, made, "7", StepAct.FINISH)
    turn_back(store, made, None)
    waived = {"B7": "tomorrow, by day", "B12": "tomorrow"}
    going = Going(user_check="It works.", data_loss="none", waive=waived)
    store.run(advance, made, State.BACKED_OUT, going)
    assert "What stays changed:" in written(store, made, NoticeKind.BACKED_OUT).text


def test_people_hear_when_they_hear_next(store: Store, flight: str) -> None:
    made = written(store, back(store, flight), NoticeKind.BACKED_OUT)
    assert "You hear from us again at " in made.text
    assert "Monday, January 13th" in made.text


def test_a_check_promised_for_later_is_in_notice_and_brief(store: Store, flight: str) -> None:
    turn_back(store, flight)
    do(store, flight, "B7", StepAct.FINISH)
    check = store.read(step_of, flight, "B12")
    store.run(check_step, check.id, "passed", Report(), seen=check.version)
    due = START + timedelta(hours=12, minutes=30)
    store.run(advance, flight, State.BACKED_OUT, Going(user_check_due=due, data_loss="none"))
    for kind in (NoticeKind.BACKED_OUT, NoticeKind.SERVICE_DESK_BRIEF):
        text = written(store, flight, kind).text
        assert "D. Moreau, Radiology tries it by 7:30 am Saturday, January 11th" in text
