"""Who is asked next to play a role: of those who had it, the free one with the least off-hours."""

from __future__ import annotations

from dataclasses import dataclass

from sqlmodel import col, select

from app.models.calendar.facts import Reason
from app.models.tables.directory import Person
from app.models.tables.runbook import Step
from app.models.times import Window
from app.services.calendar.conflicts import check
from app.services.rota.loads import LoadRows, loads
from app.services.uow import UnitOfWork

_NOT_FREE = (Reason.OWNER_ABSENT, Reason.OWNER_DOUBLE_BOOKED, Reason.OWNER_WORKED_NIGHT)


@dataclass(frozen=True, slots=True)
class Suggested:
    """`why` names the load, and who was passed over because they are not free; `person_id` is
    empty where nobody who had the role is free; `of` how
    many had it."""

    person_id: str
    name: str
    why: str
    of: int = 1

    @property
    def chosen(self) -> bool:
        """There were others."""
        return self.of > 1


def holders(uow: UnitOfWork, role: str) -> dict[str, str]:
    """Whoever owned a step of the role on any flight, id → name."""
    had = select(Step.owner_id).where(
        Step.organisation_id == uow.organisation_id,
        Step.role == role,
        col(Step.owner_id).is_not(None),
        col(Step.archived_at).is_(None),
    )
    ids = set(uow.session.exec(had.distinct()))
    return {
        p.id: p.name for p in uow.all(Person, col(Person.id).in_(ids), order=(col(Person.key),))
    }


def fairest(
    uow: UnitOfWork,
    role: str,
    window: Window,
    outage_id: str | None = None,
    known_loads: LoadRows | None = None,
) -> Suggested | None:
    """None where nobody ever had the role. `outage_id`: that flight does not count against them;
    `known_loads` are those of the window's year, where they were read already."""
    known = holders(uow, role)
    if not known:
        return None
    hindered = {
        who: conflict.sentence
        for conflict in check(
            uow,
            window=window,
            service_ids=(),
            owners=tuple(known),
            exclude=outage_id,
        )
        if conflict.reason in _NOT_FREE
        for kind, who in conflict.about
        if kind == "person"
    }
    had = {row.person_id: row.all for row in (known_loads or loads(uow, window.start.year)).rows}
    free = sorted((had.get(who, 0.0), name, who) for who, name in known.items()
                  if who not in hindered)  # fmt: skip
    passed = [known[who] for who in known if who in hindered]
    away = f"; not free: {', '.join(passed[:3])}" if passed else ""
    if not free:
        return Suggested("", "", f"nobody who had it is free{away}", len(known))
    hours, name, who = free[0]
    among = f", the least of {len(free)}" if len(free) > 1 else ""
    load = f"{hours:.1f} weighted off-hours in {window.start.year}{among}"
    return Suggested(who, name, f"{load}{away}", len(known))


def fair_owners(uow: UnitOfWork, roles: tuple[str, ...], window: Window) -> dict[str, Suggested]:
    """For each role that somebody had before."""
    had = loads(uow, window.start.year)
    found = {role: fairest(uow, role, window, known_loads=had) for role in roles}
    return {role: fair for role, fair in found.items() if fair is not None}
