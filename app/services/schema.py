"""Is the store's schema ours? One plain query; Alembic is imported only to upgrade."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from app.models.errors import StoreTrouble
from app.services.ports import Clock
from app.services.settings.backups import back_up_store, backups, restore_command

HEAD = "0010"
KNOWN = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010")
MIGRATIONS = Path(__file__).resolve().parent.parent / "models" / "migrations"


def schema_of(path: Path) -> str | None:
    """The revision of the store at `path`; None for an empty or missing file.

    Raises sqlite3.DatabaseError when it is no database, StoreTrouble when it is not ours.
    """
    if not path.exists() or path.stat().st_size == 0:
        return None
    connection = sqlite3.connect(path, timeout=5.0)
    try:
        listed = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = {row[0] for row in listed}
        if "alembic_version" not in tables:
            if tables:
                raise StoreTrouble(
                    f"{path.name} is a database of another program. It was left as it is. "
                    "Open another folder with --data.",
                    trouble="damaged",
                )
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None
    finally:
        connection.close()


def ensure_schema(path: Path, clock: Clock) -> None:
    """Create or upgrade the store; a backup is made before an upgrade.

    Raises StoreTrouble when the store was written by a newer console, or is gone while backups
    of it are left: a new one in its place would push them out, one a day.
    """
    found = schema_of(path)
    if found == HEAD:
        return
    if found is not None and found not in KNOWN:
        raise StoreTrouble(
            "This store was written by a newer Flight Console. It was left as it is. "
            "Update the console, restore an older backup, or open another folder with --data.",
            trouble="newer",
        )
    if found is not None:
        back_up_store(path, clock.now())  # no migration touches the files of evidence
    elif kept := backups(path.parent):
        raise StoreTrouble(
            f"The store {path.name} is {'empty' if path.exists() else 'gone'}, but {len(kept)} "
            f"backup{'s' if len(kept) > 1 else ''} of it {'are' if len(kept) > 1 else 'is'} left; "
            f"nothing was changed. Restore a backup ({restore_command(path.parent)}), or open "
            "another folder with --data.",
            trouble="gone",
        )
    else:
        path.touch(mode=0o600)
    upgrade(path)


def upgrade(path: Path) -> None:
    """Run the migrations up to HEAD, in one transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["path"] = path
    command.upgrade(config, "head")
