"""`move`, `cancel`: another time, or none. Who was told is said first."""

from __future__ import annotations

import argparse
from datetime import date, datetime

from app.cli.deciding import decided_of, naming_the_option
from app.cli.printing import one_line
from app.models.errors import BadInput
from app.models.outages.lifecycle import State
from app.models.tables.outages import Outage
from app.models.times import Window, parse_wall, speak_window, to_wall, zone
from app.services.outages.planning import find_outage
from app.services.uow import UnitOfWork
from app.wiring import Console


def move(console: Console, asked: argparse.Namespace) -> int:
    from app.services.outages.consequences import moving_means
    from app.services.outages.moving import move_window, require_move_to

    def look(uow: UnitOfWork) -> tuple[str, ...]:
        outage = find_outage(uow, asked.outage)
        why = asked.why or ("still to be said" if asked.preview else "")
        require_move_to(uow, outage, _window(asked, outage), why)
        return moving_means(uow, outage.id)

    def act(uow: UnitOfWork) -> str:
        outage = find_outage(uow, asked.outage)
        window = _window(asked, outage)
        move_window(uow, outage.id, window, asked.why, seen=outage.version)
        return f"{outage.code} {one_line(outage.title)}: moved to {speak_window(window)}"

    _say(console.store.read(look))
    if asked.preview:
        return 0
    print(console.store.run(act))
    _say_owed(console, asked.outage)
    return 0


def cancel(console: Console, asked: argparse.Namespace) -> int:
    from app.models.outages.cancelling import cancelled_because
    from app.services.outages.consequences import cancelling_means
    from app.services.outages.leading import Going, advance

    by = _day(asked.new_date_by) if asked.new_date_by else None
    why = cancelled_because(asked.why, by)

    def look(uow: UnitOfWork) -> tuple[str, ...]:
        outage = find_outage(uow, asked.outage)
        if by is not None and by < to_wall(uow.now, outage.zone).date():
            raise BadInput(f"{by} has passed; give a day still to come.")
        return cancelling_means(uow, outage.id)

    def act(uow: UnitOfWork) -> str:
        outage = find_outage(uow, asked.outage)
        going = Going(by=asked.by, why=why, decided=decided_of(asked, why))
        advance(uow, outage.id, State.CANCELLED, going)
        return f"{outage.code} {one_line(outage.title)}: {outage.state.words}, {one_line(why)}"

    _say(console.store.read(look))
    if asked.preview:
        return 0
    with naming_the_option():
        print(console.store.run(act))
    _say_owed(console, asked.outage)
    return 0


def _say(sentences: tuple[str, ...]) -> None:
    for sentence in sentences:
        print(one_line(sentence))


def _say_owed(console: Console, code: str) -> None:
    from app.services.outages.debt import debts_of

    for owed in console.store.read(lambda uow: debts_of(uow, find_outage(uow, code))):
        print(f"Owed: {one_line(owed.sentence)} ({one_line(owed.why)})")


def _window(asked: argparse.Namespace, outage: Outage) -> Window:
    """Wall times in `--zone` (default: the outage's), or moments with an offset."""
    there = asked.zone or outage.zone
    zone(there)
    start, first = _wall(asked.start, there, asked.fold)
    end, last = _wall(asked.end, there, asked.fold)
    try:
        return Window.of(start, end, there, first, last)
    except BadInput as refusal:
        if "ambiguous" not in refusal.about:
            raise
        how = "--fold 0 is the first of the two, --fold 1 the second."
        raise BadInput(f"{refusal.sentence} {how}") from None


def _wall(text: str, there: str, fold: int | None) -> tuple[datetime, int | None]:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        return parse_wall(text), fold
    try:
        local = moment.astimezone(zone(there))
    except OverflowError:
        raise BadInput(f"“{text}” lies outside the calendar.") from None
    return to_wall(moment, there), local.fold


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(f"“{text}” is not a day; write it like 2026-01-17.") from None
