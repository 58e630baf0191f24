"""What a later end would mean, before it is promised."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from app.models.errors import NotAllowed
from app.models.live.words import Say
from app.models.notices.kinds import NoticeKind
from app.models.outages.decisions import Act, default_card
from app.models.outages.lifecycle import State
from app.models.runbook import StepAct
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.live.extending import ExtensionRows, extension
from app.services.live.morning import morning_after
from app.services.live.reading import live
from app.services.notices.composing import NoticeExtra, compose
from app.services.outages.moving import extend
from app.services.uow import UnitOfWork
from tests.flights import END, START, closes, do, in_progress, make_flight
from tests.makers import clock_of

HALF_PAST = END + timedelta(minutes=30)


@pytest.fixture
def flight(store: Store) -> str:
    """7 ran 14 minutes over, 8 is running: in progress at 19:30."""
    card = default_card("N. Adeyemi", "555 0110")
    made = in_progress(store, card=card)
    do(store, made, "7", StepAct.START)
    clock_of(store).set(START + timedelta(minutes=24))
    do(store, made, "7", StepAct.FINISH)
    do(store, made, "8", StepAct.START)
    clock_of(store).set(START + timedelta(minutes=30))
    return made


def would(store: Store, flight: str, end: datetime | None = None, why: str = "") -> ExtensionRows:
    return store.read(extension, flight, end, why)


def test_the_way_back_and_the_margin_are_those_that_extending_brings(
    store: Store, flight: str
) -> None:
    before = would(store, flight, HALF_PAST)
    store.run(extend, flight, HALF_PAST, "the flash is slow")
    after = store.read(live, flight)
    assert (before.new_way_back, before.margin) == (after.way_back, after.margin)
    assert (before.new_way_back or END) - closes(before) == timedelta(minutes=30)


def test_the_notice_shown_is_the_one_that_is_drafted_afterwards(store: Store, flight: str) -> None:
    before = would(store, flight, HALF_PAST, "the flash is slow")
    store.run(extend, flight, HALF_PAST, "the flash is slow")
    after = store.read(compose, flight, NoticeKind.EXTENDED, NoticeExtra())
    assert (before.subject, before.text) == (after.subject, after.text)
    assert "10:30 pm" in before.text and "slow" in before.text


def test_looking_changes_nothing(store: Store, flight: str) -> None:
    def kept(uow: UnitOfWork) -> tuple[datetime, int]:
        row = uow.fetch(Outage, flight)
        return row.promised_end_utc, row.version

    before = store.read(kept)
    would(store, flight, HALF_PAST, "the flash is slow")
    assert store.read(kept) == before


def test_the_card_says_who_decides_so_many_minutes(store: Store, flight: str) -> None:
    assert would(store, flight, HALF_PAST).decider.act is Act.EXTEND
    beyond = would(store, flight, HALF_PAST + timedelta(minutes=5))
    assert (beyond.decider.act, beyond.decider.who) == (Act.EXTEND_BEYOND, "N. Adeyemi")
    assert beyond.minutes == 35


def test_a_flight_in_the_added_time_is_named_as_a_new_conflict(store: Store, flight: str) -> None:
    store.run(
        make_flight,
        State.PLANNED,
        title="Second flight",
        start="2025-01-10 22:10",
        end="2025-01-10 23:00",
    )
    quarter = would(store, flight, END + timedelta(minutes=5))
    assert not any("Second flight" in c.sentence and c.new for c in quarter.clashes if c.new)
    half = would(store, flight, HALF_PAST)
    assert half.clashes[0].new
    assert any(c.new and "OUT-" in c.sentence for c in half.clashes)


def test_those_still_needed_are_listed_with_when_they_are_rested(store: Store, flight: str) -> None:
    rest = would(store, flight, HALF_PAST).rest
    names = [each.name for each in rest]
    assert "K. Ito" in names and "R. Ramos" not in names
    assert all(each.by >= HALF_PAST + timedelta(hours=11) for each in rest)


def test_without_an_end_one_is_proposed(store: Store, flight: str) -> None:
    found = would(store, flight)
    assert found.end > found.old_end and not found.refusal


def test_what_is_said_on_the_bridge_is_the_new_end_while_it_is_news(
    store: Store, flight: str
) -> None:
    shown = would(store, flight, HALF_PAST, "The flash is slow.")
    assert shown.say.startswith("We take longer: the end moves from 22:00 to 22:30, because the fl")
    store.run(extend, flight, HALF_PAST, "The flash is slow.")
    assert store.read(live, flight).words == shown.say
    clock_of(store).advance(minutes=6)
    assert store.read(live, flight).say is Say.STATUS


def test_moved_a_second_time_the_end_moves_from_the_one_promised_last(
    store: Store, flight: str
) -> None:
    store.run(extend, flight, END + timedelta(minutes=10), "The flash is slow.")
    clock_of(store).advance(minutes=6)
    shown = would(store, flight, HALF_PAST, "The flash is slow.")
    store.run(extend, flight, HALF_PAST, "The flash is slow.")
    assert "from 22:10 to 22:30" in shown.say
    assert store.read(live, flight).words == shown.say


def test_an_end_that_cannot_be_promised_says_so(store: Store, flight: str) -> None:
    assert "give a later one" in would(store, flight, END).refusal


def test_what_is_not_flown_is_not_extended(store: Store) -> None:
    planned = store.run(make_flight, State.PLANNED)
    with pytest.raises(NotAllowed, match="move its window"):
        would(store, planned, HALF_PAST)


def test_without_hours_of_use_the_audiences_working_day_is_the_morning(
    store: Store, flight: str
) -> None:
    def morning(uow: UnitOfWork, end: datetime) -> list[str]:
        return list(morning_after(uow, uow.fetch(Outage, flight), end))

    monday = END + timedelta(days=2, hours=7, minutes=30)  # 05:30; it began on a Friday
    assert store.read(morning, END) == []
    [said] = store.read(morning, monday)
    assert "are at work from Mon 13 Jan 07:00 EST, 1 h 30 min after the new end" in said
    [said] = store.read(morning, monday + timedelta(hours=3))
    assert "are at work at that time, without" in said and "no hours of use are noted" in said
