"""Keep the second folder as the store is: a base copy, and a journal of what was logged since.

It reads on a connection of its own and never holds a lock that a use case would wait for. One turn
after another, on a thread of its own or at the end of a command; what a turn could not write, a
later one does.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from app.models.errors import NotAllowed, StoreTrouble
from app.models.settings_journal import (
    Heads,
    Journal,
    Logged,
    Writer,
    entry_line,
    first_line,
    mark_line,
    settings_line,
)
from app.services.changes_evidence_copies import FOLDER as EVIDENCE
from app.services.changes_evidence_copies import Copied, beside, copy_evidence, files_of
from app.services.folder import FILE_NAME
from app.services.folder_lock import LockHeld, locked
from app.services.schema import HEAD
from app.services.settings.backups import copy_verified, open_to_read
from app.services.settings.handed import handed
from app.services.settings.second_folder import (
    Copy,
    Place,
    copies_in,
    epochs_claimed,
    handed_file,
    keep_place,
    place_of,
    read_file,
    taken_file,
)
from app.services.working import Stopped, Work

LOCK = "second-folder.lock"
MARK_S = 30.0
"""So often the journal says that nothing else happened."""
LONG = 16 * 1024 * 1024
"""Bytes. A journal longer than this is begun anew, with a new base copy, at the next start."""
AT_ONCE = 500
_TAKEN = "Taken over by another console."
CATCH_UP_S = 1.0


class SecondState(StrEnum):
    NONE = "none"
    CURRENT = "current"
    BEHIND = "behind"
    TAKEN = "taken"


@dataclass(frozen=True, slots=True)
class SecondReport:
    """How a turn went. `upto`: until when everything acknowledged is there."""

    state: SecondState
    why: str = ""
    upto: datetime | None = None


NOTHING = SecondReport(SecondState.NONE)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What evidence was here when it was last copied, and how that went."""

    names: frozenset[str] = frozenset()
    at: float = float("-inf")
    copied: Copied = field(default_factory=Copied)


