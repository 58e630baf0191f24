"""A flight with a notice to send, a mailbox in memory, and a worker between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.models.outbox import ItemState
from app.models.tables.notices import Notice
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.database import Store
from app.services.notices.sending import queue
from app.services.outbox.items import parts_of
from app.services.outbox.reading import OutboxRow, outbox
from app.services.sync.mail import MailRound
from app.services.sync.state import Report
from tests.contracts.memory_mailbox import MemoryMailbox
from tests.contracts.weather import Weather
from tests.flights import START, make_flight
from tests.makers import clock_of
from tests.services.notices_flights import desk_store

K = NoticeKind


@dataclass
class Desk:
    store: Store
    mailbox: MemoryMailbox
    worker: MailRound
    outage_id: str = ""
    reports: list[Report] = field(default_factory=list)

    @property
    def weather(self) -> Weather:
        return self.mailbox.weather

    def queue(self, kind: NoticeKind = K.CREW_BRIEF) -> str:
        """The id of the outbox item."""
        notice_id = self.store.run(queue, self.outage_id, kind)
        found = self.store.read(lambda uow: uow.all(OutboxItem, OutboxItem.about_id == notice_id))
        return found[0].id

    def turn(self, *, seconds: float = 0, minutes: float = 0) -> Report:
        clock_of(self.store).advance(minutes=minutes + seconds / 60)
        self.reports.append(self.worker.turn())
        return self.reports[-1]

    def go_on(self, turns: int = 60) -> Report:
        """Turn after turn, each when the last one said, until nothing more is to come."""
        for _ in range(turns):
            report = self.turn()
            if report.again_at is None:
                break
            clock_of(self.store).set(max(report.again_at, clock_of(self.store).now()))
        return self.reports[-1]

    def restart(self) -> None:
        """The process was killed; a new one starts on the same store."""
        self.worker = MailRound(self.store, self.mailbox)

    def item(self, item_id: str) -> OutboxItem:
        return self.store.read(lambda uow: uow.fetch(OutboxItem, item_id))

    def state(self, item_id: str) -> ItemState:
        return self.item(item_id).state

    def parts(self, item_id: str) -> list[OutboxPart]:
        return self.store.read(parts_of, item_id)

    def notice(self, item_id: str) -> Notice:
        about = self.item(item_id).about_id
        return self.store.read(lambda uow: uow.fetch(Notice, about))

    def row(self, item_id: str) -> OutboxRow:
        return next(r for r in self.store.read(lambda uow: outbox(uow)) if r.id == item_id)

    def run(self, use_case: Callable[..., object], *args: object, **kwargs: object) -> object:
        return self.store.run(use_case, *args, **kwargs)


def make_desk(folder: Path) -> Desk:
    store = desk_store(folder, START - timedelta(days=20))
    mailbox = MemoryMailbox(store.clock.now)
    made = Desk(store, mailbox, MailRound(store, mailbox))
    made.outage_id = store.run(make_flight, State.PLANNED)
    return made
