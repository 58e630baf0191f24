"""Off-hours are counted by the wall, weighted by the policy; the fairest free one is asked next."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.models.errors import BadInput
from app.models.outages.lifecycle import State
from app.models.rota.load import Weights, merged, off_hours
from app.models.runbook import StepState
from app.models.tables.directory import Leave
from app.services.database import Store
from app.services.rota.fairest import fairest
from app.services.rota.loads import LoadRows, change_weights, loads, weights_of, work_of
from app.services.uow import UnitOfWork, undo
from tests.makers import clock_of, make_outage, make_person, make_step, make_store, make_window

ZONE = "America/New_York"
ROLE = "storage operator"
NIGHT = make_window("2025-01-08T20:00", "2025-01-08T23:00")  # a Wednesday


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = make_store(tmp_path)
    clock_of(opened).set(datetime(2025, 2, 3, 14, tzinfo=UTC))
    yield opened
    opened.close()


def _flown(uow: UnitOfWork, who: str, wall: str, hours: float, state: State) -> str:
    window = make_window(wall, f"{wall[:11]}23:30")
    outage = make_outage(uow, window=window, state=state)
    start = window.start_utc
    ended = start + timedelta(hours=hours)
    done = state is State.COMPLETE
    make_step(uow, outage, role=ROLE, owner_id=who,
              state=StepState.DONE if done else StepState.TODO,
              started_at=start if done else None, ended_at=ended if done else None)  # fmt: skip
    return outage.id


def _two(store: Store) -> tuple[str, str]:
    """Ada worked two nights, Ben one and has the role, too."""

    def fill(uow: UnitOfWork) -> tuple[str, str]:
        ada, ben = make_person(uow, "Ada Lund").id, make_person(uow, "Ben Ito").id
        _flown(uow, ada, "2025-01-08T20:00", 2, State.COMPLETE)  # a night
        _flown(uow, ada, "2025-01-11T20:00", 2, State.COMPLETE)  # a Saturday
        _flown(uow, ben, "2025-01-15T20:00", 1, State.COMPLETE)
        return ada, ben

    return store.run(fill)


def by_name(rows: LoadRows) -> dict[str, float]:
    return {row.name: row.all for row in rows.rows}


def test_nights_weekends_and_holidays_are_weighed_by_the_policy(store: Store) -> None:
    _two(store)
    assert by_name(store.read(loads)) == {"Ada Lund": 2 + 2 * 1.25, "Ben Ito": 1}
    back = store.run(change_weights, Weights(night=150, weekend=200, holiday=300))
    assert by_name(store.read(loads)) == {"Ada Lund": 7, "Ben Ito": 1.5}
    [ada, _] = store.read(loads).rows
    assert (ada.hours.night, ada.hours.weekend, ada.quarters) == (2, 2, (7, 0, 0, 0))
    store.run(undo, back)
    assert store.read(weights_of) == Weights()
    with pytest.raises(BadInput, match="100 to 500"):
        store.run(change_weights, Weights(night=50))


def test_a_filed_flight_whose_end_nobody_noted_was_led_until_the_promised_end(store: Store) -> None:
    def fill(uow: UnitOfWork) -> None:
        lead = make_person(uow, "Cy Roe").id
        made = make_outage(uow, window=NIGHT, state=State.FILED, coordinator_id=lead)
        made.started_at = NIGHT.start_utc

    store.run(fill)
    ((*_, until, is_over),) = store.read(
        lambda uow: [*work_of(uow, NIGHT.start_utc, NIGHT.end_utc)]
    )
    assert (until, is_over) == (NIGHT.end_utc, True)


def test_what_is_planned_counts_for_the_next_choice(store: Store) -> None:
    ada, ben = _two(store)
    window = make_window("2025-03-05T20:00", "2025-03-05T23:00")
    found = store.read(fairest, ROLE, window)
    assert found is not None
    assert (found.person_id, found.why) == (
        ben,
        "1.0 weighted off-hours in 2025, the least of 2",
    )
    store.run(_flown, ben, "2025-03-08T18:00", 0, State.PLANNED)
    assert by_name(store.read(loads))["Ben Ito"] == 1 + 5.5 * 1.25
    found = store.read(fairest, ROLE, window)
    assert found is not None and found.person_id == ada


def test_who_is_away_or_worked_the_night_is_passed_over_and_said(store: Store) -> None:
    ada, ben = _two(store)

    def away(uow: UnitOfWork) -> None:
        start = datetime(2025, 3, 5, tzinfo=UTC)
        uow.add(Leave(organisation_id="", person_id=ben, start_utc=start,
                      end_utc=start + timedelta(days=4)))  # fmt: skip
        uow.log("leave")

    store.run(away)
    found = store.read(fairest, ROLE, make_window("2025-03-05T20:00", "2025-03-05T23:00"))
    assert found is not None
    assert found.person_id == ada
    assert found.why.endswith("not free: Ben Ito")
    assert store.read(fairest, "nobody's role", NIGHT) is None


moments = st.integers(0, 360 * 24 * 60).map(
    lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)


@given(moments, st.integers(0, 4000), st.integers(0, 4000))
@settings(max_examples=40, deadline=None)
def test_hours_of_a_span_are_those_of_its_parts(start: datetime, one: int, two: int) -> None:
    middle, end = start + timedelta(minutes=one), start + timedelta(minutes=one + two)

    def hours(first: datetime, last: datetime) -> tuple[float, ...]:
        found = off_hours(first, last, ZONE, {date(2025, 7, 4)}.__contains__)
        return found.night, found.weekend, found.holiday

    parts = [a + b for a, b in zip(hours(start, middle), hours(middle, end), strict=True)]
    assert hours(start, end) == pytest.approx(parts)
    assert sum(hours(start, end)) <= (one + two) / 60 + 1e-6
    assert merged([(start, middle), (start, end)]) == ([(start, end)] if one + two else [])
