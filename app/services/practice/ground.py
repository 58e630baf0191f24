"""What the rooms of the practice tenant stand on: time, names, switches, and the state file."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from uuid import UUID

from app.services.practice.state import Json, StateFile
from app.services.practice.switches import Switches


def stamp(moment: datetime) -> str:
    """A DateTimeOffset: whole seconds, Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def moment(text: str) -> datetime:
    """An ISO time with offset, Z or neither (UTC); up to seven digits. Raises ValueError."""
    plain = text.strip()
    if "." in plain:
        head, _, tail = plain.partition(".")
        digits = next((at for at, each in enumerate(tail) if not each.isdigit()), len(tail))
        plain = f"{head}.{tail[:digits][:6].ljust(6, '0')}{tail[digits:]}"
    there = datetime.fromisoformat(plain)
    return there.replace(tzinfo=UTC) if there.tzinfo is None else there.astimezone(UTC)


class Ground:
    """Names are made from the seed and a counter that is kept, so the same seed gives the same
    names and a tenant that is opened again never gives one twice."""

    def __init__(self, clock: Callable[[], datetime], seed: int, path: Path | None) -> None:
        self.clock = clock
        self.switches = Switches()
        self.pages = ""
        """Where browsers find the practice tenant's pages, when not where Graph is."""
        self._state = StateFile(path) if path is not None else None
        kept = dict(self.load("ground"))
        self.seed = int(kept.get("seed", {}).get("value", seed))
        self._serial = int(kept.get("serial", {}).get("value", 0))
        self._written = self._serial
        if self._state is not None:
            self._state.put("ground", "seed", {"value": self.seed})

    def now(self) -> datetime:
        return self.clock().astimezone(UTC)

    def serial(self) -> int:
        self._serial += 1
        return self._serial

    def guid(self, *about: str) -> str:
        """The same for the same words; without any a new one."""
        return str(UUID(bytes=self._digest(16, about or (str(self.serial()),)), version=4))

    def outlook_id(self, *, immutable: bool = False) -> str:
        """An id as Outlook makes them: long, and case matters."""
        digest = self._digest(60, ("id", str(self.serial())))
        return ("AAkALg" if immutable else "AAMkAD") + urlsafe_b64encode(digest).decode() + "AAA="

    def change_key(self, number: int) -> str:
        return urlsafe_b64encode(self._digest(15, ("change", str(number)))).decode()

    def _digest(self, size: int, about: tuple[str, ...]) -> bytes:
        text = "\n".join((str(self.seed), *about)).encode()
        return blake2b(text, digest_size=size).digest()

    def load(self, kind: str) -> Iterator[tuple[str, Json]]:
        if self._state is not None:
            yield from self._state.load(kind)

    def put(self, kind: str, key: str, body: Callable[[], Json]) -> None:
        """`body` is only asked for when there is a file."""
        if self._state is not None:
            self._state.put(kind, key, body())

    def drop(self, kind: str, key: str) -> None:
        if self._state is not None:
            self._state.drop(kind, key)

    def commit(self) -> None:
        if self._state is None:
            return
        if self._serial != self._written:
            self._state.put("ground", "serial", {"value": self._serial})
            self._written = self._serial
        self._state.commit()

    def close(self) -> None:
        self.commit()
        if self._state is not None:
            self._state.close()
            self._state = None
