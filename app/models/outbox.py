"""How something leaves exactly once: the states of an outbox item and of each of its messages,
and what to do next with a message, decided from what is known alone.

A message is a draft that carries our key and is then sent by its id, because no mail service
takes an idempotency key. Before each act that changes something outside, the intent is on disk
(`DRAFTING`, `SENDING`, `DELETING`, `RECALLING`): after a crash or an unclear answer the mailbox is
looked at first. Sending a draft uses it up, so the same draft can be sent again without harm; but
once a draft may have been sent, no other draft with our key ever is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

TAKE_BACK = timedelta(seconds=10)
"""How long everything waits before it leaves, so that a slip can be taken back."""
LOOKS_AFTER = tuple(timedelta(seconds=s) for s in (30, 60, 120, 240, 480))
"""When a message is looked for, counted from the last try: after an unclear send the mailbox is
not believed sooner, as the service may still be at it."""
LOOKS = len(LOOKS_AFTER)
"""How often a message that is nowhere is looked for before a person is asked."""
ACCEPTED_LOOKS = LOOKS + 24
"""What the service took is looked for among the sent for a day, from then on once an hour."""
LOOK_SOON = timedelta(seconds=5)
"""After an unclear try that cannot have sent anything."""
DRAFT_LOOKS_EVERY = timedelta(minutes=5)
"""How often a draft that lies in Outlook is looked after: a person may send it from there."""
ASKS_OF_ANOTHER_AFTER = timedelta(minutes=30)
"""What lies in the mailbox of somebody who is not signed in is asked about so long after its try,
or after the moment until which Outlook held it."""
BY_FILE = "by you, from the file"
WHILE_RUNNING = "only while this console runs"
HELD_BY_OUTLOOK = "held by Outlook until its time"
FROM_OUTLOOK = "by you, from the drafts in Outlook"
GONE_AFTER = 2
"""Looks that find no draft that was never sent, before it is proven gone."""
_KIND_WORDS = {
    "answer": "Answer to a reply",
    "times": "Times to the crew",
    "outreach": "Question to a department head",
    "event": "Calendar entry",
    "meeting": "Teams meeting",
}

_MEETING_WORDS = {
    "open": "Make the Teams meeting",
    "lock": "Lock the lobby of the Teams meeting",
}


def kind_words(kind: str, act: str = "") -> str:
    """What an item is, in words; of a notice its own kind says more. `act` is what is asked of a
    meeting."""
    if kind == "meeting" and act in _MEETING_WORDS:
        return _MEETING_WORDS[act]
    return _KIND_WORDS.get(kind, kind.replace("_", " ").capitalize())


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

    @property
    def words(self) -> str:
        return _ITEM_WORDS[self]


class Route(StrEnum):
    """Who sends it."""

    CONSOLE = "console"
    OUTLOOK_HOLDS = "outlook_holds"
    OUTLOOK_DRAFT = "outlook_draft"
    FILE = "file"


class PartState(StrEnum):
    """`PENDING` nothing was tried · `DRAFTING`, `SENDING` tried, answer not known · `DRAFTED` the
    draft is there · `ACCEPTED` the service took it (202) · `HELD_BY_OUTLOOK` it keeps it until a
    time · `SENT` seen among the sent · `UNCLEAR` a person is asked · `REFUSED` · `DELETING` a draft
    that was never sent is being taken back · `RECALLING` the same of one that may have been sent ·
    `VOID` proven gone."""

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
    RECALLING = "recalling"
    VOID = "void"

    @property
    def left(self) -> bool:
        return self in (PartState.ACCEPTED, PartState.SENT)

    @property
    def may_have_left(self) -> bool:
        return self in _MAY_HAVE_LEFT

    @property
    def asks(self) -> bool:
        """A person is asked about it."""
        return self in _ASKS

    @property
    def nothing_outside(self) -> bool:
        """Nothing of it is in the mailbox, as far as we did it."""
        return self in (PartState.PENDING, PartState.VOID)

    @property
    def words(self) -> str:
        return _PART_WORDS[self]


IN_MOTION = (
    PartState.DRAFTING,
    PartState.DRAFTED,
    PartState.SENDING,
    PartState.HELD_BY_OUTLOOK,
    PartState.DELETING,
    PartState.RECALLING,
)
"""Something of it lies in the mailbox, or may, and there is more to do about it."""


class Act(StrEnum):
    CREATE = "create"
    LOOK = "look"
    SEND = "send"
    DELETE = "delete"
    ASK = "ask"
    WAIT = "wait"
    REST = "rest"

    @property
    def changes(self) -> bool:
        """It changes something outside, so its intent is on disk first."""
        return self in (Act.CREATE, Act.SEND, Act.DELETE)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one message.

    `fresh`: this process had a clear answer to its last try, or saw the draft there since; else
    the mailbox is looked at before anything else. `tried_at` is the last try that changes
    something, `looks` how often it was looked for in vain since. `held`: nothing of it leaves for
    now. `looked_at`: when this process saw the draft last. `of_another`: it lies in the mailbox of
    somebody who is not signed in now, where nothing can be seen or done: not finding it proves
    nothing.
    """

    state: PartState
    route: Route = Route.CONSOLE
    fresh: bool = True
    taken_back: bool = False
    held: bool = False
    tried_at: datetime | None = None
    looks: int = 0
    held_until: datetime | None = None
    looked_at: datetime | None = None
    of_another: bool = False

    @property
    def stops(self) -> bool:
        """Nothing of it is to leave now."""
        return self.taken_back or self.held or self.route is Route.FILE

    @property
    def withdrawn(self) -> bool:
        """What is in Outlook is to go from there: for good, or because it was written there to be
        held, which is no longer wanted."""
        kept = self.held_until is not None and self.route is not Route.OUTLOOK_HOLDS
        return self.taken_back or self.route is Route.FILE or kept


