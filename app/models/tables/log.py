"""The append-only log, chained by hashes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.ids import new_id


class LogEntry(SQLModel, table=True):
    """`text` is the stored canonical JSON that the hash covers; the columns repeat its parts."""

    __tablename__ = "log_entry"
    __table_args__ = (
        Index("ix_log_entry_number", "organisation_id", "number", unique=True),
        Index("ix_log_entry_outage", "outage_id", "number"),
    )
    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    number: int
    at: datetime
    who: str
    via: str = ""
    what: str
    kind: str = "act"
    about_type: str = ""
    about_id: str = ""
    outage_id: str = ""
    strikes: int | None = None
    text: str
    previous_hash: str
    hash: str


class ChainHead(SQLModel, table=True):
    """The newest number and hash; locked by every writing transaction."""

    __tablename__ = "chain_head"
    organisation_id: str = Field(foreign_key="organisation.id", primary_key=True)
    number: int = 0
    hash: str = ""
