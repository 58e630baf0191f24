"""The bridge as Live shows it."""

from __future__ import annotations

from app.models.bridge import Provider
from app.models.tables.outages import Outage
from app.services.bridge.joining import how_to_join
from app.services.bridge.meeting import closing_of
from app.services.bridge.reading import joining_of
from app.services.live.rows import BridgeRow
from app.services.outages.planning import bridge_of
from app.services.uow import UnitOfWork


def bridge_row(uow: UnitOfWork, outage: Outage) -> BridgeRow | None:
    row = bridge_of(uow, outage.id)
    if row is None:
        return None
    return BridgeRow(
        how_to_join(row),
        row.opened_at,
        row.opened_by,
        row.closed_at,
        row.proof,
        Provider(row.provider),
        closing_of(row),
        joining_of(uow, outage, row),
    )
