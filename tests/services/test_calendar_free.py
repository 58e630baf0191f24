"""Free windows: none with a conflict, the nearest to the wish first, each with its reasons."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.models.calendar.free import FreeWindow
from app.models.errors import BadInput
from app.models.outages.lifecycle import ImpactClass, State
from app.models.tables.directory import Leave, RotaTurn, Service, ServiceAudience
from app.models.times import Window, parse_wall
from app.services.calendar.conflicts import check
from app.services.calendar.free import first_free, holds_always
from app.services.calendar.looking import Scope
from app.services.database import Store
from app.services.uow import UnitOfWork
from tests.makers import (
    make_audience,
    make_ci,
    make_outage,
    make_person,
    make_service,
    make_step,
    make_store,
    make_window,
)

FRIDAY = make_window("2025-01-17 19:00", "2025-01-17 22:00")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Monday 6 January 2025."""
    made = make_store(tmp_path / "store")
    yield made
    made.close()


@pytest.fixture
def files(store: Store) -> Service:
    return store.run(lambda uow: make_service(uow, "File cluster", make_ci(uow, "SAN-02")))


def free(store: Store, files: Service, window: Window = FRIDAY, **more: object) -> list[FreeWindow]:
    scope = Scope(window=window, services=(files.id,), **{"impact": ImpactClass.ORDINARY, **more})  # type: ignore[arg-type]
    return list(store.read(first_free, scope))


def days(found: list[FreeWindow]) -> list[str]:
    return [f"{each.window.start:%a %d %H:%M}" for each in found]


def test_the_wish_itself_is_first_when_nothing_stands_against_it(
    store: Store, files: Service
) -> None:
    first = free(store, files)[0]
    assert first.window == FRIDAY
    assert first.reasons == (
        "the window you asked for",
        "outside working hours",
        "the notice can leave until Tue 14 Jan 23:59 EST",
    )


def test_what_is_offered_has_no_conflict_by_the_check_itself(store: Store, files: Service) -> None:
    def other(uow: UnitOfWork) -> None:
        for day in (15, 16, 17, 18, 19, 24):
            window = make_window(f"2025-01-{day} 18:00", f"2025-01-{day} 23:00")
            make_outage(uow, "Other", state=State.PLANNED, window=window, services=(files,))

    store.run(other)
    found = free(store, files)
    assert days(found)[:2] == ["Fri 17 00:00", "Tue 14 19:00"]

    def against(uow: UnitOfWork) -> list[object]:
        asked = ((one.window, (files.id,)) for one in found)
        return [each for w, ids in asked for each in check(uow, window=w, service_ids=ids)]

    assert store.read(against) == []


def test_where_the_notice_can_no_longer_leave_nothing_is_offered(
    store: Store, files: Service
) -> None:
    tomorrow = make_window("2025-01-07 19:00", "2025-01-07 22:00")
    assert days(free(store, files, tomorrow))[0] == "Thu 09 19:00"
    assert days(free(store, files, tomorrow, impact=ImpactClass.URGENT))[0] == "Tue 07 19:00"


def test_an_owner_on_leave_moves_it_past_their_return(store: Store, files: Service) -> None:
    def away(uow: UnitOfWork) -> str:
        ito = make_person(uow, "Kai Ito")
        uow.session.flush()
        leave = Leave(
            organisation_id=uow.organisation_id,
            person_id=ito.id,
            start_utc=uow.now,
            end_utc=uow.now + timedelta(days=30),
            kind="holiday",
        )
        uow.add(leave)
        uow.log("Kai Ito is away", ito)
        return ito.id

    ito = store.run(away)
    first = free(store, files, owners=(ito,))[0]
    assert first.window.start > parse_wall("2025-02-05T00:00")
    assert "its owner is free and rested" in first.reasons


def test_a_service_in_use_is_not_taken_down(store: Store) -> None:
    busy = store.run(make_service, "Ward board", hours="Mon-Sun 06:00-23:00")
    assert {each.window.start.hour for each in free(store, busy)} <= {0, 2, 23}


def test_an_item_is_worked_on_in_its_own_hours(store: Store) -> None:
    """Half past seven in Chicago is half past eight in New York."""

    def service(uow: UnitOfWork) -> Service:
        item = make_ci(uow, "SAN-02", hours="Sat 07:30-10:30", zone="America/Chicago")
        return make_service(uow, "Shares", item)

    found = free(store, store.run(service))
    assert days(found)[0] == "Sat 18 08:30"
    assert "in the maintenance hours of SAN-02" in found[0].reasons


