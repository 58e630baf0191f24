"""The series and their dates: skip one, go on otherwise from one on, end."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.models.errors import ConsoleError
from app.models.times import speak_date
from app.services.calendar.series import SeriesMade, end_series, skip_date, split_as_given
from app.services.calendar.series_reading import DateRow, SeriesRow, series_rows
from app.services.uow import Undo
from app.services.working import Work
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.outages.split_sheet import SplitSheet, said_due
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import EmptyState, button
from app.views.widgets.sheet import Answers, Ask, Sheet
from app.views.widgets.tone import Tone
from app.views.widgets.working import WorkBar

SIZE = (680, 520)


class SeriesDialog(QDialog):
    """`opened(outage_id)`: one of the flights is to be looked at; `undoWanted`: Ctrl+Z."""

    opened = Signal(str)
    undoWanted = Signal()

    def __init__(
        self,
        ops: Ops,
        notify: Telling,
        on_undo: Callable[[Undo], object],
        over: QWidget,
        first: str = "",
        flight: str = "",
    ) -> None:
        """`first`: the id of the series that is chosen at first, and after a split the new one;
        `flight`: the id of the outage whose date is."""
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle("Recurring maintenance")
        self._ops = ops
        self._notify = notify
        self._on_undo = on_undo
        self._rows: Sequence[SeriesRow] = ()
        self._first = first
        self._flight = flight
        self.series = QComboBox()
        self.series.setAccessibleName("Which series")
        self.series.currentIndexChanged.connect(self._show_dates)
        self._rule = Words("", "sub", wrap=True)
        self.dates = ListView("Its dates", lead_width=150)
        self.dates.chosen.connect(lambda _key: self._on_chosen())
        self.dates.opened.connect(lambda _key: self._open())
        self._none = EmptyState(
            "No maintenance recurs yet. Plan an outage and say under When how it repeats, such as "
            "“third Sunday”."
        )
        self.skip = button("Skip this date…", self._ask_skip)
        self.split = button("This and following…", self._ask_split)
        self.end = button("End from here…", self._ask_end)
        self.look = button("Open the flight", self._open)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(18), px(22), px(18))
        box.setSpacing(px(12))
        box.addWidget(Words("Recurring maintenance", "title"))
        for part in (self.series, self._rule, self.dates, self._none):
            box.addWidget(part, 1 if part in (self.dates, self._none) else 0)
        line = QHBoxLayout()
        line.setSpacing(px(10))
        for act in (self.skip, self.split, self.end, self.look):
            line.addWidget(act)
        line.addStretch(1)
        line.addWidget(button("Close", self.reject, tip="Esc"))
        box.addLayout(line)
        QShortcut(QKeySequence("Delete"), self).activated.connect(self._ask_skip)
        QShortcut(QKeySequence("Ctrl+Z"), self).activated.connect(self._take_back)
        room = over.window().size()
        width, height = (px(each) for each in SIZE)
        self.resize(min(width, room.width() - px(40)), min(height, room.height() - px(80)))
        self.refresh()

    def refresh(self) -> None:
        self._ops.read(series_rows, then=self._show, owner=self)

    def _take_back(self) -> None:
        """The window behind it cannot hear the key; it is read again behind the undoing."""
        self.undoWanted.emit()
        self.refresh()

    # --- showing -------------------------------------------------------------------------------

    def _show(self, rows: Sequence[SeriesRow]) -> None:
        chosen = self._first or self.series.currentData()
        self._first = ""
        self._rows = rows
        self.series.blockSignals(True)
        self.series.clear()
        for row in rows:
            self.series.addItem(f"{row.code}  {row.title}", row.id)
        self.series.setCurrentIndex(max(0, self.series.findData(chosen)))
        self.series.blockSignals(False)
        for part in (self.series, self._rule, self.dates):
            part.setVisible(bool(rows))
        for act in (self.skip, self.split, self.end, self.look):
            act.setVisible(bool(rows))
        self._none.setVisible(not rows)
        self._show_dates()
        (self.dates if rows else self).setFocus()

    def _show_dates(self) -> None:
        row = self._series()
        if row is None:
            return
        goes_on = f", goes on from {row.continues}" if row.continues else ""
        freeze = "; dates in a freeze are left out" if row.not_in_freeze else ""
        rule = row.rule[:1].upper() + row.rule[1:]
        self._rule.setText(f"{rule}, {row.times}{goes_on}{freeze}")
        self.dates.model_rows.apply([_date_row(date) for date in row.dates])
        meant = [date for date in row.dates if self._flight and date.outage_id == self._flight]
        self._flight = ""
        if meant or (row.dates and self.dates.current() is None):
            self.dates.choose(_key((meant or row.dates)[0]))
        self._on_chosen()

    def _on_chosen(self) -> None:
        date = self._date()
        self.skip.setEnabled(date is not None and not date.said.startswith("skipped"))
        self.look.setEnabled(date is not None and bool(date.outage_id))
        for act in (self.split, self.end):
            act.setEnabled(date is not None)

    def _series(self) -> SeriesRow | None:
        chosen = self.series.currentData()
        return next((row for row in self._rows if row.id == chosen), None)

    def _date(self) -> DateRow | None:
        row, chosen = self._series(), self.dates.current()
        dates = row.dates if row is not None else ()
        return next((d for d in dates if chosen is not None and _key(d) == chosen.key), None)

    # --- acts ----------------------------------------------------------------------------------

    def _open(self) -> None:
        date = self._date()
        if date is not None and date.outage_id:
            self.accept()
            self.opened.emit(date.outage_id)

    def _ask_skip(self) -> None:
        row, date = self._series(), self._date()
        if row is None or date is None or not self.skip.isEnabled():
            return
        words = "No flight at that date; the others stay. The reason is kept beside it."
        self._ask(
            f"Skip {said_due(date.due)}",
            words,
            "Skip it",
            lambda why, sheet: self._run(sheet, skip_date, row.id, date.due, why),
        )

    def _ask_end(self) -> None:
        row, date = self._series(), self._date()
        if row is None or date is None:
            return
        words = (
            "No flight at that date or later. Flights people were told of stay: cancel them in "
            "their workspace."
        )
        self._ask(
            f"End {row.code} before {said_due(date.due)}",
            words,
            "End it",
            lambda why, sheet: self._run(sheet, end_series, row.id, date.due, why, _bar(sheet)),
        )

    def _ask(self, title: str, words: str, yes: str, act: Callable[[str, Sheet], object]) -> None:
        why = Ask("why", "Why", needed="The next coordinator will ask why.")
        sheet = Sheet(self, title, words, (why,), yes)
        sheet.answered.connect(lambda answers: act(answers["why"], sheet))
        sheet.open()

    def _ask_split(self) -> None:
        row, date = self._series(), self._date()
        if row is None or date is None:
            return
        sheet = SplitSheet(self, self._ops, row, date)

        def answered(answers: Answers) -> None:
            window = sheet.window_given()
            if window is not None:
                rule, work = answers["rule"], _bar(sheet)
                self._run(sheet, split_as_given, row.id, date.due, window, rule, work)

        sheet.answered.connect(answered)
        sheet.open()

    def _run(self, sheet: Sheet, use_case: Callable[..., object], *args: object) -> None:
        def done(made: object) -> None:
            _end(sheet)
            sheet.accept()
            undo = made.undo if isinstance(made, SeriesMade) else made
            self._first = made.series_id if isinstance(made, SeriesMade) else ""
            if isinstance(undo, Undo):
                self._on_undo(undo)
                said = (
                    made.sentence
                    if isinstance(made, SeriesMade)
                    else f"{undo.label[:1].upper()}{undo.label[1:]}"
                )
                self._notify.info(f"{said.rstrip('.')}. Ctrl+Z takes it back.")
            self.refresh()

        def failed(refusal: ConsoleError) -> None:
            _end(sheet)
            sheet.refuse(refusal.sentence)

        self._ops.run(use_case, *args, then=done, failed=failed, owner=self)


def _bar(sheet: Sheet) -> Work:
    """How far it is, with its cancel, in the sheet that waits for it."""
    bar = sheet.findChild(WorkBar) or WorkBar("Changing the series")
    box = sheet.layout()
    assert box is not None
    box.addWidget(bar)
    return bar.begin()


def _end(sheet: Sheet) -> None:
    bar = sheet.findChild(WorkBar)
    if bar is not None:
        bar.end()


def _date_row(date: DateRow) -> ListRow:
    said = f"{date.code} · {date.said}" if date.code else date.said
    notes = [date.note] * bool(date.note) + ["moved by hand"] * date.moved
    notes += [f"“{date.renamed}”"] * bool(date.renamed)
    return ListRow(
        key=_key(date),
        title=date.window,
        sub=" · ".join([said, *notes]),
        lead=f"{speak_date(date.due.date())} {date.due.year}",
        tone=Tone.OK if date.code and date.said != "draft" else Tone.WARN,
    )


def _key(date: DateRow) -> str:
    return date.due.isoformat()
