"""What ten times the data cost, as ratios: a conflict check, the first free windows, all windows
to come looked at again (of which there are ten times as many, too), a year and a month that open,
and a year that is painted while it scrolls.

What is compared is time of the processor, all threads of it, as two runs minutes apart meet other
weather on a shared machine. Garbage is collected before, as in the window, which does it while it
rests.
"""

from __future__ import annotations

import gc
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.models.calendar.spans import Span, Way
from app.models.outages.lifecycle import ImpactClass
from app.services.calendar.conflicts import check
from app.services.calendar.free import first_free
from app.services.calendar.looking import Scope
from app.services.calendar.month import entries
from app.services.calendar.rechecking import recheck
from app.services.database import Store
from app.views.calendar.items import DayItems, Shown
from app.views.calendar.month_view import MonthView
from app.views.calendar.rows import CalendarModel
from app.views.calendar.year_view import YearModel, YearView
from app.views.theme import Look, Theme
from tests.bench.bench_conflicts import five_years
from tests.bench.bench_recheck import AHEAD
from tests.bench.measure import promise, quiet
from tests.makers import NOW, make_store

LIMIT = 12.0
TIMES = 10
Job = Callable[[], object]


def main() -> int:
    app = QApplication([])
    Theme(app, Look.DARK)
    with tempfile.TemporaryDirectory() as folder:
        once = _all(Path(folder) / "once", 1)
        often = _all(Path(folder) / "often", TIMES)
    kept = True
    for name, took in once.items():
        print(f"  {name}: {1e3 * took:.1f} ms, then {1e3 * often[name]:.1f} ms")
        kept &= promise(f"ten-times-{name}", often[name] / took, LIMIT)
    return 0 if kept else 1


def _all(folder: Path, times: int) -> dict[str, float]:
    """Seconds of each, undisturbed."""
    with multiprocessing.get_context("spawn").Pool(1) as child:  # its memory is not ours
        asked = child.apply(_fill, (folder, times))
    store = make_store(folder)
    took = {name: _took(rounds, job) for name, (rounds, job) in _jobs(store, asked).items()}
    store.close()
    print(f"  {times} times the data: {_held()}")
    return took


def _fill(folder: Path, times: int) -> dict[str, Any]:
    store = make_store(folder)
    asked = store.run(five_years, times, AHEAD * times)
    store.tidy()
    store.close()
    return asked


def _jobs(store: Store, asked: dict[str, Any]) -> dict[str, tuple[int, Job]]:
    scope = Scope(
        window=asked["window"],
        impact=ImpactClass.ORDINARY,
        services=tuple(asked["service_ids"]),
        owners=tuple(asked["owners"]),
    )
    year, month = YearView(YearModel()), MonthView(CalendarModel())
    year.resize(640, 320)  # so low that it scrolls
    month.resize(880, 780)
    return {
        "check": (30, lambda: store.read_here(check, **asked)),
        "free": (10, lambda: store.read_here(first_free, scope)),
        "recheck": (3, lambda: recheck(store)),
        "year-opens": (10, _opens(store, year, Way.YEAR)),
        "month-opens": (20, _opens(store, month, Way.MONTH)),
        "year-scrolls": (100, _scrolls(year)),
    }


def _opens(store: Store, view: DayItems, way: Way) -> Job:
    """From the store to painted pixels."""
    day = NOW.date()
    span = Span.of(way, day)

    def opens() -> None:
        rows = store.read(entries, span.first, span.last)
        view.show_entries(Shown(span, rows, rows.entries))
        view.choose(day)
        _paint(view)

    return opens


def _scrolls(year: YearView) -> Job:
    """A frame, of the year that was opened last."""
    bar = year.verticalScrollBar()

    def scrolls() -> None:
        bar.setValue((bar.value() + 7) % max(1, bar.maximum()))
        _paint(year)

    return scrolls


def _paint(view: DayItems) -> None:
    image = QImage(view.size(), QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(image)
    view.render(painter, QPoint())
    painter.end()


def _held() -> str:
    if sys.platform != "linux":
        return "how much was held is not measured here"
    import resource

    return f"at most {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB were held"


def _took(rounds: int, job: Job) -> float:
    job()
    gc.collect()
    gc.disable()
    took = quiet([_seconds(job) for _ in range(rounds)])
    gc.enable()
    return took


def _seconds(job: Job) -> float:
    begun = time.process_time()
    job()
    return time.process_time() - begun


if __name__ == "__main__":
    sys.exit(main())
