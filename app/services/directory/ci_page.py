"""A configuration item's page: its neighbourhood, what was changed on it, and what is coming."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from app.models.directory.graph import CiGraph
from app.models.directory.layers import LaidOut, lay_out
from app.models.directory.words import CiKind, Environment
from app.models.ids import CiId
from app.models.outages.lifecycle import CLOSED, State
from app.models.tables.directory import CiDependency, ConfigurationItem, Service, ServiceCi
from app.models.tables.outages import Outage, OutageCi
from app.models.tables.runbook import Step
from app.models.times import Window, speak_window, to_wall
from app.services.calendar.vendor_near import VendorsNearby
from app.services.changes import ChangeRow, history_of
from app.services.database import organisation
from app.services.directory.reading import mine
from app.services.uow import UnitOfWork

AHEAD = timedelta(days=2 * 366)
"""So far vendors' windows are known."""


@dataclass(frozen=True, slots=True)
class MapNode:
    """One CI of the picture. `layer` counts from the top, `place` from the left; `services` are
    those that rest directly on it."""

    id: str
    name: str
    kind: CiKind
    environment: Environment
    layer: int
    place: int
    needed_by_flight: str
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComingWindow:
    """An outage not yet over, or work of a vendor, that this CI feels: it touches the CI itself, or
    `through` one that the CI rests on. It is shown in `section`, as `about`: an outage's id there,
    of a vendor the day. `state` is None of a vendor, who says in `code` what it is."""

    id: str
    section: str
    about: str
    code: str
    title: str
    window: str
    state: State | None
    through: str


_Coming = tuple[datetime, ComingWindow]
"""When it begins, in UTC, and how it is shown."""


@dataclass(frozen=True, slots=True)
class CiPage:
    """`stops` are all services an outage of the CI is felt by; `above` and `below` count all
    CIs in either direction, `laid` holds those of the picture. `hours` are its maintenance hours;
    `zone` is where times are told."""

    id: str
    version: int
    name: str
    kind: CiKind
    environment: Environment
    nodes: tuple[MapNode, ...]
    laid: LaidOut
    above: int
    below: int
    stops: tuple[str, ...]
    hours: str
    history: tuple[ChangeRow, ...]
    coming: tuple[ComingWindow, ...]
    zone: str


def ci_page(uow: UnitOfWork, ci_id: str) -> CiPage:
    """Raises NotFound."""
    asked = uow.fetch(ConfigurationItem, ci_id)
    start = CiId(asked.id)
    edges = [(CiId(a), CiId(b)) for a, b in _pairs(uow)]
    graph = CiGraph(edges)
    above, below = graph.above(start), graph.below(start)
    laid = lay_out(graph, edges, start)
    return CiPage(
        id=asked.id,
        version=asked.version,
        name=asked.name,
        kind=asked.kind,
        environment=asked.environment,
        nodes=_nodes(uow, laid),
        laid=laid,
        above=len(above),
        below=len(below),
        stops=_stops(uow, {start, *above}),
        hours=", ".join(part for part in (asked.hours, asked.hours and asked.zone) if part),
        history=tuple(history_of(uow, ci_id)),
        coming=_coming(uow, start, {start, *below}),
        zone=organisation(uow).zone,
    )


def _pairs(uow: UnitOfWork) -> list[tuple[str, str]]:
    """(ci, what it rests on), both not archived."""
    link, item = CiDependency, ConfigurationItem
    connection = uow.session.connection()
    gone = {
        row[0]
        for row in connection.execute(
            select(col(item.id)).where(col(item.archived_at).is_not(None))
        )
    }
    query = select(col(link.ci_id), col(link.depends_on_id)).where(*mine(uow, link))
    return [(a, b) for a, b in connection.execute(query) if a not in gone and b not in gone]


