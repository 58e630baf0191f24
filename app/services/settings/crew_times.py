"""From when on a time of the crew that moved is said again: the organisation's own."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.errors import BadInput, Stale
from app.services.database import organisation
from app.services.events import ChangedElsewhere
from app.services.live.crew_times import MOVED_SETTING, moved_by
from app.services.uow import Undo, UnitOfWork

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


def change_crew_moved_by(uow: UnitOfWork, minutes: int, *, seen: int) -> Undo:
    """What is to be said changes for every flight at once. Raises BadInput, Stale."""
    row = organisation(uow)
    if row.version != seen:
        raise Stale(
            "Someone changed the organisation a moment ago, so nothing was overwritten. "
            "You now see how it stands; do it again if you still want it."
        )
    if not LEAST <= minutes <= MOST:
        raise BadInput(f"It is {LEAST} to {MOST} minutes; nothing was changed.")
    was = crew_moved_by(uow).minutes
    _keep(uow, minutes)
    words = f"times of the crew are said again from {minutes} min on, not {was}"
    uow.log(words, row, kind="policy")
    return uow.undo("the times of the crew", also=lambda later: _put_back(later, was, minutes))


def _keep(uow: UnitOfWork, minutes: int) -> None:
    row = organisation(uow)
    row.policy = {**row.policy, MOVED_SETTING: minutes}
    uow.emit(ChangedElsewhere())


def _put_back(uow: UnitOfWork, was: int, then: int) -> None:
    """The organisation's row is no record, so an undo does not know it. Raises Stale."""
    if crew_moved_by(uow).minutes != then:
        raise Stale("The minutes were changed again since. Nothing was put back.")
    _keep(uow, was)
