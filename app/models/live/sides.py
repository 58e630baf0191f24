"""The two sides of a flight: those who repair, and those who tell people. And how a flight stands
in the words of those who wait for it, without a step of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.models.live.margin import Outlook
from app.models.outages.lifecycle import BEFORE_START, State


class Side(StrEnum):
    FIX = "fix"
    COMMUNICATION = "communication"

    @property
    def words(self) -> str:
        return {"fix": "Fix side", "communication": "Communication side"}[self.value]

    @property
    def lead(self) -> str:
        """What who holds it is called."""
        return {"fix": "fix lead", "communication": "communication lead"}[self.value]


@dataclass(frozen=True, slots=True)
class Standing:
    """`services` in their users' words, times ready to be spoken; `outlook` is the forecast
    against the promised end while it is flown; `to_come`: the window has not begun, even if the GO
    was given."""

    state: State
    services: str
    start: str
    end: str
    outlook: Outlook = Outlook.SURE
    to_come: bool = False
    extended: bool = False
    check_due: str = ""
    data_loss: str = ""
    stays_changed: tuple[str, ...] = ()


def to_users(s: Standing) -> str:
    """Two sentences at most, as they may be said to anybody who asks."""
    what = s.services[:1].upper() + s.services[1:]
    match s.state:
        case _ if s.state in BEFORE_START:
            held = " It has not begun: we hold." if s.state is State.HOLD else ""
            return f"{what} will be unavailable from {s.start} until {s.end}.{held}"
        case State.IN_PROGRESS if s.to_come:
            return f"{what} will be unavailable from {s.start} until {s.end}."
        case State.IN_PROGRESS:
            return f"{what} {_is(s)} unavailable. {_expected(s)}"
        case State.VERIFYING:
            return f"The work on {s.services} is done and is being checked. {_expected(s)}"
        case State.BACKING_OUT:
            return (
                f"The change to {s.services} is being taken back: "
                f"{'not all of it can be' if s.stays_changed else 'it will be as it was before'}. "
                f"{_expected(s)}"
            )
        case State.BACKED_OUT:
            if s.stays_changed:
                return f"{what} can be used again. Still changed: {'; '.join(s.stays_changed)}."
            return f"{what} can be used as before; nothing is different. The change comes later."
        case State.PARTLY_DONE:
            return f"{what} can be used again; a part of the work is still to be done.{_lost(s)}"
        case State.CANCELLED:
            return f"The outage of {s.services} does not take place."
        case _:
            due = f" The users’ own check is due {s.check_due}." if s.check_due else ""
            return f"{what} can be used again.{_lost(s)}{due}"


def _is(s: Standing) -> str:
    return "are" if " and " in s.services or s.services.endswith("s") else "is"


def _expected(s: Standing) -> str:
    back = "Now expected" if s.extended else "Expected"
    if s.outlook is Outlook.LATE:
        return f"It was promised for {s.end}, and it will probably take longer."
    tight = ", though it may be close" if s.outlook is Outlook.TIGHT else ""
    return f"{back} back by {s.end}{tight}."


def _lost(s: Standing) -> str:
    lost = s.data_loss.strip().rstrip(".")
    if not lost:
        return ""
    none = lost.casefold() in ("none", "no", "nothing")
    return " No data was lost." if none else f" Lost: {lost}."


def next_update(
    promised: tuple[datetime, ...], end: datetime, warn: datetime, told_at: datetime | None
) -> datetime:
    """When people are to hear next: what was promised in a notice and is not kept yet, at the
    latest a little before the end (`warn`)."""
    open_ = [moment for moment in promised if told_at is None or moment > told_at]
    return min([*open_, warn if warn < end else end])
