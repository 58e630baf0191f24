"""A rendered notice read once for all lint rules: its own words, dates, times and contacts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from app.models.notices import mentions, wording
from app.models.notices.facts import NoticeFacts
from app.models.notices.fields import Value, fields
from app.models.notices.forwarding import FORWARD_LINE
from app.models.notices.kinds import NoticeKind
from app.models.notices.leadtime import LeadRule, Waiver, WorkDays
from app.models.outages.lifecycle import ImpactClass
from app.models.severity import Severity
from app.models.times import Window, to_wall


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to mend or to know. `span` is a from–to in the plain text (or in the subject
    when `in_subject`), None when something is missing; `fix` replaces the span, or is a
    sentence to add where there is none."""

    rule: str
    severity: Severity
    sentence: str
    span: mentions.Span | None = None
    fix: str | None = None
    in_subject: bool = False


@dataclass(frozen=True, slots=True)
class Sending:
    """When it is to leave (UTC), and what decides whether that is in time. `waiver` is also the
    approver and reason of an urgent outage; `flown` while the window is flown."""

    at: datetime
    impact: ImpactClass
    workdays: WorkDays
    waiver: Waiver | None = None
    flown: bool = False
    rule: LeadRule | None = None


_MAIL = re.compile(r"(?<![\w.+'-])[\w.+'-]{1,64}@[\w.-]{0,100}\w")
_URL = re.compile(r"\b(?:https?://|www\.)\S+")
_PHONE = re.compile(r"(?<![\w-])\+?\(?\d[\d ().-]{5,20}\d(?![\w-])")
_EXTENSION = re.compile(
    r"\b(?:call|phone|dial|ext\.?|extension|on)\s*:?\s*(\d{3,6})\b(?!:)", re.IGNORECASE
)


@dataclass(frozen=True)
class Reading:
    """What the rules look at. For a reminder `text` is the note alone: what is forwarded below
    was checked when it was sent."""

    subject: str
    whole: str
    kind: NoticeKind
    facts: NoticeFacts
    sending: Sending | None

    @cached_property
    def text(self) -> str:
        if self.kind is NoticeKind.REMINDER:
            return self.whole.partition(FORWARD_LINE)[0]
        return self.whole

    @cached_property
    def values(self) -> dict[str, Value]:
        return fields(self.facts)

    @cached_property
    def foreign_zones(self) -> tuple[str, ...]:
        return self.facts.foreign_zones

    @cached_property
    def folded(self) -> str:
        return " ".join(self.text.split()).casefold()

    @cached_property
    def dates(self) -> tuple[mentions.DateSaid, ...]:
        return mentions.dates_in(self.text, self.facts.window.start.date())

    @cached_property
    def clocks(self) -> tuple[mentions.ClockSaid, ...]:
        return mentions.clocks_in(self.text)

    @cached_property
    def contacts(self) -> tuple[str, ...]:
        """Mail addresses, web addresses and phone numbers."""
        found = [m.group() for pattern in (_MAIL, _URL) for m in pattern.finditer(self.text)]
        rest = self.without_addresses
        found += [m.group() for m in _PHONE.finditer(rest)]
        found += [m.group(1) for m in _EXTENSION.finditer(rest)]
        return tuple(found)

    @cached_property
    def without_addresses(self) -> str:
        """The text with mail and web addresses blanked out, positions kept."""
        blank = _URL.sub(lambda m: " " * len(m.group()), self.text)
        return _MAIL.sub(lambda m: " " * len(m.group()), blank)

    @cached_property
    def known_dates(self) -> frozenset[date]:
        """Every date the facts give reason to name, in the window's zone and in local ones."""
        f = self.facts
        found: set[date] = set()
        for window in (f.window, f.old_window):
            if window is not None:
                found |= mentions.dates_of_span(window.start.date(), window.end.date())
                for name in self.foreign_zones:
                    found.add(to_wall(window.start_utc, name).date())
                    found.add(to_wall(window.end_utc, name).date())
        moments = (
            f.new_end,
            f.next_update,
            f.ended_at,
            f.check_due,
            f.be_ready,
            f.release,
            f.confirm_by,
        )
        for moment in (*moments, f.suppress_from, f.suppress_to):
            if moment is not None:
                found.add(to_wall(moment, f.window.zone).date())
        if f.new_date_by is not None:
            found.add(f.new_date_by)
        for line in (*f.coming, f.reason if f.not_held else ""):
            near = f.window.start.date()
            found |= {said.day for said in mentions.dates_in(line, near) if said.day is not None}
        return frozenset(found)

    def says(self, words: str) -> bool:
        """The words stand in the text, whatever their capitals and line breaks."""
        return " ".join(words.split()).casefold() in self.folded

    def says_clock(self, wall: datetime) -> bool:
        return any((c.hour, c.minute) == (wall.hour, wall.minute) for c in self.clocks)

    def says_date(self, day: date) -> bool:
        return any(said.day == day for said in self.dates)

    def says_start(self, window: Window) -> bool:
        return self.says_clock(window.start) and self.says_date(window.start.date())

    def says_end(self, end: datetime, start: date) -> bool:
        """`end` is a wall; its day must be named when it is not the day of the start."""
        return self.says_clock(end) and (end.date() == start or self.says_date(end.date()))

    def wall(self, moment: datetime) -> datetime:
        return to_wall(moment, self.facts.window.zone)

    @cached_property
    def missing_services(self) -> tuple[str, ...]:
        return tuple(
            said for s in self.facts.services if not self.says(said := wording.in_sentence(s))
        )
