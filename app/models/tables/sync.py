"""What the console knows of the things outside that mirror its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from app.models.tables.base import Json, Record


class RemoteLink(Record, table=True):
    """Ours and theirs. `pushed` is what we last wrote there, `seen` what was last read, `proposal`
    an edit made there that a person has not answered yet (empty: none)."""

    __tablename__ = "remote_link"
    __table_args__ = (Index("ix_remote_link_local", "local_type", "local_id"),)
    kind: str
    local_type: str
    local_id: str
    place: str = ""
    remote_id: str = Field(default="", index=True)
    change_key: str = ""
    web_link: str = ""
    pushed: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    seen: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    proposal: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    seen_at: datetime | None = None


class SyncCursor(Record, table=True):
    """Where a list of changes was left. `cursor` is the service's own word, kept whole."""

    __tablename__ = "sync_cursor"
    place: str = Field(index=True)
    cursor: str = ""
    begun_at: datetime | None = None
    round_at: datetime | None = None
