"""The crew and its times, as frozen rows. Moments are UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.models.live.crew_times import Duty, Hours, Say
from app.models.times import speak_span, speak_time, to_wall
from app.services.live.crew_told import BY_HAND, Told


@dataclass(frozen=True, slots=True)
class CrewTime:
    """One of the crew. `duty` None: nothing of the flight is left for them; `told` None: nobody
    said anything yet; `steps` are those left to do."""

    person_id: str
    name: str
    email: str
    phone: str
    duty: Duty | None
    told: Told | None
    say: Say
    steps: tuple[str, ...]
    hours: Hours | None

    @property
    def mailed(self) -> bool:
        """Said by mail; who has no address is told by phone."""
        return bool(self.email)

    def told_words(self, zone: str) -> str:
        """What they were told last, how, and when: `told 19:30–20:40, mail left at 18:02`."""
        if self.told is None:
            return "not told yet"
        duty = self.told.telling.duty
        what = span(duty, zone) if duty is not None else "free"
        at = f" at {_clock(self.told.telling.at, zone)}" if self.told.known else ""
        how = self.told.how
        said = f" {how.removeprefix('told ')}" if how.startswith(BY_HAND) else f", {how}"
        return f"told {what}{said}{at}"


@dataclass(frozen=True, slots=True)
class CrewTimes:
    """In the order they are needed. `moved_by` is the policy's: less is not said. `sends` is
    False without an account: then each mail leaves by a person's own hand."""

    outage_id: str
    code: str
    title: str
    zone: str
    now: datetime
    moved_by: timedelta
    people: tuple[CrewTime, ...]
    sends: bool = True

    @property
    def due(self) -> tuple[CrewTime, ...]:
        """Whom something is to be said to now."""
        return tuple(one for one in self.people if one.say.due)

    @property
    def saved(self) -> timedelta | None:
        """By all together, so far; None before the start and while nobody flies it."""
        known = [one.hours.saved for one in self.people if one.hours is not None]
        return sum(known, timedelta()) if known else None

    @property
    def saved_words(self) -> str:
        """`4 h 10 min of standing by saved`; empty before the start."""
        return f"{speak_span(self.saved)} of standing by saved" if self.saved is not None else ""


def span(duty: Duty, zone: str) -> str:
    """`19:30–20:40` on the window's clock."""
    return f"{_clock(duty.be_ready, zone)}–{_clock(duty.release, zone)}"


def _clock(moment: datetime, zone: str) -> str:
    return speak_time(to_wall(moment, zone))
