"""Closing a meeting from Live: one dialogue that follows what is stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.models.bridge import Closing, ClosingAnswer, ClosingStep, Provider
from app.services.bridge.reading import Joining, Making
from app.services.live.rows import BridgeRow
from app.services.ports.meetings import Attendance
from app.views.live.closing_dialog import ClosingDialog
from app.views.theme import Theme

AT = datetime(2025, 1, 11, 3, 0, tzinfo=UTC)
ZONE = "America/New_York"
OPEN = BridgeRow(
    "212 555 0142",
    AT,
    "M. Okafor",
    None,
    "",
    Provider.TEAMS,
    joining=Joining((), Making.MADE, "", False, False, "m1"),
)


def answered(*steps: ClosingStep) -> BridgeRow:
    given = tuple(ClosingAnswer(step, f"{step} seen", "M. Okafor", AT) for step in steps)
    return replace(OPEN, closing=Closing(given))


@pytest.fixture
def host(qtbot: QtBot, theme: Theme) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def shown(host: QWidget, bridge: BridgeRow) -> ClosingDialog:
    made = ClosingDialog(host, bridge, ZONE)
    made.open()
    return made


def words(dialog: ClosingDialog) -> str:
    return " | ".join(each.text() for each in dialog.findChildren(QLabel) if each.isVisible())


def test_it_begins_with_the_farewell(qtbot: QtBot, host: QWidget) -> None:
    dialog = shown(host, OPEN)
    QTest.keyClicks(dialog.editor, "thank you all")
    with qtbot.waitSignal(dialog.answered) as said:
        dialog.yes.click()
    assert said.args == [ClosingStep.FAREWELL, "thank you all"]


def test_nothing_said_is_no_proof(qtbot: QtBot, host: QWidget) -> None:
    dialog = shown(host, OPEN)
    with qtbot.assertNotEmitted(dialog.answered):
        dialog.yes.click()
    assert "kept as proof" in words(dialog)


def test_it_goes_on_when_the_lobby_was_read_as_locked(host: QWidget) -> None:
    dialog = shown(host, answered(ClosingStep.FAREWELL))
    assert "goes on by itself" in words(dialog)
    assert dialog.yes.accessibleName() == "I locked it by hand"
    dialog.show_bridge(answered(ClosingStep.FAREWELL, ClosingStep.LOCK))
    assert "goes on by itself" not in words(dialog)
    assert dialog.yes.accessibleName() == "It is ended"


def test_a_lock_that_failed_is_said(host: QWidget) -> None:
    assert OPEN.joining is not None
    dialog = shown(host, answered(ClosingStep.FAREWELL))
    trouble = replace(OPEN.joining, lock_trouble="the lobby still lets in “everyone”")
    dialog.show_bridge(replace(answered(ClosingStep.FAREWELL), joining=trouble))
    assert "still lets in “everyone”" in words(dialog)


def test_what_is_typed_stays_while_the_same_step_is_due(host: QWidget) -> None:
    dialog = shown(host, OPEN)
    QTest.keyClicks(dialog.editor, "thank")
    dialog.show_bridge(replace(OPEN, line="another"))
    assert dialog.editor.text() == "thank"


def test_the_report_is_offered_as_what_was_seen(host: QWidget) -> None:
    looking = answered(ClosingStep.FAREWELL, ClosingStep.LOCK, ClosingStep.END)
    dialog = shown(host, looking)
    assert not dialog.report.isVisible()

    def attend(
        meeting: str,
        then: Callable[[Attendance | None], object],
        _failed: Callable[..., object],
    ) -> None:
        assert meeting == "m1"
        then(Attendance(AT, AT.replace(hour=4), 5))

    dialog.offer_report(attend)
    dialog.report.click()
    assert dialog.editor.text() == ("Attendance report: 5 people, 22:00 until Fri 10 Jan 23:00 EST")


def test_no_report_yet_is_no_proof(host: QWidget) -> None:
    dialog = shown(host, answered(ClosingStep.FAREWELL, ClosingStep.LOCK, ClosingStep.END))
    dialog.offer_report(lambda _meeting, then, _failed: then(None))
    dialog.report.click()
    assert dialog.editor.text() == ""
    assert "no report yet" in words(dialog)
