"""What a person does with what is to leave: hold, release, send now, take back, another way out,
and the answer to what the console cannot know."""

from __future__ import annotations

from app.models.errors import NotAllowed
from app.models.notices.kinds import NoticeKind
from app.models.outbox import (
    TAKE_BACK,
    WHILE_RUNNING,
    ItemState,
    PartState,
    Route,
    item_state,
    sender_words,
)
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.events import NoticesChanged, OutboxChanged
from app.services.notices import sending
from app.services.notices.exporting import Artefacts, export
from app.services.outbox.closing import holdable
from app.services.outbox.items import (
    LOOK_FIRST,
    MAIL,
    left_at,
    parts_of,
    require_none_outside,
)
from app.services.outbox.settling import settle, take_back
from app.services.uow import Undo, UnitOfWork
from app.services.working import UNWATCHED, Work


def hold(uow: UnitOfWork, item_id: str, *, seen: int | None = None) -> Undo:
    """Nothing more of it leaves until it is released. What Outlook keeps is fetched back."""
    item = _open(uow, item_id, seen)
    if item.state is ItemState.HELD:
        raise NotAllowed("It is held already; nothing was changed.")
    if item.state is ItemState.EXPORTED:
        raise NotAllowed("It leaves by your own hand, from the file; there is nothing to hold.")
    item.state, item.last_answer = ItemState.HELD, f"held by {uow.actor.name}"
    return _changed(uow, item, "held in the outbox", "holding it")


def release(uow: UnitOfWork, item_id: str, *, seen: int | None = None) -> Undo:
    """It leaves when it is due, ten seconds from now at the earliest."""
    item = _open(uow, item_id, seen)
    parts = parts_of(uow, item.id)
    if item.state is not ItemState.HELD and not (item.state is ItemState.ATTENTION and not parts):
        raise NotAllowed("It is not held; nothing was changed.")
    states = [part.state for part in parts]
    item.state = item_state(states, route=item.route)
    item.last_answer = f"released by {uow.actor.name}"
    _earliest(uow, item)
    if item.payload.get(LOOK_FIRST):
        _look_first(parts)
    return _changed(uow, item, "released in the outbox", "releasing it")


def send_now(uow: UnitOfWork, item_id: str, *, seen: int | None = None) -> Undo:
    """By the console, in ten seconds, whatever its time or way was."""
    item = _open(uow, item_id, seen)
    parts = parts_of(uow, item.id)
    if item.state is not ItemState.HELD:
        _require_known(parts)
    states = [part.state for part in parts]
    item.route, item.sender = Route.CONSOLE, WHILE_RUNNING
    item.state = item_state(states, route=item.route)
    item.not_before = uow.on_the_wall(TAKE_BACK)
    item.last_answer = f"sent on its way by {uow.actor.name}"
    if item.payload.get(LOOK_FIRST):
        _look_first(parts)
    return _changed(uow, item, "sent on its way now", "sending it now")


def take_back_item(
    uow: UnitOfWork, item_id: str, why: str = "", *, seen: int | None = None
) -> Undo:
    """It does not leave. A notice is a draft again."""
    item = _open(uow, item_id, seen)
    if item.kind == "notice":
        return sending.cancel_queued(uow, item.about_id, why)
    take_back(uow, item, why.strip() or "taken back")
    return _changed(uow, item, "taken back before it left", "taking it back")


def choose_route(uow: UnitOfWork, item_id: str, route: Route, *, seen: int | None = None) -> Undo:
    """Who sends it: this console, Outlook at its time, or a person from Outlook’s drafts. For
    files see `export_instead`. Raises NotAllowed when it may have left already."""
    item = _open(uow, item_id, seen)
    if route is Route.FILE:
        raise NotAllowed("Save it as files instead; then it leaves by your own hand.")
    parts = parts_of(uow, item.id)
    _require_known(parts)
    item.route, item.sender = route, sender_words(route, item.not_before)
    if item.state is ItemState.EXPORTED:
        _earliest(uow, item)
    if item.state is not ItemState.HELD:
        item.state = item_state([part.state for part in parts], route=item.route)
    return _changed(uow, item, f"the way out: {item.sender}", "another way out")


def hand_over(uow: UnitOfWork) -> int:
    """The console is about to close: what it would send later is given to Outlook to hold. Returns
    how many items that are; they are handed over by the next turns."""
    rows = holdable(uow)
    for item in rows:
        item.route = Route.OUTLOOK_HOLDS
        item.sender = sender_words(item.route, item.not_before)
        uow.emit(OutboxChanged(item.outage_id))
    if rows:
        uow.log(f"the console closes: Outlook is given {len(rows)} to hold until their time")
    return len(rows)


