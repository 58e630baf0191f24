"""Panes lie as they were left."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QLabel, QSplitter
from pytestqt.qtbot import QtBot

from app.views.theme import Theme
from app.views.widgets.remembering import remember_panes


def panes(qtbot: QtBot, path: Path | None, count: int = 2) -> QSplitter:
    made = QSplitter()
    qtbot.addWidget(made)
    for number in range(count):
        made.addWidget(QLabel(str(number)))
    made.resize(600, 200)
    made.show()
    remember_panes(made, "notices", path)
    return made


def kept(path: Path) -> bool:
    return QSettings(str(path), QSettings.Format.IniFormat).contains("panes/notices")


def test_panes_that_were_moved_lie_so_the_next_time(
    theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "window.ini"
    first = panes(qtbot, path)
    first.moveSplitter(420, 1)
    qtbot.waitUntil(lambda: kept(path))
    again = panes(qtbot, path)
    assert again.sizes() == first.sizes()
    assert again.sizes()[0] > again.sizes()[1] * 2


def test_without_a_file_nothing_is_kept(theme: Theme, qtbot: QtBot, tmp_path: Path) -> None:
    one = panes(qtbot, None)
    one.moveSplitter(420, 1)
    assert list(tmp_path.iterdir()) == []


def test_panes_kept_by_another_version_are_left_aside(
    theme: Theme, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "window.ini"
    QSettings(str(path), QSettings.Format.IniFormat).setValue("panes/notices", "no state")
    assert all(size > 0 for size in panes(qtbot, path).sizes())
