"""“Repeats”: a rule in words, and what it gives as it is typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from app.models.errors import ConsoleError
from app.models.times import Window
from app.services.calendar.series_preview import SeriesPreview, preview_series
from app.views.ops import Ops
from app.views.theme import px
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words
from app.views.widgets.working import WorkBar

HINT = "never; or “third Sunday”, “every 2 weeks on Tuesday”, “day 15”, an RRULE"
LOOK_MS = 300
"""After the last key."""


class RepeatField(QWidget):
    """`rule` is empty while the window happens once. `changed` on every edit; `work` shows how far
    the planning of its flights is, and stops it."""

    changed = Signal()

    def __init__(self, ops: Ops, window: Callable[[], Window | None]) -> None:
        """`window` gives the first one as it stands in the form."""
        super().__init__()
        self._ops = ops
        self._window = window
        self._asked = 0
        self.line = QLineEdit()
        self._field = Field("Repeats", self.line, HINT)
        self.leave_out = QCheckBox("Leave out dates in a freeze")
        self.leave_out.setAccessibleName(self.leave_out.text())
        self.leave_out.setChecked(True)
        self.leave_out.toggled.connect(self.changed)
        self._said = Words("", "sub", wrap=True)
        self.work = WorkBar("Planning the series")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(8))
        for part in (self._field, self._said, self.leave_out, self.work):
            box.addWidget(part)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(LOOK_MS)
        self._soon.timeout.connect(self._look)
        self.line.textEdited.connect(self._on_typed)
        self._show("")

    @property
    def rule(self) -> str:
        return self.line.text().strip()

    @property
    def given(self) -> tuple[str, bool]:
        """The rule, and whether dates in a freeze are left out."""
        return self.rule, self.leave_out.isChecked()

    @property
    def said(self) -> str:
        """What the rule gives, as it is shown."""
        return self._said.text()

    def follow(self) -> None:
        """The window changed: what the rule gives is told anew."""
        if self.rule:
            self._soon.start()

    def refuse(self, sentence: str) -> None:
        self._show("")
        self._field.refuse(sentence)

    def _on_typed(self) -> None:
        self._field.accept()
        if not self.rule:
            self._asked += 1
            self._show("")
        self._soon.start()
        self.changed.emit()

    def _look(self) -> None:
        window = self._window()
        if not self.rule or window is None:
            return
        self._asked += 1
        asked = self._asked

        def told(found: SeriesPreview) -> None:
            if asked == self._asked:
                self._field.accept()
                self._show("\n".join(_lines(found)))

        def failed(refusal: ConsoleError) -> None:
            if asked == self._asked:
                self.refuse(refusal.sentence)

        self._ops.read(preview_series, window, self.rule, then=told, failed=failed, owner=self)

    def _show(self, words: str) -> None:
        self._said.setText(words)
        self._said.setVisible(bool(words))
        self.leave_out.setVisible(bool(self.rule))


def _lines(found: SeriesPreview) -> list[str]:
    more = " …" if found.first else ""
    return [found.words, *([f"{', '.join(found.first)}{more}"] * bool(found.first)), *found.notes]
