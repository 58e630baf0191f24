"""Which calendar of Outlook our outages live in, and that it is to follow a change.

This is the one place of the choice: the account page, the commands and the sync thread ask here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial

from sqlmodel import col

from app.models.outages.lifecycle import CLOSED, State
from app.models.outbox import ItemState
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.models.tables.settings import Setting
from app.models.tables.sync import RemoteLink
from app.services.events import CalendarChanged, OutboxChanged
from app.services.uow import UnitOfWork

KIND = "event"


@dataclass(frozen=True, slots=True)
class Chosen:
    """The calendar of Outlook that outages live in; `id` empty: none was chosen. `owner` was signed
    in then, by address: a calendar's id is of use in that mailbox alone. Empty: not known."""

    id: str = ""
    name: str = ""
    owner: str = ""


def chosen_calendar(uow: UnitOfWork) -> Chosen:
    row = uow.find(Setting, _name(uow))
    return Chosen(**json.loads(row.value)) if row is not None and row.value else Chosen()


def may_choose_default(uow: UnitOfWork) -> bool:
    """Nobody chose yet: neither a calendar nor, on purpose, none."""
    row = uow.find(Setting, _name(uow))
    return bool(uow.organisation_id) and (row is None or not row.value)


def choose_calendar(uow: UnitOfWork, chosen: Chosen) -> None:
    """From now on outages live there; all that are planned are owed to it. What stands in
    another calendar stays as it is, and in another person's nothing of it can be changed."""
    was = chosen_calendar(uow)
    if was.owner and chosen.owner and was.owner != chosen.owner:
        _let_go(uow)
    _keep(uow, json.dumps({"id": chosen.id, "name": chosen.name, "owner": chosen.owner}))
    words = f"the Outlook calendar “{chosen.name}”" if chosen.id else "no Outlook calendar"
    uow.log(f"outages are kept in {words} from now on")
    if chosen.id:
        for outage in uow.all(Outage, col(Outage.state).not_in([State.DRAFT, *CLOSED])):
            owe_event(uow, outage)
    else:
        _owe_nothing(uow)
    uow.emit(CalendarChanged())


def forget_calendar(uow: UnitOfWork) -> None:
    """Another mailbox stands behind the account from now on: it knows neither the calendar nor
    what stands there. Nobody has chosen yet; what stood in the other stays as it is."""
    if not chosen_calendar(uow).id:
        return
    _keep(uow, "")
    _owe_nothing(uow)
    _let_go(uow)
    uow.log("the Outlook calendar is to be chosen again, as the account is another one")
    uow.emit(CalendarChanged())


def owe_event(uow: UnitOfWork, outage: Outage) -> None:
    """Have the calendar follow `outage`. Called by every use case that changes what stands there;
    does nothing while no calendar is chosen. Undone, the calendar follows again: what was written
    meanwhile does not stand in the way."""
    if not chosen_calendar(uow).id or (
        outage.state is State.DRAFT and not stands_there(uow, outage)
    ):
        return
    items = uow.all(OutboxItem, col(OutboxItem.kind) == KIND, col(OutboxItem.about_id) == outage.id)
    again = partial(_follow_again, outage_id=outage.id)
    if any(item.state in (ItemState.WAITING, ItemState.HELD) for item in items):
        uow.follow(again)
        return
    item = uow.add(
        OutboxItem(
            organisation_id=uow.organisation_id,
            key=f"event:{outage.id}:{len(items) + 1}",
            kind=KIND,
            not_before=uow.now,
            about_type="outage",
            about_id=outage.id,
            outage_id=outage.id,
        )
    )
    uow.follow(again, item)
    uow.emit(OutboxChanged(outage.id))


def _follow_again(uow: UnitOfWork, outage_id: str) -> None:
    outage = uow.find(Outage, outage_id)
    if outage is not None and outage.archived_at is None:
        owe_event(uow, outage)


def stands_there(uow: UnitOfWork, outage: Outage) -> bool:
    """It has an entry in the Outlook calendar, as far as is known here."""
    links = uow.all(RemoteLink, col(RemoteLink.kind) == KIND, col(RemoteLink.local_id) == outage.id)
    return any(link.remote_id for link in links)


def _owe_nothing(uow: UnitOfWork) -> None:
    for item in uow.all(
        OutboxItem, col(OutboxItem.kind) == KIND, col(OutboxItem.state).not_in(_ENDED)
    ):
        item.state, item.last_answer = ItemState.VOID, "no calendar is chosen"


_ENDED = (ItemState.SENT, ItemState.VOID)


def _let_go(uow: UnitOfWork) -> None:
    """What stands in the mailbox of before is out of reach."""
    for link in uow.all(RemoteLink, col(RemoteLink.kind) == KIND):
        uow.archive(link)


def _keep(uow: UnitOfWork, value: str) -> None:
    row = uow.find(Setting, _name(uow)) or uow.add(Setting(name=_name(uow)))
    row.value = value


def _name(uow: UnitOfWork) -> str:
    return f"outlook_calendar/{uow.organisation_id}"
