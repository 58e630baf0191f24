from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.models.outages.decisions import default_card
from app.models.outages.lifecycle import State
from app.models.runbook import Column, StepAct, StepState
from app.services.uow import undo
from app.views.runbook.board_page import BoardPage
from app.views.runbook.step_dialog import StepDialog
from app.views.theme import Theme
from app.views.widgets.sheet import Sheet
from tests.flights import END, START, do, done_before, make_flight, set_state, step_of
from tests.makers import clock_of
from tests.views.flying import Cockpit, cockpit, until


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[Cockpit]:
    made = cockpit(tmp_path)
    yield made
    made.store.close()


def boarded(seat: Cockpit, qtbot: QtBot, flight: str) -> BoardPage:
    page = BoardPage(seat.ops, seat.acts, seat.store.clock.now, seat.undos.append, seat.told)
    qtbot.addWidget(page)
    seat.bridge.happened.connect(page.on_event)
    page.resize(1200, 700)
    page.show()
    page.show_outage(flight)
    until(qtbot, lambda: page.model.rowCount() > 0)
    page.view.setFocus()
    return page


def flying(seat: Cockpit, late: bool = False) -> str:
    flight = seat.store.run(
        make_flight, State.GO_NO_GO, card=default_card("N. Adeyemi", "555 0110")
    )
    done_before(seat.store, flight)
    clock_of(seat.store).set(START)
    seat.store.run(set_state, flight, State.IN_PROGRESS)
    if late:
        do(seat.store, flight, "7", StepAct.FINISH)
        clock_of(seat.store).set(END - timedelta(minutes=40))
    return flight


def choose(page: BoardPage, seat: Cockpit, flight: str, code: str) -> None:
    page.view.choose(seat.store.read(step_of, flight, code).id)


def column_of(page: BoardPage, code: str) -> Column:
    return next(row.column for row in page.model.rows() if row.code == code)


def sheet(page: BoardPage) -> Sheet | None:
    found = [s for s in page.findChildren(Sheet) if s.isVisible()]
    return found[-1] if found else None


