"""The end of a turn: what is handed over, the notes that are never lost, the word of whoever
comes, and what Today says until then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from app.models.errors import BadInput
from app.models.outages.errands import Errand
from app.models.outages.lifecycle import State
from app.models.outbox import ItemState
from app.models.reports.document import markdown
from app.models.rota.pack import pack_document
from app.models.runbook import StepState
from app.models.tables.directory import Department, Service
from app.models.tables.notices import Reply
from app.services.calendar.outreach import asks_of, mark_asked, start_round
from app.services.calendar.rechecking import recheck
from app.services.database import Store
from app.services.outages.today import today
from app.services.rota.handover import (
    acknowledge,
    acknowledged,
    keep_notes,
    turnover,
    typed_notes,
    unacknowledged,
)
from app.services.rota.pack import pack_data
from app.services.rota.turns import set_rota
from app.services.uow import UnitOfWork, undo
from tests.makers import (
    NOW,
    clock_of,
    make_ci,
    make_outage,
    make_outbox_item,
    make_person,
    make_service,
    make_step,
    make_store,
    make_window,
)

NEXT = date(2025, 1, 7)  # the day after NOW's, on which the other turn begins


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = make_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def people(store: Store) -> list[str]:
    made = [store.run(make_person, name).id for name in ("Ada Lund", "Ben Ito")]
    store.run(set_rota, "every week on Tuesday", NEXT - timedelta(days=7), made)
    return made


def said(store: Store) -> list[str]:
    return [n.words for n in store.read(today).needs if n.errand is Errand.ROTA]


def text_of(store: Store) -> str:
    return markdown(pack_document(store.read(pack_data)))


def test_today_asks_until_whoever_comes_acknowledges(store: Store, people: list[str]) -> None:
    over = store.read(turnover)
    assert (over.leaving, over.incoming, over.ends) == ("Ada Lund", "Ben Ito", date(2025, 1, 6))
    assert said(store) == ["Hand-over to Ben Ito is not acknowledged"]
    store.run(keep_notes, over, "The lab is nervous.")
    assert "The lab is nervous." in text_of(store)
    clock_of(store).set(NOW + timedelta(days=1))
    assert said(store) == ["Hand-over to Ben Ito is not acknowledged"]
    with pytest.raises(BadInput, match="Ada Lund leaves"):
        store.run(acknowledge, over, people[0], "")
    back = store.run(acknowledge, over, people[1], text_of(store))
    assert said(store) == []
    done = store.read(acknowledged, over)
    assert done is not None and done.sentence.startswith("Ben Ito acknowledged it on Tue 7 Jan")
    assert "The lab is nervous." in done.notes
    with pytest.raises(BadInput, match="acknowledged it"):
        store.run(acknowledge, over, people[1], "")
    store.run(undo, back)
    assert store.read(typed_notes, over) == "The lab is nervous."
    assert said(store) == ["Hand-over to Ben Ito is not acknowledged"]


def test_notes_of_two_consoles_are_all_kept(store: Store, people: list[str]) -> None:
    """Each types on from what it saw; a line taken out here stays out."""
    over = store.read(turnover)
    store.run(keep_notes, over, "Mind the tape robot.\nCall Kai.")
    store.run(keep_notes, over, "Mind the tape robot.\nCall Kai.\nTheirs.")
    store.run(keep_notes, over, "Call Kai now.", "Mind the tape robot.\nCall Kai.")
    assert store.read(typed_notes, over) == "Call Kai now.\nTheirs."


def test_notes_are_there_after_the_turn_is_long_over(store: Store, people: list[str]) -> None:
    over = store.read(turnover)
    store.run(keep_notes, over, "Mind the tape robot.")
    store.close()
    again = make_store(store.folder)
    clock_of(again).set(NOW + timedelta(days=6))
    assert again.read(unacknowledged) == over
    assert again.read(pack_data).notes == "Mind the tape robot."
    again.close()


def test_the_pack_names_what_is_stuck_owed_open_and_to_come(
    store: Store, people: list[str]
) -> None:
    def fill(uow: UnitOfWork) -> None:
        flown = make_outage(uow, state=State.IN_PROGRESS, title="Storage firmware")
        make_step(uow, flown, code="4", title="Swap the disk", state=StepState.BLOCKED,
                  blocked_reason="the spare is missing")  # fmt: skip
        make_outbox_item(uow, outage_id=flown.id, state=ItemState.ATTENTION,
                         last_answer="the server refused it")  # fmt: skip
        window = make_window("2025-01-25T19:00", "2025-01-25T22:00")
        make_outage(uow, title="Patches", state=State.PLANNED, window=window)
        far = make_window("2025-06-25T19:00", "2025-06-25T22:00")
        make_outage(uow, title="Far away", state=State.PLANNED, window=far)
        uow.add(Reply(organisation_id="", outage_id=flown.id, sender="R. Osei", kind="objection",
                      text="We operate that night.", received_at=uow.now))  # fmt: skip
        uow.log("filled")

    store.run(fill)
    data = store.read(pack_data)
    stuck = " / ".join(f"{line.what} ({line.more})" for line in data.stuck)
    assert "Step 4 Swap the disk is blocked (the spare is missing)" in stuck
    assert "the server refused it" in stuck
    assert "R. Osei objects: “We operate that night.”" in stuck
    assert [row[0].partition(" ")[2] for row in data.open] == ["Storage firmware", "Patches"]
    assert data.later == 1
    assert data.owed
    assert any("Patches" in line.what for line in data.ahead)
    text = text_of(store)
    assert text.index("## Stuck") < text.index("## Owed") < text.index("## Open outages")


def test_a_new_conflict_and_a_silent_head_are_stuck_in_the_pack(
    store: Store, people: list[str]
) -> None:
    def plan(uow: UnitOfWork, title: str) -> None:
        window = make_window("2025-01-25T19:00", "2025-01-25T22:00")
        found = uow.all(Service)
        service = found[0] if found else make_service(uow, "Files", make_ci(uow, "SAN-02"))
        make_outage(uow, title, state=State.PLANNED, window=window, services=(service,))

    def ask(uow: UnitOfWork) -> None:
        uow.add(Department(organisation_id="", key="lab", name="Laboratory", head_id=people[0]))
        uow.session.flush()
        (asked,) = asks_of(uow, start_round(uow, "2025-Q2", date(2025, 1, 6)).round_id)
        mark_asked(uow, asked.id)

    store.run(plan, "Patches")
    recheck(store)
    store.run(plan, "Firmware")
    store.run(ask)
    clock_of(store).set(NOW + timedelta(days=1))
    assert not any("SAN-02" in line.what for line in store.read(pack_data).stuck)
    now = store.read(pack_data, looked_again=True).stuck
    (news,) = [line for line in now if line.what.startswith("SAN-02 is also worked on in ")]
    assert news.where.endswith(" Patches") and news.more == "new since it was planned, blocks"
    assert "Ada Lund (Laboratory) is silent" in [line.what for line in now]
    recheck(store)
    assert store.read(pack_data).stuck == now


def test_where_nobody_uses_the_rota_nothing_is_asked(store: Store) -> None:
    assert said(store) == []
    assert "nobody was on duty" in text_of(store)
