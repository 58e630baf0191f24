"""What is to leave this laptop; written in the transaction of the change that owes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field

from app.models.tables.base import Json, Record


class OutboxItem(Record, table=True):
    """`key` makes the effect happen once. `state`: waiting, exported, sent, void, held."""

    __tablename__ = "outbox_item"
    key: str = Field(unique=True)
    kind: str
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    state: str = Field(default="waiting", index=True)
    attempts: int = 0
    not_before: datetime | None = None
    sender: str = "only while this console runs"
    last_answer: str = ""
    about_type: str = ""
    about_id: str = ""
    outage_id: str = Field(default="", index=True)
