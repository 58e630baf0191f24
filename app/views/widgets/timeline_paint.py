"""How a step lies on the timeline: dashed planned, solid actual, pale expected."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPainterPath, QPen

from app.models.runbook import StepState
from app.models.times import speak_date, speak_time, to_wall
from app.services.runbook.timeline import Bar
from app.views.theme import Token, color, font, px, wash
from app.views.widgets.timeline_axis import Axis, Course

ROW = 26
GROUP = 24
BAR = 16
INK = {
    StepState.DONE: Token.OK,
    StepState.RUNNING: Token.INFO,
    StepState.CHECK: Token.COMMS,
    StepState.BLOCKED: Token.BAD,
    StepState.UNDONE: Token.MUTED,
}
OPEN = (StepState.RUNNING, StepState.CHECK, StepState.BLOCKED)
_DRIFT = timedelta(minutes=1)
"""Expected times that differ less from the plan are not drawn again."""


@dataclass(frozen=True, slots=True)
class BarRow:
    """A bar in its place; `group` is set on the first of a person's when grouped by person."""

    bar: Bar
    group: str = ""


def paint_row(
    painter: QPainter, row: BarRow, box: QRect, axis: Axis, course: Course, now: datetime
) -> None:
    """`box` is the whole row, its group's name on top included."""
    label = axis.left - px(8)
    if row.group:
        head = QRect(box.left() + px(4), box.top(), label, box.height() - px(ROW))
        painter.setFont(font(12, bold=True))
        painter.setPen(color(Token.MUTED))
        painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, row.group)
    line = QRect(box.left(), box.bottom() + 1 - px(ROW), box.width(), px(ROW))
    _paint_label(painter, row.bar, line, label)
    painter.save()
    painter.setClipRect(QRect(axis.left, box.top(), axis.width + px(8), box.height()))
    _paint_bar(painter, row.bar, line, axis, course, now)
    painter.restore()


def _paint_label(painter: QPainter, bar: Bar, line: QRect, label: int) -> None:
    painter.setFont(font())
    painter.setPen(color(Token.TEXT if bar.started_at is not None else Token.MUTED))
    metrics, mark = QFontMetrics(font()), " ◆" if bar.critical else ""
    room = label - px(8) - metrics.horizontalAdvance(mark)
    shown = metrics.elidedText(bar.label, Qt.TextElideMode.ElideRight, room) + mark
    box = QRect(line.left() + px(4), line.top(), label, line.height())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)


def _paint_bar(
    painter: QPainter, bar: Bar, line: QRect, axis: Axis, course: Course, now: datetime
) -> None:
    top = line.top() + (line.height() - px(BAR)) / 2

    def span(start: datetime, end: datetime) -> QRectF:
        return axis.span(start, end, top, px(BAR), px(4))

    round_ = float(px(4))
    begun = bar.started_at is not None
    if _drifted(bar) and bar.expected_start and bar.expected_end and not _settled(bar):
        late = bar.expected_end > course.promised_end
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(wash(Token.BAD if late else Token.INFO, 0.35, Token.SURFACE))
        since = max(bar.expected_start, now) if begun else bar.expected_start
        painter.drawRoundedRect(span(since, max(since, bar.expected_end)), round_, round_)
    start, end = bar.planned_start, bar.planned_end
    if start is None and not begun:  # the way back has no plan: what is expected stands for it
        start, end = bar.expected_start, bar.expected_end
    if start is not None and end is not None:
        painter.setPen(QPen(color(Token.MUTED), 1, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(span(start, end), round_, round_)
    if bar.started_at is not None:
        until = now if bar.state in OPEN else bar.ended_at
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color(INK.get(bar.state, Token.MUTED)))
        until = max(until or now, bar.started_at)
        solid = span(bar.started_at, until).adjusted(-0.5, -0.5, 0.5, 0.5)  # over the dashes
        painter.drawRoundedRect(solid, round_, round_)
        if until < axis.first:
            planned = span(start, end) if start is not None and end is not None else QRectF()
            _point_at(painter, until, line, axis, course.zone, planned)


def _point_at(
    painter: QPainter, until: datetime, line: QRect, axis: Axis, zone: str, planned: QRectF
) -> None:
    """Done long before what is shown: say when, at the left edge or behind what was planned."""
    wall = to_wall(until, zone)
    painter.setFont(font(12))
    painter.setPen(color(Token.MUTED))
    words = f"◂ {speak_date(wall.date())} {speak_time(wall)}"
    left = clear_of(planned, axis.left, QFontMetrics(font(12)).horizontalAdvance(words))
    box = QRect(left, line.top(), axis.width, line.height())
    painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)


def clear_of(planned: QRectF, left: int, width: int) -> int:
    """Where words so wide may begin: at `left`, or behind a bar that stands there."""
    gap = px(6)
    taken = not planned.isEmpty() and planned.left() < left + width + gap
    return int(planned.right()) + gap if taken else left


def _settled(bar: Bar) -> bool:
    return bar.state in (StepState.DONE, StepState.SKIPPED, StepState.UNDONE)


def _drifted(bar: Bar) -> bool:
    if bar.planned_start is None or bar.planned_end is None or bar.expected_end is None:
        return False
    begun = bar.started_at is not None
    start = bar.planned_start if begun or bar.expected_start is None else bar.expected_start
    return (
        abs(start - bar.planned_start) >= _DRIFT
        or abs(bar.expected_end - bar.planned_end) >= _DRIFT
    )


def paint_links(
    painter: QPainter,
    links: Iterable[tuple[Bar, Bar, bool]],
    box_of: Callable[[Bar], QRect],
    axis: Axis,
) -> None:
    """A thin line from the end of each step to the start of the one that waits for it; those
    of the chosen step (the third of a link) stand out."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for before, after, chosen in sorted(links, key=lambda link: link[2]):
        end, start = _end(before), _start(after)
        one, two = box_of(before), box_of(after)
        if end is None or start is None or one.isNull() or two.isNull():
            continue
        x1, x2 = axis.x(end), axis.x(start)
        y1, y2 = one.bottom() - px(ROW) / 2, two.bottom() - px(ROW) / 2
        bend = max(x1, x2 - px(6)) if x2 - x1 >= px(6) else x1 + px(6)
        path = QPainterPath(QPointF(x1, y1))
        path.lineTo(bend, y1)
        path.lineTo(bend, y2)
        path.lineTo(x2, y2)
        painter.setPen(QPen(color(Token.TEXT if chosen else Token.MUTED), 1))
        painter.setOpacity(1.0 if chosen else 0.5)
        painter.drawPath(path)
    painter.setOpacity(1.0)


def _end(bar: Bar) -> datetime | None:
    return bar.ended_at or bar.expected_end or bar.planned_end


def _start(bar: Bar) -> datetime | None:
    return bar.started_at or bar.expected_start or bar.planned_start
