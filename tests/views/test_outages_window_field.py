"""The fields of a window as a person meets them: by Tab and by click, then by typing."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.models.times import Window
from app.views.outages.window_field import WindowField
from app.views.widgets.labels import Words

ZONE = "America/New_York"
WINDOW = Window.of(datetime(2026, 12, 13, 19), datetime(2026, 12, 13, 22), ZONE)  # noqa: DTZ001


def _field(qtbot: QtBot) -> WindowField:
    field = WindowField((ZONE,), WINDOW)
    qtbot.addWidget(field)
    field.show()
    with qtbot.waitActive(field):
        field.activateWindow()
    return field


def test_a_day_typed_after_tab_is_taken(qtbot: QtBot) -> None:
    field = _field(qtbot)
    field.zone.setFocus()
    field.start.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(field.start.hasFocus)
    QTest.keyClicks(field.start, "22")
    window = field.window_given()
    assert window is not None
    assert window.start == datetime(2026, 12, 22, 19)  # noqa: DTZ001
    assert window.end == datetime(2026, 12, 22, 22)  # noqa: DTZ001


def test_a_click_inside_the_day_marks_it_for_typing(qtbot: QtBot) -> None:
    field = _field(qtbot)
    line = field.start.lineEdit()
    between = line.fontMetrics().horizontalAdvance("1") + line.textMargins().left() + 3
    QTest.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(between, line.height() // 2))
    QTest.keyClicks(field.start, "22")
    window = field.window_given()
    assert window is not None
    assert window.start.day == 22


def test_the_weekday_stands_below_with_the_length(qtbot: QtBot) -> None:
    field = _field(qtbot)
    assert "Sunday · 3 h" in [words.text() for words in field.findChildren(Words)]


def test_tab_leaves_the_date_and_time_whole(qtbot: QtBot) -> None:
    field = _field(qtbot)
    field.start.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(field.start.hasFocus)
    QTest.keyClicks(field.start, "22dec2026")
    QTest.keyClicks(field.start, "1830")
    QTest.keyClick(field.start, Qt.Key.Key_Tab)
    assert field.end.hasFocus()
    QTest.keyClick(field.end, Qt.Key.Key_Tab)
    assert field.zone.hasFocus()
    QTest.keyClick(field.zone, Qt.Key.Key_Backtab)
    assert field.end.hasFocus()
    window = field.window_given()
    assert window is not None
    assert window.start == datetime(2026, 12, 22, 18, 30)  # noqa: DTZ001


def test_a_month_is_taken_in_digits_too(qtbot: QtBot) -> None:
    for typed, month in (
        ("24012027", 1),
        ("24.12.2027", 12),
        ("24/1/2027", 1),
        ("24 3 2027", 3),
        ("24nov2027", 11),
    ):
        field = _field(qtbot)
        field.start.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.waitUntil(field.start.hasFocus)
        QTest.keyClicks(field.start, typed)
        window = field.window_given()
        assert window is not None
        assert window.start == datetime(2027, month, 24, 19), typed  # noqa: DTZ001
