"""Everything a notice may say about an outage, gathered by the use case that writes it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from app.models.errors import BadInput
from app.models.times import Window, abbreviation, zone


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What templates may name and the lint checks against. Moments are aware UTC, spoken in the
    window's zone. An empty optional value drops its sentence.

    `services` are the names written for users, as they stand within a sentence ("file cluster").
    `before` is the act asked for ("Save your work"); the moment is added by the template.
    `cis` are configuration item names, which a notice to people must not mention.
    """

    audiences: tuple[str, ...]
    services: tuple[str, ...]
    window: Window
    also_affected: tuple[str, ...] = ()  # services that rest on it, whose users are told for that
    organisation: str = ""
    code: str = ""
    title: str = ""
    reason: str = ""  # why: of an extension, a delay, a back-out, a cancellation
    impact: str = ""
    before: str = "Save your work"
    workaround: str = ""  # "what you can do meanwhile"
    objection_route: str = ""  # how to notify operations
    help_route: str = ""  # whom to tell when something still does not work
    recipient_zones: tuple[str, ...] = ()
    zones_unknown: bool = False
    coordinator: str = ""
    coordinator_phone: str = ""
    bridge: str = ""
    decides: tuple[str, ...] = ()  # lines of the decision card: "extend: R. Ito, 555-0142"
    cis: tuple[str, ...] = ()
    # while it runs and when it ends
    old_window: Window | None = None  # as last told: before a move, or before this extension
    old_services: tuple[str, ...] = ()  # those people were told of, where they are others now
    new_end: datetime | None = None
    next_update: datetime | None = None
    ended_at: datetime | None = None
    progress: str = ""
    data_loss: str = ""  # "none", or what was lost
    user_check: str = ""
    changes: tuple[str, ...] = ()  # what people will notice
    unreviewed: int = 0  # change records nobody confirmed yet
    left_over: tuple[str, ...] = ()  # what a partly done outage did not do
    done: tuple[str, ...] = ()  # what it did
    as_before: bool = False  # the old state was put back
    stays_changed: tuple[str, ...] = ()  # what turning back could not put back
    check_due: datetime | None = None  # until when the users' own check is promised
    checker: str = ""  # who does it
    postponed: bool = False
    new_date_by: date | None = None
    # to the crew and those beside it
    recipient: str = ""
    role: str = ""
    crew_steps: tuple[str, ...] = ()
    be_ready: datetime | None = None
    release: datetime | None = None
    confirm_by: datetime | None = None
    confirm_to: str = ""  # the address that confirmations and objections to a kick-off go to
    endangers: str = ""  # the notice a late confirmation would delay
    crew_link: str = ""  # to the person's own crew board
    report_mark: str = ""  # the secret of their reports by mail
    report_codes: tuple[str, ...] = ()  # the steps they can report so
    callers_say: tuple[str, ...] = ()
    desk_answer: str = ""
    suppress_from: datetime | None = None
    suppress_to: datetime | None = None
    suppress_cis: tuple[str, ...] = ()
    # to the leaders
    told: str = ""  # how many people heard of it, "36 people"
    under_way: bool = False
    not_held: bool = False
    no_way_back: tuple[str, ...] = ()  # what cannot be undone once begun
    figures: tuple[str, ...] = ()  # how it went, in numbers
    coming: tuple[str, ...] = ()  # the other outages of the next weeks

    @property
    def zone_needed(self) -> bool:
        """True when a recipient's clock differs from the window's at its start or end, or a zone
        is unknown, or the clocks change within the window."""
        if self.zones_unknown or any(not _known(name) for name in self.recipient_zones):
            return True
        window = self.window
        if _offset(window.start_utc, window.zone) != _offset(window.end_utc, window.zone):
            return True
        return bool(self.foreign_zones)

    @property
    def foreign_zones(self) -> tuple[str, ...]:
        """The recipients' zones whose clocks differ from the window's, each once, sorted."""
        return tuple(sorted({z for z in self.recipient_zones if not _same_clock(self.window, z)}))

    def zone_words(self, moment: datetime) -> str:
        """`EST` where the zone has to be said, else nothing."""
        return abbreviation(moment, self.window.zone) if self.zone_needed else ""

    @property
    def promised_end(self) -> datetime:
        """The end people were last told or are told now, UTC."""
        return self.new_end or self.window.end_utc


def _known(zone_name: str) -> bool:
    """A zone we do not know is an unknown one, and no reason to refuse a notice at night."""
    try:
        zone(zone_name)
    except BadInput:
        return False
    return True


def _offset(moment: datetime, zone_name: str) -> object:
    return moment.astimezone(zone(zone_name)).utcoffset()


def _same_clock(window: Window, other: str) -> bool:
    """Detroit and New York say the same time, so neither needs the zone named."""
    return all(
        _offset(moment, window.zone) == _offset(moment, other)
        for moment in (window.start_utc, window.end_utc)
    )
