"""What the service desk reads when a flight is over: how it ended, and what to answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct, StepState
from app.models.tables.changes import ChangeRecord
from app.models.tables.directory import ConfigurationItem
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.notices.composing import Composed, NoticeExtra, compose
from app.services.notices.facts import NOTHING_TYPED
from app.services.notices.sending import queue, record_sent
from app.services.outages.debt import debts_of
from app.services.uow import UnitOfWork
from tests.flights import START, do, done_before, make_flight, set_state, step_of
from tests.makers import clock_of
from tests.services.notices_flights import desk_store

DESK = NoticeKind.SERVICE_DESK_BRIEF


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, START - timedelta(minutes=18))
    yield made
    made.close()


def ended(store: Store, state: State, why: str, *, told: bool = False) -> str:
    """Step 7 of the window was done before it ended."""
    outage_id = store.run(make_flight, State.GO_NO_GO)
    if told:
        store.run(record_sent, outage_id, NoticeKind.PLANNED, clock_of(store).now())
    done_before(store, outage_id)
    clock_of(store).set(START)
    store.run(set_state, outage_id, State.IN_PROGRESS)
    do(store, outage_id, "7", StepAct.FINISH)

    def end(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, outage_id)
        outage.ending_note, outage.data_loss = why, "none"
        if state is State.BACKED_OUT:
            step = step_of(uow, outage_id, "7")
            step.state = StepState.UNDONE
            uow.log("undone", step)
        set_state(uow, outage_id, state)

    store.run(end)
    return outage_id


def brief(store: Store, outage_id: str, extra: NoticeExtra = NOTHING_TYPED) -> Composed:
    return store.read(compose, outage_id, DESK, extra)


def test_of_a_backed_out_flight_the_desk_hears_that_all_is_as_before(store: Store) -> None:
    made = brief(store, ended(store, State.BACKED_OUT, "the firmware refuses"))
    assert "and everything is as it was before." in made.text
    assert "The firmware refuses." in made.text
    assert "be off-line again?”" in made.text, "what callers will say"
    assert "Nothing is different: the old state was put back." in made.text, "what to answer"
    assert not made.blocked


def test_of_a_partly_done_flight_the_desk_hears_what_is_done_and_what_not(store: Store) -> None:
    made = brief(store, ended(store, State.PARTLY_DONE, "node B keeps the old firmware"))
    assert "with part of the work done." in made.text
    assert "Node B keeps the old firmware." in made.text
    before, _, after = made.text.partition("Not done this time:")
    facts = made.facts
    assert facts is not None
    assert len(facts.done) == 1 and facts.left_over
    assert facts.done[0] in before.partition("Done:")[2]
    assert all(line in after for line in facts.left_over)
    assert "Part of the work is still to do" in after
    assert not made.blocked


def test_what_is_typed_for_the_desk_stands_instead(store: Store) -> None:
    outage_id = ended(store, State.BACKED_OUT, "no spare part")
    made = brief(store, outage_id, NoticeExtra(desk_answer="We try again on the 17th."))
    assert "What to answer: We try again on the 17th." in made.text
    assert "old state was put back. People are told" not in made.text


def test_of_a_flight_done_as_planned_only_that_it_is_over_is_said(store: Store) -> None:
    made = brief(store, ended(store, State.COMPLETE, ""))
    assert "is over as of" in made.text
    assert "What callers will say" not in made.text


def test_the_brief_of_the_next_morning_can_be_sent_now(store: Store) -> None:
    outage_id = ended(store, State.COMPLETE, "")
    now = clock_of(store).now()
    assert brief(store, outage_id).leaves_at > now + timedelta(hours=1)
    store.run(queue, outage_id, DESK, soon=True)
    assert brief(store, outage_id).leaves_at - now <= timedelta(seconds=10)


@pytest.mark.parametrize("state", [State.BACKED_OUT, State.PARTLY_DONE])
def test_who_was_promised_to_hear_more_hears_that_nothing_changed(
    store: Store, state: State
) -> None:
    def owed() -> dict[NoticeKind | None, int]:
        debts = store.read(lambda uow: debts_of(uow, uow.fetch(Outage, outage_id)))
        return {d.notice: d.count for d in debts}

    summary = NoticeKind.CHANGE_SUMMARY
    outage_id = ended(store, state, "the firmware refuses", told=True)
    clock_of(store).advance(minutes=1)
    assert summary not in owed(), "nothing is promised yet"
    missing = NoticeExtra(left_over=("The larger folders.",))
    store.run(record_sent, outage_id, NoticeKind(state.value), clock_of(store).now(), extra=missing)
    assert owed()[summary] > 0
    made = store.read(compose, outage_id, summary)
    assert made.subject.startswith("Nothing changed: ") and "Nothing changed for you" in made.text
    assert "What you will not have yet:" in made.text and "- The larger folders." in made.text
    assert not made.blocked
    store.run(record_sent, outage_id, summary, clock_of(store).now())
    assert summary not in owed()
    store.run(people_notice, outage_id)
    assert owed()[summary] == 1, "who read that nothing changed hears of it, not the heads alone"
    assert store.read(compose, outage_id, summary).subject.startswith("What changed")
    store.run(record_sent, outage_id, summary, clock_of(store).now())
    assert summary not in owed()


def people_notice(uow: UnitOfWork, outage_id: str) -> None:
    """A change that somebody notices comes to light."""
    made = ChangeRecord(
        organisation_id=uow.organisation_id,
        outage_id=outage_id,
        ci_id=uow.all(ConfigurationItem)[0].id,
        number=90,
        at=uow.now,
        people_notice="Searches begin anew.",
    )
    uow.add(made)
    uow.log("noted", made)
