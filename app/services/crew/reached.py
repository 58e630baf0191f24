"""Who of the crew opened their link, who reports by phone or mail instead, and who is to be asked
before the GO. Only of an outage whose board is on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlmodel import col

from app.models.crew.links import LinkKind
from app.models.errors import NotAllowed
from app.models.tables.crew import CrewLink
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.models.tables.runbook import Step
from app.models.tables.settings import Setting
from app.services.events import CrewChanged, LiveChanged
from app.services.uow import Undo, UnitOfWork


class Otherwise(StrEnum):
    """How somebody reports who cannot open the board."""

    PHONE = "phone"
    MAIL = "mail"


@dataclass(frozen=True, slots=True)
class Reached:
    """Of everybody with a step and a link, by name, in no order that matters. `unreached` come
    with the number to call."""

    opened: tuple[str, ...] = ()
    otherwise: tuple[str, ...] = ()
    unreached: tuple[str, ...] = ()

    @property
    def asked(self) -> int:
        return len(self.opened) + len(self.otherwise) + len(self.unreached)

    @property
    def words(self) -> str:
        """`5 of 7 opened it; by phone or mail: R. Ramos; not opened: K. Ito 555 0102`."""
        if not self.unreached and not self.otherwise:
            return f"{len(self.opened)} of {self.asked} opened it"
        parts = [f"not opened: {', '.join(self.unreached)}"] if self.unreached else []
        parts.append(f"{len(self.opened)} of {self.asked} opened it")
        parts += [f"reports otherwise: {', '.join(self.otherwise)}"] if self.otherwise else []
        return "; ".join(parts)


def reached(uow: UnitOfWork, outage: Outage) -> Reached | None:
    """A query: None while the board is off for this outage. Whoever leads it sits at the console
    and is not asked."""
    outage_id = outage.id
    links = uow.all(
        CrewLink,
        col(CrewLink.outage_id) == outage_id,
        col(CrewLink.revoked_at).is_(None),
    )
    if not links:
        return None
    owners = {
        step.owner_id
        for step in uow.all(Step, col(Step.outage_id) == outage_id, col(Step.owner_id).is_not(None))
    }
    owners.discard(outage.coordinator_id)
    theirs = {link.person_id: link for link in links if link.kind is LinkKind.CREW}
    people = uow.all(Person, col(Person.id).in_(owners & set(theirs)), order=(col(Person.key),))
    others = otherwise_of(uow, outage_id)
    opened = [p.name for p in people if theirs[p.id].opened_at is not None]
    rest = [p for p in people if theirs[p.id].opened_at is None]
    return Reached(
        tuple(opened),
        tuple(f"{p.name} by {others[p.id]}" for p in rest if p.id in others),
        tuple(f"{p.name} {p.phone}".strip() for p in rest if p.id not in others),
    )


def otherwise_of(uow: UnitOfWork, outage_id: str) -> Mapping[str, Otherwise]:
    """A query: by the id of the person."""
    row = uow.find(Setting, _name(outage_id))
    kept = json.loads(row.value) if row is not None else {}
    return {person: Otherwise(how) for person, how in kept.items()}


def reports_otherwise(
    uow: UnitOfWork, outage_id: str, person_id: str, how: Otherwise | None
) -> Undo:
    """By phone or by mail, so that the GO does not wait for them to open their link; None: they
    are to open it after all. Raises NotFound, NotAllowed where nothing changes."""
    outage, person = uow.fetch(Outage, outage_id), uow.fetch(Person, person_id)
    was = otherwise_of(uow, outage_id).get(person_id)
    if was is how:
        raise NotAllowed(f"{person.name} is noted so already; nothing was changed.")
    _note(uow, outage, person, how)

    def back(later: UnitOfWork) -> None:
        _note(later, later.fetch(Outage, outage_id), later.fetch(Person, person_id), was)

    return uow.undo(f"how {person.name} reports", outage_id, also=back)


def _note(uow: UnitOfWork, outage: Outage, person: Person, how: Otherwise | None) -> None:
    kept = {who: each.value for who, each in otherwise_of(uow, outage.id).items()}
    kept.pop(person.id, None)
    if how is not None:
        kept[person.id] = how.value
    row = uow.find(Setting, _name(outage.id)) or uow.add(Setting(name=_name(outage.id)))
    row.value = json.dumps(kept)
    said = f"reports by {how.value}" if how is not None else "reports on the crew board"
    uow.log(f"{person.name} {said}", outage, kind="crew")
    uow.emit(CrewChanged(outage.id))
    uow.emit(LiveChanged(outage.id))


def _name(outage_id: str) -> str:
    return f"crew/otherwise/{outage_id}"
