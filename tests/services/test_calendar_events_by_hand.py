"""Business events typed by hand, who answers for them, and what a conflict says of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from app.models.calendar.asked import Asked
from app.models.calendar.events import CalendarRead, ReadEvent, Stamp
from app.models.calendar.typed import Noted, TypedEvent
from app.models.errors import BadInput, NotAllowed
from app.models.severity import Severity
from app.models.tables.calendar import BusinessEvent
from app.services.calendar.conflicts import check
from app.services.calendar.events_by_hand import (
    add_event,
    change_event,
    event_form,
    note_event,
    take_event_out,
)
from app.services.calendar.importing import LayerRule, put_calendar
from app.services.calendar.listing import list_occurrences
from app.services.calendar.month import entries
from app.services.calendar.occurrences import Horizon
from app.services.database import Store
from app.services.uow import undo
from tests.makers import make_service, make_store, make_window

wall = datetime.fromisoformat
ASKED = Asked("Dana Ortiz", date(2025, 1, 3), "M. Okafor", "not (really) before 18:00")
PAYROLL = TypedEvent("Payroll run", wall("2025-01-10"), wall("2025-01-10"))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_store(tmp_path / "store")
    yield made
    made.close()


def happens(store: Store) -> list[str]:
    since = datetime(2025, 1, 1, tzinfo=UTC)
    rows = store.read(list_occurrences, since, since + timedelta(days=60), "")
    return [f"{row.title} {row.start:%d %b}" for row in rows]


def the_event(store: Store) -> str:
    return store.read(entries, date(2025, 1, 1), date(2025, 1, 31)).entries[0].event_id


def test_an_event_is_typed_changed_taken_out_and_each_taken_back(store: Store) -> None:
    store.run(add_event, "Clinic", replace(PAYROLL, repeats="every 2 weeks on Friday"))
    assert [said[-6:] for said in happens(store)] == ["10 Jan", "24 Jan", "07 Feb", "21 Feb"]
    form = store.read(event_form, the_event(store))
    assert form.is_ours and form.typed is not None and form.layers == ("Clinic",)
    assert form.typed.repeats == "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"
    once = replace(PAYROLL, start=wall("2025-01-12"), end=wall("2025-01-13"))
    store.run(change_event, form.event_id, once, seen=form.version)
    assert happens(store) == ["Payroll run 12 Jan"]
    back = store.run(take_event_out, form.event_id)
    assert happens(store) == []
    store.run(undo, back)
    assert store.read(event_form, form.event_id).typed == once


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (replace(PAYROLL, title=" "), "title"),
        (replace(PAYROLL, end=wall("2024-01-01")), "ends before"),
        (replace(PAYROLL, end=wall("2027-01-01")), "longer than a year"),
        (replace(PAYROLL, repeats="now and then"), "no rule"),
        (replace(PAYROLL, repeats="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), "never comes"),
    ],
)
def test_what_cannot_be_is_refused(store: Store, typed: TypedEvent, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        store.run(add_event, "", typed)


def test_a_conflict_says_who_answers_for_the_event_and_only_for_whom_it_names(store: Store) -> None:
    ours, other = store.run(make_service, "Payroll").id, store.run(make_service, "Radiology").id
    noted = Noted(ASKED, (ours,), severity=Severity.BLOCK)
    store.run(add_event, "", replace(PAYROLL, noted=noted))
    window = make_window("2025-01-10 19:00", "2025-01-10 22:00")

    def said(service: str) -> list[str]:
        found = store.read(lambda uow: check(uow, window=window, service_ids=[service]))
        return [f"{c.severity.value}: {c.sentence}" for c in found if "Payroll run" in c.sentence]

    assert said(other) == []
    assert said(ours) == [
        "block: “Payroll run” (all Fri 10 Jan; Dana Ortiz answers for it; asked Fri 3 Jan 2025 by "
        "M. Okafor: “not [really] before 18:00”) needs Payroll."
    ]


def test_what_is_noted_of_an_event_from_a_file_outlives_the_next_import(store: Store) -> None:
    def read(title: str) -> CalendarRead:
        first, after = (Stamp(wall(f"2025-01-{day}"), "") for day in (10, 11))
        return CalendarRead("year", (ReadEvent("a", title, True, first, after, line=1),), (), ())

    horizon = Horizon.around(store.clock.now(), "America/New_York")
    store.run(put_calendar, read("Audit"), "Year", LayerRule(), horizon, source="year.ics")
    event_id = store.read(lambda uow: uow.all(BusinessEvent)[0].id)
    store.run(note_event, event_id, Noted(Asked("Dana Ortiz", answer="fine")))
    with pytest.raises(NotAllowed, match="comes from elsewhere"):
        store.run(change_event, event_id, PAYROLL)
    store.run(put_calendar, read("Big audit"), "Year", LayerRule(), horizon, source="year.ics")
    form = store.read(event_form, event_id)
    assert form.typed is not None and form.typed.title == "Big audit" and not form.is_ours
    asked = form.typed.noted.asked
    assert (asked.responsible, asked.answer, asked.on) == ("Dana Ortiz", "fine", date(2025, 1, 6))
    # and no import replaces what is typed
    store.run(add_event, "By hand", PAYROLL)
    with pytest.raises(NotAllowed, match="events that were typed"):
        store.run(put_calendar, read("Audit"), "by hand", LayerRule(), horizon)
