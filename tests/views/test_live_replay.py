"""The replay: a slider over the log, the board as it stood, and nothing that could be changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.models.outages.lifecycle import State
from app.models.runbook import StepAct
from app.services.database import Store
from app.services.live.replaying import replay_rows
from app.services.log import add_note, chain_head, read_log, strike
from app.views.live.replay_dialog import ReplayDialog
from app.views.ops import Ops
from app.views.theme import Theme
from tests.flights import do, flight_store, make_flight, set_state
from tests.views.telling import Silent


@pytest.fixture
def flown(tmp_path: Path) -> Iterator[tuple[Store, str]]:
    store = flight_store(tmp_path)
    outage_id = store.run(make_flight)
    store.run(set_state, outage_id, State.GO_NO_GO)
    do(store, outage_id, "1", StepAct.START)
    do(store, outage_id, "1", StepAct.FINISH)
    store.run(set_state, outage_id, State.IN_PROGRESS)
    yield store, outage_id
    store.close()


@pytest.fixture
def dialog(flown: tuple[Store, str], theme: Theme, qtbot: QtBot) -> Iterator[ReplayDialog]:
    store, outage_id = flown
    holder = QWidget()
    qtbot.addWidget(holder)
    ops = Ops(store, Silent(), lambda: None, holder)
    made = ReplayDialog(holder, ops, outage_id)
    made.show()
    qtbot.waitUntil(lambda: ops.idle)
    yield made
    holder.close()  # it is the dialogue's parent


def pill(dialog: ReplayDialog, code: str) -> str:
    return next(row.pill for row in dialog.steps.model_rows.rows() if row.lead == code)


def test_it_opens_where_the_flight_began_with_the_log_up_to_there(dialog: ReplayDialog) -> None:
    assert dialog.slider.value() > 0
    assert dialog.state.text() == "Go/no-go"
    assert len(dialog.log.model_rows.rows()) == dialog.slider.value() + 1


def test_the_slider_goes_along_the_log(dialog: ReplayDialog) -> None:
    begins = dialog.slider.value()
    QTest.keyClick(dialog.slider, Qt.Key.Key_Right)
    assert pill(dialog, "1") == "in progress"
    QTest.keyClick(dialog.slider, Qt.Key.Key_Right)
    assert pill(dialog, "1") == "done"
    QTest.keyClick(dialog.slider, Qt.Key.Key_End)
    assert dialog.state.text() == "In progress"
    dialog.slider.setValue(begins)
    assert pill(dialog, "1") == ""


def test_playing_goes_on_by_itself_and_stops_at_the_end(dialog: ReplayDialog, qtbot: QtBot) -> None:
    dialog.slider.setValue(dialog.slider.maximum() - 1)
    dialog.toggle_play()
    assert dialog.play.text() == "Pause"
    qtbot.waitUntil(lambda: dialog.play.text() == "Play", timeout=4_000)
    assert dialog.slider.value() == dialog.slider.maximum()


def test_the_store_is_left_as_it_is(dialog: ReplayDialog, flown: tuple[Store, str]) -> None:
    store, outage_id = flown
    head = store.read(chain_head)
    dialog.slider.setValue(dialog.slider.maximum())
    assert store.read(chain_head) == head
    assert len(store.read(replay_rows, outage_id).replay) == dialog.slider.maximum() + 1


def test_what_was_struck_through_is_so_from_its_correction_on(
    flown: tuple[Store, str], theme: Theme, qtbot: QtBot
) -> None:
    store, outage_id = flown
    store.run(add_note, outage_id, "node A is down")
    number = store.read(read_log, outage_id)[-1].number
    store.run(strike, outage_id, number, "node B is down")
    holder = QWidget()
    qtbot.addWidget(holder)
    ops = Ops(store, Silent(), lambda: None, holder)
    made = ReplayDialog(holder, ops, outage_id)
    qtbot.waitUntil(lambda: ops.idle)
    made.slider.setValue(made.slider.maximum() - 1)
    assert not made.log.model_rows.rows()[0].struck
    made.slider.setValue(made.slider.maximum())
    row = made.log.model_rows.rows()[1]
    assert row.struck
    assert row.sub == f"node A is down · struck through, see {number + 1}"
    holder.close()
