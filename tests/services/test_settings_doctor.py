"""The doctor finds what was changed outside the console, and what would lose data."""

from __future__ import annotations

import json
import random
import sqlite3
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.models.log import canonical, hash_of
from app.models.tables.directory import RotaTurn
from app.services.folder import FILE_NAME
from app.services.log import chain_head
from app.services.settings.backups import make_backup
from app.services.settings.doctor import Head, examine
from app.services.uow import UnitOfWork
from tests.makers import (
    NOW,
    TestClock,
    make_ci,
    make_outage,
    make_person,
    make_service,
    make_step,
    make_store,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of a closed store with five log entries and a backup."""
    store = make_store(tmp_path)
    for number in range(4):
        store.run(make_person, f"Person {number}")
    make_backup(store.path, NOW)
    store.close()
    return tmp_path


def tamper(folder: Path, statement: str, *values: object) -> None:
    with sqlite3.connect(folder / FILE_NAME) as link:
        link.execute(statement, values)
    link.close()


def troubles(folder: Path, head: Head | None = None) -> str:
    return " ".join(f.sentence for f in examine(folder, TestClock(), head) if not f.ok)


def test_a_store_in_order_has_nothing_against_it(folder: Path) -> None:
    assert troubles(folder) == ""
    assert len(examine(folder, TestClock())) == 10


def test_looking_changes_nothing(folder: Path) -> None:
    before = (folder / FILE_NAME).read_bytes()
    examine(folder, TestClock())
    assert (folder / FILE_NAME).read_bytes() == before


def test_a_store_in_use_is_looked_over_too(folder: Path) -> None:
    store = make_store(folder)
    store.run(make_person, "Just now")
    assert troubles(folder) == ""
    store.close()


def test_an_entry_changed_behind_the_console_is_named(folder: Path) -> None:
    tamper(folder, "UPDATE log_entry SET text = replace(text, 'Person 1', 'X') WHERE number = 3")
    assert "broken at entry 3" in troubles(folder)


def test_a_column_of_an_entry_that_disagrees_with_its_text_is_named(folder: Path) -> None:
    tamper(folder, "UPDATE log_entry SET what = 'nothing happened' WHERE number = 2")
    assert "Entry 2 of the log shows something else" in troubles(folder)


def test_a_time_of_an_entry_that_disagrees_is_named(folder: Path) -> None:
    tamper(folder, "UPDATE log_entry SET at = '2024-01-01 00:00:00.000000' WHERE number = 2")
    assert "Entry 2" in troubles(folder)


def test_entries_cut_off_at_the_end_are_missed(folder: Path) -> None:
    tamper(folder, "DELETE FROM log_entry WHERE number > 3")
    assert "broken at entry 4" in troubles(folder)


def test_a_log_made_anew_is_found_by_a_printed_head(folder: Path) -> None:
    store = make_store(folder)
    number, printed = store.read(chain_head)
    store.close()
    assert troubles(folder, Head(number, printed[:12])) == ""
    with sqlite3.connect(folder / FILE_NAME) as link:
        previous = ""
        rows = link.execute("SELECT number, text FROM log_entry ORDER BY number").fetchall()
        for each, text in rows:
            entry = json.loads(text)
            entry["who"] = "Somebody else"
            text = canonical(entry)
            digest = hash_of(previous, text)
            link.execute(
                "UPDATE log_entry SET text = ?, who = ?, previous_hash = ?, hash = ?"
                " WHERE number = ?",
                (text, "Somebody else", previous, digest, each),
            )
            previous = digest
        link.execute("UPDATE chain_head SET hash = ?", (previous,))
    link.close()
    assert troubles(folder) == ""
    assert "not the one that was printed" in troubles(folder, Head(number, printed[:12]))


def test_a_head_with_no_hash_proves_nothing(folder: Path) -> None:
    assert "not the one" in troubles(folder, Head(2, ""))


def test_a_row_changed_behind_the_console_is_named(folder: Path) -> None:
    tamper(folder, "UPDATE person SET phone = '555 0100' WHERE name = 'Person 2'")
    assert "(phone)" in troubles(folder)


def test_a_row_taken_away_behind_the_console_is_named(folder: Path) -> None:
    tamper(folder, "DELETE FROM person WHERE name = 'Person 2'")
    assert "(gone)" in troubles(folder)


def test_every_kind_of_column_is_compared_as_it_was_logged(folder: Path) -> None:
    """Moments, dates, JSON, tokens and truth values, as they come back from the store."""
    store = make_store(folder)
    service = store.run(make_service, "File cluster", store.run(make_ci))
    flight = store.run(make_outage, services=(service,), waivers=[{"step": "1", "why": "é"}])
    store.run(make_step, flight, no_return=True, started_at=NOW)

    def on_call(uow: UnitOfWork) -> None:
        sato = make_person(uow, "J. Sato")
        uow.session.flush()
        uow.add(
            RotaTurn(
                organisation_id=uow.organisation_id,
                person_id=sato.id,
                starts=date(2025, 1, 6),
                ends=date(2025, 1, 12),
            )
        )

    store.run(on_call)
    assert troubles(folder) == ""
    store.close()


def test_rows_that_belong_to_nothing_are_found(folder: Path) -> None:
    tamper(folder, "UPDATE person SET department_id = 'nowhere'")
    assert "belong to rows that are not there (in person)" in troubles(folder)


def test_damage_is_told_and_the_rest_still_looked_at(folder: Path) -> None:
    with (folder / FILE_NAME).open("rb+") as file:
        file.seek(8_192)
        file.write(random.Random(5).randbytes(60_000))
    assert "damaged" in troubles(folder)
    assert any("room on the disk" in f.sentence for f in examine(folder, TestClock()))


def test_what_is_no_database_is_told(folder: Path) -> None:
    (folder / FILE_NAME).write_text("hello" * 1_000, encoding="utf-8")
    assert "damaged" in troubles(folder)


def test_an_empty_folder_is_told(tmp_path: Path) -> None:
    assert "no store" in troubles(tmp_path)


def test_an_old_backup_is_told(folder: Path) -> None:
    findings = examine(folder, TestClock(NOW + timedelta(days=5)))
    assert "that is old" in " ".join(f.sentence for f in findings if not f.ok)


def test_a_store_that_others_can_read_is_told(folder: Path) -> None:
    (folder / FILE_NAME).chmod(0o644)
    assert "Others on this machine" in troubles(folder)


def test_a_store_of_a_newer_console_is_told(folder: Path) -> None:
    tamper(folder, "UPDATE alembic_version SET version_num = '0999'")
    assert "newer console" in troubles(folder)


def test_a_first_start_that_was_broken_off_is_no_damage(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE_NAME) as link:
        link.execute("PRAGMA journal_mode=WAL")
    link.close()
    [finding] = examine(tmp_path)
    assert finding.ok
    assert "broken off" in finding.sentence
