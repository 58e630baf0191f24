"""Where the letters of a random history lie: a mailbox in memory, or one of the practice tenant
over HTTPS. Both are looked into past the port, as a person looks into Outlook."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, cast

from app.services.graph.client import GraphClient
from app.services.graph.keys import KEY_PROPERTY
from app.services.graph.mail import GraphMailbox
from app.services.ports.mail import Mailbox
from app.services.ports.trouble import (
    Gone,
    Refused,
    RemoteTrouble,
    SignInNeeded,
    Throttled,
    Unclear,
    Unreachable,
)
from app.services.practice.mail_box import Box, Message
from app.services.practice.people import User
from tests.contracts.memory_mailbox import Letter, MemoryMailbox
from tests.contracts.practice import Practice
from tests.contracts.weather import Fault, Weather


class Killed(BaseException):
    """The process ends here."""


@dataclass(frozen=True, slots=True)
class Lying:
    """A letter. `left`: sent, or on its way, or held by the service to be sent."""

    id: str
    key: str
    left: bool
    sent: bool
    to: frozenset[str]


class PostOffice(Protocol):
    @property
    def mailbox(self) -> Mailbox: ...

    def trouble(self, share: float) -> None:
        """From now on so many of all acts go wrong, by chance; 0: none."""
        ...

    def letters(self) -> list[Lying]: ...

    def by_hand(self, letter_id: str, *, send: bool) -> None:
        """A person sends a draft in Outlook, or deletes it."""
        ...


@dataclass
class MemoryOffice:
    now: Callable[[], datetime]
    chance: random.Random
    mailbox: MemoryMailbox = field(init=False)
    share: float = 0.0

    def __post_init__(self) -> None:
        slow = self.chance.choice([0, 60, 400, 4000])
        self.mailbox = MemoryMailbox(
            self.now,
            Weather(self._draw),
            move_takes=lambda: timedelta(seconds=self.chance.random() * slow),
            shows_submitted=self.chance.random() < 0.3,
            late=self._late,
        )

    def trouble(self, share: float) -> None:
        self.share = share

    def letters(self) -> list[Lying]:
        self.mailbox._pass_time()
        return [_lying(each) for each in self.mailbox.letters.values()]

    def by_hand(self, letter_id: str, *, send: bool) -> None:
        act = self.mailbox._submit if send else self.mailbox._remove
        act(letter_id)

    def _draw(self, act: str) -> Fault | None:
        heavy = 2 if act == "send" else 1  # where it matters most
        if self.chance.random() >= self.share * heavy:
            return None
        kinds: list[RemoteTrouble] = [
            *[Unclear("The connection was reset.")] * 3 * heavy,
            Throttled("Too many requests.", self.chance.choice([None, 2.128, 90.0])),
            Unreachable("No connection."),
            SignInNeeded("Sign in again."),
        ]
        if self.chance.random() < 0.1:
            kinds = [Refused("Declined.", "ErrorAccessDenied", 403)]
            if act != "find":
                kinds.append(Gone("Not found."))
        trouble = self.chance.choice(kinds)
        after = isinstance(trouble, Unclear) and self.chance.random() < 0.7
        if self.chance.random() < 0.15:
            return Fault(Killed(), after=self.chance.random() < 0.5)  # type: ignore[arg-type]
        return Fault(trouble, after)

    def _late(self, act: str) -> timedelta | None:
        if self.chance.random() < self.share * 0.1:
            return timedelta(seconds=self.chance.choice([1, 25, 70, 3000]))
        return None


def _lying(letter: Letter) -> Lying:
    to = (*letter.message.to, *letter.message.bcc)
    return Lying(
        letter.id,
        letter.message.key,
        letter.submitted or not letter.is_draft,
        not letter.is_draft,
        frozenset(each.email.casefold() for each in to),
    )


FAULTS = (
    *("429=none", "429=2.1", "429=90", "503=2.5", "401", "html"),
    *("reset-before", "reset-after", "504", "half"),
)


@dataclass
class PracticeOffice:
    """A mailbox of its own in the tenant of the run, whose clock follows the store's."""

    practice: Practice
    user: User
    client: GraphClient
    now: Callable[[], datetime]
    chance: random.Random
    mailbox: Mailbox = field(init=False)

    def __post_init__(self) -> None:
        self.mailbox = cast(Mailbox, FollowingTime(GraphMailbox(self.client), self.tick))
        self.practice.tenant.switches.send_delay = self.chance.choice([0.5, 60.0, 900.0])

    def tick(self) -> None:
        self.practice.later(max(self.now() - self.practice.now, timedelta()))

    def trouble(self, share: float) -> None:
        each = share / len(FAULTS)
        self.practice.faults.set(",".join(f"{kind}@{each:.4f}" for kind in FAULTS) if share else "")

    def letters(self) -> list[Lying]:
        self.tick()
        with self.practice.tenant.turn():
            return list(self._letters(self._box()))

    def by_hand(self, letter_id: str, *, send: bool) -> None:
        post = self.practice.tenant.mail
        with self.practice.tenant.turn():
            message = self._box().find(letter_id)
            if send:
                post.send(self.user, self.user, message)
            else:
                post.delete(self.user, message)

    def _box(self) -> Box:
        return self.practice.tenant.mail.box(self.user)

    def _letters(self, box: Box) -> Iterator[Lying]:
        sent = box.well_known("sentitems")
        for message in box.messages.values():
            key = message.properties.get(KEY_PROPERTY, "")
            if key and not box.is_gone(message):
                left = message.submitted or message.folder == sent
                yield Lying(message.id, key, left, message.folder == sent, _to(message))


def _to(message: Message) -> frozenset[str]:
    lists = ("toRecipients", "ccRecipients", "bccRecipients")
    found = [each for name in lists for each in message.data.get(name) or ()]
    return frozenset(str(each["emailAddress"]["address"]).casefold() for each in found)


class FollowingTime:
    """The mailbox, with the tenant's clock set to the store's before each act."""

    def __init__(self, mailbox: GraphMailbox, tick: Callable[[], None]) -> None:
        self._mailbox = mailbox
        self._tick = tick

    def __getattr__(self, name: str) -> object:
        self._tick()
        return getattr(self._mailbox, name)


@contextmanager
def practice_office(
    practice: Practice, now: Callable[[], datetime], chance: random.Random
) -> Iterator[PracticeOffice]:
    user = practice.person()
    practice.now = now()
    with practice.client(user) as client:
        yield PracticeOffice(practice, user, client, now, chance)
