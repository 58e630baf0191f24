"""The lifecycle strip: what is behind, where we are, what is ahead."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.views.theme import Token, color, font, px
from app.views.widgets.labels import paint_bar
from app.views.widgets.tone import Tone, ink

PAD = 10
CLOSE = 4
"""Left and right of a stop's words: as a rule, and at the least."""
GAP = 4
"""Between one line of stops and the next."""


class Stage(StrEnum):
    BEHIND = "behind"
    HERE = "here"
    AHEAD = "ahead"


class Stop(NamedTuple):
    """One word of the strip; `tone` colours the line when we are here."""

    words: str
    stage: Stage
    tone: Tone = Tone.ACCENT


class Stepper(QWidget):
    """Painted; read out as one sentence. Short of room the stops come closer, then go on in a
    further line; only one that is wider than all the room is elided."""

    def __init__(self, stops: Sequence[Stop] = ()) -> None:
        super().__init__()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._stops: tuple[Stop, ...] = ()
        self.show_stops(stops)

    def show_stops(self, stops: Sequence[Stop]) -> None:
        self._stops = tuple(stops)
        behind = ", ".join(stop.words for stop in stops if stop.stage is Stage.BEHIND)
        here = next((stop.words for stop in stops if stop.stage is Stage.HERE), "")
        self.setAccessibleName(f"Now {here}; passed {behind}" if behind else f"Now {here}")
        self.setToolTip(" → ".join(stop.words for stop in stops))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(sum(words + 2 * px(PAD) for words in self._words()), self._line())

    def minimumSizeHint(self) -> QSize:
        return QSize(px(180), self._line())

    def heightForWidth(self, width: int) -> int:
        lines = max(1, len(self.lines(width)))
        return lines * self._line() + (lines - 1) * px(GAP)

    def lines(self, width: int) -> list[list[tuple[Stop, int]]]:
        """The stops of each line, with how wide each is painted, in a strip so wide."""
        fitted: list[list[tuple[Stop, int]]] = []
        least, left = 2 * px(CLOSE), 0
        for stop, words in zip(self._stops, self._words(), strict=True):
            if not fitted or words + least > left:
                fitted.append([])
                left = width
            fitted[-1].append((stop, words))
            left -= words + least
        return [_spread(line, width) for line in fitted]

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.updateGeometry()

    def _line(self) -> int:
        return QFontMetrics(font(12)).height() + px(8)

    def _words(self) -> list[int]:
        plain, bold = QFontMetrics(font(12)), QFontMetrics(font(12, bold=True))
        return [
            (bold if stop.stage is Stage.HERE else plain).horizontalAdvance(stop.words)
            for stop in self._stops
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        high = self._line()
        for number, line in enumerate(self.lines(self.width())):
            left, top = 0, number * (high + px(GAP))
            for stop, width in line:
                _paint_stop(painter, stop, QRect(left, top, width, high))
                left += width


def _spread(line: list[tuple[Stop, int]], width: int) -> list[tuple[Stop, int]]:
    """As far apart as a rule, or as there is room for."""
    room = (width - sum(words for _, words in line)) // len(line)
    pad = min(2 * px(PAD), max(2 * px(CLOSE), room))
    return [(stop, min(width, words + pad)) for stop, words in line]


def _paint_stop(painter: QPainter, stop: Stop, box: QRect) -> None:
    face = font(12, bold=stop.stage is Stage.HERE)
    text, line = _inks(stop)
    paint_bar(painter, QRect(box.left(), box.bottom() - 1, box.width(), 2), line)
    painter.setFont(face)
    painter.setPen(color(text))
    words = QFontMetrics(face).elidedText(
        stop.words, Qt.TextElideMode.ElideRight, box.width() - 2 * px(CLOSE) + 2
    )
    painter.drawText(box.adjusted(0, 0, 0, -2), Qt.AlignmentFlag.AlignCenter, words)


def _inks(stop: Stop) -> tuple[Token, Token]:
    match stop.stage:
        case Stage.BEHIND:
            return Token.OK, Token.OK
        case Stage.HERE:
            return Token.TEXT, ink(stop.tone)
        case Stage.AHEAD:
            return Token.MUTED, Token.LINE
