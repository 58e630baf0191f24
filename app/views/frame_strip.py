"""The line over the header that stays while something unusual is so."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.views.theme import px
from app.views.widgets.labels import ElidedLabel
from app.views.widgets.panels import button
from app.views.widgets.tone import Tone, set_part, set_tone


class Strip(QFrame):
    """Words and at most one act (“You are looking at the sample hospital” · Leave it…)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_part(self, "strip", Tone.PLAIN)
        self._act: Callable[[], object] = lambda: None
        self.words = ElidedLabel("", "strip-words")
        self.action = button("", lambda: self._act())
        line = QHBoxLayout(self)
        line.setContentsMargins(px(22), px(2), px(22), px(2))
        line.setSpacing(px(14))
        self.words.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addStretch(1)
        line.addWidget(self.words)
        line.addWidget(self.action)
        line.addStretch(1)
        self.hide()

    def show_as(
        self,
        words: str,
        action: tuple[str, Callable[[], object]] | None = None,
        tone: Tone = Tone.PLAIN,
    ) -> None:
        """Without words it goes away. A plain one is quiet; a toned one is seen across a room."""
        set_tone(self, tone)
        set_tone(self.words, tone)
        self.words.setText(words)
        self.setAccessibleName(words)
        self.action.setVisible(action is not None)
        if action is not None:
            said, self._act = action
            self.action.setText(said)
            self.action.setAccessibleName(said)
        self.setVisible(bool(words))
