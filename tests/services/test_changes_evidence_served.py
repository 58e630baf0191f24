"""On a store that several consoles share each reaches every file of evidence, whoever added it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from app.cli.running import run
from app.models.changes_evidence import Kept
from app.models.errors import NotFound, StoreTrouble
from app.models.tables.changes import ChangeRecord
from app.models.tables.directory import ConfigurationItem
from app.models.tables.outages import Outage
from app.services.changes_evidence import evidence_file, keep_evidence
from app.services.changes_evidence_copies import BESIDE, FOLDER, files_of
from app.services.changes_evidence_served import PIECE, fetched, keep_there, share
from app.services.database import Store
from app.services.database_check import check, findings
from app.services.database_moving import move_to_file, move_to_server
from app.services.database_place import Place, keep_place
from app.services.database_postgres import served_engine
from app.services.events import EventBus
from app.services.live.rehearsing import rehearse
from app.services.uow import UnitOfWork
from tests.flights import make_flight
from tests.makers import COORDINATOR, NOW, TestClock, make_organisation
from tests.served import MISSING, can_serve
from tests.served import server as own_server

pytestmark = pytest.mark.skipif(not can_serve(), reason=MISSING)
PICTURE = bytes(range(256)) * (2 * PIECE // 256) + b"its end"


class Desks:
    """Two data folders of one store."""

    def __init__(self, folder: Path) -> None:
        self.here, self.there = folder / "here", folder / "there"
        self.url = own_server().make(self.here)
        self.there.mkdir()
        keep_place(self.there, Place(self.url))

    def do(self, statement: str) -> None:
        """As whoever runs the server."""
        engine = served_engine(Place(self.url))
        with engine.begin() as link:
            link.execute(text(statement))
        engine.dispose()


@pytest.fixture
def desks(tmp_path: Path) -> Desks:
    return Desks(tmp_path)


def opened(folder: Path) -> Store:
    store = Store(folder, TestClock(NOW), EventBus(), COORDINATOR)
    store.open()
    return store


@pytest.fixture
def store(desks: Desks) -> Iterator[Store]:
    made = opened(desks.here)
    made.run(make_organisation)
    made.run(make_flight)
    yield made
    made.close()


def name_it(uow: UnitOfWork, kept: Kept) -> None:
    outage, ci = uow.all(Outage)[0], uow.all(ConfigurationItem)[0]
    record = uow.add(
        ChangeRecord(
            organisation_id=uow.organisation_id,
            outage_id=outage.id,
            ci_id=ci.id,
            evidence=kept.line,
            at=uow.now,
        )
    )
    uow.log("recorded", record)


def test_what_one_console_adds_another_opens(desks: Desks) -> None:
    kept = keep_evidence(desks.here, "shot.png", PICTURE)
    found = evidence_file(desks.there, kept)
    assert found.is_relative_to(desks.there)
    assert found.read_bytes() == PICTURE


def test_it_survives_the_laptop_where_it_was_added(desks: Desks) -> None:
    kept = keep_evidence(desks.here, "shot.png", b"proof")
    shutil.rmtree(desks.here)
    assert evidence_file(desks.there, kept).read_bytes() == b"proof"


def test_what_was_changed_here_comes_back_from_the_database(desks: Desks) -> None:
    kept = keep_evidence(desks.here, "version.txt", b"5.0.3")
    (desks.here / FOLDER / kept.file_name).write_bytes(b"5.0.4")
    assert evidence_file(desks.here, kept).read_bytes() == b"5.0.3"


def test_what_was_changed_in_the_database_proves_nothing(desks: Desks) -> None:
    kept = keep_evidence(desks.here, "version.txt", b"5.0.3")
    desks.do("UPDATE evidence_piece SET content = 'forged'")
    with pytest.raises(StoreTrouble, match="changed in the database"):
        evidence_file(desks.there, kept)
    keep_there(desks.here, kept, b"5.0.3")
    assert fetched(desks.there, kept) == b"5.0.3"


def test_what_is_nowhere_says_which_console_to_open(desks: Desks) -> None:
    with pytest.raises(NotFound, match="neither on this laptop nor in the database"):
        evidence_file(desks.there, Kept("shot.png", "0" * 32))


def test_a_name_that_leads_out_of_the_folder_is_not_followed(desks: Desks) -> None:
    kept = keep_evidence(desks.here, "a.txt", b"x")
    stray = Kept("../../a.txt", kept.digest)
    desks.do(f"UPDATE evidence_piece SET file = '{stray.file_name}'")
    assert fetched(desks.there, stray) is None


def test_nothing_is_added_while_the_server_cannot_be_asked(desks: Desks, tmp_path: Path) -> None:
    away = tmp_path / "away"
    away.mkdir()
    keep_place(away, Place(f"postgresql+psycopg://flight@/store?host={tmp_path}"))
    with pytest.raises(StoreTrouble, match="does not answer"):
        keep_evidence(away, "shot.png", b"proof")
    with pytest.raises(StoreTrouble, match="not on this laptop yet"):
        evidence_file(away, Kept("other.png", "0" * 32))


def test_files_from_before_are_brought_in_once(desks: Desks, tmp_path: Path) -> None:
    kept = keep_evidence(tmp_path, "old.txt", b"from before")  # as a folder alone has it
    shutil.copytree(tmp_path / FOLDER, desks.here / FOLDER)
    assert (share(desks.here).added, share(desks.here).added) == (1, 0)
    assert evidence_file(desks.there, kept).read_bytes() == b"from before"


def test_a_console_that_opens_brings_in_what_it_has(
    store: Store, desks: Desks, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = keep_evidence(desks.there.parent, "old.txt", b"from before")
    shutil.copytree(desks.there.parent / FOLDER, desks.there / FOLDER)
    assert run(["--data", str(desks.there), "outages"]) == 0, capsys.readouterr().err
    assert fetched(desks.here, kept) == b"from before"


def test_the_check_counts_the_files_and_names_what_is_wrong(store: Store, desks: Desks) -> None:
    kept = keep_evidence(desks.here, "shot.png", PICTURE)
    store.run(name_it, kept)
    assert check(store).is_whole
    assert "each as it was added (1 file, 1.0 MB)" in "\n".join(check(store).lines)
    desks.do("UPDATE evidence_piece SET content = 'forged' WHERE number = 1")
    assert check(store).evidence.changed == (kept,)  # type: ignore[union-attr]
    desks.do("DELETE FROM evidence_piece")
    found = check(store)
    assert not found.is_whole
    assert found.evidence is not None
    assert found.evidence.lost == (kept,)
    assert any("shot.png is not in the database" in each.sentence for each in store.read(findings))


def test_a_rehearsal_opens_what_the_shared_store_has(store: Store, desks: Desks) -> None:
    kept = keep_evidence(desks.there, "before.txt", b"old version")
    made = rehearse(store, store.read(lambda uow: uow.all(Outage)[0].id), 1.0)
    assert evidence_file(made.folder, kept).read_bytes() == b"old version"


def test_a_backup_has_the_evidence_of_every_console(
    store: Store, desks: Desks, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = keep_evidence(desks.there, "theirs.txt", b"theirs")
    assert run(["--data", str(desks.here), "backup", str(tmp_path / "copy.sqlite")]) == 0
    assert "1 file of evidence" in capsys.readouterr().out
    assert (tmp_path / BESIDE / kept.file_name).read_bytes() == b"theirs"


def test_a_move_carries_the_evidence_there_and_back(tmp_path: Path) -> None:
    folder, url = tmp_path / "data", own_server().make(empty=True)
    store = opened(folder)
    store.run(make_organisation)
    store.run(make_flight)
    mine = keep_evidence(folder, "mine.png", PICTURE)
    store.run(name_it, Kept("gone.png", "0" * 32))
    store.close()
    there = move_to_server(folder, Place(url), NOW)
    assert "1 file of evidence went along. But 1 file of evidence was not copied" in there.sentence
    shutil.rmtree(folder / FOLDER)
    other = tmp_path / "other"
    other.mkdir()
    keep_place(other, Place(url))
    theirs = keep_evidence(other, "theirs.txt", b"theirs")
    back = move_to_file(folder, NOW)
    assert back.evidence.added == 2
    assert set(files_of(folder / FOLDER)) == {mine.file_name, theirs.file_name}
    assert evidence_file(folder, mine).read_bytes() == PICTURE


def test_the_check_from_a_terminal_has_the_evidence(
    store: Store, desks: Desks, capsys: pytest.CaptureFixture[str]
) -> None:
    keep_evidence(desks.here, "a.txt", b"four")
    assert run(["--data", str(desks.there), "database", "check", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["evidence"]
    assert found == {"files": 1, "bytes": 4, "missing": [], "changed": []}
