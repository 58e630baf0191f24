"""From a day or the hours of the calendar to the form that plans an outage."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.models.calendar.slot import Slot
from app.models.calendar.spans import Way
from app.models.times import parse_wall, to_utc
from app.views.outages.plan_fields import first_window
from tests.makers import NOW, ZONE, make_window
from tests.services.outages_flights import flight, world
from tests.views.calendar_shown import PLAIN, Key, Shown, shown
from tests.views.dropping import drop_files

__all__ = ["flight", "shown", "world"]
SATURDAY = date(2025, 1, 11)
LEFT = Qt.MouseButton.LeftButton


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2025-01-24", "2025-01-24 19:00", "2025-01-24 22:00"),
        ("2025-01-24T22:30", "2025-01-24 22:30", "2025-01-25 01:30"),
        ("2025-01-24T22:30/2025-01-25T04:15", "2025-01-24 22:30", "2025-01-25 04:15"),
    ],
)
def test_a_new_outage_lies_where_the_calendar_was_pressed(
    written: str, start: str, end: str
) -> None:
    slot = Slot.of(written)
    assert slot.written == written
    assert first_window(ZONE, NOW, slot) == make_window(start, end)


@pytest.mark.parametrize(
    ("written", "start", "end"),
    [
        ("2025-01-06", "2025-01-07 19:00", "2025-01-07 22:00"),
        ("2025-01-06T21:30/2025-01-07T01:30", "2025-01-06 21:30", "2025-01-07 01:30"),
        ("2025-01-02T22:00/2025-01-03T01:00", "2025-01-06 22:00", "2025-01-07 01:00"),
    ],
)
def test_hours_that_passed_are_offered_as_soon_as_they_can_be_again(
    written: str, start: str, end: str
) -> None:
    evening = to_utc(parse_wall("2025-01-06 20:30"), ZONE)
    assert first_window(ZONE, evening, Slot.of(written)) == make_window(start, end)


def test_without_a_day_it_begins_three_weeks_ahead() -> None:
    assert first_window(ZONE, NOW) == make_window("2025-01-28 19:00", "2025-01-28 22:00")


def test_empty_hours_of_the_week_are_marked_by_keys_and_mouse_and_planned_in(shown: Shown) -> None:
    shown.page.show_way(Way.WEEK, SATURDAY)
    week, shift = shown.page.stage.week, Qt.KeyboardModifier.ShiftModifier
    for key, mods in (
        (Key.Key_Down, PLAIN),
        (Key.Key_Down, PLAIN),
        (Key.Key_Down, shift),
        (Key.Key_Return, PLAIN),
        (Key.Key_Left, PLAIN),
        (Key.Key_Down, PLAIN),
        (Key.Key_Return, PLAIN),
    ):
        QTest.keyClick(week, key, mods)
    layout, port = week.layout_now(), week.viewport()

    def at(column: int, hour: float) -> QPoint:
        x = (layout.x(column) + layout.x(column + 1)) // 2
        return QPoint(x, layout.y(round(hour * 60)) - week.verticalOffset())

    week.verticalScrollBar().setValue(week.verticalScrollBar().maximum())
    pressed = at(2, 20.2)
    QTest.mouseClick(port, LEFT, PLAIN, pressed)
    QTest.mouseDClick(port, LEFT, PLAIN, pressed)
    start, to = at(5, 22.2), at(5, 23.5)
    QTest.mousePress(port, LEFT, PLAIN, start)
    QTest.mouseMove(port, to)
    QTest.mouseRelease(port, LEFT, PLAIN, to)
    QTest.mousePress(port, LEFT, PLAIN, start)
    QTest.mouseMove(port, to)
    QTest.keyClick(week, Key.Key_Escape)
    QTest.mouseRelease(port, LEFT, PLAIN, to)
    assert week.marked is None
    assert [action for _, _, action in shown.gone] == [
        "new 2025-01-11T19:30/2025-01-11T21:00",
        "new 2025-01-10T19:30/2025-01-10T21:00",
        "new 2025-01-08T20:00",
        "new 2025-01-11T22:00/2025-01-11T23:30",
    ]


def test_files_dropped_on_the_calendar_are_looked_at_where_they_are_imported(shown: Shown) -> None:
    drop_files(shown.page, [Path("/mail/notice.eml"), Path("/mail/fair.ics")])
    assert shown.gone == [("import", "", "/mail/notice.eml\n/mail/fair.ics")]
