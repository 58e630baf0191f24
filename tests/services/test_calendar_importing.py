"""Calendar files as layers: nothing doubles, nothing older overwrites, nothing half-imported."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from app.models.errors import BadInput, NotFound, Stale
from app.models.severity import Severity
from app.models.tables.calendar import BusinessEvent, CalendarLayer, Occurrence
from app.models.tables.log import LogEntry
from app.services.calendar.child import ReadingStopped
from app.services.calendar.importing import Imported, import_calendar
from app.services.calendar.occurrences import refresh
from app.services.database import Store
from app.services.uow import UnitOfWork, undo
from tests.makers import NOW, clock_of, make_service, make_store

DATA = Path(__file__).parents[1] / "data" / "calendars"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_store(tmp_path / "store")
    yield made
    made.close()


def event(
    uid: str, title: str = "Board meeting", start: str = "20250110T190000", **more: str
) -> str:
    lines = [f"UID:{uid}", f"SUMMARY:{title}", f"DTSTART;TZID=America/New_York:{start}"]
    lines += [f"{name.upper()}:{value}" for name, value in more.items()]
    return "BEGIN:VEVENT\r\n" + "\r\n".join(lines) + "\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"


def write(folder: Path, *events: str) -> Path:
    path = folder / "year.ics"
    body = "".join(events)
    path.write_text(f"BEGIN:VCALENDAR\r\n{body}END:VCALENDAR\r\n", encoding="utf-8", newline="")
    return path


def titles(uow: UnitOfWork) -> list[str]:
    return sorted(row.title for row in uow.all(BusinessEvent))


def times(uow: UnitOfWork) -> list[tuple[str, str]]:
    rows = uow.session.exec(select(Occurrence).order_by(col(Occurrence.start_utc)))
    return [(row.title, row.start_utc.isoformat()[:16]) for row in rows]


def changed(done: Imported) -> tuple[int, int, int, int]:
    return done.added, done.updated, done.removed, done.unchanged


def test_a_file_becomes_a_layer_with_its_occurrences(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, event("a", rrule="FREQ=WEEKLY;COUNT=3"), event("b", "Payroll run"))
    done = import_calendar(store, path, "Business 2025")
    assert changed(done) == (2, 0, 0, 0)
    assert store.read(titles) == ["Board meeting", "Payroll run"]
    assert [when for title, when in store.read(times) if title == "Board meeting"] == [
        "2025-01-11T00:00",
        "2025-01-18T00:00",
        "2025-01-25T00:00",
    ]
    assert done.sentence == "Business 2025: 2 added."


def test_importing_the_same_file_again_doubles_nothing(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, event("a"), event("b", rrule="FREQ=DAILY;COUNT=5"))
    import_calendar(store, path, "Events")
    before = store.read(times)
    assert changed(import_calendar(store, path, "events")) == (0, 0, 0, 2)
    assert store.read(times) == before
    assert len(store.read(lambda uow: uow.all(CalendarLayer))) == 1


@pytest.mark.parametrize("name", sorted(path.name for path in DATA.glob("*.ics")))
def test_every_calendar_we_were_given_imports_twice_without_doubling(
    store: Store, name: str
) -> None:
    clock_of(store).set(NOW.replace(year=2012))
    try:
        first = import_calendar(store, DATA / name, "Given")
    except BadInput:
        pytest.skip("holds no event that can be used")
    before = store.read(times)
    again = import_calendar(store, DATA / name, "Given")
    assert changed(again) == (0, 0, 0, first.added)
    assert store.read(times) == before


def test_a_changed_event_is_updated_and_one_gone_is_taken_out(store: Store, tmp_path: Path) -> None:
    import_calendar(store, write(tmp_path, event("a"), event("b", "Payroll run")), "Events")
    moved = write(tmp_path, event("a", start="20250111T190000", sequence="1"))
    assert changed(import_calendar(store, moved, "Events")) == (0, 1, 1, 0)
    assert store.read(times) == [("Board meeting", "2025-01-12T00:00")]


def test_an_event_that_comes_back_is_there_once(store: Store, tmp_path: Path) -> None:
    both = (event("a"), event("b", "Payroll run"))
    import_calendar(store, write(tmp_path, *both), "Events")
    import_calendar(store, write(tmp_path, both[0]), "Events")
    assert changed(import_calendar(store, write(tmp_path, *both), "Events")) == (1, 0, 0, 1)
    assert store.read(titles) == ["Board meeting", "Payroll run"]
    assert len(store.read(times)) == 2


def test_an_older_sequence_overwrites_nothing(store: Store, tmp_path: Path) -> None:
    newer = write(tmp_path, event("a", "Moved", start="20250115T190000", sequence="3"))
    import_calendar(store, newer, "Events")
    done = import_calendar(store, write(tmp_path, event("a", "Old", sequence="2")), "Events")
    assert (done.older, changed(done)) == (1, (0, 0, 0, 0))
    assert store.read(times) == [("Moved", "2025-01-16T00:00")]


def test_events_without_uid_are_known_by_their_content(store: Store, tmp_path: Path) -> None:
    nameless = event("x").replace("UID:x\r\n", "")
    import_calendar(store, write(tmp_path, nameless), "Events")
    other = event("x", "Another").replace("UID:x\r\n", "")
    done = import_calendar(store, write(tmp_path, other, nameless), "Events")
    assert changed(done) == (1, 0, 0, 1)


def test_nothing_is_taken_out_while_part_of_the_file_cannot_be_read(
    store: Store, tmp_path: Path
) -> None:
    import_calendar(store, write(tmp_path, event("a"), event("b", "Year end")), "Freezes")
    broken = event("b", "Year end").replace("DTSTART", "DTSTRAT")
    done = import_calendar(store, write(tmp_path, event("a"), broken), "Freezes")
    assert (done.removed, done.kept, len(done.faults)) == (0, 1, 1)
    assert sorted(title for title, _ in store.read(times)) == ["Board meeting", "Year end"]


def test_a_file_without_events_does_not_empty_a_layer(store: Store, tmp_path: Path) -> None:
    import_calendar(store, write(tmp_path, event("a")), "Events")
    with pytest.raises(BadInput, match="holds no events"):
        import_calendar(store, write(tmp_path), "Events")
    backwards = event("b").replace("PT1H", "-PT1H")
    with pytest.raises(BadInput, match=r"makes no sense\)\. Nothing"):
        import_calendar(store, write(tmp_path, backwards), "Events")
    assert store.read(titles) == ["Board meeting"]


def test_a_cancelled_import_leaves_everything_as_it_was(store: Store, tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(ReadingStopped):
        import_calendar(store, write(tmp_path, event("a")), "Events", cancelled=stop)
    assert store.read(lambda uow: uow.all(CalendarLayer)) == []


def test_an_unknown_service_imports_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        import_calendar(store, write(tmp_path, event("a")), "Events", services=["nobody"])
    assert store.read(titles) == []


def test_a_freeze_blocks_unless_said_otherwise_and_keeps_its_rule(
    store: Store, tmp_path: Path
) -> None:
    service = store.run(make_service)
    path = write(tmp_path, event("a"))
    import_calendar(store, path, "Year end", is_freeze=True, services=[service.id])
    import_calendar(store, path, "Year end")
    layer = store.read(lambda uow: uow.all(CalendarLayer)[0])
    assert (layer.is_freeze, layer.severity) == (True, Severity.BLOCK)
    assert layer.services == [service.id]


def test_one_log_entry_holds_the_rows_that_changed_and_no_others(
    store: Store, tmp_path: Path
) -> None:
    import_calendar(store, write(tmp_path, event("a"), event("b")), "Events")
    import_calendar(store, write(tmp_path, event("a"), event("b", "Other")), "Events")
    entries = store.read(
        lambda uow: list(uow.session.exec(select(LogEntry).order_by(col(LogEntry.number))))
    )[-2:]
    assert [entry.text.count('"table":"business_event"') for entry in entries] == [2, 1]
    assert all('"table":"occurrence"' not in entry.text for entry in entries)


def test_the_horizon_moves_on_with_the_year(store: Store, tmp_path: Path) -> None:
    import_calendar(store, write(tmp_path, event("a", rrule="FREQ=YEARLY")), "Events")
    assert [when[:4] for _, when in store.read(times)] == ["2025", "2026"]
    assert refresh(store) == 0
    clock_of(store).advance(days=400)
    assert refresh(store) == 1
    assert [when[:4] for _, when in store.read(times)] == ["2026", "2027", "2028"]
    assert refresh(store) == 0


def test_a_moved_horizon_writes_no_log(store: Store, tmp_path: Path) -> None:
    import_calendar(store, write(tmp_path, event("a", rrule="FREQ=YEARLY")), "Events")
    count = len(store.read(lambda uow: list(uow.session.exec(select(LogEntry)))))
    clock_of(store).set(NOW + timedelta(days=400))
    refresh(store)
    assert len(store.read(lambda uow: list(uow.session.exec(select(LogEntry))))) == count


def test_an_import_is_undone_as_one_act_and_what_happens_when_follows(
    store: Store, tmp_path: Path
) -> None:
    import_calendar(store, write(tmp_path, event("a"), event("b", "Payroll run")), "Events")
    before = store.read(titles), store.read(times)
    later = write(tmp_path, event("a", "Board away", "20250111T190000"), event("c", "Audit"))
    inverse = import_calendar(store, later, "Events").undo
    assert inverse is not None
    store.run(undo, inverse)
    refresh(store)
    assert (store.read(titles), store.read(times)) == before


def test_the_first_import_undone_leaves_no_layer(store: Store, tmp_path: Path) -> None:
    inverse = import_calendar(store, write(tmp_path, event("a")), "Events").undo
    assert inverse is not None
    store.run(undo, inverse)
    assert store.read(lambda uow: uow.all(CalendarLayer)) == []
    assert store.read(titles) == []
    assert refresh(store) == 0
    assert changed(import_calendar(store, write(tmp_path, event("a")), "Events")) == (1, 0, 0, 0)


def test_an_import_that_changed_nothing_has_nothing_to_undo(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, event("a"))
    import_calendar(store, path, "Events")
    assert import_calendar(store, path, "Events").undo is None


def test_an_import_followed_by_another_is_not_undone_over_it(store: Store, tmp_path: Path) -> None:
    inverse = import_calendar(store, write(tmp_path, event("a")), "Events").undo
    import_calendar(store, write(tmp_path, event("a", "Audit")), "Events")
    assert inverse is not None
    with pytest.raises(Stale):
        store.run(undo, inverse)
    assert store.read(titles) == ["Audit"]


def test_the_same_events_in_another_layer_are_said(store: Store, tmp_path: Path) -> None:
    path = write(tmp_path, event("a"), event("b", "Payroll run"))
    assert not import_calendar(store, path, "Events").twin
    again = import_calendar(store, path, "Business")
    assert again.sentence.endswith("These events are already in the layer “Events”.")
    assert not import_calendar(store, write(tmp_path, event("c")), "Others").twin
