"""Vendors' maintenance notices as windows on the calendar, in a layer of their own.

A notice changes the window of the same maintenance and nothing else; one that is older than what
is known (a lower SEQUENCE, or the same with an earlier stamp) is left. A cancelled window is
archived with its sequence, so an older notice does not bring it back.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from app.models.calendar.events import Occurrence, ReadEvent, ReadFault, Stamp, event_to_text
from app.models.calendar.vendor import (
    VendorNotice,
    VendorStatus,
    notice_to_plain,
    stamp_of,
)
from app.models.ids import key_of
from app.models.log import canonical
from app.models.severity import Severity
from app.models.tables.calendar import BusinessEvent, CalendarLayer
from app.models.times import abbreviation, speak_date, speak_time, to_wall
from app.services.calendar.layers import VENDORS
from app.services.calendar.occurrences import Horizon, change_occurrences, forget_horizon
from app.services.calendar.vendor_near import KEPT, circuit_key, circuits_of
from app.services.calendar.vendor_reading import VendorRead, read_vendor_notices
from app.services.database import Store, organisation
from app.services.events import CalendarChanged
from app.services.uow import Undo, UnitOfWork

LAYER = "Vendor maintenance"


@dataclass(frozen=True, slots=True)
class VendorLine:
    """One notice as it is shown before it is taken. `items` are the names of the items that carry
    its circuits, `unknown` the circuits no item has; `change` is what taking it does."""

    when: str
    title: str
    said: str
    change: str
    items: tuple[str, ...]
    unknown: tuple[str, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VendorTaken:
    """What notices changed; `undo` is None when nothing did."""

    lines: tuple[VendorLine, ...]
    faults: tuple[ReadFault, ...]
    changes: Counter[str] = field(default_factory=Counter)
    undo: Undo | None = None

    @property
    def sentence(self) -> str:
        told = ", ".join(f"{count} {words}" for words, count in self.changes.items())
        faults = f"; {len(self.faults)} could not be read" if self.faults else ""
        return f"{LAYER}: {told}{faults}."

    def __str__(self) -> str:
        return self.sentence


@dataclass(frozen=True, slots=True)
class VendorLook:
    """What was read of a file, to be taken as it was seen, and what taking it would do."""

    read: VendorRead
    lines: tuple[VendorLine, ...]


def look_into_notices(store: Store, path: Path) -> VendorLook:
    """Reads the file; call it from a worker thread or a command. Raises BadInput, NotFound (no
    organisation)."""
    read = read_vendor_notices(path, zone=store.read(lambda uow: organisation(uow).zone))
    return VendorLook(read, store.read(look_at_notices, read))


def look_at_notices(uow: UnitOfWork, read: VendorRead) -> tuple[VendorLine, ...]:
    """A query: what `take_notices` would do, notice by notice, the older first."""
    have = _known(uow, _layer_of(uow))
    circuits = circuits_of(uow)
    zone = organisation(uow).zone
    lines = []
    for notice in _in_order(read.notices):
        row = _match(notice, have, read.notices)
        change = _change(notice, row)
        lines.append(_line(notice, change, circuits, zone))
        if change != OLDER:
            uid = row.uid if row else _uid(notice, have)
            have[uid] = _as_row(uow, notice, uid)
    return tuple(lines)


def take_notices(uow: UnitOfWork, read: VendorRead) -> VendorTaken:
    """All of them in one transaction, with one log entry."""
    layer = _layer_of(uow) or uow.add(_new_layer(uow))
    uow.session.flush()
    have = _known(uow, layer)
    circuits = circuits_of(uow)
    home = organisation(uow)
    changes: Counter[str] = Counter()
    lines: list[VendorLine] = []
    touched: dict[str, tuple[BusinessEvent, VendorNotice]] = {}
    for notice in _in_order(read.notices):
        row = _match(notice, have, read.notices)
        change = _change(notice, row)
        changes[change] += 1
        lines.append(_line(notice, change, circuits, home.zone))
        if change == OLDER or (row is not None and change == SAME and not _newer(notice, row)):
            continue
        made = _as_row(uow, notice, row.uid if row else _uid(notice, have))
        if row is None:
            row = have[made.uid] = made
            row.layer_id = layer.id
        row.title, row.sequence, row.archived_at = made.title, made.sequence, None
        row.content, row.content_hash = made.content, made.content_hash
        uow.add(row)
        touched[row.id] = row, notice
    for row, notice in touched.values():
        if notice.status is VendorStatus.CANCELLED:
            uow.archive(row)
    change_occurrences(
        uow,
        layer.id,
        list(touched),
        (
            (i, Occurrence(row.uid, row.title, notice.start, notice.start, notice.end))
            for i, (row, notice) in touched.items()
            if notice.status is not VendorStatus.CANCELLED
        ),
        Horizon.around(uow.now, home.zone),
    )
    taken = VendorTaken(tuple(lines), read.faults, changes)
    if not touched:
        return taken
    uow.log(f"imported {read.name}: {taken.sentence}", layer)
    uow.emit(CalendarChanged())
    inverse = uow.undo(f"importing {read.name}", also=partial(forget_horizon, layer_id=layer.id))
    return replace(taken, undo=inverse)


NEW, UPDATED, CANCELLED = "new", "changed", "cancelled"
SAME, OLDER, BACK = "as before", "older than ours and left", "planned again"


def _change(notice: VendorNotice, row: BusinessEvent | None) -> str:
    gone = notice.status is VendorStatus.CANCELLED
    if row is None:
        return CANCELLED if gone else NEW
    if _age(notice.sequence, notice.stamp) < _age(row.sequence, stamp_of(row.content[KEPT])):
        return OLDER
    if row.content_hash == _digest(_content(notice, row.uid)):
        return SAME
    was_gone = row.content[KEPT]["status"] == VendorStatus.CANCELLED
    if gone:
        return CANCELLED
    return BACK if was_gone else UPDATED


def _newer(notice: VendorNotice, row: BusinessEvent) -> bool:
    """Says the same as before, but is the one that a late older notice must be measured by."""
    known = _age(row.sequence, stamp_of(row.content[KEPT]))
    return _age(notice.sequence, notice.stamp) > known


def _age(sequence: int, stamp: datetime | None) -> tuple[int, datetime]:
    return sequence, stamp or datetime.min.replace(tzinfo=UTC)


def _in_order(notices: Sequence[VendorNotice]) -> list[VendorNotice]:
    """The older first, so that the newest of a file is what stays; those of one age by window."""
    return sorted(notices, key=lambda n: (_age(n.sequence, n.stamp), n.start))


def _match(
    notice: VendorNotice, have: dict[str, BusinessEvent], beside: Sequence[VendorNotice]
) -> BusinessEvent | None:
    """The window the notice is about: that of its maintenance with its UID; or the only one of
    the maintenance, when the file tells of one as well."""
    same = [r for r in have.values() if r.uid == notice.key or r.uid.startswith(notice.key + "|")]
    exact = [row for row in same if row.content[KEPT]["uid"] == notice.uid]
    if exact:
        return exact[0]
    told = {other.uid for other in beside if other.key == notice.key}
    return same[0] if len(same) == 1 and len(told) == 1 else None


def _uid(notice: VendorNotice, have: dict[str, BusinessEvent]) -> str:
    return notice.key if notice.key not in have else f"{notice.key}|{notice.uid}"


def _known(uow: UnitOfWork, layer: CalendarLayer | None) -> dict[str, BusinessEvent]:
    """Cancelled ones too, whose sequence counts."""
    if layer is None:
        return {}
    query = select(BusinessEvent).where(col(BusinessEvent.layer_id) == layer.id)
    return {row.uid: row for row in uow.session.exec(query)}


def _layer_of(uow: UnitOfWork) -> CalendarLayer | None:
    found = uow.all(CalendarLayer, col(CalendarLayer.source) == VENDORS)
    return found[0] if found else None


def _new_layer(uow: UnitOfWork) -> CalendarLayer:
    taken = bool(uow.all(CalendarLayer, col(CalendarLayer.key) == key_of(LAYER)))
    name = f"{LAYER} notices" if taken else LAYER
    return CalendarLayer(
        organisation_id=uow.organisation_id,
        name=name,
        key=key_of(name),
        severity=Severity.WARN,
        source=VENDORS,
    )


def _line(
    notice: VendorNotice,
    change: str,
    circuits: dict[str, tuple[tuple[str, str], ...]],
    zone: str,
) -> VendorLine:
    start, end = to_wall(notice.start, zone), to_wall(notice.end, zone)
    tail = "" if start.date() == end.date() else f"{speak_date(end.date())} "
    carried = [circuits.get(circuit_key(one), ()) for one in notice.objects]
    return VendorLine(
        when=f"{speak_date(start.date())} {start.year} {speak_time(start)}–{tail}{speak_time(end)} "
        f"{abbreviation(notice.end, zone)}",
        title=f"{notice.maintenance_id} “{notice.title}”",
        said=notice.words,
        change=change,
        items=tuple(dict.fromkeys(name for found in carried for _, name in found)),
        unknown=tuple(one for one, found in zip(notice.objects, carried, strict=True) if not found),
        notes=notice.notes,
    )


def _as_row(uow: UnitOfWork, notice: VendorNotice, uid: str) -> BusinessEvent:
    content = _content(notice, uid)
    return BusinessEvent(
        organisation_id=uow.organisation_id,
        layer_id="",
        uid=uid,
        title=notice.words,
        sequence=notice.sequence,
        content=content,
        content_hash=_digest(content),
    )


def _content(notice: VendorNotice, uid: str) -> dict[str, Any]:
    """As any event is kept, so that its occurrence can be made again, with the notice's own."""
    start, end = (m.astimezone(UTC).replace(tzinfo=None) for m in (notice.start, notice.end))
    event = ReadEvent(
        uid,
        notice.words,
        False,
        Stamp(start, "UTC"),
        Stamp(end, "UTC"),
        line=0,
        sequence=notice.sequence,
    )
    content: dict[str, Any] = json.loads(event_to_text(event))
    content[KEPT] = notice_to_plain(notice)
    return content


def _digest(content: dict[str, Any]) -> str:
    """Of what it says; a notice sent again with a new stamp says nothing new."""
    plain = {name: value for name, value in content[KEPT].items() if name != "stamp"}
    said = {**content, KEPT: plain, "sequence": 0}
    return hashlib.sha256(canonical(said).encode()).hexdigest()
