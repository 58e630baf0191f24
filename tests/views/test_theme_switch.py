from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from app.views.theme import TABLES, Look, Theme, Token, color, font, px


def test_switching_the_look_changes_palette_and_tokens_at_once(
    theme: Theme, qapp: QApplication
) -> None:
    theme.choose(Look.LIGHT)
    assert color(Token.BG).name() == TABLES[Look.LIGHT][Token.BG]
    assert qapp.palette().color(QPalette.ColorRole.Window) == color(Token.BG)
    assert TABLES[Look.LIGHT][Token.ACCENT] in qapp.styleSheet()


def test_following_the_system_takes_the_desktops_scheme(theme: Theme, qapp: QApplication) -> None:
    theme.choose(Look.SYSTEM)
    light = qapp.styleHints().colorScheme() == Qt.ColorScheme.Light
    expected = Look.LIGHT if light else Look.DARK
    assert color(Token.BG).name() == TABLES[expected][Token.BG]
    assert theme.look is Look.SYSTEM


def test_sizes_and_fonts_grow_with_the_chosen_scale(theme: Theme) -> None:
    small, words = px(16), font().pixelSize()
    theme.choose(percent=200)
    assert px(16) == 2 * small
    assert font().pixelSize() == 2 * words


def test_a_scale_beyond_the_limits_is_kept_within_them(theme: Theme) -> None:
    theme.choose(percent=900)
    assert theme.percent == 200
    theme.choose(percent=10)
    assert theme.percent == 100


def test_a_shown_label_grows_without_a_restart(theme: Theme, qtbot: QtBot) -> None:
    label = QLabel("Ready")
    qtbot.addWidget(label)
    label.show()
    before = label.sizeHint().height()
    theme.choose(percent=200)
    assert label.sizeHint().height() > 1.7 * before


def test_the_switch_is_announced(theme: Theme, qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme.changed):
        theme.choose(Look.LIGHT)
