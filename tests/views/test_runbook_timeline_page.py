from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QAccessible, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.models.outages.lifecycle import State
from app.models.runbook import StepAct
from app.views.runbook.timeline_page import TimelinePage
from app.views.theme import Theme
from app.views.widgets.timeline_axis import Axis
from app.views.widgets.timeline_paint import clear_of
from app.views.widgets.timeline_picture import WIDTH
from tests.flights import BEFORE, END, START, do, make_flight, set_state
from tests.makers import clock_of
from tests.views.flying import Cockpit, cockpit, until


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[Cockpit]:
    made = cockpit(tmp_path)
    yield made
    made.store.close()


def opened(seat: Cockpit, qtbot: QtBot, flight: str) -> TimelinePage:
    page = TimelinePage(
        seat.ops, seat.beside, seat.acts, seat.store.clock.now, seat.undos.append, seat.told
    )
    qtbot.addWidget(page)
    seat.bridge.happened.connect(page.on_event)
    page.resize(1100, 640)
    page.show()
    page.show_outage(flight)
    until(qtbot, lambda: page.timeline.current() is not None)
    page.timeline.view.setFocus()
    return page


def save_picture(seat: Cockpit, page: TimelinePage, qtbot: QtBot, path: Path) -> None:
    page.write_picture(path)
    until(qtbot, lambda: seat.beside.idle)


def axis(page: TimelinePage) -> Axis:
    found = page.timeline.axis()
    assert found is not None
    return found


def test_arrows_choose_a_step_and_enter_opens_it(seat: Cockpit, qtbot: QtBot) -> None:
    page = opened(seat, qtbot, seat.store.run(make_flight, State.GO_NO_GO))
    QTest.keyClick(page.timeline.view, Qt.Key.Key_Down)
    current = page.timeline.current()
    assert current is not None and current.label.startswith("2 ")
    with qtbot.waitSignal(page.timeline.opened) as said:
        QTest.keyClick(page.timeline.view, Qt.Key.Key_Return)
    assert said.args == [current.step_id]


def test_keys_zoom_in_out_and_fit(seat: Cockpit, qtbot: QtBot) -> None:
    page = opened(seat, qtbot, seat.store.run(make_flight, State.GO_NO_GO))
    fitted = axis(page).content
    QTest.keyClick(page.timeline.view, Qt.Key.Key_Plus)
    QTest.keyClick(page.timeline.view, Qt.Key.Key_Plus)
    assert axis(page).content > 1.5 * fitted
    QTest.keyClick(page.timeline.view, Qt.Key.Key_0)
    assert axis(page).content == fitted


def test_the_wheel_zooms_around_the_moment_under_it(seat: Cockpit, qtbot: QtBot) -> None:
    page = opened(seat, qtbot, seat.store.run(make_flight, State.GO_NO_GO))
    port = page.timeline.view.viewport()
    x = port.width() * 0.7
    before = axis(page).moment(x)
    turned = QWheelEvent(
        QPointF(x, 40), port.mapToGlobal(QPointF(x, 40)), QPoint(), QPoint(0, 120),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.ControlModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(port, turned)
    assert page.timeline.zoom > 1
    assert abs(axis(page).moment(x) - before) < timedelta(minutes=1)


def test_by_person_the_steps_of_each_stand_together(seat: Cockpit, qtbot: QtBot) -> None:
    page = opened(seat, qtbot, seat.store.run(make_flight, State.GO_NO_GO))
    page.by_person.click()
    rows = page.timeline.model.rows()
    groups = [row.group for row in rows if row.group]
    assert "K. Ito" in groups and len(groups) == len(set(groups))
    owners = [row.bar.owner for row in rows]
    assert owners == sorted(owners, key=groups.index)


def test_a_refresh_keeps_what_was_chosen_and_how_far_in(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    page = opened(seat, qtbot, flight)
    QTest.keyClick(page.timeline.view, Qt.Key.Key_Down)
    QTest.keyClick(page.timeline.view, Qt.Key.Key_Plus)
    zoom, current = page.timeline.zoom, page.timeline.current()
    assert current is not None
    do(seat.store, flight, "1", StepAct.FINISH)
    until(qtbot, lambda: any(r.bar.started_at for r in page.timeline.model.rows()))
    still = page.timeline.current()
    assert still is not None and still.step_id == current.step_id
    assert page.timeline.zoom == zoom


def test_the_lines_lie_in_order_and_inside_the_room(seat: Cockpit, qtbot: QtBot) -> None:
    flight = seat.store.run(make_flight, State.GO_NO_GO)
    clock_of(seat.store).set(START + timedelta(minutes=10))
    seat.store.run(set_state, flight, State.IN_PROGRESS)
    page = opened(seat, qtbot, flight)
    here = axis(page)
    assert here.left <= here.x(BEFORE) < here.x(START) < here.x(END) <= here.left + here.width


def test_a_screen_reader_hears_each_step_as_a_sentence(seat: Cockpit, qtbot: QtBot) -> None:
    page = opened(seat, qtbot, seat.store.run(make_flight, State.GO_NO_GO))
    heard = QAccessible.queryAccessibleInterface(page.timeline.view)
    assert heard is not None and heard.childCount() == page.timeline.model.rowCount()
    sentence = page.timeline.model.spoken(page.timeline.model.row(6))
    assert sentence.startswith("7 Drain clients from node B, K. Ito, ")


def test_the_whole_flight_is_saved_as_a_picture_in_either_form(
    seat: Cockpit, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened(seat, qtbot, seat.store.run(make_flight, State.GO_NO_GO))
    save_picture(seat, page, qtbot, tmp_path / "flight.png")
    save_picture(seat, page, qtbot, tmp_path / "flight.svg")
    rows = page.timeline.model.rows()
    image = QImage(str(tmp_path / "flight.png"))
    assert image.width() == 2 * WIDTH and image.height() > 2 * 26 * len(rows)
    drawn = (tmp_path / "flight.svg").read_text(encoding="utf-8")
    assert all(f">{row.bar.label[:8]}" in drawn for row in rows)
    assert page.timeline.model.rows() == rows and len(seat.told.infos) == 2


def test_a_picture_that_cannot_be_written_is_said(
    seat: Cockpit, qtbot: QtBot, tmp_path: Path
) -> None:
    page = opened(seat, qtbot, seat.store.run(make_flight, State.GO_NO_GO))
    for name in ("flight.png", "flight.svg"):
        save_picture(seat, page, qtbot, tmp_path / "nowhere" / name)
    assert len(seat.told.errors) == 2 and "nowhere" in seat.told.errors[0]


def test_when_something_was_done_long_before_is_not_written_over_what_was_planned() -> None:
    assert clear_of(QRectF(), 100, 80) == 100
    assert clear_of(QRectF(400, 0, 30, 10), 100, 80) == 100, "it stands far enough away"
    assert clear_of(QRectF(120, 0, 30, 10), 100, 80) > 150
