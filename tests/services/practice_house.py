"""A practice tenant for tests: a clock moved by hand, two people, and a short way to mail."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from app.services.practice.mail_box import Box, Message
from app.services.practice.people import User
from app.services.practice.tenant import Tenant

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@dataclass
class House:
    now: datetime = NOON
    file: Path | None = None
    tenant: Tenant = field(init=False)
    ada: User = field(init=False)
    bob: User = field(init=False)

    def __post_init__(self) -> None:
        self.tenant = Tenant(lambda: self.now, 7, self.file)
        self.ada = self.tenant.add_user("ada@flight.example", "Ada Lind")
        self.bob = self.tenant.add_user("bob@flight.example", "Bob Moss")

    def later(self, **how_much: float) -> None:
        """Time passes, and what was due happens."""
        self.now += timedelta(**how_much)
        with self.tenant.turn():
            pass

    def box(self, user: User) -> Box:
        return self.tenant.mail.box(user)

    def folder(self, user: User, name: str) -> list[Message]:
        box = self.box(user)
        return box.in_folder(box.well_known(name))

    def draft(self, *to: str, **values: Any) -> Message:
        """A draft of Ada's."""
        with self.tenant.turn():
            return self.tenant.mail.draft(
                self.ada,
                {
                    "subject": "Storage array A",
                    "body": {"contentType": "html", "content": "<p>Down at nine.</p>"},
                    "toRecipients": [{"emailAddress": {"address": each}} for each in to],
                    **values,
                },
            )

    def send(self, message: Message) -> None:
        with self.tenant.turn():
            self.tenant.mail.send(self.ada, self.ada, message)

    def sent(self, *to: str, **values: Any) -> Message:
        """A message of Ada's that has left."""
        message = self.draft(*to, **values)
        self.send(message)
        self.later(seconds=1)
        return message
