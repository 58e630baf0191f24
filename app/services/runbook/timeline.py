"""The steps of one outage against the clock: planned, actual, expected. Read only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.models.ids import StepId
from app.models.live.margin import Margin
from app.models.outages.lifecycle import State
from app.models.runbook import (
    Forecast,
    PastReturn,
    Phase,
    StepState,
    forecast,
    in_play,
    past_return,
    plan,
    undo_time,
    way_back,
)
from app.models.runbook import Step as Known
from app.models.tables.outages import Outage
from app.services.runbook.board import TURNED_BACK, names_of
from app.services.runbook.forecasting import margin_of, ranges_of
from app.services.runbook.loading import load_steps
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the timeline; planned times are missing on the way back, actual ones until
    it is begun (`ended_at` of a running step is when it is expected to end). `after` are the
    steps it waits for; `owner` is a name, else the role, else empty."""

    step_id: StepId
    label: str
    state: StepState
    critical: bool
    planned_start: datetime | None
    planned_end: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    expected_start: datetime | None
    expected_end: datetime | None
    owner: str = ""
    after: tuple[StepId, ...] = ()
    phase: Phase = Phase.WINDOW


@dataclass(frozen=True, slots=True)
class TimelineRows:
    """All steps in play of one outage, in the runbook's order; what was done before it turned back
    stands before the way back. Times are moments in UTC."""

    outage_id: str
    code: str
    title: str
    state: State
    zone: str
    now: datetime
    start: datetime
    promised_end: datetime
    margin: Margin
    plan_end: datetime
    way_back: datetime | None
    anything_to_undo: bool
    past_return: PastReturn | None
    bars: tuple[Bar, ...]

    @property
    def forecast_end(self) -> datetime:
        return self.margin.likely


def timeline(uow: UnitOfWork, outage_id: str) -> TimelineRows:
    """Raises NotFound."""
    outage = uow.fetch(Outage, outage_id)
    loaded = load_steps(uow, outage_id)
    turned = outage.state in TURNED_BACK
    known = loaded.known
    expected = forecast(
        known,
        uow.now,
        outage.start_utc,
        backing_out=turned,
        ranges=ranges_of(uow, outage, loaded.rows),
    )
    names = names_of(uow, loaded)
    owners = {row.id: names.get(row.owner_id or "", "") or row.role for row in loaded.rows}
    playing = in_play(known, backing_out=turned)
    shown = {step.id for step in playing}
    other = [step for step in known if step.started_at is not None and step.id not in shown]
    there, back = (other, playing) if turned else (playing, other)
    return TimelineRows(
        outage_id=outage.id,
        code=outage.code,
        title=outage.title,
        state=outage.state,
        zone=outage.zone,
        now=uow.now,
        start=outage.start_utc,
        promised_end=outage.promised_end_utc,
        margin=margin_of(uow, outage, known, expected, turned=turned),
        plan_end=plan(known, outage.start_utc).likely_end,
        way_back=way_back(known, outage.promised_end_utc, uow.now),
        anything_to_undo=undo_time(known, uow.now) > timedelta(),
        past_return=past_return(known),
        bars=(
            *bars_of(there, planned_spans(known, outage.start_utc), expected, owners),
            *bars_of(back, {}, expected, owners),
        ),
    )


Span = tuple[datetime, datetime]


def planned_spans(steps: Sequence[Known], start: datetime) -> dict[StepId, Span]:
    return {i: (times.start, times.end) for i, times in plan(steps, start).steps.items()}


def bars_of(
    playing: Sequence[Known],
    planned: Mapping[StepId, Span],
    expected: Forecast,
    owners: Mapping[str, str],
) -> tuple[Bar, ...]:
    """A bar for each step; one that was undone keeps the times it really had."""
    return tuple(_bar(step, planned, expected, owners) for step in playing)


def _bar(
    step: Known,
    planned: Mapping[StepId, Span],
    expected: Forecast,
    owners: Mapping[str, str],
) -> Bar:
    laid, times = planned.get(step.id), expected.steps.get(step.id)
    began = step.started_at if times is None else times.start
    ended = step.ended_at if times is None else times.end
    real = step.begun or step.state is StepState.UNDONE
    return Bar(
        step.id,
        step.label,
        step.state,
        step.id in expected.critical,
        laid[0] if laid else None,
        laid[1] if laid else None,
        began if real else None,
        ended if real else None,
        times.start if times else None,
        times.end if times else None,
        owners.get(step.id, ""),
        tuple(sorted(step.after)),
        step.phase,
    )
