"""What a window does before it closes, and where it stands when it comes back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.views.page import UNKEPT
from app.views.shell import Shell
from app.views.theme import Theme
from tests.views.test_shell_navigation import MOMENT, labels, sections


class Refused(QWidget):
    """Words of which the store says only when the window closes that it cannot keep them."""

    def keep(self, then: Callable[[], object]) -> bool:
        self.setProperty(UNKEPT, "“Planned” of OUT-2025-004")
        QTimer.singleShot(0, then)
        return True


def test_the_window_says_once_what_would_be_lost_and_comes_back_where_it_was(
    theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    def opened() -> Shell:
        shell = Shell(sections([]), lambda: MOMENT, settings=tmp_path / "w.ini")
        qtbot.addWidget(shell)
        shell.goto("today")
        return shell

    first = opened()
    first.show()
    qtbot.waitExposed(first)
    first.resize(first.width(), first.height() - 20)
    first.keep_standing()
    assert opened().size() == first.size(), "after a kill"
    Refused(first)
    first.close()
    qtbot.waitUntil(lambda: "“Planned” of OUT-2025-004" in labels(first))
    assert first.isVisible()
    first.close()
    qtbot.waitUntil(lambda: not first.isVisible())
    assert opened().size() == first.size()
