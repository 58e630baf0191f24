from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.views.header import Header
from app.views.page import HeaderAction, HeaderNote
from app.views.theme import Theme
from app.views.widgets.labels import ElidedLabel, HeaderPill


def test_a_menu_of_the_header_stays_open_while_what_is_owed_changes(
    theme: Theme, qtbot: QtBot
) -> None:
    header = Header()
    qtbot.addWidget(header)
    header.show()
    menu = HeaderAction("Print", choices=(HeaderAction("Preview"),))
    header.show_parts((HeaderNote("owes 3"), menu))
    made = header.findChildren(QPushButton)
    opened = next(m for b in made if (m := b.menu()) is not None)
    opened.popup(header.mapToGlobal(header.rect().center()))
    header.show_parts((HeaderNote("owes 2"), menu))
    assert opened.isVisible()
    opened.close()
    qtbot.waitUntil(lambda: "owes 2" in [pill.text() for pill in header.findChildren(HeaderPill)])


def test_a_click_is_not_lost_when_what_is_owed_changes_under_it(theme: Theme, qtbot: QtBot) -> None:
    header, done = Header(), list[str]()
    qtbot.addWidget(header)
    header.show()
    act = HeaderAction("File it", lambda: done.append("filed"))
    header.show_parts((HeaderNote("owes 1"), act))
    made = next(b for b in header.findChildren(QPushButton) if b.text() == "File it")
    QTest.mousePress(made, Qt.MouseButton.LeftButton)
    header.show_parts((HeaderNote("owes nothing"), act))
    QTest.mouseRelease(made, Qt.MouseButton.LeftButton)
    assert done == ["filed"]
    qtbot.waitUntil(lambda: "owes nothing" in [p.text() for p in header.findChildren(HeaderPill)])


def test_a_title_is_read_whole_before_pills_and_the_palettes_button(
    theme: Theme, qtbot: QtBot
) -> None:
    header = Header()
    qtbot.addWidget(header)
    header.resize(560, 64)
    header.show()
    header.offer_search()
    header.show_words("Label printer firmware", "OUT-2026-010 · Mon 08:45", None, alert=False)
    acts = (HeaderAction("Actions"), HeaderAction("Print"), HeaderAction("Open Live", primary=True))
    header.show_parts((HeaderNote("In progress"), *acts))
    QTest.qWait(0)
    title, context = header.findChildren(ElidedLabel)
    assert QLabel.text(title) == "Label printer firmware"
    assert "In progress" in context.text()
    more = next(m for b in header.findChildren(QPushButton) if (m := b.menu()) is not None)
    assert more.actions()[-1].text().startswith("Go to anything")
