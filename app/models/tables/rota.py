"""By which rule turns of the rota are made, and hand-overs from one coordinator to the next."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field

from app.models.tables.base import Json, Record


class RotaRule(Record, table=True):
    """One an organisation. `people` are ids in the order they take turns; turns are made up to
    `made_until` (included) and are their own from then on."""

    __tablename__ = "rota_rule"
    rule: str
    starts: date
    people: list[str] = Field(default_factory=list, sa_type=Json)
    made_until: date


class Handover(Record, table=True):
    """The end of a turn: `ends` is its last day, `incoming_id` whoever comes next, if anybody is
    known. `pack` is what was handed over, as text, once it is acknowledged."""

    __tablename__ = "handover"
    leaving_id: str = Field(foreign_key="person.id")
    incoming_id: str | None = Field(default=None, foreign_key="person.id")
    ends: date = Field(index=True)
    notes: str = ""
    pack: str = ""
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
