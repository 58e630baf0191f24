"""Notes and corrections: an entry is never edited, only struck through by a later one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.models.errors import BadInput, NotAllowed, NotFound
from app.models.log import hash_of
from app.models.tables.log import LogEntry
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.log import (
    LogRow,
    add_note,
    chain_break,
    chain_head,
    log_as_json,
    read_log,
    strike,
)
from app.services.uow import UnitOfWork
from tests.makers import NOW, clock_of, make_outage, make_store
from tests.served import on_postgresql


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = make_store(tmp_path_factory.mktemp("log"))
    yield store
    store.close()


@pytest.fixture
def flight(store: Store) -> Outage:
    clock_of(store).set(NOW)
    return store.run(make_outage)


def last(store: Store, outage_id: str) -> LogRow:
    return store.read(read_log, outage_id)[-1]


def test_a_note_says_who_and_via_whom(store: Store, flight: Outage) -> None:
    store.run(add_note, flight.id, " Vendor on the line ", by="Kai Ito", via="M. Okafor")
    row = last(store, flight.id)
    assert (row.what, row.who, row.via, row.kind) == (
        "Vendor on the line",
        "Kai Ito",
        "M. Okafor",
        "note",
    )


def test_a_note_without_a_name_is_the_coordinator_s(store: Store, flight: Outage) -> None:
    store.run(add_note, flight.id, "Quiet")
    assert last(store, flight.id).who == "M. Okafor"


@pytest.mark.parametrize("text", ["", "   \n\t ", "x" * 20_001])
def test_an_empty_or_endless_note_is_refused(store: Store, flight: Outage, text: str) -> None:
    before = store.read(chain_head)
    with pytest.raises(BadInput):
        store.run(add_note, flight.id, text)
    assert store.read(chain_head) == before


def test_a_corrected_entry_stays_and_is_shown_struck(store: Store, flight: Outage) -> None:
    store.run(add_note, flight.id, "Backup finished 18:10")
    wrong = last(store, flight.id)
    store.run(strike, flight.id, wrong.number, "It was 18:20")
    rows = {row.number: row for row in store.read(read_log, flight.id)}
    correction = last(store, flight.id)
    assert rows[wrong.number].what == "Backup finished 18:10"
    assert rows[wrong.number].struck_by == correction.number
    assert correction.kind == "correction"


def test_an_entry_is_struck_once(store: Store, flight: Outage) -> None:
    store.run(add_note, flight.id, "Wrong")
    wrong = last(store, flight.id).number
    store.run(strike, flight.id, wrong, "Right")
    with pytest.raises(NotAllowed, match="already"):
        store.run(strike, flight.id, wrong, "Right again")


def test_a_correction_says_what_is_right(store: Store, flight: Outage) -> None:
    store.run(add_note, flight.id, "Wrong")
    with pytest.raises(BadInput):
        store.run(strike, flight.id, last(store, flight.id).number, "  ")


def test_an_entry_of_another_flight_is_not_struck(store: Store, flight: Outage) -> None:
    store.run(add_note, flight.id, "Mine")
    mine = last(store, flight.id).number
    other = store.run(make_outage, "Core switch")
    with pytest.raises(NotFound):
        store.run(strike, other.id, mine, "Not yours")


def test_the_newest_entries_come_oldest_first(store: Store, flight: Outage) -> None:
    for number in range(5):
        store.run(add_note, flight.id, f"Note {number}")
    assert [row.what for row in store.read(read_log, flight.id, 3)] == [
        "Note 2",
        "Note 3",
        "Note 4",
    ]


def test_a_clock_set_back_leaves_the_order_of_numbers(store: Store, flight: Outage) -> None:
    store.run(add_note, flight.id, "First")
    clock_of(store).set(NOW - timedelta(days=30))
    store.run(add_note, flight.id, "Second")
    rows = store.read(read_log, flight.id)[-2:]
    assert [row.what for row in rows] == ["First", "Second"]
    assert rows[1].number == rows[0].number + 1
    assert rows[1].at < rows[0].at
    assert store.read(chain_break) is None


def test_the_exported_log_can_be_checked_without_the_console(store: Store, flight: Outage) -> None:
    store.run(add_note, flight.id, "Zürich says “go” — ✓")
    texts = store.read(_texts)
    exported = store.read(log_as_json)
    previous = ""
    for entry in exported:
        assert entry["previous_hash"] == previous
        previous = hash_of(previous, texts[entry["number"]])
        assert entry["hash"] == previous
    assert (exported[-1]["number"], previous) == store.read(chain_head)


def _texts(uow: UnitOfWork) -> dict[int, str]:
    from sqlmodel import select

    return {entry.number: entry.text for entry in uow.session.exec(select(LogEntry))}


TEXT = st.text(st.characters(codec="utf-8"), min_size=1, max_size=200)


def test_half_a_character_is_refused_in_words(store: Store, flight: Outage) -> None:
    before = store.read(chain_head)
    with pytest.raises(BadInput, match="half a character"):
        store.run(add_note, flight.id, "gone \ud83d")
    assert store.read(chain_head) == before


@given(text=TEXT.filter(lambda text: text.strip() and not (on_postgresql() and "\0" in text)))
def test_any_text_survives_in_the_log(store: Store, text: str) -> None:
    flight = store.run(make_outage)
    store.run(add_note, flight.id, text)
    assert last(store, flight.id).what == text.strip()
    assert store.read(chain_break) is None