def test_s_starts_and_d_finishes_the_chosen_step(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = boarded(seat, qtbot, flight)
    choose(page, seat, flight, "7")
    QTest.keyClick(page.view, Qt.Key.Key_S)
    until(qtbot, lambda: column_of(page, "7") is Column.IN_PROGRESS)
    for _ in range(2):  # pressed twice it is done once, and nobody is blamed
        QTest.keyClick(page.view, Qt.Key.Key_D)
    until(qtbot, lambda: column_of(page, "7") is Column.DONE and seat.ops.idle)
    assert [u.label for u in seat.undos] == ["7 started", "7 finished"]
    assert not seat.told.errors


def chosen(page: BoardPage) -> str:
    row = page.view.current_card()
    return row.code if row is not None else ""


def test_after_done_the_next_ready_step_is_chosen(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = boarded(seat, qtbot, flight)
    choose(page, seat, flight, "7")
    QTest.keyClick(page.view, Qt.Key.Key_S)
    until(qtbot, lambda: column_of(page, "7") is Column.IN_PROGRESS)
    assert chosen(page) == "7"
    QTest.keyClick(page.view, Qt.Key.Key_D)
    until(qtbot, lambda: column_of(page, "7") is Column.DONE)
    assert chosen(page) == "8"


def test_a_step_that_somebody_else_finished_stays_chosen(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    do(seat.store, flight, "7", StepAct.START)
    page = boarded(seat, qtbot, flight)
    choose(page, seat, flight, "7")
    do(seat.store, flight, "7", StepAct.FINISH)
    until(qtbot, lambda: column_of(page, "7") is Column.DONE)
    assert chosen(page) == "7"


def test_what_a_key_did_is_undone(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = boarded(seat, qtbot, flight)
    choose(page, seat, flight, "7")
    QTest.keyClick(page.view, Qt.Key.Key_S)
    until(qtbot, lambda: column_of(page, "7") is Column.IN_PROGRESS)
    seat.ops.run(undo, seat.undos.pop())
    until(qtbot, lambda: column_of(page, "7") is Column.READY)


def test_a_dropped_card_asks_the_rules(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = boarded(seat, qtbot, flight)
    step = seat.store.read(step_of, flight, "8")
    page.view.moveRequested.emit(step.id, Column.IN_PROGRESS, step.version)
    until(qtbot, lambda: bool(seat.told.errors))
    assert "waits for 7" in seat.told.errors[0]
    assert column_of(page, "8") is Column.WAITING


def test_blocked_takes_effect_at_once_and_asks_why_afterwards(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = boarded(seat, qtbot, flight)
    choose(page, seat, flight, "7")
    QTest.keyClick(page.view, Qt.Key.Key_B)
    until(qtbot, lambda: sheet(page) is not None)
    assert seat.store.read(step_of, flight, "7").state is StepState.BLOCKED
    asked = sheet(page)
    assert asked is not None
    editor = asked.editor("why")
    assert isinstance(editor, QLineEdit)
    editor.setText("the node hangs")
    QTest.mouseClick(asked.yes, Qt.MouseButton.LeftButton)
    until(
        qtbot,
        lambda: seat.store.read(step_of, flight, "7").blocked_reason == "the node hangs",
    )


def test_heard_by_phone_notes_whose_word_it_is(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = boarded(seat, qtbot, flight)
    choose(page, seat, flight, "7")
    QTest.keyClick(page.view, Qt.Key.Key_H)
    until(qtbot, lambda: sheet(page) is not None)
    asked = sheet(page)
    assert asked is not None
    assert asked.answers()["by"] == "K. Ito"
    QTest.mouseClick(asked.yes, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: seat.store.read(step_of, flight, "7").heard_at is not None)


def test_a_late_start_asks_for_the_decision_and_then_starts(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat, late=True)
    page = boarded(seat, qtbot, flight)
    choose(page, seat, flight, "8")
    QTest.keyClick(page.view, Qt.Key.Key_S)
    until(qtbot, lambda: sheet(page) is not None)
    asked = sheet(page)
    assert asked is not None
    assert asked.answers()["who"] == "N. Adeyemi"
    word = asked.editor("why")
    assert isinstance(word, QLineEdit)
    word.setText("go on")
    QTest.mouseClick(asked.yes, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: column_of(page, "8") is Column.IN_PROGRESS)


def test_an_act_step_leads_to_where_the_act_is_done(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = boarded(seat, qtbot, flight)
    choose(page, seat, flight, "6")
    QTest.keyClick(page.view, Qt.Key.Key_D)
    until(qtbot, lambda: bool(seat.told.actions))
    with qtbot.waitSignal(seat.acts.actRequested):
        seat.told.actions[0][1]()


def test_a_check_asks_for_its_outcome(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = boarded(seat, qtbot, flight)
    choose(page, seat, flight, "13")
    QTest.keyClick(page.view, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: sheet(page) is not None)
    asked = sheet(page)
    assert asked is not None
    QTest.mouseClick(asked.yes, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: any("never passed by a key alone" in w.text() for w in _errors(asked)))
    outcome = asked.findChildren(QComboBox)[0]
    outcome.setCurrentIndex(outcome.findData("passed"))
    QTest.mouseClick(asked.yes, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: any("waits for 12" in w.text() for w in _errors(asked)))
    assert asked.isVisible()


def _errors(asked: Sheet) -> list[QLineEdit]:
    from app.views.widgets.labels import Words

    return [w for w in asked.findChildren(Words) if w.isVisible()]  # type: ignore[misc]


def test_enter_opens_the_step_and_its_button_acts(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = boarded(seat, qtbot, flight)
    choose(page, seat, flight, "7")
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    until(qtbot, lambda: bool(page.findChildren(StepDialog)))
    dialog = page.findChildren(StepDialog)[0]
    until(qtbot, lambda: any(b.accessibleName().startswith("Start") for b in _buttons(dialog)))
    start = next(b for b in _buttons(dialog) if b.accessibleName().startswith("Start"))
    QTest.mouseClick(start, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: any(b.accessibleName().startswith("Done") for b in _buttons(dialog)))


def _buttons(dialog: StepDialog) -> list[QPushButton]:
    return dialog.findChildren(QPushButton)


def test_an_opened_act_step_goes_where_its_act_is_done(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = boarded(seat, qtbot, flight)
    choose(page, seat, flight, "6")
    QTest.keyClick(page.view, Qt.Key.Key_Return)
    until(qtbot, lambda: bool(page.findChildren(StepDialog)))
    dialog = page.findChildren(StepDialog)[0]
    until(qtbot, lambda: any(b.accessibleName() == "Go there" for b in _buttons(dialog)))
    assert "Heard by phone…" not in [b.accessibleName() for b in _buttons(dialog)]
    there = next(b for b in _buttons(dialog) if b.accessibleName() == "Go there")
    with qtbot.waitSignal(seat.acts.actRequested):
        QTest.mouseClick(there, Qt.MouseButton.LeftButton)


def test_the_board_follows_what_others_do_and_keeps_the_choice(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = boarded(seat, qtbot, flight)
    choose(page, seat, flight, "9")
    do(seat.store, flight, "7", StepAct.START)
    until(qtbot, lambda: column_of(page, "7") is Column.IN_PROGRESS)
    current = page.view.current_card()
    assert current is not None and current.code == "9"


def test_a_running_card_counts_minutes_with_the_clock(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    do(seat.store, flight, "7", StepAct.START)
    page = boarded(seat, qtbot, flight)
    page.tick(START + timedelta(minutes=4))
    row = next(row for row in page.model.rows() if row.code == "7")
    assert row.meta[0].startswith("4 of 10 min")


def test_a_step_asked_for_before_the_rows_are_here_is_chosen_when_they_are(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    step = seat.store.read(lambda uow: step_of(uow, flight, "11").id)
    page = BoardPage(seat.ops, seat.acts, seat.store.clock.now, seat.undos.append, seat.told)
    qtbot.addWidget(page)
    page.show_outage(flight)
    with qtbot.waitSignal(page.shown):
        page.focus_on(step)
    card = page.view.current_card()
    assert card is not None and card.step_id == step


def test_a_flight_that_is_over_forecasts_nothing(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    seat.store.run(set_state, flight, State.COMPLETE)
    page = boarded(seat, qtbot, flight)
    shown = [label.text() for label in page.findChildren(QLabel) if label.isVisible()]
    assert not [text for text in shown if "Forecast end" in text or "Way back until" in text]


def test_over_several_days_the_numbers_say_which_day(seat: Cockpit, qtbot: QtBot) -> None:
    for end, said in (("2025-01-10 22:00", False), ("2025-01-13 06:00", True)):
        flight = seat.store.run(make_flight, State.PLANNED, title=f"To {end}", end=end)
        page = boarded(seat, qtbot, flight)
        shown = " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())
        assert ("Fri " in shown and "Mon " in shown) is said
