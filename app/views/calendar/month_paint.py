"""How a month is painted. Words are measured once; made anew when the look or size changes."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap

from app.models.calendar.entries import Entry, Layer
from app.models.calendar.month import Bar, Month
from app.models.outages.lifecycle import State
from app.models.times import MONTHS, WEEKDAYS
from app.views.calendar.looks import entry_ink, state_mark
from app.views.calendar.month_layout import HEAD, SIDE, MonthLayout, PlacedBar
from app.views.icons import paint_icon
from app.views.theme import Token, color, font, look_key, px, wash

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
MOST_KEPT = 4_000
SHORT = 64


class MonthPainter:
    def __init__(self, zone: str) -> None:
        self.look = look_key()
        self.zone = zone
        self.small = font(11)
        self.metrics = QFontMetrics(self.small)
        self.line = max(px(15), self.metrics.height())
        self._number = font()
        self._bold = font(bold=True)
        self._struck = font(11)
        self._struck.setStrikeOut(True)
        self._space = self.metrics.horizontalAdvance(" ")
        self._words: dict[tuple[Entry, bool], tuple[str, int]] = {}
        self._widths: dict[str, int] = {}
        self._lines: dict[tuple[str, int, int], tuple[str, ...]] = {}
        self._marks: dict[tuple[State, Token, float], QPixmap] = {}
        self._washes: dict[tuple[Token, float], QColor] = {}

    def width_of(self, bar: Bar) -> int:
        """What its headline needs on one line, with its mark."""
        return self._headline(bar)[1]

    def paint_grid(
        self,
        painter: QPainter,
        layout: MonthLayout,
        month: Month,
        today: date,
        frozen: frozenset[date],
        duty: dict[date, str],
    ) -> None:
        """Cells, their numbers, freezes shaded, and whose turn begins."""
        line, shade = color(Token.LINE), self._wash(Token.BAD, 0.05)
        beside = color(Token.BG)
        lit = self._wash(Token.ACCENT, 0.07)
        for day, cell in layout.cells.items():
            if Month.of(day) != month:
                painter.fillRect(cell, beside)
            if day in frozen:
                painter.fillRect(cell, shade)
            if day == today:
                painter.fillRect(cell, lit)
        painter.setPen(QPen(line, 1))
        for column in range(1, 7):
            x = layout.left(column)
            painter.drawLine(x, px(HEAD), x, layout.height)
        for monday in layout.mondays:
            y = layout.cells[monday].top()
            painter.drawLine(0, y, layout.width, y)
        for day, cell in layout.cells.items():
            self._paint_head(painter, cell, day, month, today, duty)

    def paint_weekdays(self, painter: QPainter, layout: MonthLayout) -> None:
        painter.setFont(self._number)
        painter.setPen(color(Token.MUTED))
        for column, name in enumerate(WEEKDAYS):
            left = layout.left(column)
            box = QRect(left + px(SIDE), 0, layout.left(column + 1) - left - px(SIDE), px(HEAD))
            painter.drawText(box, _LEFT, name)

    def _paint_head(
        self,
        painter: QPainter,
        cell: QRect,
        day: date,
        month: Month,
        today: date,
        duty: dict[date, str],
    ) -> None:
        box = QRect(cell.left() + px(SIDE), cell.top() + px(2), cell.width() - 2 * px(SIDE), px(22))
        inside = Month.of(day) == month
        words = str(day.day) if inside and day.day > 1 else f"{day.day} {MONTHS[day.month - 1]}"
        if day == today:
            painter.setFont(self._bold)
            painter.setPen(color(Token.TEXT))
            words = f"{words} · today" if cell.width() > px(110) else words
        else:
            painter.setFont(self._number)
            painter.setPen(color(Token.MUTED))
        face = QFontMetrics(painter.font())
        if face.horizontalAdvance(words) > box.width():
            words = str(day.day)
        painter.drawText(box, _LEFT, words)
        name = duty.get(day, "")
        if name:
            used = face.horizontalAdvance(words) + px(8)
            room = box.width() - used
            shown = self.metrics.elidedText(name, Qt.TextElideMode.ElideRight, room)
            if room > px(30):
                painter.setFont(self.small)
                painter.setPen(color(Token.MUTED))
                painter.drawText(box, _RIGHT, shown)

    def paint_bars(self, painter: QPainter, layout: MonthLayout, port: QRect, ratio: float) -> None:
        for placed in layout.bars:
            if placed.box.intersects(port):
                self.paint_bar(painter, placed, ratio)
        painter.setFont(self.small)
        painter.setPen(color(Token.TEXT))
        for box, count in layout.more.values():
            painter.drawText(box, _LEFT, f"+{count} more")

    def paint_bar(self, painter: QPainter, placed: PlacedBar, ratio: float) -> None:
        entry, box = placed.bar.entry, placed.box
        token = entry_ink(entry)
        quiet = entry.state in (State.CANCELLED, State.FILED)
        fill = self._wash(token, 0.10 if quiet else 0.16)
        if entry.layer is Layer.OUTAGES:
            painter.setPen(QPen(color(token), 1))
            painter.setBrush(fill)
            painter.drawRoundedRect(QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), px(5), px(5))
        else:
            painter.fillRect(box, fill)
            if placed.bar.begins:
                painter.fillRect(box.left(), box.top(), px(3), box.height(), color(token))
        inner = box.adjusted(px(7), 0, -px(5), 0)
        if entry.state is not None:
            mark = self._mark(entry.state, token, ratio)
            side = px(12)
            painter.drawPixmap(inner.left() - px(1), box.center().y() - side // 2 + 1, mark)
            inner.setLeft(inner.left() + side + px(3))
        painter.setFont(self._struck if entry.state is State.CANCELLED else self.small)
        colour = Token.MUTED if quiet else Token.TEXT
        painter.setPen(color(colour if entry.layer is Layer.OUTAGES else token))
        words, needed = self._headline(placed.bar)
        if needed > inner.width() < px(SHORT):
            words = entry.title  # in so little room the time would be nearly all there is
        lines = self._wrapped(words, inner.width(), placed.lines)
        top = box.center().y() - (len(lines) * self.line) // 2 + 1
        for words in lines:
            painter.drawText(QRect(inner.left(), top, inner.width(), self.line), _LEFT, words)
            top += self.line

    def paint_ghost(self, painter: QPainter, boxes: list[QRect], words: str) -> None:
        """Where a carried outage would lie."""
        pen = QPen(color(Token.ACCENT), 2, Qt.PenStyle.DashLine)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        tint = color(Token.ACCENT)
        tint.setAlphaF(0.10)
        for number, box in enumerate(boxes):
            painter.fillRect(box, tint)
            painter.setPen(pen)
            painter.drawRect(box.adjusted(1, 1, -2, -2))
            if number == 0:
                place = QRect(box.left() + px(4), box.bottom() - self.line - px(8), 0, 0)
                place.setSize(QSize(box.width() - px(8), self.line + px(4)))
                painter.fillRect(place, color(Token.ACCENT))
                painter.setFont(self.small)
                painter.setPen(color(Token.ON_ACCENT))
                room = place.adjusted(px(5), 0, -px(5), 0)
                elide = Qt.TextElideMode.ElideRight
                painter.drawText(room, _LEFT, self.metrics.elidedText(words, elide, room.width()))

    def _wash(self, token: Token, part: float) -> QColor:
        key = (token, part)
        if key not in self._washes:
            self._washes[key] = wash(token, part, Token.SURFACE)
        return self._washes[key]

    def _mark(self, state: State, token: Token, ratio: float) -> QPixmap:
        key = (state, token, ratio)
        known = self._marks.get(key)
        if known is None:
            side = px(12)
            known = QPixmap(QSize(round(side * ratio), round(side * ratio)))
            known.setDevicePixelRatio(ratio)
            known.fill(Qt.GlobalColor.transparent)
            painter = QPainter(known)
            box = QRectF(QPointF(0, 0), QPointF(side, side))
            paint_icon(painter, box, state_mark(state), color(token))
            painter.end()
            self._marks[key] = known
        return known

    def _headline(self, bar: Bar) -> tuple[str, int]:
        entry, key = bar.entry, (bar.entry, bar.begins)
        known = self._words.get(key)
        if known is None:
            if len(self._words) > MOST_KEPT:
                self._words.clear()
            words = entry.headline(self.zone, begins=bar.begins)
            mark = px(15) if entry.state else 0
            known = self._words[key] = (words, self._width(words) + mark)
        return known

    def _width(self, words: str) -> int:
        """By words whose widths are remembered: titles repeat them."""
        total = -self._space
        for word in words.split(" "):
            width = self._widths.get(word)
            if width is None:
                width = self._widths[word] = self.metrics.horizontalAdvance(word)
            total += width + self._space
        return total

    def _wrapped(self, words: str, room: int, most: int) -> tuple[str, ...]:
        key = (words, room, most)
        known = self._lines.get(key)
        if known is None:
            if len(self._lines) > MOST_KEPT:
                self._lines.clear()
            known = self._lines[key] = self._wrap(words, room, most)
        return known

    def _wrap(self, words: str, room: int, most: int) -> tuple[str, ...]:
        if self._width(words) <= room:
            return (words,)
        first, rest = "", words
        if most > 1:
            for word in words.split(" "):
                longer = f"{first} {word}" if first else word
                if self._width(longer) > room:
                    break
                first = longer
            rest = words[len(first) :].lstrip()
        tail = self.metrics.elidedText(rest, Qt.TextElideMode.ElideRight, room)
        return (first, tail) if first else (tail,)
