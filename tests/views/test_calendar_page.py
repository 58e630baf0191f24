"""The Calendar page on a real store: January 2025, told on Monday the 6th; the flight is on
Friday the 10th, a freeze lies from the 14th to the 16th."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QStackedWidget, QWidget

from app.models.calendar.entries import Layer
from app.models.calendar.month import Month
from app.models.calendar.shifting import Shift
from app.models.calendar.spans import Way
from app.models.outages.lifecycle import State
from app.services.outages.moving import move_window
from app.services.uow import undo
from app.views.calendar.page import SETTLE_MS, CalendarPage
from app.views.calendar.remembered import Remembered
from tests.makers import NOW, make_window
from tests.services.outages_flights import flight, world
from tests.views.calendar_shown import CONTROL, FRIDAY, PLAIN, Key, Shown, shown

__all__ = ["flight", "shown", "world"]


def test_today_is_chosen_when_the_page_opens(shown: Shown) -> None:
    assert shown.chosen() == (date(2025, 1, 6), "")
    assert shown.page.context == "January 2025"


def test_arrows_move_the_day_and_tab_walks_its_entries(shown: Shown) -> None:
    for _ in range(4):
        shown.press(Key.Key_Right)
    assert shown.chosen() == (FRIDAY, "")
    shown.press(Key.Key_Tab)
    assert shown.chosen() == (FRIDAY, "File cluster firmware")
    shown.press(Key.Key_Down)
    assert shown.chosen() == (date(2025, 1, 17), "")


def test_an_arrow_past_the_last_week_shows_the_next_month(shown: Shown) -> None:
    shown.page.go_to(date(2025, 1, 31))
    shown.press(Key.Key_Down)
    shown.settle()
    assert shown.page.month == Month(2025, 2)
    assert shown.chosen()[0] == date(2025, 2, 7)


def test_enter_opens_the_entry_and_plans_on_an_empty_day(shown: Shown) -> None:
    shown.page.month_view.choose(FRIDAY, shown.world.outage)
    shown.press(Key.Key_Return)
    shown.page.month_view.choose(date(2025, 1, 8))
    shown.press(Key.Key_Return)
    assert shown.gone == [
        ("outages", shown.world.outage, ""),
        ("outages", "", "new 2025-01-08"),
    ]


def test_keys_step_through_the_months_back_to_today_and_to_a_day(shown: Shown) -> None:
    shown.press(Key.Key_PageDown)
    shown.settle()
    assert shown.page.month == Month(2025, 2)
    assert shown.page.day == date(2025, 2, 6)
    shown.press(Key.Key_T)
    shown.settle()
    assert shown.page.day == date(2025, 1, 6)
    shown.press(Key.Key_G)
    asked = shown.sheet().editor("day")
    assert isinstance(asked, QLineEdit)
    asked.setText("2025-03-01")
    QTest.keyClick(asked, Key.Key_Return)
    shown.settle()
    assert shown.page.day == date(2025, 3, 1)


def test_the_agenda_lists_the_month_by_day_with_the_time_elsewhere(shown: Shown) -> None:
    shown.press(Key.Key_A)
    assert shown.page.span.way is Way.AGENDA
    rows = {row.title: row for row in shown.page.agenda.model_rows.rows()}
    assert rows["Nothing begins today"].lead == "Today"
    firmware = rows["File cluster firmware"]
    assert (firmware.lead, firmware.trailing, firmware.pill) == (
        "Fri 10 Jan",
        "19:00–22:00",
        "Draft",
    )
    assert "Sat 11 Jan 00:00–03:00 UTC" in firmware.sub
    assert "until Thu 16 Jan" in rows["Audit days"].sub


def test_the_chosen_outage_shows_one_sentence_and_cause_for_each_conflict(shown: Shown) -> None:
    wednesday = make_window("2025-01-15 19:00", "2025-01-15 22:00")
    shown.world.store.run(move_window, shown.world.outage, wednesday, seen=1)
    shown.page.refresh()
    shown.settle()
    shown.page.month_view.choose(wednesday.start.date(), shown.world.outage)
    shown.qtbot.waitUntil(lambda: not shown.page.against.isHidden())
    (freeze,) = shown.page.against.sentences()
    assert freeze.startswith("blocks: ")
    assert "Audit days" in freeze
    assert freeze.endswith("no changes are wanted then")


def test_a_carried_outage_shows_what_stands_against_it_there(shown: Shown) -> None:
    shown.page.month_view.choose(FRIDAY, shown.world.outage)
    for _ in range(5):
        shown.press(Key.Key_Right, CONTROL)
    shown.qtbot.waitUntil(
        lambda: any("Audit days" in words for words in shown.page.against.sentences())
    )
    shown.press(Key.Key_Escape)
    shown.settle()
    assert shown.world.row().window == make_window()


def test_a_draft_dragged_to_another_day_keeps_its_times_and_can_be_taken_back(
    shown: Shown,
) -> None:
    port = shown.page.month_view.viewport()
    start, to = shown.on(FRIDAY, shown.world.outage), shown.on(date(2025, 1, 24))
    QTest.mousePress(port, Qt.MouseButton.LeftButton, PLAIN, start)
    for part in (1, 2, 3):
        QTest.mouseMove(port, start + (to - start) * part / 3)
    QTest.mouseRelease(port, Qt.MouseButton.LeftButton, PLAIN, to)
    shown.qtbot.waitUntil(lambda: bool(shown.undos))
    assert shown.world.row().window == make_window("2025-01-24 19:00", "2025-01-24 22:00")
    assert "is moved to Fri 24 Jan" in shown.told.sentences[-1]
    moved_to = (date(2025, 1, 24), "File cluster firmware")
    shown.qtbot.waitUntil(lambda: shown.chosen() == moved_to)
    shown.world.store.run(undo, shown.undos[-1])
    assert shown.world.row().window == make_window()
    shown.qtbot.waitUntil(lambda: shown.chosen() == (date(2025, 1, 24), ""))
    assert shown.page.against.isHidden()


def test_moving_one_that_was_announced_asks_why_and_says_how_many_were_told(
    shown: Shown,
) -> None:
    shown.world.fly_to(State.ANNOUNCED)
    shown.qtbot.wait(250)  # the page looks again once events have settled
    shown.settle()
    shown.page.moves.ask(shown.world.outage, Shift.whole(days=14))
    shown.settle()
    sheet = shown.sheet()
    assert "2 people were told of" in sheet.accessibleDescription()
    why = sheet.editor("why")
    assert isinstance(why, QLineEdit)
    why.setText("the vendor is ill")
    sheet.yes.click()
    shown.qtbot.waitUntil(lambda: bool(shown.undos))
    assert shown.world.row().window == make_window("2025-01-24 19:00", "2025-01-24 22:00")


def test_a_switched_off_layer_is_gone_and_stays_off_the_next_time(
    shown: Shown, tmp_path: Path
) -> None:
    kept = Remembered(tmp_path / "window.ini")
    page = CalendarPage(shown.ops, shown.told, lambda: NOW, shown.undos.append, kept)
    shown.qtbot.addWidget(page)
    page.layers.tick(Layer.FREEZES).click()
    page.activate()
    shown.settle()
    titles = {row.entry.title for row in _rows(page) if row.entry}
    assert "Audit days" not in titles
    assert "File cluster firmware" in titles
    again = CalendarPage(shown.ops, shown.told, lambda: NOW, shown.undos.append, kept)
    shown.qtbot.addWidget(again)
    assert again.layers.hidden == {Layer.FREEZES}


def test_every_day_and_entry_is_an_item_to_screen_readers_where_it_is(shown: Shown) -> None:
    view = shown.page.month_view
    seen = QAccessible.queryAccessibleInterface(view)
    assert seen.role() == QAccessible.Role.List
    names = [seen.child(n).text(QAccessible.Text.Name) for n in range(seen.childCount())]
    assert "Mon 6 Jan 2025, today, no entries" in names
    words = "OUT-2025-001 File cluster firmware, Draft, 19:00–22:00"
    assert words in names
    there = seen.child(names.index(words)).rect()
    assert there.contains(view.viewport().mapToGlobal(shown.on(FRIDAY, shown.world.outage)))


def test_a_change_elsewhere_is_seen_and_the_chosen_day_stays(shown: Shown) -> None:
    shown.page.month_view.choose(FRIDAY, shown.world.outage)
    shown.world.go(State.PLANNED)
    shown.qtbot.waitUntil(
        lambda: any(
            row.entry is not None and row.entry.state is State.PLANNED for row in _rows(shown.page)
        )
    )
    assert shown.chosen() == (FRIDAY, "File cluster firmware")


def _rows(page: CalendarPage) -> Any:
    model: Any = page.month_view.model()
    return model.rows()


def test_behind_another_page_nothing_is_laid_out_until_it_is_in_front(shown: Shown) -> None:
    def agenda() -> list[str]:
        return [f"{row.key} {row.title}" for row in shown.page.agenda.model_rows.rows()]

    shown.press(Key.Key_A)
    pages = QStackedWidget()
    shown.qtbot.addWidget(pages)
    pages.addWidget(shown.page)
    pages.addWidget(QWidget())
    pages.setCurrentIndex(1)
    pages.show()
    before = agenda()
    wednesday = make_window("2025-01-15 19:00", "2025-01-15 22:00")
    shown.world.store.run(move_window, shown.world.outage, wednesday, seen=1)
    QTest.qWait(SETTLE_MS + 50)
    shown.settle()
    assert agenda() == before
    pages.setCurrentIndex(0)
    shown.page.activate(FRIDAY)
    shown.settle()
    assert agenda() != before
    shown.page.setParent(None)


def test_beside_its_conflicts_a_free_window_is_found_and_the_outage_moves_there(
    shown: Shown,
) -> None:
    shown.page.month_view.choose(FRIDAY, shown.world.outage)
    against = shown.page.against
    shown.qtbot.waitUntil(lambda: not against.isHidden())
    against.free.look.click()

    def offers() -> list[QPushButton]:
        return [b for b in against.free.findChildren(QPushButton) if b.text() == "Move"]

    shown.qtbot.waitUntil(lambda: bool(offers()))
    offers()[1].click()
    shown.qtbot.waitUntil(lambda: bool(shown.undos))
    assert shown.world.row().window != make_window()
