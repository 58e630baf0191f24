"""What a rehearsal or a flight taught: each lesson is ticked to be carried back to the runbook, or
left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.models.errors import ConsoleError
from app.models.live.learnt import NOTHING, Lesson
from app.services.live.rehearsing import Learnt
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.panels import button

MANY = 12
"""Lessons that fit the smallest window; more are carried back one after the other."""


class LearntDialog(QDialog):
    """Calls `carry(lessons)` with those ticked, and `away()` when the copy is to go; a flight has
    none."""

    def __init__(
        self,
        parent: QWidget,
        code: str,
        found: Learnt,
        carry: Callable[[Sequence[Lesson]], object],
        away: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        title = f"What the {'rehearsal' if away is not None else 'flight'} of {code} taught"
        self.setWindowTitle(title)
        self._carry, self._away = carry, away
        self._lessons = found.lessons[:MANY]
        box = QVBoxLayout(self)
        box.addStrut(px(480))
        box.setContentsMargins(px(22), px(18), px(22), px(18))
        box.setSpacing(px(10))
        box.addWidget(Words(title, "title", wrap=True))
        box.addWidget(Words(_said(found, len(self._lessons)), wrap=True))
        self.ticks = [QCheckBox(lesson.words.replace("&", "&&")) for lesson in self._lessons]
        for tick, lesson in zip(self.ticks, self._lessons, strict=True):
            tick.setChecked(not lesson.doubt)
            tick.toggled.connect(lambda _on: self._show_act())
            box.addWidget(tick)
        if found.unknown_words:
            box.addWidget(Words(found.unknown_words, "muted", wrap=True))
        self.refusal = Words("", "error", wrap=True)
        self.refusal.hide()
        box.addWidget(self.refusal)
        self.throw = button("Throw the copy away", self._on_throw)
        self.throw.setVisible(away is not None)
        self.later = button("Not now", self.reject)
        words = "Carry back to the runbook"
        self.take = button(f"{words}  Ctrl+⏎", self._on_take, tone="primary", spoken=words)
        self.take.setAutoDefault(False)  # no bare Enter: each line is looked at first
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.take.click)
        line = QHBoxLayout()
        line.addWidget(self.throw)
        line.addStretch(1)
        line.addWidget(self.later)
        line.addWidget(self.take)
        box.addLayout(line)
        self._show_act()
        (self.ticks[0] if self.ticks else self.later).setFocus()

    def refuse(self, refusal: ConsoleError) -> None:
        self.refusal.setText(refusal.sentence)
        self.refusal.show()
        self.take.setEnabled(True)

    @property
    def taken(self) -> tuple[Lesson, ...]:
        pairs = zip(self._lessons, self.ticks, strict=True)
        return tuple(lesson for lesson, tick in pairs if tick.isChecked())

    def _show_act(self) -> None:
        self.take.setVisible(bool(self.ticks))
        self.take.setEnabled(bool(self.taken))

    def _on_throw(self) -> None:
        if self._away is not None:
            self._away()
        self.accept()

    def _on_take(self) -> None:
        self.take.setEnabled(False)
        self._carry(self.taken)


def _said(found: Learnt, shown: int) -> str:
    if not shown:
        return NOTHING
    name = found.flown.name
    says = (
        f"What is ticked goes into the next revision of “{name}”."
        if found.before
        else f"There is no runbook “{name}” yet: what is ticked becomes one."
    )
    more = len(found.lessons) - shown
    return says + (f" {more} more follow after it." if more else "")
