"""How a flight is joined, as a card of it: the ways in, what becomes of the meeting, what can be
done."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import col

from app.models.account import Profile
from app.models.bridge import ClosingStep, Provider
from app.models.outages.lifecycle import ENDINGS
from app.models.outbox import ItemState
from app.models.tables.bridge import Bridge
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.models.times import speak_moment
from app.services.account.settings import account_settings
from app.services.bridge.meeting import KIND, NO_MEETING_IN, closing_of
from app.services.uow import UnitOfWork


class Making(StrEnum):
    """What became of the meeting that was asked for; `LINE` none was."""

    LINE = "line"
    ASKED = "asked"
    MADE = "made"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Way:
    """`text` is dialled, read out or opened as it stands."""

    label: str
    text: str
    is_link: bool = False


@dataclass(frozen=True, slots=True)
class Joining:
    """`sentence` says how it stands. `can_make` a meeting; `can_use_line` instead of it.
    `lock_trouble`: why the lobby could not be locked."""

    ways: tuple[Way, ...]
    making: Making
    sentence: str
    can_make: bool
    can_use_line: bool
    meeting_id: str = ""
    lock_trouble: str = ""


def joining_of(uow: UnitOfWork, outage: Outage, bridge: Bridge | None) -> Joining | None:
    """None while no account is set up: then there is nothing but the line."""
    if account_settings(uow).profile is Profile.NONE:
        return None
    is_open = bridge is not None and bridge.opened_at is not None and bridge.closed_at is None
    may = not is_open and outage.state not in (*NO_MEETING_IN, *ENDINGS)
    if bridge is None:
        return Joining((), Making.LINE, "No bridge is noted yet.", may, may)
    items = {
        item.payload["act"]: item
        for item in uow.all(
            OutboxItem,
            col(OutboxItem.kind) == KIND,
            col(OutboxItem.about_id) == bridge.id,
            order=(col(OutboxItem.id),),
        )
        if item.key in (f"meeting:{bridge.external_id}", f"meeting:{bridge.external_id}:lock")
    }
    making = _making(bridge, items.get("open"))
    closed = bridge.closed_at is not None
    return Joining(
        () if closed else _ways(bridge, making),
        making,
        _sentence(bridge, making, items.get("open"), outage),
        may and (closed or making in (Making.LINE, Making.REFUSED)),
        may and making is not Making.LINE and not closed,
        bridge.meeting_id if making is Making.MADE else "",
        _lock_trouble(bridge, items.get("lock")),
    )


def _making(bridge: Bridge, asked: OutboxItem | None) -> Making:
    if bridge.provider != Provider.TEAMS or asked is None:
        return Making.LINE
    if asked.state is ItemState.SENT:
        return Making.MADE
    return Making.REFUSED if asked.state is ItemState.ATTENTION else Making.ASKED


def _ways(bridge: Bridge, making: Making) -> tuple[Way, ...]:
    if making is not Making.MADE:
        return (Way("Line", bridge.line),) if bridge.line else ()
    found = (Way("Teams", bridge.join_link, True), Way("Dial-in", bridge.dial_in))
    return tuple(way for way in found if way.text)


def _sentence(bridge: Bridge, making: Making, asked: OutboxItem | None, outage: Outage) -> str:
    if bridge.closed_at is not None:
        return f"Closed {speak_moment(bridge.closed_at, outage.zone)}: {bridge.proof}"
    if bridge.opened_at is not None:
        opened = f"Open since {speak_moment(bridge.opened_at, outage.zone)}"
        return f"{opened}, {closing_of(bridge).words}" if bridge.closing else opened
    answer = asked.last_answer.rstrip(".") if asked is not None else ""
    match making:
        case Making.ASKED:
            return "A Teams meeting is being made; it is asked for until Microsoft 365 answers."
        case Making.REFUSED:
            return f"No Teams meeting: {answer}. Use a conference line, or ask again."
        case Making.MADE if not bridge.dial_in:
            return "There is no dial-in number: the account has none."
        case Making.MADE:
            return "Not opened yet."
    return "Not opened yet." if bridge.line else "No conference line is noted yet."


def _lock_trouble(bridge: Bridge, lock: OutboxItem | None) -> str:
    if lock is None or lock.state is not ItemState.ATTENTION:
        return ""
    done = closing_of(bridge).answered(ClosingStep.LOCK)
    return "" if done is not None else lock.last_answer
