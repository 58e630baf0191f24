"""The sample's people, CIs, services and audiences: its CSV files through the importer, and what
they have no columns for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from app.models.ids import key_of
from app.models.tables.directory import (
    ConfigurationItem,
    Department,
    Leave,
    Organisation,
    Person,
    RotaTurn,
    Site,
    Vendor,
)
from app.models.times import to_utc, to_wall
from app.resources import resource
from app.services.directory.csv_reading import preview
from app.services.directory.importing import import_lines
from app.services.directory.setting_up import set_up_organisation
from app.services.sample.people import FOLDER, sample_facts
from app.services.uow import UnitOfWork

FILES = ("people.csv", "cis.csv", "services.csv", "audiences.csv", "told.csv")
"""In this order: each names what those before it brought."""
ROTA_MONTHS = 9


def put_organisation(uow: UnitOfWork) -> Organisation:
    """The organisation itself, marked as the sample."""
    facts = sample_facts()
    set_up_organisation(uow, facts["name"], facts["zone"], facts["country"], facts["subdivision"])
    made = uow.find(Organisation, uow.organisation_id)
    assert made is not None  # it was just set up
    made.is_sample = True
    made.objection_route = facts["objection_route"]
    made.policy = dict(facts["policy"])
    uow.session.add(made)
    return made


def put_directory(uow: UnitOfWork, today: date) -> None:
    for name in FILES:
        data = resource(FOLDER).joinpath(name).read_bytes()
        import_lines(uow, preview(data, name))
    _places(uow)
    _vendors(uow)
    _rota(uow, today)
    _leave(uow, today)


def _places(uow: UnitOfWork) -> None:
    facts = sample_facts()
    for site in uow.all(Site):
        for name, value in facts["sites"][site.name].items():
            setattr(site, name, value)
    people = {person.name: person.id for person in uow.all(Person)}
    for department in uow.all(Department):
        department.head_id = people[facts["heads"][department.name]]
    needed = facts["needed_by_flight"]
    for ci in uow.all(ConfigurationItem):
        ci.needed_by_flight = needed.get(ci.name, "")
    uow.log("noted sites, heads of department, and what the flight itself needs")


def _vendors(uow: UnitOfWork) -> None:
    facts = sample_facts()
    ids = {}
    for name, known in facts["vendors"].items():
        row = Vendor(organisation_id=uow.organisation_id, name=name, key=key_of(name), **known)
        ids[name] = uow.add(row).id
    uow.session.flush()
    for ci in uow.all(ConfigurationItem):
        if ci.name in facts["vendor_of"]:
            ci.vendor_id = ids[facts["vendor_of"][ci.name]]
    uow.log(f"added {len(ids)} vendors")


def _rota(uow: UnitOfWork, today: date) -> None:
    """A turn a month; the first of the list has this one."""
    people = {person.name: person.id for person in uow.all(Person)}
    names = sample_facts()["rota"]
    for ahead in range(-ROTA_MONTHS, ROTA_MONTHS + 1):
        turn = RotaTurn(
            organisation_id=uow.organisation_id,
            person_id=people[names[ahead % len(names)]],
            starts=_month(today, ahead),
            ends=_month(today, ahead + 1) - timedelta(days=1),
        )
        uow.add(turn)
    uow.log(f"set the rota: {' and '.join(names)}, a month each")


def on_turn(today: date, day: date) -> str:
    """Whose month `day` is in."""
    names = sample_facts()["rota"]
    months = (day.year - today.year) * 12 + day.month - today.month
    return str(names[months % len(names)])


def _leave(uow: UnitOfWork, today: date) -> None:
    facts = sample_facts()
    people = {person.name: person.id for person in uow.all(Person)}
    for name, ahead, days, kind in facts["leave"]:
        first = today + timedelta(days=ahead)
        row = Leave(
            organisation_id=uow.organisation_id,
            person_id=people[name],
            start_utc=to_utc(datetime.combine(first, time.min), facts["zone"]),
            end_utc=to_utc(datetime.combine(first + timedelta(days=days), time.min), facts["zone"]),
            kind=kind,
        )
        uow.add(row)
    uow.log(f"noted {len(facts['leave'])} absences")


def local_today(now: datetime) -> date:
    return to_wall(now, sample_facts()["zone"]).date()


def _month(today: date, ahead: int) -> date:
    """The first day of the month so many months ahead."""
    months = today.year * 12 + today.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)
