"""What people were told, read at most every few seconds however many ask."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from app.services.crew.status import Told, told_ics, told_of_outage
from app.services.database import Store

SECONDS = 5.0
MOST = 32


@dataclass(frozen=True, slots=True)
class Answer:
    told: Told
    ics: bytes
    at: float


class Kept:
    """On the server's loop; one look at a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[str, Answer] = {}
        self._looking = asyncio.Lock()

    async def of(self, outage_id: str) -> Answer:
        """Raises NotFound."""
        async with self._looking:
            found = self._kept.get(outage_id)
            if found is not None and time.monotonic() - found.at < SECONDS:
                return found
            told = await asyncio.wrap_future(self._store.submit_read(told_of_outage, outage_id))
            ics = await asyncio.to_thread(told_ics, told)
            if len(self._kept) >= MOST:
                self._kept.clear()
            made = self._kept[outage_id] = Answer(told, ics, time.monotonic())
            return made
