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
    """The application's look, dark at 100 % before and after each test."""
    dressed.choose(Look.DARK, 100)
    yield dressed
    dressed.choose(Look.DARK, 100)
