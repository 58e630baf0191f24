"""The outage and what it touches."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlmodel import Field

from app.models.outages.lifecycle import ImpactClass, State
from app.models.tables.base import Json, Record, Token
from app.models.times import Window, parse_wall


class Outage(Record, table=True):
    """Until it starts, the wall times and zone are the truth and `…_utc` follows from them.

    `start_utc`/`end_utc` are kept for range queries; `promised_end_utc` is the end people were
    told last (moved by *extended*). Wall times are ISO text without an offset. `fix_lead` and
    `comms_lead` are names; None: the coordinator holds that side, too.
    """

    __tablename__ = "outage"
    __table_args__ = (
        Index("ix_outage_span", "organisation_id", "start_utc", "end_utc"),
        Index("ix_outage_code", "organisation_id", "code", unique=True),
    )
    code: str
    title: str
    why: str = ""
    requester: str = ""
    approver: str = ""
    change_reference: str = ""
    impact: ImpactClass = Field(
        default=ImpactClass.ORDINARY,
        sa_type=Token(ImpactClass),
    )
    state: State = Field(
        default=State.DRAFT,
        sa_type=Token(State),
    )
    start_wall: str
    end_wall: str
    zone: str
    start_fold: int = 0
    end_fold: int = 0
    start_utc: datetime
    end_utc: datetime
    promised_end_utc: datetime
    coordinator_id: str | None = Field(default=None, foreign_key="person.id")
    deputy_id: str | None = Field(default=None, foreign_key="person.id")
    checker: str = ""
    checker_phone: str = ""
    checker_deputy: str = ""
    checker_deputy_phone: str = ""
    decision_card: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    before_text: str = ""
    workaround: str = ""
    impact_text: str = ""
    vendor_id: str | None = Field(default=None, foreign_key="vendor.id")
    vendor_case: str = ""
    runbook: str = ""
    runbook_revision: int = 1
    flown_again_from: str | None = None
    urgent_reason: str = ""
    state_since: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    user_check: str = ""
    user_check_due: datetime | None = None
    data_loss: str = ""
    ending_note: str = ""
    waivers: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    accepted_conflicts: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    packet_printed_at: datetime | None = None
    packet_revision: int = 0
    calendar_sequence: int = 0
    fix_lead: str | None = None
    comms_lead: str | None = None

    @property
    def window(self) -> Window:
        return Window(
            parse_wall(self.start_wall),
            parse_wall(self.end_wall),
            self.zone,
            self.start_fold,
            self.end_fold,
        )

    def set_window(self, window: Window) -> None:
        """Sets the wall times and what follows from them, the promised end included."""
        self.start_wall = window.start.isoformat(timespec="minutes")
        self.end_wall = window.end.isoformat(timespec="minutes")
        self.zone = window.zone
        self.start_fold, self.end_fold = window.start_fold, window.end_fold
        self.start_utc, self.end_utc = window.start_utc, window.end_utc
        self.promised_end_utc = window.end_utc


class OutageService(Record, table=True):
    __tablename__ = "outage_service"
    outage_id: str = Field(foreign_key="outage.id", index=True)
    service_id: str = Field(foreign_key="service.id", index=True)


class OutageCi(Record, table=True):
    __tablename__ = "outage_ci"
    outage_id: str = Field(foreign_key="outage.id", index=True)
    ci_id: str = Field(foreign_key="ci.id", index=True)


class OutageAudience(Record, table=True):
    __tablename__ = "outage_audience"
    outage_id: str = Field(foreign_key="outage.id", index=True)
    audience_id: str = Field(foreign_key="audience.id", index=True)
