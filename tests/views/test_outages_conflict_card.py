"""The card beside the plan: conflicts, and free windows to take."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.models.calendar.free import FreeWindow
from app.views.free_windows import FreeWindows
from app.views.outages.conflict_card import ConflictCard
from app.views.theme import Theme
from app.views.widgets.labels import Words
from tests.makers import make_window


def test_a_free_window_is_taken_by_a_key(theme: Theme, qtbot: QtBot) -> None:
    card = ConflictCard(lambda: None)
    qtbot.addWidget(card)
    card.show()
    window = make_window()
    card.show_found((), complete=True)
    card.free.show_found([FreeWindow(window, ("the window you asked for",), 0.0)])
    taken: list[object] = []
    card.taken.connect(taken.append)
    take = next(b for b in card.findChildren(QPushButton) if b.text() == "Take")
    assert take.accessibleName() == "Take Fri 10 Jan 19:00–22:00 EST"
    QTest.keyClick(take, Qt.Key.Key_Space)
    assert taken == [window]


def test_without_a_service_no_window_is_looked_for(theme: Theme, qtbot: QtBot) -> None:
    card = ConflictCard(lambda: None)
    qtbot.addWidget(card)
    card.show()
    card.show_found((), complete=False)
    assert not card.free.look.isVisible()


def test_in_a_narrow_place_a_free_window_is_scrolled_to_and_its_day_and_times_stay_whole(
    theme: Theme, qtbot: QtBot
) -> None:
    area, inner, above = QScrollArea(), QWidget(), QWidget()
    free = FreeWindows(lambda: None, "Move", "")
    column = QVBoxLayout(inner)
    above.setFixedHeight(400)
    column.addWidget(above)
    column.addWidget(free)
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.resize(240, 300)
    qtbot.addWidget(area)
    area.show()
    found = FreeWindow(make_window(), ("the window you asked for",), 0.0)
    night = FreeWindow(make_window("2025-01-10 22:00", "2025-01-11 02:00"), ("1 day after",), 0.0)
    free.show_found([found, night])
    said = [w for w in free.findChildren(Words) if "EST" in w.text()]
    lines = [w.text().replace("\u00a0", "_").replace("\u2060", "") for w in said]
    assert lines == ["Fri_10_Jan 19:00–22:00_EST", "Fri_10_Jan_22:00–Sat_11_Jan_02:00_EST"]
    qtbot.waitUntil(lambda: not said[0].visibleRegion().isEmpty())
