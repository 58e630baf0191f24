from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListWidget,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.views.notify import MOST, Notify, ask, ask_text
from app.views.page import Page
from app.views.theme import Theme
from app.views.widgets.tone import Tone


@pytest.fixture
def host(theme: Theme, qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(900, 600)
    box = QVBoxLayout(made)
    editor = QLineEdit()
    box.addWidget(editor)
    made.show()
    qtbot.waitExposed(made)
    editor.setFocus()
    return made


def press(host: QWidget, name: str) -> None:
    found = [b for b in host.findChildren(QPushButton) if b.accessibleName() == name]
    QTest.mouseClick(found[-1], Qt.MouseButton.LeftButton)


def test_a_notice_appears_inside_the_window_and_leaves_the_focus_alone(host: QWidget) -> None:
    notify = Notify(host)
    notify.info("Step 7 is done.")
    assert notify.shown() == ("Step 7 is done.",)
    assert host.rect().contains(notify.geometry())
    assert host.findChild(QLineEdit) is host.focusWidget()


def test_long_notices_have_room_for_all_their_words(host: QWidget) -> None:
    notify = Notify(host)
    notify.error("Someone changed step 8 since you saw it; nothing was overwritten. " * 4)
    short = Notify(host)
    short.error("Short.")
    assert notify.height() > 1.5 * short.height()


def test_information_is_put_away_by_its_button_and_its_act_runs_once(host: QWidget) -> None:
    notify = Notify(host)
    undone: list[bool] = []
    notify.info("Step 7 is done.", action=("Undo", lambda: undone.append(True)))
    press(host, "Undo")
    assert undone == [True]
    assert notify.shown() == ()
    assert notify.isHidden()


def test_an_error_stays_until_it_is_dismissed(host: QWidget) -> None:
    notify = Notify(host)
    notify.error("The disk is full; nothing was changed.")
    press(host, "Dismiss")
    assert notify.shown() == ()


def test_the_same_sentence_is_shown_once(host: QWidget) -> None:
    notify = Notify(host)
    notify.error("The disk is full.")
    notify.info("Step 7 is done.")
    notify.error("The disk is full.")
    assert notify.shown() == ("Step 7 is done.", "The disk is full.")


def test_when_there_are_many_information_leaves_before_errors(host: QWidget) -> None:
    notify = Notify(host)
    notify.error("The disk is full.")
    for number in range(MOST + 2):
        notify.info(f"Step {number} is done.")
    assert len(notify.shown()) == MOST
    assert notify.shown()[0] == "The disk is full."


def test_markup_in_a_sentence_is_shown_as_typed(host: QWidget) -> None:
    notify = Notify(host)
    notify.info("<b>Drain</b> & go")
    assert notify.shown() == ("<b>Drain</b> & go",)


def test_enter_on_the_one_question_changes_nothing(host: QWidget, qtbot: QtBot) -> None:
    done: list[bool] = []
    dialogue = ask(
        host,
        "Cancel this flight?",
        "1,240 people were told.",
        "Cancel the flight",
        lambda: done.append(True),
    )
    with qtbot.waitSignal(dialogue.rejected):
        QTest.keyClick(dialogue, Qt.Key.Key_Return)
    assert done == []


def test_enter_on_yes_once_it_was_gone_to_is_a_yes(host: QWidget, qtbot: QtBot) -> None:
    done: list[bool] = []
    dialogue = ask(host, "Remove it?", "It is gone then.", "Remove it", lambda: done.append(True))
    qtbot.waitExposed(dialogue)
    QTest.keyClick(dialogue, Qt.Key.Key_Tab)
    focused = dialogue.focusWidget()
    assert isinstance(focused, QPushButton)
    assert focused.text() == "Remove it"
    QTest.keyClick(focused, Qt.Key.Key_Return)
    assert done == [True]


def test_saying_yes_to_the_question_acts(host: QWidget, qtbot: QtBot) -> None:
    done: list[bool] = []
    dialogue = ask(host, "Cancel?", "Told.", "Cancel the flight", lambda: done.append(True))
    press(dialogue, "Cancel the flight")
    assert done == [True]


def test_a_needed_reason_is_refused_in_place_when_empty(host: QWidget) -> None:
    given: list[str] = []
    dialogue = ask_text(host, "Why?", "It goes on the card.", "Write it down", given.append)
    press(dialogue, "Write it down")
    assert given == []
    assert dialogue.isVisible()
    editor = dialogue.findChild(QLineEdit)
    assert editor is not None
    editor.setText("  vendor is late ")
    press(dialogue, "Write it down")
    assert given == ["vendor is late"]


def test_ctrl_enter_answers_a_long_text(host: QWidget, qtbot: QtBot) -> None:
    given: list[str] = []
    dialogue = ask_text(host, "Note", "To the log.", "Write", given.append, lines=3)
    dialogue.activateWindow()
    editor = dialogue.findChild(QPlainTextEdit)
    assert editor is not None
    qtbot.waitUntil(editor.hasFocus)
    editor.setPlainText("two\nlines")
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert given == ["two\nlines"]


def rows_everywhere(host: QWidget, qtbot: QtBot) -> tuple[QListWidget, QVBoxLayout]:
    rows = QListWidget()
    rows.addItems([f"Step {number} of a long night, with all its words" for number in range(90)])
    layout = host.layout()
    assert isinstance(layout, QVBoxLayout)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(rows)
    qtbot.waitUntil(lambda: rows.height() > 400)
    QTest.qWait(0)  # its rows are laid out
    return rows, layout


def test_a_notice_moves_nothing_where_rows_lie_everywhere(host: QWidget, qtbot: QtBot) -> None:
    notify = Notify(host)
    rows, layout = rows_everywhere(host, qtbot)
    notify.info("Step 7 is done.")
    assert notify.geometry().intersects(rows.geometry())
    assert layout.contentsMargins().bottom() == 0


def test_an_error_lies_over_no_row_and_gives_its_room_back(host: QWidget, qtbot: QtBot) -> None:
    notify = Notify(host)
    rows, layout = rows_everywhere(host, qtbot)
    notify.error("The disk is full; nothing was changed.")
    qtbot.waitUntil(lambda: not notify.geometry().intersects(rows.geometry()))
    assert layout.contentsMargins().bottom() >= notify.height()
    assert notify.dismiss_error()
    assert layout.contentsMargins().bottom() == 0
    assert not notify.dismiss_error()


def test_a_notice_does_not_lie_over_the_row_that_is_chosen(host: QWidget, qtbot: QtBot) -> None:
    notify = Notify(host)
    rows, _layout = rows_everywhere(host, qtbot)
    lowest = rows.indexAt(rows.viewport().rect().bottomLeft() - QPoint(-5, 30))
    rows.setCurrentIndex(lowest)
    notify.info("Step 7 is done.")
    row = rows.visualRect(lowest).translated(rows.viewport().mapTo(host, QPoint(0, 0)))
    assert not notify.geometry().intersects(row)


def test_a_notice_does_not_lie_over_the_field_that_is_typed_into(
    host: QWidget, qtbot: QtBot
) -> None:
    notify = Notify(host)
    field = host.findChild(QLineEdit)
    layout = host.layout()
    assert field is not None and isinstance(layout, QVBoxLayout)
    layout.insertStretch(0, 1)  # the field lies at the foot
    qtbot.waitUntil(lambda: field.geometry().top() > 500)
    notify.info("Step 7 is done.")
    qtbot.waitUntil(lambda: not notify.geometry().intersects(field.geometry()))


def test_a_notice_lies_beside_a_button_of_the_lower_right(host: QWidget, qtbot: QtBot) -> None:
    notify = Notify(host)
    layout = host.layout()
    assert isinstance(layout, QVBoxLayout)
    layout.addWidget(Page(), 1)  # which takes the keys, and is no control
    QTest.qWait(0)
    needed = QPushButton("Done", host)
    needed.setGeometry(760, 550, 120, 32)
    needed.show()
    notify.info("Step 7 is done.")
    assert host.rect().contains(notify.geometry())
    assert not notify.geometry().intersects(needed.geometry())
    assert layout.contentsMargins().bottom() < notify.height()


def test_a_notice_makes_way_for_what_comes_to_lie_under_it(host: QWidget, qtbot: QtBot) -> None:
    notify = Notify(host)
    notify.info("Step 7 is done.")
    late = QPushButton("Done", host)
    late.setGeometry(notify.geometry())
    late.show()
    late.lower()
    qtbot.waitUntil(lambda: not notify.geometry().intersects(late.geometry()))


def test_what_was_not_done_is_not_told_as_done(host: QWidget) -> None:
    notify = Notify(host)
    notify.remark("There is nothing to undo.")
    notify.remark("It cannot be undone: it was changed again since.", warn=True)
    tones = [getattr(frame, "tone", None) for frame in notify.findChildren(QFrame)]
    assert [tone for tone in tones if tone is not None] == [Tone.PLAIN, Tone.WARN]


def test_after_ctrl_z_the_notice_that_offered_it_is_gone(host: QWidget) -> None:
    notify = Notify(host)
    notify.info("OUT-2025-001 is moved; Ctrl+Z takes it back.")
    notify.info("OUT-2025-002 is moved; Ctrl+Z takes it back.")
    notify.info("The packet is printed.")
    notify.taken_back()
    assert notify.shown() == (
        "OUT-2025-001 is moved; Ctrl+Z takes it back.",
        "The packet is printed.",
    )
