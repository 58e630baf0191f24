"""The conference line of a flight."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field

from app.models.tables.base import Json, Record


class Bridge(Record, table=True):
    """A static line (dial-in and code as people would read them out), or with `provider` “teams”
    an online meeting. `closing` holds each step of its closing procedure with its answer:
    [{"step", "at", "by", "answer"}]."""

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
    provider: str = "line"
    meeting_id: str = ""
    external_id: str = ""
    dial_in: str = ""
    closing: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
