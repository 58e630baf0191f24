"""The store most tests of a flight begin with; a file that needs another defines its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.services.database import Store
from tests.flights import flight_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Open and empty; its clock stands days before the window of `make_flight`."""
    made = flight_store(tmp_path)
    yield made
    made.close()
