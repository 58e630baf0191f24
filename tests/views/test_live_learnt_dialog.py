"""What a rehearsal taught is carried back by keys: each line is ticked or left, then one key."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.models.live.learnt import Lesson, Took, lessons
from app.models.runbook import RunbookTemplate, TemplateStep
from app.services.live.rehearsing import Learnt
from app.views.live.learnt_dialog import LearntDialog
from app.views.theme import Theme

RUNBOOK = RunbookTemplate(
    "Network switch", 2, steps=(TemplateStep("1", "Drain", 10), TemplateStep("2", "Swap", 40))
)
TOOK = {"1": Took(timedelta(minutes=19)), "2": Took(timedelta(minutes=55))}


@pytest.fixture
def over(theme: Theme, qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def shown(
    over: QWidget, qtbot: QtBot, before: RunbookTemplate | None, carried: list[Lesson]
) -> LearntDialog:
    found = Learnt(before, RUNBOOK, lessons(before, RUNBOOK, TOOK))
    dialog = LearntDialog(over, "OUT-2025-001", found, carried.extend, lambda: None)
    dialog.show()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def test_what_is_left_ticked_is_carried_back_by_one_key(over: QWidget, qtbot: QtBot) -> None:
    carried: list[Lesson] = []
    dialog = shown(over, qtbot, RUNBOOK, carried)
    first = dialog.focusWidget()
    assert first is dialog.ticks[0]
    QTest.keyClick(first, Qt.Key.Key_Return)
    assert carried == [], "a bare Enter carries nothing"
    QTest.keyClick(first, Qt.Key.Key_Space)
    QTest.keyClick(first, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert [lesson.code for lesson in carried] == ["2"]
    dialog.reject()


def test_without_a_runbook_nothing_is_called_missing(over: QWidget, qtbot: QtBot) -> None:
    dialog = shown(over, qtbot, None, [])
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "There is no runbook “Network switch” yet" in said
    assert not any("Missing" in tick.text() for tick in dialog.ticks)
    dialog.reject()


def test_a_lesson_in_doubt_is_not_ticked_until_somebody_does(over: QWidget, qtbot: QtBot) -> None:
    doubt = Lesson("2", "2 Swap took 90 min, planned 40", 90, doubt=True)
    found = Learnt(RUNBOOK, RUNBOOK, (doubt,), in_one_go=("1",))
    dialog = LearntDialog(over, "OUT-2025-001", found, lambda _taken: None)
    assert dialog.taken == ()
    said = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "how long they took is not known: 1." in said
    dialog.reject()
