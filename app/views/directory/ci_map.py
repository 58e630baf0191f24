"""A CI's tree as a picture: what rests on it above, what it rests on below, one view."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import (
    QModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QAbstractItemView

from app.models.ids import CiId
from app.services.directory.ci_page import CiPage, MapNode
from app.views.directory.rows import words_of
from app.views.theme import Token, color, font, px
from app.views.widgets.keyed import KeyedRows
from app.views.widgets.painted import Index, PaintedItems

_Move = QAbstractItemView.CursorAction
WIDTH, HEIGHT, GAP, RISE, EDGE = 148, 46, 14, 44, 30


@dataclass(frozen=True, slots=True)
class NodeRow:
    """A CI of the picture and how it is read out, the way to it included."""

    node: MapNode
    spoken: str


class _Nodes(KeyedRows[NodeRow]):
    def key(self, row: NodeRow) -> Hashable:
        return row.node.id

    def spoken(self, row: NodeRow) -> str:
        return row.spoken

    def words(self, row: NodeRow) -> str:
        return row.node.name


class CiMap(PaintedItems):
    """`chosen(ci id)` as the selection moves, `opened(ci id)` on Enter or double click."""

    chosen = Signal(str)
    opened = Signal(str)

    slack = 8

    def __init__(self) -> None:
        self._page: CiPage | None = None
        self._boxes: list[QRect] = []
        self.nodes = _Nodes()
        super().__init__(self.nodes, "What rests on it, and what it rests on")
        self.nodes.setParent(self)
        self.setMinimumHeight(px(280))

    def show_page(self, page: CiPage) -> None:
        """Another CI is selected when it is shown the first time; a refresh keeps what was."""
        other = self._page is None or self._page.id != page.id
        chosen = self.chosen_id
        self._page = None  # not laid out while some of the rows are still the other CI's
        self.nodes.become([NodeRow(node, spoken(page, node)) for node in page.nodes])
        self._page = page
        self.relayout()
        kept = self.nodes.index_of(chosen)
        self.setCurrentIndex(self.nodes.index_of(page.id) if other or not kept.isValid() else kept)
        self.scrollTo(self.currentIndex())

    @property
    def chosen_id(self) -> str:
        index = self.currentIndex()
        return self.nodes.row(index.row()).node.id if index.isValid() else ""

    # --- geometry, as QAbstractItemView wants it ------------------------------------------------

    def _lay_out(self) -> None:
        page = self._page
        if page is None:
            return
        width, height, gap = px(WIDTH), px(HEIGHT), px(GAP)
        widest = max((len(layer) for layer in page.laid.layers), default=1)
        whole = max(self.viewport().width(), widest * (width + gap) + gap)
        layers = len(page.laid.layers)
        tall = layers * height + (layers - 1) * px(RISE) + 2 * px(EDGE)
        top = px(EDGE) + max(0, (self.viewport().height() - tall) // 2)
        self._boxes = []
        for row in self.nodes.rows():
            count = len(page.laid.layers[row.node.layer])
            left = (whole - count * width - (count - 1) * gap) // 2
            self._boxes.append(
                QRect(
                    left + row.node.place * (width + gap),
                    top + row.node.layer * (height + px(RISE)),
                    width,
                    height,
                )
            )
        self.set_content(QSize(whole, tall))

    def visualRect(self, index: Index) -> QRect:
        if not index.isValid() or index.row() >= len(self._boxes):
            return QRect()
        return self._boxes[index.row()].translated(-self.offset())

    def indexAt(self, point: QPoint) -> QModelIndex:
        place = point + self.offset()
        for number, box in enumerate(self._boxes):
            if box.contains(place):
                return self.nodes.index(number)
        return QModelIndex()

    def moveCursor(self, action: _Move, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        current = self.currentIndex()
        if not current.isValid():
            return self.nodes.index(0) if self.nodes.rowCount() else QModelIndex()
        here = self.nodes.row(current.row()).node
        match action:
            case _Move.MoveLeft | _Move.MovePrevious:
                return self._at(here.layer, here.place - 1, current)
            case _Move.MoveRight | _Move.MoveNext:
                return self._at(here.layer, here.place + 1, current)
            case _Move.MoveUp | _Move.MovePageUp:
                return self._beside(current, -1)
            case _Move.MoveDown | _Move.MovePageDown:
                return self._beside(current, 1)
            case _Move.MoveHome | _Move.MoveEnd:
                return self.nodes.index_of(self._page.id if self._page else "")
        return QModelIndex(current)

    def _at(self, layer: int, place: int, otherwise: QModelIndex) -> QModelIndex:
        for number, row in enumerate(self.nodes.rows()):
            if (row.node.layer, row.node.place) == (layer, place):
                return self.nodes.index(number)
        return otherwise

    def _beside(self, current: QModelIndex, step: int) -> QModelIndex:
        """In the next layer: one that is joined before one that is only near."""
        assert self._page is not None
        here = self.nodes.row(current.row()).node
        middle = self._boxes[current.row()].center().x()
        joined = {a if b == here.id else b for a, b in self._page.laid.edges if here.id in (a, b)}
        found = [
            (row.node.id not in joined, abs(self._boxes[number].center().x() - middle), number)
            for number, row in enumerate(self.nodes.rows())
            if row.node.layer == here.layer + step
        ]
        return self.nodes.index(min(found)[2]) if found else current

    # --- following ----------------------------------------------------------------------------

    def row_chosen(self, number: int) -> None:
        self.chosen.emit(self.nodes.row(number).node.id)

    def forget_layout(self) -> None:
        self._lay_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            if self.chosen_id:
                self.opened.emit(self.chosen_id)
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        if index.isValid() and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(self.nodes.row(index.row()).node.id)

    # --- painting -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        page = self._page
        if page is None:
            return
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-self.offset())
        way = page.laid.path(CiId(self.chosen_id)) if self.chosen_id else ()
        steps = {frozenset(pair) for pair in pairwise(way)}
        boxes = {row.node.id: box for row, box in zip(self.nodes.rows(), self._boxes, strict=True)}
        edges = sorted(page.laid.edges, key=lambda edge: frozenset(edge) in steps)
        for above, below in edges:
            if above in boxes and below in boxes:
                lit = frozenset((above, below)) in steps
                _paint_edge(painter, boxes[above], boxes[below], lit=lit)
        for row, box in zip(self.nodes.rows(), self._boxes, strict=True):
            self._paint_node(painter, row.node, box, lit=row.node.id in way)
        self._paint_captions(painter, page)

    def _paint_node(self, painter: QPainter, node: MapNode, box: QRect, *, lit: bool) -> None:
        assert self._page is not None
        own, chosen = node.id == self._page.id, node.id == self.chosen_id
        edge = Token.ACCENT if lit else Token.TEXT if own else Token.LINE
        painter.setPen(QPen(color(edge), 2 if chosen or own else 1))
        painter.setBrush(color(Token.RAISED if own or chosen else Token.SURFACE))
        painter.drawRoundedRect(QRectF(box).adjusted(1, 1, -1, -1), px(7), px(7))
        if chosen and self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color(Token.ACCENT), 1, Qt.PenStyle.DotLine))
            painter.drawRoundedRect(QRectF(box).adjusted(-3, -3, 3, 3), px(9), px(9))
        inner = box.adjusted(px(10), px(5), -px(10), -px(5))
        half = inner.height() // 2
        more = " · needed" if node.needed_by_flight else ""
        for number, (text, face, ink) in enumerate(
            (
                (node.name, font(bold=own), Token.TEXT),
                (words_of(node.kind.value) + more, font(12), Token.MUTED),
            )
        ):
            line = QRect(inner.left(), inner.top() + number * half, inner.width(), half)
            painter.setFont(face)
            painter.setPen(color(ink))
            said = QFontMetrics(face).elidedText(text, Qt.TextElideMode.ElideMiddle, line.width())
            painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, said)

    def _paint_captions(self, painter: QPainter, page: CiPage) -> None:
        """What the directions mean, and how many are not in the picture."""
        painter.setFont(font(12))
        painter.setPen(color(Token.MUTED))
        offset = self.offset()
        width = self.viewport().width() - px(16)
        first, last = (
            (min(box.top() for box in self._boxes), max(box.bottom() for box in self._boxes))
            if self._boxes
            else (0, 0)
        )
        for words, hidden, count, top in (
            (
                f"these rest on {page.name}",
                page.laid.hidden_above,
                page.above,
                first - px(EDGE) + px(4),
            ),
            (f"{page.name} rests on these", page.laid.hidden_below, page.below, last + px(6)),
        ):
            if count:
                more = f"  ·  {hidden:,} more further away" if hidden else ""
                place = QRect(offset.x() + px(8), top, width, px(EDGE) - px(6))
                arrow = "↑" if top < first else "↓"
                painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, f"{arrow} {words}{more}")


def _paint_edge(painter: QPainter, above: QRect, below: QRect, *, lit: bool) -> None:
    start = QPointF(above.center().x(), above.bottom())
    end = QPointF(below.center().x(), below.top())
    bend = (end.y() - start.y()) / 2
    path = QPainterPath(start)
    path.cubicTo(start.x(), start.y() + bend, end.x(), end.y() - bend, end.x(), end.y())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(color(Token.ACCENT if lit else Token.MUTED), 2.2 if lit else 1))
    painter.drawPath(path)


def spoken(page: CiPage, node: MapNode) -> str:
    """`UPS-A, power, production. SAN-02 rests on it through CORE-SW-1. Services: Mail.`"""
    parts = [f"{node.name}, {words_of(node.kind.value)}, {node.environment.value}"]
    names = {each.id: each.name for each in page.nodes}
    way = [names[ci] for ci in page.laid.path(CiId(node.id)) if ci in names]
    if len(way) > 1:
        between = way[1:-1] if node.layer > page.laid.centre else way[-2:0:-1]
        upper, lower = (
            (page.name, node.name) if node.layer > page.laid.centre else (node.name, page.name)
        )
        through = f" through {', '.join(between)}" if between else ""
        parts.append(f"{upper} rests on {lower}{through}")
    if node.services:
        parts.append(f"Services: {', '.join(node.services)}")
    if node.needed_by_flight:
        parts.append(f"The flight itself needs it: {node.needed_by_flight}")
    return ". ".join(parts)
