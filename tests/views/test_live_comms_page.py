"""The communication side in a window of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.models.live.sides import Side
from app.models.notices.kinds import NoticeKind
from app.services.live.sides import communication_side, give_side
from app.services.notices.replies import note_reply
from app.views.live.comms_page import CommsPage
from app.views.live.own_screen import OwnScreen
from app.views.live.page import LivePage
from app.views.widgets.choosers import OneOf
from app.views.widgets.sheet import Sheet
from tests.views.flying import Cockpit, until
from tests.views.live_scene import flying, opened
from tests.views.test_live_page import seat as seat


class Pad(QWidget):
    """A writer that notes what it was asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def show_outage(self, outage_id: str, kind: NoticeKind | None = None) -> None:
        self.asked.append(kind.value if kind is not None else outage_id)

    def focus_on(self, about: str) -> None:
        self.asked.append(about)


@pytest.fixture
def pad() -> Pad:
    return Pad()


@pytest.fixture
def page(seat: Cockpit, qtbot: QtBot, pad: Pad) -> Iterator[CommsPage]:
    flight = flying(seat)
    made = CommsPage(seat.ops, seat.told, seat.store.clock.now, seat.undos.append, pad, pad)
    qtbot.addWidget(made)
    seat.bridge.happened.connect(made.on_event)
    made.resize(1200, 800)
    made.show()
    made.activate(flight)
    until(qtbot, lambda: made.rows is not None)
    made.activateWindow()
    made.setFocus()
    yield made


def words(page: QWidget) -> str:
    return " ".join(label.text() for label in page.findChildren(QLabel) if label.isVisible())


def test_it_says_how_it_stands_and_when_people_hear_next(page: CommsPage) -> None:
    said = words(page)
    assert "Shared folders are unavailable. Expected back by 22:00." in said
    assert "Promised end 22:00" in said and page.due.clock.text() == "21:45"


def test_ctrl_enter_with_nothing_owed_writes_an_update(page: CommsPage, pad: Pad) -> None:
    assert page.rows is not None and not page.rows.owed
    QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert pad.asked[-1] == NoticeKind.PROGRESS.value


def test_nothing_of_a_step_is_on_it(page: CommsPage) -> None:
    said = words(page).casefold()
    assert not any(word in said for word in ("drain", "flash", "san-0", "rebalance"))


def test_an_update_is_written_in_this_window_and_escape_leads_back(
    seat: Cockpit, qtbot: QtBot, page: CommsPage, pad: Pad
) -> None:
    QTest.keyClick(page, Qt.Key.Key_U, Qt.KeyboardModifier.ControlModifier)
    assert page.writing and pad.asked[-1] == "progress"
    assert page.back() and not page.writing


def test_who_asks_is_answered_from_it(
    seat: Cockpit, qtbot: QtBot, page: CommsPage, pad: Pad
) -> None:
    assert page.rows is not None
    seat.store.run(note_reply, page.rows.outage_id, "L. Ortega", "PACS slow?", "question")
    until(qtbot, lambda: "PACS slow?" in words(page))
    made = [b for b in page.findChildren(QPushButton) if b.accessibleName() == "Answer L. Ortega"]
    made[0].click()
    assert page.writing and pad.asked[-1] == page.rows.asking[0].reply_id


def test_the_side_is_given_by_name(seat: Cockpit, qtbot: QtBot, page: CommsPage) -> None:
    assert page.rows is not None
    page.give()
    until(qtbot, lambda: any(s.isVisible() for s in page.findChildren(Sheet)))
    sheet = page.findChildren(Sheet)[-1]
    lead = sheet.editor(Side.COMMUNICATION.value)
    assert isinstance(lead, OneOf)
    lead.choose("R. Ramos")
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    until(qtbot, lambda: page.rows is not None and page.rows.lead == "R. Ramos")
    assert seat.store.read(communication_side, page.rows.outage_id).fix_lead == "M. Okafor"


def test_live_names_who_communicates_and_opens_their_window(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    seat.store.run(give_side, flight, Side.COMMUNICATION, "R. Ramos")
    live = opened(seat, qtbot)
    until(qtbot, lambda: "R. Ramos · " in words(live))
    with qtbot.waitSignal(live.ownScreenRequested) as asked:
        QTest.keyClick(
            live,
            Qt.Key.Key_F11,
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
        )
    assert asked.args == ["communication", flight]


def test_the_fix_side_leaves_communication_out(seat: Cockpit, qtbot: QtBot) -> None:
    flying(seat)
    live = opened(seat, qtbot)
    live.alone(Side.FIX)
    said = words(live)
    assert "Communication and debt" not in said and "Timeline" in said


def test_a_window_opens_where_it_stood(
    seat: Cockpit, qtbot: QtBot, pad: Pad, tmp_path: Path
) -> None:
    flying(seat)

    def window() -> OwnScreen:
        page = LivePage(seat.ops, seat.acts, seat.told, seat.store.clock.now, seat.undos.append)
        here = QGuiApplication.primaryScreen()
        return OwnScreen(page, QGuiApplication.screens(), here, "Fix side", tmp_path / "w.ini")

    first = window()
    first.resize(720, 540)
    first.show()
    qtbot.waitExposed(first)
    first.close()
    again = window()
    assert (again.width(), again.height()) == (720, 540)
    again.close()
