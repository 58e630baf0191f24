"""The window is closed while phones look at the crew board."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from app.views.crew.closing import CrewClosing
from app.views.crew.serves import Standing, Stands
from app.views.theme import Theme
from app.views.widgets.sheet import Sheet


def test_who_closes_it_is_asked_while_phones_are_connected(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    standing = Standing(Stands.ON, connected=frozenset({"a", "b"}))
    closing = CrewClosing(window, lambda: standing)
    assert not closing.may_close()
    (sheet,) = window.findChildren(Sheet)
    assert sheet.accessibleDescription().startswith("2 phones are connected.")
    yes = next(b for b in sheet.findChildren(QPushButton) if "Close both" in b.text())
    yes.click()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert closing.may_close()


def test_without_a_phone_it_closes_at_once(theme: Theme, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    for how, connected in ((Stands.ON, frozenset[str]()), (Stands.OFF, frozenset({"a"}))):
        standing = Standing(how, connected=connected)
        assert CrewClosing(window, lambda standing=standing: standing).may_close()  # type: ignore[misc]
    assert not window.findChildren(Sheet)
