"""How something leaves exactly once: the states of an outbox item and of each of its messages,
and what to do next with a message, decided from what is known alone.

A message is a draft that carries our key and is then sent by its id, because no mail service
takes an idempotency key. Before each act that changes something outside, the intent is on disk
(`DRAFTING`, `SENDING`): after a crash or an unclear answer the mailbox is looked at first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

TAKE_BACK = timedelta(seconds=10)
"""How long everything waits before it leaves, so that a slip can be taken back."""
LOOK_AGAIN = timedelta(seconds=30)
"""After an unclear send the mailbox is not believed sooner: the service may still be at it."""
LOOKS = 5
"""How often a message that is nowhere is looked for before a person is asked."""
BATCH = 500
"""Recipients a message (Exchange’s default limit)."""
A_MINUTE = 30
A_DAY = 10_000
"""Exchange’s limits on messages a minute and recipients a day."""


class ItemState(StrEnum):
    WAITING = "waiting"
    HELD = "held"
    LEAVING = "leaving"
    ATTENTION = "attention"
    EXPORTED = "exported"
    DRAFTED = "drafted"
    DEFERRED = "deferred"
    SENT = "sent"
    VOID = "void"

    @property
    def open(self) -> bool:
        """Still to leave, or not known to have left."""
        return self not in (ItemState.SENT, ItemState.VOID)


class Route(StrEnum):
    """Who sends it."""

    CONSOLE = "console"
    OUTLOOK_HOLDS = "outlook_holds"
    OUTLOOK_DRAFT = "outlook_draft"
    FILE = "file"


class PartState(StrEnum):
    """`PENDING` nothing was tried · `DRAFTING`, `SENDING` tried, answer not known · `DRAFTED` the
    draft is there · `ACCEPTED` the service took it (202) · `HELD_BY_OUTLOOK` it keeps it until a
    time · `SENT` seen among the sent · `UNCLEAR` a person is asked · `REFUSED` · `DELETING` being
    taken back · `VOID` proven gone."""

    PENDING = "pending"
    DRAFTING = "drafting"
    DRAFTED = "drafted"
    SENDING = "sending"
    ACCEPTED = "accepted"
    HELD_BY_OUTLOOK = "held_by_outlook"
    SENT = "sent"
    UNCLEAR = "unclear"
    REFUSED = "refused"
    DELETING = "deleting"
    VOID = "void"

    @property
    def left(self) -> bool:
        return self in (PartState.ACCEPTED, PartState.SENT)

    @property
    def may_have_left(self) -> bool:
        return self in (PartState.SENDING, PartState.UNCLEAR) or self.left


class Act(StrEnum):
    CREATE = "create"
    LOOK = "look"
    SEND = "send"
    DELETE = "delete"
    ASK = "ask"
    WAIT = "wait"
    REST = "rest"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one message. `fresh` False: this process did not make the last try, or its
    answer was unclear, so the mailbox is looked at before anything else."""

    state: PartState
    route: Route
    fresh: bool = True
    taken_back: bool = False
    tried_at: datetime | None = None
    looks: int = 0


def next_act(known: Known, now: datetime) -> Act:
    """What to do with a message now. REST: nothing more is to be done; WAIT: later."""
    match known.state:
        case PartState.PENDING:
            return Act.REST if known.taken_back else Act.CREATE
        case PartState.DRAFTING:
            return Act.LOOK
        case PartState.DRAFTED:
            if known.taken_back:
                return Act.DELETE
            if known.route is Route.OUTLOOK_DRAFT:
                return Act.LOOK
            return Act.SEND if known.fresh else Act.LOOK
        case PartState.SENDING:
            if known.tried_at is not None and now < known.tried_at + LOOK_AGAIN:
                return Act.WAIT
            return Act.ASK if known.looks >= LOOKS else Act.LOOK
        case PartState.HELD_BY_OUTLOOK:
            return Act.DELETE if known.taken_back else Act.LOOK
        case PartState.DELETING | PartState.ACCEPTED:
            return Act.LOOK
        case _:
            return Act.REST


def item_state(parts: list[PartState], taken_back: bool) -> ItemState:
    """What the parts add up to. Parts not yet made count as WAITING's business, not here."""
    if any(part in (PartState.UNCLEAR, PartState.REFUSED) for part in parts):
        return ItemState.ATTENTION
    if all(part.left for part in parts):
        return ItemState.SENT
    if taken_back and all(part in (PartState.VOID, PartState.PENDING) for part in parts):
        return ItemState.VOID
    if all(part is PartState.HELD_BY_OUTLOOK or part.left for part in parts):
        return ItemState.DEFERRED
    if all(part is PartState.DRAFTED for part in parts):
        return ItemState.DRAFTED
    return ItemState.LEAVING
