"""Our outages in a calendar of Outlook: owed with each change, written once, edits proposed.

An outbox row of kind `event` only says “look at this outage again”; what is to be in the calendar
is read when it is sent, so that three changes before that are one. What was written is noted in a
`RemoteLink`; an edit made in Outlook becomes its proposal, which a person takes or puts back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from sqlmodel import col

from app.models.errors import NotAllowed
from app.models.outages.lifecycle import State
from app.models.outbox import ItemState
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.models.tables.sync import RemoteLink
from app.models.times import Window, to_wall
from app.services.bridge.joining import how_to_join
from app.services.calendar.owed import KIND, chosen_calendar, owe_event
from app.services.events import OutageChanged, OutboxChanged
from app.services.outages.moving import move_window
from app.services.outages.planning import bridge_of
from app.services.ports.calendars import Entry, RemoteEvent
from app.services.uow import Undo, UnitOfWork

CATEGORY = "Planned outage"
_NOT_THERE = {State.CANCELLED: "cancelled", State.DRAFT: "a draft again"}
"""A draft stood there when its planning was undone."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`entry` None: it is to be taken out of the calendar. `event_id` is where it stands already;
    `same` says that what stands there is what is wanted, `waits` that an edit made there has no
    answer yet: nothing is written over it."""

    calendar_id: str
    entry: Entry | None
    event_id: str
    comment: str = ""
    same: bool = False
    change_key: str = ""
    waits: bool = False


def wanted(uow: UnitOfWork, item_id: str) -> Wanted | None:
    """A query: what an item asks for now. None when there is nothing to do any more."""
    item = uow.fetch(OutboxItem, item_id)
    outage = uow.fetch(Outage, item.about_id)
    link = link_of(uow, outage.id)
    calendar = link.place if link is not None and link.remote_id else chosen_calendar(uow).id
    event_id = link.remote_id if link is not None else ""
    if not calendar:
        return None
    if outage.state in _NOT_THERE:
        if not event_id:
            return None
        return Wanted(calendar, None, event_id, f"{outage.code} is {_NOT_THERE[outage.state]}")
    entry = entry_of(uow, outage, again=link.version if link is not None and not event_id else 0)
    if link is None:
        return Wanted(calendar, entry, event_id)
    return Wanted(
        calendar,
        entry,
        event_id,
        same=link.pushed == facts_of(entry),
        change_key=link.change_key,
        waits=bool(link.proposal),
    )


def entry_of(uow: UnitOfWork, outage: Outage, again: int = 0) -> Entry:
    """`again` tells a second entry from one that was taken out: a key makes its effect once."""
    window = outage.window
    extended = outage.promised_end_utc != outage.end_utc
    return Entry(
        key=f"outage:{outage.id}:{again}" if again else f"outage:{outage.id}",
        subject=f"{outage.code} {outage.title}",
        start=window.start,
        end=to_wall(outage.promised_end_utc, outage.zone) if extended else window.end,
        zone=outage.zone,
        location=how_to_join(bridge_of(uow, outage.id)),
        categories=(CATEGORY,),
    )


def facts_of(entry: Entry) -> dict[str, str]:
    """What is compared: a change in any of these is written."""
    return {
        "subject": entry.subject,
        "start": entry.start.isoformat(),
        "end": entry.end.isoformat(),
        "zone": entry.zone,
        "location": entry.location,
    }


def link_of(uow: UnitOfWork, outage_id: str) -> RemoteLink | None:
    found = uow.all(RemoteLink, col(RemoteLink.kind) == KIND, col(RemoteLink.local_id) == outage_id)
    return found[0] if found else None


def written(
    uow: UnitOfWork, item_id: str, calendar_id: str, entry: Entry, event: RemoteEvent
) -> None:
    """The entry stands in the calendar as `event`. What changed here while it was written is
    still owed."""
    item = uow.fetch(OutboxItem, item_id)
    link = link_of(uow, item.about_id) or RemoteLink(
        organisation_id=uow.organisation_id, kind=KIND, local_type="outage", local_id=item.about_id
    )
    link.place, link.remote_id, link.web_link = calendar_id, event.id, event.web_link
    link.change_key, link.pushed, link.seen = event.change_key, facts_of(entry), seen_of(event)
    link.proposal, link.seen_at = {}, uow.now
    uow.add(link)
    _done(uow, item, "it stands in the calendar")


def taken_out(uow: UnitOfWork, item_id: str) -> None:
    """It is in the calendar no more (or never was). Its link stays, so that an entry made after an
    undo gets a key of its own."""
    item = uow.fetch(OutboxItem, item_id)
    link = link_of(uow, item.about_id)
    if link is not None:
        link.remote_id, link.web_link, link.change_key = "", "", ""
        link.pushed, link.seen, link.proposal = {}, {}, {}
    _done(uow, item, "it is out of the calendar")


def event_refused(uow: UnitOfWork, item_id: str, sentence: str) -> None:
    """The service declined for good: a person looks into it."""
    item = uow.fetch(OutboxItem, item_id)
    item.state, item.attempts = ItemState.ATTENTION, item.attempts + 1
    item.last_answer, item.last_tried_at = sentence, uow.now
    uow.log(f"Outlook calendar: refused: {sentence}", item)
    uow.emit(OutboxChanged(item.outage_id))
    uow.emit(OutageChanged(item.outage_id))


def ours_among(uow: UnitOfWork, event_ids: Sequence[str]) -> list[str]:
    """A query: those of the events that are outages of ours."""
    ours = (col(RemoteLink.kind) == KIND, col(RemoteLink.remote_id).in_(event_ids))
    return [link.remote_id for link in uow.all(RemoteLink, *ours)]


def _done(uow: UnitOfWork, item: OutboxItem, answer: str) -> None:
    """Unless another thing is wanted by now."""
    now = wanted(uow, item.id)
    item.state = ItemState.SENT if now is None or now.same else ItemState.WAITING
    item.attempts += 1
    item.last_answer, item.last_tried_at = answer, uow.now
    uow.log(f"Outlook calendar: {answer}", item)
    uow.emit(OutboxChanged(item.outage_id))
    uow.emit(OutageChanged(item.outage_id))


def seen_of(event: RemoteEvent) -> dict[str, str]:
    return {
        "subject": event.subject,
        "start": event.start.isoformat(),
        "end": event.end.isoformat(),
    }


def take_in_events(
    uow: UnitOfWork, events: Mapping[str, RemoteEvent], removed: frozenset[str]
) -> int:
    """What was edited in Outlook, as proposals; how many there are. `events` by id; `removed`
    were read again and are gone. Our own writing, read back, proposes nothing."""
    proposed = 0
    ids = {*events, *removed}
    for link in uow.all(
        RemoteLink, col(RemoteLink.kind) == KIND, col(RemoteLink.remote_id).in_(ids)
    ):
        event = events.get(link.remote_id)
        if event is None or event.cancelled:
            change: dict[str, str] = {"removed": "yes"}
        else:
            now = seen_of(event)
            change = {k: v for k, v in now.items() if v != link.seen.get(k)}
        if change == link.proposal:
            continue
        link.proposal, link.seen_at = change, uow.now
        if event is not None:
            link.change_key = event.change_key
        if change:
            proposed += 1
            outage = uow.fetch(Outage, link.local_id)
            what = "taken out" if "removed" in change else f"changed ({', '.join(sorted(change))})"
            uow.log(f"{outage.code} was {what} in Outlook; nothing was changed here", link)
            uow.emit(OutageChanged(outage.id))
        else:
            uow.log("Outlook has it as it was again", link)
    return proposed


@dataclass(frozen=True, slots=True)
class Proposal:
    """An edit made in Outlook; what it does not touch is None."""

    link_id: str
    outage_id: str
    version: int
    removed: bool
    subject: str | None
    start: datetime | None
    end: datetime | None


def proposal_of(uow: UnitOfWork, outage_id: str) -> Proposal | None:
    """A query."""
    link = link_of(uow, outage_id)
    if link is None or not link.proposal:
        return None
    said = link.proposal
    moment = {k: datetime.fromisoformat(said[k]) for k in ("start", "end") if k in said}
    return Proposal(
        link.id,
        outage_id,
        link.version,
        "removed" in said,
        said.get("subject"),
        moment.get("start"),
        moment.get("end"),
    )


def put_back(uow: UnitOfWork, link_id: str, *, seen: int | None = None) -> Undo:
    """The console is right: its facts are written to Outlook again. Raises NotAllowed."""
    link = uow.fetch(RemoteLink, link_id, seen)
    if not link.proposal:
        raise NotAllowed("Nothing was changed in Outlook that waits for an answer.")
    outage = uow.fetch(Outage, link.local_id)
    if "removed" in link.proposal:
        link.remote_id = ""
    link.proposal, link.pushed = {}, {}
    uow.log(f"{outage.code}: the change made in Outlook is put back", link)
    owe_event(uow, outage)
    uow.emit(OutageChanged(outage.id))
    return uow.undo("putting back what Outlook has", outage.id)


def _propose_again(
    uow: UnitOfWork, link_id: str, seen: dict[str, str], proposal: dict[str, str]
) -> None:
    """A taking over was undone: Outlook has the other time still, whether or not our entry was
    written meanwhile. A later edit made there stays the one to answer."""
    link = uow.fetch(RemoteLink, link_id)
    if not link.remote_id or link.proposal:
        return
    link.seen, link.proposal = seen, proposal
    outage = uow.fetch(Outage, link.local_id)
    uow.log(f"{outage.code}: the change made in Outlook waits for an answer again", link)


def take_over(uow: UnitOfWork, link_id: str, why: str, *, seen: int | None = None) -> Undo:
    """Outlook is right: the window moves (and with it all that a move means). A title or a
    removal is not taken over by itself: a person edits the plan or cancels the flight.

    Raises NotAllowed and what `move_window` raises.
    """
    link = uow.fetch(RemoteLink, link_id, seen)
    outage = uow.fetch(Outage, link.local_id)
    found = proposal_of(uow, outage.id)
    if found is None or (found.start is None and found.end is None):
        raise NotAllowed(
            "Only another time can be taken over. Change the title in the plan, or cancel the "
            "flight; else put it back."
        )
    start = to_wall(found.start or outage.start_utc, outage.zone)
    end = to_wall(found.end or outage.end_utc, outage.zone)
    window = Window.of(start, end, outage.zone, start.fold, end.fold)
    uow.follow(
        partial(_propose_again, link_id=link.id, seen=link.seen, proposal=link.proposal), link
    )
    link.seen = {**link.seen, **link.proposal}
    link.proposal, link.pushed = {}, {}
    uow.log(f"{outage.code}: the time set in Outlook is taken over", link)
    return move_window(uow, outage.id, window, why, seen=outage.version)
