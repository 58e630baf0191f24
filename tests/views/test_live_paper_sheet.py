"""Enter paper in the window: read as it is typed, entered as one act, nothing lost unasked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.models.outages.lifecycle import State
from app.models.runbook import StepAct, StepState
from app.services.live.paper_typed import TypedPaper, keep_typed_paper, typed_paper
from app.services.uow import UnitOfWork, undo
from app.views.live.paper_sheet import PaperDesk, PaperSheet
from app.views.theme import Theme
from tests.flights import START, do, make_flight, step_of
from tests.makers import clock_of
from tests.views.flying import Cockpit, cockpit, until


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[Cockpit]:
    made = cockpit(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def flight(seat: Cockpit) -> str:
    """In progress at 21:00, everything before step 7 done."""
    made = seat.store.run(make_flight, State.IN_PROGRESS)

    def ready(uow: UnitOfWork) -> None:
        for code in ("1", "2", "3", "4", "5", "6"):
            step = step_of(uow, made, code)
            step.state, step.started_at, step.ended_at = StepState.DONE, START, START
        uow.log("ready", step)

    seat.store.run(ready)
    clock_of(seat.store).set(START + timedelta(hours=2))
    return made


@pytest.fixture
def desk(seat: Cockpit, qtbot: QtBot) -> PaperDesk:
    host = QWidget()
    host.resize(1200, 800)
    qtbot.addWidget(host)
    host.show()
    return PaperDesk(seat.ops, seat.told, seat.undos.append, host)


def opened(desk: PaperDesk, flight: str, qtbot: QtBot) -> PaperSheet:
    sheet = desk.open(flight)
    qtbot.waitUntil(sheet.isVisible)
    return sheet


def type_in(sheet: PaperSheet, qtbot: QtBot, text: str) -> None:
    for number, line in enumerate(text.split("\n")):
        if number:
            QTest.keyClick(sheet.typed, Qt.Key.Key_Return)
        QTest.keyClicks(sheet.typed, line)
    lines = [line for line in sheet.typed.toPlainText().split("\n") if line.strip()]
    until(qtbot, lambda: len(sheet.list.model_rows.rows()) == len(lines))


def pills(sheet: PaperSheet) -> list[str]:
    return [row.pill for row in sheet.list.model_rows.rows()]


def press(sheet: PaperSheet, key: Qt.Key) -> None:
    QTest.keyClick(sheet.typed, key, Qt.KeyboardModifier.ControlModifier)


def ito_on_the_board(seat: Cockpit, flight: str) -> None:
    """Step 7 began at 19:10 by the board."""
    clock_of(seat.store).set(START + timedelta(minutes=10))
    do(seat.store, flight, "7", StepAct.START)
    clock_of(seat.store).set(START + timedelta(hours=2))


def test_each_line_says_at_once_what_it_means(
    seat: Cockpit, desk: PaperDesk, flight: str, qtbot: QtBot
) -> None:
    sheet = opened(desk, flight, qtbot)
    type_in(sheet, qtbot, "7 1905 1925 ki\nx 19")
    first, second = sheet.list.model_rows.rows()
    assert (first.lead, first.trailing, first.pill) == ("7", "19:05–19:25", "fits")
    assert first.sub.startswith("K. Ito")
    assert second.title == "Line 2 cannot be read"


def test_ctrl_enter_enters_the_sheet_as_one_act_and_closes(
    seat: Cockpit, desk: PaperDesk, flight: str, qtbot: QtBot
) -> None:
    sheet = opened(desk, flight, qtbot)
    type_in(sheet, qtbot, '7 1905 1925 ki\n8 1925 2005 "')
    until(qtbot, lambda: pills(sheet) == ["fits", "fits"])
    press(sheet, Qt.Key.Key_Return)
    until(qtbot, lambda: bool(seat.undos))
    assert seat.store.read(step_of, flight, "8").by == "K. Ito"
    seat.store.run(undo, seat.undos[0])
    assert seat.store.read(step_of, flight, "7").state is StepState.TODO
    assert "2 lines are entered" in seat.told.infos[0]


def test_a_contradiction_waits_until_the_paper_is_said_to_be_right(
    seat: Cockpit, desk: PaperDesk, flight: str, qtbot: QtBot
) -> None:
    ito_on_the_board(seat, flight)
    sheet = opened(desk, flight, qtbot)
    type_in(sheet, qtbot, "7 1905 1925 ki")
    until(qtbot, lambda: pills(sheet) == ["waits"])
    assert not sheet.yes.isEnabled()
    press(sheet, Qt.Key.Key_T)
    until(qtbot, lambda: pills(sheet) == ["paper is right"])
    press(sheet, Qt.Key.Key_Return)
    until(qtbot, lambda: bool(seat.undos))
    assert seat.store.read(step_of, flight, "7").started_at == START + timedelta(minutes=5)


def test_what_is_left_out_stays_on_the_sheet(
    seat: Cockpit, desk: PaperDesk, flight: str, qtbot: QtBot
) -> None:
    sheet = opened(desk, flight, qtbot)
    type_in(sheet, qtbot, "7 1905 1925 ki\n99 1905 1906 ki\n8 1925 2005 ki")
    until(qtbot, lambda: len(pills(sheet)) == 3)
    press(sheet, Qt.Key.Key_Return)
    until(qtbot, lambda: bool(seat.undos))
    until(qtbot, lambda: sheet.typed.toPlainText() == "99 1905 1906 ki")
    assert sheet.isVisible()
    assert seat.store.read(step_of, flight, "8").state is StepState.DONE


def test_what_was_typed_is_there_when_it_opens_again(
    seat: Cockpit, desk: PaperDesk, flight: str, qtbot: QtBot
) -> None:
    sheet = opened(desk, flight, qtbot)
    type_in(sheet, qtbot, "7 1905 1925 ki")
    sheet.reject()
    again = opened(desk, flight, qtbot)
    until(qtbot, lambda: again.typed.toPlainText() == "7 1905 1925 ki")
    assert seat.store.read(step_of, flight, "7").state is StepState.TODO


def test_what_was_typed_outlives_a_crash(
    seat: Cockpit, desk: PaperDesk, flight: str, qtbot: QtBot
) -> None:
    type_in(opened(desk, flight, qtbot), qtbot, "7 1905 1925 ki\n8 19")
    until(qtbot, lambda: seat.store.read(typed_paper, flight).text == "7 1905 1925 ki\n8 19")


def test_what_is_kept_stands_before_what_is_typed_while_it_is_read(
    seat: Cockpit, desk: PaperDesk, flight: str, qtbot: QtBot
) -> None:
    seat.store.run(keep_typed_paper, flight, TypedPaper("7 1905 1925 ki"))
    sheet = opened(desk, flight, qtbot)
    QTest.keyClicks(sheet.typed, "x")
    until(qtbot, lambda: sheet.typed.toPlainText() in ("7 1905 1925 ki\nx", "7 1905 1925 kix"))


def test_what_was_entered_is_typed_again_when_it_is_undone(
    seat: Cockpit, desk: PaperDesk, flight: str, qtbot: QtBot
) -> None:
    sheet = opened(desk, flight, qtbot)
    type_in(sheet, qtbot, "7 1905 1925 ki\n99 1905 1906 ki")
    until(qtbot, lambda: len(pills(sheet)) == 2)
    press(sheet, Qt.Key.Key_Return)
    until(qtbot, lambda: bool(seat.undos))
    sheet.reject()
    seat.store.run(undo, seat.undos[0])
    again = opened(desk, flight, qtbot)
    until(qtbot, lambda: again.typed.toPlainText() == "7 1905 1925 ki\n99 1905 1906 ki")
