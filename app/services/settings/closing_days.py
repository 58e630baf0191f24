"""The organisation's own closing days: read with the names of the sites, and changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import col

from app.models.calendar.closing import (
    POLICY_KEY,
    ClosingDays,
    closing_as_kept,
    closing_from,
    require_sound,
)
from app.models.errors import BadInput, Stale
from app.models.tables.directory import Site
from app.models.times import to_wall
from app.services.database import organisation
from app.services.events import ChangedElsewhere
from app.services.uow import Undo, UnitOfWork


@dataclass(frozen=True, slots=True)
class ClosingRows:
    """`version` is the organisation's, to be given back with a change; `sites` are (id, name);
    `ahead` are those not over yet."""

    version: int
    today: date
    closings: tuple[ClosingDays, ...]
    ahead: tuple[ClosingDays, ...]
    sites: tuple[tuple[str, str], ...]

    def where(self, closing: ClosingDays) -> str:
        """The site's name; empty for everywhere."""
        return dict(self.sites).get(closing.site_id, "a site that is archived")


def closing_days(uow: UnitOfWork) -> ClosingRows:
    """Raises NotFound while there is no organisation."""
    row = organisation(uow)
    found = closing_from(row.policy)
    today = to_wall(uow.now, row.zone).date()
    sites = uow.all(Site, order=(col(Site.key),))
    return ClosingRows(
        row.version,
        today,
        found,
        tuple(closing for closing in found if closing.last >= today),
        (("", ""), *((site.id, site.name) for site in sites)),
    )


def change_closing_days(uow: UnitOfWork, wanted: Iterable[ClosingDays], *, seen: int) -> Undo:
    """Lead times, plans and the calendar follow at once; what was told stays told. Raises BadInput
    (`about`: field), Stale, NotFound for an unknown site."""
    row = organisation(uow)
    if row.version != seen:
        raise Stale(
            "Someone changed the organisation a moment ago, so nothing was overwritten. "
            "You now see how it stands; do it again if you still want it."
        )
    was = closing_from(row.policy)
    sound = require_sound(wanted)
    added, gone = set(sound) - set(was), set(was) - set(sound)
    if not added and not gone:
        raise BadInput("That is noted already; nothing was changed.", field="name")
    for site_id in {closing.site_id for closing in added if closing.site_id}:
        uow.fetch(Site, site_id)
    row.policy = {**row.policy, POLICY_KEY: closing_as_kept(sound)}
    said = [f"closed {c.words}: {c.name}" for c in sorted(added)]
    said += [f"no longer closed {c.words}: {c.name}" for c in sorted(gone)]
    uow.log("; ".join(said), row, kind="policy")
    uow.emit(ChangedElsewhere())  # working days change for every outage: look at everything again
    return uow.undo("the closing days", also=lambda later: _put_back(later, was, sound))


def _put_back(uow: UnitOfWork, was: Sequence[ClosingDays], then: Sequence[ClosingDays]) -> None:
    """The organisation's row is no record, so an undo does not know it. Raises Stale."""
    row = organisation(uow)
    if closing_from(row.policy) != tuple(then):
        raise Stale(
            "The closing days cannot be put back: they were changed again since. "
            "Nothing was put back."
        )
    row.policy = {**row.policy, POLICY_KEY: closing_as_kept(was)}
    uow.log("the closing days are as they were", row, kind="policy")
