from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.wiring import collecting as module
from app.wiring.collecting import Collecting

YOUNG = 2_000
WAIT_MS = 10_000
"""The longest; it ends with the look, which a busy machine may put off."""


class Knot:
    """Garbage that only the collector finds."""

    def __init__(self) -> None:
        self.me = self


@pytest.fixture
def collecting(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Collecting]:
    monkeypatch.setattr(module, "EVERY_MS", 5)
    monkeypatch.setattr(module, "RESTING_MS", 5)
    monkeypatch.setattr(module, "WHOLE_S", 0.0)
    made = Collecting(qapp)
    yield made
    made.stop()
    made.deleteLater()


def litter() -> tuple[weakref.ref[Knot], list[list[int]]]:
    """A knot nobody holds, and enough young objects that a look is due."""
    return weakref.ref(Knot()), [[n] for n in range(YOUNG)]


def test_garbage_is_collected_at_the_next_look(collecting: Collecting, qtbot: QtBot) -> None:
    knot, _young = litter()
    qtbot.waitUntil(lambda: knot() is None, timeout=WAIT_MS)


def test_while_a_use_case_is_under_way_only_the_youngest_are_looked_through(
    collecting: Collecting, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "WORTH", YOUNG // 2)
    collecting.wait_while(lambda: True)
    held = Knot()
    gc.collect(0)  # it is no longer young
    old = weakref.ref(held)
    del held
    knot, _young = litter()
    qtbot.waitUntil(lambda: knot() is None, timeout=WAIT_MS)
    assert old() is not None


def test_long_work_does_not_keep_its_garbage_for_ever(
    collecting: Collecting, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LONGEST_WAIT_S", 0.0)
    collecting.wait_while(lambda: True)
    knot, _young = litter()
    qtbot.waitUntil(lambda: knot() is None, timeout=WAIT_MS)


def test_a_closed_window_can_be_collected_again(collecting: Collecting) -> None:
    knot, _young = litter()
    collecting.settle()
    assert gc.get_freeze_count() > 0
    collecting.release()
    assert gc.get_freeze_count() == 0
    gc.collect()
    assert knot() is None
