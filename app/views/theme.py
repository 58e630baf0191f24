"""The look: colour tokens, sizes and fonts, in one place.

A process has one look, as it has one QApplication palette, so the current look lives in this
module. Views name tokens (`color(Token.OK)`) and sizes in design pixels (`px(16)`), never a hex
colour or a raw pixel. `Theme` switches the look while the console runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontInfo, QPalette
from PySide6.QtWidgets import QApplication

from app.views.theme_sheet import style_sheet
from app.views.theme_sizes import rescale

STYLE = ("-style", "Fusion")
"""For every QApplication's arguments. `setStyle` would hand back a QStyle, whose 500 constants take
PySide longer to build than Qt takes to draw the window."""
BASE_PX = 13
"""The body text of the mock-ups, in pixels at 100 %."""
SCALES = (100, 110, 125, 150, 175, 200)
"""The sizes offered in the settings, in per cent."""


class Token(StrEnum):
    BG = "bg"
    SURFACE = "surface"
    RAISED = "raised"
    LINE = "line"
    TEXT = "text"
    MUTED = "muted"
    ACCENT = "accent"
    ON_ACCENT = "on_accent"
    INFO = "info"
    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    COMMS = "comms"


class Look(StrEnum):
    DARK = "dark"
    LIGHT = "light"
    SYSTEM = "system"


_ORDER = tuple(Token)
_DARK = (
    "#0f141a #161d26 #1d2630 #2a3542 #e6edf3 #8b9bac #f5b83d #141a20 "
    "#4da3ff #3fb97f #f0a93b #f0605d #a98bfa"
)
_LIGHT = (
    "#f4f6f8 #ffffff #ffffff #d8dfe6 #16202b #5b6b7b #8f5d00 #ffffff "
    "#0b67c9 #1b7f4d #995c00 #c2332f #6b46d6"
)
TABLES: dict[Look, dict[Token, str]] = {
    Look.DARK: dict(zip(_ORDER, _DARK.split(), strict=True)),
    Look.LIGHT: dict(zip(_ORDER, _LIGHT.split(), strict=True)),
}


class _Current:
    look = Look.DARK
    scale = 1.0
    mono = ""
    system_px = 0


_now = _Current()


def color(token: Token) -> QColor:
    """The colour of `token` in the look now shown."""
    return QColor(TABLES[_now.look][token])


def wash(token: Token, part: float = 0.12, over: Token = Token.BG) -> QColor:
    """`token` laid thinly over another: a tinted background that text stays readable on."""
    top, under = color(token), color(over)
    return QColor.fromRgbF(
        under.redF() + (top.redF() - under.redF()) * part,
        under.greenF() + (top.greenF() - under.greenF()) * part,
        under.blueF() + (top.blueF() - under.blueF()) * part,
    )


def px(design: float) -> int:
    """Design pixels (as in the mock-ups) to logical pixels at the size now chosen."""
    return max(1, round(design * _now.scale)) if design > 0 else round(design * _now.scale)


def look_key() -> tuple[Look, float]:
    """What a cached picture depends on."""
    return (_now.look, _now.scale)


@contextmanager
def on_paper() -> Iterator[None]:
    """Light and at 100 %, whatever the window shows: for pictures that leave it. What is painted
    meanwhile is painted so; nothing of the window may be."""
    look, scale = _now.look, _now.scale
    _now.look, _now.scale = Look.LIGHT, 1.0
    try:
        yield
    finally:
        _now.look, _now.scale = look, scale


def is_dark() -> bool:
    return _now.look is Look.DARK


def font(design: float = BASE_PX, *, bold: bool = False, mono: bool = False) -> QFont:
    """The interface font, or the fixed one for clocks, with digits of one width."""
    made = QFont(_mono_family()) if mono else QFont(QApplication.font())
    made.setPixelSize(px(design))
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    if not mono:
        made.setFeature(QFont.Tag("tnum"), 1)
    return made


def _mono_family() -> str:
    if not _now.mono:
        fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        _now.mono = QFontInfo(fixed).family()
    return _now.mono


def _system_px(app: QApplication) -> int:
    """The body text of the desktop, measured before the first theme enlarged it."""
    if _now.system_px == 0:
        _now.system_px = QFontInfo(app.font()).pixelSize()
    return _now.system_px


class Theme(QObject):
    """Dresses the application and follows the desktop when asked to."""

    changed = Signal()

    def __init__(self, app: QApplication, look: Look = Look.DARK, percent: int = 100) -> None:
        super().__init__(app)
        self._app = app
        self._look = look
        self._percent = percent
        self._system_px = _system_px(app)
        app.styleHints().colorSchemeChanged.connect(self._on_system_changed)
        self._dress()

    @property
    def look(self) -> Look:
        """What was chosen; SYSTEM stays SYSTEM."""
        return self._look

    @property
    def percent(self) -> int:
        return self._percent

    @property
    def is_told(self) -> bool:
        """The desktop says whether it is dark or light; some do not, and SYSTEM is dark there."""
        return self._app.styleHints().colorScheme() != Qt.ColorScheme.Unknown

    def choose(self, look: Look | None = None, percent: int | None = None) -> None:
        """Switch at once; `percent` is kept within 100–200."""
        self._look = look or self._look
        if percent is not None:
            self._percent = min(200, max(100, percent))
        self._dress()

    def _on_system_changed(self) -> None:
        if self._look is Look.SYSTEM:
            self._dress()

    def _dress(self) -> None:
        _now.look = self._shown()
        before = _now.scale
        # a person who enlarged the desktop's font gets everything enlarged with it
        _now.scale = self._percent / 100 * min(2.0, max(1.0, self._system_px / BASE_PX))
        if _now.scale != before:
            rescale(self._app.topLevelWidgets(), before, _now.scale)
        base = QFont(self._app.font())
        base.setPixelSize(px(BASE_PX))
        base.setFeature(QFont.Tag("tnum"), 1)
        self._app.setFont(base)
        self._app.setPalette(_palette())
        tokens = {**_named(), "alert": wash(Token.ACCENT, 0.07).name()}
        # Qt's own balloon over a plain tray is pale yellow in every look
        tokens["on_balloon"] = TABLES[Look.LIGHT][Token.TEXT]
        self._app.setStyleSheet(style_sheet(tokens, px, _mono_family(), _now.look.value))
        self.changed.emit()

    def _shown(self) -> Look:
        if self._look is not Look.SYSTEM:
            return self._look
        scheme = self._app.styleHints().colorScheme()
        return Look.LIGHT if scheme == Qt.ColorScheme.Light else Look.DARK


def _named() -> dict[str, str]:
    return {token.value: colour for token, colour in TABLES[_now.look].items()}


def _palette() -> QPalette:
    role = QPalette.ColorRole
    made = QPalette()
    for which, token in (
        (role.Window, Token.BG),
        (role.Base, Token.SURFACE),
        (role.AlternateBase, Token.RAISED),
        (role.ToolTipBase, Token.RAISED),
        (role.Button, Token.RAISED),
        (role.WindowText, Token.TEXT),
        (role.Text, Token.TEXT),
        (role.ButtonText, Token.TEXT),
        (role.ToolTipText, Token.TEXT),
        (role.PlaceholderText, Token.MUTED),
        (role.BrightText, Token.BAD),
        (role.Highlight, Token.ACCENT),
        (role.Accent, Token.ACCENT),
        (role.HighlightedText, Token.ON_ACCENT),
        (role.Link, Token.INFO),
        (role.LinkVisited, Token.COMMS),
        (role.Mid, Token.LINE),
        (role.Light, Token.RAISED),
        (role.Dark, Token.LINE),
        (role.Midlight, Token.LINE),
    ):
        made.setColor(which, color(token))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, color(Token.MUTED))
    return made
