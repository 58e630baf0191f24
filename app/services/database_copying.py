"""Every row of a store into another kind of database, proven equal before it counts."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, create_engine, func, insert, select
from sqlalchemy.pool import StaticPool
from sqlmodel import SQLModel

import app.models.tables  # noqa: F401  (registers every table)
from app.models.errors import StoreTrouble
from app.models.log import Link, first_break
from app.services.schema import upgrade
from app.services.working import UNWATCHED, Work

AT_ONCE = 500
CONTENTS = "evidence_piece"
LEASES = "lease."
"""Settings that begin so say who drives what just now; no copy takes them along."""


@dataclass(frozen=True, slots=True)
class Chain:
    """The log of one organisation; `broken` is the number of its first wrong entry."""

    organisation: str
    entries: int
    head: str
    broken: int | None


@dataclass(frozen=True, slots=True)
class Contents:
    """What a store holds."""

    counts: dict[str, int]
    chains: tuple[Chain, ...]

    @property
    def rows(self) -> int:
        return sum(self.counts.values())

    @property
    def sentence(self) -> str:
        said = [f"{self.rows:,} row{'' if self.rows == 1 else 's'}"]
        for chain in self.chains:
            state = (
                f"unbroken up to {chain.head[:12]}"
                if chain.broken is None
                else f"BROKEN at entry {chain.broken}"
            )
            said.append(f"a log of {chain.entries:,} entries, {state}")
        return f"{', '.join(said)}."

    @property
    def is_whole(self) -> bool:
        return all(chain.broken is None for chain in self.chains)


def contents_of(link: Connection) -> Contents:
    counts = {
        table.name: int(link.execute(select(func.count()).select_from(table)).scalar_one())
        for table in tables()
    }
    return Contents(counts, tuple(_chains(link)))


def whole_contents_of(link: Connection) -> Contents:
    """Raises StoreTrouble when a log is broken."""
    found = contents_of(link)
    if not found.is_whole:
        raise StoreTrouble(
            "The log of the store is broken, so it was not copied; nothing was changed. "
            "`database check` says where.",
            trouble="damaged",
        )
    return found


def tables() -> list[Table]:
    """Each after those it refers to; without what files of evidence hold, which a store in a file
    has beside it (`changes_evidence_served`)."""
    return [table for table in SQLModel.metadata.sorted_tables if table.name != CONTENTS]


def copy_rows(source: Connection, target: Connection, work: Work = UNWATCHED) -> Contents:
    """All rows into a store that has none, and compared with what they were. Both connections
    are in a transaction, the source’s at one moment. Raises StoreTrouble when the two differ or
    the log of the source is broken, and Stopped; the caller then rolls the target back."""
    was = whole_contents_of(source)
    total = was.rows
    done = 0
    for table in tables():
        for rows in _pieces(source, table):
            work.at(done, 2 * total)
            target.execute(insert(table), rows)
            done += len(rows)
    for table in tables():
        for before, after in zip_longest(_pieces(source, table), _pieces(target, table)):
            work.at(min(done, 2 * total), 2 * total)
            if before != after:
                raise _different(f"the table {table.name}")
            done += len(before)
    now = contents_of(target)
    if (was.chains, _without_leases(source, was)) != (now.chains, now.counts):
        raise _different("the log or the counts")
    return now


def _without_leases(source: Connection, was: Contents) -> dict[str, int]:
    setting = SQLModel.metadata.tables["setting"]
    query = select(func.count()).where(setting.c.name.startswith(LEASES))
    leases = int(source.execute(query).scalar_one())
    return was.counts | {"setting": was.counts["setting"] - leases}


def _pieces(link: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    """In the same order wherever it is kept: by the characters of the key."""
    key = next(iter(table.primary_key))
    last = ""
    while True:
        query = select(table).where(key > last).order_by(key).limit(AT_ONCE)
        if table.name == "setting":
            query = query.where(key.not_like(f"{LEASES}%"))
        rows = [dict(row) for row in link.execute(query).mappings()]
        if not rows:
            return
        yield rows
        last = rows[-1][key.name]


def _chains(link: Connection) -> Iterator[Chain]:
    entry, head = (SQLModel.metadata.tables[name] for name in ("log_entry", "chain_head"))
    for row in link.execute(select(head).order_by(head.c.organisation_id)).mappings():
        owner, last = row["organisation_id"], 0

        def links(owner: str = owner) -> Iterator[Link]:
            nonlocal last
            query = select(entry.c.number, entry.c.text, entry.c.previous_hash, entry.c.hash)
            query = query.where(entry.c.organisation_id == owner).order_by(entry.c.number)
            for one in link.execute(query.execution_options(yield_per=AT_ONCE)):
                last = int(one[0])
                yield Link(*one)

        broken = first_break(links())
        if broken is None and last != row["number"]:
            broken = last + 1
        yield Chain(owner, int(row["number"]), str(row["hash"]), broken)


def _different(what: str) -> StoreTrouble:
    return StoreTrouble(
        f"The copy is not what the store holds ({what}), so it does not count; the store is as it "
        "was. Do it again while no other console writes.",
        trouble="copy",
    )


@contextmanager
def file_link(path: Path) -> Iterator[Connection]:
    """A store in a file, for rows alone; the caller begins and ends transactions."""
    with closing(sqlite3.connect(path, timeout=5.0, isolation_level=None)) as raw:
        engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
        try:
            with engine.connect() as link:
                yield link
        finally:
            engine.dispose()


def copy_into_file(source: Connection, target: Path, work: Work = UNWATCHED) -> Contents:
    """A new store in a file, which has its name once it is proven. Raises as `copy_rows`."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    part.touch(mode=0o600)
    try:
        upgrade(part)
        with file_link(part) as link:
            link.exec_driver_sql("BEGIN IMMEDIATE")
            found = copy_rows(source, link, work)
            link.exec_driver_sql("COMMIT")
            link.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            link.exec_driver_sql("PRAGMA journal_mode=DELETE")
        part.replace(target)
    finally:
        for left in ("", "-wal", "-shm", "-journal"):
            part.with_name(part.name + left).unlink(missing_ok=True)
    return found
