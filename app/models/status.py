"""The status page: what people were told of planned outages, and nothing else.

All that is shown comes from notices that left. Sentences are made from what a notice was about;
words somebody typed appear only when they stood in the notice and name nobody and no machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.models.notices import wording
from app.models.notices.kinds import NoticeKind
from app.models.times import abbreviation, to_wall

GENERATOR = "Flight Console status page"
"""By this the page is known as one that may be written over."""
PAGE = "index.html"
KEPT = timedelta(days=90)
"""So long an outage that is over stays on the page."""
LONGEST = 600
"""Characters of a line somebody typed."""
SAYS_WINDOW = frozenset({NoticeKind.PLANNED, NoticeKind.RESCHEDULED})
SAYS_END = SAYS_WINDOW | {NoticeKind.EXTENDED}
ENDS = frozenset(
    {NoticeKind.ALL_CLEAR, NoticeKind.PARTLY_DONE, NoticeKind.BACKED_OUT, NoticeKind.CANCELLED}
)
_PRIVATE = re.compile(
    r"@|://|www\.|\+?\d[\d ().-]{5,}\d"  # addresses and phone numbers
    r"|\b[\w-]*[A-Za-z][\w-]*\d[\w-]*\b|\b[\w-]+(?:\.[\w-]+){2,}\b"  # names of machines
    r"|\bext(?:\.|ension)?\s*\d|\b(?:call|phone|dial)\b[^.]{0,40}\d{3}",
    re.IGNORECASE,
)
_TIME = re.compile(r"\b\d{1,2}(?::\d\d)?\s*[ap]\.?m\b\.?|\b\d{1,2}(?:st|nd|rd|th)\b", re.IGNORECASE)


class Standing(StrEnum):
    """Where an outage stands on the page. The tokens are those of the JSON feed."""

    UPCOMING = "upcoming"
    IN_PROGRESS = "in_progress"
    PAST = "past"


@dataclass(frozen=True, slots=True)
class Update:
    """One thing people were told. `id` is the notice's, so a feed's entries keep theirs."""

    id: str
    kind: NoticeKind
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class StatusOutage:
    """`start` and `end` (UTC) as people were told last; `state` in words. Updates newest first."""

    id: str
    services: tuple[str, ...]
    start: datetime
    end: datetime
    zone: str
    standing: Standing
    state: str
    updates: tuple[Update, ...]
    impact: str = ""
    before: str = ""
    meanwhile: str = ""

    @property
    def name(self) -> str:
        return wording.capital(wording.say_list(wording.in_sentence(s) for s in self.services))

    @property
    def window_words(self) -> str:
        return say_window(self.start, self.end, self.zone)


@dataclass(frozen=True, slots=True)
class StatusPage:
    """In progress: the first begun first. Upcoming: the next first. Past: the newest first."""

    id: str
    organisation: str
    zone: str
    practice: bool
    outages: tuple[StatusOutage, ...]

    def of(self, standing: Standing) -> tuple[StatusOutage, ...]:
        return tuple(o for o in self.outages if o.standing is standing)

    @property
    def changed(self) -> datetime | None:
        """When the last of all that is shown was told."""
        return max((u.at for o in self.outages for u in o.updates), default=None)


def say_day(wall: datetime) -> str:
    return f"{wording.say_date(wall.date())}, {wall.year}"


def say_moment(moment: datetime, zone: str) -> str:
    """`7:00 pm EST Friday, January 10th, 2025`."""
    wall = to_wall(moment, zone)
    return f"{wording.say_time(wall)} {abbreviation(moment, zone)} {say_day(wall)}"


def say_window(start: datetime, end: datetime, zone: str) -> str:
    """`7:00 pm Friday, January 10th, 2025 until 10:00 pm, New York time (EST)`."""
    first, last = to_wall(start, zone), to_wall(end, zone)
    until = wording.say_time(last)
    if last.date() != first.date():
        until = f"{until} {say_day(last)}"
    return (
        f"{wording.say_time(first)} {say_day(first)} until {until}, {zone_words(start, end, zone)}"
    )


def zone_words(start: datetime, end: datetime, zone: str) -> str:
    """`New York time (EST)`; both names when the clocks change in between."""
    names = dict.fromkeys(abbreviation(moment, zone) for moment in (start, end))
    return f"{wording.place_of(zone)} time ({', then '.join(names)})"


def told_line(line: str, told: str, names: Iterable[str]) -> str:
    """The line, when it stood in what was `told` and names none of `names` (machines, people), no
    address, no number to call; else nothing."""
    said = wording.clean_line(line)
    if (
        not said
        or len(said) > LONGEST
        or " ".join(said.split()).casefold() not in " ".join(told.split()).casefold()
    ):
        return ""
    folded = said.casefold()
    if _PRIVATE.search(_TIME.sub(" ", said)):
        return ""
    named = (n for n in names if len(n) > 2 and n.casefold() in folded)
    if any(re.search(rf"(?<!\w){re.escape(n)}(?!\w)", said, re.IGNORECASE) for n in named):
        return ""
    return said


def standing_of(
    start: datetime, end: datetime, now: datetime, kinds: Iterable[NoticeKind]
) -> tuple[Standing, str]:
    """Where it stands by what was told (`kinds` since the last window, oldest first) and the
    clock; with the state in words."""
    told = list(kinds)
    ended = next((kind for kind in reversed(told) if kind in ENDS), None)
    if ended is not None:
        return Standing.PAST, _ENDED[ended]
    begun = NoticeKind.STARTED in told
    if not begun and now < start:
        return Standing.UPCOMING, "Delayed" if NoticeKind.DELAYED in told else "Planned"
    if begun:
        longer = "Takes longer than announced" if now > end else "In progress"
        return Standing.IN_PROGRESS, longer
    if now > end:
        return Standing.IN_PROGRESS, "No further word yet"
    delayed = NoticeKind.DELAYED in told
    return Standing.IN_PROGRESS, "Delayed" if delayed else "Due to have begun"


_ENDED = {
    NoticeKind.ALL_CLEAR: "Over, all clear",
    NoticeKind.PARTLY_DONE: "Over, partly done",
    NoticeKind.BACKED_OUT: "Over, turned back",
    NoticeKind.CANCELLED: "Cancelled",
}
