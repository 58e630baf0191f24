"""Icons: the Phosphor set that QtAwesome ships, painted in the current look.

Importing qtawesome costs a third of a bare Qt window's start, so its font and character map are
read from the installed package without running it. An icon paints itself from the token when it
is drawn: a change of look needs no new icons.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QIcon,
    QIconEngine,
    QPainter,
    QPainterPath,
    QPixmap,
    QRawFont,
)

from app.views.theme import Token, color

RESOURCES = Path(__file__).resolve().parents[2] / "resources"


@lru_cache(maxsize=1)
def _glyphs() -> tuple[str, str]:
    """The font's family, and what maps icon names to code points: JSON, and left so. To read its
    4,470 names for a dozen would be a fiftieth of a bare window's start."""
    spec = find_spec("qtawesome")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("QtAwesome is not installed; run the set-up again.")
    fonts = Path(next(iter(spec.submodule_search_locations))) / "fonts"
    number = QFontDatabase.addApplicationFont(str(next(fonts.glob("phosphor-*.ttf"))))
    families = QFontDatabase.applicationFontFamilies(number)
    if not families:
        raise RuntimeError("The icon font cannot be read; run the set-up again.")
    charmap = next(fonts.glob("phosphor-charmap-*.json")).read_text(encoding="ascii")
    return families[0], charmap


@lru_cache(maxsize=256)
def _code_point(name: str) -> int:
    """Raises KeyError for a name that Phosphor has not."""
    entry = re.search(rf'"{re.escape(name)}":\s*"0x([0-9a-f]+)"', _glyphs()[1])
    if entry is None:
        raise KeyError(f"Phosphor has no icon called {name}")
    return int(entry[1], 16)


@lru_cache(maxsize=256)
def _shape(name: str) -> QPainterPath:
    """The outline of an icon in a square of 64 units."""
    font = QFont(_glyphs()[0])
    font.setPixelSize(64)
    raw = QRawFont.fromFont(font)
    glyph = raw.glyphIndexesForString(chr(_code_point(name)))[0]
    path = raw.pathForGlyph(glyph)
    box = path.boundingRect()
    return path.translated(32 - box.center().x(), 32 - box.center().y())


def check_icon(name: str) -> str:
    """`name`, when Phosphor has it; a wrong one must fail before it is painted."""
    _code_point(name)
    return name


def paint_icon(painter: QPainter, box: QRectF, name: str, ink: QColor) -> None:
    """Draw Phosphor's `name` (say "calendar-blank") into the square `box`."""
    side = min(box.width(), box.height())
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(box.center().x() - side / 2, box.center().y() - side / 2)
    painter.scale(side / 64, side / 64)
    painter.fillPath(_shape(name), ink)
    painter.restore()


class _Engine(QIconEngine):
    def __init__(self, name: str, token: Token) -> None:
        super().__init__()
        self._name = name
        self._token = token

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        token = Token.MUTED if mode == QIcon.Mode.Disabled else self._token
        paint_icon(painter, QRectF(rect), self._name, color(token))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        made = QPixmap(size)
        made.fill(Qt.GlobalColor.transparent)
        painter = QPainter(made)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return made

    def clone(self) -> QIconEngine:
        return _Engine(self._name, self._token)


def icon(name: str, token: Token = Token.TEXT) -> QIcon:
    """An icon that follows the look. Raises KeyError for a name that Phosphor has not."""
    check_icon(name)
    return QIcon(_Engine(name, token))


def app_icon() -> QIcon:
    return QIcon(str(RESOURCES / "icons" / "flight-console.svg"))
