"""The forecast of one outage, with how sure it is: from what the same steps took of late."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import col, select

from app.models.ids import StepId
from app.models.live.margin import Margin, margin
from app.models.outages.lifecycle import State
from app.models.runbook import (
    Forecast,
    PastReturn,
    Range,
    StepState,
    forecast,
    past_return,
    undo_time,
    way_back,
)
from app.models.runbook import Step as Known
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.services.runbook.board import TURNED_BACK
from app.services.runbook.loading import load_steps
from app.services.uow import UnitOfWork

LAST_FLIGHTS = 5


@dataclass(frozen=True, slots=True)
class ForecastStep:
    """A step in play: actual times where they are known, else expected. `slack` None: done."""

    code: str
    title: str
    state: StepState
    start: datetime
    end: datetime
    slack: timedelta | None
    late: bool


@dataclass(frozen=True, slots=True)
class ForecastRows:
    """Moments are UTC. `critical` are codes; `eaten` pairs a code with the minutes it took
    beyond its plan. `anything_to_undo` False: the back-out moment is that of the whole window;
    None: it is `past_return`."""

    code: str
    title: str
    state: State
    zone: str
    now: datetime
    promised_end: datetime
    end_low: datetime
    end_likely: datetime
    end_high: datetime
    backout_moment: datetime | None
    anything_to_undo: bool
    past_return: PastReturn | None
    critical: tuple[str, ...]
    eaten: tuple[tuple[str, int], ...]
    steps: tuple[ForecastStep, ...]


def forecast_rows(uow: UnitOfWork, outage_id: str) -> ForecastRows:
    """Raises NotFound."""
    outage = uow.fetch(Outage, outage_id)
    loaded = load_steps(uow, outage_id)
    known = loaded.known
    ranges = ranges_of(uow, outage, loaded.rows)
    turned = outage.state in TURNED_BACK
    told = forecast(known, uow.now, outage.start_utc, backing_out=turned, ranges=ranges)
    codes = {step.id: step.code for step in known}
    return ForecastRows(
        code=outage.code,
        title=outage.title,
        state=outage.state,
        zone=outage.zone,
        now=uow.now,
        promised_end=outage.promised_end_utc,
        end_low=told.low_end,
        end_likely=told.likely_end,
        end_high=told.high_end,
        backout_moment=way_back(known, outage.promised_end_utc, uow.now),
        anything_to_undo=undo_time(known, uow.now) > timedelta(),
        past_return=past_return(known),
        critical=tuple(codes[i] for i in told.critical),
        eaten=tuple((codes[i], minutes) for i, minutes in told.eaten),
        steps=tuple(
            ForecastStep(s.code, s.title, s.state, times.start, times.end, times.slack, times.late)
            for s in known
            if (times := told.steps.get(s.id)) is not None
        ),
    )


def margin_of(
    uow: UnitOfWork, outage: Outage, steps: Sequence[Known], expected: Forecast, *, turned: bool
) -> Margin:
    """The forecast of an outage's steps against the end that was promised. `turned` is what
    `expected` was reckoned with: a filed flight's state does not say it."""
    return margin(
        steps,
        expected,
        outage.promised_end_utc,
        uow.now,
        max(outage.start_utc, outage.state_since or outage.start_utc),
        backing_out=turned,
    )


def ranges_of(uow: UnitOfWork, outage: Outage, rows: Sequence[Step]) -> dict[StepId, Range]:
    """What each step took at least and at most on the last flights of the same runbook; the same
    step is the one of the same code and title. A step never flown is left out."""
    if not outage.runbook:
        return {}
    flights = select(Outage.id).where(
        Outage.organisation_id == uow.organisation_id,
        Outage.runbook == outage.runbook,
        Outage.id != outage.id,
        col(Outage.ended_at).is_not(None),
    )
    last = uow.session.exec(flights.order_by(col(Outage.ended_at).desc()).limit(LAST_FLIGHTS))
    done = select(Step.code, Step.title, Step.started_at, Step.ended_at).where(
        col(Step.outage_id).in_(list(last)),
        Step.state == StepState.DONE,
        col(Step.archived_at).is_(None),
    )
    took: dict[tuple[str, str], list[float]] = defaultdict(list)
    for code, title, started, ended in uow.session.exec(done):
        if started is not None and ended is not None and ended > started:
            took[code, title].append((ended - started) / timedelta(minutes=1))
    return {
        StepId(row.id): Range(min(known), max(known))
        for row in rows
        if (known := took.get((row.code, row.title)))
    }
