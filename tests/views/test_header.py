from __future__ import annotations

from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.views.header import Header
from app.views.page import HeaderAction, HeaderNote
from app.views.theme import Theme
from app.views.widgets.labels import HeaderPill


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
