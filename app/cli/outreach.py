"""`outreach`: department heads are asked what not to disturb, and what they say is noted."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from app.cli.events import times_of
from app.cli.printing import one_line, show
from app.models.calendar.asked import Asked
from app.models.calendar.outreach import DAYS_TO_ANSWER, period_from
from app.models.calendar.said_days import days_said
from app.models.calendar.typed import Noted, TypedEvent
from app.models.errors import BadInput, NotAllowed, NotFound
from app.models.times import speak_date
from app.services.calendar import outreach as acts
from app.services.calendar.outreach_letters import leave_letters
from app.services.calendar.outreach_putting_off import put_off_round
from app.services.calendar.outreach_rows import AskRow, RoundRow
from app.services.calendar.outreach_rows import outreach as rounds_of
from app.services.uow import UnitOfWork
from app.wiring import Console


def outreach(console: Console, asked: argparse.Namespace) -> int:
    if asked.act == "list":
        return _list(console, asked)
    if asked.act == "letters":
        print(console.store.read(_letters, asked))
        return 0
    print(console.store.run(_ACTS[asked.act], asked))
    return 0


def _list(console: Console, asked: argparse.Namespace) -> int:
    found = console.store.read(rounds_of)
    if asked.json:
        show([_plain(row) for row in found.rounds])
        return 0
    for row in found.rounds:
        print(f"{row.period}  {row.summary}")
        for ask in row.asks:
            words = f"{ask.name} ({ask.department}), {ask.said}"
            answer = f": {ask.answer}" if ask.answer else ""
            print(f"  {ask.state.words:<10} {one_line(f'{words}{answer}')}")
    if not found.rounds:
        print("Nobody was asked yet. `outreach start PERIOD` does.")
    return 0


def _plain(row: RoundRow) -> dict[str, object]:
    return {
        "period": row.period,
        "answers_by": row.answers_by.isoformat(),
        "asks": [
            {
                "name": ask.name,
                "department": ask.department,
                "state": ask.state.value,
                "asked_on": ask.asked_on.isoformat() if ask.asked_on else None,
                "answer": ask.answer,
            }
            for ask in row.asks
        ],
    }


def _start(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    today = rounds_of(uow).today
    by = _day(asked.by) if asked.by else today + timedelta(days=DAYS_TO_ANSWER)
    made = acts.start_round(uow, asked.period, by)
    heads = "1 head is" if made.asks == 1 else f"{made.asks} heads are"
    without = f" Nobody is asked for {', '.join(made.headless)}." if made.headless else ""
    return (
        f"{heads} to be asked about {period_from(asked.period).words}, to answer by "
        f"{speak_date(by)} {by.year}.{without} `outreach send {asked.period}` asks them."
    )


def _put_off(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    day = _day(asked.until) if asked.until else None
    put_off_round(uow, asked.period, day, asked.why)
    words = period_from(asked.period).words
    if day is None:
        return f"Nobody is reminded to ask about {words}."
    return f"Asking about {words} is due again on {speak_date(day)} {day.year}."


def _send(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    if not rounds_of(uow).sends:
        raise NotAllowed(
            "There is no account that mail leaves from. `outreach letters` writes the mails as "
            "files; `outreach asked` notes who was asked."
        )
    count = len(acts.send_round(uow, _round(uow, asked).id))
    wait = "1 mail waits" if count == 1 else f"{count} mails wait"
    return f"{wait} in the Outbox; the open window sends, or `sync`."


def _letters(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    folder = asked.dir.expanduser().absolute()
    folder.mkdir(parents=True, exist_ok=True)
    count = leave_letters(uow, _round(uow, asked).id, folder)
    letters = "1 letter lies" if count == 1 else f"{count} letters lie"
    return f"{letters} in {folder}. Note with `outreach asked` who was asked once they left."


def _asked(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    ask = _ask(uow, asked)
    acts.mark_asked(uow, ask.id, seen=ask.version)
    return f"{ask.name} was asked."


def _answer(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    ask = _ask(uow, asked)
    acts.note_answer(uow, ask.id, asked.text, seen=ask.version)
    return f"Noted what {ask.name} says."


def _event(uow: UnitOfWork, asked: argparse.Namespace) -> str:
    ask = _ask(uow, asked)
    if not ask.answer:
        raise BadInput(f"{ask.name} has not answered; `outreach answer` notes what they say.")
    if ask.event_id:
        raise BadInput(f"The answer of {ask.name} is an event already.")
    start, end, all_day = _when(ask, asked)
    title = asked.title or ask.answer.splitlines()[0][:80]
    said = Asked(ask.name, ask.asked_on, "", ask.answer)
    noted = Noted(said, departments=ask.departments)
    typed = TypedEvent(title, start, end, all_day, noted=noted)
    acts.event_of_answer(uow, ask.id, asked.layer, typed, seen=ask.version)
    days = speak_date(start.date())
    until = f" to {speak_date(end.date())}" if end.date() != start.date() else ""
    return f"Added: {one_line(title)}, {days}{until} {end.year}."


def _when(ask: AskRow, asked: argparse.Namespace) -> tuple[datetime, datetime, bool]:
    if asked.since:
        return times_of(asked)
    period = period_from(asked.period)
    days = days_said(ask.answer, period.first, period.last)
    if days is None:
        raise BadInput(
            f"Say with --from on which day it begins; it cannot be read from the answer: "
            f"{ask.answer}"
        )
    first, last = (datetime.combine(day, time.min) for day in days)
    return first, last, True


def _round(uow: UnitOfWork, asked: argparse.Namespace) -> RoundRow:
    wanted = period_from(asked.period).token
    found = rounds_of(uow).rounds
    for row in found:
        if row.period == wanted:
            return row
    known = ", ".join(row.period for row in found) or "none"
    raise NotFound(f"Nobody is asked about {wanted}. Rounds: {known}.")


def _ask(uow: UnitOfWork, asked: argparse.Namespace) -> AskRow:
    row, part = _round(uow, asked), asked.name.strip().casefold()
    found = [ask for ask in row.asks if part and part in ask.name.casefold()]
    exact = [ask for ask in found if ask.name.casefold() == part]
    if len(exact or found) == 1:
        return (exact or found)[0]
    names = ", ".join(ask.name for ask in found or row.asks)
    many = "Several heads are" if found else "No head in this round is"
    raise NotFound(f"{many} called “{asked.name}”. There are: {names}.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadInput(f"“{text}” is no day; write it like 2027-01-15.") from None


_ACTS: dict[str, Callable[[UnitOfWork, argparse.Namespace], str]] = {
    "start": _start,
    "put-off": _put_off,
    "send": _send,
    "asked": _asked,
    "answer": _answer,
    "event": _event,
}
