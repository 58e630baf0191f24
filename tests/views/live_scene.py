"""A Live page as its tests need it: over a flight, read by its words, pressed by names."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.models.outages.decisions import default_card
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct, StepKind
from app.models.tables.outages import Outage
from app.services.bridge.line import open_bridge
from app.services.live.reading import live
from app.services.live.rows import LiveRows
from app.services.runbook.acting import complete_acts
from app.services.uow import UnitOfWork
from app.views.live.page import LivePage
from app.views.widgets.sheet import Sheet
from tests.flights import START, do, make_flight, set_state
from tests.makers import clock_of
from tests.views.flying import Cockpit, until


def opened(seat: Cockpit, qtbot: QtBot) -> LivePage:
    page = LivePage(seat.ops, seat.acts, seat.told, seat.store.clock.now, seat.undos.append)
    qtbot.addWidget(page)
    seat.bridge.happened.connect(page.on_event)
    page.resize(1200, 800)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    with qtbot.waitSignal(page.headerChanged):
        page.activate()
    page.setFocus()
    qtbot.waitUntil(lambda: any(label.isVisible() for label in page.findChildren(QLabel)))
    qtbot.wait(20)  # Qt shows widgets added to a shown page when it comes to rest
    return page


def flying(seat: Cockpit) -> str:
    card = default_card("N. Adeyemi", "555 0110")
    flight = seat.store.run(make_flight, State.GO_NO_GO, card=card)
    seat.store.run(open_bridge, flight)
    done_before_open(seat, flight)
    clock_of(seat.store).set(START)
    seat.store.run(set_state, flight, State.IN_PROGRESS)
    return flight


def done_before_open(seat: Cockpit, flight: str) -> None:
    def gate(uow: UnitOfWork) -> None:
        complete_acts(uow, uow.fetch(Outage, flight), StepKind.GATE)

    before_the_go(seat, flight)
    seat.store.run(gate)


def before_the_go(seat: Cockpit, flight: str) -> None:
    for code in ("1", "3", "4"):
        do(seat.store, flight, code, StepAct.FINISH)


def look(seat: Cockpit, flight: str) -> LiveRows:
    return seat.store.read(live, flight)


def press(page: LivePage, qtbot: QtBot, words: str) -> None:
    made = [
        b for b in page.findChildren(QPushButton) if b.accessibleName() == words and b.isVisible()
    ]
    assert made, f"no button {words}"
    QTest.mouseClick(made[0], Qt.MouseButton.LeftButton)


def says(page: LivePage, words: str) -> bool:
    return any(words in label.text() for label in page.findChildren(QLabel) if label.isVisible())


def sheet(page: LivePage, qtbot: QtBot) -> Sheet:
    until(qtbot, lambda: any(s.isVisible() for s in page.findChildren(Sheet)))
    return [s for s in page.findChildren(Sheet) if s.isVisible()][-1]


def fill(asked: Sheet, **values: str) -> None:
    for key, value in values.items():
        editor = asked.editor(key)
        if isinstance(editor, QPlainTextEdit):
            editor.setPlainText(value)
        else:
            assert isinstance(editor, QLineEdit)
            editor.setText(value)


def ctrl_enter(page: LivePage, qtbot: QtBot) -> None:
    QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
