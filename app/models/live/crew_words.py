"""What the crew is written about their times: short, as it may be read half asleep."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.models.live.crew_times import MOVED_BY, Duty, Say
from app.models.times import abbreviation, speak_date, speak_span, speak_time, to_wall


@dataclass(frozen=True, slots=True)
class Letter:
    """What the words rest on. `told` is the duty they were told last, `steps` what they have left
    to do, `zone` the window's and `own_zone` the reader's (empty: not known), `ended` how the
    flight ended, empty while it is to come or flown."""

    name: str
    code: str
    title: str
    zone: str
    say: Say
    duty: Duty | None
    told: Duty | None = None
    steps: tuple[str, ...] = ()
    own_zone: str = ""
    bridge: str = ""
    coordinator: str = ""
    phone: str = ""
    ended: str = ""
    moved_by: timedelta = MOVED_BY

    def at(self, moment: datetime) -> str:
        """`Fri 10 Jan 19:30 EST`, and the reader's own clock where that shows another time."""
        there, here = to_wall(moment, self.zone), to_wall(moment, self.own_zone or self.zone)
        said = f"{speak_date(there.date())} {speak_time(there)} {abbreviation(moment, self.zone)}"
        if here == there:
            return said
        day = f"{speak_date(here.date())} " if here.date() != there.date() else ""
        return f"{said} ({day}{speak_time(here)} {abbreviation(moment, self.own_zone)})"

    def clock(self, moment: datetime) -> str:
        return speak_time(to_wall(moment, self.zone))


def subject(letter: Letter) -> str:
    """Enough to turn over and sleep on."""
    about = f"{letter.code} {letter.title}"
    duty = letter.duty
    if duty is None:
        return f"You are free: {about}"
    times = f"ready {letter.clock(duty.be_ready)}, free about {letter.clock(duty.release)}"
    return f"{'New times' if letter.say is Say.MOVED else 'Your times'}: {times} · {about}"


def paragraphs(letter: Letter) -> tuple[str, ...]:
    """Plain text; a paragraph may hold several lines."""
    return tuple(_written(letter))


def _written(letter: Letter) -> Iterator[str]:
    yield f"{letter.name},"
    duty = letter.duty
    if duty is None:
        why = letter.ended or "nothing of it is left for you to do"
        yield f"You are free: {why}. Nobody needs you for {letter.title} any more. Thank you."
    else:
        told = letter.told if letter.say is Say.MOVED else None
        yield "\n".join(
            (
                f"Be ready: {letter.at(duty.be_ready)}{_was(letter, told, ready=True)}",
                f"Free from about: {letter.at(duty.release)}{_was(letter, told, ready=False)}",
            )
        )
        if letter.steps:
            yield "\n".join(("What you do:", *letter.steps))
        yield (
            "Until then rest. The times follow the flight: when they move by "
            f"{speak_span(letter.moved_by)} or more, you are told, and when you are free."
        )
        if letter.bridge:
            yield f"Bridge: {letter.bridge}"
    if letter.coordinator:
        yield ", ".join(part for part in (letter.coordinator, letter.phone) if part)


def _was(letter: Letter, told: Duty | None, *, ready: bool) -> str:
    """What it stands in place of, where that reads differently."""
    if told is None or letter.duty is None:
        return ""
    old, new = (d.be_ready if ready else d.release for d in (told, letter.duty))
    return f", not {letter.clock(old)}" if letter.at(old) != letter.at(new) else ""
