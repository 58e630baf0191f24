"""Who may open the board of an outage, and what was tapped there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field

from app.models.crew.links import LinkKind
from app.models.crew.taps import TapAct
from app.models.tables.base import Record, Token


class CrewLink(Record, table=True):
    """`person_id` None: it is nobody's in particular. When it ends follows from the flight
    (`models.crew.links.ends_at`); `revoked_at` ends it before. `opened_at` is the first time,
    `heard_at` the last tap. Without the store's key `nonce` opens nothing."""

    __tablename__ = "crew_link"
    __table_args__ = (Index("ix_crew_link_nonce", "nonce", unique=True),)
    outage_id: str = Field(foreign_key="outage.id", index=True)
    person_id: str | None = Field(default=None, foreign_key="person.id")
    kind: LinkKind = Field(sa_type=Token(LinkKind))
    nonce: str
    revoked_at: datetime | None = None
    opened_at: datetime | None = None
    heard_at: datetime | None = None


class CrewTap(Record, table=True):
    """A tap that counted. `tap` is the phone's own id of it, by which it counts once."""

    __tablename__ = "crew_tap"
    __table_args__ = (Index("ix_crew_tap_link_tap", "link_id", "tap", unique=True),)
    outage_id: str = Field(foreign_key="outage.id", index=True)
    link_id: str = Field(foreign_key="crew_link.id")
    step_id: str = Field(foreign_key="step.id")
    tap: str
    act: TapAct = Field(sa_type=Token(TapAct))
    at: datetime
    note: str = ""
