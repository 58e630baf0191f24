"""What a flight left in its data folder: the outbox, and the practice tenant as it was kept."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from app.services.database_place import place_of
from app.services.folder import FILE_NAME
from app.services.graph.keys import KEY_PROPERTY
from app.services.practice.tenant import Tenant

LONG_AFTER = datetime(2100, 1, 1, tzinfo=UTC)
"""By then whatever would still leave by itself has left."""


def rows(data: Path, query: str) -> list[tuple[Any, ...]]:
    url = place_of(data).url or f"sqlite:///{data / FILE_NAME}"
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as link:
        return [tuple(row) for row in link.exec_driver_sql(query)]


def token_digests(data: Path) -> set[str]:
    """Of the tokens that the tenant gave and still knows."""
    with closing(sqlite3.connect(data / "practice" / "tenant.sqlite")) as link:
        query = "SELECT key FROM record WHERE kind IN ('token', 'own-refresh')"
        return {key for (key,) in link.execute(query)}


def kept(data: Path) -> Tenant:
    """Close it."""
    return Tenant(lambda: LONG_AFTER, 0, data / "practice" / "tenant.sqlite")


def among(tenant: Tenant, folder: str) -> Counter[str]:
    """How often each of our keys lies in the folder, of all mailboxes together."""
    found: Counter[str] = Counter()
    with tenant.turn():
        for user in tenant.people.all():
            box = tenant.mail.box(user)
            for message in box.in_folder(box.well_known(folder)):
                if key := message.properties.get(KEY_PROPERTY):
                    found[key] += 1
    return found


def require_sent_once(data: Path) -> int:
    """Every message of the outbox lies in Sent Items once and nowhere else; how many there are."""
    parts = rows(data, "SELECT key, state FROM outbox_part")
    with closing(kept(data)) as tenant:
        sent, drafts = among(tenant, "sentitems"), among(tenant, "drafts")
    assert dict(parts) == dict.fromkeys(sent, "sent")
    assert set(sent.values()) == {1}
    assert not drafts
    return len(parts)
