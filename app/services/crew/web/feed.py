"""The board of one outage as revisions: who knows one is told only what changed since."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from app.services.crew.board import PhoneBoard, Plain, looked_on, without_empty

KEPT = 8
"""So many answers are kept of a revision; phones are mostly one or two behind."""
_HEAD, _BRIDGE, _ORDER = "head", "bridge", "order"


class Feed:
    """Its revisions begin at `first`; one from before, or from another process's life, is not
    known, and gets everything."""

    def __init__(self, first: int) -> None:
        self.first = self.revision = first
        self.standing: frozenset[str] = frozenset()
        self._parts: dict[str, tuple[str, int]] = {}
        self._steps: dict[str, tuple[str, int]] = {}
        self._looked_on: dict[str, tuple[str, int]] = {}
        self._values: dict[str, Plain] = {}
        self._made: dict[tuple[int, bool], bytes] = {}

    @property
    def empty(self) -> bool:
        return not self._parts

    def update(self, board: PhoneBoard) -> bool:
        """True: there is a new revision."""
        after = self.revision + 1
        changed = False
        for name, value in (
            (_HEAD, board.head),
            (_BRIDGE, board.bridge),
            (_ORDER, list(board.steps)),
        ):
            changed |= _put(self._parts, name, value, after)
        for gone in self._steps.keys() - board.steps.keys():
            del self._steps[gone]  # the order, which says so, changed with it
            del self._looked_on[gone]
        for step_id, step in board.steps.items():
            changed |= self._put_step(step_id, step, after)
        self._values = board.steps
        self.standing = board.standing
        if changed:
            self._renewed()
        return changed

    def hear(self, step_id: str, news: Plain) -> None:
        """What a tap changed of its step, before the board that follows from it is made; nothing
        when that was made already."""
        known = self._values.get(step_id)
        if known is None or known["v"] >= news["v"]:
            return
        step = self._values[step_id] = without_empty({**known, **news})
        if self._put_step(step_id, step, self.revision + 1):
            self._renewed()

    def _put_step(self, step_id: str, step: Plain, after: int) -> bool:
        changed = _put(self._steps, step_id, step, after)
        if changed:
            _put(self._looked_on, step_id, looked_on(step), after)
        return changed

    def _renewed(self) -> None:
        self.revision += 1
        self._made.clear()

    def since(self, revision: int, *, crew: bool) -> bytes:
        """JSON without its opening brace and the time (see `stamped`)."""
        if not self.first <= revision <= self.revision:
            revision = 0
        key = (revision, crew)
        made = self._made.get(key)
        if made is None:
            made = self._since(revision, crew=crew)
            if len(self._made) >= KEPT:
                self._made.clear()
            self._made[key] = made
        return made

    def _since(self, revision: int, *, crew: bool) -> bytes:
        names: Iterable[str] = (_HEAD, _ORDER, *((_BRIDGE,) if crew else ()))
        parts = [f'"rev":{self.revision}', f'"whole":{"false" if revision else "true"}']
        for name in names:
            text, at = self._parts.get(name, ("null", 0))
            if at > revision:
                parts.append(f'"{name}":{text}')
        theirs = self._steps if crew else self._looked_on
        steps = ",".join(
            f'"{step_id}":{text}' for step_id, (text, at) in theirs.items() if at > revision
        )
        parts.append(f'"steps":{{{steps}}}')
        return f"{','.join(parts)}}}".encode()


def stamped(now: float, rest: bytes) -> bytes:
    """With the console's time, in seconds since 1970, by which a phone sets its clock."""
    return b'{"now":%.3f,%s' % (now, rest)


def _put(into: dict[str, tuple[str, int]], name: str, value: Any, after: int) -> bool:
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    if name in into and into[name][0] == text:
        return False
    into[name] = (text, after)
    return True
