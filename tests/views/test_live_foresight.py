"""Live looks ahead: asks of the way back, a later end, silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.models.runbook import StepAct, StepState
from app.views.live.extend_sheet import ExtendSheet
from app.views.theme import Theme
from tests.flights import END, START, closes, do, step_of
from tests.makers import clock_of
from tests.views.flying import Cockpit, cockpit, until
from tests.views.live_scene import (
    ctrl_enter,
    fill,
    flying,
    look,
    opened,
    says,
    sheet,
)


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme, quick_fingers: None) -> Iterator[Cockpit]:
    made = cockpit(tmp_path)
    yield made
    made.store.close()


def test_the_way_back_asks_and_continue_is_written_down(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    do(seat.store, flight, "7", StepAct.FINISH)
    page = opened(seat, qtbot)
    back = closes(look(seat, flight))
    clock_of(seat.store).set(back - timedelta(minutes=14))
    page.tick(back - timedelta(minutes=14))
    assert says(page, f"The way back closes at {'21:40'}")
    QTest.keyClick(page, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: not says(page, "The way back closes at"))
    assert look(seat, flight).answered_asks == {back - timedelta(minutes=15)}
    page.tick(back - timedelta(minutes=5))
    assert says(page, "The way back closes at")


def test_an_ask_while_another_screen_is_in_front_is_told_there(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    do(seat.store, flight, "7", StepAct.FINISH)
    page = opened(seat, qtbot)
    back = closes(look(seat, flight))
    page.hide()
    page.tick(back - timedelta(minutes=14))
    page.tick(back - timedelta(minutes=13))
    assert seat.told.infos == ["The way back closes at 21:40: continue, extend, or turn back?"]
    with qtbot.waitSignal(page.wantedFront):
        seat.told.actions[-1][1]()


def test_extending_far_asks_for_the_decision(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    page.line.extend(look(seat, flight))
    asked = sheet(page, qtbot)
    fill(asked, end="23:30", why="the flash is slow")
    QTest.mouseClick(asked.yes, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: sheet(page, qtbot) is not asked)
    decision = sheet(page, qtbot)
    assert decision.answers()["who"] == "N. Adeyemi"
    fill(decision, why="go on")
    QTest.mouseClick(decision.yes, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: look(seat, flight).promised_end == END + timedelta(minutes=90))


def test_the_extend_sheet_shows_what_an_end_would_mean_before_it_is_promised(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = flying(seat)
    do(seat.store, flight, "7", StepAct.FINISH)
    page = opened(seat, qtbot)
    QTest.keyClick(page, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    asked = sheet(page, qtbot)
    assert isinstance(asked, ExtendSheet)
    until(qtbot, lambda: says(page, "21:40 → 21:55"))
    fill(asked, end="23:00", why="the flash is slow")
    until(qtbot, lambda: says(page, "21:40 → 22:40"))
    until(qtbot, lambda: says(page, "N. Adeyemi 555 0110"))
    assert look(seat, flight).promised_end == END
    fill(asked, end="later")
    until(qtbot, lambda: says(page, "is not a time of day"))
    fill(asked, end="23:00")
    clock_of(seat.store).set(END + timedelta(hours=1, minutes=5))
    page.refresh()  # time goes on while the sheet is open
    passed = "That end has passed already; give one still to come."
    until(qtbot, lambda: says(page, passed))
    asked.refuse(passed)
    told = [label for label in asked.findChildren(QLabel) if label.isVisible()]
    assert sum(passed in label.text() for label in told) == 1
    assert any(b.text() == "+15 min · 23:20" for b in asked.findChildren(QPushButton))


def test_an_end_that_has_passed_says_of_which_day_it_is(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    page.line.extend(look(seat, flight))
    fill(sheet(page, qtbot), end="18:00")
    until(qtbot, lambda: says(page, "Sat 11 Jan 18:00 EST: that time has passed"))


def test_the_buttons_of_the_extend_sheet_stay_on_a_small_screen(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    page.window().resize(1180, 560)
    page.line.extend(look(seat, flight))
    asked = sheet(page, qtbot)
    assert asked.sizeHint().height() <= 560


def test_once_extended_the_notice_is_one_press_away(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    page.line.extend(look(seat, flight))
    fill(sheet(page, qtbot), end="22:15", why="the flash is slow")
    sheet(page, qtbot).yes.click()
    until(qtbot, lambda: bool(seat.told.actions))
    with qtbot.waitSignal(page.noticeRequested) as led:
        seat.told.actions[-1][1]()
    assert led.args == [flight, "extended"]


def test_silence_proposes_a_call_and_one_key_takes_the_word(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    do(seat.store, flight, "7", StepAct.START)
    page = opened(seat, qtbot)
    assert says(page, "nobody to call")
    clock_of(seat.store).advance(minutes=21)
    page.tick(seat.store.clock.now())
    until(qtbot, lambda: says(page, "Call K. Ito +1 212 555 0142"))
    assert says(page, "nothing heard for 21 min, 11 min over its time: 7 Drain clients from")
    until(qtbot, lambda: says(page, "Do not call: A. Lindqvist (rests until about"))
    page.setFocus()
    QTest.keyClick(page, Qt.Key.Key_H, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: says(page, "nobody to call"))
    assert seat.undos[-1].label == "7 heard"


def test_a_start_too_late_to_turn_back_says_what_it_closes_and_asks_by_name(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = flying(seat)
    do(seat.store, flight, "7", StepAct.FINISH)
    clock_of(seat.store).set(closes(look(seat, flight)) - timedelta(minutes=20))
    page = opened(seat, qtbot)
    ctrl_enter(page, qtbot)
    asked = sheet(page, qtbot)
    assert says(page, "8 Flash controller B was to start by 20:50. Begun now, it moves the way")
    assert step_of_state(seat, flight, "8") is StepState.TODO
    fill(asked, why="go on")
    asked.yes.click()
    until(qtbot, lambda: step_of_state(seat, flight, "8") is StepState.RUNNING)


def test_the_forecast_moves_with_the_clock_though_nothing_happens(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = flying(seat)
    do(seat.store, flight, "7", StepAct.START)
    page = opened(seat, qtbot)
    assert says(page, "Likely end 20:45 · 80 %: by")
    clock_of(seat.store).set(START + timedelta(minutes=25))
    page.tick(seat.store.clock.now())
    until(qtbot, lambda: says(page, "Likely end 21:00 (plan 20:45)"))
    assert says(page, "Eats the margin: 7 Drain clients from node B 15 min over.")


def step_of_state(seat: Cockpit, flight: str, code: str) -> StepState:
    return seat.store.read(step_of, flight, code).state
