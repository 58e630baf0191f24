"""The Communication tab over a real store: write, see, check, send."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton

from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.lifecycle import State
from app.models.outbox import ItemState
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.services.notices.composing import compose
from app.services.notices.facts import NoticeExtra
from app.services.notices.reading import communication
from app.services.notices.replies import note_reply
from app.services.notices.sending import queue, record_sent
from app.services.notices.typed_values import Typed
from app.services.uow import UnitOfWork
from app.views.page import UNKEPT
from app.views.widgets.labels import Words
from app.views.widgets.sheet import Sheet
from tests.flights import END, START, set_state
from tests.makers import clock_of
from tests.views.notices_scene import Scene, scene, write

K = NoticeKind
__all__ = ["scene"]


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
    write(scene, "Bring cake. Call 212 555 0100.")
    scene.qtbot.waitUntil(lambda: "Bring cake." in scene.tab.preview.browser.toPlainText())
    assert "212\xa0555\xa00100" in scene.tab.preview.browser.document().toRawText()
    assert "212 555 0100" in scene.tab.preview.leaving, "it leaves as it was typed"
    scene.tab.hide()
    scene.settle()
    assert "Bring cake." in scene.store.read(compose, scene.outage_id, K.PLANNED).text


def test_leaving_for_another_notice_keeps_what_was_typed(scene: Scene) -> None:
    scene.show(K.PLANNED)
    write(scene, "Bring cake.")
    scene.show(K.CREW_BRIEF)
    scene.show(K.PLANNED)
    assert "Bring cake." in scene.tab.composer.text.words()


def test_what_the_disk_refused_comes_back_with_its_notice_and_is_kept_then(scene: Scene) -> None:
    def read_only(uow: UnitOfWork, switch: str) -> None:
        uow.session.connection().exec_driver_sql(f"PRAGMA query_only={switch}")

    scene.show(K.PLANNED)
    scene.store.read(read_only, "ON")
    write(scene, "Bring cake.")
    scene.show(K.CREW_BRIEF)
    assert scene.told.errors
    assert "Planned" in str(scene.tab.composer.property(UNKEPT))
    scene.store.read(read_only, "OFF")
    scene.show(K.PLANNED)
    assert "Bring cake." in scene.tab.composer.text.words()
    scene.tab.hide()
    scene.settle()
    assert "Bring cake." in scene.store.read(compose, scene.outage_id, K.PLANNED).text
    assert not scene.tab.composer.property(UNKEPT)
    scene.tab.show()
    scene.store.read(read_only, "ON")
    write(scene, "And tea.")
    at_close: list[str] = []
    composer = scene.tab.composer
    assert composer.keep(lambda: at_close.append(str(composer.property(UNKEPT))))
    scene.settle()
    assert "Planned" in "".join(at_close), "what closing finds"
    scene.store.read(read_only, "OFF")


def test_an_untouched_notice_follows_the_plan(scene: Scene) -> None:
    scene.show(K.PLANNED)

    def change(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, scene.outage_id)
        outage.workaround = "Use the copy on the intranet."
        uow.log("changed", outage)

    scene.store.run(change)
    scene.show(K.PLANNED)
    assert "Use the copy" in scene.tab.composer.text.words()


def test_queueing_makes_it_wait_and_can_be_taken_back(scene: Scene) -> None:
    scene.show(K.PLANNED)
    assert scene.tab.bar.queue.text().startswith("Queue for Tue 31 Dec 09:00")
    scene.tab.bar.queue.click()
    scene.settle()
    assert scene.left(K.PLANNED) is NoticeState.QUEUED
    scene.qtbot.waitUntil(scene.tab.bar.take_back.isVisible)
    scene.tab.bar.take_back.click()
    scene.settle()
    assert scene.left(K.PLANNED) is NoticeState.DRAFT


def test_after_it_left_the_same_key_leads_to_the_next_that_is_owed(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.bar.queue.setFocus()
    send = (Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(scene.tab.bar.queue, *send)
    scene.settle()
    assert scene.left(K.PLANNED) is NoticeState.QUEUED
    held = scene.tab.window().focusWidget()
    assert held is not None and scene.tab.isAncestorOf(held), "the keyboard stays here"
    QTest.keyClick(held, *send)
    scene.settle()
    assert scene.tab.composed is not None
    assert scene.tab.composed.kind is not K.PLANNED or any("No other" in w for w in scene.told.said)


def test_what_has_left_and_nobody_waits_for_is_not_sent_again_by_the_key(scene: Scene) -> None:
    before = clock_of(scene.store).now()
    scene.store.run(record_sent, scene.outage_id, K.PLANNED, before)
    now = START + timedelta(minutes=20)
    clock_of(scene.store).set(now)
    scene.store.run(set_state, scene.outage_id, State.IN_PROGRESS)
    said = NoticeExtra(progress="Node B is done.")
    scene.store.run(record_sent, scene.outage_id, K.STARTED, now)
    scene.store.run(record_sent, scene.outage_id, K.PROGRESS, now, extra=said)
    scene.show(K.PROGRESS)
    assert scene.tab.bar.queue.isVisible()
    QTest.keyClick(scene.tab, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    scene.settle()
    assert scene.left(K.PROGRESS) is NoticeState.DRAFT


def test_a_blocked_notice_cannot_be_queued(scene: Scene) -> None:
    scene.show(K.PLANNED)
    write(scene, "[fill in]")
    scene.qtbot.waitUntil(lambda: not scene.tab.bar.queue.isEnabled())
    assert "to mend" in scene.tab.composer.checks.verdict.text()


def test_nothing_is_queued_for_a_filed_flight(scene: Scene) -> None:
    scene.store.run(set_state, scene.outage_id, State.FILED)
    scene.show(K.SERVICE_DESK_BRIEF)
    assert not scene.tab.bar.queue.isVisible()
    assert not scene.tab.bar.sent.isVisible()
    assert scene.tab.bar.copy.isVisible(), "its words may still be had"
    assert scene.tab.composer.checks.verdict.text() == "not sent now"


def test_of_two_briefs_the_one_that_is_owed_is_shown(scene: Scene) -> None:
    clock_of(scene.store).set(END)
    scene.store.run(set_state, scene.outage_id, State.COMPLETE)
    clock_of(scene.store).advance(days=5)
    scene.show(K.SERVICE_DESK_BRIEF)
    chosen = scene.tab.plan.current()
    assert chosen is not None and chosen.key == "end_brief"


def test_the_brief_after_it_is_chosen_and_waits_for_its_morning_although_one_went_before(
    scene: Scene,
) -> None:
    clock_of(scene.store).set(END)
    scene.store.run(set_state, scene.outage_id, State.COMPLETE)
    scene.show(K.SERVICE_DESK_BRIEF)
    chosen, composed = scene.tab.plan.current(), scene.tab.composed
    assert chosen is not None and chosen.key == "end_brief"
    assert composed is not None and composed.due is not None
    assert composed.leaves_at == composed.due > END


def test_what_the_flight_is_not_ready_for_is_not_offered_and_says_why(scene: Scene) -> None:
    scene.show(K.ALL_CLEAR)
    assert not scene.tab.bar.queue.isVisible()
    checks = scene.tab.composer.checks
    assert any("Give the all-clear on Live first" in w.text() for w in checks.findChildren(Words))


def test_sent_by_me_announces_the_outage(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.bar.sent.click()
    sheet_of(scene).yes.click()
    scene.settle()
    assert scene.store.read(lambda uow: uow.fetch(Outage, scene.outage_id).state) is (
        State.ANNOUNCED
    )
    assert len(scene.undos) == 1


def test_a_time_to_come_is_refused_in_the_sheet(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.bar.sent.click()
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
    scene.tab.bar.save.click()
    scene.settle()
    (folder,) = tmp_path.glob("OUT-*-planned-1")
    suffixes = {path.suffix for path in folder.iterdir()}
    assert {".eml", ".ics", ".txt", ".json"} <= suffixes
    assert "Nothing is sent" in scene.told.said[-1]


def test_refused_files_leave_what_waits_waiting(scene: Scene, tmp_path: Path) -> None:
    scene.store.run(queue, scene.outage_id, K.PLANNED)
    scene.show(K.PLANNED)
    (tmp_path / "OUT-2025-001-planned-1").write_text("somebody's own")
    scene.tab.bar.save.click()
    scene.settle()
    assert "is a file, not a folder; nothing was written" in scene.told.errors[-1]
    item = scene.store.read(lambda uow: uow.all(OutboxItem)[-1])
    assert item.state is ItemState.WAITING


def test_the_mail_program_is_given_the_saved_draft(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.bar.mail.click()
    scene.settle()
    assert [path.suffix for path in scene.opened] == [".eml"]
    assert "If no mail opened, copy" in scene.told.said[-1]


def test_copying_gives_rich_and_plain_text(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.bar.copy.click()
    mime = QGuiApplication.clipboard().mimeData()
    assert "<strong>" in mime.html()
    assert "Save your work" in mime.text()


def test_what_you_can_do_meanwhile_is_begun_with_one_click(scene: Scene) -> None:
    scene.show(K.PLANNED)
    (write,) = [
        b for b in scene.tab.composer.checks.findChildren(QPushButton) if b.text() == "Write it"
    ]
    write.click()
    assert "*What you can do meanwhile:* \n\nNotify" in scene.tab.composer.text.words()


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
    assert readers.currentText() in scene.tab.composer.text.words()


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
    assert scene.tab.bar.title.text() == "Paper packet"
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
    scene.tab.bar.see.click()
    assert (scene.tab.composer.isVisible(), scene.tab.preview.isVisible()) == (False, True)


def test_what_was_sent_stands_as_sent_before_it_is_read_anew(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.bar.sent.click()
    (sheet,) = scene.tab.findChildren(Sheet)
    scene.tab.acts.done.disconnect()
    sheet.yes.click()
    scene.qtbot.waitUntil(lambda: bool(scene.told.said))
    assert not scene.tab.bar.queue.isVisible()
    assert scene.tab.bar.context.text().endswith(NoticeState.SENT.words.lower())
    assert scene.tab.composer.text.isReadOnly()
