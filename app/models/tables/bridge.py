"""The conference line of a flight."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from app.models.tables.base import Record


class Bridge(Record, table=True):
    """A static line: dial-in and code as people would read them out."""

    __tablename__ = "bridge"
    outage_id: str = Field(foreign_key="outage.id", index=True)
    line: str = ""
    join_link: str = ""
    opens_at: datetime | None = None
    opened_at: datetime | None = None
    opened_by: str = ""
    closed_at: datetime | None = None
    closed_by: str = ""
    proof: str = ""
