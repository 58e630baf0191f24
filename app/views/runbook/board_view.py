"""The board: one painted view of six columns. A card moves when the model says so."""

from __future__ import annotations

from PySide6.QtCore import (
    QItemSelection,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication, QWidget

from app.models.runbook.steps import Column
from app.views.runbook.board_layout import COLUMNS, HEAD, BoardLayout
from app.views.runbook.board_model import BoardModel, CardRow
from app.views.runbook.board_paint import CardPainter
from app.views.theme import Token, color, font, look_key, px, wash
from app.views.widgets.painted import Index, PaintedItems

_Move = QAbstractItemView.CursorAction


class BoardView(PaintedItems):
    """Keys: arrows select, Ctrl+Left/Right or [ ] ask to move a card, Enter opens it.

    `moveRequested(step_id, column, version)` only asks; `opened(step_id)`; `chosen(step_id)`
    follows the selection; `menuRequested(step_id, global point)` on right click or menu key.
    """

    moveRequested = Signal(str, object, int)
    opened = Signal(str)
    chosen = Signal(str)
    menuRequested = Signal(str, QPoint)

    head = HEAD
    slack = 4

    def __init__(self, model: BoardModel, parent: QWidget | None = None) -> None:
        super().__init__(model, "Board of steps", parent)
        self._layout: BoardLayout | None = None
        self._painter = CardPainter()
        self._pressed: tuple[QPersistentModelIndex, QPoint] | None = None
        self._drag_at: QPoint | None = None
        self._board = model
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.customContextMenuRequested.connect(self._on_menu)

    # what the page asks

    def current_card(self) -> CardRow | None:
        index = self.currentIndex()
        return self._board.row(index.row()) if index.isValid() else None

    def choose(self, step_id: str) -> None:
        """Select a card and bring it into sight, when it is here."""
        index = self._board.index_of(step_id)
        if index.isValid():
            self.setCurrentIndex(index)

    # geometry, as QAbstractItemView wants it

    def layout_now(self) -> BoardLayout:
        """The layout of the rows and size of this moment; measured when either changed."""
        if self._painter.look != look_key():
            self._painter = CardPainter()
            self._layout = None
        if self._layout is None:
            rows = self._board.rows()
            self._layout = BoardLayout.of(
                [row.column for row in rows],
                self.viewport().width(),
                lambda number, width: self._painter.shape(rows[number], width).height,
            )
            self.set_content(QSize(self._layout.width, self._layout.height))
        return self._layout

    def visualRect(self, index: Index) -> QRect:
        cards = self.layout_now().cards
        if not index.isValid() or index.row() >= len(cards):
            return QRect()
        return cards[index.row()].translated(-self.offset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        if point.y() < px(HEAD):
            return QModelIndex()
        row = self.layout_now().row_at(point + self.offset())
        return QModelIndex() if row is None else self._board.index(row)

    def moveCursor(self, action: _Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        layout = self.layout_now()
        current = self.currentIndex()
        if not current.isValid():
            first = next((rows[0] for rows in layout.rows.values() if rows), None)
            return QModelIndex() if first is None else self._board.index(first)
        row = current.row()
        column = self._board.row(row).column
        there = layout.rows[column]
        place = there.index(row)
        target: int | None = row
        match action:
            case _Move.MoveUp | _Move.MovePrevious:
                target = there[max(0, place - 1)]
            case _Move.MoveDown | _Move.MoveNext:
                target = there[min(len(there) - 1, place + 1)]
            case _Move.MoveLeft:
                target = layout.beside(row, column, -1)
            case _Move.MoveRight:
                target = layout.beside(row, column, 1)
            case _Move.MoveHome:
                target = there[0]
            case _Move.MoveEnd:
                target = there[-1]
            case _Move.MovePageUp:
                target = there[max(0, place - 5)]
            case _Move.MovePageDown:
                target = there[min(len(there) - 1, place + 5)]
        return current if target is None else self._board.index(target)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        region = QRegion()
        for index in selection.indexes():
            region += self.visualRect(index).adjusted(-2, -2, 2, 2)
        return region

    def row_chosen(self, number: int) -> None:
        self.chosen.emit(self._board.row(number).step_id)

    def forget_layout(self) -> None:
        self._layout = None

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        layout = self.layout_now()
        offset = self.offset()
        port = self.viewport().rect()
        target = self._drop_column()
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rows = self._board.rows()
        for column in COLUMNS:
            left = layout.left(column) - offset.x()
            panel = QRect(left, 0, layout.column_width(column), port.height())
            self._paint_panel(painter, panel, column, len(layout.rows[column]), column is target)
        painter.setClipRect(QRect(0, px(HEAD) - px(2), port.width(), port.height()))
        ratio = self.devicePixelRatioF()
        for row, box in zip(rows, layout.cards, strict=True):
            place = box.translated(-offset)
            if place.bottom() >= px(HEAD) - px(2) and place.top() <= port.height():
                painter.drawPixmap(place.topLeft(), self._painter.pixmap(row, box.width(), ratio))
        self._paint_current(painter)
        painter.setClipping(False)
        self._paint_drag(painter)

    def _paint_panel(
        self, painter: QPainter, panel: QRect, column: Column, count: int, target: bool
    ) -> None:
        painter.setPen(QPen(color(Token.ACCENT if target else Token.LINE), 2 if target else 1))
        painter.setBrush(
            wash(Token.ACCENT, 0.06, Token.SURFACE) if target else color(Token.SURFACE)
        )
        painter.drawRoundedRect(QRectF(panel).adjusted(0.5, 0.5, -0.5, -0.5), px(9), px(9))
        head = QRect(panel.left() + px(13), 0, panel.width() - px(26), px(HEAD) - px(2))
        painter.setFont(font(12, bold=True))
        painter.setPen(color(Token.TEXT))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(head, middle | Qt.AlignmentFlag.AlignLeft, column.words)
        painter.setFont(font(12))
        painter.setPen(color(Token.MUTED))
        painter.drawText(head, middle | Qt.AlignmentFlag.AlignRight, str(count))

    def _paint_current(self, painter: QPainter) -> None:
        box = self.visualRect(self.currentIndex())
        if box.isNull():
            return
        edge = Token.ACCENT if self.hasFocus() else Token.MUTED
        painter.setPen(QPen(color(edge), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(box), px(7), px(7))

    def _paint_drag(self, painter: QPainter) -> None:
        if self._pressed is None or self._drag_at is None or not self._pressed[0].isValid():
            return
        index, start = self._pressed
        box = self.visualRect(index)
        row = self._board.row(index.row())
        painter.setOpacity(0.85)
        painter.drawPixmap(
            box.topLeft() + self._drag_at - start,
            self._painter.pixmap(row, box.width(), self.devicePixelRatioF()),
        )
        painter.setOpacity(1.0)

    # acting

    def _drop_column(self) -> Column | None:
        """The column a dragged card would go to; none over its own."""
        if self._pressed is None or self._drag_at is None or not self._pressed[0].isValid():
            return None
        if not self.viewport().rect().contains(self._drag_at):
            return None
        column = self.layout_now().column_at((self._drag_at + self.offset()).x())
        return None if column is self._board.row(self._pressed[0].row()).column else column

    def _ask(self, row: CardRow, column: Column) -> None:
        self.moveRequested.emit(row.step_id, column, row.version)

    def _ask_beside(self, step: int) -> None:
        row = self.current_card()
        if row is None:
            return
        place = COLUMNS.index(row.column) + step
        if 0 <= place < len(COLUMNS):
            self._ask(row, COLUMNS[place])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        row = self.current_card()
        if key == Qt.Key.Key_Escape and self._drag_at is not None:
            self._end_drag()
        elif key == Qt.Key.Key_BracketLeft or (control and key == Qt.Key.Key_Left):
            self._ask_beside(-1)
        elif key == Qt.Key.Key_BracketRight or (control and key == Qt.Key.Key_Right):
            self._ask_beside(1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not control and row is not None:
            self.opened.emit(row.step_id)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        point = event.position().toPoint()
        index = self.indexAt(point)
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self._pressed = (QPersistentModelIndex(index), point)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        point = event.position().toPoint()
        far = (point - self._pressed[1]).manhattanLength() >= QApplication.startDragDistance()
        if self._drag_at is not None or far:
            self._drag_at = point
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        target = self._drop_column()
        pressed = self._pressed
        self._end_drag()
        if target is not None and pressed is not None:
            self._ask(self._board.row(pressed[0].row()), target)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(self._board.row(index.row()).step_id)

    def _end_drag(self) -> None:
        self._pressed = None
        self._drag_at = None
        self.viewport().unsetCursor()
        self.viewport().update()

    def _on_menu(self, point: QPoint) -> None:
        index = self.indexAt(point)
        if not index.isValid():  # the menu key: at the selected card
            index = self.currentIndex()
            point = self.visualRect(index).center()
        if index.isValid():
            self.setCurrentIndex(index)
            row = self._board.row(index.row())
            self.menuRequested.emit(row.step_id, self.viewport().mapToGlobal(point))
