from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.models.outages.lifecycle import State
from app.services.runbook.loading import load_steps
from app.services.runbook.templates import template_choices
from app.views.runbook.board_page import BoardPage
from app.views.runbook.template_picker import TemplatePicker
from app.views.theme import Theme
from app.views.widgets.sheet import Sheet
from tests.flights import make_flight
from tests.views.flying import Cockpit, cockpit, until


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[Cockpit]:
    made = cockpit(tmp_path)
    yield made
    made.store.close()


def opened(seat: Cockpit, qtbot: QtBot, flight: str) -> BoardPage:
    page = BoardPage(seat.ops, seat.acts, seat.store.clock.now, seat.undos.append, seat.told)
    qtbot.addWidget(page)
    seat.bridge.happened.connect(page.on_event)
    page.resize(1200, 700)
    page.show()
    with qtbot.waitSignal(page.shown):
        page.show_outage(flight)
    return page


def press(page: BoardPage, words: str) -> None:
    button = next(b for b in page.findChildren(QPushButton) if b.accessibleName() == words)
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_an_empty_board_offers_the_runbooks_with_their_steps(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.DRAFT, runbook="")
    page = opened(seat, qtbot, flight)
    press(page, "Choose a runbook…")
    picker = page.findChild(TemplatePicker)
    assert isinstance(picker, TemplatePicker)
    until(qtbot, lambda: picker.list.current() is not None)
    picker.list.choose("Storage firmware")
    assert picker.steps.model_rows.rowCount() > 10
    ito = next(p.id for p in seat.store.read(template_choices, flight).people if p.name == "K. Ito")
    engineer = picker.person("storage engineer")
    engineer.setEditText("")
    QTest.keyClicks(engineer, "ito")  # found anywhere in the name
    QTest.keyClick(picker, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: page.model.rowCount() > 10)
    rows = seat.store.read(lambda uow: load_steps(uow, flight).rows)
    assert next(row.owner_id for row in rows if row.code == "8") == ito
    assert len(seat.undos) == 1


def test_tab_comes_to_who_and_what_before_the_buttons(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.DRAFT, runbook="")
    page = opened(seat, qtbot, flight)
    press(page, "Choose a runbook…")
    picker = page.findChild(TemplatePicker)
    assert isinstance(picker, TemplatePicker)
    until(qtbot, lambda: picker.list.current() is not None)
    picker.list.choose("Storage firmware")
    until(qtbot, lambda: picker.person("storage engineer").isVisible())
    for here, there in (
        (picker.list, picker.steps),
        (picker.steps, picker.person("coordinator")),
        (picker.person("coordinator"), picker.person("storage engineer")),
    ):
        here.setFocus()
        until(qtbot, here.hasFocus)
        QTest.keyClick(here, Qt.Key.Key_Tab)
        assert there.hasFocus()


def test_a_new_runbook_begins_with_its_ready_step_chosen(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.DRAFT, runbook="")
    page = opened(seat, qtbot, flight)
    press(page, "Choose a runbook…")
    picker = page.findChild(TemplatePicker)
    assert isinstance(picker, TemplatePicker)
    until(qtbot, lambda: picker.list.current() is not None)
    picker.list.choose("Storage firmware")
    page.setFocus()
    QTest.keyClick(picker, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: page.findChild(TemplatePicker) is None)
    page.activateWindow()
    until(qtbot, page.isActiveWindow)
    until(qtbot, lambda: page.model.rowCount() > 10)
    row = page.view.current_card()
    assert row is not None
    assert row.code == "1"


def test_the_steps_are_saved_as_one_of_our_own(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.DRAFT)
    page = opened(seat, qtbot, flight)
    entry = next(
        act for act in page.findChildren(QAction) if act.text() == "Save the steps as a runbook…"
    )
    entry.trigger()
    until(qtbot, lambda: any(s.isVisible() for s in page.findChildren(Sheet)))
    page.findChildren(Sheet)[-1].yes.click()
    until(qtbot, lambda: bool(seat.told.infos))
    names = [c.template.name for c in seat.store.read(template_choices, flight).templates if c.own]
    assert names == ["File cluster firmware"]
