"""What the debt is computed from, and one thing that is owed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from app.models.notices.kinds import NoticeKind
from app.models.notices.plan import PlanItem
from app.models.notices.policy import Moment
from app.models.outages.debt_kinds import DebtKind
from app.models.outages.lifecycle import State
from app.models.outages.told import Told


@dataclass(frozen=True, slots=True)
class Outstanding:
    """Something other than a notice that waits for somebody, in words."""

    kind: DebtKind
    sentence: str
    why: str
    since: datetime
    due: datetime | None = None
    about_id: str = ""


@dataclass(frozen=True, slots=True)
class DebtFacts:
    """What the debt is computed from. `audience` is who is to be told as things stand now, `spared`
    who was left out of it or wants no notices: once told, they hear of changes and of the end, but
    are not reminded. `services` is what it takes down (named as in `Told`), `heads` who leads a
    department: they hear what changed, too. `wakes_alerts`: a step of the wrap-up switches
    monitoring on again."""

    state: State
    now: datetime
    start: datetime
    promised_end: datetime
    state_since: datetime
    plan: tuple[PlanItem, ...] = ()
    told: tuple[Told, ...] = ()
    audience: frozenset[str] = frozenset()
    spared: frozenset[str] = frozenset()
    services: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()
    noticeable_change: bool = False
    wakes_alerts: bool = False
    bridge_opened: datetime | None = None
    bridge_closed: datetime | None = None
    has_bridge: bool = True
    packet_printed: datetime | None = None
    outstanding: tuple[Outstanding, ...] = ()
    forecast_passes: bool = False
    """The promised end, while it is flown."""


@dataclass(frozen=True, slots=True)
class Debt:
    """`due` and `last_possible` as in the plan; `count` is people and lists a notice is owed to (0
    where it is no notice)."""

    kind: DebtKind
    sentence: str
    why: str
    since: datetime
    due: datetime | None = None
    notice: NoticeKind | None = None
    moment: Moment | None = None
    count: int = 0
    owed_to: frozenset[str] = frozenset()
    about_id: str = ""
    last_possible: datetime | None = None
    to_close: bool = False
    """Of a bridge: it is closed, not opened."""

    @property
    def until(self) -> datetime | None:
        """Until when it still serves, where that is known."""
        return self.last_possible or self.due

    @property
    def late_at(self) -> datetime:
        """From when on it is late, for sorting the most urgent first."""
        return self.until or self.since


def notice_owed(
    facts: DebtFacts,
    kind: NoticeKind,
    to: frozenset[str],
    why: str,
    since: datetime,
    due: datetime | None = None,
    moment: Moment | None = None,
    last_possible: datetime | None = None,
) -> Debt:
    addresses = "address" if len(to) == 1 else "addresses"  # a list counts once
    words = f"{kind.words} owed to {len(to):,} {addresses}" if to else f"{kind.words} owed"
    debt = Debt(DebtKind.NOTICE, words, why, since, due, kind, moment, len(to), to)
    return replace(debt, last_possible=last_possible)


def recipients_of(facts: DebtFacts, kinds: frozenset[NoticeKind]) -> frozenset[str]:
    return frozenset().union(*(t.recipients for t in facts.told if t.kind in kinds))
