"""Tones: what a colour says. A tone never stands alone; a word or an icon is beside it."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QWidget

from app.views.theme import Token


class Tone(StrEnum):
    PLAIN = "plain"
    ACCENT = "accent"
    INFO = "info"
    OK = "ok"
    WARN = "warn"
    BAD = "bad"
    COMMS = "comms"


_INK = {
    Tone.PLAIN: Token.MUTED,
    Tone.ACCENT: Token.ACCENT,
    Tone.INFO: Token.INFO,
    Tone.OK: Token.OK,
    Tone.WARN: Token.WARN,
    Tone.BAD: Token.BAD,
    Tone.COMMS: Token.COMMS,
}


def ink(tone: Tone) -> Token:
    """The token a tone is drawn with."""
    return _INK[tone]


def set_part(widget: QWidget, part: str, tone: Tone | str | None = None) -> None:
    """Dress a widget by the style sheet's properties, now or later."""
    widget.setProperty("part", part)
    if tone is not None:
        widget.setProperty("tone", str(tone))
    restyle(widget)


def set_tone(widget: QWidget, tone: Tone | str) -> None:
    """Change the tone; costs nothing when it is the same."""
    if widget.property("tone") != str(tone):
        widget.setProperty("tone", str(tone))
        restyle(widget)


def restyle(widget: QWidget) -> None:
    """Properties are read by the style sheet only when a widget is polished."""
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        # Not through widget.style(): PySide then takes the application's style for a child of
        # that widget, and lets it go with the widget (seen as a crash in a later restyle).
        QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.Polish))
        widget.update()
