"""Department heads asked from the window: started, marked, answered, an event made of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QWidget
from pytestqt.qtbot import QtBot

from app.models.tables.directory import Department
from app.services.calendar.events_by_hand import event_form
from app.services.database import Store
from app.services.uow import Undo, UnitOfWork
from app.views.bridge import Bridge
from app.views.calendar.event_dialog import EventDialog
from app.views.calendar.outreach_dialog import OutreachDialog
from app.views.ops import Ops
from app.views.theme import Theme
from app.views.widgets.sheet import Sheet
from tests.flights import flight_store
from tests.makers import clock_of, make_person
from tests.views.telling import Told


@pytest.fixture
def store(theme: Theme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = flight_store(tmp_path_factory.mktemp("outreach"))
    made.run(_payroll)
    yield made
    made.close()


def _payroll(uow: UnitOfWork) -> None:
    dana = make_person(uow, "Dana Ortiz")
    uow.session.flush()
    row = Department(
        organisation_id=uow.organisation_id, name="Payroll", key="payroll", head_id=dana.id
    )
    uow.log("added Payroll", uow.add(row))


def test_a_round_that_is_due_is_put_off_for_good(store: Store, qtbot: QtBot) -> None:
    clock_of(store).set(datetime(2025, 12, 1, 12, tzinfo=UTC))
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(1180, 720)
    over.show()
    undos = list[Undo]()
    dialogue = OutreachDialog(over, Ops(store, Told(), lambda: None), Told(), undos.append)
    bridge = Bridge(store.bus, dialogue)
    bridge.happened.connect(dialogue.on_event)
    dialogue.show()
    qtbot.waitUntil(lambda: dialogue.off.isVisible())
    dialogue.off.click()
    sheet = dialogue.findChildren(Sheet)[-1]
    when = sheet.editor("when")
    assert isinstance(when, QComboBox)
    when.setCurrentIndex(1)
    QTest.keyClicks(sheet.editor("why"), "nothing is planned")
    sheet.yes.click()
    qtbot.waitUntil(lambda: not dialogue.off.isVisible())
    assert [each.label for each in undos] == ["putting off the round about 2026"]


def test_a_round_by_hand_from_start_to_event(store: Store, qtbot: QtBot) -> None:
    over = QWidget()
    qtbot.addWidget(over)
    over.resize(1180, 720)
    over.show()
    told, undos, opened = Told(), list[Undo](), list[str]()
    ops = Ops(store, told, lambda: None)
    dialogue = OutreachDialog(
        over, ops, told, undos.append, lambda url: opened.append(url.toString())
    )
    bridge = Bridge(store.bus, dialogue)
    bridge.happened.connect(dialogue.on_event)
    dialogue.show()

    def row() -> tuple[str, str]:
        rows = dialogue.asks.model_rows.rows()
        return (rows[0].pill, rows[0].sub) if rows else ("", "")

    qtbot.waitUntil(lambda: dialogue.new.hasFocus())
    dialogue.new.click()
    dialogue.findChildren(Sheet)[-1].yes.click()
    qtbot.waitUntil(lambda: row() == ("not asked", "not asked yet"))
    assert not dialogue.send.isVisible()  # there is no account
    dialogue.write_one.click()
    assert opened[0].startswith("mailto:dana.ortiz@hospital.example?subject=What")
    dialogue.asked.click()
    qtbot.waitUntil(lambda: row()[0] == "asked")
    dialogue.answer.click()
    sheet = dialogue.findChildren(Sheet)[-1]
    QTest.keyClicks(sheet.editor("answer"), "closing on 28 March")
    sheet.yes.click()
    qtbot.waitUntil(lambda: row()[0] == "answered")
    dialogue.event_made.click()
    qtbot.waitUntil(lambda: bool(dialogue.findChildren(EventDialog)))
    (form,) = dialogue.findChildren(EventDialog)
    assert (form.name.text(), form.responsible.text()) == ("closing on 28 March", "Dana Ortiz")
    assert (form.first.day(), form.last.day()) == (date(2026, 3, 28), date(2026, 3, 28))
    blank = EventDialog(
        over, ops, undos.append, store.read(event_form), date(2026, 1, 1), asks_day=True
    )
    qtbot.addWidget(blank)
    assert blank.first.text() == "which day?"
    blank.save.click()  # nothing is saved on a day that nobody said
    QTest.keyClicks(blank.first, "28 03 2026")
    assert (blank.typed().start.date(), blank.typed().end.date()) == (date(2026, 3, 28),) * 2
    form.save.click()
    qtbot.waitUntil(lambda: row()[0] == "an event")
    assert len(undos) == 4
