"""A Qt application without a window, for printing and pictures from the command line."""

from __future__ import annotations

import os
import sys

from PySide6.QtWidgets import QApplication

from app.views.theme import STYLE


def ensure_application() -> QApplication:
    """The running application, or one that needs no display."""
    existing = QApplication.instance()
    if isinstance(existing, QApplication):
        return existing
    if sys.platform.startswith("linux") and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    return QApplication([sys.argv[0], *STYLE])
