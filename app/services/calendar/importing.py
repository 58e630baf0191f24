"""Calendar files as named layers: read in a child process, then stored in one transaction.

Reading the same file again changes nothing, a newer one changes what differs. The log keeps the
rows of the events that changed, so a store rebuilt from it has them; occurrences are derived.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from app.models.calendar.events import CalendarRead, ReadEvent, ReadFault, event_to_text
from app.models.errors import BadInput, NotAllowed
from app.models.ids import key_of
from app.models.log import canonical
from app.models.severity import Severity
from app.models.tables.calendar import BusinessEvent, CalendarLayer
from app.models.tables.directory import Department, Service
from app.services.calendar.child import Progress
from app.services.calendar.layers import BY_HAND, OUTLOOK, VENDORS
from app.services.calendar.occurrences import Horizon, forget_horizon, replace_occurrences
from app.services.calendar.previewing import CalendarLook, look_into_calendar, require_events
from app.services.calendar.web_known import forget_tags
from app.services.database import Store
from app.services.events import CalendarChanged
from app.services.uow import Undo, UnitOfWork
from app.services.working import UNWATCHED, Work

MOST_COMPARED = 200
"""Events of a new layer that are looked for in the others."""


@dataclass(frozen=True, slots=True)
class LayerRule:
    """How a layer counts. None keeps what the layer has (a new one: events that warn, or a freeze
    that blocks; every service and department). `services` and `departments` are ids."""

    is_freeze: bool | None = None
    severity: Severity | None = None
    services: Sequence[str] | None = None
    departments: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed. `older`: the file holds an earlier sequence than we have, so ours
    stayed. `kept`: not in the file, yet kept, as parts of the file could not be read. `twin`: the
    layer that holds the events of a new one already. `undo` is None when nothing differs."""

    layer: str
    layer_id: str
    added: int
    updated: int
    removed: int
    unchanged: int
    older: int
    kept: int
    occurrences: int
    faults: tuple[ReadFault, ...]
    twin: str = ""
    undo: Undo | None = None

    @property
    def sentence(self) -> str:
        told = [
            f"{count:,} {words}"
            for count, words in (
                (self.added, "added"),
                (self.updated, "changed"),
                (self.removed, "taken out"),
                (self.unchanged, "as before"),
                (self.older, "older than ours and left"),
                (self.kept, "kept though not in the file"),
            )
            if count
        ]
        faults = len(self.faults)
        not_read = f"; {faults:,} left out" if faults else ""
        twice = f" These events are already in the layer “{self.twin}”." if self.twin else ""
        return f"{self.layer}: {', '.join(told)}{not_read}.{twice}"

    def __str__(self) -> str:
        return self.sentence


def import_calendar(
    store: Store,
    path: Path,
    layer_name: str = "",
    *,
    is_freeze: bool | None = None,
    severity: Severity | None = None,
    services: Sequence[str] | None = None,
    departments: Sequence[str] | None = None,
    progress: Progress | None = None,
    cancelled: threading.Event | None = None,
) -> Imported:
    """Read a calendar file into the layer of that name (default: the file's), all or nothing.

    Blocks while a child process reads; call it from a worker thread or a command. Raises BadInput
    (also for a file without events, which would empty the layer), Stopped, ReadingFailed,
    NotFound (no organisation, an unknown service).
    """
    look = look_into_calendar(store, path, progress=progress, cancelled=cancelled)
    rule = LayerRule(is_freeze, severity, services, departments)
    work = Work(stop=cancelled) if cancelled is not None else UNWATCHED
    return import_looked(store, look, layer_name, rule, work)


def import_looked(
    store: Store, look: CalendarLook, layer_name: str, rule: LayerRule, work: Work = UNWATCHED
) -> Imported:
    """Store what was looked at, as it was then. Raises Stopped, NotFound (an unknown service)."""
    name = " ".join((layer_name or look.path.stem).split())
    source, spoken = look.source or look.path.name, look.spoken or look.path.name
    return store.run(
        partial(put_calendar, source=source, spoken=spoken, work=work),
        *(look.read, name, rule, look.horizon),
    )


