"""The long list: painted rows, one view, whatever the count."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QFont, QFontMetrics, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from app.views.theme import Token, color, font, px
from app.views.widgets.keyed import ROW_ROLE, KeyedRows
from app.views.widgets.labels import paint_bar
from app.views.widgets.tone import Tone, ink

Index = QModelIndex | QPersistentModelIndex
_Hint = QAbstractItemView.ScrollHint
MOST = 3
"""Lines that a title, or the words under it, may take where a list wraps."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """`lead` stands before the title in the fixed font (a date, a time, a code); `strong` is how
    the title begins and is painted bold (who said it)."""

    key: str
    title: str
    sub: str = ""
    tone: Tone | None = None
    lead: str = ""
    pill: str = ""
    pill_tone: Tone = Tone.PLAIN
    trailing: str = ""
    struck: bool = False
    spoken: str = ""
    strong: str = ""


class ListRows(KeyedRows[ListRow]):
    def key(self, row: ListRow) -> Hashable:
        return row.key

    def spoken(self, row: ListRow) -> str:
        parts = (row.lead, row.title, row.sub, row.pill, row.trailing)
        return row.spoken or ". ".join(part for part in parts if part)

    def words(self, row: ListRow) -> str:
        return row.title


class _Delegate(QStyledItemDelegate):
    def __init__(self, view: ListView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: ListRow = index.data(ROW_ROLE)
        high, low = self._view.heights or _line_heights()
        if not self._view.wraps:  # asked of every row whenever one changes
            return QSize(px(120), high + (low if row.sub else 0) + px(14))
        room = self._view.inner_width - 2 * px(8) - self._beside(row)
        words = high * self._title_lines(row, room) + low * self._sub_lines(row, room)
        return QSize(px(120), words + px(14))

    def _beside(self, row: ListRow) -> int:
        """How much of a row's width its words do not have."""
        taken = 0
        if row.tone is not None:
            taken += px(9) + px(10)
        if row.lead:
            taken += self._lead_width(row) + px(12)
        if row.trailing:
            taken += _trailing_width(row) + px(12)
        if row.pill:
            taken += _pill_width(row) + px(12)
        return taken

    def _lead_width(self, row: ListRow) -> int:
        said = QFontMetrics(font(mono=True)).horizontalAdvance(row.lead)
        return max(self._view.lead_width, said)

    def _title_lines(self, row: ListRow, room: int) -> int:
        return self._lines(font(), row.title, room) if not row.strong else 1

    def _sub_lines(self, row: ListRow, room: int) -> int:
        return self._lines(font(12), row.sub, room) if row.sub else 0

    def _lines(self, face: QFont, said: str, room: int) -> int:
        """How many `said` takes in `room`, where the list wraps."""
        metrics = QFontMetrics(face)
        if not self._view.wraps or room <= 0 or metrics.horizontalAdvance(said) <= room:
            return 1
        whole = metrics.boundingRect(QRect(0, 0, room, 9_999), Qt.TextFlag.TextWordWrap, said)
        return min(self._view.most, max(2, round(whole.height() / metrics.lineSpacing())))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: ListRow = index.data(ROW_ROLE)
        box: QRect = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.row():
            paint_bar(painter, QRect(box.left(), box.top(), box.width(), 1), Token.LINE)
        if self._view.selectionModel().isSelected(index):
            self._paint_selected(painter, box, focused=self._view.hasFocus())
        inner = box.adjusted(px(8), 0, -px(8), 0)
        inner = self._paint_lead(painter, inner, row)
        inner = self._paint_end(painter, inner, row)
        self._paint_words(painter, inner, row)
        painter.restore()

    def _paint_selected(self, painter: QPainter, box: QRect, *, focused: bool) -> None:
        edge = Token.ACCENT if focused else Token.LINE
        painter.setPen(QPen(color(edge), 1))
        painter.setBrush(color(Token.RAISED))
        painter.drawRoundedRect(QRectF(box).adjusted(0.5, 1.5, -0.5, -1.5), px(6), px(6))

    def _paint_lead(self, painter: QPainter, box: QRect, row: ListRow) -> QRect:
        if row.tone is not None:
            side = px(9)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(ink(row.tone)))
            painter.drawEllipse(box.left(), box.center().y() - side // 2, side, side)
            box = box.adjusted(side + px(10), 0, 0, 0)
        if row.lead:
            face = font(mono=True)
            width = self._lead_width(row)
            painter.setFont(face)
            painter.setPen(color(Token.MUTED))
            painter.drawText(box, _LEFT, row.lead)
            box = box.adjusted(width + px(12), 0, 0, 0)
        return box

    def _paint_end(self, painter: QPainter, box: QRect, row: ListRow) -> QRect:
        if row.trailing:  # outermost: numbers stand in line, whatever the word before them
            face = font(mono=True)
            painter.setFont(face)
            painter.setPen(color(Token.TEXT))
            painter.drawText(box, _RIGHT, row.trailing)
            box = box.adjusted(0, 0, -_trailing_width(row) - px(12), 0)
        if row.pill:
            metrics = QFontMetrics(font(12))
            width = _pill_width(row)
            height = metrics.height() + px(8)
            pill = QRectF(
                box.right() - width, box.center().y() - height / 2, width, height
            ).adjusted(0.5, 0.5, -0.5, -0.5)
            plain = row.pill_tone is Tone.PLAIN
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color(Token.LINE if plain else ink(row.pill_tone)), 1))
            painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
            painter.setPen(color(Token.TEXT if plain else ink(row.pill_tone)))
            painter.setFont(font(12))
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, row.pill)
            box = box.adjusted(0, 0, -width - px(12), 0)
        return box

    def _paint_words(self, painter: QPainter, box: QRect, row: ListRow) -> None:
        face, small = font(), font(12)
        face.setStrikeOut(row.struck)
        high, low = QFontMetrics(face), QFontMetrics(small)
        first, second = _line_heights()
        lines = self._sub_lines(row, box.width())
        titles = self._title_lines(row, box.width())
        total = first * titles + second * lines
        top = box.center().y() - total // 2 + 1
        painter.setFont(face)
        painter.setPen(color(Token.MUTED if row.struck else Token.TEXT))
        title, left = row.title, box.left()
        if row.strong and row.title.startswith(row.strong):
            bold = font(bold=True)
            bold.setStrikeOut(row.struck)
            painter.setFont(bold)
            painter.drawText(QRect(left, top, box.width(), first), _LEFT, row.strong)
            left += QFontMetrics(bold).horizontalAdvance(row.strong)
            title = row.title[len(row.strong) :]
            painter.setFont(face)
        room = max(0, box.right() + 1 - left)
        over = QRect(left, top, room, first * titles)
        _write(painter, over, title, high, titles, self._view.most)
        if row.sub:
            painter.setFont(small)
            painter.setPen(color(Token.MUTED))
            under = QRect(box.left(), over.bottom() + 1, box.width(), second * lines)
            _write(painter, under, row.sub, low, lines, self._view.most)


