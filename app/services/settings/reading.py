"""What the Settings page shows of the organisation."""

from __future__ import annotations

from dataclasses import dataclass

from app.models.times import to_wall
from app.services.database import organisation
from app.services.notices.workdays import public_holidays
from app.services.settings.holidays import Holiday, next_holidays
from app.services.settings.policy import SYSTEM_OF_RECORD, OrganisationFacts, facts_of
from app.services.uow import UnitOfWork


@dataclass(frozen=True, slots=True)
class SettingsRow:
    """`holidays` counts this year's known public holidays; 0 where no country is named.
    `ahead` are the next of them."""

    version: int
    facts: OrganisationFacts
    is_sample: bool
    system_of_record: bool
    year: int
    holidays: int
    ahead: tuple[Holiday, ...] = ()


def settings(uow: UnitOfWork) -> SettingsRow:
    """Raises NotFound while no organisation was set up."""
    row = organisation(uow)
    return SettingsRow(
        version=row.version,
        facts=facts_of(row),
        is_sample=row.is_sample,
        system_of_record=bool(row.policy.get(SYSTEM_OF_RECORD, False)),
        year=uow.now.year,
        holidays=len(public_holidays(row.country, row.subdivision, (uow.now.year,))),
        ahead=next_holidays(row.country, row.subdivision, to_wall(uow.now, row.zone).date()),
    )
