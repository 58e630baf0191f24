"""Will it be over in time: the forecast against the promised end, and what eats the margin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.models.ids import StepId
from app.models.runbook import (
    SETTLED,
    Forecast,
    Phase,
    Step,
    StepState,
    by_id,
    in_play,
    is_ready,
)
from app.models.times import speak_span


class Outlook(StrEnum):
    """`sure`: four of five such flights end in time; `tight`: the likely end does; `late`: not
    even that."""

    SURE = "sure"
    TIGHT = "tight"
    LATE = "late"

    @property
    def words(self) -> str:
        return {"sure": "in time", "tight": "tight", "late": "too late"}[self.value]


@dataclass(frozen=True, slots=True)
class Eaten:
    """Minutes that a step took or is taking beyond its plan, or (`idle`) that it has stood ready
    while nobody began it."""

    label: str
    minutes: int
    idle: bool = False

    @property
    def words(self) -> str:
        """`7 Drain clients 4 min over`, `8 Flash waits 6 min to be begun`."""
        if self.idle:
            return f"{self.label} waits {speak_span(timedelta(minutes=self.minutes))} to be begun"
        return f"{self.label} {speak_span(timedelta(minutes=self.minutes))} over"


@dataclass(frozen=True, slots=True)
class Margin:
    """Moments are UTC. `eaten` has the worst first, of the steps that make the likely end."""

    promised: datetime
    low: datetime
    likely: datetime
    high: datetime
    eaten: tuple[Eaten, ...] = ()

    @property
    def spare(self) -> timedelta:
        """Negative when the likely end passes the promised one."""
        return self.promised - self.likely

    @property
    def outlook(self) -> Outlook:
        if self.likely > self.promised:
            return Outlook.LATE
        return Outlook.SURE if self.high <= self.promised else Outlook.TIGHT

    @property
    def spare_words(self) -> str:
        """`61 min to spare`, `12 min past the promised end`."""
        if self.likely > self.promised:
            return f"{speak_span(-self.spare)} past the promised end"
        return f"{speak_span(self.spare)} to spare"


def slack_words(slack: timedelta | None) -> str:
    """`slack 12 min`, `no slack`; nothing to say of what is done."""
    if slack is None:
        return ""
    return f"slack {speak_span(slack)}" if slack >= timedelta(minutes=1) else "no slack"


def margin(
    steps: Sequence[Step],
    told: Forecast,
    promised: datetime,
    now: datetime,
    since: datetime,
    *,
    backing_out: bool = False,
) -> Margin:
    """`steps` are all of the flight, `told` is their forecast at `now`; `since` is when the
    flight came to where it is."""
    playing = in_play(steps, backing_out=backing_out)
    index = by_id(playing)
    over = [Eaten(index[i].label, minutes) for i, minutes in told.eaten]
    stands = idle(index, told, now, since)
    found = sorted([*over, *([stands] if stands else [])], key=lambda e: -e.minutes)
    return Margin(promised, told.low_end, told.likely_end, told.high_end, tuple(found))


def idle(
    index: Mapping[StepId, Step], told: Forecast, now: datetime, since: datetime
) -> Eaten | None:
    """The step of the critical path that could have begun and has not, with the whole minutes
    since it could: the flight there, its lock past, all it waits for done, its owner free."""
    step = next((index[i] for i in told.critical if index[i].state not in SETTLED), None)
    if step is None or step.phase is Phase.BEFORE or not is_ready(step, index):
        return None
    held = [index[i].ended_at for i in step.after if i in index]
    if step.owner is not None:
        mine = [other for other in index.values() if other.owner == step.owner]
        if any(s.begun and s.state not in (*SETTLED, StepState.UNDONE) for s in mine):
            return None
        held += [other.ended_at for other in mine if other.begun]
    could = max([since, *(m for m in (step.not_before, *held) if m is not None)])
    minutes = (now - could) // timedelta(minutes=1)
    return Eaten(step.label, minutes, idle=True) if minutes > 0 else None
