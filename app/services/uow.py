"""One use case = one UnitOfWork = one transaction.

A use case fetches, asks the model, records, and announces. The unit of work raises versions,
writes the log with the rows as they are after the change, and can hand back an inverse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import inspect as look_into
from sqlmodel import Session, SQLModel, col, select

from app.models.errors import NotFound, Stale
from app.models.log import canonical, hash_of, iso
from app.models.tables.base import Record
from app.models.tables.log import ChainHead, LogEntry
from app.services.events import Event, TakenBack
from app.services.inverses import RowBefore, Undo, Undone
from app.services.working import UNWATCHED, Work

__all__ = ["Actor", "RowBefore", "Undo", "Undone", "UnitOfWork", "undo"]

Row = TypeVar("Row", bound=SQLModel)
Kept = TypeVar("Kept", bound=Record)
T = TypeVar("T")

AT_ONCE = 500
DERIVED = frozenset({"occurrence", "log_entry", "chain_head", "setting", "sync_cursor"})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, and whom they speak for."""

    name: str
    person_id: str | None = None


@dataclass(slots=True)
class _Entry:
    what: str
    about: SQLModel | None
    outage_id: str
    who: str
    via: str
    kind: str
    strikes: int | None
    at: datetime
    data: Mapping[str, Any]


