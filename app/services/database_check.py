"""What store this is, and whether it is whole: the same answer for a file and a database."""

from __future__ import annotations

from dataclasses import dataclass

from app.services.database import Store
from app.services.database_copying import Contents, contents_of
from app.services.database_place import place_of
from app.services.folder import FILE_NAME
from app.services.settings.doctor import Finding
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Checked:
    """`server` names the software that keeps it, with its version."""

    place: str
    server: str
    revision: str
    contents: Contents

    @property
    def lines(self) -> list[str]:
        rows = [f"  {name}: {many:,}" for name, many in self.contents.counts.items() if many]
        return [
            f"The store is in {self.place} ({self.server}), revision {self.revision}.",
            self.contents.sentence,
            *rows,
        ]


def check(store: Store) -> Checked:
    """Reads every log entry: a second for five years. Raises StoreTrouble."""
    return store.read(looked)


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
    said.append(
        Finding(
            True,
            "Its copies are made by the database server’s own backup: ask whoever runs it. "
            "`backup FILE` writes a store in a file, `database move file` brings it back into one.",
        )
    )
    return said


def looked(uow: UnitOfWork) -> Checked:
    place = place_of(uow.folder).url or str(uow.folder / FILE_NAME)
    link = uow.session.connection()
    version = ".".join(str(part) for part in link.dialect.server_version_info or ())
    name = "PostgreSQL" if link.dialect.name == "postgresql" else "SQLite"
    revision = link.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return Checked(place, f"{name} {version}", str(revision), contents_of(link))
