"""A data folder that cannot be used, before any window is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from app.views.settings.refused import another_folder
from app.views.settings.trouble_page import for_a_window


def test_closing_the_box_leaves_it_at_the_refusal(qtbot: QtBot) -> None:
    shown: list[str] = []

    def close() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        shown.append(box.informativeText())
        box.reject()

    QTimer.singleShot(0, close)
    assert another_folder("It cannot be used. Choose another with --data.", Path("/x")) is None
    assert shown == ["It cannot be used. Choose another."]


@pytest.mark.parametrize("command", ["restore FILE", 'restore "a b.sqlite" --data data'])
def test_what_a_terminal_is_told_to_type_is_left_out(command: str) -> None:
    said = f"The store is gone. Restore a backup (`{command}`), or open another with --data."
    assert for_a_window(said) == "The store is gone. Restore a backup, or open another."
