"""What stands against an outage where it is, or where it would be moved to."""

from __future__ import annotations

from dataclasses import dataclass, replace

from app.models.calendar.causes import cause_words
from app.models.calendar.free import FreeWindow
from app.models.calendar.shifting import HOME, Shift, shifted
from app.models.outages.lifecycle import BEFORE_START, CLOSED
from app.models.severity import Severity
from app.models.tables.outages import Outage
from app.models.times import Window, speak_window
from app.services.calendar.conflicts import is_accepted, judge
from app.services.calendar.free import first_free
from app.services.calendar.scopes import roles_in, scope_of
from app.services.outages.moving import told_count
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Against:
    """One conflict: its sentence, and in a few words why that matters."""

    severity: Severity
    sentence: str
    cause: str
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Moving:
    """An outage and one window for it: its own, or with a `shift` another. `told` is how many
    people and lists know the old one; `ended` is the word for how it ended, once nothing can stand
    against it any more."""

    outage_id: str
    code: str
    title: str
    version: int
    shift: Shift
    window: Window
    window_words: str
    movable: bool
    ended: str
    told: int
    against: tuple[Against, ...]


def look_at_move(uow: UnitOfWork, outage_id: str, shift: Shift = HOME) -> Moving:
    """With its wall times shifted. Raises NotFound, and BadInput where the clocks jump over one of
    the times or no window is left."""
    outage = uow.fetch(Outage, outage_id)
    scope = scope_of(uow, outage)
    window = shifted(outage.window, shift) if shift else scope.window
    ended = outage.state in CLOSED
    if shift:
        scope = replace(scope, window=window, told=False)
    found = () if ended else judge(uow, scope)
    return Moving(
        outage_id=outage.id,
        code=outage.code,
        title=outage.title,
        version=outage.version,
        shift=shift,
        window=window,
        window_words=speak_window(window),
        movable=outage.state in BEFORE_START,
        ended=outage.state.words if ended else "",
        told=told_count(uow, outage.id),
        against=tuple(
            Against(
                conflict.severity,
                conflict.sentence,
                cause_words(conflict.reason),
                is_accepted(outage, conflict),
            )
            for conflict in found
        ),
    )


def free_for(uow: UnitOfWork, outage_id: str) -> tuple[FreeWindow, ...]:
    """The free windows nearest to where an outage stands. A query; raises NotFound."""
    scope = scope_of(uow, uow.fetch(Outage, outage_id))
    return first_free(uow, replace(scope, roles=roles_in(uow, outage_id)))
