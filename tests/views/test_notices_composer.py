"""The composer over a real store: what is typed, previewed and put into templates."""

from __future__ import annotations

from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.lifecycle import State
from app.models.tables.outages import Outage
from app.services.notices.composing import compose
from app.services.notices.typed_values import Typed
from app.services.uow import UnitOfWork
from app.views.notices.manner_dialog import MannerDialog
from app.views.notices.preview_card import PHONE_WIDTH, WAYS
from app.views.notices.why_dialog import WhyDialog
from app.views.theme import Look, Theme, px
from tests.flights import START, set_state
from tests.makers import clock_of
from tests.views.notices_scene import Scene, scene, write

K = NoticeKind
__all__ = ["scene"]


def test_the_preview_is_made_of_the_very_parts_that_leave(scene: Scene, tmp_path: Path) -> None:
    scene.show(K.PLANNED)
    scene.tab.bar.save.click()
    scene.settle()
    (path,) = tmp_path.glob("*/*.eml")
    mail = message_from_bytes(path.read_bytes(), policy=policy.default)
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    assert html is not None and text is not None
    preview = scene.tab.preview
    for way, part in (("HTML", html), ("Plain", text), ("Phone", html)):
        preview.ways.setCurrentIndex(WAYS.index(way))
        left = bytes(part.get_payload(decode=True)).replace(b"\r\n", b"\n")
        assert left.removesuffix(b"\n") == preview.leaving.encode().removesuffix(b"\n")
    assert preview.browser.width() <= px(PHONE_WIDTH)


