"""The calendars over Graph."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from app.services.graph.answers import Json, in_shape, left_at, required, rows_of
from app.services.graph.client import IMMUTABLE, GraphClient, prefer_zone
from app.services.graph.events import (
    differences,
    new_event,
    remote_event,
    remote_events,
)
from app.services.graph.hosts import segment
from app.services.graph.keys import KEY_PROPERTY, carries
from app.services.graph.schedules import read_schedules
from app.services.graph.times import stamp
from app.services.ports.calendars import (
    Entry,
    EventChanges,
    RemoteCalendar,
    RemoteEvent,
    Schedule,
)
from app.services.ports.trouble import Gone, Refused

_UTC = (prefer_zone(), IMMUTABLE)
_PAGE = (*_UTC, "odata.maxpagesize=500")
_KEPT_MASTERS = 500


class GraphCalendars:
    """Implements `ports.calendars.Calendars`."""

    def __init__(self, client: GraphClient) -> None:
        self._client = client
        self._masters: dict[str, Json | None] = {}

    def calendars(self) -> Sequence[RemoteCalendar]:
        rows = list(self._client.items("/me/calendars"))
        with in_shape():
            return tuple(
                RemoteCalendar(
                    id=row["id"],
                    name=row.get("name") or "",
                    can_edit=bool(row.get("canEdit")),
                    is_default=bool(row.get("isDefaultCalendar")),
                    owner=(row.get("owner") or {}).get("address") or "",
                )
                for row in rows
            )

    def create(self, calendar_id: str, entry: Entry) -> RemoteEvent:
        path = f"{_home(calendar_id)}/events"
        try:
            row = self._client.write("POST", path, new_event(entry), prefer=_UTC)
        except Refused as refused:
            if refused.status != 409:
                raise
            there = self.find(calendar_id, entry.key)
            if there is None:
                raise
            return there
        return _written(row, entry.key)

    def update(self, event_id: str, entry: Entry) -> RemoteEvent:
        """Writes only what differs, and nothing when nothing does: every change of a meeting
        mails its people."""
        path = _event(event_id)
        there = self._client.get(path, prefer=_UTC)
        with in_shape():
            changed = differences(entry, there)
        if changed:
            there = self._client.write("PATCH", path, changed, prefer=_UTC)
        return _written(there, entry.key)

    def cancel(self, event_id: str, comment: str) -> None:
        path = _event(event_id)
        there = self._client.get(path, {"$select": "id,isOrganizer,attendees"}, prefer=_UTC)
        if there.get("attendees") and there.get("isOrganizer"):
            self._client.write("POST", f"{path}/cancel", {"comment": comment}, prefer=_UTC)
        else:
            self._client.write("DELETE", path, prefer=_UTC)

    def find(self, calendar_id: str, key: str) -> RemoteEvent | None:
        found = self._client.items(
            f"{_home(calendar_id)}/events", {"$filter": carries(key)}, prefer=_UTC
        )
        with in_shape():
            alive = (row for row in found if not row.get("isCancelled"))
            return next((remote_event({**row, "transactionId": key}) for row in alive), None)

    def get(self, event_id: str) -> RemoteEvent:
        expand = f"singleValueExtendedProperties($filter=id eq '{KEY_PROPERTY}')"
        row = self._client.get(_event(event_id), {"$expand": expand}, prefer=_UTC)
        with in_shape():
            return remote_event(row)

    def changes(
        self, calendar_id: str, cursor: str, start: datetime, end: datetime
    ) -> EventChanges:
        if not cursor:
            window = {"startDateTime": stamp(start), "endDateTime": stamp(end)}
            path = f"{_home(calendar_id)}/calendarView/delta"
            page = self._client.get(path, window, prefer=_PAGE)
        else:
            page = self._client.resume(cursor, prefer=_PAGE)
        left, more = left_at(page)
        with in_shape():
            events, removed = self._read(rows_of(page))
        return EventChanges(tuple(events), tuple(removed), left, more)

    def schedules(
        self, emails: Sequence[str], start: datetime, end: datetime
    ) -> Sequence[Schedule]:
        return read_schedules(self._client, emails, start, end)

    def _read(self, rows: list[Json]) -> tuple[list[RemoteEvent], list[str]]:
        kept, removed = [], []
        for row in rows:
            if "@removed" in row:
                removed.append(row["id"])
                self._masters.pop(row["id"], None)
                continue
            if row.get("type") == "seriesMaster":
                self._keep(row["id"], row)
            kept.append(row)
        return remote_events(kept, self._master), removed

    def _master(self, series: str) -> Json | None:
        """Read once for each series, unless the list itself brings it; None when it is gone."""
        if series not in self._masters:
            try:
                self._keep(series, self._client.get(_event(series), prefer=_UTC))
            except Gone:
                self._keep(series, None)
        return self._masters[series]

    def _keep(self, series: str, row: Json | None) -> None:
        if len(self._masters) >= _KEPT_MASTERS:
            self._masters.clear()
        self._masters[series] = row


def _written(row: Json, key: str) -> RemoteEvent:
    """What a write left there; Graph need not repeat our key."""
    required(row, "id")
    with in_shape(write=True):
        return remote_event({**row, "transactionId": row.get("transactionId") or key})


def _home(calendar_id: str) -> str:
    return f"/me/calendars/{segment(calendar_id)}" if calendar_id else "/me"


def _event(event_id: str) -> str:
    return f"/me/events/{segment(event_id)}"
