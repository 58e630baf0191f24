"""What is shown part by part."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from pytestqt.qtbot import QtBot

from app.views.widgets.in_turns import InTurns


def test_others_are_heard_between_two_parts(qtbot: QtBot) -> None:
    said: list[str] = []
    owner = QObject()

    def first() -> None:
        said.append("first")
        QTimer.singleShot(0, owner, lambda: said.append("a click"))

    turns = InTurns(owner, first, lambda: said.append("second"))
    turns.begin()
    assert said == []
    qtbot.waitUntil(lambda: "second" in said)
    assert said == ["first", "a click", "second"]


def test_a_part_that_waits_is_shown_once_however_often_it_is_asked_for(qtbot: QtBot) -> None:
    said: list[int] = []
    owner = QObject()

    def first() -> None:
        said.append(0)
        if len(said) == 1:
            turns.begin()

    turns = InTurns(owner, first, lambda: said.append(1), lambda: said.append(2))
    turns.begin()
    qtbot.waitUntil(lambda: len(said) == 4)
    assert said == [0, 1, 2, 0]


def test_what_waits_can_be_shown_now(qtbot: QtBot) -> None:
    said: list[int] = []
    owner = QObject()
    turns = InTurns(owner, lambda: said.append(1), lambda: said.append(2))
    turns.begin()
    turns.finish()
    assert said == [1, 2]
