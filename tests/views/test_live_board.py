"""The cards of Live: what is shown at once, and what after it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.models.outages.lifecycle import State
from app.models.runbook import StepKind, StepState
from app.views.live.board import LiveBoard
from app.views.live.now_card import READY
from app.views.live.other_step import OtherSteps
from app.views.theme import Theme
from app.views.widgets.kept_list import KeptLine
from tests.makers import clock_of
from tests.views.flying import Cockpit, cockpit, until
from tests.views.live_scene import flying, look, opened, says


@pytest.fixture
def seat(tmp_path: Path, qtbot: QtBot, theme: Theme) -> Iterator[Cockpit]:
    made = cockpit(tmp_path)
    yield made
    made.store.close()


def test_what_a_report_changes_beside_the_step_is_shown_after_it(
    seat: Cockpit, qtbot: QtBot
) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    qtbot.waitUntil(lambda: seat.ops.idle)
    board = page.findChild(LiveBoard)
    assert board is not None
    rows, now = look(seat, flight), clock_of(seat.store).now()
    board.show_rows(replace(rows, done=rows.done + 1, words="Ten minutes more."), now)
    assert says(page, f"{rows.done + 1} of {rows.steps} done")
    assert not says(page, "Ten minutes more."), "it would hold the frame up"
    until(qtbot, lambda: says(page, "Ten minutes more."))


def test_when_the_flight_moves_on_all_of_it_is_shown_at_once(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    qtbot.waitUntil(lambda: seat.ops.idle)
    board = page.findChild(LiveBoard)
    assert board is not None
    rows, now = look(seat, flight), clock_of(seat.store).now()
    board.show_rows(replace(rows, state=State.VERIFYING, words="It is being checked."), now)
    assert says(page, "It is being checked.")


def test_lines_of_further_steps_are_built_before_any_begins(seat: Cockpit, qtbot: QtBot) -> None:
    flight = flying(seat)
    page = opened(seat, qtbot)
    qtbot.waitUntil(lambda: seat.ops.idle)
    (steps,) = page.findChildren(OtherSteps)
    qtbot.waitUntil(lambda: len(steps.findChildren(KeptLine)) == READY)
    board = page.findChild(LiveBoard)
    assert board is not None
    rows, now = look(seat, flight), clock_of(seat.store).now()
    ready = [step for step in rows.following if step.kind is StepKind.WORK][:2]
    begun = tuple(replace(step, state=StepState.RUNNING, started_at=now) for step in ready)
    board.show_rows(replace(rows, running=begun), now)
    until(qtbot, lambda: len(steps.items) == 1)
    assert len(steps.findChildren(KeptLine)) == READY, "none is built while they report"
