"""The lines of a timeline by name: a stroke in the line's colour, the moment in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.views.theme import Token, color, px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import Words


class Legend(QWidget):
    """Read out by its words; what is the same stays, so that nothing flickers with the clock."""

    def __init__(self) -> None:
        super().__init__()
        self._flow = FlowLayout(self, gap=16)
        self._parts: list[_Named] = []

    def show_moments(self, moments: Sequence[tuple[Token | None, str]]) -> None:
        """In the order of time; None for a moment that has no line."""
        while len(self._parts) < len(moments):
            made = _Named()
            self._parts.append(made)
            self._flow.addWidget(made)
        for place, part in enumerate(self._parts):
            part.setVisible(place < len(moments))
            if place < len(moments):
                part.show_as(*moments[place])
        self.setAccessibleName(" · ".join(words for _, words in moments))

    def text(self) -> str:
        return " · ".join(part.words.text() for part in self._parts if not part.isHidden())


class _Named(QWidget):
    def __init__(self) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(6))
        self._stroke = _Stroke()
        self.words = Words("", "muted")
        line.addWidget(self._stroke)
        line.addWidget(self.words)

    def show_as(self, token: Token | None, words: str) -> None:
        if words != self.words.text():
            self.words.setText(words)
            self.updateGeometry()
        self._stroke.setVisible(token is not None)
        if token is not None and token is not self._stroke.token:
            self._stroke.token = token
            self._stroke.update()


class _Stroke(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.token = Token.MUTED

    def sizeHint(self) -> QSize:
        return QSize(px(2), px(14))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        high = px(14)
        painter = QPainter(self)
        painter.fillRect(0, (self.height() - high) // 2, px(2), high, color(self.token))
