"""Other people's calendars and their free and busy, read now and then."""

from __future__ import annotations

import random
from datetime import timedelta

from app.services.calendar.outlook_busy import asking, take_in_busy
from app.services.calendar.outlook_layers import Followed, end_round, followed, take_in_page
from app.services.database import Store
from app.services.ports.calendars import Calendars, EventChanges
from app.services.ports.trouble import Gone, SyncLost
from app.services.sync.asking import AskingRound
from app.services.sync.cursors import forget_place, keep_place, place_of
from app.services.sync.state import Report
from app.services.uow import UnitOfWork

BEHIND = timedelta(days=366)
AHEAD = timedelta(days=731)
ANEW = timedelta(days=7)
"""A single cancelled occurrence may never be told of as a change: a full round finds it."""


class LayersRound(AskingRound):
    """One page a turn and layer. Within a full round nothing is kept on disk of where it is: cut
    short, it begins again, so that what is gone from the calendar is known at its end."""

    every = timedelta(minutes=5)

    def __init__(
        self, store: Store, calendars: Calendars, chance: random.Random | None = None
    ) -> None:
        super().__init__(store, chance)
        self._calendars = calendars
        self._rounds: dict[str, tuple[str, set[str]]] = {}
        self._asked: frozenset[str] = frozenset()

    def turn(self) -> Report:
        """A calendar that somebody has just begun to follow is asked at once."""
        if {layer.layer_id for layer in self._store.read(followed)} - self._asked:
            self._due = None
        return super().turn()

    def ask(self) -> tuple[int, bool]:
        did, more = 0, False
        lacks = ""
        layers = self._store.read(followed)
        for layer in layers:
            try:
                taken, further = self._page(layer)
            except Gone:  # of somebody else, or deleted there; the others are asked all the same
                lacks = layer.name
                continue
            did, more = did + taken, more or further
        self._asked = frozenset(layer.layer_id for layer in layers)
        if lacks and not more:
            raise Gone(
                f"The calendar behind the layer “{lacks}” is not in this mailbox; its events stay "
                "as they were."
            )
        return did, more

    def _page(self, layer: Followed) -> tuple[int, bool]:
        name = f"layer:{layer.layer_id}"
        now = self._store.clock.now()
        place = self._store.read(place_of, name)
        old = place.round_at is not None and now - place.round_at > ANEW
        full = layer.layer_id in self._rounds or not place.cursor or old
        cursor, seen = self._rounds.get(layer.layer_id, ("" if full else place.cursor, set()))
        try:
            page = self._calendars.changes(layer.calendar_id, cursor, now - BEHIND, now + AHEAD)
        except SyncLost as lost:
            self._rounds.pop(layer.layer_id, None)
            self._store.run(forget_place, name)
            self.lost = lost
            return 0, False
        if not full:
            return self._store.run(_take_in_page, layer.layer_id, name, page), page.more
        seen |= {event.id for event in page.events}
        did = self._store.run(take_in_page, layer.layer_id, page.events, page.removed)
        if page.more:
            self._rounds[layer.layer_id] = (page.cursor, seen)
            return did, True
        self._rounds.pop(layer.layer_id, None)
        did += self._store.run(_end_round, layer.layer_id, name, page.cursor, frozenset(seen))
        return did, False


def _take_in_page(uow: UnitOfWork, layer_id: str, name: str, page: EventChanges) -> int:
    did = take_in_page(uow, layer_id, page.events, page.removed)
    keep_place(uow, name, page.cursor, news=bool(page.events or page.removed or page.more))
    return did


def _end_round(uow: UnitOfWork, layer_id: str, name: str, cursor: str, seen: frozenset[str]) -> int:
    gone = end_round(uow, layer_id, seen)
    keep_place(uow, name, cursor, through=True)
    return gone


class BusyRound(AskingRound):
    """The crew of the flights ahead, in one question."""

    every = timedelta(minutes=15)

    def __init__(
        self, store: Store, calendars: Calendars, chance: random.Random | None = None
    ) -> None:
        super().__init__(store, chance)
        self._calendars = calendars

    def ask(self) -> tuple[int, bool]:
        asked = self._store.read(asking)
        if asked is None:
            return 0, False
        found = self._calendars.schedules(asked.emails, asked.start, asked.end)
        return self._store.run(take_in_busy, asked, found), False
