"""From when on a time of the crew that moved is said again: the organisation's own."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.errors import BadInput, Stale
from app.services.database import organisation
from app.services.events import ChangedElsewhere
from app.services.live.crew_times import MOVED_SETTING, moved_by
from app.services.uow import UnitOfWork

LEAST, MOST = 5, 120
"""Minutes. Below, a forecast that breathes would write a mail a step."""


@dataclass(frozen=True, slots=True)
class MovedBy:
    """`version` is the organisation's, to be given back with a change."""

    version: int
    minutes: int


def crew_moved_by(uow: UnitOfWork) -> MovedBy:
    """A query. Raises NotFound while there is no organisation."""
    return MovedBy(organisation(uow).version, int(moved_by(uow).total_seconds() // 60))


def change_crew_moved_by(uow: UnitOfWork, minutes: int, *, seen: int) -> int:
    """Returns what it was, which put back undoes it. Raises BadInput, Stale."""
    row = organisation(uow)
    if row.version != seen:
        raise Stale(
            "Someone changed the organisation a moment ago, so nothing was overwritten. "
            "You now see how it stands; do it again if you still want it."
        )
    if not LEAST <= minutes <= MOST:
        raise BadInput(f"It is {LEAST} to {MOST} minutes; nothing was changed.")
    was = crew_moved_by(uow).minutes
    row.policy = {**row.policy, MOVED_SETTING: minutes}
    uow.log(
        f"times of the crew are said again from {minutes} min on (was {was})", row, kind="policy"
    )
    uow.emit(ChangedElsewhere())  # what is to be said changes for every flight
    return was