def test_what_the_flight_itself_needs_is_said_once_and_stands_against_no_window(
    store: Store, files: Service
) -> None:
    def bridge(uow: UnitOfWork) -> str:
        line = make_ci(uow, "Bridge line")
        line.needed_by_flight = "bridge"
        return make_service(uow, "Telephones", line).id

    scope = Scope(window=FRIDAY, services=(store.run(bridge),), impact=ImpactClass.ORDINARY)
    assert store.read(first_free, scope)[0].window == FRIDAY
    (said,) = store.read(holds_always, scope)
    assert said.startswith("The window takes down Bridge line (bridge), which the flight itself ")


def told(store: Store, service: Service, **more: Any) -> None:
    def tell(uow: UnitOfWork) -> None:
        audience = make_audience(uow, f"{service.name} users", **more)
        uow.session.flush()
        uow.add(ServiceAudience(organisation_id="", service_id=service.id, audience_id=audience.id))

    store.run(tell)


def test_the_fewer_of_its_users_are_at_work_the_better_by_their_own_clocks(
    store: Store, files: Service
) -> None:
    """When it is 19:00 on a Friday in New York, it is 08:00 on a Saturday in Manila."""

    def people(uow: UnitOfWork) -> list[str]:
        zones = {"Ana Cruz": "Asia/Manila", "Ben Reyes": "Asia/Manila", "Cy Fox": ""}
        return [make_person(uow, name, zone=zone).id for name, zone in zones.items()]

    told(store, files, members=store.run(people))
    wish = make_window("2025-01-15 20:00", "2025-01-15 22:00")
    found = free(store, files, wish)
    assert ["2 of its 3 users at work then" in each.reasons for each in found] == [
        each.users == 2 for each in found
    ]
    best = [each for each in found if "fewest users" in each.reasons]
    assert {each.users for each in best} == {0}
    assert all("none of its 3 users at work then" in each.reasons for each in best)
    assert days(found)[0] == "Fri 17 20:00"  # the wish is a Thursday's morning in Manila


def test_a_list_counts_with_the_size_its_owner_gave(store: Store, files: Service) -> None:
    told(store, files, list_address="all@hospital.example", list_size=1_240)
    assert "none of its 1,240 users at work then" in free(store, files)[0].reasons


def test_outside_its_hours_of_use_nobody_is_affected(store: Store) -> None:
    board = store.run(make_service, "Ward board", hours="Mon-Fri 06:00-18:00")
    told(store, board, members=[store.run(make_person).id])
    said = "outside the hours of use of Ward board: none of its one user affected"
    assert said in free(store, board)[0].reasons


def test_the_fairest_owner_and_who_is_on_duty_are_named(store: Store, files: Service) -> None:
    def made(uow: UnitOfWork) -> str:
        ito, ramos = make_person(uow), make_person(uow, "Lea Ramos")
        for who, month in ((ito, 1), (ramos, 2)):
            ends = date(2025, month, 31 if month == 1 else 28)
            uow.add(
                RotaTurn(
                    organisation_id="", person_id=who.id, starts=date(2025, month, 1), ends=ends
                )
            )
        past = make_window("2025-01-04 19:00", "2025-01-04 22:00")
        flown = make_outage(uow, "Flown", state=State.COMPLETE, window=past)
        hours: dict[str, Any] = {"started_at": past.start_utc, "ended_at": past.end_utc}
        make_step(uow, flown, role="storage", owner_id=ito.id, **hours)
        make_step(uow, flown, "2", role="storage", owner_id=ramos.id)
        return ito.id

    ito = store.run(made)
    wish = make_window("2025-01-31 19:00", "2025-01-31 22:00")
    found = free(store, files, wish, owners=(ito,), roles=("storage",))
    assert all("fairest owner Lea Ramos" in each.reasons for each in found)
    assert ["Lea Ramos is on duty then" in each.reasons for each in found] == [
        each.window.start.month == 2 for each in found
    ]
    assert {each.window.start.month for each in found} == {1, 2}


def test_a_span_of_no_days_is_refused(store: Store, files: Service) -> None:
    scope = Scope(window=FRIDAY, services=(files.id,), impact=ImpactClass.ORDINARY)
    with pytest.raises(BadInput, match="1 to 400 days"):
        store.read(lambda uow: first_free(uow, scope, within=0))
