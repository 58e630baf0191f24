"""The practice tenant's people: users, shared mailboxes, and the tokens that prove them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from app.services.practice.errors import denied, no_mailbox
from app.services.practice.ground import Ground, moment, stamp
from app.services.practice.state import Json


@dataclass(slots=True)
class User:
    """`delegates`: object ids of those who may read and send as this mailbox. With an
    `automatic_reply` the person is out of the office."""

    oid: str
    email: str
    name: str
    shared: bool = False
    delegates: set[str] = field(default_factory=set)
    automatic_reply: str = ""
    zone: str = "UTC"

    def as_json(self) -> Json:
        return {
            "oid": self.oid,
            "email": self.email,
            "name": self.name,
            "shared": self.shared,
            "delegates": sorted(self.delegates),
            "automatic_reply": self.automatic_reply,
            "zone": self.zone,
        }


@dataclass(frozen=True, slots=True)
class Bearer:
    user: User
    scopes: frozenset[str]
    expires_at: datetime


class People:
    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._users: dict[str, User] = {}
        self._by_address: dict[str, User] = {}
        self._tokens: dict[str, Bearer] = {}
        for _, body in ground.load("user"):
            self._take(User(**{**body, "delegates": set(body["delegates"])}))
        for digest, body in ground.load("token"):
            user = self._users[body["oid"]]
            expires = moment(body["expires"])
            self._tokens[digest] = Bearer(user, frozenset(body["scopes"]), expires)

    def add(self, email: str, name: str) -> User:
        """The same address gives the same user, with the name it has had. `all` lists people in
        the order in which they were named last, at a later start too."""
        if (known := self._by_address.get(email.casefold())) is not None:
            self._users[known.oid] = self._users.pop(known.oid)
            return known
        user = User(self._ground.guid("user", email.casefold()), email, name)
        self._take(user)
        self.keep(user)
        return user

    def _take(self, user: User) -> None:
        self._users[user.oid] = user
        self._by_address[user.email.casefold()] = user

    def keep(self, user: User) -> None:
        """After a change of `user`."""
        self._ground.put("user", user.oid, user.as_json)

    def all(self) -> list[User]:
        return list(self._users.values())

    def find(self, name: str) -> User | None:
        """By address or object id."""
        return self._users.get(name) or self._by_address.get(name.casefold())

    def reached_by(self, caller: User, name: str) -> User:
        """The mailbox `name` for `caller`. Raises Refusal: no such mailbox, or no right to it."""
        owner = self.find(name)
        if owner is None:
            raise no_mailbox(name)
        if owner is not caller and caller.oid not in owner.delegates:
            raise denied()
        return owner

    def issue(self, user: User, scopes: Iterable[str], seconds: float) -> str:
        self._forget_expired()
        token = secrets.token_urlsafe(32)
        expires = self._ground.now() + timedelta(seconds=seconds)
        bearer = Bearer(user, frozenset(scopes), expires)
        digest = _digest(token)
        self._tokens[digest] = bearer
        self._ground.put(
            "token",
            digest,
            lambda: {"oid": user.oid, "scopes": sorted(bearer.scopes), "expires": stamp(expires)},
        )
        return token

    def bearer(self, token: str) -> Bearer | None:
        """None for a token that was never given, has run out, or was taken back."""
        bearer = self._tokens.get(_digest(token))
        return bearer if bearer is not None and self._ground.now() < bearer.expires_at else None

    def expire(self, token: str) -> None:
        self._drop(_digest(token))

    def expire_all(self) -> None:
        for digest in list(self._tokens):
            self._drop(digest)

    def _forget_expired(self) -> None:
        now = self._ground.now()
        for digest in [each for each, bearer in self._tokens.items() if bearer.expires_at <= now]:
            self._drop(digest)

    def _drop(self, digest: str) -> None:
        if self._tokens.pop(digest, None) is not None:
            self._ground.drop("token", digest)


def _digest(token: str) -> str:
    """What is kept of a token: not the token."""
    return sha256(token.encode()).hexdigest()
