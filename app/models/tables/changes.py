"""Change records: what was changed on which CI, and the proof."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary
from sqlmodel import Field, SQLModel

from app.models.tables.base import Record


class ChangeRecord(Record, table=True):
    """`reviewed_at` is when a person confirmed that it says what was really done."""

    __tablename__ = "change_record"
    outage_id: str = Field(foreign_key="outage.id", index=True)
    ci_id: str = Field(foreign_key="ci.id", index=True)
    step_id: str | None = Field(default=None, foreign_key="step.id")
    number: int = 1
    what: str = ""
    before: str = ""
    after: str = ""
    people_notice: str = ""
    evidence: str = ""
    by: str = ""
    at: datetime
    external_number: str = ""
    reviewed_at: datetime | None = None
    reviewed_by: str = ""
    undone: bool = False


class EvidencePiece(SQLModel, table=True):
    """What a file of evidence or of a notice holds, in a database that several consoles share;
    a store in a file has them beside it. `file` is its name in a data folder, which begins with
    the hash of the whole; the pieces of a file are numbered from 0."""

    __tablename__ = "evidence_piece"
    file: str = Field(primary_key=True)
    number: int = Field(primary_key=True)
    content: bytes = Field(sa_type=LargeBinary)