def _nodes(uow: UnitOfWork, laid: LaidOut) -> tuple[MapNode, ...]:
    shown = [ci for layer in laid.layers for ci in layer]
    rows = {ci.id: ci for ci in uow.all(ConfigurationItem, col(ConfigurationItem.id).in_(shown))}
    names = _service_names(uow)
    over: dict[str, list[str]] = defaultdict(list)
    for link in uow.all(ServiceCi, col(ServiceCi.ci_id).in_(shown)):
        if link.service_id in names:
            over[link.ci_id].append(names[link.service_id])
    return tuple(
        MapNode(
            ci,
            rows[ci].name,
            rows[ci].kind,
            rows[ci].environment,
            layer,
            place,
            rows[ci].needed_by_flight,
            tuple(sorted(over[ci])),
        )
        for layer, cis in enumerate(laid.layers)
        for place, ci in enumerate(cis)
        if ci in rows
    )


def _stops(uow: UnitOfWork, hit: set[CiId]) -> tuple[str, ...]:
    names = _service_names(uow)
    query = select(col(ServiceCi.service_id), col(ServiceCi.ci_id)).where(*mine(uow, ServiceCi))
    found = {service for service, ci in uow.session.connection().execute(query) if ci in hit}
    return tuple(sorted(names[service] for service in found if service in names))


def _coming(uow: UnitOfWork, start: CiId, felt: set[CiId]) -> tuple[ComingWindow, ...]:
    """By window; each is named once, as touching the CI itself when it does."""
    found = [*_outages(uow, start, felt), *_vendors(uow, start, felt)]
    return tuple(row for _, row in sorted(found, key=lambda each: each[0]))


def _vendors(uow: UnitOfWork, start: CiId, felt: set[CiId]) -> Iterator[_Coming]:
    zone = organisation(uow).zone
    hit = [
        (each, set(each.cis & felt))
        for each in VendorsNearby(uow).windows(uow.now, uow.now + AHEAD)
        if each.cis & felt
    ]
    through = _through(uow, start, [cis for _, cis in hit])
    for (each, _), via in zip(hit, through, strict=True):
        begins, ends = to_wall(each.start, zone), to_wall(each.end, zone)
        yield (
            each.start,
            ComingWindow(
                each.id,
                "calendar",
                begins.date().isoformat(),
                f"{each.provider} {each.maintenance_id}: {each.said}",
                each.title,
                speak_window(Window(begins, ends, zone, begins.fold, ends.fold)),
                None,
                via,
            ),
        )


def _through(uow: UnitOfWork, start: CiId, hit: Sequence[set[CiId]]) -> list[str]:
    """Of each the name of the item by which it is felt; empty where it is this one."""
    item, wanted = ConfigurationItem, {ci for cis in hit for ci in cis}
    names = {ci.id: ci.name for ci in uow.all(item, col(item.id).in_(sorted(wanted)))}
    return ["" if start in cis else min(names.get(ci, "") for ci in cis) for cis in hit]


def _outages(uow: UnitOfWork, start: CiId, felt: set[CiId]) -> Iterator[_Coming]:
    live = {
        outage.id: outage
        for outage in uow.all(
            Outage,
            col(Outage.state).not_in([State.FILED, *CLOSED]),
        )
    }
    touched: dict[str, set[CiId]] = defaultdict(set)
    for link in uow.all(OutageCi, col(OutageCi.outage_id).in_(list(live))):
        touched[link.outage_id].add(CiId(link.ci_id))
    query = select(col(Step.outage_id), col(Step.ci_id)).where(
        *mine(uow, Step), col(Step.outage_id).in_(list(live)), col(Step.ci_id).is_not(None)
    )
    for outage_id, ci in uow.session.connection().execute(query):
        touched[outage_id].add(CiId(str(ci)))
    hit = {i: cis & felt for i, cis in touched.items() if cis & felt}
    for i, via in zip(hit, _through(uow, start, list(hit.values())), strict=True):
        outage = live[i]
        yield (
            outage.start_utc,
            ComingWindow(
                outage.id,
                "outages",
                outage.id,
                outage.code,
                outage.title,
                speak_window(outage.window),
                outage.state,
                via,
            ),
        )


def _service_names(uow: UnitOfWork) -> dict[str, str]:
    return {service.id: service.name for service in uow.all(Service)}
