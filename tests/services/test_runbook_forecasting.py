"""How sure the forecast of an outage is, from the last flights of its runbook."""

from __future__ import annotations

from datetime import timedelta

from app.models.outages.lifecycle import State
from app.models.runbook import Range, StepState
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.runbook.forecasting import forecast_rows, ranges_of
from app.services.runbook.loading import load_steps
from app.services.uow import UnitOfWork
from tests.flights import make_flight, step_of


def flown(uow: UnitOfWork, title: str, minutes: int, days_ago: int = 30) -> None:
    """A flight long filed, whose step 8 took that long."""
    flight = make_flight(uow, State.FILED, title=title)
    outage = uow.fetch(Outage, flight)
    outage.ended_at = uow.now - timedelta(days=days_ago)
    step = step_of(uow, flight, "8")
    step.state, step.ended_at = StepState.DONE, outage.ended_at
    step.started_at = outage.ended_at - timedelta(minutes=minutes)
    uow.session.flush()


def ranges(uow: UnitOfWork, flight: str) -> dict[str, Range]:
    """By code."""
    rows = load_steps(uow, flight).rows
    found = ranges_of(uow, uow.fetch(Outage, flight), rows)
    return {row.code: found[row.id] for row in rows if row.id in found}  # type: ignore[index]


def test_a_step_ranges_over_what_it_took_on_the_last_five_flights_of_its_runbook(
    store: Store,
) -> None:
    for number, minutes in enumerate((90, 31, 28, 40, 33, 35)):  # the oldest counts no more
        store.run(flown, f"Flight {number}", minutes, 60 - number)
    flight = store.run(make_flight, State.IN_PROGRESS)
    assert store.read(ranges, flight) == {"8": Range(28, 40)}


def test_a_step_that_is_another_one_by_now_has_no_actuals(store: Store) -> None:
    store.run(flown, "Flight 1", 31)
    flight = store.run(make_flight, State.IN_PROGRESS)

    def retitle(uow: UnitOfWork) -> None:
        step = step_of(uow, flight, "8")
        step.title = "Replace controller B"
        uow.log("retitled", step)

    store.run(retitle)
    assert store.read(ranges, flight) == {}


def test_the_forecast_says_when_it_ends_and_until_when_to_turn(store: Store) -> None:
    flight = store.run(make_flight, State.IN_PROGRESS)
    rows = store.read(forecast_rows, flight)
    assert rows.now <= rows.end_low < rows.end_likely < rows.end_high
    assert rows.backout_moment is not None
    assert rows.backout_moment < rows.promised_end
    assert set(rows.critical) <= {step.code for step in rows.steps}
    assert not rows.anything_to_undo
    assert all(step.slack is not None for step in rows.steps if step.state is StepState.TODO)
