"""A mailbox: drafts that carry our key, sent by id, and what came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Address:
    email: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message as it is to leave. `key` is ours and travels with the draft (an extended
    property), so that a lost answer can be looked up. `mailbox` is a shared mailbox's address,
    empty for the person's own. `forward_of` is the remote id of the message this one forwards,
    with `html` as the note on top. `hold_until` (UTC): the service itself keeps it till then."""

    key: str
    subject: str
    text: str
    html: str
    to: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    reply_to: tuple[Address, ...] = ()
    files: tuple[File, ...] = ()
    mailbox: str = ""
    forward_of: str = ""
    answer_to: str = ""
    hold_until: datetime | None = None

    @property
    def reach(self) -> int:
        return len(self.to) + len(self.bcc)


class Folder(StrEnum):
    INBOX = "inbox"
    DRAFTS = "drafts"
    SENT = "sentitems"


@dataclass(frozen=True, slots=True)
class Found:
    """A message as the mailbox has it. `id` may change when it is sent; `internet_id` (RFC 5322
    Message-ID) and `conversation` do not."""

    id: str
    internet_id: str
    conversation: str
    is_draft: bool
    web_link: str = ""
    sent_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message in the inbox or among the sent ones. `references`: Message-IDs of In-Reply-To
    and References, newest last. `automatic`: an out-of-office or other automatic reply.
    `undelivered`: addresses a bounce speaks of; `is_bounce` also when none could be read."""

    id: str
    internet_id: str
    conversation: str
    subject: str
    sender: Address
    text: str
    received_at: datetime
    references: tuple[str, ...] = ()
    automatic: bool = False
    is_bounce: bool = False
    undelivered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class MailChanges:
    """One page of what changed. `cursor` is opaque; keep it once the page has been stored. With
    `more` the same cursor leads to the next page of this round."""

    arrived: tuple[Arrived, ...]
    removed: tuple[str, ...]
    cursor: str
    more: bool


class Mailbox(Protocol):
    """Methods raise the troubles of `ports.trouble`."""

    def create_draft(self, message: Outgoing) -> Found:
        """Files included. On Unclear: `find` before asking again."""
        ...

    def find(self, key: str, internet_id: str = "", mailbox: str = "") -> Sequence[Found]:
        """Every message that carries our `key` or is `internet_id`, in Drafts and Sent Items."""
        ...

    def send(self, draft_id: str, mailbox: str = "") -> None:
        """Hand the draft over: accepted, not yet sent. Gone when there is no such draft any more.
        On Unclear: `find`, never again at once."""
        ...

    def delete_draft(self, draft_id: str, mailbox: str = "") -> None:
        """Take it back before it leaves. Gone when it left or was deleted."""
        ...

    def changes(
        self, folder: Folder, cursor: str, since: datetime, mailbox: str = ""
    ) -> MailChanges:
        """An empty `cursor` starts a round with what arrived from `since` (UTC) on. Raises
        SyncLost."""
        ...
