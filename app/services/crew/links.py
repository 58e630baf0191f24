"""Links to the board of an outage: switched on for its crew, handed out, revoked.

The key that signs them is a setting of the store, which no log entry holds; the nonces in the log
open nothing without it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam
from sqlalchemy import select as sa_select
from sqlmodel import col, select

from app.models.crew.links import BYTES, KEY_BYTES, LinkKind, ends_at, nonce_in, path_of
from app.models.errors import BadInput, NotAllowed
from app.models.outages.lifecycle import CLOSED, State
from app.models.tables.crew import CrewLink
from app.models.tables.directory import Person
from app.models.tables.outages import Outage
from app.models.tables.settings import Setting
from app.services.events import CrewChanged
from app.services.runbook.loading import load_steps
from app.services.uow import Undo, UnitOfWork

KEY = "crew/key"
EVERYBODY = {LinkKind.OBSERVER: "observers", LinkKind.STATUS: "people who are told"}


_BY_NONCE = (
    sa_select(
        *(col(each) for each in (CrewLink.id, CrewLink.kind, CrewLink.outage_id)),
        *(col(each) for each in (CrewLink.person_id, Outage.state, Outage.promised_end_utc)),
        *(col(each) for each in (Outage.ended_at, Person.name)),
    )
    .join(Outage, col(Outage.id) == col(CrewLink.outage_id))
    .outerjoin(
        Person, and_(col(Person.id) == col(CrewLink.person_id), col(Person.archived_at).is_(None))
    )
    .where(
        col(CrewLink.nonce) == bindparam("nonce"),
        col(CrewLink.archived_at).is_(None),
        col(CrewLink.revoked_at).is_(None),
        col(Outage.archived_at).is_(None),
    )
)
"""Asked for before every answer, so in one question that is put together once."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a token opens: one outage, as one of the crew (`person_id`, `name`) or as nobody in
    particular."""

    link_id: str
    kind: LinkKind
    outage_id: str
    person_id: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A link that stands. `path` follows the address the board is served at; `name` is the
    person's, else `observers` or `people who are told`. `codes` are the steps the person owns."""

    link_id: str
    version: int
    kind: LinkKind
    person_id: str
    name: str
    email: str
    phone: str
    path: str
    codes: tuple[str, ...]
    ends_at: datetime | None
    opened_at: datetime | None
    heard_at: datetime | None


@dataclass(frozen=True, slots=True)
class CrewLinks:
    """Of one outage: the crew in the order of its steps, then observers and status. `without` are
    the names of people with a step who have no link."""

    outage_id: str
    code: str
    rows: tuple[LinkRow, ...]
    without: tuple[str, ...]

    @property
    def on(self) -> bool:
        return bool(self.rows)

    @property
    def unopened(self) -> tuple[str, ...]:
        """Who of the crew never opened theirs: red at GO."""
        crew = (row for row in self.rows if row.kind is LinkKind.CREW and row.codes)
        return tuple(row.name for row in crew if row.opened_at is None)


def switch_on(uow: UnitOfWork, outage_id: str) -> Undo:
    """A link for everybody with a step, one for observers, one for people who are told; who has
    one keeps it, so it is also how those who joined later get theirs. Raises NotFound; NotAllowed
    for a draft and for what has ended."""
    outage = _open_outage(uow, outage_id)
    standing = _standing(uow, outage)
    have = {link.person_id for link in standing}
    kinds = {link.kind for link in standing}
    people = [person_id for person_id in _crew(uow, outage_id) if person_id not in have]
    made = [_made(uow, outage, LinkKind.CREW, person_id) for person_id in people]
    made += [_made(uow, outage, kind) for kind in EVERYBODY if kind not in kinds]
    if not made:
        raise BadInput("The crew board is on, and everybody with a step has a link.")
    names = ", ".join(_name(uow, link) for link in made)
    uow.log(f"crew board: links for {names}", outage, kind="crew")
    return _changed(uow, outage, "the links of the crew board")


def link_person(uow: UnitOfWork, outage_id: str, person_id: str) -> Undo:
    """A link for somebody without a step, too. Raises as `switch_on`; BadInput for one who has
    one."""
    outage = _open_outage(uow, outage_id)
    person = uow.fetch(Person, person_id)
    if any(link.person_id == person.id for link in _standing(uow, outage)):
        raise BadInput(f"{person.name} has a link to the crew board already.")
    _made(uow, outage, LinkKind.CREW, person.id)
    uow.log(f"crew board: a link for {person.name}", outage, kind="crew")
    return _changed(uow, outage, f"the link of {person.name}")


