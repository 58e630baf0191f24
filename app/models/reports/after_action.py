"""The after-action report's content, drawn from the log and the filed flight.

Plain values, so that the report can be written again from the same facts years later. Moments
are aware UTC datetimes; empty text means "nothing was recorded".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.models import times
from app.models.notices.leadtime import in_time
from app.models.reports.clock import clock, deviation
from app.models.times import between


@dataclass(frozen=True, slots=True)
class StepLine:
    """A step as planned and as flown. `minutes` is the plan's; `away` is how long of it the console
    was away, so that nobody saw when it ended."""

    code: str
    title: str
    phase: str = ""
    who: str = ""
    planned: datetime | None = None
    minutes: int | None = None
    started: datetime | None = None
    finished: datetime | None = None
    state: str = ""
    note: str = ""
    away: timedelta = timedelta()

    @property
    def standing(self) -> str:
        """The state and what was noted, which the state may hold already."""
        said = self.state.replace("_", " ")
        return said if self.note in said else ": ".join(w for w in (said, self.note) if w)

    @property
    def planned_end(self) -> datetime | None:
        return self.planned + timedelta(minutes=self.minutes or 0) if self.planned else None

    @property
    def undone(self) -> bool:
        """It `finished` when it was undone, which says nothing about how long it took."""
        return self.state.startswith("undone")

    @property
    def took(self) -> timedelta | None:
        """In the minutes shown; None until it is both started and finished."""
        if self.started is None or self.finished is None or self.undone:
            return None
        return between(self.started, self.finished)

    @property
    def end_deviation(self) -> timedelta | None:
        """How much later than planned it ended (began, where the plan gives no minutes);
        negative is earlier."""
        was = self.started if self.minutes is None else self.finished
        if was is None or self.planned_end is None or self.undone:
            return None
        return between(self.planned_end, was)

    @property
    def deviation_words(self) -> str:
        return deviation(self.end_deviation) if self.end_deviation is not None else ""

    @property
    def took_words(self) -> str:
        return times.speak_span(self.took) if self.took is not None else ""


@dataclass(frozen=True, slots=True)
class CheckLine:
    """Once that something was verified, or tried to be; `undone`: taken back at once."""

    at: datetime
    step: str
    outcome: str
    by: str = ""
    comment: str = ""
    undone: bool = False

    @property
    def words(self) -> str:
        return f"{self.outcome}, taken back" if self.undone else self.outcome


@dataclass(frozen=True, slots=True)
class DecisionLine:
    number: int
    what: str
    answer: str
    by: str
    at: datetime
    asked_of: str = ""
    waited_minutes: int | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice with its lead time. `sent` None: it never left, `state` says why. `latest` is its
    last possible moment; what the plan does not ask for has none."""

    kind: str
    to: str
    due: datetime | None = None
    sent: datetime | None = None
    state: str = ""
    latest: datetime | None = None

    @property
    def kept(self) -> bool:
        if self.sent is None:
            return False
        return self.latest is None or in_time(self.sent, self.latest)

    def lead_words(self, start: datetime) -> str:
        """`10 days before the start`, `5 min after the start`; empty when not sent."""
        if self.sent is None:
            return ""
        ahead = between(self.sent, start)
        if not ahead:
            return "at the start"
        side = "before" if ahead > timedelta() else "after"
        return f"{times.speak_span(ahead)} {side} the start"

    @property
    def kept_words(self) -> str:
        """`in time`, `12 min too late`, or `not sent` with the reason."""
        if self.sent is None:
            return f"not sent ({self.state})" if self.state else "not sent"
        if not self.kept and self.latest is not None:
            return f"{times.speak_span(between(self.latest, self.sent))} too late"
        after = between(self.due, self.sent) if self.due is not None else timedelta()
        return f"in time, {times.speak_span(after)} after due" if after > timedelta() else "in time"


@dataclass(frozen=True, slots=True)
class WokenLine:
    """Somebody called up; `warranted` None: they were not asked yet, or gave no answer."""

    who: str
    at: datetime
    why: str
    warranted: bool | None = None

    @property
    def warranted_words(self) -> str:
        if self.warranted is None:
            return "no answer yet"
        return "yes" if self.warranted else "no"


@dataclass(frozen=True, slots=True)
class RestLine:
    """One of the crew: how long up within the flight, and how much standing by was saved."""

    who: str
    up: timedelta
    saved: timedelta


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """A change record; `what` is the step it was drafted from."""

    number: int
    ci: str
    before: str
    after: str
    by: str = ""
    at: datetime | None = None
    evidence: str = ""
    external: str = ""
    noticed: str = ""
    what: str = ""

    @property
    def after_words(self) -> str:
        return self.after or "not described yet"


@dataclass(frozen=True, slots=True)
class UnnamedLine:
    """A step that changed something, and nobody said yet on which CI; `what` is the setting, where
    the runbook names one."""

    step: str
    what: str = ""
    by: str = ""
    at: datetime | None = None

    def words(self, window: times.Window) -> str:
        when = clock(self.at, window) if self.at else ""
        who = ", ".join(part for part in (self.by, when) if part)
        said = f"Step {self.step} changed {self.what or 'something'}"
        return f"{said}{f' ({who})' if who else ''}; no CI is named for it."


