"""The stages of `fly` that concern the calendar and the meeting, and the look at the end whether
what stands in the practice tenant is what the store says."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import col

from app.cli.fly_flight import Flight, Stage
from app.models.bridge import LOCKED, ClosingStep
from app.models.errors import NotAllowed
from app.models.notices.kinds import NoticeState
from app.models.outages.lifecycle import CLOSED
from app.models.outbox import ItemState, PartState
from app.models.tables.bridge import Bridge
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.models.times import Window, to_utc
from app.services.bridge.line import open_bridge
from app.services.bridge.meeting import answer_closing, ask_meeting, closing_of
from app.services.calendar.outlook import entry_of, facts_of, link_of
from app.services.outages.moving import extend, move_window
from app.services.outages.planning import bridge_of
from app.services.outbox.items import MAIL, parts_of
from app.services.uow import UnitOfWork

LATER = timedelta(hours=1)
LONGER = timedelta(minutes=30)
MOVED_FOR = "the laboratory's evening run ends at half past six"
LONGER_FOR = "The array still fills its cache; verifying waits for it"
FAREWELL = "All clear; thank you all. The summary follows by mail; this line closes now."
ENDED = "pressed “End meeting”, everybody left"
LOOKED = "opened the link again: nobody is in the meeting"


# --- the calendar ----------------------------------------------------------------------------


def stands_as_it_is(uow: UnitOfWork, outage_id: str) -> bool:
    """Whether all that was owed to the calendar was written, and is how the outage is now; the
    entry of a flight that is over may name the meeting that was closed after it."""
    link = link_of(uow, outage_id)
    if link is None or not link.remote_id:
        return False
    outage = uow.fetch(Outage, outage_id)
    now = facts_of(entry_of(uow, outage))
    if outage.state in CLOSED:
        now["location"] = link.pushed["location"]
    return link.pushed == now


def _stands(flight: Flight) -> bool:
    return flight.store.read(stands_as_it_is, flight.outage_id)


def _follow(flight: Flight) -> None:
    flight.work(lambda uow: stands_as_it_is(uow, flight.outage_id), "Its entry in the calendar")


def _move(flight: Flight) -> None:
    """The hour changes before anybody is told."""
    outage = flight.outage()
    if not _has_moved(outage):
        old = outage.window
        window = Window.of(old.start + LATER, old.end + LATER, old.zone)
        flight.store.run(move_window, outage.id, window, MOVED_FOR, seen=outage.version)
    _follow(flight)


def _has_moved(outage: Outage) -> bool:
    return outage.calendar_sequence > 0


def _extend(flight: Flight) -> None:
    outage = flight.outage()
    if outage.promised_end_utc == outage.end_utc:
        flight.store.run(extend, outage.id, outage.end_utc + LONGER, LONGER_FOR)
    _follow(flight)


def _is_extended(flight: Flight) -> bool:
    outage = flight.outage()
    return outage.promised_end_utc > outage.end_utc and _stands(flight)


# --- the meeting -----------------------------------------------------------------------------


def _bridge(uow: UnitOfWork, outage_id: str) -> Bridge:
    found = bridge_of(uow, outage_id)
    return found or Bridge(organisation_id=uow.organisation_id, outage_id=outage_id)


def _meeting(flight: Flight) -> None:
    flight.store.run(ask_meeting, flight.outage_id)
    flight.work(lambda uow: bool(_bridge(uow, flight.outage_id).join_link), "The Teams meeting")


def _meeting_there(flight: Flight) -> bool:
    return bool(flight.store.read(_bridge, flight.outage_id).join_link)


def _open(flight: Flight) -> None:
    flight.at(flight.outage().start_utc - timedelta(minutes=30))
    flight.store.run(open_bridge, flight.outage_id)


def _opened(flight: Flight) -> bool:
    return flight.store.read(_bridge, flight.outage_id).opened_at is not None


def _join(flight: Flight) -> None:
    """Those of the crew come in."""
    meeting = flight.store.read(_bridge, flight.outage_id).meeting_id
    flight.rehearsal.acts.join({"meeting": meeting, "people": 5})


def _joined(flight: Flight) -> bool:
    meeting = flight.store.read(_bridge, flight.outage_id).meeting_id
    return _closed(flight) or flight.rehearsal.was_joined(meeting)


def _close(flight: Flight) -> None:
    """The procedure, step for step: what the console does itself is waited for."""
    while (step := _next(flight)) is not None:
        if step is ClosingStep.FAREWELL:
            flight.store.run(answer_closing, flight.outage_id, step, FAREWELL)
        elif step is ClosingStep.LOCK:
            flight.work(lambda uow: _step(uow, flight.outage_id) is not step, "The locked lobby")
        elif step is ClosingStep.END:
            meeting = flight.store.read(_bridge, flight.outage_id).meeting_id
            flight.rehearsal.acts.end_meeting({"meeting": meeting})
            flight.store.run(answer_closing, flight.outage_id, step, ENDED)
        else:
            flight.store.run(answer_closing, flight.outage_id, step, LOOKED)


def _next(flight: Flight) -> ClosingStep | None:
    return flight.store.read(_step, flight.outage_id)


def _step(uow: UnitOfWork, outage_id: str) -> ClosingStep | None:
    return closing_of(_bridge(uow, outage_id)).next


def _closed(flight: Flight) -> bool:
    return flight.store.read(_bridge, flight.outage_id).closed_at is not None


# --- the look at the end -----------------------------------------------------------------------


def _sent_once(flight: Flight) -> None:
    """Every message of the flight lies in Sent Items once, and no draft of one is left. Raises
    NotAllowed."""
    for part in flight.store.read(_messages, flight.outage_id):
        found = flight.rehearsal.mailbox.find(part.key, part.internet_id, part.mailbox)
        drafts = sum(each.is_draft for each in found)
        if drafts or len(found) != 1 or part.state is not PartState.SENT:
            raise NotAllowed(
                f"Message {part.key} is {len(found) - drafts} times in Sent Items and {drafts} "
                f"times among the drafts, and the outbox says: {part.state.words}."
            )


def _messages(uow: UnitOfWork, outage_id: str) -> list[OutboxPart]:
    """Of every notice that was sent, and every answer. Raises NotAllowed for what is not over."""
    items = uow.all(
        OutboxItem, col(OutboxItem.outage_id) == outage_id, col(OutboxItem.kind).in_(MAIL)
    )
    for item in items:
        if item.state.open:
            raise NotAllowed(f"The outbox still holds {item.key}: {item.state.words}.")
    sent = uow.all(
        Notice, col(Notice.outage_id) == outage_id, col(Notice.state) == NoticeState.SENT
    )
    about = {item.about_id for item in items if item.state is ItemState.SENT}
    missing = [notice.kind.words for notice in sent if notice.id not in about]
    if missing:
        raise NotAllowed(f"Of {missing[0]} the outbox knows nothing.")
    return [part for item in items for part in parts_of(uow, item.id)]


def _calendar_true(flight: Flight) -> None:
    """The event is there once, with the time the outage had. Raises NotAllowed."""
    if not _stands(flight):
        raise NotAllowed("The calendar was not written as the outage is.")
    link = flight.store.read(link_of, flight.outage_id)
    entry = flight.store.read(lambda uow: entry_of(uow, uow.fetch(Outage, flight.outage_id)))
    assert link is not None
    event = flight.rehearsal.calendars.get(link.remote_id)
    wanted = entry.subject, to_utc(entry.start, entry.zone), to_utc(entry.end, entry.zone)
    if event.cancelled or (event.subject, event.start, event.end) != wanted:
        raise NotAllowed(f"The calendar has {event.subject} from {event.start} to {event.end}.")


def _meeting_locked(flight: Flight) -> None:
    meeting_id = flight.store.read(_bridge, flight.outage_id).meeting_id
    meeting = flight.rehearsal.meetings.get(meeting_id)
    if meeting.lobby.casefold() != LOCKED:
        raise NotAllowed(f"The meeting's lobby still lets in {meeting.lobby}.")


MEETING = Stage("meeting", _meeting, _meeting_there)
CALENDAR = Stage("calendar", _follow, _stands)
MOVED = Stage("moved", _move, lambda flight: _has_moved(flight.outage()) and _stands(flight))
EXTENDED = Stage("longer", _extend, _is_extended)
BRIDGE_OPEN = Stage("bridge_open", _open, _opened)
CREW_JOINS = Stage("crew_joins", _join, _joined)
BRIDGE_CLOSED = Stage("bridge_closed", _close, _closed)
LOOKS = (
    Stage("sent_once", _sent_once),
    Stage("calendar_true", _calendar_true),
    Stage("meeting_locked", _meeting_locked),
)
