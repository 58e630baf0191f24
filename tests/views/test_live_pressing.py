"""Buttons of Live pressed twice, or just when what they stand on is shown anew."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.models.ids import StepId
from app.models.runbook import StepState
from app.services.live.rows import NextAct
from app.views.live.headline import Wish
from app.views.live.now_card import NowCard
from app.views.theme import Theme
from tests.flights import step_of
from tests.makers import clock_of
from tests.views.flying import Cockpit, cockpit, until
from tests.views.live_scene import flying, look, opened, press, says


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme, quick_fingers: None) -> Iterator[Cockpit]:
    made = cockpit(tmp_path)
    yield made
    made.store.close()


def shown(place: QWidget, name: str) -> QPushButton:
    """What was built anew leaves its buttons behind, hidden, until the event loop clears them."""
    named = (b for b in place.findChildren(QPushButton) if b.accessibleName() == name)
    return next(button for button in named if button.isVisible())


def test_a_double_click_on_start_does_not_finish_the_step(
    seat: Cockpit, qtbot: QtBot, qapp: QApplication
) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    qapp.setDoubleClickInterval(60_000)
    press(page, qtbot, "Start")
    until(qtbot, lambda: says(page, "0 of 10 min"))
    press(page, qtbot, "Done")
    qtbot.waitUntil(lambda: seat.ops.idle)
    assert seat.store.read(step_of, flight, "7").state is StepState.RUNNING


def test_a_click_is_not_lost_to_a_refresh_while_the_button_is_held(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    start = shown(page, "Start")
    QTest.mousePress(start, Qt.MouseButton.LeftButton)
    clock_of(seat.store).advance(minutes=1)
    page.refresh()
    answered: list[bool] = []  # while it is held, Live asks again and again: ops is never idle
    seat.ops.read(lambda _uow: True, then=answered.append)
    until(qtbot, lambda: bool(answered))
    QTest.mouseRelease(start, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: seat.store.read(step_of, flight, "7").state is StepState.RUNNING)
    until(qtbot, lambda: says(page, "0 of 10 min"))
    card = page.findChild(NowCard)
    assert card is not None
    shown(card, "Blocked").setFocus()
    card.show_rows(replace(look(seat, flight), following=()), clock_of(seat.store).now())
    held = page.window().focusWidget()
    assert held is not None and held.accessibleName() == "Blocked", "built anew it keeps the focus"


def test_what_asks_nothing_is_not_asked_for_again_while_it_is_done(
    theme: Theme, qtbot: QtBot, quick_fingers: None
) -> None:
    card, wished = NowCard(), list[Wish]()
    qtbot.addWidget(card)
    card.wished.connect(wished.append)
    for _click in (1, 2):
        card._press(Wish(NextAct.VERIFY))
    assert len(wished) == 1


def test_a_report_changes_words_in_place_and_the_button_means_the_step_as_it_is(
    seat: Cockpit, qtbot: QtBot, qapp: QApplication
) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    press(page, qtbot, "Start")
    until(qtbot, lambda: says(page, "0 of 10 min"))
    card = page.findChild(NowCard)
    assert card is not None
    done, wished = shown(card, "Done"), list[Wish]()
    card.wished.connect(wished.append)
    rows, now = look(seat, flight), clock_of(seat.store).now()
    (step,) = rows.running
    told = replace(step, version=step.version + 1, heard_at=now)
    card.show_rows(replace(rows, running=(told,)), now)
    assert shown(card, "Done") is done, "not built anew under the pointer"
    assert says(page, "heard just now")
    qapp.setDoubleClickInterval(0)
    done.click()
    assert [wish.step for wish in wished] == [told]


def test_the_keyboard_stays_on_a_further_step_while_others_begin_and_are_blocked(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    press(page, qtbot, "Start")
    until(qtbot, lambda: says(page, "0 of 10 min"))
    card = page.findChild(NowCard)
    assert card is not None
    rows, now = look(seat, flight), clock_of(seat.store).now()
    (first,) = rows.running
    one, two, held_up = (
        replace(first, step_id=StepId(name), code=name, title="tray") for name in "ABC"
    )
    held_up = replace(held_up, state=StepState.BLOCKED)
    card.show_rows(replace(rows, running=(first, two)), now)
    held = shown(card, "Done B tray")
    held.setFocus()
    card.show_rows(replace(rows, running=(first, one, two), blocked=(held_up,)), now)
    assert shown(card, "Done B tray") is held and page.window().focusWidget() is held
    following: list[str] = []
    at: QWidget | None = shown(card, "Done").nextInFocusChain()
    while at is not None and card.isAncestorOf(at):
        if isinstance(at, QPushButton) and at.accessibleName().startswith(("Done", "Unblock")):
            following.append(at.accessibleName())
        at = at.nextInFocusChain()
    assert following == ["Done A tray", "Done B tray", "Unblock C tray"], "Tab goes as they stand"
    later = replace(two, version=two.version + 1)
    card.show_rows(replace(rows, running=(first, later)), now)
    wished: list[Wish] = []
    card.wished.connect(wished.append)
    held.click()
    assert [wish.step for wish in wished] == [later]
    card.show_rows(replace(rows, running=(first, one)), now)
    assert not isinstance(page.window().focusWidget(), QPushButton), "a key would mean another step"
