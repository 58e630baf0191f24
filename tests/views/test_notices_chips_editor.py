"""The editor of notices: values are one thing each, words stay plain text."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.models.notices.chips import Chip, Kept, Run, Words
from app.views.notices.chip_document import OBJECT
from app.views.notices.chip_editor import ChipEditor
from app.views.theme import Theme

VALUES = {"start": "7:00 pm Friday", "service": "file cluster", "workaround": ""}
KEPT = Kept("workaround", "{%+ if workaround +%}Or: {{ workaround }}\n{%+ endif +%}", True)
RUNS: tuple[Run, ...] = (Words("Save **before "), Chip("start"), Words("** 🙂 please.\n"), KEPT)


@pytest.fixture
def editor(qtbot: QtBot, theme: Theme) -> ChipEditor:
    made = ChipEditor("Text of the notice")
    qtbot.addWidget(made)
    made.resize(500, 300)
    made.show()
    made.show_runs((*RUNS, Words("Bye.")), VALUES)
    made.setFocus()
    return made


def at(editor: ChipEditor, position: int) -> None:
    cursor = editor.textCursor()
    cursor.setPosition(position)
    editor.setTextCursor(cursor)


CHIP_AT = len("Save **before ")


def test_what_is_shown_reads_back_the_same(editor: ChipEditor) -> None:
    assert editor.runs() == (*RUNS, Words("Bye."))


def test_a_chip_is_deleted_as_one_and_comes_back_by_undo(editor: ChipEditor) -> None:
    at(editor, CHIP_AT + 1)
    QTest.keyClick(editor, Qt.Key.Key_Backspace)
    assert Chip("start") not in editor.runs()
    editor.undo()
    assert editor.runs() == (*RUNS, Words("Bye."))
    editor.redo()
    assert Chip("start") not in editor.runs()


def test_typing_beside_a_chip_is_plain_words(editor: ChipEditor) -> None:
    at(editor, CHIP_AT + 1)
    QTest.keyClicks(editor, "ish")
    assert editor.runs()[1:3] == (Chip("start"), Words("ish** 🙂 please.\n"))


def test_a_chip_follows_the_plan_and_typing_stays(editor: ChipEditor) -> None:
    at(editor, 0)
    QTest.keyClicks(editor, "Now: ")
    editor.follow({**VALUES, "start": "8:00 pm Monday"})
    assert "Now: Save **before 8:00 pm Monday" in editor.words()


def test_following_is_no_edit(editor: ChipEditor, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(editor.edited, wait=20):
        editor.follow({**VALUES, "start": "8:00 pm Monday"})


def test_typing_is_told(editor: ChipEditor, qtbot: QtBot) -> None:
    with qtbot.waitSignal(editor.edited, timeout=500):
        QTest.keyClicks(editor, "x")


def test_ctrl_space_inserts_a_value_found_by_typing(editor: ChipEditor) -> None:
    at(editor, 0)
    QTest.keyClick(editor, Qt.Key.Key_Space, Qt.KeyboardModifier.ControlModifier)
    assert editor.popup.isVisible()
    QTest.keyClicks(editor.popup.search, "cluster")
    QTest.keyClick(editor.popup.search, Qt.Key.Key_Return)
    assert not editor.popup.isVisible()
    assert editor.runs()[0] == Chip("service")


def test_copied_within_chips_stay_chips(editor: ChipEditor) -> None:
    editor.selectAll()
    editor.copy()
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text() == "Save **before 7:00 pm Friday** 🙂 please.\nBye."
    editor.moveCursor(QTextCursor.MoveOperation.End)
    editor.paste()
    assert editor.runs().count(Chip("start")) == 2


def test_words_mended_elsewhere_have_their_values_again(editor: ChipEditor) -> None:
    mime = QMimeData()
    mime.setText(editor.words().replace("please", "if you please"))
    editor.selectAll()
    editor.insertFromMimeData(mime)
    assert editor.runs().count(Chip("start")) == 1
    assert editor.words().endswith("🙂 if you please.\nBye.")


def test_words_from_elsewhere_are_words(editor: ChipEditor) -> None:
    mime = QMimeData()
    mime.setText(f"{{{{ start }}}}{OBJECT}")
    mime.setHtml("<b>bold</b>")
    editor.selectAll()
    editor.insertFromMimeData(mime)
    assert editor.runs() == (Words("{{ start }}"),)
    assert editor.source() == '{{ "{" }}{{ "{" }} start }}'


def test_a_chip_is_read_out_as_its_value(editor: ChipEditor) -> None:
    at(editor, CHIP_AT)
    assert editor.accessibleDescription() == "value: 7:00 pm Friday"
    at(editor, 2)
    assert editor.accessibleDescription() == ""


def test_an_empty_value_says_so(editor: ChipEditor) -> None:
    at(editor, 0)
    editor.insert(Chip("workaround"))
    at(editor, 0)
    assert editor.accessibleDescription() == "what you can do meanwhile is empty"


def test_the_same_text_again_keeps_cursor_and_undo(editor: ChipEditor) -> None:
    at(editor, 5)
    QTest.keyClicks(editor, "x")
    runs = editor.runs()
    editor.show_runs(runs, VALUES)
    assert editor.textCursor().position() == 6
    assert editor.document().isUndoAvailable()


def test_another_text_is_one_step_to_undo(editor: ChipEditor) -> None:
    editor.rewrite((Words("A "), Chip("start"), Words(" B")), stop=1)
    assert editor.textCursor().position() == 3
    editor.undo()
    assert editor.runs() == (*RUNS, Words("Bye."))
