"""SQLite is told how much the tables hold, so that a check does not read whole tables."""

from __future__ import annotations

from app.services.database import Store
from app.services.uow import UnitOfWork
from app.services.working import Work
from tests.makers import make_person


def counted(store: Store) -> set[str]:
    def look(uow: UnitOfWork) -> set[str]:
        there = "SELECT name FROM sqlite_master WHERE name = 'sqlite_stat1'"
        connection = uow.session.connection()
        if not connection.exec_driver_sql(there).all():
            return set()
        return {row[0] for row in connection.exec_driver_sql("SELECT tbl FROM sqlite_stat1")}

    return store.read(look)


def test_what_the_tables_hold_is_counted(store: Store) -> None:
    store.run(make_person)
    store.tidy()
    assert "person" in counted(store)


def test_a_long_use_case_counts_afterwards(store: Store) -> None:
    def take_in(uow: UnitOfWork, work: Work) -> None:
        make_person(uow)

    store.run(take_in, Work())
    assert "person" in counted(store)
