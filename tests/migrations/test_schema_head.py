"""The migrations make exactly the tables, here and on PostgreSQL; a damaged store is left alone."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import ForeignKeyConstraint, Index, create_engine
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlmodel import SQLModel

import app.models.tables  # noqa: F401  (registers every table)
from app.models.tables.base import Record
from app.services.schema import HEAD, KNOWN, MIGRATIONS, schema_of, upgrade
from app.services.settings.backups import backups
from tests.makers import TestClock, make_person, make_store


def config_for(path: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["path"] = path
    return config


def test_the_head_is_alembic_s_and_every_revision_is_known() -> None:
    scripts = ScriptDirectory.from_config(config_for(Path("unused")))
    assert scripts.get_current_head() == HEAD
    assert {script.revision for script in scripts.walk_revisions()} == set(KNOWN)


def test_an_upgrade_from_nothing_makes_exactly_the_tables(tmp_path: Path) -> None:
    path = tmp_path / "empty.sqlite"
    upgrade(path)
    engine = create_engine(f"sqlite:///{path}")
    with engine.connect() as link:
        context = MigrationContext.configure(
            link, opts={"compare_type": True, "compare_server_default": True}
        )
        differences = compare_metadata(context, SQLModel.metadata)
    engine.dispose()
    assert differences == [], "run the generator, or write a revision"


def test_a_downgrade_takes_every_table_away_again(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    upgrade(path)
    command.downgrade(config_for(path), "base")
    with sqlite3.connect(path) as link:
        left = {row[0] for row in link.execute("SELECT name FROM sqlite_master")}
    link.close()
    assert {name for name in left if not name.startswith("sqlite_")} <= {
        "alembic_version",
        "ix_alembic_version",
    }


def test_an_upgrade_of_what_is_at_the_head_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    upgrade(path)
    with sqlite3.connect(path) as link:
        before = list(link.execute("SELECT sql FROM sqlite_master ORDER BY name"))
    link.close()
    upgrade(path)
    with sqlite3.connect(path) as link:
        assert list(link.execute("SELECT sql FROM sqlite_master ORDER BY name")) == before
    link.close()
    assert schema_of(path) == HEAD


def test_what_is_in_an_older_store_is_there_after_the_upgrade(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    command.upgrade(config_for(path), "0001")
    with sqlite3.connect(path) as link:
        link.execute(
            "INSERT INTO organisation (id, name, key, zone, country, subdivision, policy,"
            " objection_route, is_sample, version)"
            " VALUES ('o', 'Harbour', 'harbour', 'Europe/Oslo', 'NO', '', '{}', '', 0, 1)"
        )
        link.execute(
            "INSERT INTO ci (id, organisation_id, version, name, key, kind, environment, circuit,"
            " needed_by_flight) VALUES ('c', 'o', 2, 'SAN', 'san', 'storage', 'test', '', '')"
        )
        link.execute(
            "INSERT INTO outbox_item (id, organisation_id, version, key, kind, payload, state,"
            " attempts, sender, last_answer, about_type, about_id, outage_id)"
            " VALUES ('i', 'o', 3, 'notice:1', 'notice', '{}', 'waiting', 0, 'you', '', '', '', '')"
        )
    link.close()
    upgrade(path)
    with sqlite3.connect(path) as link:
        kept = link.execute("SELECT key, state, version, route FROM outbox_item").fetchall()
        items = link.execute("SELECT name, version, hours, zone FROM ci").fetchall()
    link.close()
    assert kept == [("notice:1", "waiting", 3, "console")]
    assert items == [("SAN", 2, "", "")]


@pytest.mark.parametrize("name", sorted(SQLModel.metadata.tables))
def test_every_table_compiles_for_postgresql(name: str) -> None:
    table = SQLModel.metadata.tables[name]
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    assert "CREATE TABLE" in str(CreateTable(table).compile(dialect=dialect))
    for index in table.indexes:
        assert "INDEX" in str(CreateIndex(index).compile(dialect=dialect))


@pytest.mark.parametrize("name", sorted(SQLModel.metadata.tables))
def test_every_constraint_has_a_name_short_enough_for_postgresql(name: str) -> None:
    table = SQLModel.metadata.tables[name]
    parts: list[Index | ForeignKeyConstraint] = [*table.indexes, *table.foreign_key_constraints]
    for part in parts:
        assert part.name is not None
        assert len(str(part.name)) <= 63


def test_every_record_belongs_to_an_organisation_and_has_a_version() -> None:
    mappers = [m.class_ for m in Record._sa_registry.mappers]
    records = [row for row in mappers if issubclass(row, Record)]
    assert len(records) > 25
    for row in records:
        columns = SQLModel.metadata.tables[str(row.__tablename__)].columns
        assert not columns["organisation_id"].nullable
        assert not columns["version"].nullable


def test_a_backup_is_made_before_an_upgrade(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store of an older console: here, one whose revision is older than the head."""
    store = make_store(tmp_path)
    store.run(make_person)
    store.close()
    monkeypatch.setattr("app.services.schema.HEAD", "9999")
    ran: list[Path] = []
    monkeypatch.setattr("app.services.schema.upgrade", ran.append)
    from app.services.schema import ensure_schema

    ensure_schema(store.path, TestClock())
    assert ran == [store.path]
    [backup] = backups(tmp_path)
    assert schema_of(backup.path) == HEAD


def test_a_copy_of_the_migrations_elsewhere_works_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder with a per cent sign in its name, which Alembic's configuration would expand."""
    moved = tmp_path / "100% here" / "migrations"
    shutil.copytree(MIGRATIONS, moved)
    monkeypatch.setattr("app.services.schema.MIGRATIONS", moved)
    upgrade(tmp_path / "store.sqlite")
    assert schema_of(tmp_path / "store.sqlite") == HEAD
