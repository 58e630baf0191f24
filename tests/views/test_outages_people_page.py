from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from app.models.outages.confirming import Confirmed, Word
from app.models.outages.lifecycle import State
from app.services.outages.people import FlightPerson, people_of
from app.views.outages.people_page import PeoplePage
from app.views.theme import Theme
from app.views.widgets.sheet import Sheet
from tests.flights import make_flight
from tests.makers import make_person
from tests.views.flying import Cockpit, cockpit, until


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[Cockpit]:
    made = cockpit(tmp_path)
    yield made
    made.store.close()


def opened(seat: Cockpit, qtbot: QtBot, flight: str) -> PeoplePage:
    page = PeoplePage(seat.ops, seat.told, seat.store.clock.now, seat.undos.append)
    qtbot.addWidget(page)
    seat.bridge.happened.connect(page.on_event)
    page.resize(1100, 640)
    page.show()
    page.show_outage(flight)
    until(qtbot, lambda: page.list.current() is not None)
    page.list.setFocus()
    return page


def ito(seat: Cockpit, flight: str) -> FlightPerson:
    return next(p for p in seat.store.read(people_of, flight).people if p.name == "K. Ito")


def said(seat: Cockpit, flight: str) -> Confirmed | None:
    asked = ito(seat, flight).asked
    return asked.answer if asked else None


def test_one_key_notes_that_somebody_confirmed(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.ANNOUNCED)
    page = opened(seat, qtbot, flight)
    page.focus_on("K. Ito")
    QTest.keyClick(page.list, Qt.Key.Key_Y)
    until(qtbot, lambda: said(seat, flight) == Confirmed(Word.YES))
    until(qtbot, lambda: any("says yes" in (r.pill) for r in page.list.model_rows.rows()))
    assert len(seat.undos) == 1


def test_a_cannot_counts_at_once_and_its_reason_follows(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.ANNOUNCED)
    page = opened(seat, qtbot, flight)
    page.focus_on("K. Ito")
    QTest.keyClick(page.list, Qt.Key.Key_C)
    until(qtbot, lambda: any(s.isVisible() for s in page.findChildren(Sheet)))
    assert said(seat, flight) == Confirmed(Word.CANNOT)
    sheet = page.findChildren(Sheet)[-1]
    editor = sheet.editor("why")
    assert isinstance(editor, QLineEdit)
    editor.setText("on leave")
    sheet.yes.click()
    until(qtbot, lambda: said(seat, flight) == Confirmed(Word.CANNOT, "on leave"))


def test_the_card_says_when_the_chosen_one_is_needed(seat: Cockpit, qtbot: QtBot) -> None:
    page = opened(seat, qtbot, seat.store.run(make_flight, State.ANNOUNCED))
    page.focus_on("K. Ito")

    def words() -> set[str]:
        return {label.text() for label in page.findChildren(QLabel) if label.isVisible()}

    until(qtbot, lambda: "Be ready" in words())
    assert "Flash controller B" in [row.title for row in page.steps.model_rows.rows()]


def test_a_role_is_given_to_one_person_for_all_its_steps(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.ANNOUNCED)
    seat.store.run(make_person, "Kai Brandt")
    page = opened(seat, qtbot, flight)
    QTest.mouseClick(page.assign, Qt.MouseButton.LeftButton)
    until(qtbot, lambda: any(s.isVisible() for s in page.findChildren(Sheet)))
    sheet = page.findChildren(Sheet)[-1]
    role, person = sheet.editor("role"), sheet.editor("person")
    assert isinstance(role, QComboBox) and isinstance(person, QComboBox)
    role.setCurrentIndex(role.findData("storage engineer"))
    line = person.lineEdit()
    assert line is not None
    line.selectAll()  # as Tab and a click do
    QTest.keyClicks(line, "brandt")
    why = sheet.editor("why")
    assert isinstance(why, QLineEdit), "the runbook is frozen by now"
    why.setText("Ito is ill")
    sheet.yes.click()

    def people() -> dict[str, FlightPerson]:
        return {p.name: p for p in seat.store.read(people_of, flight).people}

    until(qtbot, lambda: "Kai Brandt" in people())
    assert "storage engineer" in people()["Kai Brandt"].roles
    assert "storage engineer" not in getattr(people().get("K. Ito"), "roles", ())
    until(qtbot, lambda: len(seat.undos) == 1)


def test_no_role_is_offered_once_it_is_over(seat: Cockpit, qtbot: QtBot) -> None:
    page = opened(seat, qtbot, seat.store.run(make_flight, State.COMPLETE))
    assert not page.assign.isVisible()
