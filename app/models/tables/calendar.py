"""Layers of business events and freezes, and their materialised occurrences."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from app.models.ids import new_id
from app.models.severity import Severity
from app.models.tables.base import Json, Record, Token


class CalendarLayer(Record, table=True):
    """A named calendar: a freeze (touches everything unless services are named) or events."""

    __tablename__ = "calendar_layer"
    name: str
    key: str = Field(index=True)
    is_freeze: bool = False
    severity: Severity = Field(
        default=Severity.WARN,
        sa_type=Token(Severity),
    )
    services: list[str] = Field(default_factory=list, sa_type=Json)
    departments: list[str] = Field(default_factory=list, sa_type=Json)
    source: str = ""


class BusinessEvent(Record, table=True):
    """One imported or typed event; `content` is the plain row that was read, for expansion.

    What operations noted beside it outlives another import: who is `responsible`, what it touches
    and how it counts (empty, None: as its layer), when who asked them, and what they answered.
    """

    __tablename__ = "business_event"
    __table_args__ = (Index("ix_business_event_layer_uid", "layer_id", "uid"),)
    layer_id: str = Field(foreign_key="calendar_layer.id", index=True)
    uid: str
    title: str
    sequence: int = 0
    content: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    content_hash: str = ""
    responsible: str = ""
    services: list[str] = Field(default_factory=list, sa_type=Json)
    departments: list[str] = Field(default_factory=list, sa_type=Json)
    severity: Severity | None = Field(default=None, sa_type=Token(Severity))
    asked_on: date | None = None
    asked_by: str = ""
    answer: str = ""


class OutreachRound(Record, table=True):
    """Department heads are asked what must not be disturbed in a `period` (2027, 2027-Q1)."""

    __tablename__ = "outreach_round"
    __table_args__ = (Index("ix_outreach_round_period", "organisation_id", "period"),)
    period: str
    subject: str
    body: str
    answers_by: date


class OutreachAsk(Record, table=True):
    """One head in one round. `item_id` is what leaves by the outbox, empty by hand; `event_id`
    what their answer became."""

    __tablename__ = "outreach_ask"
    round_id: str = Field(foreign_key="outreach_round.id", index=True)
    department_id: str = Field(foreign_key="department.id")
    name: str
    email: str = ""
    sent_at: datetime | None = None
    item_id: str = ""
    answer: str = ""
    answered_at: datetime | None = None
    event_id: str = ""


class Occurrence(SQLModel, table=True):
    """Derived: rebuilt from events for a rolling horizon, never logged, never edited."""

    __tablename__ = "occurrence"
    __table_args__ = (Index("ix_occurrence_span", "organisation_id", "start_utc", "end_utc"),)
    id: str = Field(default_factory=new_id, primary_key=True)
    organisation_id: str = Field(foreign_key="organisation.id")
    layer_id: str = Field(foreign_key="calendar_layer.id", index=True)
    event_id: str = Field(foreign_key="business_event.id", index=True)
    title: str
    start_utc: datetime
    end_utc: datetime
    all_day: bool = False
    start_date: date | None = None
    end_date: date | None = None


class Series(Record, table=True):
    """Recurring maintenance: `plan` holds the facts that each flight takes over (as
    `services/calendar/series_plan.py` writes them), the walls are those of the first window."""

    __tablename__ = "series"
    __table_args__ = (Index("ix_series_code", "organisation_id", "code", unique=True),)
    code: str
    title: str
    rule: str
    start_wall: str
    end_wall: str
    zone: str
    not_in_freeze: bool = True
    plan: dict[str, Any] = Field(default_factory=dict, sa_type=Json)
    continues_id: str | None = None


class SeriesDate(Record, table=True):
    """One time of a series, named by the wall it is `due` at (ISO, minutes). It has a flight, or
    the reason in `left_out` why not; `skipped` is somebody's word, not a freeze's."""

    __tablename__ = "series_date"
    __table_args__ = (Index("ix_series_date_due", "series_id", "due"),)
    series_id: str = Field(foreign_key="series.id")
    due: str
    outage_id: str | None = Field(default=None, foreign_key="outage.id", index=True)
    left_out: str = ""
    skipped: bool = False
    note: str = ""
