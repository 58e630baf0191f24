"""How a card is measured and painted. Words are measured once, cards are painted once."""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPainterPath, QPen, QPixmap

from app.views.runbook.board_model import CardRow, CardTone
from app.views.theme import Token, color, font, look_key, px
from app.views.widgets.labels import paint_initials
from app.views.widgets.tone import Tone, ink

KEPT = 600
"""Painted cards kept; some six screens full."""
MOST_WORDS = 20_000
SHORT = 16
"""Characters. Texts like "25 min" or "after 12" return so often that they are words, too."""
TITLE_LINES = 3
META_LINES = 5
_BREAKS = re.compile(r"[ \t\r\n]+")
_PARTED = re.compile(r"(?<=\w)- (?=\w)")
_DOTS = re.compile(r"(?<= ·) ")
_GAP = "\u00a0\u00a0"
"""Between code and title: two fixed spaces, at which no line breaks."""

_BAR = {
    CardTone.PLAIN: Token.LINE,
    CardTone.RUN: Token.INFO,
    CardTone.BLOCKED: Token.BAD,
    CardTone.GATE: Token.ACCENT,
    CardTone.VERIFY: Token.COMMS,
    CardTone.DONE: Token.OK,
}


class Wrapper:
    """Breaks lines by words whose widths it remembers: a runbook's vocabulary is small, so a
    thousand titles cost a few milliseconds where QTextLayout takes more than the frame has."""

    def __init__(self, face: QFont) -> None:
        self.metrics = QFontMetrics(face)
        self._space = self.metrics.horizontalAdvance(" ")
        self._widths: dict[str, int] = {}

    def width(self, word: str) -> int:
        known = self._widths.get(word)
        if known is None:
            if len(self._widths) > MOST_WORDS:
                self._widths.clear()
            known = self._widths[word] = self.metrics.horizontalAdvance(word)
        return known

    def wrap(self, text: str, room: int, most: int) -> tuple[str, ...]:
        """At most `most` lines no wider than `room` pixels; the last ends in … when cut."""
        if len(text) <= SHORT and text == _BREAKS.sub(" ", text) and self.width(text) <= room:
            return (text,) if text else ()
        lines: list[str] = []
        line, used = "", 0
        for piece in self._pieces(text, room):
            wide = self.width(piece)
            if line and used + self._space + wide <= room:
                line, used = f"{line} {piece}", used + self._space + wide
                continue
            if line:
                lines.append(line)
            if len(lines) > most:
                break
            line, used = piece, wide
        else:
            if line:
                lines.append(line)
        if len(lines) > most:
            rest = _PARTED.sub("-", " ".join(lines[most - 1 :]))
            lines[most - 1 :] = [self._cut(rest, room)]
        return tuple(lines)

    def _pieces(self, text: str, room: int) -> Iterator[str]:
        """Words, and parts of those too long for a line. A fixed space does not break."""
        for word in _BREAKS.split(text):
            code, gap, rest = word.partition(_GAP)
            if gap and self.width(word) > room:  # rather a code alone than a broken word
                yield code
                word = rest
            while self.width(word) > room:
                head = self._head(word, room)
                yield head
                word = word[len(head) :]
            if word:
                yield word

    def _cut(self, text: str, room: int) -> str:
        return self.metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)

    def _head(self, word: str, room: int) -> str:
        """The longest beginning of a long word that fits, to a hyphen if one is within it; one
        character at least."""
        low, high = 1, len(word)
        while low < high:
            middle = (low + high + 1) // 2
            if self.metrics.horizontalAdvance(word[:middle]) <= room:
                low = middle
            else:
                high = middle - 1
        hyphen = word.rfind("-", 1, low)
        return word[: hyphen + 1] if hyphen > 0 else word[:low]


@dataclass(frozen=True, slots=True)
class CardShape:
    """The lines of a card at one width, and the height they need (logical pixels). The first of
    `meta` have `tones`."""

    title: tuple[str, ...]
    meta: tuple[str, ...]
    height: int
    tones: tuple[Tone, ...] = ()


