"""What the views' tests share: the application dressed in a look, and made rows."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from app.views.theme import Look, Theme


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> Theme:
    return Theme(qapp, Look.DARK)


@pytest.fixture
def theme(dressed: Theme) -> Iterator[Theme]:
    """The application's look: dark at 100 %, and so again after a test that changed it."""
    yield dressed
    if (dressed.look, dressed.percent) != (Look.DARK, 100):
        dressed.choose(Look.DARK, 100)
