"""Evidence in a rehearsal: what is added there stays there, what the real flight has is at hand."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.errors import NotAllowed
from app.models.outages.lifecycle import State
from app.services.changes_evidence import evidence_file, keep_evidence
from app.services.changes_evidence_copies import FOLDER, files_of
from app.services.database import Store
from app.services.live.rehearsing import Rehearsal, drop, rehearse
from app.services.settings.second_folder import choose_second_folder
from tests.flights import START, flight_store, make_flight
from tests.makers import NOW


@pytest.fixture
def real(tmp_path: Path) -> Iterator[Store]:
    store = flight_store(tmp_path, START - timedelta(days=30))
    yield store
    store.close()


def rehearsed(real: Store) -> Rehearsal:
    return rehearse(real, real.run(make_flight, State.ANNOUNCED), 30, wall=lambda: NOW)


def test_evidence_added_in_a_rehearsal_stays_in_the_copy_and_goes_with_it(real: Store) -> None:
    made = rehearsed(real)
    kept = keep_evidence(made.folder, "shot.txt", b"practised")
    assert evidence_file(made.folder, kept).is_relative_to(made.folder)
    assert files_of(real.folder / FOLDER) == {}
    drop(made)
    assert not made.folder.exists()


def test_evidence_of_the_real_flight_opens_in_its_rehearsal(real: Store) -> None:
    kept = keep_evidence(real.folder, "before.txt", b"old version")
    made = rehearsed(real)
    found = evidence_file(made.folder, kept)
    assert found.read_bytes() == b"old version"
    assert found.is_relative_to(made.folder), "the real one is only read"


def test_a_rehearsal_keeps_no_second_folder(real: Store, tmp_path: Path) -> None:
    """Taken over elsewhere it would pass for the real store, and what waits in it would leave."""
    made, stick = rehearsed(real), tmp_path / "stick"
    stick.mkdir()
    with pytest.raises(NotAllowed, match="rehearsal"):
        choose_second_folder(made.folder, stick)
    assert list(stick.iterdir()) == []
