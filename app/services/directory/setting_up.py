"""The first thing in an empty store: whose it is."""

from __future__ import annotations

from app.models.errors import BadInput, NotAllowed
from app.models.ids import OrganisationId, key_of
from app.models.tables.directory import Organisation
from app.models.times import zone
from app.services.database import organisation
from app.services.events import DirectoryChanged
from app.services.uow import UnitOfWork


def set_up_organisation(
    uow: UnitOfWork, name: str, zone_name: str, country: str = "", subdivision: str = ""
) -> OrganisationId:
    """Begin with an organisation of one's own. `country` is an ISO 3166 code, for its public
    holidays. Raises BadInput, and NotAllowed when the store already belongs to one."""
    if uow.organisation_id:
        raise NotAllowed("This store has an organisation already. Use another data folder.")
    if not name.strip():
        raise BadInput("What is your organisation called?")
    zone(zone_name)
    if country and (len(country.strip()) != 2 or not country.strip().isalpha()):
        raise BadInput("Write the country as its two letters, such as US or GB, or leave it out.")
    made = Organisation(
        name=" ".join(name.split()),
        key=key_of(name),
        zone=zone_name,
        country=country.strip().upper(),
        subdivision=subdivision.strip().upper(),
    )
    uow.organisation_id = made.id
    uow.add(made)
    uow.session.flush()
    uow.log(f"set up {made.name}", made)
    uow.emit(DirectoryChanged())
    return OrganisationId(made.id)


def home(uow: UnitOfWork) -> tuple[str, str]:
    """The organisation's name and IANA zone. Raises NotFound while there is none."""
    found = organisation(uow)
    return found.name, found.zone
