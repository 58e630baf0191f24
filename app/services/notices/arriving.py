"""What comes back by mail: answers to our notices, automatic replies, and bounces.

A mail is ours when it refers to a message that left from the outbox: by its Message-ID, else by
the conversation; or when a button of a kick-off or crew brief made its subject. Everything else in
the mailbox is nobody's business here and is not kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import col

from app.models.crew.mailing import MailReport
from app.models.notices.guessing import guess, own_words
from app.models.notices.kinds import NoticeKind
from app.models.notices.replies import ReplyKind
from app.models.outages.confirming import answer_in, without_prefill
from app.models.tables.directory import Person
from app.models.tables.notices import Bounce, Notice, RecipientSet, Reply
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.calendar.outreach import take_in_answer
from app.services.crew.mailing import lapsed_report, mail_reported
from app.services.events import LiveChanged, NoticesChanged
from app.services.notices.audiences import recipients_in
from app.services.notices.confirmations import kick_off_answered
from app.services.ports.mail import Arrived
from app.services.uow import UnitOfWork

MOST_TEXT = 20_000
"""Characters of an answer that are kept; more is no answer to a notice."""


@dataclass(frozen=True, slots=True)
class TakenIn:
    """How many of a page became something here. `ours` counts every mail that is about a notice."""

    replies: int = 0
    automatic: int = 0
    bounces: int = 0


def take_in(uow: UnitOfWork, arrived: Sequence[Arrived]) -> TakenIn:
    """Keep what concerns a notice. Taken in again, a mail changes nothing (pages are replayed)."""
    parts = _parts_for(uow, arrived)
    known = _known(uow, arrived)
    replies = automatic = bounces = 0
    changed: set[str] = set()
    for mail in arrived:
        part = _part_of(mail, parts)
        if mail.internet_id in known:
            continue
        if part is not None and take_in_answer(uow, part, mail, own_words(mail.text)):
            continue
        reported = mail_reported(uow, mail.subject)
        notice = reported[0] if reported else None
        if notice is None:
            notice = _notice_of(uow, part) if part else kick_off_answered(uow, mail.subject)
        lapsed = lapsed_report(uow, mail.subject) if notice is None else None
        notice = lapsed[0] if lapsed else notice
        if notice is None:
            continue
        known.add(mail.internet_id)
        changed.add(notice.outage_id)
        if mail.is_bounce:
            bounces += _note_bounce(uow, notice, mail)
        else:
            if reported and not mail.automatic:
                _note_report(uow, mail, *reported)
            elif lapsed:
                _note_lapsed(uow, mail, *lapsed)
            else:
                _note_reply(uow, notice, mail)
            automatic += mail.automatic
            replies += not mail.automatic
    for outage_id in changed:
        uow.emit(NoticesChanged(outage_id))
        uow.emit(LiveChanged(outage_id))
    return TakenIn(replies, automatic, bounces)


def _parts_for(uow: UnitOfWork, arrived: Iterable[Arrived]) -> dict[str, OutboxPart]:
    """The messages that left, by Message-ID and by conversation, of those spoken of here."""
    ids = {r for mail in arrived for r in mail.references if r}
    conversations = {mail.conversation for mail in arrived if mail.conversation}
    found: dict[str, OutboxPart] = {}
    for part in uow.all(OutboxPart, col(OutboxPart.conversation).in_(conversations)):
        found[part.conversation] = part
    for part in uow.all(OutboxPart, col(OutboxPart.internet_id).in_(ids)):
        found[part.internet_id] = part
    return found


def _part_of(mail: Arrived, parts: dict[str, OutboxPart]) -> OutboxPart | None:
    named = next((parts[r] for r in reversed(mail.references) if r in parts), None)
    return named or parts.get(mail.conversation or "")


def _known(uow: UnitOfWork, arrived: Iterable[Arrived]) -> set[str]:
    ids = {mail.internet_id for mail in arrived}
    replies = uow.all(Reply, col(Reply.internet_id).in_(ids))
    bounces = uow.all(Bounce, col(Bounce.internet_id).in_(ids))
    return {reply.internet_id for reply in replies} | {bounce.internet_id for bounce in bounces}


def _notice_of(uow: UnitOfWork, part: OutboxPart) -> Notice | None:
    """Answers to an answer of ours belong to the notice the conversation began with."""
    item = uow.find(OutboxItem, part.item_id)
    notice_id = item.payload.get("notice_id", item.about_id) if item is not None else ""
    return uow.find(Notice, notice_id) if notice_id else None


def _note_reply(uow: UnitOfWork, notice: Notice, mail: Arrived) -> None:
    text = own_words(mail.text)[:MOST_TEXT] or mail.subject or "(no text)"
    offered = guess(text)
    if notice.kind is NoticeKind.KICK_OFF and answer_in(mail.subject, own_words(mail.text)):
        offered = ReplyKind.CONFIRMATION
    reply = Reply(
        organisation_id=uow.organisation_id,
        outage_id=notice.outage_id,
        notice_id=notice.id,
        sender=mail.sender.name or mail.sender.email,
        email=mail.sender.email,
        subject=mail.subject,
        kind=ReplyKind.AUTOMATIC if mail.automatic else ReplyKind.UNSORTED,
        guess="" if mail.automatic or offered is ReplyKind.UNSORTED else offered.value,
        automatic=mail.automatic,
        text=text,
        received_at=mail.received_at,
        remote_id=mail.id,
        internet_id=mail.internet_id,
    )
    uow.add(reply)
    what = "an automatic reply came from" if mail.automatic else "answered by mail:"
    said = "" if mail.automatic else f" {text[:200]}"
    who = f"{what} {reply.sender}" if mail.automatic else f"{reply.sender} {what}"
    uow.log(f"{who}{said}", reply)


def _note_report(
    uow: UnitOfWork, mail: Arrived, notice: Notice, person: Person, report: MailReport
) -> None:
    """By a button of the crew brief. The secret that proves who wrote is kept nowhere."""
    words = without_prefill(own_words(mail.text)[:MOST_TEXT])
    reply = Reply(
        organisation_id=uow.organisation_id,
        outage_id=notice.outage_id,
        notice_id=notice.id,
        sender=person.name,
        email=mail.sender.email,
        subject=report.subject,
        guess=ReplyKind.REPORT.value,
        text=f"{report.words}: {words}" if words else report.words,
        received_at=mail.received_at,
        remote_id=mail.id,
        internet_id=mail.internet_id,
    )
    uow.add(reply)
    uow.log(f"{person.name} reports by mail: {reply.text[:200]}", reply)


def _note_lapsed(
    uow: UnitOfWork, mail: Arrived, notice: Notice, person: Person, report: MailReport
) -> None:
    """Who pressed it believes that it was said, so that it is read; by a revoked link nothing is
    taken."""
    words = without_prefill(own_words(mail.text)[:MOST_TEXT])
    said = f"{report.words}: {words}" if words else report.words
    reply = Reply(
        organisation_id=uow.organisation_id,
        outage_id=notice.outage_id,
        notice_id=notice.id,
        sender=person.name,
        email=mail.sender.email,
        subject=report.subject.strip(),
        text=f"“{said}”, by a button that counts no longer, as their link was made again or "
        "revoked. Ask them, and send them the new brief.",
        received_at=mail.received_at,
        remote_id=mail.id,
        internet_id=mail.internet_id,
    )
    uow.add(reply)
    uow.log(f"{person.name} wrote by a button that counts no longer: {said[:200]}", reply)


def _note_bounce(uow: UnitOfWork, notice: Notice, mail: Arrived) -> int:
    """One row for each address, once a notice; how many are new."""
    have = {b.email.casefold() for b in uow.all(Bounce, col(Bounce.notice_id) == notice.id)}
    addresses = [a for a in mail.undelivered or ("",) if not a or a.casefold() not in have]
    for address in addresses:
        bounce = Bounce(
            organisation_id=uow.organisation_id,
            notice_id=notice.id,
            outage_id=notice.outage_id,
            email=address,
            reason=mail.subject,
            at=mail.received_at,
            internet_id=mail.internet_id,
        )
        uow.add(bounce)
        uow.log(f"{notice.kind.words} not delivered to {address or 'someone unnamed'}", bounce)
    return len(addresses)


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Of one notice: who did not get it, of how many it went to."""

    notice_id: str
    kind: str
    number: int
    reach: int
    addresses: tuple[str, ...]

    @property
    def sentence(self) -> str:
        return f"{len(self.addresses)} of {self.reach:,} not delivered"


def undelivered(uow: UnitOfWork, outage_id: str) -> tuple[Undelivered, ...]:
    """A query: the notices of an outage that did not reach everyone, oldest first."""
    found: dict[str, list[str]] = {}
    for bounce in uow.all(
        Bounce, col(Bounce.outage_id) == outage_id, order=(col(Bounce.at), col(Bounce.email))
    ):
        found.setdefault(bounce.notice_id, []).append(bounce.email or "an address not named")
    rows = []
    for notice_id, addresses in found.items():
        notice = uow.find(Notice, notice_id)
        if notice is not None:
            set_id = notice.recipient_set_id
            everyone = recipients_in(uow.find(RecipientSet, set_id) if set_id else None)
            reach = sum(max(r.size, 1) for r in everyone)
            rows.append(
                Undelivered(notice.id, notice.kind.words, notice.number, reach, tuple(addresses))
            )
    return tuple(rows)