def export_instead(uow: UnitOfWork, item_id: str, *, work: Work = UNWATCHED) -> Artefacts:
    """The files; from now on it leaves by a person’s own hand. Raises NotAllowed when a part may
    have left, Stopped."""
    item = _open(uow, item_id, None)
    if item.kind != "notice":
        raise NotAllowed("Only a notice is saved as files; answer from your mail program instead.")
    require_none_outside(uow, item)
    return export(uow, item.outage_id, NoticeKind(item.payload["notice"]), work=work)


def say_it_left(uow: UnitOfWork, item_id: str, by: str = "", *, only: str = "") -> None:
    """A person looked: the messages of which it was not known left (or `only` the one)."""
    item, parts = _asking(uow, item_id, only, PartState.UNCLEAR)
    for part in parts:
        part.state, part.last_answer = PartState.SENT, f"left, says {by or uow.actor.name}"
        part.accepted_at = left_at(part, part.accepted_at or part.tried_at or uow.now, uow.now)
    uow.log(f"it left, says {by or uow.actor.name}", item, who=by)
    item.last_answer = f"left, says {by or uow.actor.name}"
    settle(uow, item, parts_of(uow, item.id))


def say_send_again(uow: UnitOfWork, item_id: str, by: str = "", *, only: str = "") -> None:
    """A person looked: they did not leave, or what was refused was put right. The mailbox is looked
    at once more before anything is sent."""
    item, parts = _asking(uow, item_id, only, PartState.UNCLEAR, PartState.REFUSED)
    if item.taken_back_at is not None:
        raise NotAllowed("It was taken back. Say whether it left, or that it did not.")
    for part in parts:
        part.state, part.looks, part.tried_at = PartState.DRAFTING, 0, None
        part.last_answer = f"to be sent again, says {by or uow.actor.name}"
    uow.log(f"to be sent again, says {by or uow.actor.name}", item, who=by)
    item.last_answer = "to be sent again"
    settle(uow, item, parts_of(uow, item.id))


def say_it_did_not_leave(uow: UnitOfWork, item_id: str, by: str = "", *, only: str = "") -> None:
    """A person looked: what was being taken back is gone, and nothing of it left."""
    item, parts = _asking(uow, item_id, only, PartState.UNCLEAR)
    if item.taken_back_at is None:
        raise NotAllowed("Take it back, or have it sent again.")
    for part in parts:
        part.state, part.last_answer = PartState.VOID, f"gone, says {by or uow.actor.name}"
    uow.log(f"it did not leave, says {by or uow.actor.name}", item, who=by)
    settle(uow, item, parts_of(uow, item.id))


def _open(uow: UnitOfWork, item_id: str, seen: int | None) -> OutboxItem:
    item = uow.fetch(OutboxItem, item_id, seen)
    if item.kind not in MAIL:
        raise NotAllowed("This is no message; the flight it belongs to says what can be done.")
    if not item.state.open:
        raise NotAllowed(f"It {item.state.words} already; nothing was changed.")
    if item.taken_back_at is not None:
        raise NotAllowed("It is being taken back; nothing was changed.")
    return item


def _asking(
    uow: UnitOfWork, item_id: str, only: str, *states: PartState
) -> tuple[OutboxItem, list[OutboxPart]]:
    item = uow.fetch(OutboxItem, item_id)
    parts = [part for part in parts_of(uow, item_id) if part.state in states]
    parts = [part for part in parts if only in ("", part.id)]
    if not parts:
        raise NotAllowed("Nothing is asked of it now; nothing was changed.")
    return item, parts


def _require_known(parts: list[OutboxPart]) -> None:
    """Raises NotAllowed while of one of them it is not known whether it left."""
    unknown = (PartState.SENDING, PartState.UNCLEAR, PartState.RECALLING)
    if any(part.state in unknown for part in parts):
        raise NotAllowed(
            "Of a part of it it is not known yet whether it left; nothing was changed. "
            "The Outbox says when it is."
        )


def _earliest(uow: UnitOfWork, item: OutboxItem) -> None:
    due = item.not_before or uow.now
    item.not_before = max(due, uow.on_the_wall(TAKE_BACK))


def _look_first(parts: list[OutboxPart]) -> None:
    """After a restore: what was not tried by then may have been since."""
    for part in parts:
        if part.state is PartState.PENDING:
            part.state, part.tried_at = PartState.DRAFTING, None


def _changed(uow: UnitOfWork, item: OutboxItem, what: str, label: str) -> Undo:
    uow.log(what, item)
    uow.emit(OutboxChanged(item.outage_id))
    uow.emit(NoticesChanged(item.outage_id))
    return uow.undo(label, item.outage_id)
