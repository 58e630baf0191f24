"""The Crew board tab: switched on in plain words, links handed out, who did not come."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit
from pytestqt.qtbot import QtBot

from app.models.crew.links import LinkKind
from app.models.crew.serving import Proof, Serving
from app.models.errors import ConsoleError
from app.models.outages.lifecycle import State
from app.models.tables.settings import Setting
from app.services.crew.links import crew_links, revoke, switch_on
from app.services.crew.reached import otherwise_of
from app.services.crew.serving import NAME, note_served
from app.services.uow import UnitOfWork
from app.views.crew.panel import CrewPanel
from app.views.crew.serves import Standing, Stands
from app.views.theme import Theme
from tests.flights import make_flight
from tests.views.flying import Cockpit, cockpit, until

OFFICE = "192.168.1.20"


class Served(QObject):
    """What stands behind the panel, without a process. Implements `Serves`."""

    standing_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.standing = Standing()
        self.asked: list[Serving] = []
        self.refuses: ConsoleError | None = None

    def addresses(self) -> Sequence[tuple[str, str]]:
        return [("127.0.0.1", "this computer only"), (OFFICE, "Wi-Fi")]

    def serve(
        self,
        serving: Serving,
        then: Callable[[], object],
        failed: Callable[[ConsoleError], object],
    ) -> None:
        self.asked.append(serving)
        if self.refuses is not None:
            failed(self.refuses)
            return
        self.stand(Standing(Stands.ON, serving, "AB:CD"))
        then()

    def stop(self) -> None:
        self.stand(Standing())

    def stand(self, standing: Standing) -> None:
        self.standing = standing
        self.standing_changed.emit()


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[Cockpit]:
    made = cockpit(tmp_path)
    yield made
    made.store.close()


def with_links(uow: UnitOfWork) -> str:
    flight = make_flight(uow, State.ANNOUNCED)
    switch_on(uow, flight)
    return flight


def served_by(uow: UnitOfWork, host: str) -> None:
    note_served(uow, Serving(OFFICE))
    row = uow.find(Setting, NAME)
    assert row is not None
    row.value = row.value.replace(socket.gethostname(), host)


def opened(seat: Cockpit, qtbot: QtBot, flight: str) -> tuple[CrewPanel, Served]:
    served = Served()
    panel = CrewPanel(seat.ops, seat.told, seat.undos.append, served)
    qtbot.addWidget(panel)
    seat.bridge.happened.connect(panel.on_event)
    panel.resize(1100, 640)
    panel.show()
    panel.show_outage(flight)
    until(qtbot, lambda: seat.ops.idle)
    return panel, served


def test_it_is_off_until_somebody_says_where_it_is_served(seat: Cockpit, qtbot: QtBot) -> None:
    panel, served = opened(seat, qtbot, seat.store.run(make_flight, State.ANNOUNCED))
    assert not served.asked and panel.switch.isVisible()

    sheet = panel.ask_to_switch_on()
    assert sheet is not None and sheet.answers()["host"] == "127.0.0.1"
    host, proof, port = (sheet.editor(each) for each in ("host", "proof", "port"))
    assert isinstance(host, QComboBox) and isinstance(proof, QComboBox)
    assert isinstance(port, QLineEdit)
    host.setCurrentIndex(host.findData(OFFICE))
    port.setText("eighty")
    sheet.yes.click()
    assert "not “eighty”" in sheet.refused and not served.asked
    port.setText("9443")
    sheet.yes.click()

    until(qtbot, lambda: len(panel.list.model_rows.rows()) == 6)
    assert served.asked == [Serving(OFFICE, 9443, Proof.SELF_MADE)]
    assert served.standing.serving == served.asked[0]
    assert "fingerprint" in panel.served.phone.text()
    assert panel.link.picture.text.startswith(f"https://{OFFICE}:9443/c/")
    assert len(seat.undos) == 1


def test_what_cannot_be_served_makes_no_links(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.ANNOUNCED)
    panel, served = opened(seat, qtbot, flight)
    served.refuses = ConsoleError("Port 8443 cannot be had.")
    sheet = panel.ask_to_switch_on()
    assert sheet is not None
    sheet.yes.click()

    assert sheet.refused == "Port 8443 cannot be had."
    assert not seat.store.read(crew_links, flight).on
    sheet.reject()


def test_one_key_copies_the_link_and_another_says_who_reports_by_phone(
    seat: Cockpit, qtbot: QtBot
) -> None:
    """A console on another computer served it until now."""
    flight = seat.store.run(with_links)
    seat.store.run(served_by, "desk-2")
    panel, served = opened(seat, qtbot, flight)
    assert panel.served.sentence.text().startswith("Served by the console on desk-2, at https://")
    served.stand(Standing(Stands.ON, Serving(OFFICE)))
    ito = next(row for row in seat.store.read(crew_links, flight).rows if row.name == "K. Ito")
    panel.list.choose(ito.link_id)
    panel.list.setFocus()

    QTest.keyClick(panel.list, Qt.Key.Key_C)
    assert QGuiApplication.clipboard().text() == f"https://{OFFICE}:8443{ito.path}"
    QTest.keyClick(panel.list, Qt.Key.Key_P)
    until(qtbot, lambda: ito.person_id in seat.store.read(otherwise_of, flight))
    until(qtbot, lambda: any(row.pill == "by phone" for row in panel.list.model_rows.rows()))


def test_a_new_link_stays_chosen_and_the_old_one_is_gone(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(with_links)
    panel, _ = opened(seat, qtbot, flight)
    before = panel.list.current()
    assert before is not None

    panel.link.renew.click()
    until(qtbot, lambda: (now := panel.list.current()) is not None and now.key != before.key)
    now = panel.list.current()
    assert now is not None and now.title == before.title
    assert len(panel.list.model_rows.rows()) == 6


def test_one_that_ended_says_so_and_is_started_again(seat: Cockpit, qtbot: QtBot) -> None:
    panel, served = opened(seat, qtbot, seat.store.run(with_links))
    assert "nothing is served" in panel.served.sentence.text()
    served.stand(Standing(Stands.FALLEN, Serving(OFFICE)))
    assert "ended unexpectedly" in panel.served.sentence.text()

    panel.served.again.click()

    assert served.asked == [Serving(OFFICE)]
    assert not panel.served.again.isVisible()


def test_while_it_starts_the_keyboard_is_never_on_what_switches_it_off(
    seat: Cockpit, qtbot: QtBot
) -> None:
    panel, served = opened(seat, qtbot, seat.store.run(with_links))
    panel.served.again.setFocus()
    for how in (Stands.STARTING, Stands.ON):
        served.stand(Standing(how, Serving(OFFICE)))
        assert panel.window().focusWidget() is not panel.served.off
    assert panel.window().focusWidget() is panel.served.settings


def test_what_was_revoked_for_anybody_can_be_made_again(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(with_links)
    rows = seat.store.read(crew_links, flight).rows
    seat.store.run(revoke, next(r.link_id for r in rows if r.kind is LinkKind.OBSERVER))
    panel, _ = opened(seat, qtbot, flight)
    assert panel.served.rest.text() == "No link: Observers."
    panel.served.make.click()
    until(qtbot, lambda: not panel.served.make.isVisible())
    assert len(panel.list.model_rows.rows()) == len(rows)


def test_served_elsewhere_nobody_gets_a_link_again_whose_link_was_revoked(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = seat.store.run(with_links)
    rows = seat.store.read(crew_links, flight).rows
    seat.store.run(revoke, next(r.link_id for r in rows if r.name == "K. Ito"))
    panel, served = opened(seat, qtbot, flight)
    sheet = panel.ask_to_switch_on()
    assert sheet is not None
    sheet.yes.click()
    until(qtbot, lambda: bool(served.asked) and seat.ops.idle)
    assert sheet.isHidden()
    assert "K. Ito" not in [row.name for row in seat.store.read(crew_links, flight).rows]
