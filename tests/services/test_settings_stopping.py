"""Long jobs tell how far they are, and stop when asked, leaving everything as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlmodel import select

from app.models.directory.lines import LineKind
from app.models.tables.calendar import CalendarLayer
from app.models.tables.directory import Organisation, Person
from app.services.calendar.child import read_here
from app.services.calendar.importing import LayerRule, put_calendar
from app.services.calendar.occurrences import Horizon
from app.services.database import Store
from app.services.directory.csv_reading import preview_file
from app.services.directory.importing import import_lines
from app.services.sample.loading import load_sample
from app.services.settings.backups import backups, make_backup
from app.services.settings.doctor import examine
from app.services.working import Stopped, Work
from tests.makers import NOW, ZONE, make_person, make_store

CALENDARS = Path(__file__).parents[1] / "data" / "calendars"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_store(tmp_path / "data", organisation=False)
    yield made
    made.close()


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Store]:
    made = make_store(tmp_path / "mine")
    made.run(make_person)
    yield made
    made.close()


class Watched:
    """Keeps how far the job was, and stops it at its n-th word."""

    def __init__(self, stop_at: int = 1) -> None:
        self.far: list[tuple[int, int]] = []
        self._stop_at = stop_at
        self.work = Work(self._told)

    def _told(self, done: int, total: int) -> None:
        self.far.append((done, total))
        if len(self.far) == self._stop_at:
            self.work.stop.set()


def test_a_sample_that_is_stopped_was_never_there(store: Store) -> None:
    watched = Watched(stop_at=5)
    with pytest.raises(Stopped):
        load_sample(store, watched.work)
    done, total = watched.far[-1]
    assert (done, len(watched.far)) == (4, 5)
    assert total > 100
    assert store.read(lambda uow: list(uow.session.exec(select(Organisation)))) == []


def test_an_import_of_lines_that_is_stopped_leaves_none(mine: Store, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    lines = [f"Person {n},p{n}@hospital.example" for n in range(9)]
    path.write_text("\n".join(["name,email", *lines]), encoding="utf-8")
    watched = Watched()
    with pytest.raises(Stopped):
        mine.run(import_lines, preview_file(path, LineKind.PEOPLE), work=watched.work)
    assert watched.far
    assert len(mine.read(lambda uow: uow.all(Person))) == 1


def test_a_calendar_stopped_while_it_is_written_leaves_no_layer(mine: Store) -> None:
    horizon = Horizon.around(NOW, ZONE)
    path = CALENDARS / "recur_instances.ics"
    read = read_here(path, zone=ZONE, since=horizon.since, until=horizon.until)
    with pytest.raises(Stopped):
        mine.run(put_calendar, read, "Events", LayerRule(), horizon, work=Watched().work)
    assert mine.read(lambda uow: uow.all(CalendarLayer)) == []


def test_a_backup_that_is_stopped_leaves_no_file(mine: Store) -> None:
    watched = Watched()
    with pytest.raises(Stopped):
        make_backup(mine.path, NOW, watched.work)
    assert watched.far
    assert backups(mine.folder) == []
    assert list((mine.folder / "backups").iterdir()) == []


def test_the_look_over_the_store_stops_between_two_looks(mine: Store) -> None:
    watched = Watched(stop_at=2)
    with pytest.raises(Stopped):
        examine(mine.folder, work=watched.work)
    assert [done for done, _ in watched.far] == [0, 1]


def test_a_job_that_is_let_run_tells_how_far_it_is(mine: Store) -> None:
    watched = Watched(stop_at=0)
    examine(mine.folder, work=watched.work)
    assert [done for done, _ in watched.far] == list(range(watched.far[0][1]))
