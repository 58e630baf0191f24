"""What was edited in Outlook’s calendar and waits for an answer, as the overview shows it."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.outages.lifecycle import BEFORE_START
from app.models.tables.outages import Outage
from app.models.times import Window, speak_window, to_wall
from app.services.calendar.outlook import proposal_of
from app.services.outages.moving import told_count
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class OutlookRow:
    """What was edited in Outlook’s calendar and waits for an answer. `told`: people know the old
    time."""

    link_id: str
    version: int
    sentence: str
    can_take_over: bool
    told: bool


def outlook_row(uow: UnitOfWork, outage: Outage) -> OutlookRow | None:
    found = proposal_of(uow, outage.id)
    if found is None:
        return None
    timed = found.start is not None or found.end is not None
    said = []
    if found.removed:
        said.append("it was taken out of the calendar")
    if timed:
        start = to_wall(found.start or outage.start_utc, outage.zone)
        end = to_wall(found.end or outage.promised_end_utc, outage.zone)
        said.append(f"it stands there {speak_window(Window(start, end, outage.zone))}")
    if found.subject is not None:
        said.append(f"it is called “{found.subject}”")
    can_move = timed and not found.removed and outage.state in BEFORE_START
    keeps = ""
    if can_move and found.subject is not None:
        ours = f"{outage.code} {outage.title}"
        keeps = f" Its time can be taken over; the title is written back as “{ours}”."
    return OutlookRow(
        found.link_id,
        found.version,
        f"In Outlook {' and '.join(said)}.{keeps}",
        can_move,
        told_count(uow, outage.id) > 0,
    )
