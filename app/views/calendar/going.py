"""The sheets that say where to go: a day, words that find something, the zone of a second clock."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

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

    def jump(self, day: date) -> None:
        ask_for_a_day(self._over, day, self.dayChosen.emit)

    def search(self) -> None:
        asked = CalendarSearch(self._ops, self._over)
        asked.found.connect(self.found)
        asked.open()

    def ask_zone(self, name: str) -> None:
        ask_for_a_zone(self._over, name, self.zoneChosen.emit)