def link_everybody(uow: UnitOfWork, outage_id: str, kind: LinkKind) -> Undo:
    """The observers’ or the status page’s, where it was revoked. Raises as `link_person`."""
    outage = _open_outage(uow, outage_id)
    if any(link.kind is kind for link in _standing(uow, outage)):
        raise BadInput(f"There is a link for {EVERYBODY[kind]} already.")
    _made(uow, outage, kind)
    uow.log(f"crew board: a link for {EVERYBODY[kind]}", outage, kind="crew")
    return _changed(uow, outage, f"the link of {EVERYBODY[kind]}")


def revoke(uow: UnitOfWork, link_id: str, *, seen: int | None = None) -> Undo:
    """It opens nothing from now on. Raises NotFound, Stale."""
    link = uow.fetch(CrewLink, link_id, seen)
    outage = uow.fetch(Outage, link.outage_id)
    _revoke(uow, link)
    uow.log(f"crew board: the link of {_name(uow, link)} revoked", outage, kind="crew")
    return _changed(uow, outage, "revoking a link")


def renew(uow: UnitOfWork, link_id: str, *, seen: int | None = None) -> Undo:
    """Another link in the place of one that came into wrong hands. Raises NotFound, Stale,
    NotAllowed."""
    link = uow.fetch(CrewLink, link_id, seen)
    outage = _open_outage(uow, link.outage_id)
    _revoke(uow, link)
    _made(uow, outage, link.kind, link.person_id)
    uow.log(f"crew board: a new link for {_name(uow, link)}", outage, kind="crew")
    return _changed(uow, outage, "a new link")


def switch_off(uow: UnitOfWork, outage_id: str) -> Undo:
    """Every link to the outage is revoked. Raises NotFound, BadInput when there is none."""
    outage = uow.fetch(Outage, outage_id)
    links = _standing(uow, outage)
    if not links:
        raise BadInput(f"The crew board of {outage.code} is off.")
    for link in links:
        _revoke(uow, link)
    uow.log(f"crew board off, {len(links)} links revoked", outage, kind="crew")
    return _changed(uow, outage, "switching the crew board off")


def crew_links(uow: UnitOfWork, outage_id: str) -> CrewLinks:
    """A query: the links that stand. Raises NotFound."""
    outage = uow.fetch(Outage, outage_id)
    links, key, crew = _standing(uow, outage), _key(uow), _crew(uow, outage_id)
    places = {person_id: place for place, person_id in enumerate(crew)}
    people = {person.id: person for person in uow.all(Person, col(Person.id).in_(_ids(links)))}
    kinds = tuple(LinkKind)

    def order(link: CrewLink) -> tuple[int, int]:
        return kinds.index(link.kind), places.get(link.person_id or "", len(places))

    rows = []
    for link in sorted(links, key=order) if key else ():
        person = people.get(link.person_id or "")
        rows.append(
            LinkRow(
                link_id=link.id,
                version=link.version,
                kind=link.kind,
                person_id=link.person_id or "",
                name=person.name if person else EVERYBODY.get(link.kind, ""),
                email=person.email if person else "",
                phone=person.phone if person else "",
                path=path_of(link.kind, link.nonce, key or b""),
                codes=crew.get(link.person_id or "", ()),
                ends_at=_ends(link.kind, outage),
                opened_at=link.opened_at,
                heard_at=link.heard_at,
            )
        )
    have = {link.person_id for link in links}
    missing = [each for each in crew if each not in have] if links else []
    without = (uow.find(Person, each) for each in missing)
    named = tuple(person.name for person in without if person is not None)
    return CrewLinks(outage.id, outage.code, tuple(rows), named)


def scope_of(uow: UnitOfWork, kind: LinkKind, token: str) -> Scope | None:
    """A query: what the token opens now; None of one that is forged, revoked, or over. One that
    this store did not sign costs no look at its links."""
    key = _key(uow)
    nonce = nonce_in(token, kind, key) if key else None
    if nonce is None:
        return None
    found: Any = uow.session.connection().execute(_BY_NONCE, {"nonce": nonce}).first()
    if found is None:
        return None
    link_id, kept, outage_id, person_id, state, promised_end, ended_at, name = found
    ends = ends_at(kind, state, promised_end, ended_at)
    if kept is not kind or (ends is not None and ends <= uow.now):
        return None
    if kind is LinkKind.CREW and name is None:
        return None
    return Scope(link_id, kind, outage_id, person_id or "", name or "")


