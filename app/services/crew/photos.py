"""A photo from a phone as evidence of a step: kept beside the store, named in the log and in the
change record by the hash of what it holds."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col

from app.models.changes_evidence import Kept, with_file
from app.models.crew.links import LinkKind
from app.models.crew.taps import TapAct, happened_at
from app.models.errors import NotAllowed
from app.models.outages.lifecycle import State
from app.models.tables.changes import ChangeRecord
from app.models.tables.crew import CrewTap
from app.models.tables.outages import Outage
from app.services.crew.links import scope_of
from app.services.crew.taps import BY_PHONE, NoScope, Tap, known_tap, own_step, remember
from app.services.events import ChangesReviewed
from app.services.runbook.acting import Report, hear
from app.services.uow import UnitOfWork

MOST = 40
"""Photos one link may send: a folder of evidence is copied with every backup."""


def photo_name(uow: UnitOfWork, token: str, step_id: str, tap_id: str) -> str | None:
    """A query, before a photo is made anew and written: the name it gets; None when it was taken
    already. Raises NoScope, NotFound, NotAllowed, BadInput."""
    scope = scope_of(uow, LinkKind.CREW, token)
    if scope is None:
        raise NoScope("This link opens nothing.")
    if known_tap(uow, scope, tap_id):
        return None
    row = own_step(uow, scope, step_id)
    outage = uow.fetch(Outage, row.outage_id)
    if outage.state in (State.DRAFT, State.FILED, State.CANCELLED):
        raise NotAllowed(f"{outage.code} is {outage.state.words.lower()}; nothing was kept.")
    sent = uow.all(CrewTap, col(CrewTap.link_id) == scope.link_id, col(CrewTap.act) == TapAct.PHOTO)
    if len(sent) >= MOST:
        raise NotAllowed(f"{MOST} photos came from this phone; send more by mail.")
    return f"{outage.code}-step-{row.code}-{len(sent) + 1}.jpg"


def take_photo(
    uow: UnitOfWork,
    token: str,
    step_id: str,
    tap_id: str,
    kept: Kept,
    at: datetime | None = None,
) -> bool:
    """The file lies there (`keep_evidence`); now the step says so, and `at` when the photo was
    chosen if the phone could not send it then. False: it did already. Raises as `photo_name`."""
    if photo_name(uow, token, step_id, tap_id) is None:
        return False
    scope = scope_of(uow, LinkKind.CREW, token)
    assert scope is not None  # or `photo_name` had raised
    row = own_step(uow, scope, step_id)
    chosen = happened_at(at, uow.now, TapAct.PHOTO)
    report = Report(by=scope.name, via=BY_PHONE, note=kept.line, at=chosen)
    hear(uow, row.id, report, seen=row.version)
    tap = Tap(tap_id, row.id, TapAct.PHOTO, row.version)
    remember(uow, scope, tap, kept.line, chosen or uow.now)
    for record in uow.all(ChangeRecord, col(ChangeRecord.step_id) == row.id):
        record.evidence = with_file(record.evidence, kept)
        uow.log(f"evidence for change record {record.number}: {kept.name}", record, who=scope.name)
        uow.emit(ChangesReviewed(row.outage_id))
    return True
