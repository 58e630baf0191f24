"""The line above the calendar: which way to look at it, and finding something on it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QWidget

from app.models.calendar.spans import Way
from app.views.theme import px
from app.views.widgets.labels import ElidedLabel
from app.views.widgets.panels import button

WAYS = (Way.YEAR, Way.QUARTER, Way.MONTH, Way.WEEK, Way.AGENDA)
WAY_KEYS = {Way.YEAR: "Y", Way.QUARTER: "Q", Way.MONTH: "M", Way.WEEK: "W", Way.AGENDA: "A"}


class WaysBar(QWidget):
    """`wanted(way)` when another one was chosen here; `findRequested()`; `filterRequested()`,
    `filterCleared()`."""

    wanted = Signal(object)
    findRequested = Signal()
    filterRequested = Signal()
    filterCleared = Signal()

    def __init__(self) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(px(8), px(4), px(8), 0)
        line.setSpacing(px(8))
        self.tabs = QTabBar()
        self.tabs.setAccessibleName("How to look at the calendar")
        self.tabs.setExpanding(False)
        for number, way in enumerate(WAYS):
            self.tabs.addTab(way.words)
            self.tabs.setTabToolTip(number, WAY_KEYS[way])
        self.tabs.currentChanged.connect(lambda number: self.wanted.emit(WAYS[number]))
        line.addWidget(self.tabs)
        self._only = ""
        self._late = ElidedLabel("", "sub")
        self._late.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        line.addWidget(self._late, 1)
        self.filter = button(
            "Filter",
            self.filterRequested.emit,
            icon_name="funnel",
            tip="F: one service, states",
        )
        self.filter.setIconSize(QSize(px(14), px(14)))
        self.all = button(
            "", self.filterCleared.emit, icon_name="x", spoken="Show everything again"
        )
        self.all.setIconSize(QSize(px(12), px(12)))
        self.all.setToolTip("Show everything again")
        self.all.hide()
        line.addWidget(self.filter)
        line.addWidget(self.all)
        self.search = button(
            "Find",
            self.findRequested.emit,
            icon_name="magnifying-glass",
            spoken="Find on the calendar",
            tip="Ctrl+F",
        )
        self.search.setIconSize(QSize(px(14), px(14)))
        line.addWidget(self.search)

    def show_filter(self, words: str) -> None:
        """What the calendar is narrowed to; empty: nothing."""
        self._only = words
        self.filter.setAccessibleName(f"Filter, only {words}" if words else "Filter")
        self.all.setVisible(bool(words))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """The buttons are icons alone where the tabs would be cut; the layers say it, too."""
        metrics = self.filter.fontMetrics()
        elide = Qt.TextElideMode.ElideRight
        only = metrics.elidedText(f"Only {self._only}", elide, px(200)) if self._only else "Filter"
        beside = sum(metrics.horizontalAdvance(words) + px(60) for words in (only, "Find"))
        beside += self.all.sizeHint().width() if self._only else 0
        fits = self.tabs.sizeHint().width() + beside + px(24) <= self.width()
        self.filter.setText(only.replace("&", "&&") if fits else "")
        self.search.setText("Find" if fits else "")

    def say(self, words: str) -> None:
        """What is on its way; empty: nothing."""
        self._late.setText(words)

    def show_way(self, way: Way) -> None:
        """Without asking for it."""
        self.tabs.blockSignals(True)
        self.tabs.setCurrentIndex(WAYS.index(way))
        self.tabs.blockSignals(False)
