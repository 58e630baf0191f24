"""What the cards of the Settings page share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from PySide6.QtCore import QObject, QSignalBlocker
from PySide6.QtWidgets import QWidget

from app.views.widgets.flow import FlowLayout


@contextmanager
def laid(*parts: QObject) -> Iterator[None]:
    """Set the parts to what is so without their taking it for a choice of the user's."""
    with ExitStack() as quiet:
        for part in parts:
            quiet.enter_context(QSignalBlocker(part))
        yield


def line(*parts: QWidget, gap: int = 10) -> FlowLayout:
    """The parts side by side, and on a further line where there is no room."""
    made = FlowLayout(gap=gap)
    for part in parts:
        made.addWidget(part)
    return made
