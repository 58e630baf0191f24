"""Tabs of which none is cut off: short of room they come closer and say no counts, then their
words are elided."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QTabBar

from app.views.theme import px
from app.views.widgets.tone import restyle

APART = 24
"""What the style sheet puts around the words of a tab, in design pixels."""


class Tabs(QTabBar):
    def __init__(self, name: str) -> None:
        super().__init__()
        self._counts: dict[int, tuple[str, str]] = {}
        self.setAccessibleName(name)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setElideMode(Qt.TextElideMode.ElideRight)

    def show_count(self, number: int, words: str, count: str) -> None:
        """`People 56`; without the count where there is no room for all."""
        self._counts[number] = (words, f"{words} {count}")
        self._come_closer()

    def minimumSizeHint(self) -> QSize:
        """Never more than there is: around it nothing has to scroll sideways."""
        return QSize(px(180), super().minimumSizeHint().height())

    def tabLayoutChange(self) -> None:
        super().tabLayoutChange()
        self._come_closer()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._come_closer()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self._come_closer()

    def _come_closer(self) -> None:
        metrics = QFontMetrics(self.font())
        words = [
            self._counts.get(number, ("", self.tabText(number)))[1]
            for number in range(self.count())
        ]
        wished = sum(metrics.horizontalAdvance(each) + px(APART) for each in words)
        is_close = wished > self.width()
        for number, (short, whole) in self._counts.items():
            said = short if is_close else whole
            if self.tabText(number) != said:
                self.setTabText(number, said)
        close = "yes" if is_close else "no"
        if self.property("close") != close:
            self.setProperty("close", close)
            restyle(self)
            self.setElideMode(Qt.TextElideMode.ElideRight)  # or Qt keeps where the tabs were
