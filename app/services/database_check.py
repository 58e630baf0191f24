"""What store this is, and whether it is whole: the same answer for a file and a database."""

from __future__ import annotations

from dataclasses import dataclass

from app.services.database import Store
from app.services.database_copying import Contents, contents_of
from app.services.database_place import place_of
from app.services.folder import FILE_NAME
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
    place = place_of(store.folder).url or str(store.folder / FILE_NAME)
    return store.read(_look, place)


def _look(uow: UnitOfWork, place: str) -> Checked:
    link = uow.session.connection()
    version = ".".join(str(part) for part in link.dialect.server_version_info or ())
    name = "PostgreSQL" if link.dialect.name == "postgresql" else "SQLite"
    revision = link.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return Checked(place, f"{name} {version}", str(revision), contents_of(link))
