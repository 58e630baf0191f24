"""A person of the flight in words: when needed, when last heard, what they confirmed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.models.live.crew_times import Say
from app.models.outages.confirming import Word
from app.models.runbook import SETTLED
from app.models.times import speak_date, speak_near, speak_span, speak_time, to_wall
from app.services.outages.people import Asked, FlightPerson, PeopleRows
from app.views.widgets.listing import ListRow
from app.views.widgets.tone import Tone

_TONES = {Word.YES: Tone.OK, Word.NO: Tone.BAD, Word.CANNOT: Tone.BAD}

_SAY = {Say.TIMES: "not told", Say.MOVED: "moved since told", Say.FREE: "free, not told"}


def row_of(person: FlightPerson, rows: PeopleRows, now: datetime) -> ListRow:
    said, tone = confirmation(person.asked, rows.zone)
    facts = " · ".join(part for part in _facts(person, rows, now) if part)
    return ListRow(
        key=person.name.casefold(),
        title=f"{person.name}  {', '.join(person.roles)}",
        sub=facts or "no step of their own, no phone noted",
        pill=said,
        pill_tone=tone,
        strong=person.name,
    )


def confirmation(asked: Asked | None, zone: str) -> tuple[str, Tone]:
    """The state of the kick-off question in a few words."""
    if asked is None:
        return "not asked", Tone.PLAIN
    if asked.voided:
        return "moved: ask again", Tone.WARN
    if asked.answer is None:
        since = f" {day(asked.asked_at, zone)}" if asked.asked_at else ""
        return f"asked{since}, no answer", Tone.WARN
    return f"says {asked.answer.word.words}", _TONES[asked.answer.word]


def details(person: FlightPerson, rows: PeopleRows, now: datetime) -> Iterator[tuple[str, str]]:
    """Label and text for each thing known."""
    yield "Roles", "; ".join(person.roles)
    yield "Decides", "; ".join(person.decides)
    yield "Phone", person.phone or "none noted"
    yield "Be ready", _needed(person, rows)
    told = (_told(person, rows), _spared(person))
    yield "Told", " · ".join(part for part in told if part)
    yield "Last heard", heard(person, now) if person.steps or person.heard_at else ""
    if person.go is not None and person.go_at is not None:
        why = f": {person.go_why}" if person.go_why else ""
        yield "Roll call", f"{'go' if person.go else 'NO-GO'} {clock(person.go_at, rows)}{why}"
    asked = person.asked
    if asked is not None and asked.asked_at is not None:
        yield "Asked", day(asked.asked_at, rows.zone)
    if asked is not None and asked.answer is not None and asked.answered_at is not None:
        void = " (before the window moved)" if asked.voided else ""
        yield "Answered", f"{asked.answer.spoken}, {day(asked.answered_at, rows.zone)}{void}"


def _needed(person: FlightPerson, rows: PeopleRows) -> str:
    """`22:41, free from 23:56`; empty once everything of theirs is done."""
    if person.be_ready is None or person.release is None:
        return ""
    if all(step.state in SETTLED for step in person.steps):
        return ""
    return f"{clock(person.be_ready, rows)}, free from {clock(person.release, rows)}"


def _told(person: FlightPerson, rows: PeopleRows) -> str:
    """What they know of their times, and whether that still holds."""
    time = person.time
    if time is None or (time.told is None and not time.say.due):
        return ""
    said = time.told_words(rows.zone).removeprefix("told ")
    more = {Say.MOVED: "; it moved since", Say.FREE: "; free now, not told"}.get(time.say, "")
    return f"{said}{more}"


def _spared(person: FlightPerson) -> str:
    """Of standing by for the whole window."""
    hours = person.time.hours if person.time is not None else None
    if hours is None or hours.saved < timedelta(minutes=1):
        return ""
    return f"spared {speak_span(hours.saved)} of standing by"


def heard(person: FlightPerson, now: datetime) -> str:
    if person.heard_at is None:
        return "nothing yet"
    return f"{speak_span(now - person.heard_at)} ago"


def clock(moment: datetime, rows: PeopleRows) -> str:
    return speak_near(moment, rows.now, rows.zone)


def day(moment: datetime | None, zone: str) -> str:
    return speak_date(to_wall(moment, zone).date()) if moment else ""


def _facts(person: FlightPerson, rows: PeopleRows, now: datetime) -> Iterator[str]:
    """What is needed first at night stands first: short of room the end is cut."""
    done = sum(step.state in SETTLED for step in person.steps)
    if person.steps:
        if done == len(person.steps):
            yield "all done"
        elif person.be_ready is not None and person.release is not None:
            ready, free = (to_wall(m, rows.zone) for m in (person.be_ready, person.release))
            same = ready.date() == free.date()
            until = speak_time(free) if same else clock(person.release, rows)
            yield f"be ready {clock(person.be_ready, rows)}, free {until}"
    if person.time is not None and person.time.say in _SAY:
        yield _SAY[person.time.say]
    yield person.phone
    if person.heard_at is not None:
        yield f"heard {heard(person, now)}"
    if person.go is not None:
        yield "roll call: go" if person.go else "roll call: NO-GO"
    if person.steps:
        codes = ", ".join(step.code for step in person.steps)
        yield f"step{'s' if len(person.steps) > 1 else ''} {codes}" + (
            f" ({done} done)" if done else ""
        )
