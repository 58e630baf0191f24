"""What is told outside the window: each thing once, and only what is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.models.outages.errands import Errand
from app.models.outages.lifecycle import ImpactClass, State
from app.services.outages.today_rows import NeedRow, NextWindow, TodayRows
from app.views.notify_desktop import DesktopNotices, Due, due, told
from app.views.theme import Theme

NOW = datetime(2025, 1, 10, 23, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


def need(key: str, at: datetime, *, late: bool = False) -> NeedRow:
    return NeedRow(key, "1", f"Reminder owed: {key}", "was due", Errand.NOTICE, "Write", at, late)


def window(start: datetime, end: datetime, *, flying: bool = False) -> NextWindow:
    return NextWindow(
        outage_id="1",
        code="OUT-2025-001",
        title="File cluster firmware",
        window="Fri 10 Jan 19:00–22:00 EST",
        zone="America/New_York",
        start=start,
        promised_end=end,
        state=State.IN_PROGRESS if flying else State.GO_NO_GO,
        impact=ImpactClass.ORDINARY,
        services=1,
        flying=flying,
        strip=(),
        here=0,
    )


def rows(*needs: NeedRow, following: NextWindow | None = None) -> TodayRows:
    return TodayRows(NOW, needs=needs, next=following, complete=True)


def test_what_is_due_later_is_not_told() -> None:
    assert not list(due(rows(need("a", NOW + HOUR)), NOW))


def test_a_window_is_told_half_an_hour_before_it_starts() -> None:
    ahead = window(NOW + timedelta(minutes=31), NOW + 3 * HOUR)
    assert not list(due(rows(following=ahead), NOW))
    (told,) = due(rows(following=ahead), NOW + timedelta(minutes=1))
    assert told.title == "File cluster firmware starts in 30 min"


def test_a_promised_end_is_told_a_quarter_of_an_hour_before() -> None:
    flying = window(NOW - HOUR, NOW + timedelta(minutes=15), flying=True)
    (told,) = due(rows(following=flying), NOW)
    assert "should end in 15 min" in told.title
    later = flying._replace(promised_end=NOW + HOUR)
    assert not list(due(rows(following=later), NOW))


def test_what_was_due_when_the_window_opened_is_not_repeated(theme: Theme) -> None:
    desktop = DesktopNotices(None)
    assert desktop.on_today(rows(need("a", NOW - HOUR, late=True)), NOW) == ()


def test_each_thing_is_told_once(theme: Theme) -> None:
    desktop = DesktopNotices(None)
    desktop.on_today(rows(need("a", NOW + HOUR)), NOW)
    later = NOW + 2 * HOUR
    (told,) = desktop.on_today(rows(need("a", NOW + HOUR, late=True)), later)
    assert told.title == "Reminder owed: a"
    assert desktop.on_today(rows(need("a", NOW + HOUR, late=True)), later) == ()


def test_what_a_person_typed_is_no_markup_where_the_desktop_reads_some() -> None:
    typed = Due("a", "R&D", "<b>R&D</b>")
    assert list(told([typed], markup=True)) == [("R&D", "&lt;b&gt;R&amp;D&lt;/b&gt;")]
    assert list(told([typed], markup=False)) == [("R&D", "<b>R&D</b>")]


def test_a_notice_is_told_when_it_is_due_and_once_more_when_it_is_late(theme: Theme) -> None:
    desktop = DesktopNotices(None)
    desktop.on_today(rows(), NOW)
    owed = need("a", NOW + 9 * HOUR)._replace(due=True)
    assert len(desktop.on_today(rows(owed), NOW)) == 1
    assert desktop.on_today(rows(owed), NOW + HOUR) == ()
    assert len(desktop.on_today(rows(owed._replace(late=True)), NOW + 9 * HOUR)) == 1


def test_without_a_tray_there_is_no_icon_and_no_error(theme: Theme) -> None:
    desktop = DesktopNotices(None)
    desktop.switch(True)
    desktop.on_today(rows(), NOW)
    assert desktop.on_today(rows(need("a", NOW - HOUR, late=True)), NOW)
    desktop.close()
