"""What the views' tests share: the application dressed in a look, and made rows."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from app.views.theme import Look, Theme


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> Theme:
    return Theme(qapp, Look.DARK)


@pytest.fixture(autouse=True, scope="session")
def nothing_copied_outlives_python() -> Iterator[None]:
    """Without a display the clipboard is destroyed after the interpreter, which what was copied
    from Python does not survive."""
    yield
    if QApplication.instance() is not None:
        QApplication.clipboard().clear()


@pytest.fixture
def theme(dressed: Theme) -> Iterator[Theme]:
    """The application's look: dark at 100 %, and so again after a test that changed it."""
    yield dressed
    if (dressed.look, dressed.percent) != (Look.DARK, 100):
        dressed.choose(Look.DARK, 100)


@pytest.fixture(autouse=True)
def widgets_die_on_the_gui_thread() -> Iterator[None]:
    """A database thread that happens to collect garbage would destroy the widgets of the test
    before, which crashes or hangs Qt: so they are collected here, where they were made. With the
    collector off, all that a test makes is of the young generations."""
    gc.disable()
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect(1)
    gc.enable()
    left = QApplication.activeModalWidget() if QApplication.instance() is not None else None
    assert left is None, f"{left} is still open, and would take the next test's keys"
