"""What store this is, and whether it is whole: the same answer for a file and a database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.database import Store
from app.services.database_copying import Contents, contents_of
from app.services.database_place import place_of
from app.services.folder import FILE_NAME
from app.services.settings.doctor import Finding
from app.services.uow import UnitOfWork

if TYPE_CHECKING:
    from app.services.changes_evidence_served import Held


@dataclass(frozen=True, slots=True)
class Checked:
    """`server` names the software that keeps it, with its version."""

    place: str
    server: str
    revision: str
    contents: Contents
    evidence: Held | None = None
    """Of a store in a database; the doctor looks at what lies beside a file."""

    @property
    def is_whole(self) -> bool:
        return self.contents.is_whole and (self.evidence is None or self.evidence.is_whole)

    @property
    def lines(self) -> list[str]:
        rows = [f"  {name}: {many:,}" for name, many in self.contents.counts.items() if many]
        return [
            f"The store is in {self.place} ({self.server}), revision {self.revision}.",
            self.contents.sentence,
            *rows,
            *(each.sentence for each in _evidence(self.evidence, proven=True)),
        ]


def check(store: Store) -> Checked:
    """Reads every log entry, a second for five years, and all evidence, a second for 200 MB.
    Raises StoreTrouble."""
    return store.read(looked, prove=True)


def findings(uow: UnitOfWork) -> list[Finding]:
    """As the doctor says it of a file."""
    found = looked(uow)
    logs = [chain for chain in found.contents.chains if chain.broken is not None]
    said = [Finding(True, f"The store is in {found.place} ({found.server}).")]
    said += [
        Finding(
            False,
            f"The log is broken at entry {chain.broken}: it was changed or is missing. Keep the "
            "database as it is and let whoever runs the server look.",
        )
        for chain in logs
    ] or [Finding(True, f"{found.contents.sentence[:1].upper()}{found.contents.sentence[1:]}")]
    said += _evidence(found.evidence, proven=False)
    said.append(
        Finding(
            True,
            "Its copies are made by the database server’s own backup: ask whoever runs it. "
            "`backup FILE` writes a store in a file, `database move file` brings it back into one.",
        )
    )
    return said


def _evidence(held: Held | None, *, proven: bool) -> Iterator[Finding]:
    """Nothing is said when there is none."""
    if held is None:
        return
    if held.files and not held.changed:
        size = f"{held.size / 1e6:,.1f} MB" if held.size >= 100_000 else f"{held.size:,} bytes"
        files = f"{held.files:,} file{'' if held.files == 1 else 's'}, {size}"
        as_added = ", each as it was added" if proven else ""
        yield Finding(True, f"Evidence is in the database for every console{as_added} ({files}).")
    for kept in held.changed:
        yield Finding(
            False,
            f"The evidence {kept.name} was changed in the database. Look for {kept.file_name} "
            "where it was added, or in the server’s backups.",
        )
    for kept in held.lost:
        yield Finding(
            False,
            f"The evidence {kept.name} is not in the database. Open the console where it was "
            "added: that brings it there.",
        )


def looked(uow: UnitOfWork, *, prove: bool = False) -> Checked:
    """With `prove` each file of evidence is read."""
    place = place_of(uow.folder).url or str(uow.folder / FILE_NAME)
    link = uow.session.connection()
    version = ".".join(str(part) for part in link.dialect.server_version_info or ())
    name = "PostgreSQL" if link.dialect.name == "postgresql" else "SQLite"
    revision = link.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    held = None
    if name == "PostgreSQL":
        from app.services.changes_evidence_served import held_in  # 3 MB that a file does without

        held = held_in(link, prove=prove)
    return Checked(place, f"{name} {version}", str(revision), contents_of(link), held)