@dataclass(frozen=True, slots=True)
class Compared:
    """What importing would change in a layer, as `Imported` counts it."""

    added: int
    updated: int
    removed: int
    unchanged: int

    @property
    def words(self) -> str:
        """Such as `2 new, 1 changed, 3 taken out, 40 as before`; empty when all are new."""
        if not (self.updated or self.removed or self.unchanged):
            return ""
        counts = (
            (self.added, "new"),
            (self.updated, "changed"),
            (self.removed, "taken out"),
            (self.unchanged, "as before"),
        )
        return ", ".join(f"{count:,} {words}" for count, words in counts if count)


def compare(uow: UnitOfWork, read: CalendarRead, layer_name: str) -> Compared:
    """A query: nothing is changed."""
    found = uow.all(CalendarLayer, col(CalendarLayer.key) == key_of(layer_name))
    there = [row for row in _every(uow, found[0].id) if row.archived_at is None] if found else []
    have = {row.uid: row for row in there}
    added = updated = unchanged = 0
    for event in _each_once(read.events):
        row = have.pop(event.key, None)
        if row is None:
            added += 1
        elif event.sequence < row.sequence or row.content_hash == _digest(_content(event)):
            unchanged += 1
        else:
            updated += 1
    return Compared(added, updated, 0 if read.faults else len(have), unchanged)


def put_calendar(
    uow: UnitOfWork,
    read: CalendarRead,
    layer_name: str,
    rule: LayerRule,
    horizon: Horizon,
    *,
    source: str = "",
    spoken: str = "",
    work: Work = UNWATCHED,
) -> Imported:
    """Replace the layer's content by what was read. One log entry, holding the rows changed;
    `spoken` is how it says where from."""
    require_events(read)
    uow.work = work
    layer = _layer(uow, layer_name, rule, source)
    uow.session.flush()
    have = {row.uid: row for row in _every(uow, layer.id)}
    twin = "" if have else _twin(uow, read)
    ids: dict[str, str] = {}
    older: list[str] = []
    added = updated = unchanged = 0
    for event in _each_once(read.events):
        work.at()
        content = _content(event)
        digest = _digest(content)
        row = have.get(event.key)
        if row is None:
            row = BusinessEvent(
                organisation_id=uow.organisation_id, layer_id=layer.id, uid=event.key, title=""
            )
            have[event.key] = row
            added += 1
        elif event.sequence < row.sequence:
            older.append(event.key)
            continue
        elif row.content_hash == digest and row.archived_at is None:
            unchanged += 1
            ids[event.key] = row.id
            continue
        elif row.archived_at is not None:
            added += 1
        else:
            updated += 1
        row.title, row.sequence, row.archived_at = event.title, event.sequence, None
        row.content, row.content_hash = content, digest
        uow.add(row)
        ids[event.key] = row.id
    missing = [
        row
        for row in have.values()
        if row.archived_at is None and row.uid not in ids and row.uid not in older
    ]
    # what we could not read may be among them: taking a freeze out unseen would be worse
    kept = missing if read.faults else []
    for row in [] if read.faults else missing:
        uow.archive(row)
    ours = [have[key].id for key in older] + [row.id for row in kept]
    happens = ((ids[one.key], one) for one in read.occurrences if one.key in ids)
    work.at()
    written = replace_occurrences(uow, layer.id, happens, horizon, keep=ours)
    done = Imported(
        layer=layer.name,
        layer_id=layer.id,
        added=added,
        updated=updated,
        removed=0 if read.faults else len(missing),
        unchanged=unchanged,
        older=len(older),
        kept=len(kept),
        occurrences=written,
        faults=read.faults,
        twin=twin,
    )
    work.at()
    uow.log(f"imported {spoken or source or 'a calendar'}: {done.sentence}", layer)
    uow.emit(CalendarChanged())
    inverse = uow.undo(f"importing {layer.name}", also=partial(_as_it_was, layer_id=layer.id))
    return replace(done, undo=inverse) if inverse.rows else done


