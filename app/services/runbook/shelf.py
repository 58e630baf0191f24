"""The organisation's runbooks with their revisions, to look at, compare, export."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from sqlmodel import col

from app.models.errors import NotFound
from app.models.ids import key_of
from app.models.runbook import RunbookTemplate
from app.models.runbook.comparing import Change, changes_between
from app.models.tables.outages import Outage
from app.models.tables.runbook import SavedRunbook
from app.models.times import to_wall
from app.services.database import organisation
from app.services.runbook.applying import built_in
from app.services.runbook.files import find_runbook
from app.services.runbook.templates import template_of
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class Revision:
    """`saved_on`, the day at home, is None for one that comes with the console."""

    number: int
    steps: int
    saved_by: str = ""
    saved_on: date | None = None


@dataclass(frozen=True, slots=True)
class ShelfRow:
    """A runbook; its revisions from the latest back."""

    name: str
    own: bool
    revisions: tuple[Revision, ...]

    @property
    def latest(self) -> Revision:
        return self.revisions[0]


@dataclass(frozen=True, slots=True)
class RevisionLook:
    """A revision, and how it differs from the older one; None: there is none to compare with."""

    template: RunbookTemplate
    older: int | None
    changes: tuple[Change, ...]


def runbook_shelf(uow: UnitOfWork) -> tuple[ShelfRow, ...]:
    """By name, the organisation's own first."""
    names: dict[str, str] = {}
    found: dict[str, list[Revision]] = defaultdict(list)
    own = set()
    for template in built_in():
        key = key_of(template.name)
        names[key] = template.name
        found[key].append(Revision(template.revision, len(template.steps)))
    zone = organisation(uow).zone if uow.organisation_id else "UTC"
    for row in uow.all(SavedRunbook, order=(col(SavedRunbook.revision),)):
        names[row.key] = row.name
        own.add(row.key)
        steps = len(row.content.get("steps", ()))
        on = to_wall(row.created_at, zone).date() if row.created_at else None
        found[row.key].append(Revision(row.revision, steps, row.saved_by, on))
    return tuple(
        ShelfRow(names[key], key in own, tuple(reversed(found[key])))
        for key in sorted(found, key=lambda key: (key not in own, key))
    )


def steps_as_runbook(uow: UnitOfWork, outage_id: str) -> RunbookTemplate:
    """The steps of an outage. Raises BadInput when it has none."""
    return template_of(uow, uow.fetch(Outage, outage_id))


def look_at_revision(
    uow: UnitOfWork, name: str, number: int | None = None, older: int | None = None
) -> RevisionLook:
    """The latest revision and the one before it, unless others are asked for. Raises NotFound."""
    there = {row.name: row for row in runbook_shelf(uow)}
    if name not in there:
        raise NotFound(f"There is no runbook “{name}” any more.")
    template = find_runbook(uow, name, number)
    before = [each.number for each in there[name].revisions if each.number < template.revision]
    against = older if older is not None else next(iter(before), None)
    if against is None or against == template.revision:
        return RevisionLook(template, None, ())
    changes = changes_between(find_runbook(uow, name, against), template)
    return RevisionLook(template, against, changes)
