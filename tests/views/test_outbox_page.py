"""The Outbox page over a real store, a mailbox in memory and a worker between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel
from pytestqt.qtbot import QtBot

from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outbox import ItemState, PartState, Route
from app.services.outbox.acting import choose_route
from app.services.outbox.reading import still_open
from app.services.ports.trouble import Unclear
from app.services.sync.state import SyncState
from app.services.uow import Undo
from app.views.ops import Beside, Ops
from app.views.outbox.acts import AGAIN, GONE, LEFT, OutboxActs
from app.views.outbox.page import OutboxPage
from app.views.theme import Theme
from app.views.widgets.sheet import Sheet
from tests.makers import clock_of
from tests.services.outbox_desk import Desk, make_desk

K = NoticeKind
Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


@dataclass
class Told:
    said: list[str] = field(default_factory=list)
    take_back: list[Callable[[], object]] = field(default_factory=list)

    def info(
        self, sentence: str, /, *, action: tuple[str, Callable[[], object]] | None = None
    ) -> None:
        self.said.append(sentence)

    def remark(
        self,
        sentence: str,
        /,
        *,
        action: tuple[str, Callable[[], object]] | None = None,
        warn: bool = False,
    ) -> None:
        self.said.append(sentence)

    def count_down(
        self, sentence: str, action: tuple[str, Callable[[], object]], seconds: int, /
    ) -> None:
        assert seconds == 10
        self.said.append(sentence)
        self.take_back.append(action[1])

    def withdraw(self, sentence: str, /) -> None:
        if sentence in self.said:
            self.said.remove(sentence)

    def error(
        self, sentence: str, /, *, action: tuple[str, Callable[[], object]] | None = None
    ) -> None:
        raise AssertionError(sentence)


@dataclass
class Scene:
    page: OutboxPage
    desk: Desk
    told: Told
    undos: list[Undo]
    ops: Ops
    qtbot: QtBot
    folder: Path

    def show(self) -> None:
        self.page.refresh()
        self.settle()

    def settle(self) -> None:
        self.qtbot.waitUntil(lambda: self.ops.idle)
        self.qtbot.wait(1)
        self.qtbot.waitUntil(lambda: self.ops.idle)

    def lose(self, kind: NoticeKind = K.PLANNED) -> str:
        """It was sent, the answer is lost, and it shows up nowhere."""
        item = self.desk.queue(kind)
        clock = clock_of(self.desk.store)
        clock.set(self.desk.item(item).not_before or clock.now())
        self.desk.mailbox.move_takes = lambda: timedelta(days=2)
        self.desk.weather.lay("send", Unclear("The connection was reset."), after=True)
        self.desk.go_on()
        assert self.desk.state(item) is ItemState.ATTENTION
        return item

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        self.page.open.setFocus()
        QTest.keyClick(self.page.open, key, modifier or Qt.KeyboardModifier.NoModifier)
        self.settle()

    def answer(self, value: str) -> None:
        sheet = self.page.findChildren(Sheet)[-1]
        choice = sheet.findChild(QComboBox)
        assert choice is not None
        choice.setCurrentIndex(choice.findData(value))
        sheet.yes.click()
        self.settle()

    def facts(self) -> dict[str, str]:
        labels = [each.text() for each in self.page.item.findChildren(QLabel) if each.isVisible()]
        return dict(pairwise(labels))


@pytest.fixture
def scene(qtbot: QtBot, theme: Theme, tmp_path: Path) -> Iterator[Scene]:
    desk = make_desk(tmp_path)
    told = Told()
    undos: list[Undo] = []
    ops = Ops(desk.store, told, lambda: None)
    threads = Beside()
    beside = Ops(threads, told, lambda: None)
    folder = tmp_path / "outgoing"
    page = OutboxPage(
        ops,
        clock_of(desk.store).now,
        lambda: True,
        lambda over: OutboxActs(ops, beside, told, undos.append, folder, over),
    )
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    qtbot.waitActive(page)
    made = Scene(page, desk, told, undos, ops, qtbot, folder)
    made.settle()
    yield made
    made.settle()
    threads.close()
    desk.store.close()


def texts(scene: Scene) -> str:
    return " | ".join(e.text() for e in scene.page.findChildren(QLabel) if e.isVisible())


def test_empty_it_says_what_belongs_there(scene: Scene) -> None:
    scene.show()
    assert "Nothing waits" in texts(scene)
    assert "Choose something in the list" in texts(scene)
    assert scene.page.context == "0 to leave"


def test_that_nothing_waits_is_said_only_after_a_look(scene: Scene) -> None:
    assert "Nothing" not in texts(scene).replace("Nothing chosen", "")
    assert scene.page.context == "", "whether it is in sync is not known yet"


def test_what_waits_is_chosen_with_its_facts_and_acts(scene: Scene) -> None:
    scene.desk.queue(K.PLANNED)
    scene.show()
    assert scene.facts()["Who sends it"] == "only while this console runs"
    item = scene.page.item
    assert item.send.isVisible()
    assert item.take_back.isVisible()
    assert not item.say.isVisible()


def test_of_several_drafts_the_chosen_one_opens_in_outlook(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toString()))
    item = scene.desk.queue(K.CREW_BRIEF)
    scene.desk.run(choose_route, item, Route.OUTLOOK_DRAFT)
    scene.desk.turn(minutes=60 * 24 * 15)
    assert scene.desk.state(item) is ItemState.DRAFTED
    scene.show()
    links = [part.web_link for part in scene.desk.parts(item)]
    assert len(set(links)) == 3
    card = scene.page.item
    card.outlook.click()
    card.parts.choose(scene.desk.parts(item)[1].id)
    card.parts.setFocus()
    QTest.keyClick(card.parts, Key.Key_Return)
    assert opened == links[:2]


def test_h_holds_and_releases(scene: Scene) -> None:
    item = scene.desk.queue(K.PLANNED)
    scene.show()
    scene.page.item.hold.click()
    scene.settle()
    assert scene.desk.state(item) is ItemState.HELD
    scene.show()
    assert scene.page.item.hold.text() == "Release  H"
    held = scene.page.open.current()
    assert held is not None and held.pill == "held", "no time at which it would leave"
    scene.page.item.hold.click()
    scene.settle()
    assert scene.desk.state(item) is ItemState.WAITING
    assert len(scene.undos) == 2


def test_send_now_can_be_held_while_it_waits_its_seconds(scene: Scene) -> None:
    item = scene.desk.queue(K.PLANNED)
    scene.show()
    scene.page.item.send.click()
    scene.settle()
    assert scene.desk.item(item).not_before == clock_of(scene.desk.store).now() + timedelta(
        seconds=10
    )
    scene.told.take_back[0]()
    scene.settle()
    assert scene.desk.state(item) is ItemState.HELD


def test_taken_back_it_is_a_draft_again(scene: Scene) -> None:
    item = scene.desk.queue(K.PLANNED)
    scene.show()
    scene.page.item.send.click()
    scene.settle()
    scene.page.item.take_back.click()
    scene.settle()
    assert scene.desk.state(item) is ItemState.VOID
    assert scene.told.said == ["Taken back before it left. Its text is a draft again."]


def test_of_half_a_brief_taken_back_it_says_how_much_left(scene: Scene) -> None:
    item = scene.desk.queue(K.CREW_BRIEF)
    scene.desk.run(choose_route, item, Route.OUTLOOK_DRAFT)
    scene.desk.turn(minutes=60 * 24 * 15)
    scene.desk.mailbox.send(scene.desk.parts(item)[1].remote_id)
    scene.desk.turn(minutes=5)
    scene.page.activate(item)
    scene.settle()
    scene.page.item.take_back.click()
    sheet = scene.page.findChild(Sheet)
    assert sheet is not None
    sheet.yes.click()
    scene.settle()
    scene.desk.turn(minutes=1)
    scene.show()
    shown = scene.page.left.current()
    assert shown is not None
    assert (shown.key, shown.pill) == (item, "1 of 3 left")
    assert "1 of its 3 messages left before it was taken back" in shown.sub


def test_another_way_out_is_chosen(scene: Scene) -> None:
    item = scene.desk.queue(K.PLANNED)
    scene.show()
    scene.page.item.route.click()
    scene.answer(Route.OUTLOOK_HOLDS.value)
    assert scene.desk.item(item).route is Route.OUTLOOK_HOLDS


def test_saved_as_files_it_leaves_by_hand(scene: Scene) -> None:
    item = scene.desk.queue(K.PLANNED)
    scene.show()
    scene.page.item.export.click()
    scene.qtbot.waitUntil(lambda: bool(scene.told.said))
    scene.settle()
    assert scene.desk.state(item) is ItemState.EXPORTED
    assert list(scene.folder.glob("*/*.eml"))


def test_what_needs_a_person_comes_first_and_is_counted(scene: Scene) -> None:
    item = scene.lose()
    scene.desk.queue(K.CREW_BRIEF)
    scene.show()
    assert scene.page.open.model_rows.rows()[0].key == item
    assert scene.desk.store.read(still_open) == (2, True)
    assert scene.page.item.say.isVisible()
    assert "1 needs you" in texts(scene)


def test_a_person_who_saw_it_among_the_sent_says_so(scene: Scene) -> None:
    item = scene.lose()
    scene.show()
    scene.page.item.say.click()
    scene.answer(LEFT)
    assert scene.desk.state(item) is ItemState.SENT
    assert scene.desk.notice(item).state is NoticeState.SENT


def test_a_person_who_saw_that_it_did_not_leave_has_it_sent_again(scene: Scene) -> None:
    item = scene.lose()
    scene.show()
    scene.page.item.say.click()
    scene.answer(AGAIN)
    assert scene.desk.parts(item)[0].state is PartState.DRAFTING


def test_of_what_was_taken_back_it_is_asked_whether_it_is_gone(scene: Scene) -> None:
    item = scene.lose()
    scene.show()
    scene.page.item.take_back.click()
    scene.settle()
    scene.desk.go_on()
    scene.show()
    if scene.desk.state(item) is ItemState.ATTENTION or scene.page.item.say.isVisible():
        scene.page.item.say.click()
        scene.answer(GONE)
    assert scene.desk.state(item) is ItemState.VOID


def test_what_left_stays_chosen_in_the_other_list(scene: Scene) -> None:
    item = scene.desk.queue(K.PLANNED)
    scene.show()
    assert scene.page.chosen() is not None
    clock = clock_of(scene.desk.store)
    clock.set(scene.desk.item(item).not_before or clock.now())
    scene.desk.go_on()
    scene.show()
    row = scene.page.chosen()
    assert row is not None
    assert row.id == item
    assert scene.facts()["Sent by"] == "this console"


def test_of_several_the_one_that_left_stays_chosen(scene: Scene) -> None:
    item = scene.desk.queue(K.PLANNED)
    scene.desk.queue(K.CREW_BRIEF)
    scene.page.activate(item)
    scene.settle()
    clock = clock_of(scene.desk.store)
    clock.set(scene.desk.item(item).not_before or clock.now())
    while scene.desk.state(item) is not ItemState.SENT:
        scene.desk.turn(seconds=5)
    scene.show()
    row = scene.page.chosen()
    assert row is not None
    assert (row.id, row.state) == (item, ItemState.SENT)


def test_it_goes_to_the_item_that_was_asked_for(scene: Scene) -> None:
    scene.desk.queue(K.PLANNED)
    second = scene.desk.queue(K.CREW_BRIEF)
    scene.page.activate(second)
    scene.settle()
    row = scene.page.chosen()
    assert row is not None
    assert row.id == second


def test_the_state_and_its_reason_are_said_once(scene: Scene) -> None:
    scene.desk.queue(K.PLANNED)
    scene.show()
    scene.page.show_state(SyncState.WORKING, "1 to leave.")
    assert scene.page.context == "Working · 1 to leave"
    scene.page.show_state(SyncState.OFFLINE, "Microsoft 365 cannot be reached.")
    assert scene.page.context == "Offline · Microsoft 365 cannot be reached · 1 to leave"


def test_enter_opens_the_outage(scene: Scene) -> None:
    scene.desk.queue(K.PLANNED)
    scene.show()
    with scene.qtbot.waitSignal(scene.page.outageRequested) as asked:
        scene.press(Key.Key_Return)
    assert asked.args == [scene.desk.outage_id]


def test_keys_do_what_the_buttons_do(scene: Scene) -> None:
    item = scene.desk.queue(K.PLANNED)
    scene.show()
    scene.press(Key.Key_H)
    assert scene.desk.state(item) is ItemState.HELD
    scene.show()
    scene.press(Key.Key_Return, CTRL)
    assert scene.desk.state(item) is ItemState.WAITING
    scene.show()
    scene.press(Key.Key_Delete)
    assert scene.desk.state(item) is ItemState.VOID
