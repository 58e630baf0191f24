from __future__ import annotations

from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.views.theme import Theme
from app.views.widgets.stack import Stack


def _page(height: int) -> QWidget:
    made = QWidget()
    QVBoxLayout(made).addWidget(QLineEdit())
    made.setMinimumHeight(height)
    return made


def test_a_stack_asks_for_the_room_of_the_page_in_front(theme: Theme, qtbot: QtBot) -> None:
    stack, short, long = Stack(), _page(100), _page(900)
    qtbot.addWidget(stack)
    stack.addWidget(short)
    stack.addWidget(long)
    assert stack.minimumSizeHint().height() == 100
    stack.setCurrentWidget(long)
    assert stack.minimumSizeHint().height() == 900


def test_without_its_page_in_front_a_stack_shows_the_first(theme: Theme, qtbot: QtBot) -> None:
    stack, first, second = Stack(), _page(100), _page(100)
    qtbot.addWidget(stack)
    stack.addWidget(first)
    stack.addWidget(second)
    stack.setCurrentWidget(second)
    stack.removeWidget(second)
    assert stack.currentWidget() is first
    assert not first.isHidden()
