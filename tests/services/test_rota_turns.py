"""The rota in the store: made ahead, swapped, covered, undone; nothing is left out in silence."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from app.models.calendar.facts import Reason
from app.models.directory.absences import Absence
from app.models.errors import BadInput, ConsoleError, NotAllowed
from app.models.rota.turns import Trouble
from app.models.tables.outages import Outage
from app.services.calendar.conflicts import conflicts_of
from app.services.database import Store
from app.services.directory.absences import add_absence
from app.services.directory.rota import on_duty
from app.services.rota.reading import rota_rows, troubles_near
from app.services.rota.turns import cover, make_turns, set_rota, swap, turns_within
from app.services.uow import undo
from tests.makers import NOW, clock_of, make_outage, make_person, make_store, make_window

TODAY = date(2025, 1, 6)
JANUARY, FEBRUARY = date(2025, 1, 1), date(2025, 2, 1)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = make_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def people(store: Store) -> list[str]:
    made = [store.run(make_person, name).id for name in ("Ada Lund", "Ben Ito", "Cy Okoro")]
    store.run(set_rota, "every month", JANUARY, made)
    return made


def names(store: Store, *days: date) -> list[str]:
    return [found.name if (found := store.read(on_duty, day)) else "" for day in days]


def test_turns_are_made_a_year_ahead_and_go_on_as_time_passes(
    store: Store, people: list[str]
) -> None:
    assert names(store, JANUARY, FEBRUARY, date(2025, 4, 30)) == ["Ada Lund", "Ben Ito", "Ada Lund"]
    before = store.read(rota_rows)
    assert before.until is not None and before.until >= TODAY + timedelta(days=400)
    assert store.run(make_turns) == 0
    clock_of(store).set(NOW + timedelta(days=90))
    assert store.run(make_turns) > 0
    rows = store.read(rota_rows)
    assert rows.until is not None and rows.until > before.until
    assert rows.troubles == ()
    assert rows.rule == "every month"


def test_a_swap_changes_hands_and_what_is_past_stays(store: Store, people: list[str]) -> None:
    one, other = store.read(turns_within, TODAY, FEBRUARY)
    changed = store.run(swap, one.id, other.id)
    assert names(store, date(2025, 1, 5), TODAY, FEBRUARY) == ["Ada Lund", "Ben Ito", "Ada Lund"]
    store.run(undo, changed.undo)
    assert names(store, TODAY, FEBRUARY) == ["Ada Lund", "Ben Ito"]


def test_somebody_covers_some_days_of_a_turn(store: Store, people: list[str]) -> None:
    store.run(cover, people[2], date(2025, 1, 10), date(2025, 1, 12))
    days = [date(2025, 1, day) for day in (9, 10, 12, 13)]
    assert names(store, *days) == ["Ada Lund", "Cy Okoro", "Cy Okoro", "Ada Lund"]
    assert store.read(rota_rows).troubles == ()


def test_leave_of_whoever_is_on_duty_is_a_gap_until_it_is_covered(
    store: Store, people: list[str]
) -> None:
    away = store.run(add_absence, people[0], Absence(date(2025, 1, 10), date(2025, 1, 12)))
    assert away.sentence == (
        "Ada Lund is away Fri 10 Jan–Sun 12 Jan 2025 (leave). Ada Lund is on duty and away "
        "Fri 10 Jan–Sun 12 Jan 2025 (3 days); nobody covers."
    )
    [found] = store.read(troubles_near)
    assert (found.trouble, found.first, found.last) == (
        Trouble.AWAY,
        date(2025, 1, 10),
        date(2025, 1, 12),
    )
    assert found.sentence.startswith("Ada Lund is on duty and away Fri 10 Jan–Sun 12 Jan 2025")
    store.run(cover, people[1], date(2025, 1, 10), date(2025, 1, 12))
    assert store.read(troubles_near) == ()


def test_the_conflict_that_the_coordinator_is_off_duty_follows_the_rota(
    store: Store, people: list[str]
) -> None:
    window = make_window("2025-01-18T02:00", "2025-01-18T04:00")
    flight = store.run(make_outage, window=window, coordinator_id=people[0]).id

    def off() -> bool:
        return any(
            c.reason is Reason.COORDINATOR_OFF
            for c in store.read(lambda uow: conflicts_of(uow, uow.fetch(Outage, flight)))
        )

    assert not off()
    changed = store.run(cover, people[1], date(2025, 1, 18), date(2025, 1, 18))
    assert "OUT-" in changed.sentence
    assert off()
    store.run(undo, changed.undo)
    assert not off()


def test_what_makes_no_sense_is_refused(store: Store, people: list[str]) -> None:
    with pytest.raises(BadInput, match="Nobody is in the rota"):
        store.run(set_rota, "every month", TODAY, [])
    with pytest.raises(BadInput, match="before the first"):
        store.run(cover, people[1], FEBRUARY, TODAY)
    with pytest.raises(BadInput, match="past"):
        store.run(cover, people[1], JANUARY, JANUARY)
    own = store.read(turns_within, TODAY, date(2025, 4, 2))
    with pytest.raises(BadInput, match="same person"):
        store.run(swap, own[0].id, own[3].id)
    clock_of(store).set(NOW + timedelta(days=40))
    with pytest.raises(NotAllowed, match="over"):
        store.run(swap, own[0].id, own[1].id)


def test_swaps_covers_and_undo_never_leave_a_day_without_or_with_two(
    store: Store, people: list[str]
) -> None:
    """Random acts: each day has exactly one, and no trouble is hidden."""
    chance = Random(7)
    for _ in range(60):
        first = TODAY + timedelta(days=chance.randrange(120))
        try:
            if chance.random() < 0.5:
                turns = store.read(turns_within, TODAY, TODAY + timedelta(days=120))
                changed = store.run(swap, *(t.id for t in chance.sample(turns, 2)))
            else:
                last = first + timedelta(days=chance.randrange(20))
                changed = store.run(cover, chance.choice(people), first, last)
        except ConsoleError:
            continue
        if chance.random() < 0.3:
            store.run(undo, changed.undo)
    turns = store.read(turns_within, JANUARY, date.max)
    for number in range(300):
        day = JANUARY + timedelta(days=number)
        assert sum(t.starts <= day <= t.ends for t in turns) == 1
    assert store.read(rota_rows).troubles == ()