def next_act(known: Known, now: datetime) -> Act:
    """What to do with a message now. REST: nothing more is to be done; WAIT: not before
    `wakes_at`."""
    act = _wanted(known)
    wakes = wakes_at(known)
    return Act.WAIT if wakes is not None and now < wakes else act


def _wanted(known: Known) -> Act:
    if known.of_another and not known.state.nothing_outside:
        return _wanted_of_another(known)
    match known.state:
        case PartState.PENDING | PartState.VOID:
            return Act.REST if known.stops else Act.CREATE
        case PartState.DRAFTED:
            if known.withdrawn:
                return Act.DELETE
            if known.fresh and not known.held and known.route is not Route.OUTLOOK_DRAFT:
                return Act.SEND
            return _look_or_ask(known)  # a person may send it in Outlook
        case PartState.SENDING:
            if not known.fresh:
                return _look_or_ask(known)
            if known.withdrawn:
                return Act.DELETE
            return Act.REST if known.held else Act.SEND
        case PartState.HELD_BY_OUTLOOK:
            return Act.DELETE if known.stops or known.withdrawn else _look_or_ask(known)
        case PartState.RECALLING:
            return Act.DELETE if known.fresh else _look_or_ask(known)
        case PartState.DELETING:
            return Act.DELETE if known.fresh else Act.LOOK
        case PartState.DRAFTING:
            return Act.LOOK
        case PartState.ACCEPTED:
            return Act.REST if known.looks >= ACCEPTED_LOOKS else Act.LOOK
        case _:
            return Act.REST


def _wanted_of_another(known: Known) -> Act:
    """Whether it left only a person can say who looks there; a draft waits for whose it is."""
    if known.state is PartState.DRAFTED and known.route is Route.OUTLOOK_DRAFT:
        return Act.ASK if known.withdrawn else Act.REST
    return Act.ASK if known.state in IN_MOTION else Act.REST


def _look_or_ask(known: Known) -> Act:
    return Act.ASK if known.looks >= LOOKS else Act.LOOK


