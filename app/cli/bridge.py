"""`bridge`: a conference line or a Teams meeting, opened, and closed with proof."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

from sqlmodel import col

from app.models.account import Profile
from app.models.bridge import Closing, ClosingStep, Provider
from app.models.errors import BadInput, NotAllowed, StoreTrouble
from app.models.outbox import ItemState
from app.models.tables.outbox import OutboxItem
from app.services.account.settings import account_settings
from app.services.bridge.joining import how_to_join
from app.services.bridge.line import close_bridge, open_bridge
from app.services.bridge.meeting import KIND, answer_closing, ask_meeting, closing_of, use_line
from app.services.outages.planning import bridge_of, find_outage
from app.services.ports.trouble import RemoteTrouble
from app.services.sync.lock import only_sender
from app.services.sync.meetings import MeetingRound
from app.services.uow import UnitOfWork
from app.wiring import Console

ANOTHER_SENDS_S = 15.0
"""How long the open window, which sends, is given to do what was asked for."""
_OPTIONS = {
    ClosingStep.FAREWELL: "--farewell T",
    ClosingStep.LOCK: "--locked T",
    ClosingStep.END: "--ended-by NAME",
    ClosingStep.LOOK: "--proof T",
}


@dataclass(frozen=True, slots=True)
class _Bridge:
    outage_id: str
    code: str
    joins: str
    is_open: bool
    is_meeting: bool
    was_closed: bool
    closing: Closing
    asked_for: str


def bridge(console: Console, asked: argparse.Namespace) -> int:
    return _open(console, asked) if asked.act == "open" else _close(console, asked)


def _look(uow: UnitOfWork, code: str) -> _Bridge:
    outage = find_outage(uow, code)
    row = bridge_of(uow, outage.id)
    waits = [
        item
        for item in uow.all(
            OutboxItem, col(OutboxItem.outage_id) == outage.id, col(OutboxItem.kind) == KIND
        )
        if item.state in (ItemState.WAITING, ItemState.ATTENTION)
    ]
    return _Bridge(
        outage.id,
        outage.code,
        how_to_join(row),
        row is not None and row.opened_at is not None and row.closed_at is None,
        row is not None and row.provider == Provider.TEAMS,
        row is not None and row.closed_at is not None,
        closing_of(row) if row is not None else Closing(),
        waits[-1].last_answer or "it waits" if waits else "",
    )


# --- open ------------------------------------------------------------------------------------


def _open(console: Console, asked: argparse.Namespace) -> int:
    store = console.store
    if asked.teams and asked.line:
        raise BadInput("A bridge is a Teams meeting or a line; give --teams or --line, not both.")
    found = store.read(_look, asked.outage)
    # the link of a meeting that was closed is never opened again
    wants = asked.teams or not found.joins or (found.is_meeting and found.was_closed)
    has_account = store.read(account_settings).profile is not Profile.NONE
    if asked.teams and not has_account:
        raise NotAllowed("Without an account there is no Teams meeting; `account --help` says how.")
    if wants and has_account and not asked.line and not found.is_open:
        _have_meeting(console, found, asked.by)

    def act(uow: UnitOfWork) -> str:
        if asked.line:
            use_line(uow, found.outage_id, asked.line, asked.by)
        open_bridge(uow, found.outage_id, by=asked.by)
        return how_to_join(bridge_of(uow, found.outage_id))

    joins = store.run(act)
    print(f"{found.code}: bridge open\n{joins}")
    return 0


def _have_meeting(console: Console, found: _Bridge, by: str) -> None:
    """Raises NotAllowed while it is not there."""
    store = console.store
    item_id = store.run(ask_meeting, found.outage_id, by)

    def came(uow: UnitOfWork) -> bool:
        return uow.fetch(OutboxItem, item_id).state is ItemState.SENT

    why = _tend(console, came)
    if not store.read(came):
        said = store.read(lambda uow: uow.fetch(OutboxItem, item_id).last_answer)
        raise NotAllowed(
            f"The Teams meeting is not there yet: {_sentence(why or said)} It stays asked for. Say "
            f"`bridge {found.code} open` again, or --line LINE for a conference line."
        )


def _tend(console: Console, done: Callable[[UnitOfWork], bool]) -> str:
    """One round of what is asked of meetings; where an open window sends, it is given the time.
    Returns why it may have come to nothing."""
    from app.wiring.remote import remote_of

    store = console.store
    if store.read(done):
        return ""
    try:
        with only_sender(console.folder):
            remote = remote_of(store)
            try:
                if remote.meetings is None:
                    return "the account is set to files only"
                return MeetingRound(store, remote.meetings).turn().why
            finally:
                remote.close()
    except RemoteTrouble as trouble:
        return trouble.sentence
    except StoreTrouble as trouble:
        if trouble.about.get("trouble") != "sender":
            raise
    end = time.monotonic() + ANOTHER_SENDS_S
    while time.monotonic() < end and not store.read(done):
        time.sleep(0.2)
    return "another Flight Console on this data folder sends, and has not done it so far"


# --- close -----------------------------------------------------------------------------------


def _close(console: Console, asked: argparse.Namespace) -> int:
    found = console.store.read(_look, asked.outage)
    if not found.is_meeting:
        if asked.farewell or asked.locked or asked.ended_by:
            raise BadInput("This bridge is a conference line: --proof alone closes it.")
        console.store.run(close_bridge, found.outage_id, asked.proof, by=asked.by)
        print(f"{found.code}: bridge closed")
        return 0
    if not found.is_open:
        raise NotAllowed("The bridge is not open; nothing was changed.")
    step, why = _walk(console, found, asked)
    if step is None:
        print(f"{found.code}: bridge closed")
        return 0
    number = list(ClosingStep).index(step) + 1
    print(f"{found.code}: closing the bridge, {number} of {len(ClosingStep)}: {step.words}.")
    if why:
        print(f"Not locked so far: {_sentence(why)}")
    print(f"{step.how} Then: bridge {found.code} close {_OPTIONS[step]}")
    return 1


def _walk(
    console: Console, found: _Bridge, asked: argparse.Namespace
) -> tuple[ClosingStep | None, str]:
    """Take the answers in the order of the steps, as far as they go; the step that is next, and
    why the console could not do it."""
    ended = f"ended by {asked.ended_by.strip()}" if asked.ended_by.strip() else ""
    answers = {
        ClosingStep.FAREWELL: asked.farewell,
        ClosingStep.LOCK: asked.locked,
        ClosingStep.END: ended,
        ClosingStep.LOOK: asked.proof,
    }
    store = console.store

    def locked(uow: UnitOfWork) -> bool:
        return _look(uow, found.code).closing.answered(ClosingStep.LOCK) is not None

    while (step := store.read(_look, found.code).closing.next) is not None:
        if answers[step].strip():
            store.run(answer_closing, found.outage_id, step, answers[step], asked.by)
        elif step is ClosingStep.LOCK:
            why = _tend(console, locked)
            if not store.read(locked):
                return step, why or store.read(_look, found.code).asked_for
        else:
            return step, ""
    return None, ""


def _sentence(words: str) -> str:
    said = words.strip().rstrip(".") or "nothing was heard of it so far"
    return f"{said}."
