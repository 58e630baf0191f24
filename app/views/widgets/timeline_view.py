"""The flight as bars against the clock, for the Timeline tab and for Live. Painted."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QScrollBar,
    QStackedWidget,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.models.times import speak_time, to_wall
from app.services.runbook.timeline import Bar
from app.views.theme import Token, color, px
from app.views.widgets.keyed import ROW_ROLE, KeyedRows
from app.views.widgets.timeline_axis import CLOSEST, Axis, Course, lines_of, span_of
from app.views.widgets.timeline_head import paint_ticks
from app.views.widgets.timeline_lanes_view import Lanes
from app.views.widgets.timeline_moving import wheeled, zoomed
from app.views.widgets.timeline_paint import GROUP, ROW, BarRow, paint_links, paint_row

Index = QModelIndex | QPersistentModelIndex
HEAD = 24
FEW_LINKS = 24
"""So many dependencies can be drawn at once and still be followed by eye."""


class _Model(KeyedRows[BarRow]):
    zone = "UTC"

    def key(self, row: BarRow) -> Hashable:
        return row.bar.step_id

    def spoken(self, row: BarRow) -> str:
        return spoken(row.bar, self.zone)

    def words(self, row: BarRow) -> str:
        return row.bar.label


class Timeline(QWidget):
    """One row a step. `opened(step_id)` on Enter or double click, `chosen(step_id)`.

    Keys: up and down choose, left and right scroll, + − 0 or Ctrl+wheel zoom. With `compact`
    it has no clock above it (Live's legend names the moments) and only the links of the chosen.
    """

    opened = Signal(str)
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, compact: bool = False) -> None:
        super().__init__(parent)
        self.course: Course | None = None
        self._now: datetime | None = None
        self._span: tuple[datetime, datetime] | None = None
        self._drawn = -1
        self._zoom = 1.0
        self._by_person = False
        self.few_links = 0 if compact else FEW_LINKS
        self.model = _Model(self)
        self.view = _Rows(self)
        self.shown: QListView = self.view
        """The way it is drawn now: a line a step, or a lane a person."""
        self._head = _Head(self)
        self._head.setVisible(not compact)
        self._across = QScrollBar(Qt.Orientation.Horizontal)
        self._across.setAccessibleName("Scroll the timeline")
        self._across.valueChanged.connect(self._repaint)
        self._across.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._head)
        self.lanes = Lanes(self, self.model, self)
        self.lanes.setSelectionModel(self.view.selectionModel())
        self.lanes.picked.connect(self.opened)
        self._ways = QStackedWidget()
        self._ways.addWidget(self.view)
        self._ways.addWidget(self.lanes)
        box.addWidget(self._ways, 1)
        box.addWidget(self._across)
        self.setFocusProxy(self.view)

    def show_rows(self, course: Course, now: datetime) -> None:
        """Selection, scroll and zoom stay."""
        self.course, self._now, self._span = course, now, None
        self.model.zone = course.zone
        self.model.apply(rows_of(course.bars, by_person=self._by_person))
        self._fit_bar()
        self._repaint()

    def tick(self, now: datetime) -> None:
        """Painted again once a minute, not once a second."""
        minute = int(now.timestamp() // 60)
        self._now, self._span = now, None
        if minute != self._drawn:
            self._drawn = minute
            self._repaint()

    def group_by_person(self, on: bool) -> None:
        """A lane for each person; what is chosen stays so."""
        self._by_person = on
        if self.course is not None:
            self.model.apply(rows_of(self.course.bars, by_person=on))
        self.shown = self.lanes if on else self.view
        self._ways.setCurrentWidget(self.shown)
        self.setFocusProxy(self.shown)
        self.view.scheduleDelayedItemsLayout()
        self.lanes.relayout()
        self.shown.scrollTo(self.shown.currentIndex())
        self._repaint()

    @property
    def zoom(self) -> float:
        return self._zoom

    def zoom_by(self, factor: float, at: float | None = None) -> None:
        """The moment at x `at` (default: the middle) stays where it is; 0 fits everything."""
        axis = self.axis()
        if axis is None:
            return
        x = axis.left + axis.width / 2 if at is None else at
        moment = axis.moment(x)
        self._zoom = min(CLOSEST, max(1.0, self._zoom * factor))
        self._fit_bar()
        wider = self.axis()
        assert wider is not None
        self._across.setValue(round(wider.x(moment) + wider.offset - x))
        self._repaint()

    def scroll_by(self, pixels: int) -> None:
        self._across.setValue(self._across.value() + pixels)

    def choose(self, step_id: str) -> None:
        index = self.model.index_of(step_id)
        if index.isValid():
            self.shown.setCurrentIndex(index)

    def reveal(self, step_id: str) -> None:
        """Scroll it to the middle; what is chosen stays."""
        index = self.model.index_of(step_id)
        if index.isValid():
            self.shown.scrollTo(index, QListView.ScrollHint.PositionAtCenter)

    def current(self) -> Bar | None:
        index = self.view.currentIndex()
        return self.model.row(index.row()).bar if index.isValid() else None

    def now(self) -> datetime | None:
        return self._now

    def axis(self) -> Axis | None:
        """None while there is nothing to show."""
        if self.course is None or self._now is None or not self.course.bars:
            return None
        room = self.shown.viewport().width()
        label = min(px(260), room // 3)
        if self._span is None:  # every row that is painted asks
            self._span = span_of(self.course, self._now)
        width = max(1, room - label - px(16))
        return Axis(*self._span, label + px(8), width, self._zoom, self._across.value())

    def sizeHint(self) -> QSize:
        # it scrolls; asking for all would make the page scroll, and Live has more to show
        return QSize(px(480), px((6 if self.few_links else 3) * ROW))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(320), px(3 * ROW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_bar()

    def _fit_bar(self) -> None:
        axis = self.axis()
        if axis is not None:
            self._across.setPageStep(axis.width)
            self._across.setSingleStep(px(40))
            self._across.setRange(0, max(0, axis.content - axis.width))
        self._across.setVisible(self._zoom > 1.0)

    def _repaint(self) -> None:
        self.shown.viewport().update()
        self._head.update()


class _Rows(QListView):
    """A list by kind: Qt gives screen readers its items, and the keys come with it."""

    def __init__(self, timeline: Timeline) -> None:
        super().__init__(timeline)
        self._timeline = timeline
        self.setAccessibleName("Timeline")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setItemDelegate(_Delegate(timeline, self))
        self.setModel(timeline.model)
        self.doubleClicked.connect(self._on_open)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._paint_links()
        super().paintEvent(event)
        timeline, axis = self._timeline, self._timeline.axis()
        now = timeline.now()
        if axis is None or timeline.course is None or now is None:
            return
        painter = QPainter(self.viewport())
        low = self._bottom()
        for moment, token, width in lines_of(timeline.course, now):
            x = axis.x(moment)
            if axis.left <= x <= axis.left + axis.width + px(8):
                painter.fillRect(round(x), 0, width, low, color(token))

    def _paint_links(self) -> None:
        """Under the bars: all while they are few, else those of the chosen step."""
        axis = self._timeline.axis()
        if axis is None:
            return
        bars = {row.bar.step_id: row.bar for row in self._timeline.model.rows()}
        current = self._timeline.current()
        links = [
            (bars[before], bar, current is not None and current.step_id in (before, bar.step_id))
            for bar in bars.values()
            for before in bar.after
            if before in bars
        ]
        if len(links) > self._timeline.few_links:
            links = [link for link in links if link[2]]
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(QRect(axis.left, 0, axis.width + px(8), self.viewport().height()))
        model = self._timeline.model
        paint_links(painter, links, lambda bar: self.visualRect(model.index_of(bar.step_id)), axis)

    def _bottom(self) -> int:
        count = self._timeline.model.rowCount()
        last = self.visualRect(self._timeline.model.index(count - 1))
        return min(self.viewport().height(), last.bottom() + 1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        timeline = self._timeline
        match event.key():
            case Qt.Key.Key_Return | Qt.Key.Key_Enter if not event.modifiers():
                self._on_open(self.currentIndex())
            case Qt.Key.Key_Left:
                timeline.scroll_by(-px(60))
            case Qt.Key.Key_Right:
                timeline.scroll_by(px(60))
            case _ if not zoomed(timeline, event):
                super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        if search not in ("+", "-", "=", "0"):  # they zoom
            super().keyboardSearch(search)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if not wheeled(self._timeline, event):
            super().wheelEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.viewport().update()
        if current.isValid():
            row = self._timeline.model.row(current.row())
            self.setAccessibleDescription(self._timeline.model.spoken(row))
            self._timeline.chosen.emit(row.bar.step_id)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.scheduleDelayedItemsLayout()

    def _on_open(self, index: Index) -> None:
        if index.isValid():
            self._timeline.opened.emit(self._timeline.model.row(index.row()).bar.step_id)


class _Delegate(QStyledItemDelegate):
    def __init__(self, timeline: Timeline, parent: QObject) -> None:
        super().__init__(parent)
        self._timeline = timeline

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: BarRow = index.data(ROW_ROLE)
        return QSize(px(120), px(ROW) + (px(GROUP) if row.group else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        timeline, axis = self._timeline, self._timeline.axis()
        now = timeline.now()
        if axis is None or timeline.course is None or now is None:
            return
        row: BarRow = index.data(ROW_ROLE)
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if state & QStyle.StateFlag.State_Selected:
            focused = timeline.view.hasFocus()
            line = QRect(box.left(), box.bottom() + 1 - px(ROW), axis.left - px(4), px(ROW))
            painter.setPen(QPen(color(Token.ACCENT if focused else Token.LINE), 1))
            painter.setBrush(color(Token.RAISED))
            painter.drawRoundedRect(line.adjusted(0, 1, -1, -2), px(6), px(6))
        paint_row(painter, row, box, axis, timeline.course, now)
        painter.restore()


class _Head(QWidget):
    """The clock above the bars, with the words of the lines."""

    def __init__(self, timeline: Timeline) -> None:
        super().__init__(timeline)
        self._timeline = timeline
        self.setFixedHeight(px(HEAD))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.setFixedHeight(px(HEAD))

    def paintEvent(self, event: QPaintEvent) -> None:
        timeline, axis = self._timeline, self._timeline.axis()
        if axis is None or timeline.course is None:
            return
        paint_ticks(QPainter(self), axis, timeline.course.zone, self.rect())


def rows_of(bars: Sequence[Bar], *, by_person: bool) -> list[BarRow]:
    """In the runbook's order, or each person's together in the order of first need."""
    if not by_person:
        return [BarRow(bar) for bar in bars]
    names = dict.fromkeys(bar.owner or "Nobody yet" for bar in bars)
    rows: list[BarRow] = []
    for name in names:
        mine = [BarRow(bar) for bar in bars if (bar.owner or "Nobody yet") == name]
        rows += [replace(mine[0], group=name), *mine[1:]]
    return rows


def spoken(bar: Bar, zone: str) -> str:
    """`8 Flash controller B, K. Ito, running, 19:14–19:39, on the critical path.`"""

    def span(start: datetime | None, end: datetime | None) -> str:
        if start is None or end is None:
            return ""
        return f"{speak_time(to_wall(start, zone))}–{speak_time(to_wall(end, zone))}"

    real = span(bar.started_at or bar.expected_start, bar.ended_at or bar.expected_end)
    laid = span(bar.planned_start, bar.planned_end)
    parts = (
        bar.label,
        bar.owner,
        bar.state.words,
        real,
        f"planned {laid}" if laid and laid != real else "",
        "on the critical path" if bar.critical else "",
    )
    return f"{', '.join(part for part in parts if part)}."
