from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QApplication, QLabel, QLayout, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from app.views.theme import TABLES, Look, Theme, Token, color, font, px
from app.views.widgets.forms import Field
from app.views.widgets.panels import Card, button


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


def numbers(card: Card) -> list[object]:
    """Margins, gaps and fixed sizes within a card."""
    found: list[object] = []
    for layout in card.findChildren(QLayout):
        found += [layout.contentsMargins(), layout.spacing()]
        items = (layout.itemAt(place) for place in range(layout.count()))
        found += [item.sizeHint() for item in items if item is not None and item.spacerItem()]
    for widget in card.findChildren(QWidget):
        found += [widget.minimumSize(), widget.maximumSize()]
    return found


def form(qtbot: QtBot) -> Card:
    card = Card("Window", "when it is")
    card.body.setSpacing(px(12))
    card.body.addWidget(Field("Start", QLineEdit(), "In the zone of the site."))
    card.body.addSpacing(px(10))
    act = button("Save")
    act.setFixedWidth(px(92))
    card.body.addWidget(act)
    qtbot.addWidget(card)
    card.resize(px(600), px(200))  # wide enough for the hint at any size
    card.show()
    return card


@pytest.mark.parametrize(("first", "then"), [(100, 150), (150, 200), (200, 110), (175, 100)])
def test_what_is_shown_is_laid_out_as_if_it_had_begun_at_the_new_size(
    theme: Theme, qtbot: QtBot, first: int, then: int
) -> None:
    theme.choose(percent=first)
    switched = form(qtbot)
    theme.choose(percent=then)
    assert numbers(switched) == numbers(form(qtbot))


def test_a_second_window_of_the_same_process_is_not_enlarged_twice(
    theme: Theme, qapp: QApplication
) -> None:
    theme.choose(percent=150)
    once = px(100)
    again = Theme(qapp, percent=150)
    assert px(100) == once
    again.deleteLater()


def test_the_switch_is_announced(theme: Theme, qtbot: QtBot) -> None:
    with qtbot.waitSignal(theme.changed):
        theme.choose(Look.LIGHT)
