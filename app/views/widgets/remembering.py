"""How the user laid the panes out, kept in `window.ini` from one day to the next."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QTimer
from PySide6.QtWidgets import QSplitter

REST_MS = 300
"""A drag moves the handle at every step; it is written once it rests."""


def remember_panes(panes: QSplitter, name: str, settings: Path | None) -> None:
    """Lay the panes as they were left under that name, and keep it when they are moved; nothing
    without `settings`. What does not fit these panes (another version's) is left aside."""
    if settings is None:
        return
    key, path = f"panes/{name}", str(settings)
    kept = QSettings(path, QSettings.Format.IniFormat).value(key)
    width = panes.handleWidth()  # goes with the font size of now
    if isinstance(kept, QByteArray) and not kept.isEmpty():
        panes.restoreState(kept)
        panes.setHandleWidth(width)
        panes.setChildrenCollapsible(False)
    rest = QTimer(panes)
    rest.setSingleShot(True)
    rest.setInterval(REST_MS)
    rest.timeout.connect(
        lambda: QSettings(path, QSettings.Format.IniFormat).setValue(key, panes.saveState())
    )
    panes.splitterMoved.connect(lambda _place, _index: rest.start())
