"""Our outages in Outlook’s calendar: what is owed is written, what was edited is taken in."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import col

from app.models.outbox import ItemState
from app.models.tables.outbox import OutboxItem
from app.services.calendar.outlook import (
    Wanted,
    event_refused,
    ours_among,
    take_in_events,
    taken_out,
    wanted,
    written,
)
from app.services.calendar.owed import (
    KIND,
    Chosen,
    choose_calendar,
    chosen_calendar,
    may_choose_default,
)
from app.services.database import Store
from app.services.ports.calendars import Calendars, Entry, EventChanges, RemoteEvent
from app.services.ports.trouble import Gone, Refused, SyncLost
from app.services.sync.asking import AskingRound
from app.services.sync.cursors import forget_place, keep_place, place_of
from app.services.sync.state import Report, SyncState
from app.services.uow import UnitOfWork

BEHIND = timedelta(days=7)
AHEAD = timedelta(days=400)
ANEW = timedelta(days=7)
"""The span is fixed by a round’s first question; so often a new one moves it on."""
READ_EVERY = timedelta(seconds=60)


class CalendarRound(AskingRound):
    """`takes_default`: where nobody chose a calendar, it is the mailbox's own. `who` is signed in,
    by address: a calendar chosen by somebody else cannot be seen, which proves nothing of what
    stands there."""

    every = timedelta(seconds=5)

    def __init__(
        self,
        store: Store,
        calendars: Calendars,
        chance: random.Random | None = None,
        *,
        takes_default: bool = False,
        who: Callable[[], str] = lambda: "",
    ) -> None:
        super().__init__(store, chance)
        self._calendars = calendars
        self._takes_default = takes_default
        self._who = who
        self._read_at: datetime | None = None

    def hurry(self) -> None:
        super().hurry()
        self._read_at = None

    def turn(self) -> Report:
        chosen = self._store.read(chosen_calendar)
        if not chosen.id or not chosen.owner or self._who() in ("", chosen.owner):
            return super().turn()
        said = (
            f"Outages live in “{chosen.name}” of {chosen.owner}, who is not signed in: choose a "
            "calendar under Account, or sign in as them."
        )
        return Report(SyncState.ATTENTION, said, self._store.clock.now() + READ_EVERY)

    def ask(self) -> tuple[int, bool]:
        did = self._choose() if self._takes_default else 0
        for item_id in self._store.read(_owed):
            did += self._settle(item_id)
        now = self._store.clock.now()
        if self._read_at is not None and now < self._read_at:
            self.asked = did > 0
            return did, False
        read, more = self._read()
        self._read_at = None if more else now + READ_EVERY
        return did + read, more

    def _choose(self) -> int:
        if not self._store.read(may_choose_default):
            return 0
        own = next((each for each in self._calendars.calendars() if each.is_default), None)
        if own is None:
            return 0
        self._store.run(choose_calendar, Chosen(own.id, own.name, self._who()))
        return 1

    # --- writing ---------------------------------------------------------------------------

    def _settle(self, item_id: str) -> bool:
        """Whether something was done about it; not while an edit made there waits for an answer."""
        todo = self._store.read(wanted, item_id)
        if todo is None:
            self._store.run(taken_out, item_id)
            return True
        if todo.waits:
            return False
        try:
            if todo.entry is None:
                self._take_out(todo)
                self._store.run(taken_out, item_id)
                return True
            event = self._write(todo, todo.entry)
        except Refused as refusal:
            self._store.run(event_refused, item_id, refusal.sentence)
            return True
        if event is None:
            return False
        self._store.run(written, item_id, todo.calendar_id, todo.entry, event)
        return True

    def _take_out(self, todo: Wanted) -> None:
        try:
            self._calendars.cancel(todo.event_id, todo.comment)
        except Gone:
            return

    def _write(self, todo: Wanted, entry: Entry) -> RemoteEvent | None:
        """None: somebody edited it there meanwhile, which is taken in first."""
        if not todo.event_id:
            found = self._calendars.find(todo.calendar_id, entry.key)
            return found or self._calendars.create(todo.calendar_id, entry)
        try:
            there = self._calendars.get(todo.event_id)
        except Gone:
            self._store.run(take_in_events, {}, frozenset({todo.event_id}))
            return None
        edited = there.change_key != todo.change_key
        if edited and self._store.run(take_in_events, {there.id: there}, frozenset()):
            return None
        return there if todo.same else self._calendars.update(todo.event_id, entry)

    # --- reading ---------------------------------------------------------------------------

    def _read(self) -> tuple[int, bool]:
        calendar = self._store.read(chosen_calendar).id
        if not calendar:
            return 0, False
        name = f"calendar:{calendar}"
        now = self._store.clock.now()
        place = self._store.read(place_of, name)
        cursor = place.cursor
        if place.round_at is not None and now - place.round_at > ANEW:
            cursor = ""
        try:
            page = self._calendars.changes(calendar, cursor, now - BEHIND, now + AHEAD)
        except SyncLost as lost:
            self._store.run(forget_place, name)
            self.lost = lost
            return 0, False
        gone = self._really_gone(page)
        did = self._store.run(_take_in_page, name, page, gone, through=not cursor)
        return did, page.more

    def _really_gone(self, page: EventChanges) -> frozenset[str]:
        """Of what is said to be removed, ours that are: the others moved out of the span."""
        gone = set()
        for event_id in self._store.read(ours_among, page.removed):
            try:
                if self._calendars.get(event_id).cancelled:
                    gone.add(event_id)
            except Gone:
                gone.add(event_id)
        return frozenset(gone)


def _take_in_page(
    uow: UnitOfWork, name: str, page: EventChanges, gone: frozenset[str], *, through: bool
) -> int:
    did = take_in_events(uow, {e.id: e for e in page.events}, gone)
    keep_place(
        uow, name, page.cursor,
        through=through and not page.more, news=bool(page.events or page.removed or page.more),
    )  # fmt: skip
    return did


def _owed(uow: UnitOfWork) -> list[str]:
    items = uow.all(
        OutboxItem,
        col(OutboxItem.kind) == KIND,
        col(OutboxItem.state) == ItemState.WAITING,
        order=(col(OutboxItem.id),),
    )
    return [item.id for item in items]
