"""The materialised occurrences of stored events, for a horizon that moves on with the year.

They are derived: rebuilt at any time from the events' content, never logged. A horizon is kept
for each layer as a setting, with the longest occurrence, which bounds the range queries.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, delete, insert, select
from sqlmodel import col

from app.models.calendar.events import Occurrence as Found
from app.models.calendar.events import ReadEvent, event_from_text
from app.models.errors import NotFound
from app.models.ids import new_id
from app.models.tables.calendar import BusinessEvent, CalendarLayer, Occurrence
from app.models.tables.settings import Setting
from app.services.calendar.child import Progress, expand_events
from app.services.database import Store, organisation
from app.services.events import CalendarChanged, OccurrencesStale
from app.services.uow import UnitOfWork

BEHIND = timedelta(days=366)
AHEAD = timedelta(days=731)
STALE = timedelta(days=183)
"""A horizon that lost so much of its future is moved on."""
FORGETTABLE = "calendar_horizon:"
"""Names of settings that say how far a layer was worked out; without one it is done anew."""
_AT_ONCE = 5_000
_LONGEST = "longest_occurrence"


@dataclass(frozen=True, slots=True)
class Horizon:
    """[since, until) in UTC; all-day events begin at midnight in `zone`."""

    since: datetime
    until: datetime
    zone: str

    @classmethod
    def around(cls, now: datetime, zone: str) -> Horizon:
        """One year back, two years on, from midnight UTC."""
        today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return cls(today - BEHIND, today + AHEAD, zone)


@dataclass(frozen=True, slots=True)
class _Stored:
    """The events of a layer as they were read: (id, version) and what is to be expanded."""

    layer_id: str
    versions: Mapping[str, int]
    ids: Mapping[str, str]
    events: tuple[ReadEvent, ...]


def refresh(
    store: Store,
    *,
    progress: Progress | None = None,
    cancelled: threading.Event | None = None,
) -> int:
    """Moves the horizon on where it has aged (or the organisation's zone changed). Returns how
    many layers were expanded anew. Expanding runs in a child process, outside any transaction;
    call it from a worker thread. Raises what `expand_events` raises; each layer stands alone."""
    try:
        horizon = store.read(lambda uow: Horizon.around(uow.now, organisation(uow).zone))
    except NotFound:
        return 0
    stale = store.read(_stale_layers, horizon)
    for layer_id in stale:
        stored = store.read(_stored_events, layer_id)
        read = expand_events(
            stored.events,
            zone=horizon.zone,
            since=horizon.since,
            until=horizon.until,
            progress=progress,
            cancel=cancelled,
        )
        store.run(_put_back, stored, read.occurrences, horizon)
    return len(stale)


def forget_horizon(uow: UnitOfWork, layer_id: str) -> None:
    """The layer's occurrences no longer follow from its events; `refresh` mends that."""
    kept = uow.find(Setting, FORGETTABLE + layer_id)
    if kept is not None:
        value = json.loads(kept.value)
        kept.value = json.dumps({**value, "until": value["since"]})
        uow.add(kept)
    uow.emit(OccurrencesStale())


def longest_occurrence(uow: UnitOfWork) -> timedelta:
    """The longest any layer's occurrences last."""
    if uow.known is not None and _LONGEST in uow.known:
        return timedelta(seconds=uow.known[_LONGEST])
    longest = max((int(kept["longest"]) for kept in _horizons(uow).values()), default=0)
    if uow.known is not None:
        uow.known[_LONGEST] = longest
    return timedelta(seconds=longest)


def replace_occurrences(
    uow: UnitOfWork,
    layer_id: str,
    found: Iterable[tuple[str, Found]],
    horizon: Horizon,
    *,
    keep: Sequence[str] = (),
) -> int:
    """Put (event id, occurrence) in the place of the layer's, those of the events `keep` aside.
    Returns how many were written."""
    uow.session.flush()
    connection = uow.session.connection()
    gone = delete(Occurrence).where(col(Occurrence.layer_id) == layer_id)
    connection.execute(gone.where(col(Occurrence.event_id).not_in(keep)) if keep else gone)
    return _write(uow, layer_id, found, horizon, at_least=bool(keep))


def change_occurrences(
    uow: UnitOfWork,
    layer_id: str,
    event_ids: Sequence[str],
    found: Iterable[tuple[str, Found]],
    horizon: Horizon,
) -> int:
    """Put (event id, occurrence) in the place of those of the events `event_ids`; the others of
    the layer stay. Returns how many were written."""
    uow.session.flush()
    connection = uow.session.connection()
    for at in range(0, len(event_ids), _AT_ONCE):
        some = event_ids[at : at + _AT_ONCE]
        connection.execute(delete(Occurrence).where(col(Occurrence.event_id).in_(some)))
    return _write(uow, layer_id, found, horizon, at_least=True)


def _write(
    uow: UnitOfWork,
    layer_id: str,
    found: Iterable[tuple[str, Found]],
    horizon: Horizon,
    *,
    at_least: bool,
) -> int:
    connection = uow.session.connection()
    rows: list[dict[str, object]] = []
    longest = timedelta()
    for event_id, one in found:
        longest = max(longest, one.end - one.start)
        rows.append(
            {
                "id": new_id(),
                "organisation_id": uow.organisation_id,
                "layer_id": layer_id,
                "event_id": event_id,
                "title": one.title,
                "start_utc": one.start,
                "end_utc": one.end,
                "all_day": one.first_day is not None,
                "start_date": one.first_day,
                "end_date": one.last_day,
            }
        )
    for at in range(0, len(rows), _AT_ONCE):
        connection.execute(insert(Occurrence), rows[at : at + _AT_ONCE])
    _keep_horizon(uow, layer_id, horizon, longest, at_least=at_least)
    return len(rows)


def _stale_layers(uow: UnitOfWork, wanted: Horizon) -> tuple[str, ...]:
    kept = _horizons(uow)
    stale = []
    for layer in uow.all(CalendarLayer):
        known = kept.get(layer.id)
        if (
            known is None
            or known["zone"] != wanted.zone
            or datetime.fromisoformat(known["until"]) < wanted.until - STALE
            or datetime.fromisoformat(known["since"]) > wanted.since  # the clock was set back
        ):
            stale.append(layer.id)
    return tuple(stale)


def _stored_events(uow: UnitOfWork, layer_id: str) -> _Stored:
    rows = uow.session.connection().execute(
        select(
            col(BusinessEvent.id),
            col(BusinessEvent.uid),
            col(BusinessEvent.version),
            col(BusinessEvent.content),
        ).where(col(BusinessEvent.layer_id) == layer_id, col(BusinessEvent.archived_at).is_(None))
    )
    versions: dict[str, int] = {}
    ids: dict[str, str] = {}
    events: list[ReadEvent] = []
    for row_id, uid, version, content in rows:
        versions[row_id], ids[uid] = version, row_id
        events.append(event_from_text(json.dumps(content)))
    return _Stored(layer_id, versions, ids, tuple(events))


def _put_back(uow: UnitOfWork, stored: _Stored, found: Iterable[Found], horizon: Horizon) -> None:
    """Events imported meanwhile brought their own occurrences, which stay."""
    rows = uow.session.connection().execute(
        select(col(BusinessEvent.id), col(BusinessEvent.version)).where(
            col(BusinessEvent.layer_id) == stored.layer_id,
            col(BusinessEvent.archived_at).is_(None),
        )
    )
    now = {row[0]: row[1] for row in rows}
    changed = [i for i, version in now.items() if stored.versions.get(i) != version]
    current = ((stored.ids[one.key], one) for one in found)
    replace_occurrences(
        uow,
        stored.layer_id,
        ((i, one) for i, one in current if i in now and i not in set(changed)),
        horizon,
        keep=changed,
    )
    uow.emit(CalendarChanged())


def _horizons(uow: UnitOfWork) -> dict[str, dict[str, Any]]:
    """Layer id → its horizon as kept."""
    rows = uow.session.connection().execute(_all_kept())
    return {name.removeprefix(FORGETTABLE): json.loads(value) for name, value in rows}


@cache
def _all_kept() -> Select[str, str]:
    """Put together once: each conflict check asks it."""
    return select(col(Setting.name), col(Setting.value)).where(
        col(Setting.name).startswith(FORGETTABLE)
    )


def _keep_horizon(
    uow: UnitOfWork, layer_id: str, horizon: Horizon, longest: timedelta, *, at_least: bool
) -> None:
    """`at_least`: other occurrences stayed, so the longest known before may still be there."""
    seconds = int(longest.total_seconds())
    if at_least:
        seconds = max(seconds, int(_horizons(uow).get(layer_id, {}).get("longest", 0)))
    value = {
        "since": horizon.since.isoformat(),
        "until": horizon.until.isoformat(),
        "zone": horizon.zone,
        "longest": seconds,
    }
    name = FORGETTABLE + layer_id
    row = uow.find(Setting, name) or Setting(name=name)
    row.value = json.dumps(value)
    uow.add(row)