def test_the_browser_is_given_the_page_that_leaves(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.preview.browser_link.click()
    scene.settle()
    (path,) = scene.opened
    assert path.suffix == ".html"
    assert path.read_text() == scene.tab.preview.leaving
    assert str(path) in scene.told.said[-1]


def test_values_of_an_edited_text_follow_the_plan(scene: Scene) -> None:
    scene.show(K.PLANNED)
    write(scene, "Bring cake.")
    scene.tab.hide()
    scene.settle()

    def later(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, scene.outage_id)
        outage.workaround = "Use the copy."
        uow.log("changed", outage)

    scene.store.run(later)
    scene.tab.show()
    scene.show(K.PLANNED)
    words = scene.tab.composer.text.words()
    assert "What you can do meanwhile:* Use the copy." in words
    assert words.endswith("Bring cake.")


def test_typing_on_and_on_is_kept_all_the_same(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.composer._later.setInterval(60)
    write(scene, "Bring cake.")
    for _ in range(8):
        QTest.keyClicks(scene.tab.composer.text, "!")
        scene.qtbot.wait(20)
    assert "Bring cake." in scene.store.read(compose, scene.outage_id, K.PLANNED).text


def test_a_line_just_begun_stays_when_the_page_looks_again(scene: Scene) -> None:
    scene.show(K.PLANNED)
    write(scene, "")
    text = scene.tab.composer.text
    was = text.toPlainText()
    assert was.endswith("\n")
    scene.tab._keep()
    scene.tab.refresh()
    scene.settle()
    assert text.textCursor().atEnd()
    assert text.toPlainText() == was


def test_the_cursor_stays_when_the_plan_changes_the_text(scene: Scene) -> None:
    scene.show(K.PLANNED)
    write(scene, "Bring cake.")
    scene.tab._keep()
    scene.settle()

    def later(uow: UnitOfWork) -> None:
        outage = uow.fetch(Outage, scene.outage_id)
        outage.workaround = "Use the copy."
        uow.log("changed", outage)

    scene.store.run(later)
    at = scene.tab.composer.text.textCursor().position()
    scene.tab.plan.chosen.emit("planned")
    scene.tab._on_edited()  # with the plan as it was, answered behind the look at it as it is
    scene.settle()
    assert "Use the copy." in scene.tab.composer.text.words()
    assert scene.tab.composer.text.textCursor().position() == at


def test_a_late_answer_does_not_take_back_what_was_typed(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.refresh()
    write(scene, "Bring cake.")
    scene.tab._keep()
    scene.settle()
    assert scene.tab.composer.text.words().endswith("Bring cake.")


def test_the_keyboard_stays_in_a_field_when_the_page_looks_again(scene: Scene) -> None:
    """As it does by itself when typing pauses."""
    scene.show(K.SERVICE_DESK_BRIEF)
    field = scene.tab.composer.fields.editor(Typed.DESK_ANSWER)
    field.setFocus()
    QTest.keyClicks(field, "The vendor is late ")
    scene.tab._keep()
    scene.tab.refresh()
    scene.settle()
    assert QApplication.focusWidget() is field
    assert field.text() == "The vendor is late "


def test_the_template_is_tried_on_this_outage_and_saved(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.bar.template.click()
    scene.settle()
    card = scene.tab.template
    assert card.isVisible() and not scene.tab.composer.isVisible()
    card.text.appendPlainText("\nYours, {{ coordinator }}.")
    scene.qtbot.waitUntil(lambda: "Yours, M. Okafor." in scene.tab.preview.leaving)
    assert scene.left(K.PLANNED) is NoticeState.DRAFT
    card.save.click()
    scene.settle()
    assert "Revision 1 holds" in card.holds.text()
    scene.tab.bar.template.click()
    scene.settle()
    assert scene.tab.composer.text.words().endswith("Yours, M. Okafor.")


def test_what_a_template_may_not_hold_is_said_in_place(scene: Scene) -> None:
    scene.show(K.PLANNED)
    scene.tab.bar.template.click()
    scene.settle()
    card = scene.tab.template
    card.text.appendPlainText("{{ nothing_like_it }}")
    scene.qtbot.waitUntil(card.trouble.isVisible)
    assert "nothing_like_it" in card.trouble.text()
    assert not card.save.isEnabled()
    assert scene.told.errors == []


def why(scene: Scene) -> WhyDialog:
    scene.show(K.PLANNED)
    scene.tab.composer.why.click()
    scene.settle()
    (dialog,) = scene.tab.findChildren(WhyDialog)
    return dialog


def test_why_is_found_among_many_and_whom_it_reaches_is_chosen_there(scene: Scene) -> None:
    dialog = why(scene)
    dialog.search.setText("users@hospital")
    dialog.find_now()
    assert len(dialog.rows.model_rows.rows()) == 1
    dialog.rows.choose("users@hospital.example")
    dialog.leave.click()
    dialog.more.setText("ana@h.example; nonsense")
    dialog.more.returnPressed.emit()
    scene.settle()
    assert "no mail address" in dialog.trouble.text()
    dialog.more.setText('"Novak, Ana" <ana@h.example>, ben@h.example')
    dialog.more.returnPressed.emit()
    scene.settle()
    dialog.search.clear()
    dialog.find_now()
    assert [row.pill for row in dialog.rows.model_rows.rows()] == ["", "", "left out"]
    assert dialog.count.text() == "2 people, as far as known, 1 left out"
    assert len(scene.undos) == 2
    dialog.accept()
    scene.settle()
    assert scene.tab.composed is not None
    assert scene.tab.composed.text.endswith("You receive this because M. Okafor added you.")


def test_how_it_is_sent_is_chosen_beside_the_words(scene: Scene, tmp_path: Path) -> None:
    scene.show(K.PLANNED)
    plan = tmp_path / "plan.pdf"
    plan.write_bytes(b"%PDF")
    scene.tab.acts.side.choose_file = lambda parent: plan
    scene.tab.composer.manner.click()
    scene.settle()
    (dialog,) = scene.tab.findChildren(MannerDialog)
    dialog.fileWanted.emit()
    dialog.reply_to.setText("answers")
    dialog.saved.emit()
    scene.settle()
    assert "no mail address" in dialog._fields["reply_to"].error
    dialog.reply_to.setText("answers@h.example")
    dialog.objections.setText("Call 555 0100.")
    dialog.saved.emit()
    scene.settle()
    scene.qtbot.waitUntil(lambda: "plan.pdf" in scene.tab.composer.sent_how.text())
    assert scene.tab.composer.sent_how.text() == (
        "Answers to answers@h.example · objections: Call 555 0100. · plan.pdf, 4 bytes"
    )
    assert "Call 555 0100." in scene.tab.preview.leaving


def test_a_loss_nobody_stated_is_one_finding_and_its_button_leads_to_the_field(
    scene: Scene,
) -> None:
    scene.show(K.ALL_CLEAR)
    composed = scene.tab.composed
    assert composed is not None
    about = [f for f in composed.findings if "data loss" in f.sentence.casefold()]
    assert [f.rule for f in about] == ["data_loss"]
    checks = scene.tab.composer.checks
    (go,) = [b for b in checks.findChildren(QPushButton) if "data loss" in b.accessibleName()]
    go.click()
    field = scene.tab.composer.fields.editor(Typed.DATA_LOSS)
    assert scene.tab.window().focusWidget() is field
    QTest.keyClicks(field, "none")
    scene.qtbot.waitUntil(lambda: "No data was lost." in scene.tab.preview.leaving)
    composed = scene.tab.composed
    assert composed is not None
    assert not [f for f in composed.findings if f.rule == "data_loss"]


def test_tab_leads_on_from_what_was_typed_within_the_page(scene: Scene) -> None:
    clock_of(scene.store).set(START + timedelta(minutes=20))
    scene.store.run(set_state, scene.outage_id, State.IN_PROGRESS)
    beside = QPushButton("Beside", scene.tab.window())
    scene.show(K.PROGRESS)
    beside.show()
    field = scene.tab.composer.fields.editor(Typed.NEXT_UPDATE)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Tab)
    held = scene.tab.window().focusWidget()
    assert held is not None
    assert scene.tab.composer.isAncestorOf(held), held


def test_another_look_is_no_edit(scene: Scene) -> None:
    scene.show(K.PROGRESS)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    for look in (Look.LIGHT, Look.DARK):
        Theme(app, look)
        scene.settle()
    assert not scene.tab.composer.dirty


def test_the_words_a_finding_is_about_are_underlined_and_shown(scene: Scene) -> None:
    scene.show(K.PLANNED)
    write(scene, "See you on Thursday, January 10th.")
    composer = scene.tab.composer

    def marked() -> list[str]:
        found = composer.text.extraSelections()
        return sorted(str(each.cursor.selectedText()) for each in found)

    scene.qtbot.waitUntil(lambda: "Thursday" in marked())
    assert composer.composed is not None
    about = next(f for f in composer.composed.findings if f.rule == "weekday_date")
    composer.checks.look.emit(about)
    assert composer.text.textCursor().selectedText() == "Thursday"
