"""Ink, fonts and measures of the calendar on paper.

Lengths are in twentieths of a point (1,440 to the inch), as everything that is printed here: fine
enough that whole units keep the proportions of the fonts on every device.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF

UNITS_PER_INCH = 1440
POINT = UNITS_PER_INCH / 72
SIDE, TOP, FOOT = 30 * POINT, 28 * POINT, 34 * POINT
HEAD = 34 * POINT
INK, GREY = QColor(0x11, 0x11, 0x11), QColor(0x55, 0x55, 0x55)
PALE = QColor(0xE4, 0xE4, 0xE4)
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
WRAP = Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap


def paper_font(points: float, *, bold: bool = False) -> QFont:
    made = QFont()
    made.setPixelSize(round(points * POINT))
    made.setBold(bold)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def broken(words: str, metrics: QFontMetricsF, width: float, most: int) -> list[str]:
    """In at most so many lines, broken between words; what finds no room is cut with an ellipsis,
    and so is a word that is wider than a line."""
    found, rest = [""], words.split()
    while rest:
        longer = f"{found[-1]} {rest[0]}".strip()
        if found[-1] and metrics.horizontalAdvance(longer) > width:
            if len(found) == most:
                found[-1] = " ".join((found[-1], *rest))
                break
            found.append("")
            continue
        found[-1] = longer
        rest.pop(0)
    return [metrics.elidedText(line, Qt.TextElideMode.ElideRight, width) for line in found]
