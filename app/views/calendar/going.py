"""The sheets that say where to go: a day, words that find something, the zone of a second clock."""

from __future__ import annotations

from datetime import date
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.services.calendar.searching import Found, Hits, search
from app.views.calendar.jump import ask_for_a_day, ask_for_a_zone
from app.views.calendar.search import CalendarSearch
from app.views.ops import Ops


class Going(QObject):
    """`dayChosen(day)`, `found(Found)`, `zoneChosen(name)` once they are answered."""

    dayChosen = Signal(object)
    found = Signal(object)
    zoneChosen = Signal(str)

    def __init__(self, ops: Ops, over: QWidget) -> None:
        super().__init__(over)
        self._ops = ops
        self._over = over
        self._words = ""
        self._last: Found | None = None

    def jump(self, day: date) -> None:
        ask_for_a_day(self._over, day, self.dayChosen.emit)

    def search(self) -> None:
        asked = CalendarSearch(self._ops, self._over)
        asked.found.connect(lambda found: self._go(asked.words.text(), found))
        asked.open()

    def again(self, by: int) -> None:
        """To the next of what was found last, or the one before, as the days go; behind the last
        the first."""
        if self._last is None:
            self.search()
        else:
            self._ops.read(search, self._words, then=partial(self._step, by), owner=self)

    def _step(self, by: int, hits: Hits) -> None:
        found = sorted(hits.found, key=lambda each: (each.day, each.entry.title, each.entry.key))
        keys = [each.entry.key for each in found]
        if self._last is None or not found:
            return
        last = self._last.entry.key
        here = keys.index(last) if last in keys else -1
        self._go(self._words, found[(here + by) % len(found)])

    def _go(self, words: str, found: Found) -> None:
        self._words, self._last = words, found
        self.found.emit(found)

    def ask_zone(self, name: str) -> None:
        ask_for_a_zone(self._over, name, self.zoneChosen.emit)
