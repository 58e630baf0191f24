"""The rota's screen and the hand-over card, by keys: each act changes the store and says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.models.reports.document import Document
from app.services.database import Store
from app.services.rota.handover import keep_notes, turnover, typed_notes, unacknowledged
from app.services.rota.reading import rota_rows
from app.services.rota.turns import set_rota
from app.services.settings.handed import handed
from app.services.uow import Undo, undo
from app.views.ops import Beside, Ops
from app.views.rota.page import RotaPage
from app.views.settings.handing_card import HandingCard, HandingDesk
from app.views.theme import Theme
from app.views.widgets.choosers import OneOf
from app.views.widgets.sheet import Sheet
from tests.makers import make_person, make_store
from tests.views.telling import Told

WORDS = "correct horse battery"


class Papers:
    def __init__(self) -> None:
        self.read: list[Document] = []

    def preview(self, document: Document) -> None:
        self.read.append(document)

    def save_pdf(self, document: Document, name: str) -> None:
        self.read.append(document)


class Room:
    def __init__(self, store: Store) -> None:
        self.store, self.told, self.undos = store, Told(), list[Undo]()
        self.papers = Papers()
        self.holder = QWidget()
        self.ops = Ops(store, self.told, lambda: None, self.holder)
        self.page = RotaPage(self.ops, self.told, self.undos.append, self.papers)
        self.page.resize(1200, 700)

    def sheet(self) -> Sheet:
        return self.page.findChildren(Sheet)[-1]

    def answer(self, qtbot: QtBot) -> None:
        """By its key, once it has the keyboard."""
        sheet = self.sheet()
        qtbot.waitUntil(sheet.isActiveWindow)
        QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: bool(self.undos))


@pytest.fixture
def room(theme: Theme, qtbot: QtBot, tmp_path: Path) -> Iterator[Room]:
    store = make_store(tmp_path / "data")
    made = Room(store)
    qtbot.addWidget(made.page)
    qtbot.addWidget(made.holder)
    made.page.show()
    yield made
    store.close()


def _look(room: Room, qtbot: QtBot) -> None:
    room.page.activate()
    qtbot.waitUntil(lambda: room.ops.idle)


def _people(store: Store) -> list[str]:
    return [store.run(make_person, name).id for name in ("Ada Lund", "Ben Ito")]


def test_an_empty_rota_is_set_by_keys_and_taken_back(room: Room, qtbot: QtBot) -> None:
    ada, ben = _people(room.store)
    room.store.run(make_person, "Cleo Marsh")
    _look(room, qtbot)
    assert room.page._turns.currentIndex() == 1
    room.page._set()
    sheet = room.sheet()
    for key, person in (("person0", ada), ("person1", ben)):
        choice = sheet.editor(key)
        assert isinstance(choice, OneOf)
        assert not sheet.editor("person2").isVisible(), "one more is asked for at a time"
        choice.choose(person)
    assert sheet.editor("person2").isVisible()
    room.answer(qtbot)
    _look(room, qtbot)
    rows = room.page.list.model_rows.rows()
    assert [row.title for row in rows][:2] == ["Ada Lund", "Ben Ito"]
    assert "every month" in room.page.context
    room.store.run(undo, room.undos[0])
    _look(room, qtbot)
    assert room.page._turns.currentIndex() == 1


def test_notes_are_kept_as_they_are_typed_and_the_hand_over_is_acknowledged(
    room: Room, qtbot: QtBot
) -> None:
    people = _people(room.store)
    room.store.run(set_rota, "every week on Tuesday", date(2024, 12, 31), people)
    _look(room, qtbot)
    QTest.keyClicks(room.page.handover.notes, "Mind the robot.")
    over = room.store.read(turnover)
    qtbot.waitUntil(lambda: room.store.read(typed_notes, over) == "Mind the robot.")
    room.page._acknowledge()
    qtbot.waitUntil(lambda: bool(room.page.findChildren(Sheet)))
    room.answer(qtbot)
    assert room.store.read(unacknowledged) is None
    _look(room, qtbot)
    assert "Ben Ito acknowledged it" in room.page.handover.said.text()
    assert room.page.handover.notes.isReadOnly()


def test_notes_that_another_console_types_meanwhile_stay(room: Room, qtbot: QtBot) -> None:
    room.store.run(set_rota, "every week on Tuesday", date(2024, 12, 31), _people(room.store))
    _look(room, qtbot)
    QTest.keyClicks(room.page.handover.notes, "Mind the robot.")
    over = room.store.read(turnover)
    room.store.run(keep_notes, over, "Theirs.")
    room.page.handover.notes._keep_now()
    both = "Mind the robot.\nTheirs."
    qtbot.waitUntil(lambda: room.store.read(typed_notes, over) == both)


def test_days_without_a_coordinator_stand_on_the_screen_until_somebody_covers(
    room: Room, qtbot: QtBot
) -> None:
    ada, ben = _people(room.store)
    room.store.run(set_rota, "every month", date(2025, 1, 10), [ada])
    _look(room, qtbot)
    assert room.store.read(rota_rows).troubles[0].sentence.startswith("Nobody is on duty Mon 6 Jan")
    room.page._cover_days(room.store.read(rota_rows).troubles[0])
    choice = room.sheet().editor("person")
    assert isinstance(choice, OneOf)
    choice.choose(ben)
    room.answer(qtbot)
    assert room.store.read(rota_rows).troubles == ()
    _look(room, qtbot)
    room.undos.clear()
    room.page._add_absence()
    room.answer(qtbot)
    _look(room, qtbot)
    [trouble] = room.store.read(rota_rows).troubles
    assert trouble.sentence == "Ada Lund is on duty and away Fri 10 Jan 2025; nobody covers."
    buttons = [made.accessibleName() for made in room.page._wrong.findChildren(QPushButton)]
    assert buttons == [f"Cover: {trouble.sentence}"]


def test_the_store_is_handed_over_and_the_card_says_so(
    room: Room, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.settings.sealed_file.COST", 16)
    beside, anew, order = Beside(), list[str](), list[str]()
    ops = Ops(beside, room.told, lambda: None, room.holder)
    desk = HandingDesk(
        room.store, stop_sending=lambda: order.append("stopped"), start_anew=anew.append
    )
    card = HandingCard(ops, room.told, room.store.folder, desk)
    qtbot.addWidget(card)
    card.show()
    sheet = card.ask_to_give_to("Ben Ito")
    for key, words in (("words", WORDS), ("again", WORDS[:-1])):
        editor = sheet.editor(key)
        assert isinstance(editor, QLineEdit)
        assert editor.echoMode() is QLineEdit.EchoMode.Password
        editor.setText(words)
    QTest.keyClick(sheet, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert sheet.isVisible()  # they differ
    sheet.reject()
    card.give_now(tmp_path / "f.handover", "Ben Ito", WORDS)
    qtbot.waitUntil(lambda: bool(anew))
    assert order == ["stopped"]
    assert handed(room.store.folder) is not None
    card.refresh()
    assert card.back.isVisible()
    assert not card.give.isVisible()
    assert card.said.text().startswith("Handed over to Ben Ito")
    beside.close()


def test_the_notes_field_is_for_whoever_leaves(room: Room, qtbot: QtBot) -> None:
    _look(room, qtbot)
    assert isinstance(room.page.handover.notes, QPlainTextEdit)
    assert room.page.handover.notes.isReadOnly()
    assert not room.page.handover.acknowledge.isEnabled()
