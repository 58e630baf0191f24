"""The Changes tab: review a record, note the CI of a step."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.models.outages.lifecycle import State
from app.models.runbook import StepAct
from app.models.tables.directory import ServiceCi
from app.services.changes import changes_of, without_ci
from app.services.runbook.editing import edit_step
from app.services.uow import Undo, UnitOfWork
from app.views.bridge import Bridge
from app.views.changes.panel import ChangesPanel
from app.views.ops import Ops
from app.views.theme import Theme
from app.views.widgets.sheet import Sheet
from tests.makers import make_ci
from tests.services.outages_flights import World, flight, world

__all__ = ["flight", "world"]


class Silent:
    """Nobody to tell. Implements `notify.Telling`."""

    def info(self, sentence: str, /, *, action: object = None) -> None: ...

    def remark(self, sentence: str, /, *, action: object = None, warn: bool = False) -> None: ...

    def error(self, sentence: str, /, *, action: object = None) -> None: ...


@pytest.fixture
def panel(flight: World, qtbot: QtBot, theme: Theme) -> Iterator[ChangesPanel]:
    undos: list[Undo] = []
    ops = Ops(flight.store, Silent(), lambda: None)
    made = ChangesPanel(ops, Silent(), undos.append)
    bridge = Bridge(flight.store.bus, made)
    bridge.happened.connect(made.on_event)
    qtbot.addWidget(made)
    made.resize(1000, 700)
    made.show()
    made.show_outage(flight.outage)
    yield made
    qtbot.waitUntil(lambda: ops.idle)


def complete(flight: World) -> None:
    flight.fly_to(State.VERIFYING)
    flight.check("3")
    flight.go(State.COMPLETE, user_check="works", data_loss="none")


def test_a_record_appears_with_the_all_clear_and_is_reviewed(
    flight: World, panel: ChangesPanel, qtbot: QtBot
) -> None:
    complete(flight)
    qtbot.waitUntil(lambda: len(panel.list.model_rows.rows()) == 1)
    form = panel.form
    QTest.mouseClick(form.save, Qt.MouseButton.LeftButton)
    assert form.fields["after"].error == "Say what it is now."
    for name, text in (("before", "4.2.1"), ("after", "4.3.0"), ("external_number", "CHG-7")):
        form.editors[name].setText(text)  # type: ignore[union-attr]
    QTest.mouseClick(form.save, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.list.model_rows.row(0).pill == "reviewed")
    row = flight.store.read(changes_of, flight.outage)[0]
    assert (row.before, row.after, row.external_number) == ("4.2.1", "4.3.0", "CHG-7")
    assert row.people_notice == "Shares open faster"
    form.show_change(row)
    form.begin()  # what is reviewed lacks at most its number
    assert form.focusWidget() is form.editors["external_number"]


def test_one_other_change_of_the_ci_is_said_in_the_singular(
    flight: World, panel: ChangesPanel, qtbot: QtBot
) -> None:
    complete(flight)
    qtbot.waitUntil(lambda: len(panel.list.model_rows.rows()) == 1)
    row = flight.store.read(changes_of, flight.outage)[0]
    panel._show_history(row, (row, replace(row, id="other")))
    assert any(w.text() == "1 other change" for w in panel.findChildren(QLabel))


def test_the_records_are_exported_where_the_dialogue_says(
    flight: World, panel: ChangesPanel, qtbot: QtBot, tmp_path: Path
) -> None:
    assert panel.save() is None
    complete(flight)
    qtbot.waitUntil(lambda: len(panel.list.model_rows.rows()) == 1)
    panel.list.setFocus()
    QTest.keyClick(panel.list, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
    (dialog,) = panel.findChildren(QFileDialog)
    assert dialog.nameFilters() == ["CSV, for a spreadsheet (*.csv)", "JSON (*.json)"]
    dialog.fileSelected.emit(str(tmp_path / "changes.json"))
    dialog.reject()
    (told,) = json.loads((tmp_path / "changes.json").read_text(encoding="utf-8"))
    assert told["step"] == "2 Flash controller B"


def test_a_look_again_does_not_take_what_is_being_typed(
    flight: World, panel: ChangesPanel, qtbot: QtBot
) -> None:
    complete(flight)
    qtbot.waitUntil(lambda: len(panel.list.model_rows.rows()) == 1)
    panel.form.editors["after"].setText("4.3")  # type: ignore[union-attr]
    with qtbot.waitSignal(panel.shown):
        panel.refresh()
    assert panel.form.editors["after"].text() == "4.3"  # type: ignore[union-attr]


def test_a_step_without_a_ci_asks_for_it(flight: World, panel: ChangesPanel, qtbot: QtBot) -> None:
    step = flight.step("2")
    flight.store.run(edit_step, step.id, {"ci_id": None}, seen=step.version)
    flight.fly_to(State.IN_PROGRESS)
    flight.act("2", StepAct.START)
    flight.act("2", StepAct.FINISH)
    assert [s.words for s in flight.store.read(without_ci, flight.outage)] == [
        "2 Flash controller B"
    ]

    def asking() -> list[QPushButton]:
        return [b for b in panel.findChildren(QPushButton) if b.text() == "Note CI…"]

    qtbot.waitUntil(lambda: bool(asking()))
    QTest.mouseClick(asking()[-1], Qt.MouseButton.LeftButton)
    sheet = panel.findChildren(Sheet)[0]
    choice = sheet.editor("ci")
    assert isinstance(choice, QComboBox)
    choice.setCurrentIndex(choice.findText("SAN-02"))
    QTest.mouseClick(sheet.yes, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(panel.list.model_rows.rows()) == 1)
    assert flight.store.read(without_ci, flight.outage) == []


def test_what_the_services_rest_on_is_offered_behind_the_outages_own(flight: World) -> None:
    def add(uow: UnitOfWork) -> None:
        make_ci(uow, "AA-OTHER")
        under = make_ci(uow, "ZZ-UNDER")
        own = uow.organisation_id
        uow.add(ServiceCi(organisation_id=own, service_id=flight.service, ci_id=under.id))

    flight.store.run(add)
    step = flight.step("2")
    flight.store.run(edit_step, step.id, {"ci_id": None}, seen=step.version)
    flight.fly_to(State.IN_PROGRESS)
    flight.act("2", StepAct.START)
    flight.act("2", StepAct.FINISH)
    choices = flight.store.read(without_ci, flight.outage)[0].choices
    names = [name for _, name in choices]
    assert names.index("SAN-02") < names.index("ZZ-UNDER") < names.index("AA-OTHER")
