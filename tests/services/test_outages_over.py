"""After the end nothing stands as still to come: plan, report and changes say how it ended."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from app.models.notices.kinds import NoticeKind
from app.models.outages.cancelling import cancelled_because
from app.models.outages.debt import Debt, DebtKind
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct
from app.models.tables.outages import Outage
from app.services.changes import nothing_recorded
from app.services.database import Store
from app.services.notices.facts import NoticeExtra
from app.services.notices.reading import communication
from app.services.notices.sending import record_sent
from app.services.outages.debt import debts_of
from app.services.outages.leading import Going, advance
from app.services.outages.planning import fly_again
from app.services.outages.promises import tell_otherwise
from app.services.reports.building import after_action_data
from app.services.runbook.acting import Report, check_step
from app.services.uow import undo
from tests.flights import START, do, done_before, make_flight, set_state, step_of
from tests.makers import clock_of, make_window
from tests.services.outages_flights import tell

OWED = "Extended or all clear"


@pytest.fixture
def flight(store: Store) -> str:
    """People were told; 7 was done, undone again, and it is backed out before its end."""
    made = store.run(make_flight, State.GO_NO_GO)
    store.run(tell, made, NoticeKind.PLANNED)
    done_before(store, made)
    clock_of(store).set(START)
    store.run(set_state, made, State.IN_PROGRESS)
    do(store, made, "7", StepAct.FINISH)
    clock_of(store).set(START + timedelta(minutes=20))
    store.run(advance, made, State.BACKING_OUT, Going(why="it hangs"))
    do(store, made, "B7", StepAct.FINISH)
    check = store.read(step_of, made, "B12")
    store.run(check_step, check.id, "passed", Report(), seen=check.version)
    ended = Going(user_check="It works.", data_loss="none")
    store.run(advance, made, State.BACKED_OUT, ended)
    return made


def test_the_plan_lists_how_it_ended_and_not_what_might_have(store: Store, flight: str) -> None:
    titles = [row.title for row in store.read(communication, flight).rows]
    assert OWED not in titles
    assert NoticeKind.BACKED_OUT.words in titles


def test_the_report_names_the_notice_that_is_owed(store: Store, flight: str) -> None:
    lines = {line.kind: line for line in store.read(after_action_data, flight).notices}
    assert OWED not in lines
    owed = lines[NoticeKind.BACKED_OUT.words]
    assert (owed.sent, owed.state) == (None, "owed")


def test_once_it_left_it_stands_there_once(store: Store, flight: str) -> None:
    store.run(tell, flight, NoticeKind.BACKED_OUT)
    kinds = [line.kind for line in store.read(after_action_data, flight).notices]
    assert kinds.count(NoticeKind.BACKED_OUT.words) == 1


def test_a_flight_that_put_everything_back_says_why_it_records_nothing(
    store: Store, flight: str
) -> None:
    said = store.read(nothing_recorded, flight)
    assert said.startswith("Nothing is left changed")
    assert "Undone: 7 " in said


def test_a_flight_in_the_air_says_when_records_come(store: Store) -> None:
    made = store.run(make_flight, State.IN_PROGRESS)
    assert store.read(nothing_recorded, made).startswith("No change records yet.")


def new_dates(store: Store, outage_id: str) -> list[Debt]:
    debts = store.read(lambda uow: debts_of(uow, uow.fetch(Outage, outage_id)))
    return [d for d in debts if d.kind is DebtKind.NEW_DATE]


@pytest.fixture
def promised(store: Store, flight: str) -> str:
    """People heard by when a new date is announced."""
    extra = NoticeExtra(new_date_by=date(2025, 1, 24))
    store.run(record_sent, flight, NoticeKind.BACKED_OUT, clock_of(store).now(), extra=extra)
    return flight


def test_a_promised_new_date_is_owed_until_the_flight_that_flies_it_again_is_announced(
    store: Store, promised: str
) -> None:
    (owed,) = new_dates(store, promised)
    assert owed.due == datetime(2025, 1, 25, 4, 59, tzinfo=UTC), "the end of that day"
    window = make_window("2025-02-07 19:00", "2025-02-07 22:00")
    again = store.run(fly_again, promised, window)
    assert new_dates(store, promised)[0].about_id == again.outage_id
    store.run(set_state, again.outage_id, State.PLANNED)
    store.run(tell, again.outage_id, NoticeKind.PLANNED)
    assert new_dates(store, promised) == []


def test_a_new_date_that_was_told_otherwise_is_owed_no_more(store: Store, promised: str) -> None:
    inverse = store.run(tell_otherwise, promised, "The vendor mends it remotely.")
    assert new_dates(store, promised) == []
    store.run(undo, inverse)
    assert len(new_dates(store, promised)) == 1


def test_a_cancelled_flight_owes_the_date_its_notice_names(store: Store) -> None:
    clock_of(store).set(START - timedelta(days=8))
    made = store.run(make_flight, State.ANNOUNCED)
    store.run(tell, made, NoticeKind.PLANNED)
    why = cancelled_because("the vendor is late", date(2025, 1, 24))
    store.run(advance, made, State.CANCELLED, Going(why=why))
    store.run(record_sent, made, NoticeKind.CANCELLED, clock_of(store).now())
    assert [d.due for d in new_dates(store, made)] == [datetime(2025, 1, 25, 4, 59, tzinfo=UTC)]