class SecondFolder:
    """Writes for one data folder. `wall` is the machine's own time, in which others read it."""

    def __init__(
        self,
        data: Path,
        who: str = "",
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        pace: Callable[[], float] = time.monotonic,
    ) -> None:
        self._data, self._who = data, who
        self._wall, self._pace = wall, pace
        self._place: Place | None = None
        self._copy: Copy | None = None
        self._size = 0
        self._heads: Heads = {}
        self._settings: dict[str, str] = {}
        self._marked = float("-inf")
        self._evidence = _Looked()
        self._upto: datetime | None = None
        self._lost_to = 0

    @property
    def upto(self) -> datetime | None:
        return self._upto

    def turn(self, work: Work | None = None) -> SecondReport:
        """Everything that was acknowledged before it began is there when it returns CURRENT.
        Another process that writes there meanwhile does it instead."""
        try:
            place = place_of(self._data)
            self._lost_to = place.lost_to
            if place.folder is None:
                return NOTHING
            with locked(self._data / LOCK):
                return self._turn(place, work or Work())
        except Stopped:
            return self._behind("The console was closed before everything was there.")
        except LockHeld:
            return SecondReport(SecondState.CURRENT, "Another command is writing there.")
        except (OSError, sqlite3.Error) as error:
            return self._behind(_said(error))
        except (StoreTrouble, NotAllowed) as trouble:
            return self._behind(trouble.sentence)

    def _behind(self, why: str) -> SecondReport:
        """Who was taken over from stays so, whether the folder is there or not."""
        self._copy = None  # what lies there is looked at again before more is written
        if self._lost_to:
            return SecondReport(SecondState.TAKEN, f"{_TAKEN} {why}", self._upto)
        return SecondReport(SecondState.BEHIND, why, self._upto)

    def _turn(self, place: Place, work: Work) -> SecondReport:
        if not place.copies.is_dir():
            if place.folder is None or not place.folder.is_dir():
                raise FileNotFoundError(2, "it is not there", str(place.folder))
            place.copies.mkdir(mode=0o700, exist_ok=True)
        if place != self._place:
            self._place, self._copy = place, None
        if self._copy is None or self._is_gone(self._copy):
            refusal = self._begin(place, work)
            if refusal:
                return self._behind(refusal)
        copied = self._copy_evidence(work)
        self._catch_up()
        _mark_handed(self._data, place)
        epochs = (*epochs_claimed(place.copies), *_epochs(place.copies), place.lost_to)
        if (newer := max(epochs)) > place.epoch:
            if place.lost_to != newer:
                self._place = keep_place(self._data, replace(place, lost_to=newer))
            return SecondReport(SecondState.TAKEN, _taken_by(place.copies, newer), self._upto)
        if copied.refused:
            return SecondReport(SecondState.BEHIND, copied.sentence, self._upto)
        return SecondReport(SecondState.CURRENT, "", self._upto)

    def _is_gone(self, copy: Copy) -> bool:
        try:
            return copy.journal.stat().st_size < self._size or not copy.base.is_file()
        except FileNotFoundError:
            return True

    # --- beginning -------------------------------------------------------------------------

    def _begin(self, place: Place, work: Work) -> str:
        """Go on with the journal that lies there, or begin one; a sentence when it is another's."""
        self._settings, self._marked, self._evidence = {}, float("-inf"), _Looked()
        mine = [copy for copy in copies_in(place.copies) if copy.epoch == place.epoch]
        for copy in mine:
            journal = read_file(copy.journal)
            if journal.writer is not None and journal.writer.console != place.console:
                return (
                    f"{place.folder} holds the copy of another console ({journal.writer.host}, "
                    f"{journal.writer.organisation}). Choose another folder, or take it over."
                )
            if self._follows(copy, journal):
                self._copy, self._size, self._heads = copy, journal.size, dict(journal.heads)
                self._settings, self._upto = journal.settings or {}, journal.upto
                if journal.size < LONG:
                    return ""
                break
        self._make_base(place, mine[0].generation + 1 if mine else 1, work)
        return ""

    def _follows(self, copy: Copy, journal: Journal) -> bool:
        """Whether this store is what the journal leads to, and can go on from there."""
        if journal.writer is None or journal.broken or journal.writer.revision != HEAD:
            return False
        if not copy.base.is_file():
            return False
        with closing(self._store()) as link:
            return all(_has(link, key, head) for key, head in journal.heads.items())

    def _make_base(self, place: Place, generation: int, work: Work) -> None:
        """The journal before goes on until the new base is whole, and only then they go."""
        copy = Copy(place.epoch, generation, place.copies)
        copy_verified(self._data / FILE_NAME, copy.base, self._with_the_journal(work))
        with closing(open_to_read(copy.base)) as link:
            heads, name = _heads(link), _organisation(link)
        writer = Writer(place.epoch, place.console, socket.gethostname(), self._who, name, HEAD)
        begun = first_line(writer, heads, self._wall())
        part = copy.journal.with_suffix(".part")
        _write(part, begun, 0)
        part.replace(copy.journal)
        self._copy, self._size, self._heads, self._settings = copy, len(begun), heads, {}
        for old in copies_in(place.copies):
            if old.epoch == place.epoch and old < copy:
                for path in (old.journal, old.base):
                    with suppress(OSError):
                        path.unlink(missing_ok=True)

    # --- going on --------------------------------------------------------------------------

    def _with_the_journal(self, work: Work) -> Work:
        """Of a long copy: the journal goes on meanwhile."""
        before, looked = self._copy, self._pace()

        def told(_done: int, _total: int) -> None:
            nonlocal looked
            if before is not None and self._pace() - looked > CATCH_UP_S:
                self._catch_up()
                looked = self._pace()

        return Work(told, work.stop)

    def _copy_evidence(self, work: Work) -> Copied:
        """Before the lines that name it. What is there is looked at now and then only: it is a
        share."""
        assert self._copy is not None
        here = frozenset(files_of(self._data / EVIDENCE))
        seen = self._evidence
        if here == seen.names and self._pace() - seen.at < MARK_S:
            return seen.copied
        copied = copy_evidence(
            self._data / EVIDENCE, beside(self._copy.base), self._with_the_journal(work)
        )
        self._evidence = _Looked(here, self._pace(), copied)
        return copied

    def _catch_up(self) -> None:
        """All that is in the store now, with a mark behind it."""
        assert self._copy is not None
        at, heads, lines = self._wall(), dict(self._heads), bytearray()
        with closing(self._store()) as link:
            link.execute("BEGIN")  # one state of the store, whatever is committed meanwhile
            while _new_entries(link, heads, lines):
                _write(self._copy.journal, bytes(lines), self._size)
                self._size += len(lines)
                lines.clear()
            settings = _settings(link)
        if settings != self._settings:
            lines += settings_line(settings)
        changed = lines or heads != self._heads
        if changed or self._pace() - self._marked >= MARK_S:
            lines += mark_line(at)
            _write(self._copy.journal, bytes(lines), self._size)
            self._size += len(lines)
            self._heads, self._settings = heads, settings
            self._marked = self._pace()
        self._upto = at

    def _store(self) -> sqlite3.Connection:
        path = self._data / FILE_NAME
        return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True, timeout=5.0)


