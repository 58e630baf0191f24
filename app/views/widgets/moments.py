"""Minutes, and a date and a wall time, that take typing wherever the pointer or Tab puts them."""

from __future__ import annotations

from datetime import date, time

from PySide6.QtCore import QDate, QEvent, QLocale, QObject, Qt, QTime, QTimeZone
from PySide6.QtGui import QKeyEvent, QTextCharFormat
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QDateTimeEdit,
    QSpinBox,
    QTimeEdit,
    QToolButton,
    QWidget,
)

from app.views.icons import icon
from app.views.theme import Token, px
from app.views.widgets.wheels import calm

_WAYS = QAbstractSpinBox.StepEnabledFlag
_BOTH_WAYS = _WAYS.StepUpEnabled | _WAYS.StepDownEnabled
_ENGLISH = QLocale(QLocale.Language.English, QLocale.Country.UnitedKingdom)
BETWEEN = " :.-/,"
"""What people write between the parts of a date and a time."""


class MomentEdit(QDateTimeEdit):
    """Wall times are kept as if in UTC, so that the machine's own zone never shifts them.

    The weekday is no part of it: Qt refuses digits typed there, and Tab would land on it first.
    Tab leaves it whole: typing goes from part to part by itself, the arrows do at will.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setTimeZone(QTimeZone.utc())
        self.setLocale(_ENGLISH)
        self.setDisplayFormat("dd MMM yyyy  HH:mm")
        self.setCalendarPopup(True)
        self.setAccessibleName(name)
        self._month = ""
        self.lineEdit().installEventFilter(self)
        calm(self)
        self._calm_calendar()

    def stepBy(self, steps: int) -> None:
        """The wheel and the arrows carry over: the hour after 23 is 00 of the next day. Qt would
        stop there, as if the field did not listen."""
        section, now = self.currentSection(), self.dateTime()
        match section:
            case QDateTimeEdit.Section.DaySection:
                then = now.addDays(steps)
            case QDateTimeEdit.Section.MonthSection:
                then = now.addMonths(steps)
            case QDateTimeEdit.Section.YearSection:
                then = now.addYears(steps)
            case QDateTimeEdit.Section.HourSection:
                then = now.addSecs(steps * 3600)
            case QDateTimeEdit.Section.MinuteSection:
                then = now.addSecs(steps * 60)
            case _:
                return
        self.setDateTime(then)
        self.setSelectedSection(section)

    def _type_month(self, typed: str) -> None:
        """A second digit is waited for after 0 and 1 only; then the year is next."""
        month = int(typed)
        if 1 <= month <= 12:
            self.setDate(self.date().addMonths(month - self.date().month()))
        self._month = typed if typed in ("0", "1") else ""
        section = QDateTimeEdit.Section
        self.setSelectedSection(section.MonthSection if self._month else section.YearSection)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        return _BOTH_WAYS

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A date is typed as it is written: what is between its parts is passed over where the
        part before went on by itself. Typing over all of it begins with the day, and so does
        Home. Qt takes letters only for a month that is shown as a word; people type 12 as well."""
        line, text = self.lineEdit(), event.text()
        whole = line.selectedText() == line.text() and text.isalnum()
        if whole or event.key() == Qt.Key.Key_Home:
            self.setSelectedSection(self.sectionAt(0))
            if not whole:
                return
        in_month = self.currentSection() is QDateTimeEdit.Section.MonthSection
        if in_month and text in tuple("0123456789"):
            self._type_month(self._month + text)
            return
        waited, self._month = self._month, ""
        if text and text in BETWEEN:
            if waited:
                self.setSelectedSection(QDateTimeEdit.Section.YearSection)
            else:
                self._pass_over()
            return
        super().keyPressEvent(event)

    def _pass_over(self) -> None:
        """To the next part, unless this one is just begun."""
        at = self.currentSectionIndex()
        if self.lineEdit().selectedText() == self.sectionText(self.currentSection()):
            return
        self.interpretText()
        if at + 1 < self.sectionCount():
            self.setSelectedSection(self.sectionAt(at + 1))

    def focusNextPrevChild(self, forward: bool) -> bool:
        return QWidget.focusNextPrevChild(self, forward)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click marks the whole part it meets, so that what is typed replaces it."""
        handled = super().eventFilter(watched, event)
        if watched is self.lineEdit() and event.type() is QEvent.Type.MouseButtonRelease:
            self.setSelectedSection(self.currentSection())
        return handled

    def _calm_calendar(self) -> None:
        sheet = self.calendarWidget()
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            sheet.setWeekdayTextFormat(day, QTextCharFormat())
        for name, shape in (
            ("qt_calendar_prevmonth", "caret-left"),
            ("qt_calendar_nextmonth", "caret-right"),
        ):
            button = sheet.findChild(QToolButton, name)
            if isinstance(button, QToolButton):
                button.setIcon(icon(shape, Token.TEXT))


class DayEdit(MomentEdit):
    """A date alone."""

    def __init__(self, name: str, day: date) -> None:
        super().__init__(name)
        self.setDisplayFormat("dd MMM yyyy")
        self.set_day(day)

    def set_day(self, day: date) -> None:
        self.setDate(QDate(day.year, day.month, day.day))

    def day(self) -> date:
        shown = self.date()
        return date(shown.year(), shown.month(), shown.day())


class AskedDay(DayEdit):
    """A date that nobody chose yet and that shows none, until something is typed or picked."""

    BEFORE = 31
    """Days before `near`, where typing begins, that can be chosen, too."""

    def __init__(self, name: str, near: date) -> None:
        super().__init__(name, near)
        self._near = near
        self.setMinimumDate(QDate(near.year, near.month, near.day).addDays(-self.BEFORE))
        self.setSpecialValueText("which day?")
        self.setDate(self.minimumDate())

    def chosen(self) -> date | None:
        return None if self.date() == self.minimumDate() else self.day()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.chosen() is None and event.text().isalnum():
            self.set_day(self._near)
            self.setSelectedSection(self.sectionAt(0))
        super().keyPressEvent(event)

    def stepBy(self, steps: int) -> None:
        if self.chosen() is None:
            self.set_day(self._near)
        else:
            super().stepBy(steps)


class ClockEdit(QTimeEdit):
    """A time of day, typed or stepped by Up and Down."""

    def __init__(self, at: time = time()) -> None:
        super().__init__()
        self.setLocale(_ENGLISH)
        self.setDisplayFormat("HH:mm")
        self.setButtonSymbols(QTimeEdit.ButtonSymbols.NoButtons)
        calm(self)
        self._set_in()
        self.set_clock(at)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._set_in()

    def _set_in(self) -> None:
        """The style sheet's padding does not reach the text."""
        self.lineEdit().setTextMargins(px(8), 0, 0, 0)

    def set_clock(self, at: time) -> None:
        self.setTime(QTime(at.hour, at.minute))

    def clock(self) -> time:
        return time(self.time().hour(), self.time().minute())


class MinutesEdit(QSpinBox):
    """Minutes from 0 to `most`, typed or stepped by Up and Down."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.setRange(0, most)
        self.setSuffix(" min")
        calm(self)
        self.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        # The sheet’s padding does not reach the text of a spin box.
        self.lineEdit().setTextMargins(px(6), 0, px(4), 0)
