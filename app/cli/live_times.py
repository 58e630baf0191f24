"""`times`: when each of the crew is to be ready and free, what they know, and telling them."""

from __future__ import annotations

import argparse
from typing import Any

from app.cli.live import one_of
from app.cli.printing import show, there
from app.models.errors import NotAllowed
from app.services.live.crew_rows import CrewTime, CrewTimes, span
from app.services.live.crew_telling import Sent, send_times, told_by_hand
from app.services.live.crew_times import crew_times
from app.services.outages.planning import find_outage
from app.services.uow import UnitOfWork
from app.wiring import Console


def times(console: Console, asked: argparse.Namespace) -> int:
    """What is asked for is done first; then everybody as they stand after it."""

    def phoned(uow: UnitOfWork) -> None:
        outage = find_outage(uow, asked.outage)
        rows = crew_times(uow, outage.id)
        name = one_of(asked.told, [one.name for one in rows.people])
        person = next((one.person_id for one in rows.people if one.name == name), name)
        told_by_hand(uow, outage.id, person, asked.by)

    def sent(uow: UnitOfWork) -> Sent:
        return send_times(uow, find_outage(uow, asked.outage).id, by=asked.by)

    def look(uow: UnitOfWork) -> CrewTimes:
        return crew_times(uow, find_outage(uow, asked.outage).id)

    if asked.told:
        console.store.run(phoned)
    if asked.send and not console.store.read(look).sends:
        raise NotAllowed(
            "No account is set up, so the console sends nothing. Tell each by hand, then note it "
            "with --told NAME."
        )
    calls = console.store.run(sent).by_phone if asked.send else ()
    rows = console.store.read(look)
    if asked.json:
        show(_as_json(rows))
        return 0
    for one in rows.people:
        print(_line(rows, one))
    if calls:
        print(f"no mail address, to be called: {', '.join(calls)}")
    if rows.saved_words:
        print(rows.saved_words)
    return 0


def _line(rows: CrewTimes, one: CrewTime) -> str:
    now = span(one.duty, rows.zone) if one.duty is not None else "free"
    return f"{one.name:<24} {now:<12} {one.say.value:<8} {one.told_words(rows.zone)}"


def _as_json(rows: CrewTimes) -> dict[str, Any]:
    return {
        "code": rows.code,
        "moved_by_minutes": int(rows.moved_by.total_seconds() // 60),
        "saved_minutes": None if rows.saved is None else int(rows.saved.total_seconds() // 60),
        "people": [
            {
                "name": one.name,
                "be_ready": there(one.duty.be_ready, rows.zone) if one.duty else None,
                "free": there(one.duty.release, rows.zone) if one.duty else None,
                "say": one.say.value,
                "told": one.told.how if one.told else "",
                "told_at": there(one.told.telling.at, rows.zone) if one.told else None,
            }
            for one in rows.people
        ],
    }
