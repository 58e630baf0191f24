"""What lies between two days, and what stands against a move, from real rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.models.calendar.entries import Entry, Layer
from app.models.calendar.events import Occurrence as Found
from app.models.calendar.shifting import Shift
from app.models.outages.lifecycle import State
from app.models.severity import Severity
from app.models.tables.calendar import BusinessEvent, CalendarLayer
from app.models.tables.directory import RotaTurn, Site
from app.services.calendar.month import CalendarRows, entries
from app.services.calendar.moving_reads import look_at_move
from app.services.calendar.occurrences import Horizon, replace_occurrences
from app.services.database import Store
from app.services.uow import UnitOfWork
from tests.makers import (
    NOW,
    ZONE,
    make_ci,
    make_outage,
    make_person,
    make_store,
    make_window,
)

FIRST, LAST = date(2024, 12, 30), date(2025, 2, 2)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """January 2025 of Harbour Hospital, told on Monday the 6th."""
    made = make_store(Path(tmp_path_factory.mktemp("month")) / "store")
    made.run(_january)
    yield made
    made.close()


def _january(uow: UnitOfWork) -> None:
    rack = make_ci(uow, "RACK-7")
    make_outage(uow, "File cluster firmware", cis=(rack,), state=State.PLANNED)
    make_outage(
        uow,
        "Core switch",
        window=make_window("2025-01-18 22:00", "2025-01-19 04:00"),
        state=State.PLANNED,
        cis=(rack,),
    )
    make_outage(
        uow,
        "Mail store",
        window=make_window("2025-01-05 20:00", "2025-01-05 22:00"),
        state=State.IN_PROGRESS,
    )
    make_outage(uow, "Last year", window=make_window("2024-12-01 20:00", "2024-12-01 22:00"))
    make_outage(uow, "Too late", window=make_window("2025-02-03 00:00", "2025-02-03 02:00"))
    okafor = make_person(uow, "Mona Okafor", roles=["coordinator"])
    mine: dict[str, Any] = {"organisation_id": uow.organisation_id}
    uow.add(RotaTurn(**mine, person_id=okafor.id, starts=date(2025, 1, 1), ends=date(2025, 1, 31)))
    uow.add(Site(**mine, name="Lisbon", key="lisbon", country="PT"))
    _layer(uow, "Year-end close", date(2024, 12, 20), date(2025, 1, 8), freeze=True)
    _layer(uow, "Sales conference", date(2025, 1, 20), date(2025, 1, 24), freeze=False)
    uow.log("January")


def _layer(uow: UnitOfWork, name: str, first: date, last: date, *, freeze: bool) -> None:
    mine: dict[str, Any] = {"organisation_id": uow.organisation_id}
    layer = CalendarLayer(
        **mine, name=name, key=name.casefold(), is_freeze=freeze, severity=Severity.BLOCK
    )
    uow.add(layer)
    uow.session.flush()
    event = uow.add(BusinessEvent(**mine, layer_id=layer.id, uid=name, title=name))
    start = datetime(first.year, first.month, first.day, 5, tzinfo=UTC)
    end = datetime(last.year, last.month, last.day + 1, 5, tzinfo=UTC)
    found = Found(name, name, start, start, end, first, last)
    replace_occurrences(uow, layer.id, [(event.id, found)], Horizon.around(NOW, ZONE))


@pytest.fixture
def rows(store: Store) -> CalendarRows:
    return store.read(entries, FIRST, LAST)


def of(rows: CalendarRows, layer: Layer) -> dict[str, Entry]:
    return {entry.title: entry for entry in rows.entries if entry.layer is layer}


def test_only_outages_that_touch_the_days_are_there(rows: CalendarRows) -> None:
    assert set(of(rows, Layer.OUTAGES)) == {"Mail store", "File cluster firmware", "Core switch"}


def test_a_night_over_midnight_touches_two_days_where_the_organisation_is(
    rows: CalendarRows,
) -> None:
    core = of(rows, Layer.OUTAGES)["Core switch"]
    assert (core.first, core.last) == (date(2025, 1, 18), date(2025, 1, 19))
    assert core.movable
    assert core.zone == ZONE


def test_an_outage_in_flight_lasts_until_now_and_cannot_be_moved(rows: CalendarRows) -> None:
    mail = of(rows, Layer.OUTAGES)["Mail store"]
    assert mail.end == NOW
    assert not mail.movable


def test_a_freeze_that_began_before_the_days_is_there(rows: CalendarRows) -> None:
    freeze = of(rows, Layer.FREEZES)["Year-end close"]
    assert (freeze.first, freeze.last) == (date(2024, 12, 20), date(2025, 1, 8))
    assert rows.freezes == ("Year-end close",)
    assert set(of(rows, Layer.EVENTS)) == {"Sales conference"}


def test_the_holidays_of_the_organisation_and_its_sites_name_their_places(
    rows: CalendarRows,
) -> None:
    found = of(rows, Layer.HOLIDAYS)
    assert found["New Year's Day"].source == "US, PT"
    assert found["Martin Luther King Jr. Day"].source == "US"
    assert rows.places == ("US", "PT")


def test_the_rota_names_who_is_on_duty(rows: CalendarRows) -> None:
    assert set(of(rows, Layer.ROTA)) == {"Mona Okafor"}
    assert rows.duty is not None
    assert rows.duty.ends == date(2025, 1, 31)


def test_a_move_is_judged_where_it_would_go(store: Store, rows: CalendarRows) -> None:
    firmware = of(rows, Layer.OUTAGES)["File cluster firmware"]
    here = store.read(look_at_move, firmware.key)
    assert not here.shift
    assert not any("Core switch" in one.sentence for one in here.against)
    there = store.read(look_at_move, firmware.key, Shift.whole(days=8))
    assert there.window == make_window("2025-01-18 19:00", "2025-01-18 22:00")
    assert there.told == 0
    into_freeze = store.read(look_at_move, firmware.key, Shift.whole(days=-2))
    block = into_freeze.against[0]
    assert block.severity is Severity.BLOCK
    assert block.cause == "no changes are wanted then"


def test_what_has_ended_has_nothing_against_it(store: Store) -> None:
    ended = store.run(
        make_outage,
        "Cancelled one",
        window=make_window("2026-01-10 19:00", "2026-01-10 22:00"),
        state=State.CANCELLED,
    )
    found = store.read(look_at_move, ended.id)
    assert found.ended
    assert found.against == ()
