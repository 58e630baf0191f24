"""The wheel scrolls the page it turns over; it changes only what has the keyboard."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QDateTime, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QDateTimeEdit,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.views.widgets.choosers import OneOf
from app.views.widgets.forms import Field, Number
from app.views.widgets.moments import DayEdit, MinutesEdit, MomentEdit

KINDS = ("moment", "day", "minutes", "number", "one of", "choice")


def _made(kind: str) -> QWidget:
    match kind:
        case "moment":
            return MomentEdit("Start")
        case "day":
            return DayEdit("Day", date(2026, 12, 13))
        case "minutes":
            return MinutesEdit(90)
        case "number":
            return Number()
        case "one of":
            return OneOf("Owner", ())
    box = QComboBox()
    box.addItems(["one", "two"])
    return box


def _value(editor: QWidget) -> object:
    match editor:
        case QDateTimeEdit():
            return editor.dateTime()
        case QComboBox():
            return editor.currentIndex()
        case MinutesEdit() | Number():
            return editor.value()
    raise AssertionError(editor)


def _page(qtbot: QtBot, editor: QWidget) -> QScrollArea:
    """`editor` within a page that is longer than its window; the keyboard is elsewhere."""
    inside = QWidget()
    box = QVBoxLayout(inside)
    other = QLineEdit()
    for part in (other, Field("Label", editor)):
        box.addWidget(part)
    box.addSpacing(2_000)
    page = QScrollArea()
    page.setWidgetResizable(True)
    page.setWidget(inside)
    page.resize(400, 300)
    qtbot.addWidget(page)
    with qtbot.waitActive(page):
        page.show()
        page.activateWindow()
    other.setFocus()
    return page


def _turn(editor: QWidget, by: int) -> bool:
    """True when it was taken; what is not taken goes to what the editor stands in."""
    at = QPointF(editor.rect().center())
    turned = QWheelEvent(
        at,
        QPointF(editor.mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * by),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    turned.accept()
    QApplication.sendEvent(editor, turned)
    return turned.isAccepted()


@pytest.mark.parametrize("kind", KINDS)
def test_over_what_has_not_the_keyboard_the_page_scrolls(qtbot: QtBot, kind: str) -> None:
    editor = _made(kind)
    page = _page(qtbot, editor)
    before = _value(editor)
    assert not _turn(editor, -1)
    assert _value(editor) == before
    assert page.isActiveWindow() and not editor.hasFocus(), "nor does it take the keyboard"


@pytest.mark.parametrize("kind", ["moment", "day", "minutes", "number"])
def test_what_has_the_keyboard_is_turned(qtbot: QtBot, kind: str) -> None:
    editor = _made(kind)
    page = _page(qtbot, editor)
    editor.setFocus()
    before = _value(editor)
    assert _turn(editor, 1)
    assert _value(editor) != before
    assert page.verticalScrollBar().value() == 0


@pytest.mark.parametrize(
    ("section", "by", "then"),
    [
        (QDateTimeEdit.Section.HourSection, 1, "2027-01-01T00:30"),
        (QDateTimeEdit.Section.DaySection, 1, "2027-01-01T23:30"),
        (QDateTimeEdit.Section.MonthSection, 1, "2027-01-31T23:30"),
        (QDateTimeEdit.Section.MinuteSection, -31, "2026-12-31T22:59"),
    ],
)
def test_turning_a_date_carries_over_to_the_next_part(
    qtbot: QtBot, section: QDateTimeEdit.Section, by: int, then: str
) -> None:
    editor = MomentEdit("Start")
    page = _page(qtbot, editor)
    editor.setDateTime(QDateTime.fromString("2026-12-31T23:30Z", Qt.DateFormat.ISODate))
    editor.setFocus()
    editor.setSelectedSection(section)
    for _ in range(abs(by)):
        _turn(editor, 1 if by > 0 else -1)
    assert editor.dateTime().toString("yyyy-MM-ddTHH:mm") == then
    assert editor.currentSection() == section
    assert page.verticalScrollBar().value() == 0
