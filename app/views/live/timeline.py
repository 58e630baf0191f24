"""The flight as bars: dashed planned, solid actual, lines for now, way back and end. Painted."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.models.outages.lifecycle import CLOSED, State
from app.models.runbook import Slack, StepState, slack_class
from app.models.times import speak_time, to_wall
from app.services.live.rows import Bar, LiveRows
from app.views.theme import Token, color, font, px

ROW = 26
BAR = 16
_INK = {
    StepState.DONE: Token.OK,
    StepState.RUNNING: Token.INFO,
    StepState.CHECK: Token.COMMS,
    StepState.BLOCKED: Token.BAD,
    StepState.UNDONE: Token.MUTED,
}


class Timeline(QWidget):
    """One row a step; read out as one sentence a step."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._rows: LiveRows | None = None
        self._now: datetime | None = None
        self._drawn = -1
        self.setAccessibleName("Timeline")

    def show_rows(self, rows: LiveRows, now: datetime) -> None:
        self._rows, self._now = rows, now
        self.setAccessibleDescription(" ".join(_spoken(rows, bar) for bar in rows.bars))
        self.setFixedHeight(self.sizeHint().height())
        self.updateGeometry()
        self.update()

    def tick(self, now: datetime) -> None:
        """Painted again once a minute, not once a second."""
        minute = int(now.timestamp() // 60)
        self._now = now
        if minute != self._drawn:
            self._drawn = minute
            self.update()

    def sizeHint(self) -> QSize:
        count = len(self._rows.bars) if self._rows else 0
        return QSize(px(480), max(1, count) * px(ROW) + px(4))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(320), self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and self._rows:
            self.setFixedHeight(self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        rows, now = self._rows, self._now
        if rows is None or now is None or not rows.bars:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        label = min(px(230), self.width() // 3)
        axis = _Axis(rows, now, label + px(8), self.width() - label - px(16))
        for place, bar in enumerate(rows.bars):
            self._paint_bar(painter, bar, place * px(ROW), label, axis)
        height = len(rows.bars) * px(ROW)
        for moment, ink, width in (
            (rows.way_back if has_way_back(rows) else None, _back_ink(rows, now), 1),
            (rows.promised_end, Token.BAD, 1),
            (None if rows.state in CLOSED else now, Token.ACCENT, 2),
        ):
            if moment is not None:
                painter.fillRect(QRectF(axis.x(moment), 0, width, height), color(ink))

    def _paint_bar(self, painter: QPainter, bar: Bar, top: int, label: int, axis: _Axis) -> None:
        begun = bar.started_at is not None
        painter.setFont(font())
        painter.setPen(color(Token.TEXT if begun else Token.MUTED))
        words = f"{bar.label} ◆" if bar.critical else bar.label
        shown = QFontMetrics(font()).elidedText(words, Qt.TextElideMode.ElideRight, label)
        box = QRectF(0, top, label, px(ROW))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        y = top + (px(ROW) - px(BAR)) / 2
        start, end = bar.planned_start, bar.planned_end
        if start is None:  # the way back has no plan: what is expected stands for it
            start, end = bar.expected_start, bar.expected_end
        if start is not None and end is not None:
            painter.setPen(QPen(color(Token.MUTED), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(axis.span(start, end, y), px(4), px(4))
        if begun and bar.started_at is not None:
            until = bar.ended_at if bar.state is StepState.DONE else axis.now
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(color(_INK.get(bar.state, Token.MUTED)))
            painter.drawRoundedRect(axis.span(bar.started_at, until or axis.now, y), px(4), px(4))


class _Axis:
    """Moments to pixels: from the first bar to a little after the last line."""

    def __init__(self, rows: LiveRows, now: datetime, left: int, width: int) -> None:
        firsts = [m for b in rows.bars for m in (b.planned_start, b.expected_start) if m]
        lasts = [m for b in rows.bars for m in (b.planned_end, b.expected_end) if m]
        self.now = now
        self._first = min([*firsts, rows.start])
        last = max([*lasts, rows.promised_end]) + timedelta(minutes=5)
        self._left = left
        self._last = left + width
        self._scale = width / max(1.0, (last - self._first).total_seconds())

    def x(self, moment: datetime) -> float:
        """Kept inside the axis: now may be hours before or after."""
        x = self._left + (moment - self._first).total_seconds() * self._scale
        return min(max(x, self._left), self._last)

    def span(self, start: datetime, end: datetime, top: float) -> QRectF:
        left = self.x(start)
        return QRectF(left, top, max(float(px(4)), self.x(end) - left), px(BAR))


def has_way_back(rows: LiveRows) -> bool:
    """There is something to undo, and it can still be decided."""
    flying = rows.state in (State.IN_PROGRESS, State.VERIFYING)
    return flying and rows.anything_to_undo and not rows.past_return


def _back_ink(rows: LiveRows, now: datetime) -> Token:
    slack = slack_class(rows.way_back, now)
    return {Slack.OK: Token.OK, Slack.WARN: Token.WARN, Slack.BAD: Token.BAD}[slack]


def _spoken(rows: LiveRows, bar: Bar) -> str:
    start = bar.started_at or bar.expected_start
    at = f" {speak_time(to_wall(start, rows.zone))}" if start else ""
    return f"{bar.label}, {bar.state.words}{at}."
