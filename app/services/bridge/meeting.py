"""The bridge as an online meeting: asked for once, locked, and closed step by step with proof.

What happens outside is an outbox row of kind `meeting`, written here with the change; whoever
empties the outbox gives the answer back to `meeting_came` or `meeting_refused`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from app.models.bridge import (
    LOCKED,
    Closing,
    ClosingAnswer,
    ClosingStep,
    Provider,
    closing_from,
    closing_to,
)
from app.models.errors import BadInput, NotAllowed, NotFound
from app.models.log import iso
from app.models.outages.lifecycle import State
from app.models.outbox import ItemState
from app.models.tables.bridge import Bridge
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.services.bridge.line import close_bridge
from app.services.calendar.owed import owe_event, stands_there
from app.services.events import LiveChanged, OutageChanged, OutboxChanged
from app.services.outages.planning import bridge_of
from app.services.ports.meetings import Meeting
from app.services.uow import Undo, UnitOfWork

KIND = "meeting"
OPENS_BEFORE = timedelta(minutes=30)
NO_MEETING_IN = (State.FILED, State.CANCELLED)


def ask_meeting(uow: UnitOfWork, outage_id: str, by: str = "") -> str:
    """Have a Teams meeting made for this flight; the id of the outbox item that asks for it.

    Asked again it is the same meeting; after a bridge was closed, a new one: an old link is never
    opened again. Raises NotAllowed.
    """
    outage = uow.fetch(Outage, outage_id)
    if outage.state in NO_MEETING_IN:
        raise NotAllowed(f"{outage.code} is {outage.state.words.lower()}; it needs no bridge now.")
    bridge = bridge_of(uow, outage_id)
    if bridge is None:
        bridge = uow.add(Bridge(organisation_id=uow.organisation_id, outage_id=outage_id))
    if bridge.opened_at is not None and bridge.closed_at is None:
        raise NotAllowed("The bridge is open already; nothing was changed.")
    bridge.external_id = _external_id(outage, bridge)
    bridge.provider = Provider.TEAMS
    if bridge.closed_at is not None:
        _begin_anew(bridge)
    key = f"meeting:{bridge.external_id}"
    known = next(iter(uow.all(OutboxItem, OutboxItem.key == key)), None)
    if known is not None:
        if known.state is not ItemState.SENT:
            known.state, known.last_answer = ItemState.WAITING, "asked again"
            uow.log("the Teams meeting was asked for again", known, outage_id=outage_id, who=by)
            uow.emit(OutboxChanged(outage_id))
            uow.emit(LiveChanged(outage_id))
        return known.id
    item = uow.add(
        OutboxItem(
            organisation_id=uow.organisation_id,
            key=key,
            kind=KIND,
            payload={
                "act": "open",
                "external_id": bridge.external_id,
                "subject": f"{outage.code} {outage.title}",
                "start": iso(outage.start_utc - OPENS_BEFORE),
                "end": iso(outage.promised_end_utc),
            },
            not_before=uow.now,
            about_type="bridge",
            about_id=bridge.id,
            outage_id=outage_id,
        )
    )
    uow.log("a Teams meeting is asked for", bridge, who=by)
    uow.emit(OutboxChanged(outage_id))
    uow.emit(LiveChanged(outage_id))
    return item.id


def _external_id(outage: Outage, bridge: Bridge) -> str:
    if bridge.closed_at is None:
        return bridge.external_id or f"{outage.id}:1"
    number = int(bridge.external_id.rpartition(":")[2] or 0) if bridge.external_id else 0
    return f"{outage.id}:{number + 1}"


def _begin_anew(bridge: Bridge) -> None:
    """What was closed, by whom and how that was seen, stays in the log."""
    bridge.opened_at = bridge.closed_at = None
    bridge.opened_by = bridge.closed_by = bridge.proof = ""
    bridge.meeting_id = bridge.join_link = bridge.dial_in = ""
    bridge.closing = []


def meeting_came(uow: UnitOfWork, item_id: str, meeting: Meeting) -> None:
    """The meeting as the service has it: after opening, how to join; after locking, the lobby."""
    item = uow.fetch(OutboxItem, item_id)
    bridge = uow.fetch(Bridge, item.about_id)
    item.state, item.attempts = ItemState.SENT, item.attempts + 1
    item.last_answer, item.last_tried_at = "the meeting is there", uow.now
    if item.payload["act"] == "open":
        bridge.meeting_id, bridge.join_link = meeting.id, meeting.join_link
        bridge.dial_in = meeting.dial_in
        bridge.closing = []
        without = "" if meeting.dial_in else " (no dial-in number: the account has none)"
        uow.log(f"the Teams meeting is there: {meeting.join_link}{without}", bridge)
        owe_event(uow, uow.fetch(Outage, item.outage_id))
    elif meeting.lobby.casefold() == LOCKED:
        item.last_answer = "locked; read again to be sure"
        _answer(uow, bridge, ClosingStep.LOCK, "the lobby is locked, read again to be sure")
    else:
        item.state = ItemState.ATTENTION
        item.last_answer = f"the lobby still lets in “{meeting.lobby}”; lock it in Teams"
        uow.log(f"the lobby was not locked: it still lets in “{meeting.lobby}”", bridge)
    uow.emit(OutboxChanged(item.outage_id))
    uow.emit(LiveChanged(item.outage_id))
    uow.emit(OutageChanged(item.outage_id))


def meeting_refused(uow: UnitOfWork, item_id: str, sentence: str) -> None:
    """The service declined for good: a person decides (a static line, or the lock by hand)."""
    item = uow.fetch(OutboxItem, item_id)
    item.state, item.attempts = ItemState.ATTENTION, item.attempts + 1
    item.last_answer, item.last_tried_at = sentence, uow.now
    uow.log(f"the Teams meeting was refused: {sentence}", item)
    uow.emit(OutboxChanged(item.outage_id))
    uow.emit(LiveChanged(item.outage_id))


def use_line(uow: UnitOfWork, outage_id: str, line: str, by: str = "") -> Undo:
    """A static conference line instead of the meeting. Raises BadInput."""
    outage, bridge = _both(uow, outage_id)
    if not line.strip():
        raise BadInput("Note number and code, as they would be read out.")
    for item in uow.all(OutboxItem, OutboxItem.about_id == bridge.id):
        if item.state in (ItemState.WAITING, ItemState.ATTENTION, ItemState.HELD):
            item.state, item.last_answer = ItemState.VOID, "a conference line is used instead"
    bridge.line, bridge.provider = line.strip(), Provider.LINE
    uow.log(f"conference line: {bridge.line}", bridge, who=by)
    owe_event(uow, outage)
    uow.emit(OutboxChanged(outage.id))
    uow.emit(LiveChanged(outage.id))
    return uow.undo("noting the conference line", outage.id)


def closing_of(bridge: Bridge) -> Closing:
    return closing_from(bridge.closing)


def begin_closing(uow: UnitOfWork, outage_id: str, farewell: str, by: str = "") -> None:
    """Farewell was said (`farewell`: in which words): from now on the lobby is being locked.
    Raises NotAllowed, BadInput."""
    outage, bridge = _open_meeting(uow, outage_id)
    if not farewell.strip():
        raise BadInput("Note what was said as farewell, such as “all clear, thank you all”.")
    _answer(uow, bridge, ClosingStep.FAREWELL, farewell.strip(), by)
    key = f"meeting:{bridge.external_id}:lock"
    known = next(iter(uow.all(OutboxItem, OutboxItem.key == key)), None)
    if known is not None:  # opened again since it was locked
        known.payload = {**known.payload, "end": iso(uow.now)}
        known.state, known.last_answer = ItemState.WAITING, "asked again"
    elif bridge.meeting_id:
        uow.add(
            OutboxItem(
                organisation_id=uow.organisation_id,
                key=key,
                kind=KIND,
                payload={"act": "lock", "meeting_id": bridge.meeting_id, "end": iso(uow.now)},
                not_before=uow.now,
                about_type="bridge",
                about_id=bridge.id,
                outage_id=outage.id,
            )
        )
    uow.emit(OutboxChanged(outage_id))
    uow.emit(LiveChanged(outage_id))


def answer_closing(
    uow: UnitOfWork, outage_id: str, step: ClosingStep, answer: str, by: str = ""
) -> None:
    """What was seen or said of a step; with the last one the bridge is closed, and these answers
    are its proof. Raises NotAllowed, BadInput."""
    _, bridge = _open_meeting(uow, outage_id)
    if step is ClosingStep.FAREWELL:
        begin_closing(uow, outage_id, answer, by)
        return
    closing = closing_of(bridge)
    due = closing.next
    if due is not step:
        raise NotAllowed(
            f"First: {due.words.lower()}." if due else "Every step has its answer already."
        )
    if not answer.strip():
        raise BadInput("Say what you saw, in a few words.")
    _answer(uow, bridge, step, answer.strip(), by)
    done = closing_of(bridge)
    if done.complete:
        close_bridge(uow, outage_id, done.proof, by)
    uow.emit(LiveChanged(outage_id))


def _answer(uow: UnitOfWork, bridge: Bridge, step: ClosingStep, answer: str, by: str = "") -> None:
    who = by or uow.actor.name
    before = closing_of(bridge)
    given = ClosingAnswer(step, answer, who, uow.now)
    bridge.closing = closing_to(replace(before, answers=(*before.answers, given)))
    uow.log(f"closing the bridge: {step.words.lower()}: {answer}", bridge, who=by)
    if step is ClosingStep.LOCK and before.answered(ClosingStep.EVENT) is None:
        _answer(uow, bridge, ClosingStep.EVENT, _its_event(uow, bridge), by)


def _its_event(uow: UnitOfWork, bridge: Bridge) -> str:
    """A meeting that was asked for by our id has no entry of its own in any calendar (Graph makes
    one only for an online event), so nothing is cancelled and nobody is written to."""
    outage = uow.fetch(Outage, bridge.outage_id)
    stays = "; the outage’s own entry in the calendar stays" if stands_there(uow, outage) else ""
    return f"none to cancel: this meeting has no entry of its own{stays}"


def _open_meeting(uow: UnitOfWork, outage_id: str) -> tuple[Outage, Bridge]:
    outage, bridge = _both(uow, outage_id)
    if bridge.provider != Provider.TEAMS:
        raise NotAllowed("This bridge is a conference line: close it by saying how you saw it end.")
    if bridge.opened_at is None or bridge.closed_at is not None:
        raise NotAllowed("The bridge is not open; nothing was changed.")
    return outage, bridge


def _both(uow: UnitOfWork, outage_id: str) -> tuple[Outage, Bridge]:
    outage = uow.fetch(Outage, outage_id)
    bridge = bridge_of(uow, outage_id)
    if bridge is None:
        raise NotFound(f"{outage.code} has no bridge noted.")
    return outage, bridge
