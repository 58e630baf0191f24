"""A flight that has ended and is not filed: it stays named, however long ago it ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col

from app.models.outages.lifecycle import ENDINGS, State
from app.models.tables.outages import Outage
from app.models.times import speak_moment, to_wall
from app.services.live.reading import live_outage
from app.services.live.rows import Shown
from app.services.outages.debt import debts_of
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Unfiled:
    """The one that ended last. `days` are those since, by its own calendar; `owed` is how many
    things stand between it and filed, `others` how many more such flights there are."""

    outage_id: str
    code: str
    title: str
    ended_at: datetime
    days: int
    owed: int
    others: int

    @property
    def words(self) -> str:
        """`OUT-2025-001 File cluster firmware ended yesterday, 3 things to file it.`"""
        when = {0: "today", 1: "yesterday"}.get(self.days, f"{self.days} days ago")
        left = f"{self.owed} thing{'s' * (self.owed != 1)} to file it"
        what = left if self.owed else "ready to file"
        more = f" {self.others} more that ended {_are(self.others)} not filed." * bool(self.others)
        return f"{self.code} {self.title} ended {when}, {what}.{more}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def shown_and_unfiled(
    uow: UnitOfWork, prefer: Sequence[str] = ()
) -> tuple[Shown | None, Unfiled | None]:
    """What Live shows, and, while that is no flight of the moment, what is left to be filed."""
    shown = live_outage(uow, prefer)
    return shown, None if shown is not None and shown.now else unfiled(uow)


def no_flight_words(coming: Shown | None, left: Unfiled | None) -> str:
    said = ["No flight today."]
    if left is not None:
        said.append(left.words)
    if coming is None:
        said.append("No window is planned yet.")
    else:
        start = speak_moment(coming.start, coming.zone)
        said.append(f"The next window is {coming.code} {coming.title}, {start}.")
    return " ".join(said)


def unfiled(uow: UnitOfWork) -> Unfiled | None:
    """A query."""
    ended = uow.all(
        Outage,
        col(Outage.state).in_(ENDINGS - {State.CANCELLED}),
        col(Outage.ended_at).is_not(None),
        order=(col(Outage.ended_at).desc(),),
    )
    if not ended:
        return None
    last = ended[0]
    assert last.ended_at is not None
    today, day = (to_wall(moment, last.zone).date() for moment in (uow.now, last.ended_at))
    return Unfiled(
        last.id,
        last.code,
        last.title,
        last.ended_at,
        (today - day).days,
        len(debts_of(uow, last)),
        len(ended) - 1,
    )
