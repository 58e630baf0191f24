"""What is answered while a flight is flown: criteria, roll call, decisions, confirmations."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field

from app.models.tables.base import Record


class Criterion(Record, table=True):
    """The evidence given for one go/no-go criterion (`name` is its token)."""

    __tablename__ = "criterion"
    outage_id: str = Field(foreign_key="outage.id", index=True)
    name: str
    met: bool = False
    evidence: str = ""
    by: str = ""
    at: datetime | None = None


class RollCallAnswer(Record, table=True):
    """`answer` is go or no_go; a later answer of the same person stands in its place."""

    __tablename__ = "roll_call_answer"
    outage_id: str = Field(foreign_key="outage.id", index=True)
    person_id: str | None = Field(default=None, foreign_key="person.id")
    name: str
    answer: str
    why: str = ""
    by: str = ""
    at: datetime


class Decision(Record, table=True):
    """A named decision: who was asked, who answered, how long it took, was it worth waking them."""

    __tablename__ = "decision"
    outage_id: str = Field(foreign_key="outage.id", index=True)
    number: int = 1
    act: str
    asked_of: str = ""
    answered_by: str = ""
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    answer: str = ""
    why: str = ""
    was_called: bool = False
    warranted: str = ""


class Confirmation(Record, table=True):
    """A kick-off question to one person (`what`: owner, checker, vendor, decider)."""

    __tablename__ = "confirmation"
    outage_id: str = Field(foreign_key="outage.id", index=True)
    person: str
    what: str
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    answer: str = ""
    voided_at: datetime | None = None
