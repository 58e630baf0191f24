"""The calendar layers there are, as frozen rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import func
from sqlmodel import col, select

from app.models.calendar.web import SOURCE
from app.models.severity import Severity
from app.models.tables.calendar import BusinessEvent, CalendarLayer
from app.models.times import speak_moment
from app.services.calendar.web_known import web_layers
from app.services.database import organisation
from app.services.uow import UnitOfWork

OUTLOOK = "outlook:"
"""How the source of a layer begins that follows a calendar of Outlook; its id follows."""
VENDORS = "maintnote:"
"""The source of the layer that holds the vendors' maintenance notices."""


BY_HAND = "hand:"
"""The source of layers whose events are typed."""


@dataclass(frozen=True, slots=True)
class LayerRow:
    """A layer, how many events it holds, and the file they came from last. Of one
    from the web, `where` names the place, `web_words` say also when it was taken last, `trouble` is
    what went wrong since."""

    id: str
    name: str
    is_freeze: bool
    severity: Severity
    events: int
    source: str
    where: str = ""
    web_words: str = ""
    trouble: str = ""

    @property
    def is_from_web(self) -> bool:
        return self.source.startswith(SOURCE)

    @property
    def is_kept_elsewhere(self) -> bool:
        """No file may be imported into it: that would replace what comes from elsewhere."""
        return self.source.startswith((OUTLOOK, VENDORS, BY_HAND))


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
    web = {each.id: each for each in web_layers(uow)}
    rows = []
    for row in uow.all(CalendarLayer, order=(col(CalendarLayer.key),)):
        made = LayerRow(
            row.id, row.name, row.is_freeze, row.severity, counts.get(row.id, 0), row.source
        )
        if row.id in web:
            known, where = web[row.id].known, web[row.id].address.spoken
            words = f"From {where}, asked for once a day"
            if known.read_at:
                read_at = datetime.fromisoformat(known.read_at)
                words += f"; last read {speak_moment(read_at, organisation(uow).zone)}"
            made = replace(made, where=where, web_words=f"{words}.", trouble=known.trouble)
        rows.append(made)
    return rows
