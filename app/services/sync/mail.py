"""Messages: one act outside after another, each with its intent on disk before it.

Nothing here holds a transaction while the network is waited for.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from app.models.outbox import Act
from app.models.tables.notices import RecipientSet
from app.services.database import Store
from app.services.notices.audiences import Recipient
from app.services.outbox.parts import addressed, prepare
from app.services.outbox.picking import Fresh, Next, pick
from app.services.outbox.trying import (
    Looked,
    Work,
    claim,
    found_again,
    look_again,
    note_accepted,
    note_created,
    note_deleted,
    note_looked,
    note_trouble,
)
from app.services.ports.mail import Found, Mailbox
from app.services.ports.trouble import Gone, Refused, RemoteTrouble, Unclear
from app.services.sync.pausing import Pause
from app.services.sync.state import Report, SyncState
from app.services.uow import UnitOfWork

ACTS_A_TURN = 20


class MailRound:
    """Empties the outbox of messages, as far as time, pace and the service allow."""

    def __init__(
        self,
        store: Store,
        mailbox: Mailbox,
        chance: random.Random | None = None,
        who: Callable[[], str] = lambda: "",
    ) -> None:
        """`who` is signed in, by address: what lies in the own mailbox of somebody else is left
        alone."""
        self._store = store
        self._mailbox = mailbox
        self._who = who
        self._fresh = Fresh()
        self.pause = Pause(chance or random.Random())
        self._people: tuple[str, tuple[Recipient, ...]] = ("", ())

    def hurry(self) -> None:
        self.pause.hurry()

    def turn(self) -> Report:
        """At most ACTS_A_TURN acts; ends early at the first trouble of the service."""
        did = 0
        self._see_who()
        while True:
            now = self._store.clock.now()
            if self.pause.active(now):
                return self.pause.report(did)
            todo = self._store.read(pick, self._fresh)
            if todo.idle:
                return self._resting(todo, did)
            if did >= ACTS_A_TURN:
                return Report(SyncState.WORKING, _leaving(todo), now, did)
            self._do(todo)
            did += 1

    def _see_who(self) -> None:
        who = self._who()
        if who and who != self._fresh.who and (again := self._store.read(found_again, who)):
            self._store.run(look_again, again)
        self._fresh.who = who

    def _resting(self, todo: Next, did: int) -> Report:
        if todo.asks:
            one = todo.asks == 1
            why = f"{todo.asks} {'message needs' if one else 'messages need'} you: see the Outbox"
            return Report(SyncState.ATTENTION, why, todo.wakes, did)
        if todo.leaving:
            return Report(SyncState.WORKING, _leaving(todo), todo.wakes, did)
        return Report(SyncState.IN_SYNC, "", todo.wakes, did)

    def _do(self, todo: Next) -> None:
        if todo.prepares:
            self._store.run(prepare, todo.item_id)
            return
        if self.pause.probes and todo.act.changes and not self._reached(todo):
            return
        work = self._claimed(todo)
        if work is None or todo.act is Act.ASK:
            return
        try:
            self._act(work)
        except RemoteTrouble as trouble:
            self._troubled(work, trouble)
        else:
            self.pause.clear()

    def _claimed(self, todo: Next) -> Work | None:
        if not todo.act.changes and todo.act is not Act.ASK:
            return self._store.read(claim, todo.part_id, todo.act, self._fresh)
        return self._store.run(claim, todo.part_id, todo.act, self._fresh)

    def _reached(self, todo: Next) -> bool:
        """Ask for something that changes nothing, so that being offline writes nothing."""
        work = self._store.read(claim, todo.part_id, todo.act, self._fresh)
        if work is None:
            return True
        try:
            self._mailbox.find(work.key, work.internet_id, work.mailbox)
        except RemoteTrouble as trouble:
            self.pause.note(trouble, self._store.clock.now())
            return False
        self.pause.clear()
        return True

    def _act(self, work: Work) -> None:
        match work.act:
            case Act.CREATE:
                found = self._create(work)
                self._store.run(note_created, work, found)
                self._fresh.parts.add(work.part_id)
            case Act.SEND:
                self._mailbox.send(work.remote_id, work.mailbox)
                self._fresh.forget(work.part_id)
                self._store.run(note_accepted, work)
            case Act.DELETE:
                self._mailbox.delete_draft(work.remote_id, work.mailbox)
                self._fresh.forget(work.part_id)
                self._store.run(note_deleted, work)
            case _:
                self._look(work)

    def _create(self, work: Work) -> Found:
        message = work.written
        assert message is not None
        everyone = self._addresses(message.recipient_set_id)
        if not message.message.forward_of and not message.message.answer_to:
            return self._mailbox.create_draft(message.to(everyone))
        try:
            return self._mailbox.create_draft(message.to(everyone))
        except Gone:  # what it forwards or answers is there no more: nothing was made
            return self._mailbox.create_draft(message.alone(everyone))

    def _look(self, work: Work) -> None:
        found = self._mailbox.find(work.key, work.internet_id, work.mailbox)
        looked: Looked = self._store.run(note_looked, work, found)
        if looked.seen:
            self._fresh.parts.add(work.part_id)
            self._fresh.seen[work.part_id] = self._store.clock.now()
        else:
            self._fresh.forget(work.part_id)
        for each in looked.extra:
            self._tidy(each, work.mailbox)

    def _tidy(self, draft_id: str, mailbox: str) -> None:
        """A second draft, of a try whose answer was lost, is never sent: it only lies there."""
        try:
            self._mailbox.delete_draft(draft_id, mailbox)
        except (Gone, Refused):
            return
        except RemoteTrouble as trouble:
            self.pause.note(trouble, self._store.clock.now())

    def _troubled(self, work: Work, trouble: RemoteTrouble) -> None:
        now = self._store.clock.now()
        clear = isinstance(trouble, (Gone, Refused))
        if clear or isinstance(trouble, Unclear):
            self._fresh.forget(work.part_id)
        if clear:
            self.pause.clear()
        else:
            self.pause.note(trouble, now)
        if work.act.changes:
            self._store.run(note_trouble, work, trouble)

    def _addresses(self, set_id: str | None) -> tuple[Recipient, ...]:
        """Kept for the next batch: 25,000 take a while to read."""
        if set_id is None:
            return ()
        if self._people[0] != set_id:
            self._people = (set_id, self._store.read(_addressed, set_id))
        return self._people[1]


def _addressed(uow: UnitOfWork, set_id: str) -> tuple[Recipient, ...]:
    return addressed(uow.find(RecipientSet, set_id))


def _leaving(todo: Next) -> str:
    return f"{todo.leaving} to leave" if todo.leaving else ""