@dataclass(frozen=True, slots=True)
class ExtensionLine:
    at: datetime
    old_end: datetime
    new_end: datetime
    by: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class LogLine:
    """`struck` entries are shown struck through; `corrects` is the number they are corrected by
    or correct."""

    number: int
    at: datetime
    who: str
    what: str
    struck: bool = False
    corrects: int | None = None


@dataclass(frozen=True, slots=True)
class AfterAction:
    """One flight afterwards. `facts` are (name, words) pairs, as wanted, in order; those the
    report can work out itself (window, actual times, deviation) are not among them. `rested` are
    those who could be with the users in the `morning`, which is the next working day: they had no
    step that night. `taken_back` are changing steps that were undone. The back-out moment is the
    last one, or that of when the flight turned back; `past_return` says why there is none."""

    code: str
    title: str
    ending: str
    window: times.Window
    drafted_at: datetime
    facts: tuple[tuple[str, str], ...] = ()
    started: datetime | None = None
    ended: datetime | None = None
    user_check: str = ""
    data_loss: str = ""
    back_out_moment: datetime | None = None
    back_out_words: str = ""
    past_return: str = ""
    turned_at: datetime | None = None
    steps: tuple[StepLine, ...] = ()
    checks: tuple[CheckLine, ...] = ()
    decisions: tuple[DecisionLine, ...] = ()
    notices: tuple[NoticeLine, ...] = ()
    woken: tuple[WokenLine, ...] = ()
    changes: tuple[ChangeLine, ...] = ()
    unnamed: tuple[UnnamedLine, ...] = ()
    taken_back: tuple[str, ...] = ()
    extensions: tuple[ExtensionLine, ...] = ()
    log: tuple[LogLine, ...] = ()
    log_number: int = 0
    log_hash: str = ""
    rested: tuple[str, ...] = ()
    spared: tuple[RestLine, ...] = ()
    morning: date | None = None
    check_due: datetime | None = None

    @property
    def spared_words(self) -> str:
        """What knowing their times spared the crew, against staying from the start to the end."""
        saved = sum((line.saved for line in self.spared), timedelta())
        whole = saved + sum((line.up for line in self.spared), timedelta())
        if not self.spared:
            return "Nobody but the coordinator had a step in hand."
        if not saved:
            return "Nobody was spared any standing by."
        return (
            f"{times.speak_span(saved)} of {times.speak_span(whole)} of standing by saved, "
            "as each was told when to be ready and when they were free."
        )

    @property
    def changes_words(self) -> tuple[str, ...]:
        """What the table of the change records does not say, a sentence each."""
        said = [line.words(self.window) for line in self.unnamed]
        if self.taken_back:
            verb = "was" if len(self.taken_back) == 1 else "were"
            said.append(f"Changed and undone again {verb} {'; '.join(self.taken_back)}.")
        if not self.changes and not said:
            said.append("Nothing was changed.")
        return tuple(said)

    @property
    def started_words(self) -> str:
        """When the GO was given, and how that lies to the window’s start where it is another."""
        if self.started is None:
            return "never started"
        said = times.speak_moment(self.started, self.window.zone)
        off = between(self.window.start_utc, self.started)
        if not off:
            return said
        side = "before" if off < timedelta() else "after"
        return f"GO {said}, {times.speak_span(off)} {side} the window’s start"

    @property
    def promised_end(self) -> datetime:
        """The end first announced; an extension does not move it."""
        return self.extensions[0].old_end if self.extensions else self.window.end_utc

    @property
    def end_words(self) -> str:
        """How the end kept to the promise: `as planned`, `+25 min`; empty while it has none."""
        return deviation(between(self.promised_end, self.ended)) if self.ended else ""

    @property
    def way_back_words(self) -> str:
        """The back-out moment against what became of the flight, in sentences."""
        moment, said = self.back_out_moment, self.back_out_words
        if self.past_return:
            when = f"Turned back {clock(self.turned_at, self.window)}, " if self.turned_at else ""
            past = f"{when}{self.past_return}"
            rest = said or "The flight was not backed out."
            return f"{past[0].upper()}{past[1:]}: there was no back-out moment any more. {rest}"
        if moment is None:
            return said or "The flight was not backed out."
        if self.turned_at is not None:
            left = between(self.turned_at, moment)
            side = "before" if left >= timedelta() else "after"
            turned = clock(self.turned_at, self.window)
            until = f"the back-out moment ({clock(moment, self.window)})"
            return f"Turned back {turned}, {times.speak_span(left)} {side} {until}. {said}".strip()
        was = "The back-out moment was last" if self.ended else "The back-out moment is"
        at = times.speak_moment(moment, self.window.zone)
        return f"{was} {at}. {said or 'The flight was not backed out.'}"
