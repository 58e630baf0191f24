"""Start, end and zone of a window; what cannot be is said in place, what is twice is asked."""

from __future__ import annotations

import calendar
from datetime import date, datetime

from PySide6.QtCore import QDate, QDateTime, QTime, QTimeZone, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QVBoxLayout,
    QWidget,
)

from app.models.errors import BadInput
from app.models.times import Window, is_ambiguous, speak_span, to_wall
from app.views.theme import px
from app.views.widgets.abreast import Abreast
from app.views.widgets.choosers import finds_zones
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words
from app.views.widgets.moments import MomentEdit

_FOLDS = ("the first time, before the clocks go back", "the second time, after it")


class WindowField(QWidget):
    """`changed` on every edit. Moving the start takes the end along, so the length stays."""

    changed = Signal()

    def __init__(self, zones: tuple[str, ...], window: Window) -> None:
        super().__init__()
        self.start = MomentEdit("Start")
        self.end = MomentEdit("End")
        self.zone = QComboBox()
        self.zone.setEditable(True)
        self.zone.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.zone.addItems(list(zones) if window.zone in zones else [window.zone, *zones])
        self.zone.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.zone.setMinimumContentsLength(14)
        finds_zones(self.zone)
        self.start_fold, self.end_fold = QComboBox(), QComboBox()
        for fold in (self.start_fold, self.end_fold):
            fold.addItem("happens twice: choose which", None)
            for which, words in enumerate(_FOLDS):
                fold.addItem(words, which)
        self._folds = (
            Field("The start", self.start_fold),
            Field("The end", self.end_fold),
        )
        self._error = Words("", "error", wrap=True)
        self._length = Words("", "sub")
        self._place()
        self.set_window(window)
        self._last_start = self.start.dateTime()
        self.start.dateTimeChanged.connect(self._on_start)
        self.end.dateTimeChanged.connect(self._on_edit)
        self.zone.currentTextChanged.connect(self._on_edit)
        for fold in (self.start_fold, self.end_fold):
            fold.currentIndexChanged.connect(self._on_edit)

    def _place(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(8))
        asked = (("Start", self.start), ("End", self.end), ("Time zone", self.zone))
        box.addWidget(Abreast(*(Field(label, editor) for label, editor in asked)))
        for fold in self._folds:
            box.addWidget(fold)
        box.addWidget(self._length)
        box.addWidget(self._error)

    def set_window(self, window: Window) -> None:
        for editor, wall in ((self.start, window.start), (self.end, window.end)):
            editor.blockSignals(True)
            editor.setDateTime(_shown(wall))
            editor.blockSignals(False)
        self._last_start = self.start.dateTime()
        self.zone.setCurrentText(window.zone)
        for fold, which in ((self.start_fold, window.start_fold), (self.end_fold, window.end_fold)):
            fold.setCurrentIndex(which + 1 if which else 0)
        self._judge()

    def start_at(self, moment: datetime) -> None:
        """Begin then (aware), by the clocks of the zone; the window stays as long as it was."""
        try:
            wall = to_wall(moment, self.zone.currentText().strip())
        except BadInput as error:
            self.refuse(error.sentence)
            return
        self.start.setDateTime(_shown(wall))

    def window_given(self) -> Window | None:
        """The window, or None once the reason why it cannot be stands under the fields."""
        try:
            window = self._read()
        except BadInput as error:
            self.refuse(error.sentence)
            return None
        self._error.hide()
        self._length.setText(
            f"{_weekdays(window)} · {speak_span(window.end_utc - window.start_utc)}"
        )
        self._length.show()
        return window

    @property
    def first_day(self) -> date:
        """Of the start as it is typed."""
        return _wall(self.start).date()

    def refuse(self, sentence: str) -> None:
        self._length.hide()
        self._error.setText(sentence)
        self._error.show()

    @property
    def error(self) -> str:
        return "" if self._error.isHidden() else self._error.text()

    def _read(self) -> Window:
        zone = self.zone.currentText().strip()
        start, end = _wall(self.start), _wall(self.end)
        return Window.of(
            start,
            end,
            zone,
            self.start_fold.currentData() if is_ambiguous(start, zone) else None,
            self.end_fold.currentData() if is_ambiguous(end, zone) else None,
        )

    def _judge(self) -> None:
        """Ask which of the two only where a time happens twice."""
        zone = self.zone.currentText().strip()
        for field, editor in zip(self._folds, (self.start, self.end), strict=True):
            try:
                field.setVisible(is_ambiguous(_wall(editor), zone))
            except BadInput:
                field.hide()
        self.window_given()

    def _on_start(self, moment: QDateTime) -> None:
        span = self._last_start.secsTo(moment)
        self._last_start = moment
        self.end.blockSignals(True)
        self.end.setDateTime(self.end.dateTime().addSecs(span))
        self.end.blockSignals(False)
        self._on_edit()

    def _on_edit(self, *_: object) -> None:
        self._judge()
        self.changed.emit()


def _weekdays(window: Window) -> str:
    """“Friday”, or “Friday to Saturday”. English on every machine, unlike strftime."""
    start, end = (calendar.day_name[wall.weekday()] for wall in (window.start, window.end))
    return start if window.start.date() == window.end.date() else f"{start} to {end}"


def _shown(wall: datetime) -> QDateTime:
    """As the editors keep it: the figures alone, in no zone that could move them."""
    day = QDate(wall.year, wall.month, wall.day)
    return QDateTime(day, QTime(wall.hour, wall.minute), QTimeZone.utc())


def _wall(editor: MomentEdit) -> datetime:
    moment = editor.dateTime()
    day, time = moment.date(), moment.time()
    return datetime(day.year(), day.month(), day.day(), time.hour(), time.minute())  # noqa: DTZ001
