"""The practice tenant itself: people, mailboxes, calendars and meetings, without any web.

All rooms stand under one lock. Whoever calls more than a single method of `Tenant`, or reaches
into a room, does so inside `turn()`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import RLock

from app.services.practice.calendar import CalendarRoom
from app.services.practice.ground import Ground
from app.services.practice.mail import PostOffice
from app.services.practice.meetings import MeetingRoom
from app.services.practice.people import Bearer, People, User
from app.services.practice.state import Json
from app.services.practice.switches import Switches


class Tenant:
    """Time passes only when somebody looks: a message whose moment has come is delivered at the
    head of the next `turn()`. With `state_file` all of it is there again next time."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        seed: int = 0,
        state_file: Path | None = None,
    ) -> None:
        self.lock = RLock()
        self.ground = Ground(clock, seed, state_file)
        self.people = People(self.ground)
        self.mail = PostOffice(self.ground, self.people)
        self.meetings = MeetingRoom(self.ground)
        self.calendar = CalendarRoom(self.ground, self.people, self.meetings)
        self.tenant_id = self.ground.guid("tenant")
        self.ground.commit()

    @property
    def switches(self) -> Switches:
        return self.ground.switches

    @contextmanager
    def turn(self) -> Iterator[None]:
        """One act on the tenant: what was due is done, then yours, then all of it is kept."""
        with self.lock:
            try:
                self.mail.settle()
                yield
            finally:
                self.ground.commit()

    def add_user(self, email: str, name: str) -> User:
        with self.turn():
            return self.people.add(email, name)

    def add_shared(self, email: str, name: str, delegates: Iterable[User] = ()) -> User:
        """A mailbox nobody signs in to; `delegates` read it and send as it."""
        with self.turn():
            user = self.people.add(email, name)
            user.shared = True
            user.delegates |= {each.oid for each in delegates}
            self.people.keep(user)
            return user

    def user(self, name: str) -> User | None:
        """By address or object id."""
        with self.lock:
            return self.people.find(name)

    def users(self) -> list[User]:
        with self.lock:
            return self.people.all()

    def out_of_office(self, user: User, text: str) -> None:
        """From now on `user` answers automatically, each sender once; an empty text ends it."""
        with self.turn():
            user.automatic_reply = text
            self.people.keep(user)
            self.mail.box(user).answered.clear()

    def forget_deltas(self, user: User | None = None) -> None:
        """All delta tokens given so far, of one mailbox or of all, answer 410 from now on."""
        with self.turn():
            for each in [user] if user is not None else self.people.all():
                self.mail.box(each).forget_state()
                self.calendar.box(each).forget_state()

    def issue(self, user: User, scopes: Iterable[str], seconds: float = 3599) -> str:
        """A bearer token for `user` with these scopes."""
        with self.turn():
            return self.people.issue(user, scopes, seconds)

    def bearer(self, token: str) -> Bearer | None:
        with self.lock:
            return self.people.bearer(token)

    def expire(self, token: str) -> None:
        with self.turn():
            self.people.expire(token)

    def keep(self, kind: str, key: str, value: Json | None) -> None:
        """Something of the caller's own (a refresh token's record) to have again next time."""
        with self.turn():
            if value is None:
                self.ground.drop(f"own-{kind}", key)
            else:
                self.ground.put(f"own-{kind}", key, lambda: value)

    def kept(self, kind: str) -> dict[str, Json]:
        with self.lock:
            return dict(self.ground.load(f"own-{kind}"))

    def close(self) -> None:
        with self.lock:
            self.ground.close()
