"""What comes back by mail: the inbox followed page by page, from the first notice that left."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import col, func, select

from app.models.tables.outbox import OutboxPart
from app.services.database import Store
from app.services.notices.arriving import take_in
from app.services.ports.mail import Folder, Mailbox, MailChanges
from app.services.ports.trouble import SyncLost
from app.services.sync.asking import AskingRound
from app.services.sync.cursors import forget_place, keep_place, place_of
from app.services.uow import UnitOfWork

BACK = timedelta(days=30)
"""So far back a round begins at most; answers to a notice come within days."""
SKEW = timedelta(days=1)
"""So much this machine's clock may be ahead of the service's: what arrived is told in its time."""


class RepliesRound(AskingRound):
    """One page a turn and mailbox; asks nothing while no notice ever left by mail. `who` is signed
    in, by address: each has a place of their own in their own mailbox."""

    every = timedelta(seconds=60)

    def __init__(
        self,
        store: Store,
        mailbox: Mailbox,
        chance: random.Random | None = None,
        who: Callable[[], str] = lambda: "",
    ) -> None:
        super().__init__(store, chance)
        self._mailbox = mailbox
        self._who = who

    def ask(self) -> tuple[int, bool]:
        did, more = 0, False
        for mailbox, since in self._store.read(_followed):
            taken, further = self._page(mailbox, since)
            did, more = did + taken, more or further
        return did, more

    def _page(self, mailbox: str, since: datetime) -> tuple[int, bool]:
        name = f"mail:{mailbox}" if mailbox else f"mail:own:{self._who()}".rstrip(":")
        place = self._store.read(place_of, name)
        try:
            page = self._mailbox.changes(Folder.INBOX, place.cursor, since, mailbox)
        except SyncLost as lost:
            self._store.run(forget_place, name)
            self.lost = lost
            return 0, False
        self._store.run(_take_in_page, name, page, through=not place.cursor and not page.more)
        return len(page.arrived), page.more


def _take_in_page(uow: UnitOfWork, name: str, page: MailChanges, *, through: bool) -> None:
    """The page and where it ended are on disk together, or neither is."""
    take_in(uow, page.arrived)
    keep_place(uow, name, page.cursor, through=through, news=bool(page.arrived) or page.more)


def _followed(uow: UnitOfWork) -> list[tuple[str, datetime]]:
    """The mailboxes notices left from (empty: one's own), each with a moment before the first
    left, but no longer ago than BACK."""
    rows = uow.session.exec(
        select(col(OutboxPart.mailbox), func.min(col(OutboxPart.accepted_at)))
        .where(
            col(OutboxPart.organisation_id) == uow.organisation_id,
            col(OutboxPart.accepted_at) > uow.now - BACK,
        )
        .group_by(col(OutboxPart.mailbox))
    )
    return [(mailbox, first - SKEW) for mailbox, first in rows if first is not None]
