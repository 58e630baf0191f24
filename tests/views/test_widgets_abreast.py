from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.views.theme import Theme
from app.views.widgets.abreast import Abreast
from app.views.widgets.forms import Field


def window_of(qtbot: QtBot, made: Abreast, width: int) -> QWidget:
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
