"""The crew is told its times: a mail of their own each, or by phone; taken back within seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from app.models.errors import NotAllowed
from app.models.live.crew_times import Say
from app.models.live.crew_words import Letter, paragraphs, subject
from app.models.notices.kinds import NoticeKind, NoticeState
from app.models.outages.lifecycle import CLOSED
from app.models.outbox import TAKE_BACK, ItemState, Route
from app.models.tables.directory import Person, Site
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.services.bridge.joining import how_to_join
from app.services.events import LiveChanged, OutboxChanged
from app.services.live.crew_rows import CrewTime, CrewTimes, span
from app.services.live.crew_times import crew_times
from app.services.live.crew_told import BY_HAND, TIMES, stored_duty
from app.services.notices.stored import newest
from app.services.notices.template import escape_markup
from app.services.outages.planning import bridge_of
from app.services.outbox.items import parts_of, require_none_outside, stop_parts
from app.services.outbox.settling import take_back
from app.services.uow import Undo, UnitOfWork


@dataclass(frozen=True, slots=True)
class Draft:
    """What one of them would be sent."""

    person_id: str
    name: str
    subject: str
    text: str
    email: str = ""

    @property
    def mailto(self) -> str:
        """A link that opens it in the person's own mail program; empty without an address."""
        if not self.email:
            return ""
        subject, body = quote(self.subject), quote(self.text.replace("\n", "\r\n"))
        return f"mailto:{quote(self.email, safe='@')}?subject={subject}&body={body}"


@dataclass(frozen=True, slots=True)
class Sent:
    """`items` wait in the outbox; `by_phone` have no address and are still to be called."""

    names: tuple[str, ...]
    by_phone: tuple[str, ...]
    items: tuple[str, ...]


def draft_times(uow: UnitOfWork, outage_id: str) -> tuple[Draft, ...]:
    """A query: the words for everybody to whom something is to be said now."""
    rows = crew_times(uow, outage_id)
    return tuple(_draft(uow, rows, one) for one in rows.due)


def send_times(uow: UnitOfWork, outage_id: str, only: Sequence[str] = (), by: str = "") -> Sent:
    """One mail to each whose times are due to be said (of those named by id in `only`, if any):
    in ten seconds, and only once. Raises NotAllowed when nobody is to be told anything."""
    rows = crew_times(uow, outage_id)
    due = [one for one in rows.due if not only or one.person_id in only]
    if not due:
        raise NotAllowed("Everybody knows their times as they are forecast; nothing was sent.")
    outage = uow.fetch(Outage, outage_id)
    mailed = [one for one in due if one.mailed]
    items = []
    for one in mailed:
        _withdraw(uow, one, "other times took its place")
        items.append(_queue(uow, rows, one).id)
    if mailed:
        names = ", ".join(f"{one.name} {said(rows, one)}" for one in mailed)
        uow.log(f"times to the crew: {names}", outage, who=by, kind="times")
    _announce(uow, outage_id)
    return Sent(
        tuple(one.name for one in mailed),
        tuple(one.name for one in due if not one.mailed),
        tuple(items),
    )


def told_by_hand(uow: UnitOfWork, outage_id: str, person_id: str, by: str = "") -> Undo:
    """By phone, or by a mail of one's own: somebody heard their times as they are forecast now, and
    a mail that waits does not leave."""
    rows = crew_times(uow, outage_id)
    one = next((each for each in rows.people if each.person_id == person_id), None)
    if one is None or one.say is Say.NOTHING:
        raise NotAllowed("They know their times as they are forecast; nothing was changed.")
    _withdraw(uow, one, "told by hand")
    item = _item(uow, rows, one)
    item.state, item.route = ItemState.SENT, Route.FILE
    item.sender, item.last_tried_at = f"{BY_HAND} {by or uow.actor.name}", uow.now
    uow.add(item)
    uow.log(f"{one.name} told by hand: {said(rows, one)}", item, who=by, kind="times")
    _announce(uow, outage_id)
    return uow.undo(f"telling {one.name} their times", outage_id)


