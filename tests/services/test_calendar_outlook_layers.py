"""Calendars of Outlook as layers: pages of changes, full rounds, and whole days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlmodel import delete, select

from app.models.errors import BadInput, NotAllowed
from app.models.tables.calendar import BusinessEvent, Occurrence
from app.models.tables.settings import Setting
from app.services.calendar.occurrences import refresh
from app.services.calendar.outlook_layers import (
    end_round,
    follow_calendar,
    followed,
    take_in_page,
)
from app.services.database import Store
from app.services.ports.calendars import RemoteEvent
from app.services.uow import UnitOfWork
from tests.flights import START
from tests.services.notices_flights import desk_store

NOW = START - timedelta(days=20)
AT = datetime(2025, 1, 10, 19, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, NOW)
    yield made
    made.close()


@pytest.fixture
def layer(store: Store) -> str:
    return store.run(follow_calendar, "cal-1", "Clinic events")


def event(number: int = 1, **more: object) -> RemoteEvent:
    made = RemoteEvent(f"e{number}", f"u{number}", "k", "Board", AT, AT + timedelta(hours=2))
    return replace(made, **more)  # type: ignore[arg-type]


def happening(store: Store) -> list[tuple[str, datetime, datetime]]:
    def look(uow: UnitOfWork) -> list[tuple[str, datetime, datetime]]:
        rows = uow.session.exec(select(Occurrence)).all()
        return sorted((r.title, r.start_utc, r.end_utc) for r in rows)

    return store.read(look)


def uids(store: Store) -> set[str]:
    return store.read(lambda uow: {row.uid for row in uow.all(BusinessEvent)})


def test_a_followed_calendar_is_a_layer(store: Store, layer: str) -> None:
    assert [(f.layer_id, f.name, f.calendar_id) for f in store.read(followed)] == [
        (layer, "Clinic events", "cal-1")
    ]


def test_a_name_taken_by_another_calendar_is_refused(store: Store, layer: str) -> None:
    with pytest.raises(NotAllowed, match="another name"):
        store.run(follow_calendar, "cal-2", "clinic events")


def test_a_layer_needs_a_name(store: Store) -> None:
    with pytest.raises(BadInput):
        store.run(follow_calendar, "cal-1", "  ")


def test_an_event_of_a_page_happens_here(store: Store, layer: str) -> None:
    assert store.run(take_in_page, layer, [event()], []) == 1
    assert happening(store) == [("Board", AT, AT + timedelta(hours=2))]


def test_a_page_taken_in_again_changes_nothing(store: Store, layer: str) -> None:
    store.run(take_in_page, layer, [event()], [])
    assert store.run(take_in_page, layer, [event()], ["unknown"]) == 0
    assert len(happening(store)) == 1


def test_a_moved_event_happens_at_the_new_time_only(store: Store, layer: str) -> None:
    store.run(take_in_page, layer, [event(1), event(2)], [])
    later = AT + timedelta(days=1)
    store.run(take_in_page, layer, [event(1, start=later, end=later)], [])
    assert [start for _, start, _ in happening(store)] == [AT, later]


def test_a_removed_event_happens_no_more(store: Store, layer: str) -> None:
    store.run(take_in_page, layer, [event(1), event(2)], [])
    store.run(take_in_page, layer, [event(2, cancelled=True)], ["e1"])
    assert happening(store) == []


def test_a_series_itself_is_no_event(store: Store, layer: str) -> None:
    store.run(take_in_page, layer, [event(1, is_master=True), event(2, series="e1")], [])
    assert uids(store) == {"e2"}


def test_a_full_round_takes_out_what_was_not_in_it(store: Store, layer: str) -> None:
    store.run(take_in_page, layer, [event(1), event(2)], [])
    assert store.run(end_round, layer, frozenset({"e2"})) == 1
    assert uids(store) == {"e2"}
    assert len(happening(store)) == 1


def test_a_whole_day_is_its_date_in_the_organisation_s_zone(store: Store, layer: str) -> None:
    day = datetime(2025, 1, 10, tzinfo=UTC)
    whole = event(1, all_day=True, start=day, end=day + timedelta(days=1))
    store.run(take_in_page, layer, [whole], [])
    found = store.read(lambda uow: uow.session.exec(select(Occurrence)).one())
    assert (found.start_date, found.end_date) == (date(2025, 1, 10), date(2025, 1, 10))
    assert found.end_utc - found.start_utc == timedelta(days=1)


def test_its_occurrences_can_be_made_anew_from_what_is_kept(store: Store, layer: str) -> None:
    store.run(take_in_page, layer, [event()], [])
    before = happening(store)

    def forget(uow: UnitOfWork) -> None:
        uow.session.connection().execute(delete(Occurrence))
        uow.session.connection().execute(delete(Setting))

    store.run(forget)
    refresh(store)
    assert happening(store) == before
