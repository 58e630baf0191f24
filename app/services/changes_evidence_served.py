"""What files of evidence hold, in the database that several consoles share.

A file lies there in pieces under the name that it has in a data folder. It is committed before the
row that names it, on a connection of its own, so no console waits while another sends one; what a
data folder has is a copy, fetched when it is first opened and proven by its hash.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DatabaseError
from sqlmodel import SQLModel, col

from app.models.changes_evidence import Kept, digest_of, files_in, kept_named
from app.models.errors import ConsoleError, StoreTrouble
from app.models.tables.changes import ChangeRecord, EvidencePiece
from app.models.tables.crew import CrewTap
from app.models.tables.notices import Notice
from app.services.changes_evidence_copies import FOLDER, Copied, files_of, is_right, put, why
from app.services.database_place import place_of
from app.services.database_postgres import served_engine
from app.services.database_words import words_of
from app.services.working import UNWATCHED, Work

PIECE = 512 * 1024
"""Bytes in a row: each is answered for by itself, so a slow line is not taken for a dead one."""
PIECES = SQLModel.metadata.tables[str(EvidencePiece.__tablename__)]
_WHOLE_HASH = (
    "SELECT encode(sha256(string_agg(content, ''::bytea ORDER BY number)), 'hex')"
    " FROM evidence_piece WHERE file = %s"
)


@dataclass(frozen=True, slots=True)
class Held:
    """`size` in bytes. `lost` are named by a record and not there; `changed` are not what they
    were when they were added."""

    files: int = 0
    size: int = 0
    lost: tuple[Kept, ...] = ()
    changed: tuple[Kept, ...] = ()

    @property
    def is_whole(self) -> bool:
        return not self.lost and not self.changed


# --- for a data folder ---------------------------------------------------------------------


def keep_there(folder: Path, kept: Kept, content: bytes) -> None:
    """For every console of this folder’s store; committed when it returns. Raises StoreTrouble."""
    with _reached(folder) as engine, engine.begin() as link:
        put_content(link, kept, content)


def fetched(folder: Path, kept: Kept) -> bytes | None:
    """Proven to be what was added; None when the database has no such file. Raises StoreTrouble,
    also when it was changed there."""
    try:
        with _reached(folder) as engine, engine.connect() as link:
            return content_in(link, kept)
    except StoreTrouble as trouble:
        if trouble.about.get("trouble") != "away":
            raise
        raise StoreTrouble(
            f"{kept.name} is not on this laptop yet, and the database server does not answer. It "
            "is safe there: open it again once the server is back.",
            **trouble.about,
        ) from trouble


def share(folder: Path, work: Work = UNWATCHED) -> Copied:
    """What lies in this folder and not in the database goes there, for the other consoles: it was
    added before contents were kept there, or while the server was away. Raises StoreTrouble,
    Stopped."""
    here = files_of(folder / FOLDER)
    if not here:
        return Copied()
    added, refused = 0, []
    with _reached(folder) as engine:
        with engine.connect() as link:
            there = kept_in(link)
        for name in sorted(here.keys() - there.keys()):
            work.at(added, len(here))
            with engine.begin() as link:
                if trouble := _put_file(link, folder, here[name]):
                    refused.append(trouble)
                else:
                    added += 1
    return Copied(added, tuple(refused))


def bring_from(folder: Path, target: Path, work: Work = UNWATCHED) -> Copied:
    """All that the database has, into a folder of evidence. What cannot be brought is told, and
    the others are. Raises StoreTrouble, Stopped."""
    with _reached(folder) as engine, engine.connect() as link:
        return take_out(link, target, work)


@contextmanager
def _reached(folder: Path) -> Iterator[Engine]:
    place = place_of(folder)
    engine = served_engine(place)
    try:
        yield engine
    except DatabaseError as error:
        raise words_of(error, place.url) from error
    finally:
        engine.dispose()


# --- on a connection -----------------------------------------------------------------------


def put_content(link: Connection, kept: Kept, content: bytes) -> None:
    """Does nothing when it is there already; of two consoles that add the same one is first."""
    if _digest_in(link, kept) == kept.digest:
        return
    link.execute(delete(PIECES).where(PIECES.c.file == kept.file_name))
    for number, start in enumerate(range(0, len(content), PIECE)):
        piece = content[start : start + PIECE]
        row = {"file": kept.file_name, "number": number, "content": piece}
        link.execute(insert(PIECES).values(row).on_conflict_do_nothing())


def carry_in(link: Connection, folder: Path, work: Work = UNWATCHED) -> Copied:
    """All evidence of a data folder and all that its records name, in the caller’s transaction,
    from the copies where the folder has it no more; what is nowhere is told. Raises Stopped."""
    try:
        here = files_of(folder / FOLDER)
    except OSError as error:
        return Copied(refused=(f"{error.filename} ({why(error)})",))
    wanted = dict.fromkeys((*here.values(), *_named_in(link)))
    refused = []
    for done, kept in enumerate(wanted):
        work.at(done, len(wanted))
        if trouble := _put_file(link, folder, kept):
            refused.append(trouble)
    return Copied(len(wanted) - len(refused), tuple(refused))


def take_out(link: Connection, target: Path, work: Work = UNWATCHED) -> Copied:
    """All evidence that the database has, into a folder. Raises Stopped."""
    there = kept_in(link)
    added, refused = 0, []
    for done, (name, kept) in enumerate(there.items()):
        work.at(done, len(there))
        if is_right(target / name, kept):
            continue
        try:
            content = content_in(link, kept)
            if content is not None:
                put(target / name, content, work)
                added += 1
        except OSError as error:
            refused.append(f"{kept.name} ({why(error)})")
        except StoreTrouble:
            refused.append(f"{kept.name} (it was changed in the database)")
    return Copied(added, tuple(refused))


def kept_in(link: Connection) -> dict[str, Kept]:
    """File name → what it says it is; only names that we write and that no folder misreads."""
    query = select(PIECES.c.file).where(PIECES.c.number == 0).order_by(PIECES.c.file)
    found = ((name, kept_named(name)) for name in link.execute(query).scalars())
    return {name: kept for name, kept in found if kept is not None and _is_plain(name)}


def content_in(link: Connection, kept: Kept) -> bytes | None:
    """None when it is not there. Raises StoreTrouble when it is not what was added."""
    if not _is_plain(kept.file_name):
        return None
    pieces: list[bytes] = []
    query = select(PIECES.c.content).where(PIECES.c.file == kept.file_name)
    while (piece := link.execute(query.where(PIECES.c.number == len(pieces))).scalar()) is not None:
        pieces.append(bytes(piece))
    content = b"".join(pieces)
    if pieces and digest_of(content) != kept.digest:
        raise StoreTrouble(
            f"{kept.name} was changed in the database since it was added: it proves nothing now. "
            f"Look for {kept.file_name} where it was added, or in the server’s backups."
        )
    return content if pieces else None


def held_in(link: Connection, *, prove: bool = False) -> Held:
    """With `prove` each is read by the server, a second for 200 MB."""
    there = kept_in(link)
    size = link.execute(select(func.sum(func.octet_length(PIECES.c.content)))).scalar()
    lost = tuple(kept for kept in _named_in(link) if kept.file_name not in there)
    proven = there.values() if prove else ()
    changed = tuple(kept for kept in proven if _digest_in(link, kept) != kept.digest)
    return Held(len(there), int(size or 0), lost, changed)


def _named_in(link: Connection) -> Iterable[Kept]:
    """By a change record, a photo from a phone or a notice; each once."""
    texts: list[str] = []
    for column in (col(ChangeRecord.evidence), col(CrewTap.note)):
        texts += link.execute(select(column).where(column.like("%file: %"))).scalars()
    found = [kept for text in texts for kept in files_in(text)]
    note = col(Notice.note)
    for typed in link.execute(select(note).where(note.like('%"files":%'))).scalars():
        names = (str(token).rpartition("|")[0] for token in json.loads(typed).get("files", ()))
        found += [kept for name in names if (kept := kept_named(name)) is not None]
    return dict.fromkeys(found)


def _put_file(link: Connection, folder: Path, kept: Kept) -> str:
    """Why it was not taken; empty when it was."""
    from app.services.changes_evidence import copy_of  # which asks here for what it lacks

    path = folder / FOLDER / kept.file_name
    try:
        content = path.read_bytes()
        if digest_of(content) != kept.digest:
            raise OSError(0, "it was changed since it was added")
    except OSError as error:
        if (copy := copy_of(folder, kept)) is None:
            return f"{kept.name} ({why(error)})"
        content = copy.read_bytes()
    put_content(link, kept, content)
    return ""


def _digest_in(link: Connection, kept: Kept) -> str:
    """As the server finds it; empty when it is not there."""
    found = link.exec_driver_sql(_WHOLE_HASH, (kept.file_name,)).scalar()
    return str(found or "")[: len(kept.digest)]


def _is_plain(name: str) -> bool:
    return Path(name).name == name and "\\" not in name


def shared_words(folder: Path) -> str:
    """A sentence when not all of this folder could be shared; empty when it was."""
    try:
        copied = share(folder)
    except ConsoleError as trouble:
        return f"Evidence of this laptop was not brought to the server. {trouble.sentence}"
    except OSError as error:
        return f"Evidence of this laptop cannot be read ({why(error)}), so others lack it."
    return copied.sentence