@dataclass(slots=True)
class UnitOfWork:
    """Made by the Store; `now` is one moment for the whole use case. A long one sets `work`, so
    that writing its log entry shows how far it is and can be stopped, too."""

    session: Session
    now: datetime
    actor: Actor
    organisation_id: str
    folder: Path
    """The data folder, where files lie beside the store."""
    events: list[Event] = field(default_factory=list)
    work: Work = UNWATCHED
    speed: float = 1.0
    known: dict[str, Any] | None = None
    """In a query, what was worked out already; None in a use case, which may change it."""
    _entries: list[_Entry] = field(default_factory=list)
    _before: dict[tuple[str, str], dict[str, Any] | None] = field(default_factory=dict)
    _after: dict[tuple[str, str], SQLModel] = field(default_factory=dict)
    _following: set[str] = field(default_factory=set)
    _again: list[Callable[[UnitOfWork], object]] = field(default_factory=list)

    def on_the_wall(self, span: timedelta) -> datetime:
        """After so long as a person waits for it, however fast a rehearsal's clock runs."""
        return self.now + span * self.speed

    # --- reading -------------------------------------------------------------------------

    def find(self, table: type[Row], row_id: str) -> Row | None:
        return self.session.get(table, row_id)

    def fetch(self, table: type[Kept], row_id: str, seen: int | None = None) -> Kept:
        """Raises NotFound, or Stale when the row is not the version that was `seen`."""
        row = self.session.get(table, row_id)
        if row is None or row.archived_at is not None:
            raise NotFound("That is no longer there; nothing was changed. Look at the list again.")
        if seen is not None and row.version != seen:
            raise Stale(
                "Someone changed this a moment ago, so nothing was overwritten. "
                "You now see how it stands; do it again if you still want it."
            )
        return row

    def all(self, table: type[Kept], *where: Any, order: Sequence[Any] = ()) -> list[Kept]:
        """The rows of this organisation that are not archived."""
        query = select(table).where(
            col(table.organisation_id) == self.organisation_id,
            col(table.archived_at).is_(None),
            *where,
        )
        if not order and self.session.get_bind().dialect.name == "postgresql":
            order = (col(table.id),)  # as they were made, which in a file they are anyhow
        return list(self.session.exec(query.order_by(*order) if order else query))

    def once(self, name: str, work_out: Callable[[], T]) -> T:
        """What costs much and is asked for again and again in one query."""
        if self.known is None:
            return work_out()
        if name not in self.known:
            self.known[name] = work_out()
        found: T = self.known[name]
        return found

    # --- recording -----------------------------------------------------------------------

    def add(self, row: Row) -> Row:
        if isinstance(row, Record) and not row.organisation_id:
            row.organisation_id = self.organisation_id
        self.session.add(row)
        return row

    def follow(self, again: Callable[[UnitOfWork], object], *rows: Record) -> None:
        """`rows` only follow from what else changes here, and go on by themselves afterwards:
        an undo leaves them as they are and does `again` once the others are back."""
        self._again.append(again)
        self._following.update(row.id for row in rows)

    def archive(self, row: Record) -> None:
        row.archived_at = self.now
        self.session.add(row)

    def set_links(
        self, table: type[Kept], owner: dict[str, str], other: str, ids: Iterable[str]
    ) -> None:
        """Make the link rows of `owner` ({column: id, …}) point at exactly `ids`."""
        first = next(iter(owner.items()))
        query = select(table).where(getattr(table, first[0]) == first[1])
        have = {getattr(row, other): row for row in self.session.exec(query)}
        wanted = list(dict.fromkeys(ids))
        for linked, row in have.items():
            if linked not in wanted and row.archived_at is None:
                self.archive(row)
            elif linked in wanted and row.archived_at is not None:
                row.archived_at = None
        for linked in wanted:
            if linked not in have:
                values: dict[str, Any] = {**owner, other: linked}
                self.add(table(organisation_id=self.organisation_id, **values))

    def log(
        self,
        what: str,
        about: SQLModel | None = None,
        *,
        outage_id: str = "",
        who: str = "",
        via: str = "",
        kind: str = "act",
        strikes: int | None = None,
        at: datetime | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Remember `what` in the same transaction. `who` is whose act it was (default: the
        actor), `via` who wrote it down when that is someone else; `data` is what the console
        reads back later, so that it never has to read its own sentence."""
        whose, moment = who or self.actor.name, at or self.now
        self._entries.append(
            _Entry(what, about, outage_id, whose, via, kind, strikes, moment, data or {})
        )

    def emit(self, event: Event) -> None:
        """Announced after the commit."""
        self.events.append(event)

    def undo(
        self,
        label: str,
        outage_id: str = "",
        *,
        also: Callable[[UnitOfWork], object] | None = None,
    ) -> Undo:
        """The inverse of everything changed so far. Call it last in the use case."""
        self.session.flush()
        rows = tuple(
            RowBefore(table, row_id, getattr(self._after[table, row_id], "version", 0), before)
            for (table, row_id), before in self._before.items()
            if isinstance(self._after[table, row_id], Record) and row_id not in self._following
        )
        then = (*self._again, *((also,) if also is not None else ()))
        return Undo(label, outage_id, rows, tuple(self.events), then)

    def tell_before(self, mark: str) -> None:
        """The first log entry bears a mark and tells what was changed so far: `data["before"]`, of
        each row the columns as they were, by which another process can take it back."""
        self.session.flush()
        told = []
        for key, before in self._before.items():
            after = self._after[key]
            if before is not None and isinstance(after, Record):
                was = {n: as_json(v) for n, v in before.items() if v != getattr(after, n)}
                told.append({"table": key[0], "id": after.id, "after": after.version, **was})
        entry = self._entries[0]
        entry.data = {**entry.data, "mark": mark, "before": told}

    def go_on(self, now: datetime, actor: Actor | None = None) -> None:
        """Seal what was done so far and go on at another moment, in the same transaction: many
        acts, each with a log entry that holds its own rows, and all of them or none on disk."""
        self.seal()
        self._entries.clear()
        self._before.clear()
        self._after.clear()
        self._following.clear()
        self._again.clear()
        self.now = now
        self.actor = actor or self.actor

    # --- called by the Store ---------------------------------------------------------------

    def on_flush(self) -> None:
        """Raise versions and remember what rows were before and are after.

        Raises RuntimeError (a bug of ours) when a row that a person entered would be deleted.
        """
        for row in self.session.deleted:
            if str(row.__tablename__) not in DERIVED:
                raise RuntimeError(f"{row.__tablename__} would be deleted; archive it instead")
        fresh = self.session.new  # built anew at each access: 20,000 rows made that seconds
        for row in (*fresh, *self.session.dirty):
            table = str(row.__tablename__)
            if table in DERIVED:
                continue
            new = row in fresh
            if not new and not self.session.is_modified(row):
                continue
            key = (table, row.id)
            if key not in self._before:
                self._before[key] = None if new else _values_before(row)
            self._after[key] = row
            if new:
                row.created_at = self.now
            elif key in self._before and self._before[key] is not None:
                row.version = int(self._before[key]["version"]) + 1  # type: ignore[index]
            row.updated_at = self.now

    def seal(self) -> None:
        """Write the log entries; every change needs one (raises RuntimeError: a bug of ours)."""
        self.session.flush()
        if not self._entries:
            if self._after:
                raise RuntimeError(f"changed without a log entry: {sorted(self._after)}")
            return
        head = self.session.get(ChainHead, self.organisation_id, with_for_update=True)
        if head is None:
            head = ChainHead(organisation_id=self.organisation_id)
        rows = self._rows_for_the_log()
        for entry in self._entries:
            number = head.number + 1
            about = entry.about
            about_type = str(about.__tablename__) if about is not None else ""
            outage_id = entry.outage_id or getattr(about, "outage_id", "")
            if about_type == "outage":
                outage_id = getattr(about, "id", "")
            text = canonical(
                {
                    "number": number,
                    "at": iso(entry.at),
                    "who": entry.who,
                    "via": entry.via,
                    "what": entry.what,
                    "kind": entry.kind,
                    "about": [about_type, getattr(about, "id", "")],
                    "outage": outage_id,
                    "strikes": entry.strikes,
                    "rows": rows,
                    **({"data": dict(entry.data)} if entry.data else {}),
                }
            )
            self.session.add(
                LogEntry(
                    organisation_id=self.organisation_id,
                    number=number,
                    at=entry.at,
                    who=entry.who,
                    via=entry.via,
                    what=entry.what,
                    kind=entry.kind,
                    about_type=about_type,
                    about_id=getattr(about, "id", ""),
                    outage_id=outage_id,
                    strikes=entry.strikes,
                    text=text,
                    previous_hash=head.hash,
                    hash=hash_of(head.hash, text),
                )
            )
            head.number, head.hash = number, hash_of(head.hash, text)
            rows = []
        self.session.add(head)
        self.session.flush()

    def _rows_for_the_log(self) -> list[dict[str, Any]]:
        """Of a long job too many to be taken in one go."""
        rows: list[dict[str, Any]] = []
        for row in self._after.values():
            if len(rows) % AT_ONCE == 0:
                self.work.at(len(rows), len(self._after))
            rows.append(row_as_json(row))
        self.work.at(len(rows), len(rows))
        return rows


def _values_before(row: SQLModel) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for attribute in look_into(row).mapper.column_attrs:
        was = look_into(row).attrs[attribute.key].history.deleted
        values[attribute.key] = was[0] if was else getattr(row, attribute.key)
    return values


def row_as_json(row: SQLModel) -> dict[str, Any]:
    """A row as the log keeps it: its table and every column, times as ISO text in UTC."""
    values: dict[str, Any] = {"table": str(row.__tablename__)}
    for attribute in look_into(row).mapper.column_attrs:
        values[attribute.key] = as_json(getattr(row, attribute.key))
    return values


def as_json(value: Any) -> Any:
    """A column's value as the log keeps it."""
    if isinstance(value, datetime):
        return iso(value)
    return value.isoformat() if isinstance(value, date) else value


def undo(uow: UnitOfWork, inverse: Undo) -> Undone:
    """Put the rows back as they were before. An ordinary, logged use case.

    Raises Stale when any of the rows changed since: then nothing is put back.
    """
    uow.log(f"undid: {inverse.label}", outage_id=inverse.outage_id, kind="undo")
    return put_back(uow, inverse)


def put_back(uow: UnitOfWork, inverse: Undo) -> Undone:
    """What `undo` does, within a use case that logs it in words of its own. Raises Stale."""
    put_back: dict[tuple[str, str], tuple[int, Record]] = {}
    tables = {str(mapper.class_.__tablename__): mapper.class_ for mapper in _mappers()}
    found = _look_up(uow, tables, inverse.rows)
    for before in inverse.rows:
        row = found.get((before.table, before.id))
        if row is None or row.version != before.version_after:
            raise Stale(
                f"“{inverse.label}” cannot be undone: it was changed again since. "
                "Nothing was put back."
            )
        if before.values is None:
            row.archived_at = uow.now
        else:
            for name, value in before.values.items():
                if name not in ("id", "version", "created_at", "updated_at"):
                    setattr(row, name, value)
            put_back[before.table, before.id] = (int(before.values["version"]), row)
        uow.session.add(row)
    uow.session.flush()
    for follows in inverse.also:
        follows(uow)
    for event in inverse.events:
        uow.emit(event)
    uow.emit(TakenBack(inverse.outage_id, inverse.keys))
    return Undone({key: (was, row.version) for key, (was, row) in put_back.items()})


def _look_up(
    uow: UnitOfWork, tables: Mapping[str, Any], rows: Sequence[RowBefore]
) -> dict[tuple[str, str], Record]:
    """By table and id, many in a few queries."""
    found: dict[tuple[str, str], Record] = {}
    for table in dict.fromkeys(row.table for row in rows):
        ids = [row.id for row in rows if row.table == table]
        for at in range(0, len(ids), AT_ONCE):
            some = col(tables[table].id).in_(ids[at : at + AT_ONCE])
            for row in uow.session.exec(select(tables[table]).where(some)):
                found[table, row.id] = row
    return found


def _mappers() -> Iterable[Any]:
    registry: Any = Record._sa_registry
    return tuple(registry.mappers)
