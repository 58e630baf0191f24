"""How large a dialogue may be: its buttons stay on a small screen where everything is large."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QWidget

from app.views.theme import px

FRAME = 60
"""What the desktop puts around a window, with a little of what lies behind left to see."""


def size_within(dialog: QDialog, over: QWidget, width: int, height: int) -> None:
    """`width` × `height` design pixels, or as much of them as the window of `over` has."""
    there = over.window().size()
    dialog.resize(
        min(px(width), there.width() - FRAME // 2), min(px(height), there.height() - FRAME)
    )
