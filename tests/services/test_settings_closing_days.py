"""Closing days of the organisation's own, and what counts by them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from app.models.calendar.closing import ClosingDays
from app.models.calendar.entries import Layer, kind_words
from app.models.calendar.facts import Reason
from app.models.errors import BadInput, Stale
from app.models.ids import key_of
from app.models.outages.lifecycle import ImpactClass
from app.models.tables.directory import Site
from app.models.tables.outages import Outage, OutageAudience
from app.services.calendar.conflicts import judge
from app.services.calendar.looking import Scope
from app.services.calendar.month import entries
from app.services.database import Store
from app.services.notices.audiences import resolve
from app.services.notices.workdays import workdays
from app.services.settings.closing_days import change_closing_days, closing_days
from app.services.uow import Undo, UnitOfWork, undo
from tests.makers import (
    make_audience,
    make_outage,
    make_person,
    make_store,
    make_window,
)

JAN_3 = date(2025, 1, 3)
FRIDAY = ClosingDays(date(2025, 1, 10), date(2025, 1, 10), "Stocktaking")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_store(tmp_path)
    yield made
    made.close()


def close(store: Store, *closings: ClosingDays) -> Undo:
    seen = store.read(closing_days).version
    return store.run(change_closing_days, closings, seen=seen)


def make_site(uow: UnitOfWork, name: str) -> Site:
    row = uow.add(Site(organisation_id="", name=name, key=key_of(name)))
    uow.log(f"added {name}", row)
    return row


def tell_audience(uow: UnitOfWork, outage_id: str, audience_id: str) -> None:
    uow.add(OutageAudience(organisation_id="", outage_id=outage_id, audience_id=audience_id))
    uow.log("the audience is told")


def test_what_is_kept_reads_back_in_order_with_tidy_names(store: Store) -> None:
    later = ClosingDays(date(2025, 12, 24), date(2025, 12, 26), "Between  the years ")
    close(store, later, FRIDAY)
    found = store.read(closing_days).closings
    assert [(c.first, c.name) for c in found] == [
        (date(2025, 1, 10), "Stocktaking"),
        (date(2025, 12, 24), "Between the years"),
    ]


def test_what_is_over_is_kept_but_not_shown_as_ahead(store: Store) -> None:
    close(store, ClosingDays(JAN_3, JAN_3, "Bridge day"), FRIDAY)
    rows = store.read(closing_days)
    assert (len(rows.closings), rows.ahead) == (2, (FRIDAY,))


def test_a_change_of_the_closings_is_taken_back(store: Store) -> None:
    store.run(undo, close(store, FRIDAY))
    assert store.read(closing_days).closings == ()


def working(uow: UnitOfWork, outage: str, day: date) -> bool:
    row = uow.fetch(Outage, outage)
    return workdays(uow, resolve(uow, row), (2025,)).is_working(day)


def test_a_closing_day_is_no_working_day(store: Store) -> None:
    flight = store.run(make_outage).id
    assert store.read(working, flight, FRIDAY.first)
    close(store, FRIDAY)
    assert not store.read(working, flight, FRIDAY.first)


def test_a_site_that_is_closed_counts_for_the_people_who_work_there(store: Store) -> None:
    north, south = store.run(make_site, "North"), store.run(make_site, "South")
    nurse = store.run(make_person, "Ada Nurse", site_id=north.id)
    audience = store.run(make_audience, members=[nurse.id])
    flight = store.run(make_outage).id
    store.run(tell_audience, flight, audience.id)
    close(store, ClosingDays(FRIDAY.first, FRIDAY.last, "Move", south.id))
    assert store.read(working, flight, FRIDAY.first)
    close(store, ClosingDays(FRIDAY.first, FRIDAY.last, "Move", north.id))
    assert not store.read(working, flight, FRIDAY.first)


def test_the_calendar_shows_it_among_the_holidays_with_its_site(store: Store) -> None:
    north = store.run(make_site, "North")
    close(store, FRIDAY, ClosingDays(FRIDAY.first, FRIDAY.last, "Move", north.id))
    shown = store.read(entries, date(2025, 1, 6), date(2025, 1, 12)).entries
    closed = [(e.title, kind_words(e)) for e in shown if e.layer is Layer.HOLIDAYS]
    assert sorted(closed) == [("Move (North)", "closing day"), ("Stocktaking", "closing day")]


def test_a_window_on_a_closing_day_is_told_so(store: Store) -> None:
    scope = Scope(make_window(), ImpactClass.ORDINARY, ())
    close(store, FRIDAY)
    found = [c.sentence for c in store.read(judge, scope) if c.reason is Reason.HOLIDAY]
    assert found == ["Stocktaking is a closing day (all Fri 10 Jan); people may be away."]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": " "}, "name"),
        ({"last": date(2025, 1, 9)}, "last"),
        ({"last": date(2026, 1, 10)}, "last"),
    ],
)
def test_what_makes_no_sense_is_refused(store: Store, wrong: dict[str, Any], field: str) -> None:
    made = {"first": FRIDAY.first, "last": FRIDAY.last, "name": "x", **wrong}
    with pytest.raises(BadInput) as refused:
        close(store, ClosingDays(**made))
    assert refused.value.about["field"] == field
    assert store.read(closing_days).closings == ()


def test_a_change_of_somebody_else_is_not_overwritten(store: Store) -> None:
    close(store, FRIDAY)
    with pytest.raises(Stale):
        store.run(change_closing_days, (), seen=1)
