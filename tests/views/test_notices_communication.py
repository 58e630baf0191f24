"""The Communication tab over a real store: write, see, check, send."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.lifecycle import State
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.events import EventBus
from app.services.notices.composing import compose
from app.services.notices.reading import communication
from app.services.notices.replies import note_reply
from app.services.notices.sending import record_sent
from app.services.uow import Undo, UnitOfWork
from app.views.bridge import Bridge
from app.views.notices.acts import Outside
from app.views.notices.communication_page import CommunicationTab
from app.views.notices.typed_fields import Typed
from app.views.ops import Ops
from app.views.theme import Theme
from app.views.widgets.sheet import Sheet
from tests.flights import END, START, make_flight, set_state
from tests.makers import clock_of
from tests.services.notices_flights import desk_store

K = NoticeKind


@dataclass
class Told:
    said: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def info(
        self, sentence: str, /, *, action: tuple[str, Callable[[], object]] | None = None
    ) -> None:
        self.said.append(sentence)

    def error(
        self, sentence: str, /, *, action: tuple[str, Callable[[], object]] | None = None
    ) -> None:
        self.errors.append(sentence)


@dataclass
class Scene:
    tab: CommunicationTab
    store: Store
    outage_id: str
    told: Told
    undos: list[Undo]
    opened: list[Path]
    ops: Ops
    qtbot: QtBot

    def show(self, kind: NoticeKind) -> None:
        self.tab.show_outage(self.outage_id, kind)
        self.settle()
        assert self.tab.composed is not None
        assert self.tab.composed.kind is kind

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.ops.idle)
        self.qtbot.wait(1)
        self.qtbot.waitUntil(lambda: self.ops.idle)

    def left(self, kind: NoticeKind) -> NoticeState:
        return self.store.read(compose, self.outage_id, kind).state


@pytest.fixture
def scene(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Scene]:
    bus = EventBus()
    store = desk_store(tmp_path, START - timedelta(days=20), bus)
    outage_id = store.run(make_flight, State.PLANNED)
    told = Told()
    undos: list[Undo] = []
    opened: list[Path] = []

    def open_file(path: Path) -> bool:
        opened.append(path)
        return True

    ops = Ops(store, told, lambda: None)
    bridge = Bridge(bus)
    tab = CommunicationTab(
        ops,
        told,
        undos.append,
        clock_of(store).now,
        tmp_path / "outgoing",
        Outside(lambda _parent: tmp_path, open_file),
    )
    bridge.happened.connect(tab.on_event)
    qtbot.addWidget(tab)
    tab.resize(1200, 800)
    tab.show()
    made = Scene(tab, store, outage_id, told, undos, opened, ops, qtbot)
    yield made
    made.settle()
    store.close()


def sheet_of(scene: Scene) -> Sheet:
    return scene.tab.findChildren(Sheet)[-1]


def test_the_preview_shows_exactly_what_leaves(scene: Scene) -> None:
    scene.show(K.PLANNED)
    shown = scene.tab.preview.browser.toPlainText()
    assert scene.tab.composed is not None
    for paragraph in scene.tab.composed.text.split("\n\n"):
        assert " ".join(paragraph.split()) in " ".join(shown.split())


def test_what_is_typed_is_seen_at_once_and_kept(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.composer.text.appendPlainText("Bring cake.")
    scene.qtbot.waitUntil(lambda: "Bring cake." in scene.tab.preview.browser.toPlainText())
    scene.tab.hide()
    scene.settle()
    assert "Bring cake." in scene.store.read(compose, scene.outage_id, K.PLANNED).text


def test_leaving_for_another_notice_keeps_what_was_typed(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.composer.text.appendPlainText("Bring cake.")
    scene.show(K.CREW_BRIEF)
    scene.show(K.PLANNED)
    assert "Bring cake." in scene.tab.composer.text.toPlainText()


def test_an_untouched_notice_follows_the_plan(scene: Scene) -> None:
    scene.show(K.PLANNED)

    def change(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, scene.outage_id)
        outage.workaround = "Use the copy on the intranet."
        uow.log("changed", outage)

    scene.store.run(change)
    scene.show(K.PLANNED)
    assert "Use the copy" in scene.tab.composer.text.toPlainText()


def test_queueing_makes_it_wait_and_can_be_taken_back(scene: Scene) -> None:
    scene.show(K.PLANNED)
    assert scene.tab.queue.text().startswith("Queue for Tue 31 Dec 09:00")
    scene.tab.queue.click()
    scene.settle()
    assert scene.left(K.PLANNED) is NoticeState.QUEUED
    scene.qtbot.waitUntil(scene.tab.take_back.isVisible)
    scene.tab.take_back.click()
    scene.settle()
    assert scene.left(K.PLANNED) is NoticeState.DRAFT


def test_a_blocked_notice_cannot_be_queued(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.composer.text.appendPlainText("[fill in]")
    scene.qtbot.waitUntil(lambda: not scene.tab.queue.isEnabled())
    assert "to mend" in scene.tab.composer.checks.verdict.text()


def test_sent_by_me_announces_the_outage(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.sent.click()
    sheet_of(scene).yes.click()
    scene.settle()
    assert scene.store.read(lambda uow: uow.fetch(Outage, scene.outage_id).state) is (
        State.ANNOUNCED
    )
    assert len(scene.undos) == 1


def test_a_time_to_come_is_refused_in_the_sheet(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.sent.click()
    sheet = sheet_of(scene)
    editor = sheet.editor("at")
    assert isinstance(editor, QLineEdit)
    editor.setText("2025-01-09 09:00")
    sheet.yes.click()
    scene.settle()
    assert sheet.isVisible()
    sheet.reject()


def test_saving_leaves_mail_hold_text_and_list(scene: Scene, tmp_path: Path) -> None:
    scene.show(K.PLANNED)
    scene.tab.save.click()
    scene.settle()
    suffixes = {path.suffix for path in tmp_path.iterdir() if path.is_file()}
    assert {".eml", ".ics", ".txt", ".json"} <= suffixes
    assert "Nothing is sent" in scene.told.said[-1]


def test_the_mail_program_is_given_the_saved_draft(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.mail.click()
    scene.settle()
    assert [path.suffix for path in scene.opened] == [".eml"]


def test_copying_gives_rich_and_plain_text(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.copy.click()
    mime = QGuiApplication.clipboard().mimeData()
    assert "<strong>" in mime.html()
    assert "Save your work" in mime.text()


def test_what_you_can_do_meanwhile_is_begun_with_one_click(scene: Scene) -> None:
    scene.show(K.PLANNED)
    (write,) = [
        b for b in scene.tab.composer.checks.findChildren(QPushButton) if b.text() == "Write it"
    ]
    write.click()
    assert scene.tab.composer.text.toPlainText().endswith("*What you can do meanwhile:* ")


def test_extended_asks_only_for_what_the_console_does_not_know(scene: Scene) -> None:
    scene.store.run(record_sent, scene.outage_id, K.PLANNED, clock_of(scene.store).now())
    clock_of(scene.store).set(END - timedelta(minutes=20))
    scene.store.run(set_state, scene.outage_id, State.IN_PROGRESS)

    def extend(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, scene.outage_id)
        outage.promised_end_utc = END + timedelta(hours=1)
        uow.log("extended", outage)

    scene.store.run(extend)
    scene.show(K.EXTENDED)
    update = scene.tab.composer.fields.editor(Typed.NEXT_UPDATE)
    assert update.placeholderText() == "Fri 10 Jan 22:45 EST"
    update.setText("22:15")
    update.textEdited.emit("22:15")
    scene.qtbot.waitUntil(lambda: "10:15 pm" in scene.tab.preview.browser.toPlainText())


def test_each_of_the_crew_can_be_read(scene: Scene) -> None:
    scene.show(K.CREW_BRIEF)
    readers = scene.tab.preview.readers
    assert readers.count() == 3
    readers.setCurrentIndex(1)
    assert readers.currentText() in scene.tab.preview.browser.toPlainText()
    assert readers.currentText() in scene.tab.composer.text.toPlainText()


def test_a_reply_is_sorted_by_one_key(scene: Scene) -> None:
    scene.store.run(note_reply, scene.outage_id, "Dr Moreau", "We run CT scans.")
    scene.show(K.PLANNED)
    scene.qtbot.waitUntil(lambda: scene.tab.replies.rows.current() is not None)
    scene.tab.replies.rows.setFocus()
    QTest.keyClick(scene.tab.replies.rows, Qt.Key.Key_O)
    scene.settle()
    found = scene.store.read(communication, scene.outage_id)
    assert [r.kind for r in found.replies] == ["objection"]


def test_an_act_of_the_plan_says_what_it_is(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.plan.choose("packet")
    scene.settle()
    assert scene.tab.title.text() == "Paper packet"
    assert not scene.tab.composer.isVisible()


def test_every_control_has_a_name(scene: Scene) -> None:
    scene.show(K.PLANNED)
    for made in scene.tab.findChildren(QAbstractButton):
        assert made.accessibleName() or made.text() or not made.isVisible()
    for part in (scene.tab.plan, scene.tab.composer.text, scene.tab.preview.browser):
        assert part.accessibleName()


def test_with_little_room_text_and_preview_take_turns(scene: Scene) -> None:
    scene.tab.resize(900, 700)
    scene.show(K.PLANNED)
    assert (scene.tab.composer.isVisible(), scene.tab.preview.isVisible()) == (True, False)
    scene.tab.see.click()
    assert (scene.tab.composer.isVisible(), scene.tab.preview.isVisible()) == (False, True)