def _write(
    painter: QPainter, box: QRect, said: str, metrics: QFontMetrics, lines: int, most: int
) -> None:
    """In so many lines; only what fills `most` of them is cut."""
    elide, room = Qt.TextElideMode.ElideRight, box.width()
    if lines == 1:  # of a note of several lines the beginning, not its middle
        one = " ".join(said[:1000].splitlines())
        painter.drawText(box, _LEFT, metrics.elidedText(one, elide, room))
        return
    if lines == most:  # where words break, a line is not quite full
        said = metrics.elidedText(said, elide, lines * room - room // 3)
    painter.drawText(box, _LEFT | Qt.TextFlag.TextWordWrap, said)


def _trailing_width(row: ListRow) -> int:
    return QFontMetrics(font(mono=True)).horizontalAdvance(row.trailing)


def _pill_width(row: ListRow) -> int:
    return QFontMetrics(font(12)).horizontalAdvance(row.pill) + 2 * px(11)


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def _line_heights() -> tuple[int, int]:
    """Of the title and of the words under it."""
    return (
        max(px(18), QFontMetrics(font()).height()),
        max(px(17), QFontMetrics(font(12)).height()),
    )


class ListView(QListView):
    """Painted rows. `opened(key)` on Enter or double click, `chosen(key)` as the selection moves.

    `lead_width` (design pixels) aligns the titles of rows whose leads differ in length. With
    `wraps` a title and the words under it each take up to `most` lines rather than be cut.
    """

    opened = Signal(str)
    chosen = Signal(str)

    def __init__(
        self, name: str, lead_width: int = 0, *, wraps: bool = False, most: int = MOST
    ) -> None:
        super().__init__()
        self._lead = lead_width
        self.wraps, self.most = wraps, most
        self._in_parts: QTimer | None = None
        self.heights: tuple[int, int] | None = None
        """Of a row's lines, while all rows are laid out: the fonts are not asked for each."""
        self.inner_width = 0
        """Of the viewport. Kept here: `viewport()` makes PySide look through every class of
        widget there is, the first time, which is a tenth of a start."""
        self.setAccessibleName(name)
        self.setItemDelegate(_Delegate(self))
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.model_rows = ListRows(self)
        self.setModel(self.model_rows)
        self.doubleClicked.connect(self._on_open)

    @property
    def lead_width(self) -> int:
        return px(self._lead) if self._lead else 0

    def current(self) -> ListRow | None:
        index = self.currentIndex()
        return self.model_rows.row(index.row()) if index.isValid() else None

    def choose(self, key: str) -> None:
        """Select the row `key`, when it is here."""
        index = self.model_rows.index_of(key)
        if index.isValid():
            self.setCurrentIndex(index)

    def anew(self) -> None:
        """Call before other rows come, as a search is typed: the view stands at its top then, and
        for a tenth of a second a few hundred rows are laid out at a time, not all 20,000."""
        if self._in_parts is None:
            self._in_parts = QTimer(self)
            self._in_parts.setSingleShot(True)
            self._in_parts.setInterval(100)
            self.setBatchSize(500)
        self._in_parts.start()

    def doItemsLayout(self) -> None:
        parts = self._in_parts is not None and self._in_parts.isActive()
        mode = QListView.LayoutMode.Batched if parts else QListView.LayoutMode.SinglePass
        if self.layoutMode() != mode:
            self.setLayoutMode(mode)
        self.heights = _line_heights()
        super().doItemsLayout()
        self.heights = None

    def scrollTo(self, index: Index, hint: _Hint = _Hint.EnsureVisible) -> None:
        if index.isValid() and self._in_parts is not None and self.visualRect(index).isEmpty():
            self._in_parts.stop()
            self.doItemsLayout()
        super().scrollTo(index, hint)

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        if current.isValid():
            self.chosen.emit(self.model_rows.row(current.row()).key)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt makes the first row current, and unseen; who comes with Tab sees where it is."""
        super().focusInEvent(event)
        chosen = self.selectionModel()
        if self.currentIndex().isValid() and not chosen.hasSelection():
            chosen.select(self.currentIndex(), QItemSelectionModel.SelectionFlag.Select)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self._on_open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is chosen stays in sight when the list gets lower."""
        self.inner_width = event.size().width()
        place = self.visualRect(self.currentIndex())
        in_sight = (
            place.isValid() and place.top() >= 0 and place.bottom() < event.oldSize().height()
        )
        super().resizeEvent(event)
        if self.wraps and event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()  # Qt lays rows out anew only in another height
        if in_sight and event.size().height() < event.oldSize().height():
            self.scrollTo(self.currentIndex())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.scheduleDelayedItemsLayout()

    def _on_open(self, index: Index) -> None:
        if index.isValid():
            self.opened.emit(self.model_rows.row(index.row()).key)
