"""A series in the window: its rule is previewed as it is typed, a date is skipped."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from PySide6.QtGui import QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.services.calendar.series import add_series
from app.services.calendar.series_reading import series_rows
from app.services.database import Store
from app.services.outages.planning import Plan
from app.services.uow import Undo, undo
from app.views.ops import Ops
from app.views.outages.repeat_field import RepeatField
from app.views.outages.series_dialog import SeriesDialog
from app.views.outages.split_sheet import SplitSheet
from app.views.theme import Theme
from app.views.widgets.sheet import Sheet
from tests.flights import flight_store
from tests.makers import make_service, make_window
from tests.views.telling import Told


@pytest.fixture
def store(theme: Theme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = flight_store(tmp_path_factory.mktemp("series"))
    yield made
    made.close()


@pytest.fixture
def over(qtbot: QtBot) -> QWidget:
    made = QWidget()
    made.resize(1180, 720)
    qtbot.addWidget(made)
    made.show()
    return made


def test_what_a_rule_gives_is_said_as_typed(store: Store, over: QWidget, qtbot: QtBot) -> None:
    field = RepeatField(Ops(store, Told(), lambda: None), make_window)
    field.setParent(over)
    field.show()
    QTest.keyClicks(field.line, "third Sunday")
    qtbot.waitUntil(lambda: field.said.startswith("third Sunday of the month: "))
    field.line.clear()
    QTest.keyClicks(field.line, "sometimes")
    qtbot.waitUntil(lambda: not field.said)


def test_a_date_is_skipped_with_its_reason(store: Store, over: QWidget, qtbot: QtBot) -> None:
    service = store.run(make_service, "File cluster").id
    window = make_window("2025-02-02 02:00", "2025-02-02 06:00")
    plan = Plan(title="Patches", window=window, services=(service,))
    store.run(add_series, plan, "FREQ=WEEKLY;COUNT=2")
    undos: list[Undo] = []
    dialogue = SeriesDialog(Ops(store, Told(), lambda: None), Told(), undos.append, over)
    dialogue.show()
    qtbot.waitUntil(lambda: len(dialogue.dates.model_rows.rows()) == 2)
    dialogue.skip.click()
    (sheet,) = dialogue.findChildren(Sheet)
    QTest.keyClicks(sheet.editor("why"), "the vendor is away")
    sheet.yes.click()
    qtbot.waitUntil(
        lambda: dialogue.dates.model_rows.rows()[0].sub == "skipped: the vendor is away"
    )
    assert len(undos) == 1
    assert not dialogue.skip.isEnabled()
    dialogue.undoWanted.connect(lambda: store.run(undo, undos.pop()))
    keys = {each.key().toString(): each for each in dialogue.findChildren(QShortcut)}
    keys["Ctrl+Z"].activated.emit()
    qtbot.waitUntil(lambda: "skipped" not in dialogue.dates.model_rows.rows()[0].sub)


def test_the_date_of_the_flight_it_was_opened_from_is_chosen(
    store: Store, over: QWidget, qtbot: QtBot
) -> None:
    service = store.run(make_service, "File cluster").id
    window = make_window("2025-02-02 02:00", "2025-02-02 06:00")
    plan = Plan(title="Patches", window=window, services=(service,))
    made = store.run(add_series, plan, "FREQ=WEEKLY;COUNT=2")
    second = store.read(series_rows)[0].dates[1]
    ops = Ops(store, Told(), lambda: None)
    dialogue = SeriesDialog(ops, Told(), print, over, made.series_id, second.outage_id)
    dialogue.show()
    qtbot.waitUntil(lambda: bool(dialogue.dates.model_rows.rows()))
    chosen = dialogue.dates.current()
    assert chosen is not None and chosen.key == second.due.isoformat()


def test_ending_a_series_waits_in_its_sheet(store: Store, over: QWidget, qtbot: QtBot) -> None:
    service = store.run(make_service, "File cluster").id
    window = make_window("2025-02-02 02:00", "2025-02-02 06:00")
    plan = Plan(title="Patches", window=window, services=(service,))
    store.run(add_series, plan, "FREQ=WEEKLY;COUNT=2")
    dialogue = SeriesDialog(Ops(store, Told(), lambda: None), Told(), lambda _undo: None, over)
    dialogue.show()
    qtbot.waitUntil(lambda: len(dialogue.dates.model_rows.rows()) == 2)
    dialogue.dates.choose(dialogue.dates.model_rows.rows()[1].key)
    dialogue.end.click()
    (sheet,) = dialogue.findChildren(Sheet)
    QTest.keyClicks(sheet.editor("why"), "no more")
    sheet.yes.click()
    qtbot.waitUntil(lambda: len(dialogue.dates.model_rows.rows()) == 1)


def test_a_start_that_is_no_date_of_the_series_moves_nothing(
    store: Store, over: QWidget, qtbot: QtBot
) -> None:
    service = store.run(make_service, "File cluster").id
    window = make_window("2025-02-16 02:00", "2025-02-16 06:00")
    plan = Plan(title="Patches", window=window, services=(service,))
    store.run(add_series, plan, "third Sunday")
    dialogue = SeriesDialog(Ops(store, Told(), lambda: None), Told(), lambda _undo: None, over)
    dialogue.show()
    qtbot.waitUntil(lambda: bool(dialogue.dates.model_rows.rows()))
    dialogue.split.click()
    (sheet,) = dialogue.findChildren(SplitSheet)
    sheet.field.start_at(window.start_utc - timedelta(days=1))
    qtbot.waitUntil(lambda: sheet.said.startswith("Sat 15 Feb is no date of it (third Sunday"))
    sheet.yes.click()
    qtbot.waitUntil(lambda: "the first would be Sun 16 Feb" in sheet.refused)
    (first, *_) = [each for each in sheet.findChildren(QPushButton) if "Sun 16 Feb" in each.text()]
    first.click()
    assert sheet.field.first_day == date(2025, 2, 16)
