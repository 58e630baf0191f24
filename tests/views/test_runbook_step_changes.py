from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from app.models.outages.lifecycle import State
from app.views.runbook.board_page import BoardPage
from app.views.theme import Theme
from app.views.widgets.sheet import Sheet
from tests.flights import BEFORE, make_flight, step_of
from tests.makers import clock_of
from tests.views.flying import Cockpit, cockpit, until


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[Cockpit]:
    made = cockpit(tmp_path)
    yield made
    made.store.close()


def opened(seat: Cockpit, qtbot: QtBot, flight: str, code: str) -> BoardPage:
    page = BoardPage(seat.ops, seat.acts, seat.store.clock.now, seat.undos.append, seat.told)
    qtbot.addWidget(page)
    seat.bridge.happened.connect(page.on_event)
    page.resize(1200, 700)
    page.show()
    with qtbot.waitSignal(page.shown):
        page.show_outage(flight)
    page.view.choose(seat.store.read(lambda uow: step_of(uow, flight, code).id))
    page.view.setFocus()
    return page


def codes(page: BoardPage) -> list[str]:
    return [row.code for row in page.model.rows()]


def chosen(page: BoardPage) -> str:
    row = page.view.current_card()
    return row.title if row is not None else ""


def asked(page: BoardPage, qtbot: QtBot) -> Sheet:
    until(qtbot, lambda: any(s.isVisible() for s in page.findChildren(Sheet)))
    return [s for s in page.findChildren(Sheet) if s.isVisible()][-1]


def fill(sheet: Sheet, key: str, text: str) -> None:
    editor = sheet.editor(key)
    assert isinstance(editor, QLineEdit)
    editor.setText(text)


def test_delete_takes_a_step_out_and_can_be_undone(seat: Cockpit, qtbot: QtBot) -> None:
    page = opened(seat, qtbot, seat.store.run(make_flight, State.DRAFT), "7")
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    until(qtbot, lambda: "7" not in codes(page))
    assert len(seat.undos) == 1
    assert "Ctrl+Z takes it back" in seat.told.infos[-1]


def test_with_the_runbook_frozen_the_reason_is_asked_and_it_is_tried_again(
    seat: Cockpit, qtbot: QtBot
) -> None:
    clock_of(seat.store).set(BEFORE - timedelta(days=30))
    flight = seat.store.run(make_flight, State.ANNOUNCED)
    clock_of(seat.store).set(BEFORE - timedelta(days=2))
    page = opened(seat, qtbot, flight, "7")
    QTest.keyClick(page.view, Qt.Key.Key_Delete)
    sheet = asked(page, qtbot)
    assert "7" in codes(page)
    fill(sheet, "why", "the clients are gone already")
    sheet.yes.click()
    until(qtbot, lambda: "7" not in codes(page))


def test_a_step_is_added_with_its_dependencies_by_code(seat: Cockpit, qtbot: QtBot) -> None:
    page = opened(seat, qtbot, seat.store.run(make_flight, State.DRAFT), "7")
    QTest.keyClick(page.view, Qt.Key.Key_A)
    sheet = asked(page, qtbot)
    fill(sheet, "title", "Read the version back")
    fill(sheet, "after", "8, 99")
    sheet.yes.click()
    until(qtbot, lambda: sheet.yes.isEnabled())  # refused: there is no step 99
    fill(sheet, "after", "8")
    sheet.yes.click()
    until(qtbot, lambda: any(r.title == "Read the version back" for r in page.model.rows()))
    until(qtbot, lambda: chosen(page) == "Read the version back")


def test_alt_arrows_change_the_order_within_the_phase(seat: Cockpit, qtbot: QtBot) -> None:
    page = opened(seat, qtbot, seat.store.run(make_flight, State.DRAFT), "8")
    before = codes(page)
    QTest.keyClick(page.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    until(qtbot, lambda: codes(page).index("8") == before.index("8") + 1)
