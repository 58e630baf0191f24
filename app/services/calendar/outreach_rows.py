"""Rounds of asking as frozen rows: who was asked when, who answered what, who is silent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import quote

from sqlmodel import col

from app.models.account import Profile
from app.models.calendar.outreach import AskState, period_from, periods_to_ask
from app.models.outbox import ItemState
from app.models.tables.calendar import OutreachAsk, OutreachRound
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.models.times import speak_date, to_wall
from app.services.account.settings import account_settings
from app.services.calendar.outreach import (
    asks_of,
    departments_of,
    led_by,
    letter_of,
    rounds,
    was_sent,
)
from app.services.calendar.outreach_putting_off import period_due
from app.services.database import organisation
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class AskRow:
    """`said` is how it stands in words; `waits` whole days since they were asked; `mailto` opens
    the letter in a mail program, empty without an address."""

    id: str
    version: int
    name: str
    department: str
    email: str
    state: AskState
    said: str
    waits: int
    answer: str
    subject: str
    text: str
    mailto: str
    event_id: str
    asked_on: date | None
    departments: tuple[str, ...] = ()
    """Ids of what the head leads."""


@dataclass(frozen=True, slots=True)
class RoundRow:
    id: str
    period: str
    words: str
    begins: date
    answers_by: date
    asks: tuple[AskRow, ...]

    @property
    def summary(self) -> str:
        done = sum(a.state in (AskState.ANSWERED, AskState.EVENT) for a in self.asks)
        silent = sum(a.state is AskState.OVERDUE for a in self.asks)
        unsent = sum(a.state is AskState.NOT_SENT for a in self.asks)
        parts = [f"{done} of {len(self.asks)} answered"]
        parts += [f"{silent} silent"] if silent else []
        parts += [f"{unsent} not asked yet"] if unsent else []
        by = f"answers by {speak_date(self.answers_by)} {self.answers_by.year}"
        return f"{' · '.join(parts)} · {by}"


@dataclass(frozen=True, slots=True)
class Outreach:
    """`sends`: this console has an account that mail leaves from. `periods` are those to ask about
    next, (token, words), without those that are being asked about; `due` that of which it is time,
    (, ) when nothing is."""

    today: date
    sends: bool
    rounds: tuple[RoundRow, ...]
    periods: tuple[tuple[str, str], ...]
    due: tuple[str, str] | None = None


def outreach(uow: UnitOfWork) -> Outreach:
    """A query."""
    today = to_wall(uow.now, organisation(uow).zone).date()
    found = tuple(_round(uow, row, today) for row in rounds(uow))
    known = {row.period for row in found}
    periods = tuple(
        (each.token, each.words) for each in periods_to_ask(today) if each.token not in known
    )
    sends = account_settings(uow).profile is not Profile.NONE
    due = period_due(uow)
    token = (due.token, due.words) if due is not None else None
    return Outreach(today, sends, found, periods, token)


def silent(uow: UnitOfWork) -> tuple[tuple[RoundRow, tuple[AskRow, ...]], ...]:
    """The rounds whose day to answer has passed with somebody silent."""
    if not uow.all(OutreachRound):
        return ()
    found = []
    for row in outreach(uow).rounds:
        late = tuple(a for a in row.asks if a.state is AskState.OVERDUE)
        if late and period_from(row.period).last >= to_wall(uow.now, organisation(uow).zone).date():
            found.append((row, late))
    return tuple(found)


def _round(uow: UnitOfWork, row: OutreachRound, today: date) -> RoundRow:
    asks = tuple(_ask(uow, row, ask, today) for ask in asks_of(uow, row.id))
    late_first = sorted(asks, key=lambda a: (_PLACES[a.state], a.name))
    period = period_from(row.period)
    return RoundRow(
        row.id, row.period, period.words, period.first, row.answers_by, tuple(late_first)
    )


_PLACES = {
    AskState.OVERDUE: 0,
    AskState.ANSWERED: 1,
    AskState.NOT_SENT: 2,
    AskState.LEAVING: 2,
    AskState.WAITING: 2,
    AskState.EVENT: 3,
}
"""A row keeps its place while its mail leaves."""


def _ask(uow: UnitOfWork, row: OutreachRound, ask: OutreachAsk, today: date) -> AskRow:
    zone = organisation(uow).zone
    sent = ask.sent_at or _left_at(uow, ask)
    asked_on = to_wall(sent, zone).date() if sent is not None else None
    waits = (today - asked_on).days if asked_on is not None else 0
    text = letter_of(uow, row, ask, markup=False)
    mailto = ""
    if ask.email:
        body = quote(text.replace("\n", "\r\n"))
        mailto = f"mailto:{quote(ask.email, safe='@')}?subject={quote(row.subject)}&body={body}"
    state = _state(ask, asked_on, leaves=was_sent(uow, ask), over=row.answers_by < today)
    return AskRow(
        id=ask.id,
        version=ask.version,
        name=ask.name,
        department=departments_of(uow, ask),
        email=ask.email,
        state=state,
        said=_said(state, asked_on, waits),
        waits=waits,
        answer=ask.answer,
        subject=row.subject,
        text=text,
        mailto=mailto,
        event_id=ask.event_id,
        asked_on=asked_on,
        departments=tuple(row.id for row in led_by(uow, ask)),
    )


def _state(ask: OutreachAsk, asked_on: date | None, *, leaves: bool, over: bool) -> AskState:
    if ask.event_id:
        return AskState.EVENT
    if ask.answer:
        return AskState.ANSWERED
    if asked_on is None:
        return AskState.LEAVING if leaves else AskState.NOT_SENT
    return AskState.OVERDUE if over else AskState.WAITING


def _said(state: AskState, asked_on: date | None, waits: int) -> str:
    if asked_on is None and state in (AskState.ANSWERED, AskState.EVENT):
        return "answered before the mail left"
    if asked_on is None:
        return "leaves with the outbox" if state is AskState.LEAVING else "not asked yet"
    days = {0: "today", 1: "1 day ago"}.get(waits, f"{waits} days ago")
    return f"asked {speak_date(asked_on)}, {days}"


def _left_at(uow: UnitOfWork, ask: OutreachAsk) -> datetime | None:
    """When the outbox's mail left."""
    item = uow.find(OutboxItem, ask.item_id) if ask.item_id else None
    if item is None or item.state is not ItemState.SENT:
        return None
    parts = uow.all(OutboxPart, col(OutboxPart.item_id) == item.id)
    return min((p.accepted_at for p in parts if p.accepted_at is not None), default=None)
