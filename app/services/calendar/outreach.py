"""Rounds of asking department heads what must not be disturbed: started, sent once to each head,
answered, and turned into events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import col

from app.models.calendar.outreach import Period, body_of, period_from, spoken_to, subject_of
from app.models.calendar.typed import TypedEvent
from app.models.errors import BadInput, NotAllowed
from app.models.outbox import TAKE_BACK, ItemState
from app.models.tables.calendar import OutreachAsk, OutreachRound
from app.models.tables.directory import Department, Person
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.calendar.events_by_hand import add_row, forgetting
from app.services.events import OutboxChanged, OutreachChanged
from app.services.notices.template import escape_markup
from app.services.ports.mail import Arrived
from app.services.uow import Undo, UnitOfWork

KIND = "outreach"
MOST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class RoundMade:
    """`headless`: departments nobody leads, or whose head has no address."""

    round_id: str
    asks: int
    headless: tuple[str, ...]
    undo: Undo


def start_round(
    uow: UnitOfWork, period: str, answers_by: date, *, subject: str = "", body: str = ""
) -> RoundMade:
    """One ask for each head; nothing is sent yet. Raises BadInput, NotAllowed when there is a
    round for that period, or no department."""
    asked = period_from(period)
    _require_new(uow, asked)
    if answers_by < uow.now.date():
        raise BadInput("The day to answer by has passed.", field="answers_by")
    row = OutreachRound(
        organisation_id=uow.organisation_id,
        period=asked.token,
        subject=" ".join(subject.split()) or subject_of(asked),
        body=body.strip() or body_of(asked, answers_by),
        answers_by=answers_by,
    )
    uow.add(row)
    uow.session.flush()
    people = {person.id: person for person in uow.all(Person)}
    heads: dict[str, OutreachAsk] = {}
    headless = []
    departments = uow.all(Department, order=(col(Department.name),))
    for department in departments:
        head = people.get(department.head_id or "")
        if head is None:
            headless.append(department.name)
        elif head.id not in heads:
            heads[head.id] = OutreachAsk(
                organisation_id=uow.organisation_id,
                round_id=row.id,
                department_id=department.id,
                name=head.name,
                email=head.email,
            )
            uow.add(heads[head.id])
    if not heads:
        raise NotAllowed(
            "No department has a head: name them in the Directory (Departments), then ask."
        )
    uow.log(f"asks {len(heads)} department heads about {asked.words}", row)
    uow.emit(OutreachChanged())
    undo = uow.undo(f"the round about {asked.words}")
    return RoundMade(row.id, len(heads), tuple(headless), undo)


def send_round(uow: UnitOfWork, round_id: str, only: Sequence[str] = ()) -> tuple[str, ...]:
    """A mail to each head not asked yet, in ten seconds, through the outbox; the ids of its items.
    Raises NotAllowed when everybody was asked or nobody has an address."""
    row = uow.fetch(OutreachRound, round_id)
    items = []
    for ask in asks_of(uow, round_id):
        if was_sent(uow, ask) or not ask.email or (only and ask.id not in only):
            continue
        earlier = uow.all(OutboxItem, col(OutboxItem.about_id) == ask.id)  # taken back
        item = uow.add(
            OutboxItem(
                organisation_id=uow.organisation_id,
                key=f"{KIND}:{ask.id}:{len(earlier) + 1}",
                kind=KIND,
                payload={
                    "subject": row.subject,
                    "body": letter_of(uow, row, ask, markup=True),
                    "email": ask.email,
                    "name": ask.name,
                },
                not_before=uow.on_the_wall(TAKE_BACK),
                about_type="outreach_ask",
                about_id=ask.id,
            )
        )
        ask.item_id = item.id
        uow.add(ask)
        items.append(item.id)
    if not items:
        raise NotAllowed("Everybody with an address was asked in this round; nothing was sent.")
    uow.log(f"the round about {row.period} leaves to {len(items)} department heads", row)
    uow.emit(OutboxChanged(""))
    uow.emit(OutreachChanged())
    return tuple(items)


def mark_asked(uow: UnitOfWork, ask_id: str, *, seen: int | None = None) -> Undo:
    """By the mail program, or by phone. Raises NotAllowed when they were asked already."""
    ask = uow.fetch(OutreachAsk, ask_id, seen)
    if was_sent(uow, ask):
        raise NotAllowed(f"{ask.name} was asked in this round already.")
    ask.sent_at = uow.now
    uow.log(f"{ask.name} was asked by hand", uow.add(ask))
    uow.emit(OutreachChanged())
    return uow.undo(f"asking {ask.name}")


def note_answer(uow: UnitOfWork, ask_id: str, answer: str, *, seen: int | None = None) -> Undo:
    """In their words; also of who was asked on the floor. Raises BadInput."""
    ask = uow.fetch(OutreachAsk, ask_id, seen)
    if not answer.strip():
        raise BadInput("Note what they said, in their words; “nothing” is an answer, too.")
    _keep_answer(uow, ask, answer, uow.now)
    return uow.undo(f"the answer of {ask.name}")


def take_in_answer(uow: UnitOfWork, part: OutboxPart, mail: Arrived, text: str) -> bool:
    """A mail that answers an ask; whether it was one. The first answer is kept, a later one is
    added to it; read again, a mail changes nothing."""
    item = uow.find(OutboxItem, part.item_id)
    ask = uow.find(OutreachAsk, item.about_id) if item is not None and item.kind == KIND else None
    if ask is None:
        return False
    said = text.strip()[:MOST_TEXT]
    if mail.automatic or mail.is_bounce or not said or said in ask.answer:
        return True
    _keep_answer(uow, ask, f"{ask.answer}\n\n{said}".strip(), mail.received_at)
    return True


def event_of_answer(
    uow: UnitOfWork, ask_id: str, layer_name: str, typed: TypedEvent, *, seen: int | None = None
) -> Undo:
    """What they said becomes an event, in one act."""
    ask = uow.fetch(OutreachAsk, ask_id, seen)
    row = add_row(uow, layer_name, typed)
    ask.event_id = row.id
    uow.log(f"the answer of {ask.name} is the event {row.title}", uow.add(ask))
    uow.emit(OutreachChanged())
    return uow.undo(f"the event {row.title}", also=forgetting(row.layer_id))


def letter_of(uow: UnitOfWork, row: OutreachRound, ask: OutreachAsk, *, markup: bool) -> str:
    """What this head reads; without `markup` as plain text."""
    name, department = ask.name, departments_of(uow, ask)
    if markup:
        return spoken_to(row.body, escape_markup(name), escape_markup(department))
    return spoken_to(row.body, name, department).replace("**", "")


def departments_of(uow: UnitOfWork, ask: OutreachAsk) -> str:
    """All that this head leads."""
    names = [department.name for department in led_by(uow, ask)]
    if not names:
        return "your department"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def led_by(uow: UnitOfWork, ask: OutreachAsk) -> list[Department]:
    """The departments that the head who is asked leads, by name; empty where it is gone."""
    first = uow.find(Department, ask.department_id)
    if first is None:
        return []
    led = uow.all(Department, col(Department.head_id) == first.head_id) if first.head_id else []
    found = {row.id: row for row in (first, *led)}
    return sorted(found.values(), key=lambda row: row.name)


def asks_of(uow: UnitOfWork, round_id: str) -> list[OutreachAsk]:
    mine = col(OutreachAsk.round_id) == round_id
    return uow.all(OutreachAsk, mine, order=(col(OutreachAsk.name),))


def was_sent(uow: UnitOfWork, ask: OutreachAsk) -> bool:
    """Or is about to leave; a mail taken back before it left asked nobody."""
    item = uow.find(OutboxItem, ask.item_id) if ask.item_id else None
    waits = item is not None and item.state is not ItemState.VOID
    return ask.sent_at is not None or waits


def rounds(uow: UnitOfWork) -> list[OutreachRound]:
    """The newest first."""
    return uow.all(OutreachRound, order=(col(OutreachRound.created_at).desc(),))


def _require_new(uow: UnitOfWork, period: Period) -> None:
    if uow.all(OutreachRound, col(OutreachRound.period) == period.token):
        raise NotAllowed(
            f"The heads are being asked about {period.words} already, and nobody is asked twice."
        )


def _keep_answer(uow: UnitOfWork, ask: OutreachAsk, answer: str, at: datetime) -> None:
    ask.answer, ask.answered_at = answer.strip(), at
    if not was_sent(uow, ask):
        ask.sent_at = at
    uow.log(f"{ask.name} answers: {ask.answer[:200]}", uow.add(ask))
    uow.emit(OutreachChanged())
