"""A rehearsal: the practice tenant within this process, on the store's own clock, and the worker
that sends to it. Over HTTPS as always; only time is another."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from app.models.account import Profile
from app.models.errors import NotAllowed
from app.services.account.settings import account_settings, practice_people
from app.services.database import Store
from app.services.ports.clock import Clock
from app.services.practice.control_acts import Acts
from app.services.practice.mail_shape import address_of
from app.services.practice.process import STRANGER, InThread, practice_within
from app.services.practice.tenant import Tenant
from app.services.sync.worker import Worker
from app.wiring.remote import People, Reached, Remote, open_remote
from app.wiring.syncing import make_worker


class NoSecrets:
    """Implements `ports.secrets.Secrets` where nothing is to be kept: nobody's keyring is asked."""

    trusted = False
    place = "nowhere: a rehearsal signs in anew each time"

    def get(self, name: str) -> str | None:
        return None

    def set(self, name: str, value: str) -> None:
        """Forgotten at once."""

    def delete(self, name: str) -> None:
        """There is nothing."""


class HouseWithin:
    """Implements `remote.House` in this process."""

    def __init__(self, folder: Path, clock: Clock, people: People, shared: People) -> None:
        self._folder, self._clock = folder, clock
        self._people, self._shared = people, shared
        self._stack = ExitStack()
        self._practice: InThread | None = None

    def practice(self) -> Reached:
        return self.within().running

    def within(self) -> InThread:
        """Raises PracticeTrouble."""
        if self._practice is None:
            self._practice = self._stack.enter_context(
                practice_within(
                    self._folder, self._clock.now, people=self._people, shared=self._shared
                )
            )
        return self._practice

    @property
    def fell(self) -> bool:
        return False

    def close(self) -> None:
        self._practice = None
        self._stack.close()


class Rehearsal:
    """What stands behind the ports, who empties the outbox into it, and what other people do
    there (`acts`). Hold `sync.lock.only_sender` meanwhile."""

    def __init__(self, remote: Remote, worker: Worker, practice: InThread, owner: str) -> None:
        assert remote.mailbox and remote.calendars and remote.meetings
        self.mailbox = remote.mailbox
        self.calendars = remote.calendars
        self.meetings = remote.meetings
        self.worker = worker
        self.acts = Acts(practice.tenant)
        self._remote = remote
        self._practice = practice
        self._owner = owner

    @property
    def tenant(self) -> Tenant:
        return self._practice.tenant

    def answer_once(self, mailbox: str, message_id: str, email: str, name: str, text: str) -> None:
        """Somebody answers a message of `mailbox` (empty: one's own); not again when they have."""
        mailbox = mailbox or self._owner
        with self.tenant.turn():
            user = self.tenant.user(mailbox)
            assert user is not None
            box = self.tenant.mail.box(user)
            thread = str(box.find(message_id).data["conversationId"])
            come = [each for each in box.having("conversationId", thread) if not each.is_draft]
            known = any(address_of(each.data["from"]) == email for each in come)
        if not known:
            self.acts.answer(
                {
                    "mailbox": mailbox,
                    "message": message_id,
                    "sender": email,
                    "name": name,
                    "text": text,
                }
            )

    def was_joined(self, meeting_id: str) -> bool:
        """Somebody is, or was, in the meeting."""
        with self.tenant.turn():
            meeting = self.tenant.meetings.by_id(meeting_id)
            return bool(meeting.began or meeting.reports)

    def close(self) -> None:
        """What was answered is kept in the data folder."""
        self._remote.close()


def open_rehearsal(store: Store) -> Rehearsal:
    """As whoever acts in `store`, with a mailbox for everybody who has a part in flights. Raises
    NotAllowed where the store's account is another one, and PracticeTrouble."""
    settings = store.read(account_settings)
    if settings.profile is not Profile.PRACTICE:
        raise NotAllowed(
            "This store's account is not the practice tenant, and a rehearsal sends nowhere else. "
            "`account --profile practice` sets it back."
        )
    settings = replace(settings, signed_out=False)
    people = store.read(practice_people)
    shared = ((settings.shared_mailbox, "IT operations"),) if settings.shared_mailbox else ()
    house = HouseWithin(store.folder, store.clock, people, shared)
    remote = open_remote(
        store.folder, settings, people=people, secrets=NoSecrets(), house=house, clock=store.clock
    )
    return Rehearsal(
        remote, make_worker(store, remote), house.within(), people[0][0] if people else STRANGER[0]
    )