def standing_links(uow: UnitOfWork, outage_id: str) -> frozenset[str]:
    """A query: the ids of the links that open the outage now."""
    outage = uow.find(Outage, outage_id)
    if outage is None or outage.archived_at is not None:
        return frozenset()
    over = [kind for kind in LinkKind if _over(uow, kind, outage)]
    query = select(CrewLink.id).where(
        CrewLink.outage_id == outage_id,
        col(CrewLink.archived_at).is_(None),
        col(CrewLink.revoked_at).is_(None),
        col(CrewLink.kind).not_in(over),
    )
    return frozenset(uow.session.exec(query))


def note_opened(uow: UnitOfWork, link_id: str) -> None:
    """The first time somebody opened it; a further time changes nothing."""
    link = uow.fetch(CrewLink, link_id)
    if link.opened_at is None:
        link.opened_at = uow.now
        outage = uow.fetch(Outage, link.outage_id)
        uow.log("opened the crew board", outage, who=_name(uow, link), kind="crew")
        uow.emit(CrewChanged(outage.id))


def _made(
    uow: UnitOfWork, outage: Outage, kind: LinkKind, person_id: str | None = None
) -> CrewLink:
    if _key(uow) is None:
        uow.add(Setting(name=KEY, value=os.urandom(KEY_BYTES).hex()))
        uow.session.flush()
    return uow.add(
        CrewLink(
            organisation_id=uow.organisation_id,
            outage_id=outage.id,
            person_id=person_id,
            kind=kind,
            nonce=os.urandom(BYTES).hex(),
        )
    )


def _key(uow: UnitOfWork) -> bytes | None:
    row = uow.find(Setting, KEY)
    return bytes.fromhex(row.value) if row is not None else None


def _open_outage(uow: UnitOfWork, outage_id: str) -> Outage:
    outage = uow.fetch(Outage, outage_id)
    if outage.state is State.DRAFT or outage.state in CLOSED:
        raise NotAllowed(
            f"{outage.code} is {outage.state.words.lower()}, so nobody gets a link to its board. "
            + ("Plan it first." if outage.state is State.DRAFT else "Nothing was changed.")
        )
    return outage


def _crew(uow: UnitOfWork, outage_id: str) -> dict[str, tuple[str, ...]]:
    """Everybody with a step: the codes of theirs, in the runbook's order."""
    found: dict[str, list[str]] = {}
    for row in load_steps(uow, outage_id).rows:
        if row.owner_id:
            found.setdefault(row.owner_id, []).append(row.code)
    return {person: tuple(codes) for person, codes in found.items()}


def _standing(uow: UnitOfWork, outage: Outage) -> list[CrewLink]:
    links = uow.all(CrewLink, col(CrewLink.outage_id) == outage.id, order=(col(CrewLink.id),))
    return [link for link in links if _stands(uow, link)]


def _stands(uow: UnitOfWork, link: CrewLink) -> bool:
    outage = uow.find(Outage, link.outage_id)
    if outage is None or link.archived_at is not None or link.revoked_at is not None:
        return False
    return outage.archived_at is None and not _over(uow, link.kind, outage)


def _over(uow: UnitOfWork, kind: LinkKind, outage: Outage) -> bool:
    ends = _ends(kind, outage)
    return ends is not None and ends <= uow.now


def _ends(kind: LinkKind, outage: Outage) -> datetime | None:
    return ends_at(kind, outage.state, outage.promised_end_utc, outage.ended_at)


def _revoke(uow: UnitOfWork, link: CrewLink) -> None:
    link.revoked_at = uow.now
    uow.session.add(link)


def _changed(uow: UnitOfWork, outage: Outage, label: str) -> Undo:
    uow.emit(CrewChanged(outage.id))
    return uow.undo(label, outage.id)


def _name(uow: UnitOfWork, link: CrewLink) -> str:
    person = uow.find(Person, link.person_id) if link.person_id else None
    return person.name if person else EVERYBODY.get(link.kind, "")


def _ids(links: Sequence[CrewLink]) -> list[str]:
    return [link.person_id for link in links if link.person_id]