def wakes_at(known: Known) -> datetime | None:
    """Until when a message is left alone; None: not at all."""
    act, tried = _wanted(known), known.tried_at or known.looked_at
    if known.of_another and act is Act.ASK and tried is not None:
        return max(known.held_until or tried, tried) + ASKS_OF_ANOTHER_AFTER
    if act is not Act.LOOK or tried is None:
        return None
    match known.state:
        case PartState.DRAFTING:
            return tried + LOOK_SOON
        case PartState.DRAFTED if known.fresh:  # it is looked after, as a person sends it
            return max(tried, known.looked_at or tried) + DRAFT_LOOKS_EVERY
        case PartState.DRAFTED:
            return tried + LOOKS_AFTER[known.looks] if known.looks else None
        case PartState.DELETING:
            return tried + LOOK_SOON + LOOKS_AFTER[0] * known.looks
        case PartState.HELD_BY_OUTLOOK:
            return max(known.held_until or tried, tried) + LOOKS_AFTER[known.looks]
        case _ if known.looks >= LOOKS:
            return tried + LOOKS_AFTER[-1] + timedelta(hours=known.looks - LOOKS + 1)
        case _:
            return tried + LOOKS_AFTER[known.looks]


def item_state(
    parts: Sequence[PartState],
    *,
    held: bool = False,
    taken_back: bool = False,
    route: Route = Route.CONSOLE,
) -> ItemState:
    """What the parts of a prepared item add up to. A part that left is never called void, and a
    hold is never forgotten while anything is still to leave."""
    if not parts:
        return ItemState.VOID if taken_back else ItemState.HELD if held else ItemState.WAITING
    if all(part.left for part in parts):
        return ItemState.SENT
    if taken_back and all(part.left or part.nothing_outside for part in parts):
        return ItemState.SENT if any(part.left for part in parts) else ItemState.VOID
    if held:
        return ItemState.HELD
    if any(part.asks for part in parts):
        return ItemState.ATTENTION
    if not taken_back:
        if all(part is PartState.HELD_BY_OUTLOOK or part.left for part in parts):
            return ItemState.DEFERRED
        by_hand = route is Route.OUTLOOK_DRAFT
        if by_hand and all(part is PartState.DRAFTED or part.left for part in parts):
            return ItemState.DRAFTED
    return ItemState.LEAVING


def sender_words(route: Route, not_before: datetime | None) -> str:
    """Who sends it, in the words of the Outbox; the time is shown beside them."""
    return {
        Route.CONSOLE: WHILE_RUNNING,
        Route.OUTLOOK_HOLDS: HELD_BY_OUTLOOK if not_before else "Outlook",
        Route.OUTLOOK_DRAFT: FROM_OUTLOOK,
        Route.FILE: BY_FILE,
    }[route]


_ASKS = (PartState.UNCLEAR, PartState.REFUSED)
_MAY_HAVE_LEFT = frozenset(
    {
        PartState.SENDING,
        PartState.UNCLEAR,
        PartState.ACCEPTED,
        PartState.SENT,
        PartState.HELD_BY_OUTLOOK,
        PartState.RECALLING,
    }
)
_ITEM_WORDS = {
    ItemState.WAITING: "waits",
    ItemState.HELD: "held",
    ItemState.LEAVING: "leaving",
    ItemState.ATTENTION: "needs attention",
    ItemState.EXPORTED: "saved as files",
    ItemState.DRAFTED: "a draft in Outlook",
    ItemState.DEFERRED: "held by Outlook",
    ItemState.SENT: "left",
    ItemState.VOID: "taken back",
}
_PART_WORDS = {
    PartState.PENDING: "waits",
    PartState.DRAFTING: "being written to Outlook",
    PartState.DRAFTED: "a draft in Outlook",
    PartState.SENDING: "being sent",
    PartState.ACCEPTED: "taken by Outlook",
    PartState.HELD_BY_OUTLOOK: "held by Outlook",
    PartState.SENT: "seen among the sent",
    PartState.UNCLEAR: "not known whether it left",
    PartState.REFUSED: "refused",
    PartState.DELETING: "being taken back",
    PartState.RECALLING: "being taken back",
    PartState.VOID: "proven gone",
}
