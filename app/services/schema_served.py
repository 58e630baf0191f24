"""Is the schema of a store in a database server ours? Upgraded only while no other console has
the store open, as one of an older version would go on writing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from typing import Any

from sqlalchemy import Connection, Engine

from app.models.errors import StoreTrouble
from app.services.database_unfinished import is_own, left_there, unfinished
from app.services.schema import HEAD, KNOWN, MIGRATIONS

MOVED = "moved-away"
"""The setting of a store that was moved to another place: its value says when and where to."""
_TABLES = "SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()"
_FOREIGN = """
SELECT table_name, column_name, data_type FROM information_schema.columns
 WHERE table_schema = current_schema() AND data_type IN ('text', 'character varying')
   AND collation_name IS DISTINCT FROM 'C' AND table_name <> 'alembic_version'
"""
_MIGRATING = 0x466C6967687403


def ensure_served(
    engine: Engine, alone: Callable[[], AbstractContextManager[bool]], token: str = ""
) -> None:
    """Create or upgrade the store. `token`: of the folder's own move to here, if that did not
    end. Raises StoreTrouble: newer, another program's, moved away, or open in an older console."""
    with engine.connect() as link:
        found = schema_there(link)
        require_here(link, found, token)
    if found == HEAD:
        return
    require_known(found)
    if found is None:
        upgrade_served(engine)
        return
    with alone() as is_alone:
        if not is_alone:
            raise StoreTrouble(
                "The store is of an older Flight Console, and open in another one. It was left as "
                "it is. Close all consoles and let the database server’s backup run; the first "
                "that is opened then brings the store up to date.",
                trouble="busy",
            )
        upgrade_served(engine)


def schema_there(link: Connection) -> str | None:
    """The revision; None for an empty database. Raises StoreTrouble: another program's."""
    tables = set(link.exec_driver_sql(_TABLES).scalars())
    if "alembic_version" not in tables:
        if tables:
            raise StoreTrouble(
                "The database holds tables of another program. It was left as it is. Choose one "
                "that is empty.",
                trouble="damaged",
            )
        return None
    found = link.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return None if found is None else str(found)


def require_known(found: str | None) -> None:
    if found is not None and found not in KNOWN:
        raise StoreTrouble(
            "This store was written by a newer Flight Console. It was left as it is. "
            "Update the console, or open another folder with --data.",
            trouble="newer",
        )


def require_head(raw: Any, *_: object) -> None:
    """On each new connection: another console may have brought the store up to date since."""
    found = raw.execute("SELECT version_num FROM alembic_version").fetchone()
    raw.rollback()
    if found is None or found[0] != HEAD:
        raise StoreTrouble(
            "Another console brought the store up to a newer version, so this one can no longer "
            "write to it; nothing was changed. Update this console and start it again.",
            trouble="newer",
        )


def upgrade_served(engine: Engine) -> None:
    """Run the migrations up to HEAD, in one transaction. Text is compared by its characters, as
    in a file, whatever language the database was made for."""
    with engine.begin() as link:
        put_schema(link)


def one_at_a_time(link: Connection) -> None:
    """Nobody else makes a store there until the caller’s transaction ends."""
    link.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (_MIGRATING,))


def put_schema(link: Connection) -> None:
    """Within the caller’s transaction."""
    from alembic import command
    from alembic.config import Config

    one_at_a_time(link)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = link
    command.upgrade(config, "head")
    changes: dict[str, list[str]] = {}
    for table, column, kind in link.exec_driver_sql(_FOREIGN).all():
        change = f'ALTER COLUMN "{column}" TYPE {kind} COLLATE "C"'
        changes.setdefault(table, []).append(change)
    for table, columns in changes.items():
        link.exec_driver_sql(f'ALTER TABLE "{table}" {", ".join(columns)}')


def take_away(link: Connection, names: Iterable[str]) -> None:
    """The tables of a store, within the caller’s transaction; others stay."""
    there = set(link.exec_driver_sql(_TABLES).scalars())
    ours = sorted(there & {*names, "alembic_version"})
    link.exec_driver_sql("DROP TABLE " + ", ".join(f'"{name}"' for name in ours))


def require_here(link: Connection, found: str | None, token: str = "") -> None:
    """Raises StoreTrouble when the store is now elsewhere, or not here yet."""
    copy = unfinished(link) if found is not None else None
    if copy is not None and not is_own(copy, token):
        raise left_there(copy)
    about = moved_to(link) if found is not None else None
    if about is not None:
        raise StoreTrouble(
            f"This store was moved to {about['to']} ({about['at']}); what is in the database is "
            "kept as it was then. Open the store there; if it is this folder’s own file, "
            "`database move file` ends the move.",
            trouble="moved",
        )


def moved_to(link: Connection) -> dict[str, str] | None:
    """`to` and `at`; None: it is in use."""
    query = "SELECT value FROM setting WHERE name = %s"
    kept = link.exec_driver_sql(query, (MOVED,)).scalar()
    return None if kept is None else dict(json.loads(str(kept)))
