"""Vendors' windows near one of ours, tied to the items that carry their circuits.

The tie is looked up when it is asked for, so an item that gets its circuit id later is met too.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select
from sqlmodel import col

from app.models.calendar.facts import VendorWindow
from app.models.calendar.vendor import VendorImpact, VendorStatus, said, severity_of
from app.models.ids import CiId
from app.models.tables.directory import ConfigurationItem
from app.services.calendar import near_statements as statements
from app.services.calendar.looking import Look
from app.services.calendar.occurrences import longest_occurrence
from app.services.uow import UnitOfWork

KEPT = "maintnote"
"""The name in an event's content under which the notice's own values are."""


class VendorsNearby(Look):
    """One range query, where a vendor told us of anything; the items are asked for only where one
    works."""

    def windows(self, start: datetime, end: datetime) -> Iterator[VendorWindow]:
        """Those that are over, as their vendor says, are none."""
        layers = self.rows(statements.vendor_layers())
        if not layers:
            return
        rows = self.rows(
            statements.vendor_windows(),
            ids=[row[0] for row in layers],
            start=start,
            end=end,
            since=start - longest_occurrence(self.uow),
        )
        circuits = circuits_of(self.uow) if rows else {}
        for event, begins, ends, content in rows:
            told = content[KEPT]
            status, impact = VendorStatus(told["status"]), VendorImpact(told["impact"])
            cis = {
                CiId(ci)
                for circuit in told["objects"]
                for ci, _ in circuits.get(circuit_key(circuit), ())
            }
            if cis and status is not VendorStatus.COMPLETED:
                yield VendorWindow(
                    id=event,
                    provider=told["provider"],
                    maintenance_id=told["maintenance_id"],
                    title=told["title"],
                    start=begins,
                    end=ends,
                    cis=frozenset(cis),
                    said=said(impact, status),
                    severity=severity_of(impact),
                )


def circuits_of(uow: UnitOfWork) -> dict[str, tuple[tuple[str, str], ...]]:
    """Circuit id, spelt in lower case → (id, name) of the items that carry it."""
    rows = uow.session.connection().execute(
        select(
            col(ConfigurationItem.circuit), col(ConfigurationItem.id), col(ConfigurationItem.name)
        )
        .where(
            col(ConfigurationItem.organisation_id) == uow.organisation_id,
            col(ConfigurationItem.circuit) != "",
            col(ConfigurationItem.archived_at).is_(None),
        )
        .order_by(col(ConfigurationItem.name))
    )
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for circuit, ci_id, name in rows:
        key = circuit_key(circuit)
        found[key] = (*found.get(key, ()), (ci_id, name))
    return found


def circuit_key(circuit: str) -> str:
    return " ".join(circuit.split()).casefold()