def _mark_handed(data: Path, place: Place) -> None:
    """Whoever would take over here learns that the store went elsewhere, until it is taken back."""
    found, mark = handed(data), handed_file(place.copies, place.epoch)
    gone = found is not None and found.done
    if gone == mark.exists():
        return
    if found is None or not gone:
        mark.unlink(missing_ok=True)
        return
    part = mark.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(found.sentence, encoding="utf-8")
    part.replace(mark)


def _write(path: Path, lines: bytes, at: int) -> None:
    """Behind the last whole line, on the medium when it returns. What a torn write left is cut."""
    path.touch(mode=0o600)
    with path.open("rb+") as file:
        file.truncate(at)
        file.seek(at)
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())


def _new_entries(link: sqlite3.Connection, heads: Heads, lines: bytearray) -> bool:
    """Adds lines for entries behind `heads`, and moves those on; whether there are more."""
    for (organisation_id,) in link.execute("SELECT organisation_id FROM chain_head").fetchall():
        rows = link.execute(
            "SELECT id, number, text, previous_hash, hash FROM log_entry"
            " WHERE organisation_id = ? AND number > ? ORDER BY number LIMIT ?",
            (organisation_id, heads.get(organisation_id, (0, ""))[0], AT_ONCE),
        ).fetchall()
        for row_id, number, text, previous, digest in rows:
            lines += entry_line(Logged(row_id, organisation_id, number, text, previous, digest))
            heads[organisation_id] = (number, digest)
        if len(rows) == AT_ONCE:
            return True
    return False


def _heads(link: sqlite3.Connection) -> Heads:
    rows = link.execute("SELECT organisation_id, number, hash FROM chain_head")
    return {row[0]: (row[1], row[2]) for row in rows}


def _settings(link: sqlite3.Connection) -> dict[str, str]:
    return dict(link.execute("SELECT name, value FROM setting ORDER BY name").fetchall())


def _organisation(link: sqlite3.Connection) -> str:
    row = link.execute(
        "SELECT name FROM organisation WHERE archived_at IS NULL ORDER BY id DESC LIMIT 1"
    ).fetchone()
    return str(row[0]) if row else ""


def _has(link: sqlite3.Connection, organisation_id: str, head: tuple[int, str]) -> bool:
    if head == (0, ""):
        return True
    row = link.execute(
        "SELECT hash FROM log_entry WHERE organisation_id = ? AND number = ?",
        (organisation_id, head[0]),
    ).fetchone()
    return row is not None and row[0] == head[1]


def _epochs(folder: Path) -> list[int]:
    return [copy.epoch for copy in copies_in(folder)]


def _taken_by(folder: Path, epoch: int) -> str:
    try:
        said = taken_file(folder, epoch).read_text(encoding="utf-8").strip()
    except OSError:
        said = "another console"
    return f"Taken over by {said}. What is recorded here is listed there, and never merged."


def _said(error: Exception) -> str:
    said = getattr(error, "strerror", None) or str(error)
    return f"The second folder cannot be written ({said}). It catches up when it can."
