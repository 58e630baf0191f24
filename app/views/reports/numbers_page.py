"""Outages in numbers: a period of flights as a manager reads it, on screen, paper and as CSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from app.models.errors import ConsoleError
from app.models.reports.document import Document
from app.models.reports.kpi import NO_ESTIMATES, NO_LOAD, Kpi, kpi_document
from app.models.reports.kpi_csv import kpi_csv
from app.models.reports.packet import Paper
from app.models.reports.periods import Period
from app.services.reports.files import leave_file
from app.services.reports.kpi import kpi_of, usual_periods
from app.services.working import Stopped, Work
from app.views.notify import Telling
from app.views.ops import Ops, Unexpected
from app.views.page import HeaderAction, HeaderPart, Page
from app.views.reports.digest_acts import DigestActs
from app.views.reports.document_acts import DocumentActs
from app.views.reports.numbers_words import estimate_data, load_data, month_data, tiles
from app.views.theme import px
from app.views.widgets.abreast import Abreast
from app.views.widgets.charts import BarChart, ColumnChart
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import BigClock, Words
from app.views.widgets.panels import Card, EmptyState
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet
from app.views.widgets.tone import set_part
from app.views.widgets.working import WorkBar

_COUNTING = "Counting…"
_ENDED = "No flight ended in this period. Choose another above."
_STOPPED = "Nothing is counted. Choose a period above."


class NumbersPage(Page):
    """Reads again whenever it comes to the front."""

    def __init__(
        self, ops: Ops, notify: Telling, paper: Paper, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._ops = ops
        self._notify = notify
        self._acts = DocumentActs(notify, self, paper)
        self.digest = DigestActs(ops, notify, self._acts, lambda: self._period, self)
        self._periods: tuple[Period, ...] = ()
        self._period: Period | None = None
        self._counted: Period | None = None
        self._kpi: Kpi | None = None
        self.work = WorkBar("Counting")
        self._counting: Work | None = None
        self._tiles = [_Tile() for _ in range(7)]
        self.months = {
            name: ColumnChart(name) for name in ("On time", "Change success", "Notices in time")
        }
        self.estimates = BarChart("How far estimates hold", mark=0.5)
        self.loads = BarChart("Off-hours load")
        self._no_estimates = Words(NO_ESTIMATES, "muted", wrap=True)
        self._no_load = Words(NO_LOAD, "muted", wrap=True)
        self._build()

    @property
    def title(self) -> str:
        return "Outages in numbers"

    @property
    def context(self) -> str:
        return self._period.span if self._period is not None else ""

    @property
    def help_topic(self) -> str:
        return "numbers"

    @property
    def kpi(self) -> Kpi | None:
        """What is shown."""
        return self._kpi

    def header_parts(self) -> Sequence[HeaderPart]:
        if not self._periods:
            return ()
        choices = [
            HeaderAction(_capital(period.words), lambda period=period: self.show_period(period))  # type: ignore[misc]
            for period in self._periods
        ]
        choices.append(HeaderAction("From … to …", self._ask_period))
        period = self._period
        words = _capital(period.words) if period is not None else "Period"
        papers = (
            HeaderAction("Preview", lambda: self._with(self._acts.preview)),
            HeaderAction("Print…", lambda: self._with(self._acts.print)),
            HeaderAction(
                "Save as PDF…", lambda: self._with(lambda d: self._acts.save_pdf(d, self._name))
            ),
            HeaderAction(
                "Save as Markdown…",
                lambda: self._with(lambda d: self._acts.save_markdown(d, self._name)),
            ),
            HeaderAction("Save as CSV…", self.save_csv),
        )
        return (
            HeaderAction(words, choices=tuple(choices), tip="The period"),
            HeaderAction("Digest…", self.digest.ask, tip="For the leaders, of a period"),
            HeaderAction("Print", choices=papers, tip="On paper, or as a file"),
        )

    def activate(self, *args: object) -> None:
        self._ops.read(usual_periods, then=self._on_periods)

    def show_period(self, period: Period) -> None:
        """Counted anew; what was still being counted is left."""
        if self._counting is not None:
            self._counting.stop.set()
        if period != self._counted:
            self._empty.say(_COUNTING)
        self._period = period
        counting = self._counting = self.work.begin()

        def counted(kpi: Kpi) -> None:
            if counting is self._counting:
                self._end()
                self._show(period, kpi)

        def failed(error: ConsoleError) -> None:
            if counting is self._counting:
                self._end()
                self._go_back(error)

        self._ops.read(
            kpi_of, period.since, period.last, counting, then=counted, failed=failed, owner=self
        )
        self.headerChanged.emit()

    def _end(self) -> None:
        self._counting = None
        self.work.end()

    def _go_back(self, error: ConsoleError) -> None:
        """To the numbers that were counted last."""
        if error.code not in (Stopped.code, Unexpected.code):
            self._notify.error(error.sentence)
        if self._counted is None or self._kpi is None:
            self._empty.say(_STOPPED)
            return
        self._period = self._counted
        self._show(self._counted, self._kpi)

    def save_csv(self) -> None:
        """Asks where to."""
        kpi = self._kpi
        if kpi is not None:
            content = kpi_csv(kpi)
            self._acts.save(f"{self._name}.csv", "CSV", lambda path: leave_file(path, content))

    # --- building --------------------------------------------------------------------------

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(16), px(22), px(16))
        self._whole = QStackedWidget()
        box.addWidget(self.work)
        box.addWidget(self._whole, 1)
        self._empty = EmptyState(_COUNTING)
        self._numbers = QWidget()
        column = QVBoxLayout(self._numbers)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        tiles_here = QWidget()
        line = FlowLayout(tiles_here, gap=16)
        for tile in self._tiles:
            line.addWidget(tile)
        column.addWidget(tiles_here)
        why = (
            ("On time", "ended by the end first announced"),
            ("Change success", "complete, not partly or backed out"),
            ("Notices in time", "the lead their class asks for"),
        )
        column.addWidget(
            Abreast(
                *(
                    _card(name, "", Words(sub, "sub", wrap=True), self.months[name])
                    for name, sub in why
                ),
                gap=16,
            )
        )
        column.addWidget(
            Abreast(
                _card(
                    self.estimates.accessibleName(),
                    "taken / planned",
                    self.estimates,
                    self._no_estimates,
                ),
                _card(
                    self.loads.accessibleName(),
                    "nights, weekends, holidays",
                    self.loads,
                    self._no_load,
                ),
                gap=16,
            )
        )
        column.addStretch(1)
        self._whole.addWidget(self._empty)
        self._whole.addWidget(self._numbers)

    # --- showing ---------------------------------------------------------------------------

    def _on_periods(self, found: tuple[Period, ...]) -> None:
        self._periods = found
        self.show_period(self._period or found[0])

    def _show(self, period: Period, kpi: Kpi) -> None:
        self._counted, self._kpi = period, kpi
        for tile, (number, name, sub) in zip(self._tiles, tiles(kpi), strict=True):
            tile.show_as(number, name, sub)
        for name, chart in self.months.items():
            chart.show_data(month_data(kpi, name))
        self.estimates.show_data(estimate_data(kpi.estimates))
        self.loads.show_data(load_data(kpi.off_hours))
        for bars, nothing in (
            (self.estimates, self._no_estimates),
            (self.loads, self._no_load),
        ):
            bars.setVisible(bool(bars.data))
            nothing.setVisible(not bars.data)
        self._empty.say(_ENDED)
        self._whole.setCurrentWidget(self._numbers if kpi.total.flown else self._empty)
        self.headerChanged.emit()

    def _with(self, act: Callable[[Document], object]) -> None:
        if self._kpi is not None:
            act(kpi_document(self._kpi))

    @property
    def _name(self) -> str:
        kpi = self._kpi
        return f"outages {kpi.since.isoformat()} {kpi.last.isoformat()}" if kpi else "outages"

    def _ask_period(self) -> None:
        period = self._period
        if period is None:
            return
        sheet = Sheet(
            self,
            "Which days",
            "Outages whose window began from the first day to the last, both included.",
            (
                Ask("since", "First day", Kind.DAY, period.since.isoformat()),
                Ask("last", "Last day", Kind.DAY, period.last.isoformat()),
            ),
            "Count them",
        )

        def answered(answers: Answers) -> None:
            since, last = (date.fromisoformat(answers[key]) for key in ("since", "last"))
            if last < since:
                sheet.refuse("The last day is before the first.")
                return
            sheet.accept()
            self.show_period(Period("chosen days", since, last))

        sheet.answered.connect(answered)
        sheet.open()


class _Tile(QFrame):
    """One number, what it is, and what it is of."""

    def __init__(self) -> None:
        super().__init__()
        set_part(self, "card")
        self.setMinimumWidth(px(176))
        box = QVBoxLayout(self)
        box.setContentsMargins(px(16), px(12), px(16), px(12))
        box.setSpacing(px(2))
        self._number = BigClock(design=26)
        self._name = Words("", "head")
        self._sub = Words("", "sub")
        for part in (self._number, self._name, self._sub):
            box.addWidget(part)

    def show_as(self, number: str, name: str, sub: str) -> None:
        self._number.show_as(number)
        self._name.setText(name)
        self._sub.setText(sub)
        self.setAccessibleName(f"{name}: {number}, {sub}")


def _card(name: str, sub: str, *parts: QWidget) -> Card:
    made = Card(name, sub)
    for part in parts:
        made.body.addWidget(part)
    made.body.addStretch(1)
    return made


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
