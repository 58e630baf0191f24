"""Today's rows, and the first of them without SQLModel."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from app.models.notices.kinds import NoticeKind
from app.models.outages.errands import WAITS_TO_LEAVE, Errand
from app.models.outages.lifecycle import State
from app.models.outbox import ItemState
from app.models.tables.outbox import OutboxItem
from app.services.live.reading import live
from app.services.notices.sending import queue
from app.services.outages.brief import brief
from app.services.outages.first_rows import first_rows
from app.services.outages.today import today
from app.services.outages.today_turns import today_in_turns
from app.services.outbox.acting import hold
from app.services.working import Further
from tests.makers import NOW, clock_of, make_outbox_item, make_window
from tests.services.outages_flights import World, flight, world

__all__ = ["flight", "world"]

OUTBOX = Errand.OUTBOX


def test_the_next_window_is_the_nearest_meant_seriously(flight: World) -> None:
    flight.go(State.PLANNED)
    flight.planned(window=make_window("2025-01-07 12:00", "2025-01-07 13:00"))
    found = flight.store.read(today).next
    assert found is not None
    assert (found.code, found.services, found.told) == ("OUT-2025-001", 1, 0)


def test_in_turns_it_is_the_same_today(flight: World) -> None:
    flight.go(State.PLANNED)
    flight.planned(window=make_window("2025-01-07 12:00", "2025-01-07 13:00"))
    found = flight.store.read(today_in_turns, a_turn=1)
    turns = 0
    while isinstance(found, Further):
        found, turns = flight.store.read(found.query), turns + 1
    assert found == flight.store.read(today)
    assert turns == 2


def test_what_flies_comes_before_what_is_to_come(flight: World) -> None:
    flight.fly_to(State.IN_PROGRESS)
    flight.planned(window=make_window("2025-01-10 19:30", "2025-01-10 20:00"))
    found = flight.store.read(today).next
    assert found is not None
    assert (found.code, found.flying) == ("OUT-2025-001", True)


def test_what_flies_past_its_end_is_still_the_next_window(flight: World) -> None:
    flight.fly_to(State.IN_PROGRESS)
    clock_of(flight.store).advance(hours=5)
    assert flight.store.read(today).next is not None


def test_red_criteria_need_the_coordinator_while_it_is_decided(flight: World) -> None:
    flight.fly_to(State.GO_NO_GO)
    rows = flight.store.read(today)
    assert rows.next is not None
    words = [need.words for need in rows.needs if need.errand is Errand.ROLL_CALL]
    assert "GO needs: Bridge open" in words
    assert rows.next.red == len(words) > 3


def test_a_draft_near_its_window_needs_to_be_planned(flight: World) -> None:
    needs = flight.store.read(today).needs
    assert [(n.words, n.errand) for n in needs] == [
        ("Still a draft: File cluster firmware", Errand.PLAN)
    ]


def test_tonights_flight_comes_first_and_every_need_has_its_own_key(flight: World) -> None:
    flight.fly_to(State.ANNOUNCED)
    tonight = flight.outage
    flight.planned(window=make_window("2025-01-08 12:00", "2025-01-08 13:00"))
    flight.go(State.CANCELLED, why="dropped")
    flight.outage = tonight
    flight.at_start(-20)
    needs = flight.store.read(today).needs
    assert needs[0].errand in (Errand.GATE, Errand.BRIDGE_OPEN)
    assert Errand.GATE in {n.errand for n in needs}
    assert needs[-1].outage_id != tonight
    assert len({n.key for n in needs}) == len(needs)


def test_what_tonights_flight_needs_stands_above_what_another_is_late_with(flight: World) -> None:
    flight.fly_to(State.ANNOUNCED)
    tonight = flight.outage
    flight.planned(window=make_window("2025-01-08 12:00", "2025-01-08 13:00"))
    flight.outage = tonight
    flight.at_start(-25)
    needs = flight.store.read(today).needs
    mine = [need.outage_id == tonight for need in needs]
    assert mine == sorted(mine, reverse=True)
    assert not all(need.late for need in needs if need.outage_id == tonight)
    assert any(need.late for need in needs if need.outage_id != tonight)


def test_days_ahead_what_is_late_comes_first(flight: World) -> None:
    flight.fly_to(State.ANNOUNCED)
    flight.at_start(60 * 24)
    flight.planned(window=make_window("2025-01-20 12:00", "2025-01-20 13:00"))
    late = [need.late for need in flight.store.read(today).needs]
    assert late == sorted(late, reverse=True)
    assert {True, False} == set(late)


def test_an_ending_without_debt_is_to_be_filed(flight: World) -> None:
    flight.go(State.CANCELLED, why="dropped")
    assert [n.errand for n in flight.store.read(today).needs] == [Errand.FILE]


def test_a_window_that_passed_unflown_is_not_lost_sight_of(flight: World) -> None:
    flight.fly_to(State.ANNOUNCED)
    flight.at_start(60 * 24)
    words = [n.words for n in flight.store.read(today).needs]
    assert "Its window has passed: move it, or cancel it: File cluster firmware" in words


def test_tonights_crew_has_times_to_be_ready_and_to_leave(flight: World) -> None:
    flight.fly_to(State.ANNOUNCED)
    assert flight.store.read(today).crew == ()
    flight.at_start(-60)
    crew = flight.store.read(today).crew
    assert [(c.name, c.sub, c.span) for c in crew] == [
        ("Kai Ito", "2 Flash controller B", "19:00–19:10")
    ]


def test_what_waits_to_leave_says_who_sends_it(flight: World) -> None:
    flight.store.run(make_outbox_item, outage_id=flight.outage)
    rows = flight.store.read(today).waiting
    assert [(r.words, r.sub) for r in rows] == [
        ("Notice · File cluster firmware", "at once · only while this console runs")
    ]


def test_what_is_owed_and_waits_to_leave_is_said_alike_everywhere_and_leads_to_the_outbox(
    flight: World,
) -> None:
    flight.fly_to(State.ANNOUNCED)
    flight.go(State.CANCELLED, why="dropped")
    flight.store.run(queue, flight.outage, NoticeKind.CANCELLED)
    item = flight.store.read(lambda uow: uow.all(OutboxItem)[0].id)

    need = flight.store.read(today).needs[-1]
    assert (need.errand, need.sub, need.late, need.about) == (OUTBOX, WAITS_TO_LEAVE, False, item)
    shown = flight.store.read(brief, flight.outage)
    debt = shown.debts[-1]
    assert (debt.errand, debt.sub, debt.late, debt.about) == (OUTBOX, WAITS_TO_LEAVE, False, item)
    assert (shown.next.errand, shown.next.about) == (OUTBOX, item)
    owed = flight.store.read(live, flight.outage).owed[-1]
    assert (owed.leaving, owed.late, owed.about_id) == (True, False, item)
    assert owed.why == WAITS_TO_LEAVE

    flight.store.run(hold, item)
    need = flight.store.read(today).needs[0]
    words = "waits for you, in the Outbox: held"
    assert (need.errand, need.sub, need.late) == (OUTBOX, words, True), "it does not leave alone"
    assert flight.store.read(live, flight.outage).owed[-1].why == words


def test_what_is_leaving_and_gets_no_answer_waits_visibly(flight: World) -> None:
    for kind, state in (
        ("notice", ItemState.LEAVING),
        ("event", ItemState.WAITING),
        ("meeting", ItemState.SENT),
    ):
        flight.store.run(
            make_outbox_item, key=kind, outage_id=flight.outage, kind=kind, state=state
        )
    words = {row.words for row in flight.store.read(today).waiting}
    assert words == {"Notice · File cluster firmware", "Calendar entry · File cluster firmware"}


def test_the_first_rows_are_those_of_the_whole_page(flight: World) -> None:
    flight.fly_to(State.ANNOUNCED)
    flight.planned(window=make_window("2025-01-12 06:00", "2025-01-12 07:30"))
    flight.planned(window=make_window("2025-03-12 06:00", "2025-03-12 07:30"))
    whole, first = flight.store.read(today), first_rows(flight.store.path, NOW)
    assert [c.title for c in first.coming] == [c.title for c in whole.coming]
    assert [(c.day, c.sub, c.state) for c in first.coming] == [
        (c.day, c.sub, c.state) for c in whole.coming
    ]
    assert first.next is not None and whole.next is not None
    assert (first.next.outage_id, first.next.window, first.next.start, first.next.services) == (
        whole.next.outage_id,
        whole.next.window,
        whole.next.start,
        whole.next.services,
    )
    assert first.any_outage and not first.complete


def test_the_first_rows_show_what_flies_past_its_end(flight: World) -> None:
    flight.fly_to(State.IN_PROGRESS)
    found = first_rows(flight.store.path, NOW + timedelta(days=6)).next
    assert found is not None
    assert found.flying


def test_without_a_store_there_are_no_first_rows(tmp_path: Path) -> None:
    assert first_rows(tmp_path / "none.sqlite", NOW).next is None
    (tmp_path / "broken.sqlite").write_bytes(b"not a database, not at all" * 50)
    assert first_rows(tmp_path / "broken.sqlite", NOW).any_outage is False


def test_the_first_rows_import_no_sqlmodel() -> None:
    watch = (
        "import sys, app.services.outages.first_rows;"
        "print(*sorted({'sqlmodel', 'sqlalchemy', 'alembic'} & set(sys.modules)))"
    )
    answer = subprocess.run(
        [sys.executable, "-c", watch], capture_output=True, text=True, check=True
    )
    assert answer.stdout.split() == []
