"""The after-action report's picture: planned and actual bars on one scale of time.

Only geometry, in pixels of a drawing `WIDTH` wide; words and colours belong to the template.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from app.models import times
from app.models.reports.after_action import AfterAction, StepLine
from app.models.reports.clock import clock

WIDTH = 960
LABELS = 250  # left of the bars
RIGHT = 24  # half of the last time's word
ROW = 24
TOP = 30
ROWS_A_PICTURE = 20  # so that the first one stands under the facts of a printed page
_NOTE = 100  # as wide as a note gets
_STEPS = (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080)
_MOST_TICKS = 10
_LABEL_LETTERS = 34
_AROUND = timedelta(hours=6)
"""So far before the window and behind the end the picture reaches: what was wrapped up days later
would leave the night a thin line. Such a step has its row and its times in words."""


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Row:
    """`late`: it ended after its plan; `note` says by how much, not the colour alone."""

    y: float
    label: str
    words: str
    note: str
    planned: Bar | None
    actual: Bar | None
    late: bool
    note_x: float
    note_left: bool


@dataclass(frozen=True, slots=True)
class Tick:
    x: float
    label: str


@dataclass(frozen=True, slots=True)
class Picture:
    height: float
    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    window: Bar


def pictures(report: AfterAction) -> list[Picture]:
    """One picture for every 20 steps that have a time; none where no step has."""
    steps = [s for s in report.steps if s.planned or s.started]
    if not steps:
        return []
    scale = _Scale(report, steps)
    return [
        scale.picture(steps[i : i + ROWS_A_PICTURE]) for i in range(0, len(steps), ROWS_A_PICTURE)
    ]


def _beside(bars: Sequence[Bar]) -> tuple[float, bool]:
    """Where a note stands without lying on a bar, and whether it ends there: behind them, else
    between them, else before them."""
    bars = sorted(bars, key=lambda bar: bar.x)
    ends = [bar.x + bar.width for bar in bars] or [LABELS]
    if max(ends) + 5 <= WIDTH - _NOTE or not bars:
        return max(ends) + 5, False
    for bar, free_from in ((bars[-1], ends[0] if len(bars) > 1 else LABELS), (bars[0], LABELS)):
        if bar.x - free_from >= _NOTE + 10:
            return bar.x - 5, True
    return WIDTH - _NOTE, False


class _Scale:
    def __init__(self, report: AfterAction, steps: Sequence[StepLine]) -> None:
        self._window = report.window
        start, end = report.window.start_utc, report.window.end_utc
        first = start - _AROUND
        last = max(report.ended, end) + _AROUND if report.ended else None
        moments = [start, end]
        for step in steps:
            given = (step.planned, step.planned_end, step.started, step.finished)
            moments += [at for at in given if at and first <= at and (last is None or at <= last)]
        self._start, self._end = min(moments), max(moments)
        self._seconds = max((self._end - self._start).total_seconds(), 60.0)

    def picture(self, steps: Sequence[StepLine]) -> Picture:
        rows = tuple(self._row(step, TOP + ROW * i) for i, step in enumerate(steps))
        start, end = self._x(self._window.start_utc), self._x(self._window.end_utc)
        window = Bar(start, round(end - start, 1))
        return Picture(TOP + ROW * len(steps) + 6.0, rows, self._ticks(), window)

    def _x(self, moment: datetime) -> float:
        part = (moment - self._start).total_seconds() / self._seconds
        return round(LABELS + part * (WIDTH - LABELS - RIGHT), 1)

    def _bar(self, start: datetime | None, end: datetime | None) -> Bar | None:
        """Wide enough to be seen; a step finished before it started shows as a moment. What lies
        wholly outside the picture has none."""
        if start is None or start > self._end or max(start, end or start) < self._start:
            return None
        left = self._x(max(start, self._start))
        right = self._x(min(end or start, self._end))
        return Bar(left, round(max(right - left, 2.0), 1))

    def _row(self, step: StepLine, y: float) -> Row:
        planned = (
            self._bar(step.planned, step.planned_end or step.planned) if step.planned else None
        )
        actual = self._bar(step.started, step.finished or step.started) if step.started else None
        label = f"{step.code}  {step.title}"
        if len(label) > _LABEL_LETTERS:
            label = label[: _LABEL_LETTERS - 1] + "…"
        late = step.deviation_words.startswith("+")
        note = step.deviation_words if late else ""
        note_x, on_left = _beside([bar for bar in (planned, actual) if bar])
        return Row(
            y, label, self._words(step), note, planned, actual, late, round(note_x, 1), on_left
        )

    def _words(self, step: StepLine) -> str:
        plan = f"planned {clock(step.planned, self._window)}" if step.planned else "not planned"
        was = f"started {clock(step.started, self._window)}" if step.started else "not started"
        end = f", finished {clock(step.finished, self._window)}" if step.finished else ""
        return f"{step.code} {step.title}: {plan}, {was}{end}"

    def _ticks(self) -> tuple[Tick, ...]:
        minutes = self._seconds / 60
        every = next((s for s in _STEPS if minutes / s <= _MOST_TICKS), int(minutes / _MOST_TICKS))
        # on the wall clock's round times, in the window's zone
        wall = times.to_wall(self._start, self._window.zone)
        midnight = wall.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        at = times.to_utc(midnight, self._window.zone).astimezone(UTC)
        step = timedelta(minutes=every)
        at += step * -((at - self._start) // step)
        ticks = []
        while at <= self._end:
            ticks.append(Tick(self._x(at), clock(at, self._window)))
            at += step
        return tuple(ticks)
