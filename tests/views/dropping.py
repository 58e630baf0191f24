"""Files let go over a widget, as the desktop tells of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget


def drop_files(over: QWidget, paths: Sequence[Path]) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    held = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton
    for event in (QDragEnterEvent, QDropEvent):
        there = event(QPoint(40, 40), *held, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(over, there)
