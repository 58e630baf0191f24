"""The console's side of the board: each link with who opened it, and where it is served."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from app.models.crew.links import LinkKind
from app.models.live.go import GO_WITHIN
from app.models.outages.lifecycle import CLOSED, State
from app.models.tables.crew import CrewLink
from app.models.tables.outages import Outage
from app.services.crew.links import LinkRow, crew_links
from app.services.crew.reached import Otherwise, otherwise_of
from app.services.crew.serving import Served, served
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class DeskRow:
    """A link that stands. `by` is how its holder reports instead; `leads`: they sit at the
    console."""

    link: LinkRow
    by: Otherwise | None = None
    leads: bool = False

    @property
    def is_expected(self) -> bool:
        """They have a step and report it from elsewhere."""
        return self.link.kind is LinkKind.CREW and bool(self.link.codes) and not self.leads

    @property
    def is_missing(self) -> bool:
        """They are expected, and neither opened it nor report otherwise."""
        return self.is_expected and not (self.link.opened_at or self.by)


@dataclass(frozen=True, slots=True)
class CrewDesk:
    """`why_not`: why no links can be made for this outage, in a sentence; empty: they can.
    `without`: people with a step who have no link yet."""

    outage_id: str
    code: str
    title: str
    zone: str
    now: datetime
    rows: tuple[DeskRow, ...]
    without: tuple[str, ...]
    served: Served
    why_not: str = ""
    late: bool = False
    """Whoever did not open it by now is red at the GO."""

    @property
    def on(self) -> bool:
        return bool(self.rows)

    @property
    def expected(self) -> tuple[DeskRow, ...]:
        return tuple(row for row in self.rows if row.is_expected)


def crew_desk(uow: UnitOfWork, outage_id: str) -> CrewDesk:
    """A query. Raises NotFound."""
    outage = uow.fetch(Outage, outage_id)
    links = crew_links(uow, outage_id)
    others = otherwise_of(uow, outage_id)
    return CrewDesk(
        outage_id=outage.id,
        code=outage.code,
        title=outage.title,
        zone=outage.zone,
        now=uow.now,
        rows=tuple(
            DeskRow(
                row,
                others.get(row.person_id),
                bool(row.person_id) and row.person_id == outage.coordinator_id,
            )
            for row in links.rows
        ),
        without=links.without,
        served=served(uow),
        why_not=_why_not(outage),
        late=uow.now >= outage.start_utc - GO_WITHIN,
    )


def _why_not(outage: Outage) -> str:
    if outage.state is State.DRAFT:
        return "This outage is still a draft. Make it planned first; then its crew can get links."
    if outage.state in CLOSED:
        return f"This outage is {outage.state.words.lower()}: nobody reports on it any more."
    return ""


def boards_on(uow: UnitOfWork) -> tuple[str, ...]:
    """A query: the codes of outages whose crew has links, whether or not they are served."""
    query = select(CrewLink.outage_id).where(
        CrewLink.organisation_id == uow.organisation_id,
        col(CrewLink.revoked_at).is_(None),
        col(CrewLink.archived_at).is_(None),
    )
    ids = set(uow.session.exec(query))
    outages = uow.all(Outage, col(Outage.id).in_(ids), order=(col(Outage.start_utc),))
    return tuple(o.code for o in outages if crew_links(uow, o.id).on)


def at_start(uow: UnitOfWork) -> tuple[Served, tuple[str, ...]]:
    """A query: how it was served last, and for which outages it is still on."""
    kept = served(uow)
    return kept, boards_on(uow) if kept.on else ()
