"""Notices, who they went to, and what came back."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.tables.base import Json, Record, Token


class RecipientSet(Record, table=True):
    """Immutable and shared: one per distinct resolution (`digest` of `people` and `lists`).

    `people`: [{"name", "email", "zone", "why"}]; `lists`: [{"name", "email", "size", "why"}].
    """

    __tablename__ = "recipient_set"
    digest: str = Field(index=True)
    people: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    lists: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    count: int = 0


class Notice(Record, table=True):
    """Rendered parts are what left; `about_*` is the window it spoke of."""

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_outage_kind", "outage_id", "kind"),)
    outage_id: str = Field(foreign_key="outage.id", index=True)
    kind: NoticeKind = Field(sa_type=Token(NoticeKind))
    number: int = 1
    state: NoticeState = Field(
        default=NoticeState.DRAFT,
        sa_type=Token(NoticeState),
    )
    template_revision: int = 1
    source: str = ""
    note: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    sent_at: datetime | None = None
    sent_by: str = ""
    recipient_set_id: str | None = Field(default=None, foreign_key="recipient_set.id")
    about_start_utc: datetime | None = None
    about_end_utc: datetime | None = None
    next_update_utc: datetime | None = None
    original_id: str | None = None


class NoticeTemplate(Record, table=True):
    """The organisation's own words for a kind of notice, or of one service only. Append-only: the
    newest revision holds, and one with `built_in` says that the console's own words hold again."""

    __tablename__ = "notice_template"
    kind: NoticeKind = Field(sa_type=Token(NoticeKind), index=True)
    service_id: str | None = Field(default=None, foreign_key="service.id")
    revision: int = 1
    subject: str = ""
    body: str = ""
    built_in: bool = False
    saved_by: str = ""


class Reply(Record, table=True):
    """An answer to a notice: unsorted until someone says what it is. One that came by mail has a
    `remote_id` and a `guess`; `automatic` ones are set aside."""

    __tablename__ = "reply"
    outage_id: str = Field(foreign_key="outage.id", index=True)
    notice_id: str | None = None
    sender: str
    kind: str = "unsorted"
    text: str = ""
    received_at: datetime
    decision: str = ""
    answer: str = ""
    decided_by: str = ""
    decided_at: datetime | None = None
    email: str = ""
    subject: str = ""
    guess: str = ""
    automatic: bool = False
    remote_id: str = ""
    internet_id: str = Field(default="", index=True)


class Bounce(Record, table=True):
    """A message that did not reach someone; `email` is empty when the report names nobody."""

    __tablename__ = "bounce"
    notice_id: str = Field(foreign_key="notice.id", index=True)
    outage_id: str = Field(foreign_key="outage.id", index=True)
    email: str = ""
    reason: str = ""
    at: datetime
    internet_id: str = Field(default="", index=True)
