"""What is to leave this laptop; written in the transaction of the change that owes it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field

from app.models.outbox import ItemState, PartState, Route
from app.models.tables.base import Json, Record, Token


class OutboxItem(Record, table=True):
    """`key` makes the effect happen once. `sender` says in words who sends it. `kind`: notice,
    answer (to a reply), event (the outage in the Outlook calendar), meeting (open or lock)."""

    __tablename__ = "outbox_item"
    key: str = Field(unique=True)
    kind: str
    payload: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    state: ItemState = Field(default=ItemState.WAITING, sa_type=Token(ItemState), index=True)
    route: Route = Field(default=Route.CONSOLE, sa_type=Token(Route))
    attempts: int = 0
    not_before: datetime | None = None
    sender: str = "only while this console runs"
    last_answer: str = ""
    last_tried_at: datetime | None = None
    taken_back_at: datetime | None = None
    about_type: str = ""
    about_id: str = ""
    outage_id: str = Field(default="", index=True)


class OutboxPart(Record, table=True):
    """One message of an item (a Bcc batch, one person's brief): the thing that leaves once.

    `key` travels with the draft. The Message-ID and the conversation are noted because the id may
    change when the message is sent. `web_link` opens the draft in Outlook. `owner` is whose own
    mailbox it lies in; empty: a shared one, or not known.
    """

    __tablename__ = "outbox_part"
    item_id: str = Field(foreign_key="outbox_item.id", index=True)
    number: int
    key: str = Field(unique=True)
    state: PartState = Field(default=PartState.PENDING, sa_type=Token(PartState), index=True)
    reach: int = 0
    recipient_set_id: str | None = Field(default=None, foreign_key="recipient_set.id")
    first: int = 0
    mailbox: str = ""
    owner: str | None = None
    remote_id: str = ""
    internet_id: str = Field(default="", index=True)
    conversation: str = Field(default="", index=True)
    web_link: str = ""
    tried_at: datetime | None = None
    looks: int = 0
    held_until: datetime | None = None
    accepted_at: datetime | None = None
    last_answer: str = ""
