"""The paper packet's content: everything needed to finish the flight by phone.

A packet is filled from the store once and then only laid out, so it holds words and moments and
no rows of the store. Moments are aware UTC datetimes; `PacketData.clock` says how they are
written. Empty text means "nothing to say" and leaves its place out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.models import times
from app.models.directory.words import in_one
from app.models.reports.clock import clock, dated

BEFORE_THE_WINDOW = "Before the window"
IN_THE_WINDOW = "In the window"
VERIFY = "Verify"
BACK_OUT = "If it goes wrong: back out"
WRAP_UP = "Wrap up"
MOST_SCANNED = 400
"""Letters; with more the code's squares become too small or the code too large."""


class Paper(StrEnum):
    A3 = "a3"
    A4 = "a4"
    LETTER = "letter"


_LETTER = frozenset(
    ("BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE")
)


def paper_of(country: str) -> Paper:
    """What printers of a country (ISO 3166) hold; A4 where none is named."""
    return Paper.LETTER if country.upper() in _LETTER else Paper.A4


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody to reach; `role` is what they are on this flight ("vendor, case 88-1204")."""

    name: str
    phone: str = ""
    role: str = ""

    @property
    def words(self) -> str:
        """`M. Okafor 555 0101`; a line never ends within the number."""
        return " ".join(part for part in (self.name, in_one(self.phone)) if part)


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One line of the decision card. `wait_minutes` None: no waiting, decide at once."""

    what: str
    who: Contact
    deputy: Contact | None = None
    wait_minutes: int | None = None
    then: str = ""

    @property
    def who_words(self) -> str:
        deputy = f" · deputy {self.deputy.words}" if self.deputy else ""
        return f"{self.who.words}{deputy}"

    @property
    def wait_words(self) -> str:
        """`wait 10 min, then back out`, or `–` when nobody is waited for."""
        parts = []
        if self.wait_minutes is not None:
            parts.append(f"wait {self.wait_minutes} min")
        if self.then:
            parts.append(f"then {self.then}")
        return ", ".join(parts) or "–"


@dataclass(frozen=True, slots=True)
class StepRow:
    """One step to tick. `ticked`, `started`, `finished` and `state` say what was already so
    when the packet was printed; what is None or empty is left to the pen. `changed` says what is
    different from the print before (`new`, or `minutes 10 → 15, who`)."""

    code: str
    title: str
    how: str = ""
    say: str = ""
    after: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    undone_by: tuple[str, ...] = ()
    cannot_be_undone: bool = False
    do_not_disturb: bool = False
    gate: bool = False
    who: str = ""
    planned: datetime | None = None
    minutes: int | None = None
    start_by: datetime | None = None
    lock: str = ""
    ticked: bool = False
    started: datetime | None = None
    finished: datetime | None = None
    state: str = ""
    changed: str = ""

    @property
    def changed_words(self) -> str:
        if self.changed == "new":
            return "New since the last print."
        return f"Changed since the last print: {self.changed}." if self.changed else ""

    @property
    def asides(self) -> str:
        """`(after 7) · changes SAN-02 · undo B8`; the mark "cannot be undone" is not in it."""
        parts = []
        if self.changes:
            parts.append(f"changes {', '.join(self.changes)}")
        if self.undone_by:
            parts.append(f"undo {', '.join(self.undone_by)}")
        if self.lock:
            parts.append(self.lock)
        if self.do_not_disturb:
            parts.append("do not disturb")
        after = f"(after {', '.join(self.after)})" if self.after else ""
        return " · ".join(part for part in (after, *parts) if part)


@dataclass(frozen=True, slots=True)
class Section:
    """The steps of one phase, in the order they are flown. `note` stands above the rows, and
    alone where there are none."""

    heading: str
    rows: tuple[StepRow, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice still to come, word for word; paragraphs of `body` are apart by a blank line."""

    kind: str
    subject: str
    body: str
    due: datetime | None = None
    to: str = ""

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body's paragraphs without the blank lines; lines inside a paragraph are kept."""
        lines = self.body.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        parts: list[list[str]] = [[]]
        for line in lines:
            if line.strip():
                parts[-1].append(line.rstrip())
            elif parts[-1]:
                parts.append([])
        return tuple("\n".join(part) for part in parts if part)


@dataclass(frozen=True, slots=True)
class BoardLink:
    """One of the crew’s way to the crew board, as a code and in letters."""

    name: str
    codes: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class PacketData:
    """Everything on paper. `sections` come in flying order, the back-out among them;
    `back_out_moment` None needs `back_out_words` to say why there is none. `printed_before` is when
    it was last on paper; `differs` and `gone` say what, beside the steps, is different from then.
    """

    title: str
    code: str
    revision: int
    printed_at: datetime
    window: times.Window
    bridge: str
    coordinator: Contact
    deputy: Contact | None = None
    bridge_opens: datetime | None = None
    decisions: tuple[DecisionRow, ...] = ()
    sections: tuple[Section, ...] = ()
    back_out_moment: datetime | None = None
    back_out_words: str = ""
    calls: tuple[Contact, ...] = ()
    notices: tuple[NoticeText, ...] = ()
    log_number: int = 0
    log_hash: str = ""
    store_revision: str = ""
    printed_before: datetime | None = None
    differs: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    links: tuple[BoardLink, ...] = ()
    """Empty while the crew board is off, or is served where no phone reaches it."""

    @property
    def again_words(self) -> str:
        """What to look for on a further print; empty on the first."""
        if self.printed_before is None:
            return ""
        when = dated(self.printed_before, self.window.zone)
        marked = any(row.changed for section in self.sections for row in section.rows)
        parts = [f"A bar in the margin marks what changed since {when}."] if marked else []
        if self.differs:
            parts.append(f"{'Also' if marked else f'Since {when}'} changed: "
                         f"{', '.join(self.differs)}.")  # fmt: skip
        if self.gone:
            parts.append(f"No longer in it: {', '.join(self.gone)}.")
        return " ".join(parts) or f"Nothing on it has changed since the print of {when}."

    @property
    def scanned(self) -> str:
        """What a telephone reads off the code: which packet it is, and whom to call."""
        parts = (
            f"{self.code} r{self.revision}, printed {self.printed_words}",
            self.title[:60],
            self.window_local,
            f"Bridge: {self.bridge}" if self.bridge else "",
            f"Coordinator: {self.coordinator.words}",
        )
        return "\n".join(part for part in parts if part)[:MOST_SCANNED]

    @property
    def window_local(self) -> str:
        return times.speak_window(self.window)

    @property
    def window_utc(self) -> str:
        """The window again in UTC; empty where the window's own clock shows UTC."""
        start, end = self.window.start_utc, self.window.end_utc
        if times.abbreviation(start, self.window.zone) == "UTC":
            return ""
        return times.speak_window(
            times.Window(start.replace(tzinfo=None), end.replace(tzinfo=None), "UTC")
        )

    @property
    def printed_words(self) -> str:
        """`Fri 10 Jan 2025 15:04 EST`."""
        return dated(self.printed_at, self.window.zone)

    def clock(self, moment: datetime) -> str:
        """`19:10`, or `Sat 00:40`, as reports write it."""
        return clock(moment, self.window)

    def moment_words(self, moment: datetime) -> str:
        """`Fri 10 Jan 19:00 EST`."""
        return times.speak_moment(moment, self.window.zone)
