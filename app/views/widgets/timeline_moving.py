"""Zooming and scrolling a timeline by keys and wheel, the same in every way it is drawn."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QWheelEvent

ZOOM_STEP = 1.4
_FACTORS = {
    Qt.Key.Key_Plus: ZOOM_STEP,
    Qt.Key.Key_Equal: ZOOM_STEP,
    Qt.Key.Key_Minus: 1 / ZOOM_STEP,
    Qt.Key.Key_0: 0.0,
}


class Moved(Protocol):
    def zoom_by(self, factor: float, at: float | None = None) -> None: ...
    def scroll_by(self, pixels: int) -> None: ...


def zoomed(timeline: Moved, event: QKeyEvent) -> bool:
    """+ and − zoom, 0 fits everything; False for any other key."""
    factor = _FACTORS.get(Qt.Key(event.key()))
    if factor is None:
        return False
    timeline.zoom_by(factor)
    return True


def wheeled(timeline: Moved, event: QWheelEvent) -> bool:
    """With Ctrl it zooms around the pointer, with Shift (or sideways) it scrolls; else False."""
    turned = event.angleDelta()
    if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
        timeline.zoom_by(ZOOM_STEP ** (turned.y() / 120), event.position().x())
    elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier or turned.x():
        timeline.scroll_by(-(turned.x() or turned.y()) // 2)
    else:
        return False
    event.accept()
    return True
