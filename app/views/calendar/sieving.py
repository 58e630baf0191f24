"""Narrowing the calendar to services, and to outages that stand so: asks which, and keeps it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.models.calendar.sieve import ALL, Sieve, Stand
from app.services.directory.reading import ServiceRow, services
from app.views.calendar.ways import WaysBar
from app.views.ops import Ops
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet, chosen_of


class Sieving(QObject):
    """`changed` once the calendar is narrowed to something else; the line above it says to what."""

    changed = Signal()

    def __init__(self, ops: Ops, ways: WaysBar, over: QWidget) -> None:
        super().__init__(over)
        self._ops = ops
        self._ways = ways
        self._over = over
        self._sieve = ALL
        ways.filterRequested.connect(self.ask)
        ways.filterCleared.connect(self.clear)

    @property
    def sieve(self) -> Sieve:
        return self._sieve

    def clear(self) -> None:
        self.narrow(ALL)

    def narrow(self, sieve: Sieve) -> None:
        if sieve != self._sieve:
            self._sieve = sieve
            self._ways.show_filter(sieve.words)
            self.changed.emit()

    def ask(self) -> None:
        self._ops.read(services, then=self._open, owner=self)

    def _open(self, known: Sequence[ServiceRow]) -> None:
        names = {row.id: row.name for row in known}
        sheet = Sheet(
            self._over,
            "Filter the calendar",
            "Only outages of a service that is ticked are shown, in the states ticked; without a "
            "tick in any.",
            (
                Ask(
                    "services",
                    "Services",
                    Kind.MANY,
                    value="\n".join(i for i, _ in self._sieve.services),
                    choices=(("", "all services"), *names.items()),
                ),
                *(_tick(stand, stand in self._sieve.stands) for stand in Stand),
            ),
            "Show these",
        )

        def answered(answers: Answers) -> None:
            sheet.accept()
            ticked = frozenset(chosen_of(answers["services"]))
            named = tuple((i, name) for i, name in names.items() if i in ticked)
            stands = frozenset(stand for stand in Stand if answers[stand.value])
            self.narrow(Sieve(named, stands))

        sheet.answered.connect(answered)
        sheet.open()


def _tick(stand: Stand, on: bool) -> Ask:
    words = stand.words
    label = f"{words[:1].upper()}{words[1:]}"
    return Ask(stand.value, label, Kind.TICK, value="yes" if on else "")