class CardPainter:
    """Measures and paints cards for one look and size; made anew when either changes."""

    def __init__(self) -> None:
        self.look = look_key()
        self._title = font(bold=True)
        self._small = font(11)
        self._title_wrap = Wrapper(self._title)
        self._small_wrap = Wrapper(self._small)
        self._line = max(px(18), self._title_wrap.metrics.height())
        self._small_line = max(px(16), self._small_wrap.metrics.height())
        self._left = px(3) + px(10)
        self._right = px(10)
        self._top = px(9)
        self._avatar = px(22)
        self._between = px(6)
        self._beside_avatar = self._avatar + px(8)
        self._lowest = px(36)
        self._shapes: dict[tuple[CardRow, int], CardShape] = {}
        self._painted: OrderedDict[tuple[CardRow, int, float], QPixmap] = OrderedDict()

    def shape(self, row: CardRow, width: int) -> CardShape:
        key = (row, width)
        known = self._shapes.get(key)
        if known is None:
            if len(self._shapes) > 5_000:
                self._shapes.clear()
            known = self._shapes[key] = self._measure(row, width)
        return known

    def _measure(self, row: CardRow, width: int) -> CardShape:
        room = width - self._left - self._right
        title = self._title_wrap.wrap(_headline(row), room, TITLE_LINES)
        small = room - (self._beside_avatar if row.initials else 0)
        if row.tone is CardTone.GATE:
            small -= px(14)
        meta: list[str] = []
        tones: list[Tone] = []
        for words, tone in row.marks:
            lines = self._small_wrap.wrap(words, small, META_LINES - 1)
            meta.extend(lines)
            tones.extend(tone for _line in lines)
        for text in row.meta:
            if len(meta) < META_LINES:
                whole = self._phrases(text, small)
                meta.extend(self._small_wrap.wrap(whole, small, META_LINES - len(meta)))
        height = 2 * self._top + len(title) * self._line
        if meta or row.initials:
            under = len(meta) * self._small_line
            height += self._between + max(under, self._avatar if row.initials else 0)
        return CardShape(title, tuple(meta), max(self._lowest, height), tuple(tones))

    def _phrases(self, text: str, room: int) -> str:
        """Keep what stands between middle dots on one line ("after 5"), where it fits."""
        if "·" not in text and self._small_wrap.width(text) <= room:
            return text
        kept = []
        for phrase in _DOTS.split(text):
            fixed = phrase.rstrip().replace(" ", "\u00a0")
            kept.append(
                fixed
                if self._small_wrap.width(fixed) <= room
                else phrase.rstrip().replace(" ·", "\u00a0·")
            )
        return " ".join(kept)

    def pixmap(self, row: CardRow, width: int, ratio: float) -> QPixmap:
        """The card, from the cache when it was painted before."""
        key = (row, width, ratio)
        known = self._painted.get(key)
        if known is not None:
            self._painted.move_to_end(key)
            return known
        shape = self.shape(row, width)
        size = QSize(round(width * ratio), round(shape.height * ratio))
        made = QPixmap(size)
        made.setDevicePixelRatio(ratio)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint(painter, row, shape, QRectF(0, 0, width, shape.height))
        painter.end()
        self._painted[key] = made
        if len(self._painted) > KEPT:
            self._painted.popitem(last=False)
        return made

    def _paint(self, painter: QPainter, row: CardRow, shape: CardShape, box: QRectF) -> None:
        edge = QPainterPath()
        edge.addRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), px(7), px(7))
        painter.fillPath(edge, color(Token.RAISED))
        painter.save()
        painter.setClipRect(QRectF(0, 0, px(3), box.height()))
        bar = QPainterPath()
        bar.addRoundedRect(box, px(7), px(7))
        painter.fillPath(bar, color(_BAR[row.tone]))
        painter.restore()
        painter.save()
        painter.setClipRect(QRectF(px(3), 0, box.width(), box.height()))
        painter.setPen(QPen(color(Token.LINE), 1))
        painter.drawPath(edge)
        painter.restore()
        quiet = row.tone is CardTone.DONE
        painter.setPen(color(Token.MUTED if quiet else Token.TEXT))
        painter.setFont(self._title)
        width = int(box.width()) - self._left - self._right
        top = self._top
        for line in shape.title:
            painter.drawText(QRect(self._left, top, width, self._line), _LEFT, line)
            top += self._line
        if shape.meta or row.initials:
            self._paint_foot(painter, row, shape, top + self._between, int(box.width()))

    def _paint_foot(
        self, painter: QPainter, row: CardRow, shape: CardShape, top: int, width: int
    ) -> None:
        under = len(shape.meta) * self._small_line
        tall = max(under, self._avatar if row.initials else 0)
        left = self._left
        y = top + (tall - under) // 2
        if row.tone is CardTone.GATE:
            _paint_diamond(painter, QPointF(left + px(4), y + self._small_line / 2))
            left += px(14)
        painter.setFont(self._small)
        for line, tone in zip_longest(shape.meta, shape.tones, fillvalue=Tone.PLAIN):
            painter.setPen(color(Token.MUTED if tone is Tone.PLAIN else ink(tone)))
            painter.drawText(QRect(left, y, width - left, self._small_line), _LEFT, line)
            y += self._small_line
        if row.initials:
            side = self._avatar
            at = QRectF(width - self._right - side, top + (tall - side) / 2, side, side)
            paint_initials(painter, at, row.initials)


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _headline(row: CardRow) -> str:
    return f"{row.code}{_GAP}{row.title}" if row.code else row.title


def _paint_diamond(painter: QPainter, centre: QPointF) -> None:
    reach = float(px(4))
    path = QPainterPath(QPointF(centre.x(), centre.y() - reach))
    for x, y in ((reach, 0.0), (0.0, reach), (-reach, 0.0)):
        path.lineTo(centre.x() + x, centre.y() + y)
    path.closeSubpath()
    painter.fillPath(path, color(Token.ACCENT))
