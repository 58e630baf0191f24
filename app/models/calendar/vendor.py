"""Maintenance a vendor announced, in the words of the MAINTNOTE standard.

The standard is the maintenance notification BCOP of the operators (X-MAINTNOTE-… properties of an
iCalendar event). What a notice leaves out is told in `VendorNotice.notes` and counted as the worse
of what it may mean: a window nobody sees would hurt more than one seen in vain.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.models.severity import Severity

WITHOUT_END = timedelta(hours=24)
"""What is counted for a maintenance whose end the vendor does not say."""


class VendorImpact(StrEnum):
    NO_IMPACT = "no-impact"
    REDUCED_REDUNDANCY = "reduced-redundancy"
    DEGRADED = "degraded"
    OUTAGE = "outage"


class VendorStatus(StrEnum):
    TENTATIVE = "tentative"
    CONFIRMED = "confirmed"
    IN_PROCESS = "in-process"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


_IMPACT_WORDS = {
    VendorImpact.NO_IMPACT: "no impact expected",
    VendorImpact.REDUCED_REDUNDANCY: "less redundancy",
    VendorImpact.DEGRADED: "degraded",
    VendorImpact.OUTAGE: "an outage",
}
_STATUS_WORDS = {
    VendorStatus.TENTATIVE: "tentative",
    VendorStatus.CONFIRMED: "confirmed",
    VendorStatus.IN_PROCESS: "going on",
    VendorStatus.COMPLETED: "completed",
    VendorStatus.CANCELLED: "cancelled",
}


@dataclass(frozen=True, slots=True)
class VendorNotice:
    """One maintenance as its newest notice tells it. `provider` and `maintenance_id` name it, and
    the event's `uid` where one maintenance has several windows; `objects` are the vendor's circuit
    ids; `start`/`end` are UTC; `stamp` is when the notice was written (UTC, None when unsaid),
    which decides between two of the same `sequence`."""

    provider: str
    maintenance_id: str
    title: str
    start: datetime
    end: datetime
    uid: str = ""
    account: str = ""
    objects: tuple[str, ...] = ()
    impact: VendorImpact = VendorImpact.OUTAGE
    status: VendorStatus = VendorStatus.CONFIRMED
    sequence: int = 0
    stamp: datetime | None = None
    contact: str = ""
    line: int = 0
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def key(self) -> str:
        """The same for every notice of one maintenance, however it is spelt."""
        named = (self.provider, self.maintenance_id)
        return "maintnote:" + "|".join(" ".join(part.split()).casefold() for part in named)

    @property
    def words(self) -> str:
        """How it stands on a calendar: `example.com: Fibre works (an outage, tentative)`."""
        return f"{self.provider}: {self.title} ({said(self.impact, self.status)})"


def said(impact: VendorImpact, status: VendorStatus) -> str:
    """Such as `no impact expected, tentative`."""
    return f"{_IMPACT_WORDS[impact]}, {_STATUS_WORDS[status]}"


def severity_of(impact: VendorImpact) -> Severity | None:
    """How hard it meets a window on the same item; None: as another outage of ours would."""
    return {
        VendorImpact.NO_IMPACT: Severity.NOTE,
        VendorImpact.REDUCED_REDUNDANCY: Severity.WARN,
        VendorImpact.DEGRADED: Severity.WARN,
    }.get(impact)


def notice_to_plain(notice: VendorNotice) -> dict[str, Any]:
    """What is kept of it beside the event: plain values."""
    return {
        "provider": notice.provider,
        "maintenance_id": notice.maintenance_id,
        "uid": notice.uid,
        "account": notice.account,
        "title": notice.title,
        "objects": list(notice.objects),
        "impact": notice.impact.value,
        "status": notice.status.value,
        "stamp": notice.stamp.isoformat() if notice.stamp else "",
        "contact": notice.contact,
    }


def stamp_of(plain: Mapping[str, Any]) -> datetime | None:
    return datetime.fromisoformat(plain["stamp"]) if plain.get("stamp") else None
