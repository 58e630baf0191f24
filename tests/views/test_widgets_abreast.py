from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.views.theme import Look, Theme
from app.views.widgets.abreast import Abreast
from app.views.widgets.forms import Field
from app.views.widgets.tabs import Tabs


def window_of(qtbot: QtBot, made: QWidget, width: int) -> QWidget:
    window = QWidget()
    box = QVBoxLayout(window)
    box.setContentsMargins(0, 0, 0, 0)
    box.addWidget(made)
    qtbot.addWidget(window)
    window.resize(width, 200)
    window.show()
    return window


def test_with_room_fields_stand_in_one_line(theme: Theme, qtbot: QtBot) -> None:
    one, other = Field("Requested by", QLineEdit()), Field("Approved by", QLineEdit())
    window = window_of(qtbot, Abreast(one, other), 600)
    assert window.isVisible()
    qtbot.waitUntil(lambda: one.y() == other.y() and one.x() < other.x())


def test_without_they_stand_one_under_the_other_and_ask_for_no_more_width(
    theme: Theme, qtbot: QtBot
) -> None:
    one, other = Field("Requested by", QLineEdit()), Field("Approved by", QLineEdit())
    made = Abreast(one, other)
    window = window_of(qtbot, made, 10)
    assert window.isVisible()
    widest = max(one.minimumSizeHint().width(), other.minimumSizeHint().width())
    assert made.minimumSizeHint().width() == widest
    qtbot.waitUntil(lambda: one.x() == other.x() and one.y() < other.y())


def test_of_seven_tabs_none_is_cut_off_where_everything_is_large(
    theme: Theme, qtbot: QtBot
) -> None:
    theme.choose(Look.DARK, 200)
    made = Tabs("Parts of this outage")
    for name in ("Overview", "Board", "Timeline", "Communication", "People", "Changes", "Log"):
        made.addTab(name)
    window = window_of(qtbot, made, 924)
    assert window.isVisible() and made.minimumSizeHint().width() < 924
    qtbot.waitUntil(lambda: made.tabRect(made.count() - 1).right() <= made.width())
