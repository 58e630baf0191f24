"""Today, painted before the database is loaded and complete afterwards."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from app.models.errors import ConsoleError, NotFound
from app.models.outages.lifecycle import State
from app.services.outages.first_rows import first_rows
from app.services.outages.today import today
from app.services.outages.today_rows import TodayRows
from app.views.theme import Look, Theme
from app.views.today.next_card import big_clock
from app.views.today.page import TodayPage
from tests.makers import NOW, clock_of
from tests.services.outages_flights import World, flight, world

__all__ = ["flight", "world"]
_LEFT = Qt.MouseButton.LeftButton


class At:
    """Reads at once, on this thread."""

    def __init__(self, here: World) -> None:
        self._here = here

    def look(
        self,
        query: Callable[..., TodayRows],
        /,
        *,
        then: Callable[[TodayRows], object],
        failed: Callable[[ConsoleError], object],
    ) -> None:
        try:
            found = self._here.store.read(query)
        except ConsoleError as error:
            failed(error)
            return
        then(found)


def page_of(here: World, qtbot: QtBot, rows: TodayRows | None = None) -> TodayPage:
    page = TodayPage(here.store.clock.now, rows)
    qtbot.addWidget(page)
    page.resize(1200, 800)
    page.show()
    return page


def asked(page: TodayPage) -> list[tuple[str, str, str]]:
    got: list[tuple[str, str, str]] = []
    page.goRequested.connect(lambda *what: got.append(what))
    return got


def named(page: TodayPage, name: str) -> QPushButton:
    return next(b for b in page.findChildren(QPushButton) if b.accessibleName() == name)


def test_the_first_rows_show_the_clock_before_the_services_are_there(
    flight: World, qtbot: QtBot, theme: Theme
) -> None:
    flight.go(State.PLANNED)
    theme.choose(Look.DARK, 200)
    page = page_of(flight, qtbot, first_rows(flight.store.path, NOW))
    assert page.next_card.clock.text() == "T−4 d 10 h"
    page.resize(988, 600)  # what the smallest window leaves where everything is large
    assert page.width() == 988 and page.minimumSizeHint().width() <= 988


def test_a_need_leads_to_what_it_is_about(flight: World, qtbot: QtBot, theme: Theme) -> None:
    page = page_of(flight, qtbot)
    page.serve(At(flight), today)
    got = asked(page)
    QTest.mouseClick(named(page, "Make it planned: Still a draft: File cluster firmware"), _LEFT)
    assert got == [("outages", flight.outage, "plan")]
    page.do_first()
    assert got[1] == got[0]
    act = named(page, "Make it planned: Still a draft: File cluster firmware")
    QTest.mousePress(act, _LEFT)
    page.show_rows(TodayRows(NOW, complete=True))
    QTest.mouseRelease(act, _LEFT)
    assert got[2:] == got[:1], "while the button is held the page is not shown anew"


def test_it_looks_again_after_an_act(flight: World, qtbot: QtBot, theme: Theme) -> None:
    page = page_of(flight, qtbot)
    page.serve(At(flight), today)
    flight.go(State.PLANNED)
    with qtbot.waitSignal(page.shown):
        page.on_event(object())
    assert "Still a draft" not in str([b.accessibleName() for b in page.findChildren(QPushButton)])


def test_the_clock_ticks_without_a_look_at_the_store(
    flight: World, qtbot: QtBot, theme: Theme
) -> None:
    flight.go(State.PLANNED)
    page = page_of(flight, qtbot, first_rows(flight.store.path, NOW))
    start = flight.row().start_utc
    page.on_tick(start - timedelta(minutes=42))
    assert page.next_card.clock.text() == "T−00:42"
    page.on_tick(start + timedelta(minutes=7, seconds=1))
    assert page.next_card.clock.text() == "T+00:07"


def test_a_fast_clock_that_passes_over_full_minutes_is_looked_after_as_well(
    world: World, qtbot: QtBot, theme: Theme
) -> None:
    page = page_of(world, qtbot, TodayRows(NOW, complete=True))
    settle = page.findChild(QTimer)
    assert settle is not None
    for ticks in range(1, 5):
        page.on_tick(NOW + timedelta(seconds=17 + 30 * ticks))
    assert not settle.isActive()
    page.on_tick(NOW + timedelta(seconds=17 + 30 * 5))
    assert settle.isActive()


def test_before_the_store_is_read_it_claims_nothing_of_it(
    world: World, qtbot: QtBot, theme: Theme
) -> None:
    page = page_of(world, qtbot, TodayRows(NOW))
    said = [each.text() for each in page.findChildren(QLabel) if each.isVisible()]
    assert "Reading the store…" in said
    assert not [each for each in said if each.startswith("No ")]
    assert not [b for b in page.findChildren(QPushButton) if "sample" in b.text()]


def test_without_an_organisation_it_offers_the_sample(
    world: World, qtbot: QtBot, theme: Theme
) -> None:
    page = page_of(world, qtbot)

    def nothing(_: object) -> TodayRows:
        raise NotFound("There is no organisation yet.")

    page.serve(At(world), nothing)
    got = asked(page)
    QTest.mouseClick(named(page, "Start with the sample"), _LEFT)
    assert got == [("sample", "", "")]


def test_a_refresh_keeps_the_focus_on_the_same_need(
    flight: World, qtbot: QtBot, theme: Theme
) -> None:
    page = page_of(flight, qtbot)
    page.serve(At(flight), today)
    name = "Make it planned: Still a draft: File cluster firmware"
    page.activateWindow()
    named(page, name).setFocus()
    clock_of(flight.store).advance(hours=1)
    rows = flight.store.read(today)
    page.show_rows(rows._replace(needs=tuple(n._replace(sub="new") for n in rows.needs)))
    focused = page.focusWidget()
    assert focused is not None
    assert focused.accessibleName() == name


def test_the_clock_says_days_when_it_is_far() -> None:
    assert big_clock(NOW, NOW + timedelta(hours=47)) == "T−47:00"
    assert big_clock(NOW, NOW + timedelta(days=9, hours=2)) == "T−9 d 2 h"
