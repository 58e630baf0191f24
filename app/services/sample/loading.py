"""Load the sample organisation, or throw it away and load it again."""

from __future__ import annotations

from datetime import timedelta

from app.models.calendar.events import CalendarRead
from app.models.errors import NotAllowed
from app.models.ids import key_of
from app.models.tables.directory import Organisation
from app.services.calendar.occurrences import Horizon
from app.services.database import Store
from app.services.directory.rota import on_duty
from app.services.events import ChangedElsewhere
from app.services.sample.calendars import put_layers, read_layers
from app.services.sample.directory import local_today, put_directory, put_organisation
from app.services.sample.flights import sample_flights
from app.services.sample.people import sample_facts
from app.services.sample.script import acts_of, play
from app.services.uow import Actor, UnitOfWork
from app.services.working import UNWATCHED, Work

SINCE = timedelta(days=100)
"""How long ago the sample was set up: before the first of its flights was planned."""


def load_sample(store: Store, work: Work = UNWATCHED) -> None:
    """The sample organisation in one transaction: all of it is there, or nothing.

    A sample that is there already is thrown away (archived) and loaded again, dated from now.
    Raises NotAllowed when the store belongs to a real organisation, Stopped when cancelled.
    """
    now = store.clock.now()
    horizon, layers = read_layers(now, local_today(now))
    store.run(put_sample, horizon, layers, work)
    duty = store.read(on_duty)
    if duty is not None:  # as when a store is opened: the one on duty acts from now on
        store.actor = Actor(duty.name, duty.person_id)


def leave_sample(store: Store) -> None:
    """Throw the sample away, so that an organisation of one's own can begin. Raises NotAllowed
    when the store belongs to a real one, or to none."""
    store.run(archive_sample)
    store.organisation_id = ""


def put_sample(
    uow: UnitOfWork,
    horizon: Horizon,
    layers: dict[str, CalendarRead],
    work: Work = UNWATCHED,
) -> None:
    """Everything in the order it would have happened, each act with its log entry."""
    now, actor = uow.now, uow.actor
    if uow.organisation_id:
        archive_sample(uow)
        uow.go_on(now)
    today = local_today(now)
    uow.organisation_id = ""
    uow.now = now - SINCE
    put_organisation(uow)
    uow.go_on(uow.now, Actor(sample_facts()["leader"]["name"]))
    put_directory(uow, today)
    uow.go_on(uow.now)
    put_layers(uow, horizon, layers)
    flights = sample_flights(now)
    play(uow, [act for flight in flights for act in acts_of(flight, now)], work)
    uow.go_on(now, actor)
    uow.log(f"loaded the sample organisation with {len(flights)} outages")
    uow.events.clear()  # one for all: whoever listens looks at everything again
    uow.emit(ChangedElsewhere())


def archive_sample(uow: UnitOfWork) -> None:
    """What was in it stays in the file, out of sight, with its log."""
    found = uow.find(Organisation, uow.organisation_id) if uow.organisation_id else None
    if found is None:
        raise NotAllowed("There is no sample organisation to leave; nothing was changed.")
    if not found.is_sample:
        raise NotAllowed(
            f"This store belongs to {found.name}, which is safe and was not changed. To look at "
            "the sample, open another folder with --data."
        )
    found.archived_at = uow.now
    found.key = key_of(f"{found.name} {found.id}")  # so that the next may have the name
    uow.session.add(found)
    uow.log(f"left the sample organisation {found.name}", found)
    uow.emit(ChangedElsewhere())
