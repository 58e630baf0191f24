"""A round of asking department heads that is due is put off: until a day, or not held at all.

It lies among the store's settings, as there is no round yet whose row could hold it; the log says
who put it off and why.
"""

from __future__ import annotations

import json
from datetime import date

from app.models.calendar.outreach import Period, period_from, rounds_due
from app.models.errors import BadInput, Stale
from app.models.tables.settings import Setting
from app.models.times import speak_date, to_wall
from app.services.calendar.outreach import rounds
from app.services.database import organisation
from app.services.events import OutreachChanged
from app.services.uow import Undo, UnitOfWork


def period_due(uow: UnitOfWork) -> Period | None:
    """What the heads are to be asked about by now: of no round yet, and not put off."""
    today = _today(uow)
    asked = {row.period for row in rounds(uow)}
    rest = {token for token, day in _put_off(uow).items() if not day or day > today.isoformat()}
    return next(iter(rounds_due(today, asked | rest)), None)


def put_off_round(uow: UnitOfWork, period: str, again_on: date | None, why: str) -> Undo:
    """Today asks again for it on that day; None: never for this period, though a round can still
    be started. Raises BadInput: no reason, a day that is not to come or lies behind the period."""
    asked, reason = period_from(period), " ".join(why.split())
    if not reason:
        raise BadInput("Say why; the next coordinator will ask.", field="why")
    if again_on is not None and not _today(uow) < again_on <= asked.last:
        raise BadInput(
            f"Choose a day to come, by {speak_date(asked.last)} {asked.last.year} at the latest.",
            field="again_on",
        )
    was = _put_off(uow)
    now = was | {asked.token: again_on.isoformat() if again_on is not None else ""}
    until = (
        f"is put off until {speak_date(again_on)} {again_on.year}"
        if again_on is not None
        else "is not held this time"
    )
    words = f"asking department heads about {asked.words} {until}"
    _keep(uow, now)
    uow.log(f"{words}: {reason}", organisation(uow), kind="outreach")
    uow.emit(OutreachChanged())

    def back(later: UnitOfWork) -> None:
        if _put_off(later) != now:
            raise Stale("Another round was put off since. Nothing was put back.")
        _keep(later, was)
        later.log(f"taken back: {words}", organisation(later), kind="outreach")
        later.emit(OutreachChanged())

    return uow.undo(f"putting off the round about {asked.words}", also=back)


def _today(uow: UnitOfWork) -> date:
    return to_wall(uow.now, organisation(uow).zone).date()


def _put_off(uow: UnitOfWork) -> dict[str, str]:
    """By period, the day on which it is due again; "" never."""
    row = uow.find(Setting, _name(uow))
    found: dict[str, str] = json.loads(row.value) if row is not None else {}
    return found


def _keep(uow: UnitOfWork, put_off: dict[str, str]) -> None:
    row = uow.find(Setting, _name(uow)) or Setting(name=_name(uow))
    row.value = json.dumps(put_off)
    uow.add(row)


def _name(uow: UnitOfWork) -> str:
    return f"outreach_put_off/{uow.organisation_id}"
