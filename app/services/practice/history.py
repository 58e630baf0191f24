"""What changed and what is gone, by place (a mail folder, a calendar) of one mailbox."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from app.services.practice.changes import ChangeLog
from app.services.practice.ground import Ground
from app.services.practice.state import Json

_GONE = "-"


class History:
    """One count of changes for all places. A tomb says what a delta query must still tell of
    something that left a place. `generation` goes up when all tokens given so far are void."""

    def __init__(self, ground: Ground, kind: str, oid: str) -> None:
        self._ground = ground
        self._kind = f"{kind}-tomb"
        self._oid = oid
        self.number = 0
        self.generation = 1
        self.logs: dict[str, ChangeLog] = defaultdict(ChangeLog)
        self._tombs: dict[tuple[str, str], Json] = {}

    def changed(self, place: str, key: str, name: str) -> int:
        """The number of this change; if what was called `name` had gone, it is there again."""
        self.number += 1
        self.logs[place].note(key, self.number)
        gone = f"{_GONE}{name}"
        if self._tombs.pop((place, gone), None) is not None:
            self.logs[place].forget(gone)
            self._ground.drop(self._kind, self._name(place, gone))
        return self.number

    def removed(self, place: str, key: str, told: Json) -> None:
        """`told` is what the tomb says beside place and key; its `id` is what clients called it.
        What comes back under another name is something else to them, so the tomb stays."""
        self.number += 1
        self.logs[place].forget(key)
        key = f"{_GONE}{told['id']}"
        tomb = {**told, "place": place, "key": key, "number": self.number}
        self.logs[place].note(key, self.number)
        self._tombs[place, key] = tomb
        self._ground.put(self._kind, self._name(place, key), lambda: tomb)

    def tomb(self, place: str, key: str) -> Json | None:
        return self._tombs.get((place, key))

    def take_kept(self, tomb: Json) -> None:
        self._tombs[tomb["place"], tomb["key"]] = tomb

    def ready(self, there: Iterable[tuple[int, str, str]]) -> None:
        """Put in order what is there (number, place, key) and the kept tombs."""
        gone = ((each["number"], each["place"], each["key"]) for each in self._tombs.values())
        for number, place, key in sorted([*there, *gone]):
            self.number = number
            self.logs[place].note(key, number)

    def _name(self, place: str, key: str) -> str:
        return f"{self._oid}/{place}/{key}"
