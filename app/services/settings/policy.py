"""The organisation's facts and what it declares about itself."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.errors import BadInput, Stale
from app.models.ids import key_of
from app.models.tables.directory import Organisation
from app.models.times import zone
from app.services.database import organisation
from app.services.events import DirectoryChanged
from app.services.notices.workdays import public_holidays
from app.services.uow import Undo, UnitOfWork

SYSTEM_OF_RECORD = "system_of_record"
LONGEST = 200


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """`country` and `subdivision` are ISO 3166 codes, for public holidays; `objection_route` is
    how people notify operations, word for word in every notice."""

    name: str
    zone: str
    country: str = ""
    subdivision: str = ""
    objection_route: str = ""


def facts_of(row: Organisation) -> OrganisationFacts:
    return OrganisationFacts(row.name, row.zone, row.country, row.subdivision, row.objection_route)


def change_organisation(uow: UnitOfWork, facts: OrganisationFacts, *, seen: int) -> Undo:
    """Outages keep the zones they were planned in. Raises BadInput naming what is wrong
    (`about["field"]`), Stale."""
    row = _fetch(uow, seen)
    wanted = _checked(uow, facts)
    was = facts_of(row)
    if wanted == was:
        raise BadInput("Nothing is different from before, so nothing was changed.", field="name")
    _become(row, wanted)
    changed = ", ".join(
        f"{name.replace('_', ' ')} “{getattr(was, name)}” → “{getattr(wanted, name)}”"
        for name in OrganisationFacts.__dataclass_fields__
        if getattr(was, name) != getattr(wanted, name)
    )
    uow.log(f"changed the organisation: {changed}", row)
    uow.emit(DirectoryChanged())
    return uow.undo("the organisation’s facts", also=lambda later: _put_back(later, was, wanted))


def _become(row: Organisation, facts: OrganisationFacts) -> None:
    row.name, row.key = facts.name, key_of(facts.name)
    row.zone, row.country, row.subdivision = facts.zone, facts.country, facts.subdivision
    row.objection_route = facts.objection_route


def _put_back(uow: UnitOfWork, was: OrganisationFacts, then: OrganisationFacts) -> None:
    """The organisation's row is no record, so an undo does not know it. Raises Stale."""
    row = organisation(uow)
    if facts_of(row) != then:
        raise Stale(
            "The organisation’s facts cannot be put back: they were changed again since. "
            "Nothing was put back."
        )
    _become(row, was)
    uow.log("the organisation’s facts are as they were", row)


def declare_system_of_record(uow: UnitOfWork, declared: bool, *, seen: int) -> Undo | None:
    """While declared, a change record needs no number of an external configuration database.
    None when it was so already. Raises Stale."""
    row = _fetch(uow, seen)
    if bool(row.policy.get(SYSTEM_OF_RECORD, False)) is declared:
        return None
    _declare(uow, declared)
    return uow.undo("who is the system of record", also=lambda later: _declare(later, not declared))


def _declare(uow: UnitOfWork, declared: bool) -> None:
    row = organisation(uow)
    row.policy = {**row.policy, SYSTEM_OF_RECORD: declared}
    uow.log(
        "declared the console the system of record for changes"
        if declared
        else "change records need their number in the configuration database again",
        row,
        kind="policy",
    )
    uow.emit(DirectoryChanged())


def _fetch(uow: UnitOfWork, seen: int) -> Organisation:
    row = organisation(uow)
    if row.version != seen:
        raise Stale(
            "Someone changed the organisation a moment ago, so nothing was overwritten. "
            "You now see how it stands; do it again if you still want it."
        )
    return row


def _checked(uow: UnitOfWork, facts: OrganisationFacts) -> OrganisationFacts:
    name = " ".join(facts.name.split())
    if not name:
        raise BadInput("What is the organisation called? Nothing was changed.", field="name")
    if len(name) > LONGEST:
        raise BadInput(f"The name is longer than {LONGEST} characters.", field="name")
    try:
        zone(facts.zone)
    except BadInput as unknown:
        raise BadInput(unknown.sentence, field="zone") from None
    country, part = facts.country.strip().upper(), facts.subdivision.strip().upper()
    if part and not country:
        raise BadInput("A state or region needs its country.", field="country")
    if country and not public_holidays(country, part, (uow.now.year,)):
        where, field = (f"{country}-{part}", "subdivision") if part else (country, "country")
        raise BadInput(
            f"No public holidays are known for “{where}”. Write the codes like US and NY, or "
            "leave them out: notices then count every weekday as a working day.",
            field=field,
        )
    return OrganisationFacts(name, facts.zone, country, part, facts.objection_route.strip())