def take_back_times(uow: UnitOfWork, items: Sequence[str]) -> int:
    """What has not left of them does not; how many of them that are."""
    found = [item for each in items if (item := uow.find(OutboxItem, each)) is not None]
    waiting = [each for each in found if each.state.open and each.taken_back_at is None]
    for item in waiting:
        take_back(uow, item, "taken back")
        uow.emit(LiveChanged(item.outage_id))
    if waiting:
        uow.log(f"took {len(waiting)} of the crew’s times back", waiting[0], kind="times")
    return len(waiting)


def said(rows: CrewTimes, one: CrewTime) -> str:
    """`19:30–20:40`, or `free`."""
    return span(one.duty, rows.zone) if one.duty is not None else "free"


def _withdraw(uow: UnitOfWork, one: CrewTime, why: str) -> None:
    """An earlier mail of theirs that has not left never does. Raises NotAllowed while that is
    not known."""
    item = uow.find(OutboxItem, one.told.item_id) if one.told and one.told.item_id else None
    if item is None or not item.state.open:
        return
    require_none_outside(uow, item)
    stop_parts(parts_of(uow, item.id))
    take_back(uow, item, why)


def _queue(uow: UnitOfWork, rows: CrewTimes, one: CrewTime) -> OutboxItem:
    item = _item(uow, rows, one)
    item.not_before = uow.now + TAKE_BACK
    return uow.add(item)


def _item(uow: UnitOfWork, rows: CrewTimes, one: CrewTime) -> OutboxItem:
    """Its number counts what was said to this person of this flight, taken back or not. An answer
    to it stands with those to the crew brief."""
    letter = letter_of(uow, rows, one)
    brief = newest(uow, rows.outage_id, NoticeKind.CREW_BRIEF, NoticeState.SENT)
    earlier = uow.all(
        OutboxItem, OutboxItem.outage_id == rows.outage_id, OutboxItem.about_id == one.person_id
    )
    return OutboxItem(
        organisation_id=uow.organisation_id,
        key=f"{TIMES}:{rows.outage_id}:{one.person_id}:{len(earlier) + 1}",
        kind=TIMES,
        payload={
            "subject": subject(letter),
            "body": "\n\n".join(escape_markup(each) for each in paragraphs(letter)),
            "email": one.email,
            "name": one.name,
            "duty": stored_duty(one.duty),
            "notice_id": brief.id if brief is not None else "",
        },
        about_type="person",
        about_id=one.person_id,
        outage_id=rows.outage_id,
    )


def _draft(uow: UnitOfWork, rows: CrewTimes, one: CrewTime) -> Draft:
    letter = letter_of(uow, rows, one)
    words = "\n\n".join(paragraphs(letter))
    return Draft(one.person_id, one.name, subject(letter), words, one.email)


def letter_of(uow: UnitOfWork, rows: CrewTimes, one: CrewTime) -> Letter:
    outage = uow.fetch(Outage, rows.outage_id)
    person = uow.fetch(Person, one.person_id)
    lead = uow.find(Person, outage.coordinator_id) if outage.coordinator_id else None
    site = uow.find(Site, person.site_id) if person.site_id and not person.zone else None
    return Letter(
        name=one.name,
        code=rows.code,
        title=rows.title,
        zone=rows.zone,
        say=one.say,
        duty=one.duty,
        told=one.told.telling.duty if one.told else None,
        steps=one.steps,
        own_zone=person.zone or (site.zone if site else ""),
        bridge=how_to_join(bridge_of(uow, outage.id)),
        coordinator=lead.name if lead else "",
        phone=lead.phone if lead else "",
        ended=f"{rows.code} is {outage.state.words.lower()}" if outage.state in CLOSED else "",
        moved_by=rows.moved_by,
    )


def _announce(uow: UnitOfWork, outage_id: str) -> None:
    uow.emit(OutboxChanged(outage_id))
    uow.emit(LiveChanged(outage_id))
