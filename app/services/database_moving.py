"""The store of a data folder moves: from its file into a PostgreSQL database, and back.

Nobody writes meanwhile. The copy is proven equal, row by row, with the log's chain, before the
folder says that the store is there; the old one is kept as it was, marked, and no longer opened.
A crash leaves either the one or the other in use, and the same move done again ends it.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from app.models.errors import BadInput, NotAllowed, StoreTrouble
from app.services.changes_evidence_copies import FOLDER as EVIDENCE
from app.services.changes_evidence_copies import Copied
from app.services.changes_evidence_served import carry_in, take_out
from app.services.clock import REHEARSAL
from app.services.crew.served_lock import nobody_serves
from app.services.database_copying import (
    CONTENTS,
    Contents,
    contents_of,
    copy_into_file,
    copy_rows,
    file_link,
    tables,
    whole_contents_of,
)
from app.services.database_listening import Listening
from app.services.database_place import Place, keep_place, place_of, require_url
from app.services.database_postgres import WRITER, listener, require_supported, served_engine
from app.services.database_sqlite import trouble as file_trouble
from app.services.database_unfinished import (
    begin_move,
    count_as_store,
    end_move,
    is_own,
    left_there,
    mark_unfinished,
    token_of,
    unfinished,
)
from app.services.database_words import not_moved
from app.services.folder import FILE_NAME
from app.services.schema import HEAD
from app.services.schema_served import (
    MOVED,
    moved_to,
    one_at_a_time,
    put_schema,
    require_here,
    require_known,
    schema_there,
    take_away,
)
from app.services.settings.handed import require_in_use
from app.services.settings.second_folder import place_of as second_of
from app.services.settings.window_lock import only_window
from app.services.sync.lock import only_sender
from app.services.working import UNWATCHED, Work


@dataclass(frozen=True, slots=True)
class Moved:
    """`kept` says where the old one is."""

    found: Contents
    to: str
    kept: str
    evidence: Copied

    @property
    def sentence(self) -> str:
        return (
            f"Moved to {self.to}: every row compared, {self.found.sentence} The old store is kept "
            f"as it was ({self.kept}) and no longer opened.{self._evidence_words}"
        )

    @property
    def _evidence_words(self) -> str:
        many = self.evidence.added
        said = f" {many} file{'' if many == 1 else 's'} of evidence went along." if many else ""
        return f"{said} But {self.evidence.sentence}" if self.evidence.refused else said


def move_to_server(folder: Path, place: Place, now: datetime, work: Work = UNWATCHED) -> Moved:
    """Open the store once before, so that its schema is ours. Raises BadInput, NotAllowed,
    StoreTrouble (also when a window, a sender or the crew board is at it) and Stopped; then
    nothing was moved."""
    require_url(place.url)
    if place_of(folder).url:
        raise NotAllowed(
            "The store is in a database server already; nothing was moved. Move it back into its "
            "file first (`database move file`)."
        )
    store = folder / FILE_NAME
    if not store.is_file():
        raise BadInput(
            f"There is no store {store} to move. To use one that is in the database already: "
            "`database use`."
        )
    require_in_use(folder)
    if (folder / REHEARSAL).exists():
        raise NotAllowed("This is a rehearsal, which stays where it is. Nothing was moved.")
    if second_of(folder).folder is not None:
        raise NotAllowed(
            "A second folder is kept of this store, which only a file can have: the database "
            "server’s own backup does that. Switch it off first (`second-folder --off`); nothing "
            "was moved."
        )
    with (
        only_window(folder),
        only_sender(folder),
        nobody_serves(folder),
        _still(store) as source,
    ):
        token = begin_move(folder, "server")
        found, carried = _into_server(source, place, Copy(token, store, now), work)
        keep_place(folder, place)  # from here on it is there
    with suppress(StoreTrouble):  # away again: the next console that opens it there ends the move
        end_move_to_server(folder, place, now)
    kept = _kept_as(folder, now)
    return Moved(found, place.url, str(kept if kept.exists() else store), carried)


def end_move_to_server(folder: Path, place: Place, now: datetime) -> None:
    """The folder says that the store is there: its copy counts as one for all, and the old file
    is put aside. Does nothing when no move is to be ended. Raises StoreTrouble."""
    token = token_of(folder, "server")
    if not token:
        return
    engine = served_engine(place)
    try:
        with engine.begin() as link:
            if is_own(unfinished(link), token):
                count_as_store(link)
    except DatabaseError as error:
        raise not_moved(error, place.url) from error
    finally:
        engine.dispose()
    _put_aside(folder / FILE_NAME, _kept_as(folder, now))
    if not (folder / FILE_NAME).exists():
        end_move(folder)


def _kept_as(folder: Path, now: datetime) -> Path:
    return folder / f"flight-console-moved-{now:%Y%m%dT%H%M%SZ}.sqlite"


def move_to_file(folder: Path, now: datetime, work: Work = UNWATCHED) -> Moved:
    """The other consoles must be closed, too. Raises as `move_to_server`."""
    place = place_of(folder)
    if not place.url:
        raise NotAllowed("The store is a file already; nothing was moved.")
    store = folder / FILE_NAME
    engine = served_engine(place)
    try:
        with only_window(folder):
            end_move_to_server(folder, place, now)
            with _alone(place), engine.connect() as link:
                link.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (WRITER,))
                found, brought = _into_file(link, folder, now, work)
            keep_place(folder, Place())
            end_move(folder)
    except DatabaseError as error:
        raise not_moved(error, place.url) from error
    finally:
        engine.dispose()
    return Moved(found, str(store), place.url, brought)


def _into_file(
    link: Connection, folder: Path, now: datetime, work: Work
) -> tuple[Contents, Copied]:
    """The file has its name only once the database says that the store has left it. Cut before
    that, the database is the store; cut after it, nobody can write there, and doing it again
    ends it."""
    store = folder / FILE_NAME
    revision = schema_there(link)
    was = moved_to(link) if revision is not None else None
    own = (
        was is not None
        and was["to"] == str(store)
        and (is_own(was, token_of(folder, "file")) or "token" not in was)
    )
    if store.exists():
        if not own:
            raise NotAllowed(
                f"{store} is in the way, a store of its own. Put it away; nothing was moved."
            )
        return contents_of(link), Copied()  # cut between the last two steps
    if own and was is not None and "token" in was:
        link.exec_driver_sql("DELETE FROM setting WHERE name = %s", (MOVED,))
    require_here(link, revision)
    require_known(revision)
    if revision != HEAD:
        raise StoreTrouble(
            "The store is of an older Flight Console. Open it once, then move it; nothing was "
            "moved.",
            trouble="newer",
        )
    waiting = store.with_name(store.name + ".moving")
    token = begin_move(folder, "file")
    found = copy_into_file(link, waiting, work)
    brought = take_out(link, folder / EVIDENCE, work)
    about = {"to": str(store), "at": f"{now:%Y-%m-%d %H:%M} UTC", "token": token}
    query = "INSERT INTO setting (name, value) VALUES (%s, %s)"
    link.exec_driver_sql(query, (MOVED, json.dumps(about)))
    link.commit()
    waiting.replace(store)
    return found, brought


def use_store(folder: Path, place: Place) -> Contents:
    """From now on this folder’s store is the one that is in that database; it has none yet, or is
    given the password anew, which a window that is open may wait for.
    Raises BadInput, NotAllowed, StoreTrouble."""
    require_url(place.url)
    if (folder / FILE_NAME).exists():
        raise NotAllowed(
            f"{folder / FILE_NAME} is a store of its own, which would no longer be opened. Move it "
            "into an empty database (`database move`), or choose another folder with --data. "
            "Nothing was changed."
        )
    engine = served_engine(place)
    try:
        alone = nullcontext() if place_of(folder) == place else only_window(folder)
        with alone, engine.connect() as link:
            require_supported(link)
            revision = schema_there(link)
            require_known(revision)
            if revision is None:
                raise NotAllowed(
                    "That database is empty. The console that has the store moves it there first "
                    "(`database move`); nothing was changed."
                )
            require_here(link, revision)
            found = contents_of(link)
            keep_place(folder, place)
            return found
    except DatabaseError as error:
        raise not_moved(error, place.url) from error
    finally:
        engine.dispose()


@dataclass(frozen=True, slots=True)
class Copy:
    """Whose copy it is until it counts as the store."""

    token: str
    of: Path
    now: datetime


def _into_server(
    source: Connection, place: Place, copy: Copy, work: Work
) -> tuple[Contents, Copied]:
    """Schema, rows and evidence in one transaction: the database holds a copy that is no store
    yet, or what it held before."""
    whole_contents_of(source)  # before anything is made there
    engine = served_engine(place)
    try:
        with engine.begin() as link:
            require_supported(link)
            one_at_a_time(link)
            if schema_there(link) is not None:
                _take_copy_away(link, copy.token)
            put_schema(link)
            found = copy_rows(source, link, work)
            carried = carry_in(link, copy.of.parent, work)
            mark_unfinished(link, copy.token, copy.of, f"{copy.now:%Y-%m-%d %H:%M} UTC")
            return found, carried
    except DatabaseError as error:
        raise not_moved(error, place.url) from error
    finally:
        engine.dispose()


def _take_copy_away(link: Connection, token: str) -> None:
    """What an earlier move of this store left there. Raises NotAllowed, StoreTrouble: it is
    another’s."""
    about = unfinished(link)
    if is_own(about, token):
        take_away(link, (*(table.name for table in tables()), CONTENTS))
    elif about is not None:
        raise left_there(about)
    else:
        raise NotAllowed(
            "That database holds a store already, and nothing was moved. Choose one that is "
            "empty; or use that store, in a folder without one (`database use`)."
        )


@contextmanager
def _still(store: Path) -> Iterator[Connection]:
    """The file while nobody can write to it."""
    try:
        with file_link(store) as link:
            link.exec_driver_sql("BEGIN IMMEDIATE")
            revision = link.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            if revision != HEAD:
                raise StoreTrouble(
                    "The store is of another version. Open it once, then move it; nothing was "
                    "moved.",
                    trouble="newer",
                )
            try:
                yield link
            finally:
                link.exec_driver_sql("ROLLBACK")
    except (sqlite3.Error, DatabaseError) as error:
        raise file_trouble(error, store) from error


def _put_aside(store: Path, kept: Path) -> None:
    """Under a name that says so. Whoever waited to write to it finds that it was moved."""
    with suppress(OSError, sqlite3.Error):  # it is no longer opened, whatever it is called
        with closing(sqlite3.connect(store, timeout=5.0, isolation_level=None)) as link:
            link.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        store.replace(kept)
        for left in ("-wal", "-shm"):
            store.with_name(store.name + left).unlink(missing_ok=True)


@contextmanager
def _alone(place: Place) -> Iterator[None]:
    """No console anywhere has the store open, and none opens it meanwhile."""
    listening = Listening(lambda: listener(place), "", lambda: None)
    listening.start()
    try:
        with listening.alone() as is_alone:
            if not is_alone:
                raise StoreTrouble(
                    "Another console has the store open; nothing was moved. Close all of them, "
                    "and do it again.",
                    trouble="window",
                )
            yield
    finally:
        listening.stop()
