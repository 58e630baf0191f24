"""How a week is painted: hours, days, what lies above them, and the moment that it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetrics, QPainter, QPen

from app.models.calendar.clocks import ClockChange
from app.models.calendar.entries import Layer
from app.models.calendar.month import DAYS
from app.models.calendar.week import Placed
from app.models.outages.lifecycle import State
from app.models.times import abbreviation, in_gap, speak_time, to_utc, to_wall
from app.views.calendar.looks import entry_ink
from app.views.calendar.month_paint import MOST_KEPT, MonthPainter
from app.views.calendar.rows import day_heads
from app.views.calendar.week_layout import CLOCK, HEAD, WeekLayout
from app.views.theme import Token, color, px

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Ground:
    """What the days are like: `clocks` are the zones on the left, the week's own last; their hours
    are those of the day chosen."""

    today: date
    chosen: date
    clocks: tuple[str, ...]
    frozen: frozenset[date]
    duty: Mapping[date, str]
    changes: Mapping[date, ClockChange]


class WeekPainter(MonthPainter):
    def paint_ground(self, painter: QPainter, layout: WeekLayout, ground: Ground) -> None:
        """The hours and their lines; freezes shaded, hours that clocks skip or repeat hatched."""
        for n in range(DAYS):
            day = layout.monday + timedelta(days=n)
            column = layout.column_of(day)
            if n >= DAYS - 2:
                painter.fillRect(column, color(Token.BG))
            if day in ground.frozen:
                painter.fillRect(column, self._wash(Token.BAD, 0.07))
            if day == ground.today:
                painter.fillRect(column, self._wash(Token.ACCENT, 0.06))
            if day in ground.changes:
                self._paint_change(painter, layout, column, ground.changes[day])
        painter.setPen(QPen(color(Token.LINE), 1))
        for hour in range(1, 24):
            y = layout.y(hour * 60)
            painter.drawLine(layout.gutter, y, layout.width, y)
        for n in range(DAYS):
            x = layout.x(n)
            painter.drawLine(x, layout.head, x, layout.height)
        self._paint_hours(painter, layout, ground)

    def _paint_hours(self, painter: QPainter, layout: WeekLayout, ground: Ground) -> None:
        painter.setFont(self.small)
        home = ground.clocks[-1]
        midnight = datetime.combine(ground.chosen, time.min)
        for number, zone in enumerate(ground.clocks):
            painter.setPen(color(Token.TEXT if zone == home else Token.MUTED))
            left = number * px(CLOCK)
            for hour in range(1, 24):
                wall = midnight + timedelta(hours=hour)
                if in_gap(wall, home):
                    continue
                if zone != home:
                    wall = to_wall(to_utc(wall, home), zone)
                box = QRect(left, layout.y(hour * 60) - px(9), px(CLOCK) - px(6), px(18))
                painter.drawText(box, _RIGHT, speak_time(wall))

    def _paint_change(
        self, painter: QPainter, layout: WeekLayout, column: QRect, change: ClockChange
    ) -> None:
        box = layout.span_box(change.start, change.end, column.left(), column.right())
        ink = QColor(color(Token.WARN))
        ink.setAlphaF(0.45)
        painter.fillRect(box, QBrush(ink, Qt.BrushStyle.BDiagPattern))
        painter.setFont(self.small)
        words = "twice" if change.twice else "skipped"
        words = self.metrics.elidedText(words, Qt.TextElideMode.ElideRight, box.width() - px(8))
        place = box.adjusted(px(4), 0, -px(4), 0)
        place.setWidth(self.metrics.horizontalAdvance(words) + px(4))
        painter.fillRect(place.adjusted(0, px(5), 0, -px(5)), color(Token.SURFACE))
        painter.setPen(color(Token.WARN))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)

    def paint_parts(self, painter: QPainter, layout: WeekLayout, port: QRect) -> None:
        for _, placed, box in layout.parts:
            if box.intersects(port):
                self._paint_part(painter, placed, box, port.top() + layout.head)

    def _paint_part(self, painter: QPainter, placed: Placed, box: QRect, top: int) -> None:
        """Its words begin where it is in sight, from `top` on."""
        part, entry = placed.part, placed.part.entry
        token = entry_ink(entry)
        quiet = entry.state in (State.CANCELLED, State.FILED)
        painter.fillRect(box, color(Token.SURFACE))
        painter.fillRect(box, self._wash(token, 0.10 if quiet else 0.18))
        if entry.layer is Layer.OUTAGES:
            self._paint_edges(painter, QRectF(box), color(token), part.begins, part.ends)
        else:
            painter.fillRect(box.left(), box.top(), px(3), box.height(), color(token))
        inner = box.adjusted(px(6), px(1), -px(2), -px(1))
        inner.setTop(min(max(inner.top(), top), max(inner.top(), inner.bottom() - self.line)))
        painter.setFont(self._struck if entry.state is State.CANCELLED else self.small)
        plain = Token.MUTED if quiet else Token.TEXT
        painter.setPen(color(plain if entry.layer is Layer.OUTAGES else token))
        words = entry.headline(self.zone, begins=part.begins)
        most = max(1, inner.height() // self.line)
        if most == 1:
            shown = self.metrics.elidedText(words, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, _LEFT, shown)
            return
        for number, line in enumerate(self._lines_in(words, inner.width(), most)):
            place = QRect(inner.left(), inner.top() + number * self.line, inner.width(), self.line)
            painter.drawText(place, _LEFT, line)

    def _lines_in(self, words: str, room: int, most: int) -> tuple[str, ...]:
        """Broken between words; a word that is too long, and what finds no line, is cut."""
        key = (f"\0{words}", room, most)
        known = self._lines.get(key)
        if known is None:
            if len(self._lines) > MOST_KEPT:
                self._lines.clear()
            found, rest = [""], words.split(" ")
            while rest:
                longer = f"{found[-1]} {rest[0]}" if found[-1] else rest[0]
                if found[-1] and self._width(longer) > room:
                    if len(found) == most:
                        found[-1] = f"{found[-1]} {' '.join(rest)}"
                        break
                    found.append("")
                    continue
                found[-1] = longer
                rest.pop(0)
            elide = Qt.TextElideMode.ElideRight
            known = tuple(self.metrics.elidedText(line, elide, room) for line in found)
            self._lines[key] = known
        return known

    def _paint_edges(
        self, painter: QPainter, box: QRectF, ink: QColor, begins: bool, ends: bool
    ) -> None:
        """A frame that is open where the window crosses midnight."""
        box = box.adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(ink, 1))
        painter.drawLine(box.topLeft(), box.bottomLeft())
        painter.drawLine(box.topRight(), box.bottomRight())
        for closed, left, right in (
            (begins, box.topLeft(), box.topRight()),
            (ends, box.bottomLeft(), box.bottomRight()),
        ):
            painter.setPen(QPen(ink, 2 if closed else 1, _line_of(closed)))
            painter.drawLine(left, right)

    def paint_now(self, painter: QPainter, layout: WeekLayout, wall: datetime) -> None:
        y = layout.y(wall.hour * 60 + wall.minute)
        column = layout.column_of(wall.date())
        painter.setPen(QPen(color(Token.ACCENT), 2))
        painter.drawLine(column.left(), y, column.right(), y)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(Token.ACCENT))
        painter.drawEllipse(QPointF(column.left() + 1, y), px(4), px(4))

    def paint_top(self, painter: QPainter, layout: WeekLayout, ground: Ground) -> None:
        """Days, their clocks, who is on duty, and what lasts whole days."""
        painter.fillRect(QRect(0, 0, layout.width, layout.head), color(Token.SURFACE))
        painter.setFont(self.small)
        painter.setPen(color(Token.MUTED))
        noon = to_utc(datetime.combine(ground.chosen, time(12)), ground.clocks[-1])
        for number, zone in enumerate(ground.clocks):
            box = QRect(number * px(CLOCK), 0, px(CLOCK) - px(6), px(HEAD))
            name = abbreviation(noon, zone)
            name = name.removeprefix("UTC") or "UTC"
            painter.drawText(box, _RIGHT, name)
        for n in range(DAYS):
            self._paint_day(painter, layout, layout.monday + timedelta(days=n), ground)
        for placed in layout.bars:
            self.paint_bar(painter, placed, 1.0)
        painter.setPen(QPen(color(Token.LINE), 1))
        painter.drawLine(0, layout.head - 1, layout.width, layout.head - 1)
        for n in range(DAYS):
            painter.drawLine(layout.x(n), 0, layout.x(n), px(HEAD))

    def _paint_day(self, painter: QPainter, layout: WeekLayout, day: date, ground: Ground) -> None:
        box = layout.name_of(day).adjusted(px(6), 0, -px(4), 0)
        today = day == ground.today
        painter.setFont(self._bold if today else self._number)
        painter.setPen(color(Token.TEXT if today else Token.MUTED))
        heads = day_heads(day)
        fitting = (head for head in heads if self._number_width(head) <= box.width())
        words = next(fitting, heads[-1])
        left = layout.left_out.get(day, 0)
        beside = f"+{left}" if left else ground.duty.get(day, "")
        if left and box.width() - self._number_width(words) - px(4) < self._width(beside):
            words = f"{words[:2]} {day.day}"
        painter.drawText(box, _LEFT, words)
        painter.setFont(self.small)
        room = box.width() - self._number_width(words) - px(3 if left else 8)
        if beside and (left or room > px(18)):
            painter.setPen(color(Token.TEXT if left else Token.MUTED))
            elide = Qt.TextElideMode.ElideRight
            shown = beside if left else self.metrics.elidedText(beside, elide, room)
            painter.drawText(box, _RIGHT, shown)

    def paint_carried(self, painter: QPainter, boxes: Sequence[QRect], words: str) -> None:
        """Where a carried outage would lie, part by part."""
        tint = color(Token.ACCENT)
        tint.setAlphaF(0.16)
        for number, box in enumerate(boxes):
            painter.fillRect(box, tint)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(color(Token.ACCENT), 2, Qt.PenStyle.DashLine))
            painter.drawRect(box.adjusted(1, 1, -2, -2))
            if number == 0:
                high = min(self.line + px(2), box.height())
                place = QRect(box.left(), box.top(), box.width(), high)
                painter.fillRect(place, color(Token.ACCENT))
                painter.setFont(self.small)
                painter.setPen(color(Token.ON_ACCENT))
                room = place.adjusted(px(4), 0, -px(2), 0)
                elide = Qt.TextElideMode.ElideRight
                painter.drawText(room, _LEFT, self.metrics.elidedText(words, elide, room.width()))

    def _number_width(self, words: str) -> int:
        key = f"\0{words}"
        if key not in self._widths:
            self._widths[key] = QFontMetrics(self._bold).horizontalAdvance(words)
        return self._widths[key]


def _line_of(closed: bool) -> Qt.PenStyle:
    return Qt.PenStyle.SolidLine if closed else Qt.PenStyle.DotLine
