"""Alembic's environment. Imports no models: a revision says all it needs itself."""

import sqlite3

from alembic import context
from sqlalchemy import create_engine, event
from sqlalchemy.pool import StaticPool


def run() -> None:
    connection = context.config.attributes.get("connection")
    if connection is not None:
        context.configure(
            connection=connection,
            render_as_batch=True,
            target_metadata=context.config.attributes.get("metadata"),
        )
        with context.begin_transaction():
            context.run_migrations()
        return
    path = context.config.attributes["path"]
    raw = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    raw.execute("PRAGMA journal_mode=WAL")
    raw.execute("PRAGMA synchronous=FULL")
    engine = create_engine("sqlite://", creator=lambda: raw, poolclass=StaticPool)
    event.listen(engine, "begin", lambda link: link.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as link:
            context.configure(connection=link, render_as_batch=True, transactional_ddl=True)
            with context.begin_transaction():
                context.run_migrations()
    finally:
        engine.dispose()
        raw.close()


run()
