"""What people were told of one outage, for whoever holds its status link: a page, a calendar."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.notices.kinds import NoticeKind
from app.models.status import StatusOutage, say_moment
from app.models.tables.outages import Outage
from app.models.times import Window, to_wall, zone
from app.services.notices.ics import CalendarEntry, Method, ics_of
from app.services.status.reading import status_page
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Told:
    """`outage` None: nothing was told of it yet, or it is kept off what anybody may read."""

    organisation: str
    practice: bool
    outage: StatusOutage | None
    sequence: int


def told_of_outage(uow: UnitOfWork, outage_id: str) -> Told:
    """A query. Raises NotFound."""
    row = uow.fetch(Outage, outage_id)
    page = status_page(uow)
    found = next((each for each in page.outages if each.id == outage_id), None)
    return Told(page.organisation, page.practice, found, row.calendar_sequence)


def told_ics(told: Told) -> bytes:
    """A calendar to subscribe to, of the window as it was told last; empty before that."""
    outage = told.outage
    if outage is None:
        return (
            b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Flight Console//Outage//EN\r\n"
            b"END:VCALENDAR\r\n"
        )
    said = (f"{say_moment(each.at, outage.zone)}: {each.text}" for each in outage.updates)
    entry = CalendarEntry(
        outage_id=outage.id,
        sequence=told.sequence,
        changed_at=outage.updates[0].at if outage.updates else outage.start,
        window=_window(outage),
        summary=f"Planned outage: {outage.name}",
        description="\n\n".join((outage.state, *said)),
        end=outage.end,
        alarm_before=None,
        cancelled=bool(outage.updates) and outage.updates[0].kind is NoticeKind.CANCELLED,
    )
    return ics_of((entry,), Method.PUBLISH)


def _window(outage: StatusOutage) -> Window:
    ends = (outage.start, outage.end)
    walls = [to_wall(moment, outage.zone) for moment in ends]
    folds = [moment.astimezone(zone(outage.zone)).fold for moment in ends]
    return Window.of(walls[0], walls[1], outage.zone, folds[0], folds[1])
