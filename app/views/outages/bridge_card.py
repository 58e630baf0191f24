"""How the flight is joined: a Teams meeting, or a conference line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.models.errors import ConsoleError
from app.services.bridge.meeting import ask_meeting, use_line
from app.services.bridge.reading import Joining, Making
from app.services.uow import Undo
from app.views.ops import Ops
from app.views.widgets.panels import Card, clear
from app.views.widgets.sheet import Answers, Ask, Sheet
from app.views.widgets.tone import Tone
from app.views.widgets.ways_in import ways_in

_TONES = {
    Making.LINE: Tone.PLAIN,
    Making.ASKED: Tone.INFO,
    Making.MADE: Tone.OK,
    Making.REFUSED: Tone.BAD,
}


class BridgeCard(Card):
    """Hidden while no account is set up; the line then stands among the facts."""

    meetingWanted = Signal()
    lineWanted = Signal()

    def __init__(self) -> None:
        super().__init__("Bridge")
        self.hide()

    def show_joining(self, found: Joining | None) -> None:
        clear(self.body)
        self.setVisible(found is not None)
        if found is None:
            return
        acts: list[tuple[str, Callable[[], object]]] = []
        if found.can_make:
            again = found.making is Making.REFUSED
            acts.append(("Ask again" if again else "Make a Teams meeting", self.meetingWanted.emit))
        if found.can_use_line:
            acts.append(("Use a conference line…", self.lineWanted.emit))
        lines = [(way.label, way.text, way.is_link) for way in found.ways]
        self.body.addWidget(ways_in(lines, found.sentence, _TONES[found.making], acts))


class BridgeActs(QObject):
    def __init__(self, ops: Ops, on_undo: Callable[[Undo], object], parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._ops = ops
        self._on_undo = on_undo

    def make(self, outage_id: str) -> None:
        self._ops.run(ask_meeting, outage_id, owner=self)

    def use_line(self, outage_id: str) -> None:
        sheet = Sheet(
            self._over,
            "A conference line instead",
            "Notices, packet and board name this line from now on.",
            (
                Ask(
                    "line",
                    "Number and code, as they would be read out",
                    needed="Without them nobody can join.",
                ),
            ),
            "Use it",
        )

        def done(inverse: Undo) -> None:
            sheet.accept()
            self._on_undo(inverse)

        def failed(error: ConsoleError) -> None:
            sheet.refuse(error.sentence)

        def answered(answers: Answers) -> None:
            self._ops.run(
                use_line, outage_id, answers["line"], then=done, failed=failed, owner=sheet
            )

        sheet.answered.connect(answered)
        sheet.open()
