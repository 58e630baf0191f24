"""`calendar`, `check`, `recheck`, `free`, `occurrences`; and a window as it is typed."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from app.cli.printing import moment, one_line, show, there
from app.models.calendar.conflicts import Conflict, blocked
from app.models.calendar.free import FreeWindow
from app.models.errors import BadInput
from app.models.outages.lifecycle import ImpactClass
from app.models.severity import Severity
from app.models.times import Window, parse_wall, speak_date, speak_window, to_wall, zone
from app.services.uow import UnitOfWork
from app.wiring import Console

if TYPE_CHECKING:
    from app.services.calendar.publishing import Narrowed

EVENING = 19
"""The hour that is wished for where none is."""
MOST_MINUTES = 14 * 24 * 60
_WORDS = {Severity.BLOCK: "BLOCKS", Severity.WARN: "warns ", Severity.NOTE: "note  "}


def window_of(asked: argparse.Namespace) -> Window:
    """Raises BadInput for a gap, an overlap nobody chose in, or an end before the start."""
    zone(asked.zone)
    start, end = parse_wall(asked.start), parse_wall(asked.end)
    try:
        return Window.of(start, end, asked.zone, asked.fold, asked.fold)
    except BadInput as refusal:
        if "ambiguous" not in refusal.about:
            raise
        how = "--fold 0 is the first of the two, --fold 1 the second."
        raise BadInput(f"{refusal.sentence} {how}") from None


def check(console: Console, asked: argparse.Namespace) -> int:
    """1 when something blocks: a script plans only what is free."""
    from app.services.calendar.conflicts import judge
    from app.services.calendar.lead import Lead, lead_of
    from app.services.calendar.looking import Scope
    from app.services.directory.finding import find_service

    window = window_of(asked)

    def look(uow: UnitOfWork) -> tuple[tuple[Conflict, ...], Lead, bool]:
        services = tuple(find_service(uow, name).id for name in asked.service)
        scope = Scope(window, ImpactClass(asked.impact or "ordinary"), services)
        return judge(uow, scope), lead_of(uow, scope), window.end_utc <= uow.now

    found, lead, past = console.store.read(look)
    if asked.json:
        listed = [
            {"severity": c.severity.value, "reason": c.reason.value, "sentence": c.sentence}
            for c in found
        ]
        notice = {
            "last": there(lead.last, window.zone) if lead.last is not None else None,
            "late": lead.late,
            "first": lead.first.isoformat() if lead.first is not None else None,
        }
        show({"blocked": blocked(found), "conflicts": listed, "notice": notice})
    else:
        if past:
            print("That window is past: it can be looked at, not planned.")
        for conflict in found:
            print(f"{_WORDS[conflict.severity]}  {one_line(conflict.sentence)}")
        if not found:
            print("No conflict.")
        if not lead.late and not past:  # else its conflict says so
            print(lead.sentence)
    return 1 if blocked(found) else 0


def recheck(console: Console, asked: argparse.Namespace) -> int:
    """0 also when something is new: it is an answer, not a fault."""
    from app.models.tables.outages import Outage
    from app.services.calendar.rechecking import Clash, clashes
    from app.services.calendar.rechecking import recheck as look_again

    total = look_again(console.store).total

    def look(uow: UnitOfWork) -> list[tuple[str, str, Clash]]:
        return [
            (row.code, row.title, clash)
            for i, found in clashes(uow).items()
            if (row := uow.find(Outage, i)) is not None
            for clash in found
        ]

    found = console.store.read(look)
    if asked.json:
        new = [
            {"outage": code, "severity": clash.severity.value, "sentence": clash.sentence}
            for code, _, clash in found
        ]
        show({"windows": total, "new": new})
        return 0
    for code, title, clash in found:
        print(f"{code}  {one_line(title)}")
        print(f"{'':{len(code)}}  {_WORDS[clash.severity]}  {one_line(clash.sentence)}")
    if not found:
        print(f"Nothing new stands against the windows to come ({total} looked at).")
    return 0


def free(console: Console, asked: argparse.Namespace) -> int:
    """1 when there is none. What would stand against any window is said beside them."""
    from app.services.calendar.free import first_free, holds_always
    from app.services.calendar.looking import Scope
    from app.services.database import organisation
    from app.services.directory.finding import find_person, find_service

    def look(uow: UnitOfWork) -> tuple[tuple[FreeWindow, ...], tuple[str, ...]]:
        home = organisation(uow)
        asked.zone = asked.zone or home.zone
        if asked.wish:
            start = parse_wall(asked.wish)
        else:
            tomorrow = to_wall(uow.now, asked.zone).date() + timedelta(days=1)
            start = datetime.combine(tomorrow, time(EVENING))
        if not 0 < asked.minutes <= MOST_MINUTES:
            raise BadInput(f"A window lasts 1 to {MOST_MINUTES:,} minutes.")
        wish = Window.of(start, start + timedelta(minutes=asked.minutes), asked.zone, 0, 0)
        if wish.start_utc <= uow.now:
            raise BadInput("The wish is past; give a start to come.")
        scope = Scope(
            window=wish,
            impact=ImpactClass(asked.impact or "ordinary"),
            services=tuple(find_service(uow, name).id for name in asked.service),
            owners=tuple(find_person(uow, name).id for name in asked.owner or ()),
        )
        windows = first_free(uow, scope, within=asked.within, most=asked.most)
        return windows, holds_always(uow, scope)

    found, always = console.store.read(look)
    for sentence in always:
        sys.stderr.write(f"At any time: {one_line(sentence)}\n")
    if asked.json:
        show(
            [
                {
                    "start": there(each.window.start_utc, each.window.zone),
                    "end": there(each.window.end_utc, each.window.zone),
                    "zone": each.window.zone,
                    "reasons": list(each.reasons),
                }
                for each in found
            ]
        )
        return 0 if found else 1
    for each in found:
        print(f"{speak_window(each.window):<36} {one_line('; '.join(each.reasons))}")
    if not found:
        print(
            f"No window is free in the next {asked.within} days; `check` names what is against one."
        )
    return 0 if found else 1


def occurrences(console: Console, asked: argparse.Namespace) -> int:
    """What was materialised: a year back, two years on."""
    from app.services.calendar.listing import list_occurrences
    from app.services.database import organisation

    since, until = moment(asked.since), moment(asked.until)
    rows = console.store.read(list_occurrences, since, until, asked.layer)
    home = console.store.read(organisation).zone
    if asked.json:
        show(
            [
                {
                    "uid": row.uid,
                    "title": row.title,
                    "layer": row.layer,
                    "start": there(row.start, home),
                    "end": there(row.end, home),
                    "all_day": row.all_day,
                }
                for row in rows
            ]
        )
        return 0
    for row in rows:
        when = _from_to(to_wall(row.start, home), to_wall(row.end, home), all_day=row.all_day)
        print(f"{when:<18}  {one_line(row.title)}  ({one_line(row.layer)})")
    if not rows:
        print("Nothing happens in that span.")
    return 0


def _from_to(start: datetime, end: datetime, *, all_day: bool) -> str:
    """`Mon 14 Dec–Thu 17 Dec all day`, `Fri 18 Dec 22:00–Sat 19 Dec 02:00`."""
    first = speak_date(start.date())
    last = speak_date((end - timedelta(minutes=1) if all_day else end).date())
    if all_day:
        return f"{first if first == last else f'{first}–{last}'} all day"
    return f"{first} {start:%H:%M}–{'' if first == last else f'{last} '}{end:%H:%M}"


def calendar(console: Console, asked: argparse.Namespace) -> int:
    """Without a file the year is listed."""
    from app.models.calendar.entries import Layer
    from app.models.calendar.sieve import Stand
    from app.services.calendar.publishing import Narrowed, year_html, year_ics, year_of
    from app.services.reports.files import leave_file

    part = Narrowed(
        tuple(asked.service or ()),
        frozenset(Stand(each) for each in asked.state or ()),
        frozenset(Layer(each) for each in asked.layer or (Layer.OUTAGES,)),
    )
    year = console.store.read(year_of, asked.year, part)
    if asked.pdf is not None:
        _print_year(console, asked, part if asked.layer else replace(part, layers=frozenset(Layer)))
    made = [
        (path, write(year))
        for path, write in ((asked.ics, year_ics), (asked.html, year_html))
        if path is not None
    ]
    for path, content in made:
        leave_file(path.expanduser().absolute(), content)
        print(path)
    if not made and asked.pdf is None:
        for row in year.rows:
            when = speak_window(row.window)
            print(f"{row.code}  {row.state.words:<12} {when:<42} {one_line(row.title)}")
        if not year.rows:
            print(f"No outage is planned in {year.year}.")
    if year.drafts:
        are = "draft is" if year.drafts == 1 else "drafts are"
        sys.stderr.write(f"{year.drafts} {are} left out: nobody's word yet.\n")
    return 0


def _print_year(console: Console, asked: argparse.Namespace, part: Narrowed) -> None:
    """Outages as they are listed; freezes, events and holidays as the calendar shows them."""
    from app.models.calendar.entries import Layer
    from app.models.calendar.spans import Span, Way
    from app.models.reports.packet import Paper
    from app.models.times import speak_moment
    from app.services.calendar.publishing import planner_of
    from app.services.reports.building import paper_here
    from app.views.calendar.paper_acts import write_pdf
    from app.views.calendar.paper_sheet import Printable
    from app.wiring.offscreen import ensure_application

    span = Span.of(Way.YEAR, date(asked.year, 1, 1))
    rows = console.store.read(planner_of, asked.year, part)
    left_out = tuple(layer for layer in Layer if layer not in part.layers)
    paper = Paper(asked.paper.casefold()) if asked.paper else console.store.read(paper_here)
    ensure_application()
    printed = speak_moment(console.store.clock.now(), rows.zone)
    path = asked.pdf.expanduser().absolute()
    write_pdf(Printable(rows, span, rows.entries, left_out, printed), path, paper)
    print(asked.pdf)
