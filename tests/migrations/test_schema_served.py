"""The same migrations make exactly the tables in PostgreSQL, and upgrade a store that is alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlmodel import SQLModel

import app.models.tables  # noqa: F401  (registers every table)
from app.models.errors import StoreTrouble
from app.models.tables.directory import Person
from app.services.database import Store
from app.services.database_place import Place, keep_place
from app.services.database_postgres import served_engine
from app.services.events import EventBus
from app.services.schema import HEAD, KNOWN, MIGRATIONS
from app.services.schema_served import put_schema
from tests.makers import COORDINATOR, TestClock, make_organisation, make_person
from tests.served import MISSING, can_serve, server

pytestmark = pytest.mark.skipif(not can_serve(), reason=MISSING)


def config_on(link: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = link
    return config


def opened(folder: Path) -> Store:
    store = Store(folder, TestClock(), EventBus(), COORDINATOR)
    store.open()
    return store


def test_an_upgrade_from_nothing_makes_exactly_the_tables_and_a_downgrade_takes_them_away() -> None:
    engine = served_engine(Place(server().make()))
    with engine.connect() as link:
        context = MigrationContext.configure(
            link, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, SQLModel.metadata) == []
        command.downgrade(config_on(link), "base")
        left = link.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"))
        assert set(left.scalars()) <= {"alembic_version"}
    engine.dispose()


def test_all_text_is_compared_by_its_characters() -> None:
    engine = served_engine(Place(server().make()))
    with engine.connect() as link:
        others = text(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND table_name <> 'alembic_version'"
            " AND data_type IN ('text', 'character varying') AND collation_name <> 'C'"
        )
        assert link.execute(others).all() == []
    engine.dispose()


def test_an_older_store_is_upgraded_once_no_other_console_has_it_open(tmp_path: Path) -> None:
    place = Place(server().make())
    keep_place(tmp_path, place)
    store = opened(tmp_path)
    store.run(make_organisation)
    store.run(make_person, "Kai Ito")
    engine = served_engine(place)
    with engine.begin() as link:
        command.downgrade(config_on(link), KNOWN[-2])
    with pytest.raises(StoreTrouble, match="older Flight Console, and open in another"):
        opened(tmp_path)
    store.close()
    again = opened(tmp_path)
    assert again.read(lambda uow: [person.name for person in uow.all(Person)]) == ["Kai Ito"]
    again.close()
    with engine.begin() as link:
        put_schema(link)  # what is at the head stays as it is
        assert link.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
        link.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreTrouble, match="newer Flight Console"):
        opened(tmp_path)


def test_a_console_whose_store_was_upgraded_meanwhile_stops_writing(tmp_path: Path) -> None:
    """It was cut off for a while; the connection made anew finds another version."""
    place = Place(server().make())
    keep_place(tmp_path, place)
    store = opened(tmp_path)
    store.run(make_organisation)
    engine = served_engine(place)
    with engine.begin() as link:
        link.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> "
        mine = "pg_backend_pid() AND datname = current_database()"
        link.execute(text(others + mine))
    engine.dispose()
    with pytest.raises(StoreTrouble) as raised:
        for _ in range(3):  # the first may still find the old connection broken
            try:
                store.run(make_person, "Too late")
            except StoreTrouble as trouble:
                if trouble.about["trouble"] != "away":
                    raise
    assert raised.value.about["trouble"] == "newer"
    store.close()
