from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.views.header import Header
from app.views.page import HeaderAction, HeaderNote
from app.views.theme import Theme
from app.views.widgets.labels import ElidedLabel, HeaderPill
from app.views.widgets.tone import Tone


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


def test_a_forecast_that_moves_leaves_the_acts_beside_it(theme: Theme, qtbot: QtBot) -> None:
    header = Header()
    qtbot.addWidget(header)
    header.resize(1400, 64)
    header.show()
    act = HeaderAction("Extend…")
    header.show_parts((HeaderNote("Forecast 22:10"), act))
    made = header.findChildren(QPushButton)
    header.show_parts((HeaderNote("Forecast 22:14", Tone.WARN), act))
    assert header.findChildren(QPushButton) == made
    (pill,) = header.findChildren(HeaderPill)
    assert (pill.text(), pill.tone) == ("Forecast 22:14", Tone.WARN)


def test_an_act_is_folded_away_when_a_longer_forecast_takes_its_room(
    theme: Theme, qtbot: QtBot
) -> None:
    header = Header()
    qtbot.addWidget(header)
    header.show()
    header.show_words("SAN firmware", "", None, alert=False)
    acts = (HeaderAction("Extend…"), HeaderAction("Back out…"))
    header.show_parts((HeaderNote("Forecast"), *acts))
    header.setFixedWidth(900)
    QTest.qWait(0)
    plain = [b.text() for b in header.findChildren(QPushButton) if b.isVisible()]
    assert plain == ["Extend…", "Back out…"]
    header.show_parts((HeaderNote("Forecast 22:14 · 80 % 22:31, beyond the end " * 3), *acts))
    assert "Extend…" not in [b.text() for b in header.findChildren(QPushButton) if b.isVisible()]
