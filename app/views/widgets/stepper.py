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
    """Painted; read out as one sentence. Short of room the stops come closer, then all but where
    we are are elided."""

    def __init__(self, stops: Sequence[Stop] = ()) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
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
        return QSize(sum(self._widths()), QFontMetrics(font(12)).height() + px(8))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(180), self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
            self.updateGeometry()

    def _widths(self) -> list[int]:
        return [width + 2 * px(PAD) for width in self._words()]

    def _words(self) -> list[int]:
        plain, bold = QFontMetrics(font(12)), QFontMetrics(font(12, bold=True))
        return [
            (bold if stop.stage is Stage.HERE else plain).horizontalAdvance(stop.words)
            for stop in self._stops
        ]

    def _fitted(self) -> list[int]:
        """How wide each stop is painted."""
        words = self._words()
        stops = max(1, len(words))
        pad = min(2 * px(PAD), max(2 * px(CLOSE), (self.width() - sum(words)) // stops))
        widths = [width + pad for width in words]
        here = sum(w for w, s in zip(widths, self._stops, strict=True) if s.stage is Stage.HERE)
        room, wished = self.width() - here, max(1, sum(widths) - here)
        short = min(1.0, max(0, room) / wished)
        return [
            width if stop.stage is Stage.HERE else int(width * short)
            for width, stop in zip(widths, self._stops, strict=True)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left = 0
        for stop, width in zip(self._stops, self._fitted(), strict=True):
            here = stop.stage is Stage.HERE
            face = font(12, bold=here)
            text, line = _inks(stop)
            paint_bar(painter, QRect(left, self.height() - 2, width, 2), line)
            painter.setFont(face)
            painter.setPen(color(text))
            words = QFontMetrics(face).elidedText(
                stop.words, Qt.TextElideMode.ElideRight, width - 2 * px(CLOSE) + 2
            )
            box = QRect(left, 0, width, self.height() - 2)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)
            left += width


def _inks(stop: Stop) -> tuple[Token, Token]:
    match stop.stage:
        case Stage.BEHIND:
            return Token.OK, Token.OK
        case Stage.HERE:
            return Token.TEXT, ink(stop.tone)
        case Stage.AHEAD:
            return Token.MUTED, Token.LINE
