"""A further step in progress, or a blocked one, under the first of the Now card."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from app.views.theme import px
from app.views.widgets.panels import Row, rule
from app.views.widgets.tone import Tone

CROWDED = 420
"""Narrower than this (design pixels) the buttons stand under the words, which say the step."""


class OtherStep(QWidget):
    def __init__(self, title: str, sub: str, tone: Tone, acts: QWidget) -> None:
        super().__init__()
        self.row = Row(title, sub, tone, wraps=True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(rule())
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(px(6))
        self._line.addWidget(self.row, 1)
        self._line.addWidget(acts, 0)
        outer.addLayout(self._line)

    def say(self, sub: str) -> None:
        """What time has made of it."""
        self.row.say(sub)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        crowded = self.width() < px(CROWDED)
        ways = QBoxLayout.Direction
        way = ways.TopToBottom if crowded else ways.LeftToRight
        if self._line.direction() != way:
            self._line.setDirection(way)
            self._line.setContentsMargins(0, 0, 0, px(8) if crowded else 0)
            self.updateGeometry()
