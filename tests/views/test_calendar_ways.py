"""The ways to look at the calendar beside month and agenda, what is found on it, and what leaves
it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox

from app.models.calendar.entries import Layer
from app.models.calendar.sieve import Stand
from app.models.calendar.spans import Way
from app.models.outages.lifecycle import State
from app.services.calendar.publishing import Narrowed
from app.views.calendar.event_dialog import EventDialog
from app.views.calendar.page import CalendarPage
from app.views.calendar.publish import shown as on_show
from app.views.calendar.remembered import Remembered
from app.views.calendar.search import CalendarSearch
from app.views.widgets.choosers import ManyOf
from app.views.widgets.sheet import Sheet
from tests.makers import NOW, ZONE, make_service, make_window
from tests.services.outages_flights import flight, world
from tests.views.calendar_shown import CONTROL, FRIDAY, PLAIN, Key, Shown, shown

__all__ = ["flight", "shown", "world"]


def test_the_year_tells_what_lies_on_a_day_and_enter_goes_to_its_month(
    shown: Shown, tmp_path: Path
) -> None:
    shown.press(Key.Key_Y)
    shown.settle()
    year = shown.page.stage.year
    assert shown.page.stage.front() is year
    assert shown.page.context == "2025"
    year.choose(FRIDAY)
    assert year.accessibleDescription() == (
        "Fri 10 Jan 2025, 1 entry, 19:00–22:00 File cluster firmware · Draft"
    )
    assert year.layout_now().cells[date(2025, 12, 31)].bottom() < year.viewport().height()
    for key, day in ((Key.Key_Down, date(2025, 1, 17)), (Key.Key_PageDown, date(2026, 1, 17))):
        QTest.keyClick(year, key)
        shown.settle()
        assert shown.page.day == day
    QTest.keyClick(year, Key.Key_Return)
    shown.settle()
    assert shown.page.stage.front() is shown.page.month_view
    assert shown.chosen() == (date(2026, 1, 17), "")


def test_the_end_alone_is_carried_and_the_way_to_look_is_kept(shown: Shown, tmp_path: Path) -> None:
    shown.page.month_view.choose(FRIDAY, shown.world.outage)
    shown.press(Key.Key_Right, Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.AltModifier)
    shown.press(Key.Key_Return)
    shown.qtbot.waitUntil(lambda: bool(shown.undos))
    assert shown.world.row().window == make_window("2025-01-10 19:00", "2025-01-11 22:00")
    kept = Remembered(tmp_path / "window.ini")
    kept.keep_way(Way.YEAR)
    again = CalendarPage(shown.ops, shown.told, lambda: NOW, shown.undos.append, kept)
    shown.qtbot.addWidget(again)
    assert again.span.way is Way.YEAR


def test_in_the_week_a_window_is_dragged_by_quarter_hours_and_its_edge_resized(
    shown: Shown,
) -> None:
    shown.page.show_way(Way.WEEK, FRIDAY)
    week, port = shown.page.stage.week, shown.page.stage.week.viewport()

    def drag(start: QPoint, to: QPoint) -> None:
        QTest.mousePress(port, Qt.MouseButton.LeftButton, PLAIN, start)
        for part in (1, 2, 3):
            QTest.mouseMove(port, start + (to - start) * part / 3)
        QTest.mouseRelease(port, Qt.MouseButton.LeftButton, PLAIN, to)

    def box() -> QRect:
        week.choose(shown.page.day, shown.world.outage)
        return week.visualRect(week.currentIndex())

    layout = week.layout_now()
    quarter = layout.hour / 4
    here = box().center()
    drag(here, here + QPoint(layout.x(1) - layout.x(0), round(-3.2 * quarter)))
    shown.qtbot.waitUntil(lambda: len(shown.undos) == 1)
    assert shown.world.row().window == make_window("2025-01-11 18:15", "2025-01-11 21:15")
    shown.qtbot.waitUntil(lambda: shown.page.day == date(2025, 1, 11))
    shown.settle()
    edge = QPoint(box().center().x(), box().bottom() - 1)
    drag(edge, edge + QPoint(0, round(2 * quarter)))
    shown.qtbot.waitUntil(lambda: len(shown.undos) == 2)
    assert shown.world.row().window == make_window("2025-01-11 18:15", "2025-01-11 21:45")


def test_in_the_week_keys_move_a_window_and_its_ends(shown: Shown) -> None:
    shown.page.show_way(Way.WEEK, FRIDAY)
    week = shown.page.stage.week
    mod = Qt.KeyboardModifier
    week.choose(FRIDAY, shown.world.outage)
    QTest.keyClick(week, Key.Key_Down, mod.AltModifier)
    QTest.keyClick(week, Key.Key_Down, mod.AltModifier | mod.ShiftModifier)
    QTest.keyClick(week, Key.Key_Up, mod.ControlModifier | mod.ShiftModifier)
    QTest.keyClick(week, Key.Key_Return)
    shown.qtbot.waitUntil(lambda: bool(shown.undos))
    assert shown.world.row().window == make_window("2025-01-10 19:00", "2025-01-10 22:30")
    assert week.clocks == ("UTC", ZONE)


def test_the_header_turns_once_the_days_are_there(shown: Shown) -> None:
    shown.page.month_view.choose(FRIDAY)
    for key in (Key.Key_Y, Key.Key_PageDown, Key.Key_PageDown):
        shown.press(key)
    QTest.keyClick(shown.page.stage.month, Key.Key_Left)
    assert (shown.page.context, shown.page.stage.front()) == (
        "January 2025",
        shown.page.month_view,
    )
    shown.settle()
    assert (shown.page.context, shown.page.day) == ("2027", date(2027, 1, 10))


def test_what_is_carried_is_put_back_where_other_days_are_turned_to(shown: Shown) -> None:
    shown.page.month_view.choose(FRIDAY, shown.world.outage)
    shown.press(Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    for way in (Way.WEEK, Way.MONTH):
        shown.page.show_way(way)
        shown.settle()
    shown.page.month_view.choose(FRIDAY, shown.world.outage)
    shown.press(Key.Key_Return)  # opens it, where it would have let it go
    shown.settle()
    assert (shown.gone, shown.undos) == ([("outages", shown.world.outage, "")], [])


def test_what_is_searched_is_gone_to_and_its_layer_shown(shown: Shown) -> None:
    shown.page.layers.tick(Layer.FREEZES).click()
    shown.press(Key.Key_F, CONTROL)
    (asked,) = shown.page.findChildren(CalendarSearch)
    asked.words.setText("audit")
    shown.qtbot.waitUntil(lambda: asked.rows.model_rows.rowCount() == 1)
    QTest.keyClick(asked.words, Key.Key_Return)
    shown.settle()
    assert shown.chosen() == (date(2025, 1, 14), "Audit days")
    shown.qtbot.waitUntil(lambda: not shown.page.findChildren(CalendarSearch))
    shown.page.going.search()
    (asked,) = shown.page.findChildren(CalendarSearch)
    asked.words.setText("i")  # the flight and the audit
    shown.qtbot.waitUntil(lambda: asked.rows.model_rows.rowCount() == 2)
    QTest.keyClick(asked.words, Key.Key_Return)
    walked = []
    for by in (1, 1, -1):
        shown.page.going.again(by)
        shown.settle()
        walked.append(shown.chosen()[1])
    assert walked == ["Audit days", "File cluster firmware", "Audit days"]


def test_the_calendar_is_narrowed_to_several_services_on_the_screen_and_in_what_is_published(
    shown: Shown,
) -> None:
    shown.world.go(State.PLANNED)
    mail = shown.world.store.run(lambda uow: make_service(uow, "Mail").id)
    shown.world.store.run(lambda uow: make_service(uow, "Telephones"))

    def ask(*services: str) -> str:
        shown.page.sieving.ask()
        sheet = shown.sheet()
        several = sheet.editor("services")
        assert isinstance(several, ManyOf)
        several.add(services)
        sheet.yes.click()
        shown.settle()
        return shown.page.layers.sentences()[0]

    assert ask(mail) == "Outages. none in Jan 2025 · only Mail"
    assert ask(shown.world.service).startswith("Outages. 1 in Jan 2025 · only ")
    assert len(on_show(shown.page.in_front()).services) == 2


def test_what_the_calendar_is_narrowed_to_is_what_is_published_from_the_window(
    shown: Shown, tmp_path: Path
) -> None:
    shown.world.go(State.PLANNED)
    shown.press(Key.Key_F)
    filtered = shown.sheet()
    cancelled = filtered.editor(Stand.CANCELLED.value)
    assert isinstance(cancelled, QCheckBox)
    cancelled.click()
    filtered.yes.click()
    shown.settle()
    said = shown.page.layers.sentences()
    assert said[:2] == ["Outages. none in Jan 2025 · only cancelled", "Freezes. 1 · Audit"]
    shown.page.sharing.publishing.ask(shown.page.in_front())
    shown.settle()
    (chosen,) = (s for s in shown.page.findChildren(Sheet) if s is not filtered)
    assert chosen.answers()["what"] == "shown"
    publishing = shown.page.sharing.publishing
    publishing.write(2025, on_show(shown.page.in_front()), tmp_path / "year.ics")
    publishing.write(2025, Narrowed(), tmp_path / "year.html")
    publishing.write(2025, Narrowed(), tmp_path / "year.pdf")
    publishing.write(2024, Narrowed(), tmp_path / "none.ics")
    shown.settle()
    assert b"SUMMARY:Audit days" in (tmp_path / "year.ics").read_bytes()
    assert "File cluster firmware" in (tmp_path / "year.html").read_text(encoding="utf-8")
    assert (tmp_path / "year.pdf").stat().st_size > 1000
    assert shown.told.sentences == [
        "year.ics is written with 12 entries of 2025.",
        "year.html is written with 1 outage of 2025.",
        "year.pdf is written with 1 outage of 2025.",
        "No outage is planned in 2024; nothing was written.",
    ]
    shown.page.ways.all.click()
    shown.settle()
    assert shown.page.month_view.layout_now().box_of(FRIDAY, shown.world.outage).isValid()


def test_the_quarter_is_walked_day_by_day_and_month_by_month(shown: Shown) -> None:
    shown.page.go_to(FRIDAY)
    shown.press(Key.Key_Q)
    shown.settle()
    quarter = shown.page.stage.quarter
    assert shown.page.context == "January – March 2025"
    lines = quarter.layout_now().lines
    assert lines[date(2025, 3, 31)].bottom() <= quarter.viewport().height()
    for key, day in (
        (Key.Key_Right, date(2025, 2, 10)),
        (Key.Key_Down, date(2025, 2, 11)),
        (Key.Key_PageDown, date(2025, 5, 11)),
        (Key.Key_Left, date(2025, 4, 11)),
    ):
        QTest.keyClick(quarter, key)
        shown.settle()
        assert shown.page.day == day


def test_in_the_quarter_a_window_is_dragged_to_another_month_and_its_edges_resized(
    shown: Shown,
) -> None:
    shown.page.show_way(Way.QUARTER, FRIDAY)
    shown.settle()
    quarter = shown.page.stage.quarter
    port = quarter.viewport()

    def drag(start: QPoint, to: date, *, escape: bool = False) -> None:
        end = quarter.layout_now().lines[to].center()
        QTest.mousePress(port, Qt.MouseButton.LeftButton, PLAIN, start)
        for part in (1, 2, 3):
            QTest.mouseMove(port, start + (end - start) * part / 3)
        if escape:
            QTest.keyClick(quarter, Key.Key_Escape)
        QTest.mouseRelease(port, Qt.MouseButton.LeftButton, PLAIN, end)

    def chip(day: date) -> QRect:
        shown.settle()
        return quarter.layout_now().box_of(day, shown.world.outage)

    moved = date(2025, 2, 20)
    drag(chip(FRIDAY).center(), moved)
    shown.qtbot.waitUntil(lambda: len(shown.undos) == 1)
    assert shown.world.row().window == make_window("2025-02-20 19:00", "2025-02-20 22:00")
    shown.qtbot.waitUntil(lambda: shown.page.day == moved)
    top = QPoint(chip(moved).left() + 20, chip(moved).top())
    drag(top, date(2025, 2, 18), escape=True)
    drag(top, date(2025, 2, 18))
    shown.qtbot.waitUntil(lambda: len(shown.undos) == 2)
    assert shown.world.row().window == make_window("2025-02-18 19:00", "2025-02-20 22:00")
    shown.qtbot.waitUntil(lambda: shown.page.day == date(2025, 2, 18))
    bottom = QPoint(chip(moved).left() + 20, chip(moved).bottom())
    drag(bottom, date(2025, 2, 21))
    shown.qtbot.waitUntil(lambda: len(shown.undos) == 3)
    assert shown.world.row().window == make_window("2025-02-18 19:00", "2025-02-21 22:00")


def test_an_event_is_added_on_the_chosen_day_and_says_who_answers_for_it(shown: Shown) -> None:
    shown.page.go_to(date(2025, 1, 22))
    shown.press(Key.Key_E)
    shown.settle()
    (form,) = shown.page.findChildren(EventDialog)
    QTest.keyClicks(form.name, "Payroll run")
    QTest.keyClicks(form.responsible, "Dana Ortiz")
    form.was_asked.click()
    form.save.click()
    shown.qtbot.waitUntil(lambda: bool(shown.undos))
    shown.qtbot.waitUntil(lambda: "Dana Ortiz answers for it; asked" in day_said(shown))


def day_said(shown: Shown) -> str:
    return " ".join(f"{row.title} {row.sub}" for row in shown.page.day_card.list.model_rows.rows())
