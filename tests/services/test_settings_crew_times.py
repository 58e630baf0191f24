"""The organisation says from when on a moved time is said again."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.models.errors import BadInput, Stale
from app.services.settings.crew_times import change_crew_moved_by, crew_moved_by
from app.services.uow import undo
from tests.makers import make_store


def test_it_is_a_quarter_of_an_hour_until_it_is_changed(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    row = store.read(crew_moved_by)
    assert row.minutes == 15
    inverse = store.run(change_crew_moved_by, 30, seen=row.version)
    assert store.read(crew_moved_by).minutes == 30
    with pytest.raises(Stale):
        store.run(change_crew_moved_by, 20, seen=row.version)
    store.run(undo, inverse)
    assert store.read(crew_moved_by).minutes == 15
    store.close()


def test_a_minute_is_no_move(tmp_path: Path) -> None:
    store = make_store(tmp_path)
    with pytest.raises(BadInput, match="5 to 120"):
        store.run(change_crew_moved_by, 1, seen=store.read(crew_moved_by).version)
    store.close()