def _twin(uow: UnitOfWork, read: CalendarRead) -> str:
    """The layer that holds what the first of these events are, all of them, word for word."""
    first = {event.key: _digest(_content(event)) for event in read.events[:MOST_COMPARED]}
    same: Counter[str] = Counter()
    for row in uow.all(BusinessEvent, col(BusinessEvent.uid).in_(list(first))):
        same[row.layer_id] += row.content_hash == first[row.uid]
    whole = next((layer_id for layer_id, count in same.items() if count == len(first)), "")
    layer = uow.find(CalendarLayer, whole) if whole else None
    return layer.name if layer is not None and layer.archived_at is None else ""


def _as_it_was(uow: UnitOfWork, layer_id: str) -> None:
    """Taken back: what was worked out of the newer events holds no more, and of a layer from the
    web the next answer counts, be it the same again."""
    forget_horizon(uow, layer_id)
    forget_tags(uow, layer_id)


def _layer(uow: UnitOfWork, name: str, rule: LayerRule, source: str) -> CalendarLayer:
    if not name:
        raise BadInput("Give the layer a name, such as “Freezes 2026”.")
    for service in rule.services or ():
        uow.fetch(Service, service)
    for department in rule.departments or ():
        uow.fetch(Department, department)
    found = uow.all(CalendarLayer, col(CalendarLayer.key) == key_of(name))
    if found:
        layer = found[0]
        require_own_layer(layer)
    else:
        freeze = bool(rule.is_freeze)
        layer = CalendarLayer(
            organisation_id=uow.organisation_id,
            name=name,
            key=key_of(name),
            is_freeze=freeze,
            severity=Severity.BLOCK if freeze else Severity.WARN,
        )
    if rule.is_freeze is not None:
        layer.is_freeze = rule.is_freeze
    if rule.severity is not None:
        layer.severity = rule.severity
    if rule.services is not None:
        layer.services = list(rule.services)
    if rule.departments is not None:
        layer.departments = list(rule.departments)
    layer.source = source
    return uow.add(layer)


def require_own_layer(layer: CalendarLayer) -> None:
    """Raises NotAllowed: an import replaces what a layer holds, and others keep this one."""
    if layer.source.startswith((OUTLOOK, VENDORS, BY_HAND)):
        keeps = "follows a calendar of Outlook"
        if layer.source.startswith(VENDORS):
            keeps = "holds the vendors’ maintenance notices"
        elif layer.source == BY_HAND:
            keeps = "holds events that were typed"
        raise NotAllowed(
            f"The layer “{layer.name}” {keeps}; give this file a layer with another name."
        )


def _every(uow: UnitOfWork, layer_id: str) -> list[BusinessEvent]:
    """Archived ones too: an event that comes back keeps its row and its sequence."""
    query = select(BusinessEvent).where(col(BusinessEvent.layer_id) == layer_id)
    return list(uow.session.exec(query))


def _each_once(events: Sequence[ReadEvent]) -> Iterator[ReadEvent]:
    """A file may hold an event twice; the one with the highest sequence counts."""
    best: dict[str, ReadEvent] = {}
    for event in events:
        known = best.get(event.key)
        if known is None or event.sequence >= known.sequence:
            best[event.key] = event
    yield from best.values()


def _content(event: ReadEvent) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(event_to_text(event))
    return content


def _digest(content: dict[str, Any]) -> str:
    """Of what the event says; the line it stands on is no change."""
    said = {name: value for name, value in content.items() if name != "line"}
    return hashlib.sha256(canonical(said).encode()).hexdigest()
