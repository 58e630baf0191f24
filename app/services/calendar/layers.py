"""The calendar layers there are, as frozen rows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import col, select

from app.models.severity import Severity
from app.models.tables.calendar import BusinessEvent, CalendarLayer
from app.services.uow import UnitOfWork

OUTLOOK = "outlook:"
"""How the source of a layer begins that follows a calendar of Outlook; its id follows."""
VENDORS = "maintnote:"
"""The source of the layer that holds the vendors' maintenance notices."""


@dataclass(frozen=True, slots=True)
class LayerRow:
    """A layer, how many events it holds, and the file they came from last ("" when typed)."""

    id: str
    name: str
    is_freeze: bool
    severity: Severity
    events: int
    source: str

    @property
    def is_kept_elsewhere(self) -> bool:
        """No file may be imported into it: that would replace what comes from elsewhere."""
        return self.source.startswith((OUTLOOK, VENDORS))


def layers(uow: UnitOfWork) -> list[LayerRow]:
    """By name."""
    counted = uow.session.exec(
        select(BusinessEvent.layer_id, func.count())
        .where(
            col(BusinessEvent.organisation_id) == uow.organisation_id,
            col(BusinessEvent.archived_at).is_(None),
        )
        .group_by(col(BusinessEvent.layer_id))
    )
    counts = dict(counted.all())
    return [
        LayerRow(row.id, row.name, row.is_freeze, row.severity, counts.get(row.id, 0), row.source)
        for row in uow.all(CalendarLayer, order=(col(CalendarLayer.key),))
    ]
