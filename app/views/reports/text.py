"""Text on paper, measured in units that no screen scales.

One unit is a twentieth of a point (1,440 to the inch): large enough that font metrics, which Qt
rounds to whole units, keep their proportions on every device.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QFontMetricsF,
    QPainter,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)

UNITS_PER_INCH = 1440
INK = QColor(0x11, 0x11, 0x11)
MUTED = QColor(0x55, 0x55, 0x55)
LEADING = 1.2  # times the font's own line height, so 1.4 times its size in DejaVu Sans


def pt(points: float) -> float:
    """Points in units."""
    return points * UNITS_PER_INCH / 72


@dataclass(frozen=True, slots=True)
class Style:
    size: float = 9.0
    bold: bool = False
    muted: bool = False


BODY = Style()
STRONG = Style(bold=True)
QUIET = Style(muted=True)
SMALL = Style(7.5, muted=True)


@dataclass(frozen=True, slots=True)
class Run:
    text: str
    style: Style = BODY


def clean(text: str) -> str:
    """Line ends as Qt wants them; other control characters, which print as boxes, as spaces."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.translate(_PRINTED)


_PRINTED = {
    **dict.fromkeys([*range(32), 127], " "),
    **dict.fromkeys(map(ord, "\n\u2028\u2029"), "\u2028"),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),  # half a character
}


@lru_cache(maxsize=32)
def font(style: Style) -> QFont:
    """DejaVu Sans where it is installed, else the system's own; needs a QGuiApplication."""
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont).family()
    made = QFont()
    made.setFamilies(["DejaVu Sans", system])
    made.setPixelSize(round(pt(style.size)))
    made.setBold(style.bold)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    # a ligature is one glyph, and a PDF reader searching "firmware" would not find it
    for feature in ("liga", "clig", "dlig"):
        made.setFeature(QFont.Tag(feature), 0)
    return made


class Text:
    """A paragraph wrapped to `width`. `height` and the drawing are in units."""

    def __init__(self, runs: Sequence[Run], width: float, *, right: bool = False) -> None:
        self.width = width
        self._right = right
        self._runs = [replace(run, text=clean(run.text)) for run in runs if run.text]
        base = self._runs[0].style if self._runs else BODY
        self._layout = QTextLayout("".join(run.text for run in self._runs), font(base))
        option = QTextOption(Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft)
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        option.setUseDesignMetrics(True)
        self._layout.setTextOption(option)
        self._layout.setFormats(self._formats())
        self._lines: list[tuple[int, int, float]] = []  # start, length, bottom
        self._longest = 0.0
        self.height = self._wrap()

    @property
    def plain(self) -> str:
        return self._layout.text()

    @property
    def natural_width(self) -> float:
        """Of its longest line, as wrapped."""
        return self._longest

    def draw(self, painter: QPainter, x: float, y: float) -> None:
        painter.setPen(INK)
        self._layout.draw(painter, QPointF(x, y))

    def pieces(self, limit: float) -> list[Text]:
        """Itself, or as many texts of whole lines as needed for each to be ≤ `limit` high."""
        if self.height <= limit or len(self._lines) < 2:
            return [self]
        parts: list[Text] = []
        first, top = 0, 0.0
        for index, (_start, _length, bottom) in enumerate(self._lines):
            if bottom - top > limit and index > first:
                parts.append(self._slice(first, index))
                first, top = index, self._lines[index - 1][2]
        parts.append(self._slice(first, len(self._lines)))
        return parts

    def _slice(self, first: int, end: int) -> Text:
        start = self._lines[first][0]
        stop = self._lines[end - 1][0] + self._lines[end - 1][1]
        runs, at = [], 0
        for run in self._runs:
            part = _utf16_slice(run.text, max(0, start - at), max(0, stop - at))
            at += _utf16_length(run.text)
            if part:
                runs.append(Run(part, run.style))
        if runs:
            runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip("\u2028"))
        return Text(runs, self.width, right=self._right)

    def _wrap(self) -> float:
        bottom = 0.0
        self._layout.beginLayout()
        while (line := self._layout.createLine()).isValid():
            line.setLineWidth(self.width)
            pitch = line.height() * LEADING
            line.setPosition(QPointF(0, bottom + (pitch - line.height()) / 2))
            bottom += pitch
            self._longest = max(self._longest, line.naturalTextWidth())
            self._lines.append((line.textStart(), line.textLength(), bottom))
        self._layout.endLayout()
        return bottom

    def _formats(self) -> list[QTextLayout.FormatRange]:
        ranges, at = [], 0
        for run in self._runs:
            span = QTextLayout.FormatRange()
            span.start, span.length = at, _utf16_length(run.text)
            span.format = QTextCharFormat()
            span.format.setFont(font(run.style))
            span.format.setForeground(MUTED if run.style.muted else INK)
            ranges.append(span)
            at += span.length
        return ranges


def _utf16_length(text: str) -> int:
    """Qt counts UTF-16 units; Python counts code points."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _utf16_slice(text: str, start: int, stop: int) -> str:
    return text.encode("utf-16-le")[2 * start : 2 * stop].decode("utf-16-le", "replace")


def elided(text: str, style: Style, width: float) -> str:
    """`text` cut with … to fit one line of `width`."""
    metrics = QFontMetricsF(font(style))
    return metrics.elidedText(clean(text), Qt.TextElideMode.ElideRight, width)
