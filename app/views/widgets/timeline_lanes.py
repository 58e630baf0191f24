"""A lane for each person: what they do one after another, on one line of the clock.

Planned times stand as dashed outlines in a strip on top of the lane, so that below it only what
happened and what is expected is seen. Steps that really ran at once take a line each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from app.models.runbook import SETTLED, StepState
from app.models.times import speak_time, to_wall
from app.services.runbook.timeline import Bar
from app.views.theme import Token, color, font, px, wash
from app.views.widgets.timeline_axis import Axis, Course
from app.views.widgets.timeline_paint import INK, OPEN

NOBODY = "Nobody yet"
PLAN = 10
LINE = 26
BAR = 20
PAD = 5
LEAST = 46
"""So high that the name and the line under it have room."""
_TOUCH = timedelta(seconds=30)
_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lane:
    """`lines` places each bar on its line, 0 the upper one; bars are in order of their start."""

    name: str
    bars: tuple[Bar, ...]
    lines: tuple[int, ...]

    @property
    def height(self) -> int:
        """In design pixels."""
        return max(LEAST, PLAN + (max(self.lines, default=0) + 1) * LINE + 2 * PAD)

    def facts(self, zone: str) -> str:
        """`2 of 5 done · free 21:12`: what the line under the name says."""
        done = sum(bar.state in SETTLED for bar in self.bars)
        if done == len(self.bars):
            return "all done"
        said = f"{done} of {len(self.bars)} done"
        ends = [end for bar in self.bars if (end := end_of(bar)) is not None]
        return f"{said} · free {speak_time(to_wall(max(ends), zone))}" if ends else said


def start_of(bar: Bar) -> datetime | None:
    return bar.started_at or bar.expected_start or bar.planned_start


def end_of(bar: Bar) -> datetime | None:
    return bar.ended_at or bar.expected_end or bar.planned_end


def lanes_of(bars: Sequence[Bar]) -> tuple[Lane, ...]:
    """In the order in which people come first in the runbook."""
    mine: dict[str, list[Bar]] = {}
    for bar in bars:
        mine.setdefault(bar.owner or NOBODY, []).append(bar)
    return tuple(_lane(name, own) for name, own in mine.items())


def _lane(name: str, bars: Sequence[Bar]) -> Lane:
    """A bar goes on the first line that is free by its start; what is left out takes no room."""
    ordered = sorted(bars, key=lambda bar: start_of(bar) or _NEVER)
    free: list[datetime] = []
    lines = []
    for bar in ordered:
        start, end = start_of(bar), end_of(bar)
        if start is None or end is None or bar.state is StepState.SKIPPED:
            lines.append(0)
            continue
        line = next((n for n, until in enumerate(free) if until <= start + _TOUCH), len(free))
        free[line:] = [max(start, end), *free[line + 1 :]]
        lines.append(line)
    return Lane(name, tuple(ordered), tuple(lines))


def box_of(lane: Lane, place: int, box: QRect, axis: Axis) -> QRect:
    """Where the bar in this place lies in the lane’s `box`; what is over before the first moment
    shown, or has no time, lies at the left edge."""
    bar = lane.bars[place]
    start, end = start_of(bar), end_of(bar)
    top = box.top() + px(PAD + PLAN) + lane.lines[place] * px(LINE) + px(LINE - BAR) // 2
    if start is None or end is None or max(start, end) < axis.first:
        return QRect(axis.left, box.top() + px(PAD), px(40), px(PLAN))
    return axis.span(start, max(start, end), top, px(BAR), px(6)).toRect()


def paint_lane(
    painter: QPainter,
    lane: Lane,
    box: QRect,
    axis: Axis,
    course: Course,
    now: datetime,
    chosen: str = "",
    *,
    focused: bool = False,
) -> None:
    """`chosen` is the id of the step whose bar has the frame."""
    _paint_name(painter, lane, box, axis, course.zone)
    painter.fillRect(box.left(), box.bottom(), box.width(), 1, color(Token.LINE))
    painter.save()
    painter.setClipRect(QRect(axis.left, box.top(), axis.width + px(8), box.height()))
    strip = box.top() + px(PAD)
    for place, bar in enumerate(lane.bars):
        _paint_plan(painter, bar, strip, axis)
        where = box_of(lane, place, box, axis)
        if where.height() == px(BAR) and bar.state is not StepState.SKIPPED:
            _paint_bar(painter, bar, where, axis, course, now)
        if bar.step_id == chosen:
            frame = where.adjusted(-px(2), -px(2), px(1), px(1))
            painter.setPen(QPen(color(Token.ACCENT if focused else Token.TEXT), px(2)))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(frame, px(5), px(5))
    _paint_earlier(painter, lane, strip, axis)
    painter.restore()


def _paint_name(painter: QPainter, lane: Lane, box: QRect, axis: Axis, zone: str) -> None:
    room = axis.left - px(16) - box.left()
    line = QRect(box.left() + px(4), box.top() + px(PAD), room, px(18))
    for words, face, ink in (
        (lane.name, font(bold=True), Token.TEXT),
        (lane.facts(zone), font(12), Token.MUTED),
    ):
        painter.setFont(face)
        painter.setPen(color(ink))
        shown = QFontMetrics(face).elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, shown)
        line.translate(0, px(18))


def _paint_plan(painter: QPainter, bar: Bar, top: int, axis: Axis) -> None:
    if bar.planned_start is None or bar.planned_end is None:
        return
    outline = axis.span(bar.planned_start, bar.planned_end, top, px(PLAN) - px(3), px(4))
    painter.setPen(QPen(color(Token.MUTED), 1, Qt.PenStyle.DashLine))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(outline.adjusted(0.5, 0.5, -0.5, -0.5), px(3), px(3))


def _paint_bar(
    painter: QPainter, bar: Bar, where: QRect, axis: Axis, course: Course, now: datetime
) -> None:
    """What happened is solid, what is expected pale; the step’s name stands on both."""
    painter.setPen(Qt.PenStyle.NoPen)
    end = end_of(bar)
    late = end is not None and end > course.promised_end and bar.state not in SETTLED
    painter.setBrush(wash(Token.BAD if late else Token.INFO, 0.35, Token.SURFACE))
    painter.drawRoundedRect(where, px(4), px(4))
    solid = QRect()
    if bar.started_at is not None:
        until = now if bar.state in OPEN else bar.ended_at or now
        until = axis.last if bar.state in SETTLED else until  # also what took no time is seen
        right = round(min(max(axis.x(until), where.left() + px(3)), where.right() + 1.0))
        solid = QRect(where.left(), where.top(), right - where.left(), where.height())
        painter.save()
        painter.setClipRect(solid, Qt.ClipOperation.IntersectClip)
        painter.setBrush(color(INK.get(bar.state, Token.MUTED)))
        painter.drawRoundedRect(where, px(4), px(4))
        painter.restore()
    _paint_words(painter, bar, where, solid, axis)


def _paint_words(painter: QPainter, bar: Bar, where: QRect, solid: QRect, axis: Axis) -> None:
    """In the bar, as far as they fit: the whole name, else the code, each with ◆ when critical."""
    face = font(12, bold=True)
    metrics = QFontMetrics(face)
    left = max(where.left(), axis.left)
    room = QRect(left, where.top(), where.right() - left, where.height())
    mark = " ◆" if bar.critical else ""
    code = bar.label.partition(" ")[0]
    fits = room.width() - px(8)
    words = metrics.elidedText(
        bar.label, Qt.TextElideMode.ElideRight, fits - metrics.horizontalAdvance(mark)
    )
    if len(words) < len(code) + 4:
        words = code if metrics.horizontalAdvance(code + mark) <= fits else ""
        if not words and metrics.horizontalAdvance(code) <= room.width():
            words, mark = code, ""
    if not words:
        return
    painter.setFont(face)
    inner = room.adjusted(px(4), 0, 0, 0) if fits > px(16) else room
    for part, ink in ((solid, Token.BG), (where, Token.TEXT)):
        painter.save()
        clip = part if part is solid else where.adjusted(solid.width(), 0, 0, 0)
        if clip.width() > 0:
            painter.setClipRect(clip, Qt.ClipOperation.IntersectClip)
            painter.setPen(color(ink))
            painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter, words + mark)
        painter.restore()


def _paint_earlier(painter: QPainter, lane: Lane, top: int, axis: Axis) -> None:
    """How many were done before what is shown."""
    ends = [end_of(bar) for bar in lane.bars]
    count = sum(end is not None and end < axis.first for end in ends)
    if count:
        painter.setFont(font(11))
        painter.setPen(color(Token.MUTED))
        place = QRectF(axis.left, top - px(3), px(120), px(14))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, f"◂ {count} earlier")
