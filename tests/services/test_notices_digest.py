"""The executive digest: who gets it, and what it says before, during and after a flight."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.notices.kinds import NoticeKind
from app.models.outages.decisions import Act, CardLine
from app.models.outages.lifecycle import State
from app.models.tables.outages import Outage
from app.services.database import Store
from app.services.notices.composing import compose
from app.services.notices.reading import communication
from app.services.notices.sending import record_sent
from app.services.uow import UnitOfWork
from tests.flights import START, make_flight, set_state, without_return
from tests.makers import clock_of, make_audience, make_person
from tests.services.notices_flights import desk_store

DIGEST = NoticeKind.DIGEST
CARD = (CardLine(Act.EXTEND_BEYOND, "R. Vance", "555 0150"),)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, START - timedelta(days=20))
    yield made
    made.close()


def test_it_goes_to_the_leaders_else_to_who_decides_and_is_owed_to_nobody(store: Store) -> None:
    outage_id = store.run(make_flight, State.PLANNED, card=CARD)
    made = store.read(compose, outage_id, DIGEST)
    assert not made.recipients and "IT leaders" in made.unreached[-1]
    store.run(make_person, "R. Vance")
    made = store.read(compose, outage_id, DIGEST)
    assert [(r.name, r.why) for r in made.recipients] == [
        ("R. Vance", "because you decide on this flight")
    ]
    store.run(make_person, "H. Brandt", roles=["leader"])
    made = store.read(compose, outage_id, DIGEST)
    assert [(r.name, r.why) for r in made.recipients] == [("H. Brandt", "because you lead IT")]
    store.run(make_audience, "IT leaders", list_address="leaders@hospital.example", list_size=4)
    made = store.read(compose, outage_id, DIGEST)
    assert [r.email for r in made.recipients] == ["leaders@hospital.example"]
    found = store.read(communication, outage_id)
    assert found.rows[-1].kind is DIGEST and not found.rows[-1].is_owed
    assert DIGEST not in {debt.notice for debt in found.debts}


def test_it_says_what_leaders_ask_before_and_how_it_went_after(store: Store) -> None:
    outage_id = store.run(make_flight, State.ANNOUNCED, card=CARD)
    store.run(make_flight, State.PLANNED, title="Mail gateway", start="2025-01-31 19:00",
              end="2025-01-31 20:00")  # fmt: skip
    store.run(without_return, outage_id, "8")
    before = store.read(compose, outage_id, DIGEST)
    for said in ("until 10:00 pm", "cannot be undone", "- 8 ", "R. Vance", "Nobody else is called"):
        assert said in before.text
    assert "Fri 31 Jan 19:00–20:00 EST: Mail gateway" not in before.text, (
        "it is not within four weeks"
    )
    clock_of(store).set(START + timedelta(hours=2))

    def end(uow: UnitOfWork) -> None:
        set_state(uow, outage_id, State.COMPLETE)
        outage = uow.fetch(Outage, outage_id)
        outage.started_at, outage.data_loss = START, "none"

    store.run(end)
    after = store.read(compose, outage_id, DIGEST)
    for said in ("is over as of 9:00 pm", "It took 2 h; 3 h were announced.", "Nobody was called",
                 "No data was lost", "Fri 31 Jan 19:00–20:00 EST: Mail gateway"):  # fmt: skip
        assert said in after.text
    assert [f.rule for f in after.findings if f.rule == "other_date"] == []
    store.run(record_sent, outage_id, DIGEST, START + timedelta(hours=2))
    assert store.read(communication, outage_id).rows[-1].key != DIGEST.value
