"""A month with 400 entries, from rows in memory to painted pixels: laid out anew, and scrolled
or walked through as it is."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, timedelta

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.models.calendar.entries import Entry, Layer
from app.models.calendar.month import DAYS, Month
from app.models.calendar.spans import Span, Way
from app.models.outages.lifecycle import State
from app.services.calendar.month import CalendarRows
from app.views.calendar.items import Shown
from app.views.calendar.month_view import MonthView
from app.views.calendar.rows import CalendarModel
from app.views.theme import Look, Theme
from tests.bench.measure import promise, quiet, seconds

LIMIT_MS = 16.7
ENTRIES = 400
ROUNDS = 30
JANUARY = Month(2025, 1)


def entries(round_: int) -> tuple[Entry, ...]:
    """Other titles each round, so that nothing measured before can be used again."""
    first = JANUARY.weeks()[0]
    layers = (Layer.OUTAGES, Layer.EVENTS, Layer.FREEZES, Layer.HOLIDAYS)
    states = list(State)
    found = []
    for number in range(ENTRIES):
        layer = layers[number % len(layers)]
        day = first + timedelta(days=number * 7 % 35)
        last = day + timedelta(days=number % 5 // 3)
        start = datetime(day.year, day.month, day.day, number % 24, tzinfo=UTC)
        found.append(
            Entry(
                key=f"{round_}-{number}",
                layer=layer,
                title=f"Firmware of rack {number} in room {round_}",
                first=day,
                last=last,
                start=start,
                end=start + timedelta(hours=3),
                source=f"OUT-2025-{number:03d}",
                state=states[number % len(states)] if layer is Layer.OUTAGES else None,
            )
        )
    return tuple(found)


def main() -> int:
    app = QApplication([])
    Theme(app, Look.DARK)
    view = MonthView(CalendarModel())
    view.resize(880, 780)
    view.show()
    app.processEvents()
    image = QImage(view.size(), QImage.Format.Format_ARGB32_Premultiplied)
    first = JANUARY.weeks()[0]
    last = JANUARY.weeks()[-1] + timedelta(days=DAYS - 1)

    def paint() -> None:
        painter = QPainter(image)
        view.render(painter, QPoint())
        painter.end()

    fresh, again = [], []
    for round_ in range(ROUNDS):
        found = entries(round_)
        rows = CalendarRows(first, last, "UTC", date(2025, 1, 6), found)
        shown = Shown(Span.of(Way.MONTH, JANUARY.first), rows, found)

        def show(shown: Shown = shown) -> None:
            view.show_entries(shown)
            paint()

        fresh.append(seconds(show) * 1e3)
        again.append(seconds(paint) * 1e3)
    print(f"  as it is {min(again):.1f} to {max(again):.1f} ms")
    print(f"  laid out anew {min(fresh):.1f} to {max(fresh):.1f} ms")
    kept = promise("calendar-month-400-ms", quiet(again), LIMIT_MS)
    return 0 if promise("calendar-month-400-anew-ms", quiet(fresh), LIMIT_MS) and kept else 1


if __name__ == "__main__":
    sys.exit(main())
