"""Closing a meeting: five steps, each with what was seen, and no word beyond it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.models.bridge import ClosingStep
from app.models.errors import ConsoleError
from app.models.times import speak_moment, speak_time, to_wall
from app.services.live.rows import BridgeRow
from app.services.ports.meetings import Attendance
from app.views.theme import px
from app.views.widgets.labels import Dot, Words
from app.views.widgets.panels import button
from app.views.widgets.tone import Tone, set_part

_HINTS = {
    ClosingStep.FAREWELL: "All clear; thank you all, this line closes now",
    ClosingStep.LOCK: "Locked by hand in the meeting’s options",
    ClosingStep.END: "Pressed “End meeting”, everybody left",
    ClosingStep.LOOK: "Opened the link: nobody is in the meeting",
}
_ASKS = {
    ClosingStep.FAREWELL: "What was said",
    ClosingStep.LOCK: "How you saw that it is locked",
    ClosingStep.END: "Who ended it, and how that was seen",
    ClosingStep.LOOK: "What you saw",
}
_YES = {
    ClosingStep.FAREWELL: "It is said; lock the lobby",
    ClosingStep.LOCK: "I locked it by hand",
    ClosingStep.END: "It is ended",
    ClosingStep.LOOK: "Close bridge",
}

_LOCKING = "The console is locking it and reads it again; this goes on by itself."


class ClosingDialog(QDialog):
    """Emits `answered(ClosingStep, words)`; `show_bridge` goes on with what is stored, also when
    the lobby was locked meanwhile. It can be left at any step."""

    answered = Signal(object, str)

    def __init__(self, parent: QWidget, bridge: BridgeRow, zone: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle("Close bridge")
        self._zone = zone
        self._bridge = bridge
        self._read: Callable[[], object] | None = None
        self._built: object = None
        self._due: ClosingStep | None = None
        box = QVBoxLayout(self)
        box.setSizeConstraint(QVBoxLayout.SizeConstraint.SetMinimumSize)
        box.addStrut(px(540))
        box.setContentsMargins(px(22), px(18), px(22), px(18))
        box.setSpacing(px(12))
        box.addWidget(Words("Close bridge", "title"))
        box.addWidget(
            Words(
                "No service ends a running meeting for everybody. So each step is answered for "
                "itself, and together they are the proof.",
                wrap=True,
            )
        )
        self._rows = {each: _Step(number, each) for number, each in enumerate(ClosingStep, 1)}
        for row in self._rows.values():
            box.addWidget(row)
        self.editor = QLineEdit()
        self._asked = Words("", "muted")
        box.addWidget(self._asked)
        box.addWidget(self.editor)
        self._refusal = Words("", "error", wrap=True)
        self._refusal.hide()
        box.addWidget(self._refusal)
        line = QHBoxLayout()
        line.setSpacing(px(8))
        self.report = button("Read the attendance report", self._on_read)
        self.report.hide()
        line.addWidget(self.report)
        line.addStretch(1)
        line.addWidget(button("Later", self.reject))
        self.yes = button("", self._answer, tone="primary")
        line.addWidget(self.yes)
        box.addLayout(line)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._answer)
        self.show_bridge(bridge)

    def show_bridge(self, bridge: BridgeRow) -> None:
        self._bridge = bridge
        trouble = bridge.joining.lock_trouble if bridge.joining is not None else ""
        if (bridge.closing, trouble) == self._built:
            return
        self._built = (bridge.closing, trouble)
        self._refusal.hide()
        self.yes.setEnabled(True)
        step = bridge.closing.next
        for each, row in self._rows.items():
            row.show_step(bridge, self._zone, is_due=each is step)
        if step is None:
            return
        self._asked.setText(_ASKS[step])
        self.editor.setAccessibleName(_ASKS[step])
        self.editor.setPlaceholderText(_HINTS[step])
        if step is not self._due:
            self._due = step
            self.editor.clear()
            self.editor.setFocus()
        self.yes.setText(f"{_YES[step]}  Ctrl+⏎")
        self.yes.setAccessibleName(_YES[step])
        self.report.setVisible(step is ClosingStep.LOOK and self._read is not None)
        self._fit()

    def refuse(self, sentence: str) -> None:
        self._refusal.setText(sentence)
        self._refusal.show()
        self.yes.setEnabled(True)
        self._fit()

    def _fit(self) -> None:
        layout = self.layout()
        if layout is not None:
            layout.activate()
        self.adjustSize()

    def offer_report(self, attend: Callable[..., object]) -> None:
        """`attend(meeting id, then, failed)` answers later."""
        joining = self._bridge.joining
        if joining is None or not joining.meeting_id:
            return
        meeting_id = joining.meeting_id
        self._read = lambda: attend(meeting_id, self._on_report, self._on_no_report)
        self.report.setVisible(self._bridge.closing.next is ClosingStep.LOOK)

    def _on_read(self) -> None:
        if self._read is not None:
            self.report.setEnabled(False)
            self._read()

    def _on_report(self, found: Attendance | None) -> None:
        self.report.setEnabled(True)
        if found is None:
            self.refuse("There is no report yet: it comes some minutes after the meeting ended.")
            return
        self._refusal.hide()
        begun = speak_time(to_wall(found.started_at, self._zone))
        ended = speak_moment(found.ended_at, self._zone)
        people = "1 person" if found.people == 1 else f"{found.people} people"
        self.editor.setText(f"Attendance report: {people}, {begun} until {ended}")
        self.editor.setFocus()

    def _on_no_report(self, error: ConsoleError) -> None:
        self.report.setEnabled(True)
        self.refuse(error.sentence)

    def _answer(self) -> None:
        step = self._bridge.closing.next
        if step is None or not self.yes.isEnabled():
            return
        said = self.editor.text().strip()
        if not said:
            self.refuse("Say it in a few words; it is kept as proof.")
            self.editor.setFocus()
            return
        self.yes.setEnabled(False)
        self.answered.emit(step, said)


class _Step(QWidget):
    """One step: what was answered, or, while it is due, what is to be done."""

    def __init__(self, number: int, step: ClosingStep) -> None:
        super().__init__()
        self._step = step
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(10))
        self._dot = Dot()
        mark = QVBoxLayout()
        mark.setContentsMargins(0, px(4), 0, 0)
        mark.addWidget(self._dot)
        mark.addStretch(1)
        line.addLayout(mark)
        words = QVBoxLayout()
        words.setSpacing(px(2))
        self._title = Words(f"{number}. {step.words}")
        self._sub = Words("", "sub", wrap=True)
        self._waits = Words("", wrap=True)
        for each in (self._title, self._sub, self._waits):
            words.addWidget(each)
        line.addLayout(words, 1)

    def show_step(self, bridge: BridgeRow, zone: str, *, is_due: bool) -> None:
        given = bridge.closing.answered(self._step)
        self._dot.show_as("", Tone.OK if given else Tone.ACCENT if is_due else Tone.PLAIN)
        set_part(self._title, "" if given or is_due else "muted")
        said = self._step.how if is_due else ""
        if given is not None:
            said = f"{given.answer} · {given.by}, {speak_moment(given.at, zone)}"
        self._sub.setText(said)
        self._sub.setVisible(bool(said))
        locks = is_due and self._step is ClosingStep.LOCK
        trouble = bridge.joining.lock_trouble if bridge.joining is not None else ""
        set_part(self._waits, "", Tone.BAD if trouble else Tone.INFO)
        self._waits.setText(trouble or _LOCKING)
        self._waits.setVisible(locks)
        self.setAccessibleName(f"{self._title.text()}: {said or 'to come'}")
