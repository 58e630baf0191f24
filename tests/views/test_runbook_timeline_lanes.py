"""The Timeline tab by person: a lane each, what they do one after another, by keys."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.models.ids import StepId
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct, StepState
from app.services.runbook.timeline import Bar
from app.views.widgets.timeline_lanes import lanes_of
from tests.flights import START, do, done_before, make_flight, set_state
from tests.makers import clock_of
from tests.views.flying import Cockpit, until
from tests.views.test_runbook_timeline_page import opened, save_picture
from tests.views.test_runbook_timeline_page import seat as seat


def bar(code: str, who: str, start: int, minutes: int) -> Bar:
    first = START + timedelta(minutes=start)
    last = first + timedelta(minutes=minutes)
    todo, expected = StepState.TODO, (first, last)
    return Bar(StepId(code), f"{code} work", todo, False, None, None, None, None, *expected, who)


def test_what_one_person_does_one_after_another_stands_on_one_line() -> None:
    lane = lanes_of([bar("9", "Ito", 30, 10), bar("7", "Ito", 0, 10), bar("8", "Ito", 10, 20)])[0]
    assert [each.label[0] for each in lane.bars] == ["7", "8", "9"]
    assert lane.lines == (0, 0, 0)


def test_steps_that_run_at_once_take_a_line_each_and_the_next_the_first_free_one() -> None:
    lane = lanes_of([bar("1", "Ito", 0, 30), bar("2", "Ito", 10, 10), bar("3", "Ito", 25, 10)])[0]
    assert lane.lines == (0, 1, 1)


def test_a_lane_says_what_is_done_and_when_its_person_is_free() -> None:
    lane = lanes_of([bar("1", "Ito", 0, 30)])[0]
    assert lane.facts("America/New_York") == "0 of 1 done · free 19:30"


def flown(seat: Cockpit) -> str:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    done_before(seat.store, flight)
    clock_of(seat.store).set(START)
    seat.store.run(set_state, flight, State.IN_PROGRESS)
    do(seat.store, flight, "7", StepAct.START)
    return flight


def test_p_turns_to_lanes_and_back_with_the_same_step_chosen(seat: Cockpit, qtbot: QtBot) -> None:
    page = opened(seat, qtbot, flown(seat))
    page.activateWindow()
    chosen = page.timeline.current()
    QTest.keyClick(page.timeline.view, Qt.Key.Key_P)
    until(qtbot, lambda: page.timeline.lanes.isVisible())
    assert page.timeline.current() == chosen and page.chosen.isVisible()
    QTest.keyClick(page.timeline.lanes, Qt.Key.Key_P)
    until(qtbot, lambda: page.timeline.view.isVisible())
    assert page.timeline.current() == chosen


def test_arrows_go_along_a_lane_and_to_the_next_persons_at_that_time(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = flown(seat)
    page = opened(seat, qtbot, flight)
    page.by_person.click()
    lanes = page.timeline.lanes
    lanes.setFocus()
    seven = next(r.bar for r in page.timeline.model.rows() if r.bar.label.startswith("7 "))
    page.timeline.choose(seven.step_id)

    def current() -> tuple[str, str]:
        found = page.timeline.current()
        assert found is not None
        return found.label.split()[0], found.owner

    QTest.keyClick(lanes, Qt.Key.Key_Right)
    assert current() == ("8", "K. Ito")
    QTest.keyClick(lanes, Qt.Key.Key_Left)
    assert current() == ("7", "K. Ito")
    QTest.keyClick(lanes, Qt.Key.Key_Down)
    assert current()[1] == "R. Ramos"
    with qtbot.waitSignal(page.timeline.opened):
        QTest.keyClick(lanes, Qt.Key.Key_Return)


def test_a_lane_is_clicked_where_its_bar_is_drawn(seat: Cockpit, qtbot: QtBot) -> None:
    page = opened(seat, qtbot, flown(seat))
    page.by_person.click()
    lanes = page.timeline.lanes
    qtbot.wait(20)
    rows = page.timeline.model.rows()
    eleven = next(r.bar for r in rows if r.bar.label.startswith("11 "))
    box = lanes.visualRect(page.timeline.model.index_of(eleven.step_id))
    QTest.mouseClick(
        lanes.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, box.center()
    )
    assert page.timeline.current() == eleven


def test_what_is_chosen_out_of_sight_comes_into_sight(seat: Cockpit, qtbot: QtBot) -> None:
    page = opened(seat, qtbot, flown(seat))
    page.by_person.click()
    page.timeline.zoom_by(6)
    last = max(page.timeline.model.rows(), key=lambda r: r.bar.expected_start or START).bar
    page.timeline.choose(last.step_id)
    axis = page.timeline.axis()
    assert axis is not None and last.expected_start is not None
    assert axis.shows(last.expected_start)


def test_a_screen_reader_hears_the_steps_of_the_lanes(seat: Cockpit, qtbot: QtBot) -> None:
    page = opened(seat, qtbot, flown(seat))
    page.by_person.click()
    heard = QAccessible.queryAccessibleInterface(page.timeline.lanes)
    assert heard is not None and heard.childCount() == page.timeline.model.rowCount()


def test_the_lanes_are_saved_as_they_are_shown(seat: Cockpit, qtbot: QtBot, tmp_path: Path) -> None:
    page = opened(seat, qtbot, flown(seat))
    page.by_person.click()
    save_picture(seat, page, qtbot, tmp_path / "lanes.svg")
    save_picture(seat, page, qtbot, tmp_path / "lanes.png")
    drawn = (tmp_path / "lanes.svg").read_text(encoding="utf-8")
    assert all(f">{name}<" in drawn for name in ("K. Ito", "A. Lindqvist", "R. Ramos"))
    lanes = lanes_of([row.bar for row in page.timeline.model.rows()])
    assert QImage(str(tmp_path / "lanes.png")).height() > 2 * sum(lane.height for lane in lanes)
