"""What goes into the hand-over pack, read from the store as it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.models.outages.errands import next_of
from app.models.outages.lifecycle import BEFORE_START, FLYING
from app.models.rota.pack import Line, PackData
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.models.times import speak_date, speak_moment, speak_window, to_wall
from app.services.calendar.listing import list_occurrences
from app.services.database import organisation
from app.services.notices.stored import waiting_items
from app.services.outages.brief import NEXT_WORDS, debt_row
from app.services.outages.debt import debts_of
from app.services.outages.reading import open_outages
from app.services.rota.handover import Turnover, turnover, typed_notes
from app.services.rota.reading import troubles_in
from app.services.rota.stuck import called, stuck
from app.services.uow import UnitOfWork

AHEAD = timedelta(days=30)


def pack_data(uow: UnitOfWork, *, looked_again: bool = False) -> PackData:
    """As it stands now: of the turn that ends next, or ended and was not acknowledged. What is
    new against windows is as of the last look at them, or `looked_again` for now. Raises NotFound
    while there is no organisation."""
    home = organisation(uow)
    over = turnover(uow)
    found = open_outages(uow)
    soon = [o for o in found if o.start_utc < uow.now + AHEAD or o.state in FLYING]
    owed: list[Line] = []
    rows = []
    for outage in soon:
        debts = debts_of(uow, outage)
        leaving = waiting_items(uow, outage.id) if debts else {}
        for debt in debts:
            row = debt_row(debt, outage, uow.now, leaving)
            owed.append(Line(called(outage), row.sentence, row.sub))
        following = next_of(outage.state, debts, outage.start_utc, uow.now, frozenset(leaving))
        words = "nothing now"
        if following is not None and following.debt is not None:
            words = following.debt.sentence
        elif following is not None:
            words = NEXT_WORDS.get(following.errand, following.errand.words)
        window = speak_window(outage.window)
        rows.append((called(outage), window, outage.state.words, words))
    return PackData(
        organisation=home.name,
        leaving=over.leaving,
        incoming=over.incoming,
        ends=over.ends,
        goes_on=over.goes_on,
        zone=home.zone,
        made_at=uow.now,
        notes=typed_notes(uow, over),
        open=tuple(rows),
        later=len(found) - len(soon),
        owed=tuple(owed),
        stuck=tuple(stuck(uow, found, looked_again=looked_again)),
        ahead=tuple(_ahead(uow, found, over, home.zone)),
    )


def _ahead(uow: UnitOfWork, found: list[Outage], over: Turnover, zone: str) -> Iterator[Line]:
    """In the order of time: windows, freezes and events, days without a coordinator."""
    lines: list[tuple[datetime, Line]] = []
    until = uow.now + AHEAD
    for outage in found:
        if outage.state in BEFORE_START and uow.now <= outage.start_utc < until:
            lead = uow.find(Person, outage.coordinator_id) if outage.coordinator_id else None
            who = lead.name if lead is not None else "nobody leads it"
            line = Line(speak_window(outage.window), called(outage), f"{outage.state.words}, {who}")
            lines.append((outage.start_utc, line))
    for row in list_occurrences(uow, uow.now, until):
        first, last = to_wall(row.start, zone), to_wall(row.end - timedelta(minutes=1), zone)
        when = speak_date(first.date()) if row.all_day else speak_moment(row.start, zone)
        if last.date() != first.date():
            when = f"{speak_date(first.date())}–{speak_date(last.date())}"
        lines.append((row.start, Line(when, row.title, row.layer)))
    yield from (line for _, line in sorted(lines, key=lambda each: each[0]))
    today = to_wall(uow.now, zone).date()
    for trouble in troubles_in(uow, today, today + AHEAD) if over.used else ():
        yield Line("Rota", trouble.sentence)
