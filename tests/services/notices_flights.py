"""A store whose organisation says how to object, for the tests of notices."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from app.services.database import Store
from app.services.events import EventBus
from tests.makers import make_organisation, make_store


def desk_store(folder: Path, now: datetime, bus: EventBus | None = None) -> Store:
    store = make_store(folder / "data", now, bus=bus, organisation=False)
    store.run(make_organisation, objection_route="Call the service desk, 555-0111.")
    return store
