"""What a notice comes to before it leaves, and its files in one folder."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.errors import BadInput, NotAllowed
from app.models.notices.kinds import NoticeKind
from app.models.outages.lifecycle import State
from app.services.database import Store
from app.services.notices.allowing import MOST, require_sendable
from app.services.notices.audiences import Recipient
from app.services.notices.composing import Composed, compose
from app.services.notices.delivery import Delivery, delivery
from app.services.notices.exporting import export
from app.services.notices.files import leave_together
from tests.flights import START, make_flight
from tests.services.notices_flights import desk_store

K = NoticeKind
HUNDRED = tuple(Recipient("", f"u{n}@h.example", "", "because you use PACS") for n in range(20_712))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = desk_store(tmp_path_factory.mktemp("store"), START - timedelta(days=12))
    yield made
    made.close()


@pytest.fixture(scope="module")
def planned(store: Store) -> Composed:
    outage_id = store.run(make_flight, State.PLANNED)
    return store.read(compose, outage_id, K.PLANNED)


def coming(store: Store, composed: Composed, people: int, **more: object) -> Delivery:
    told = HUNDRED[:people]
    messages = (replace(composed.messages[0], recipients=told),)
    changed = replace(composed, messages=messages, recipients=told, **more)  # type: ignore[arg-type]
    return store.read(delivery, changed)


def test_a_list_is_one_address_of_many_people(store: Store, planned: Composed) -> None:
    found = store.read(delivery, planned)
    assert (found.messages, found.addresses, found.people) == (1, 1, 1240)
    assert not found.many


def test_a_crowd_takes_days_and_who_hears_too_late_is_counted(
    store: Store, planned: Composed
) -> None:
    start = planned.leaves_at
    found = coming(
        store, planned, 20_712, last_possible=start + timedelta(days=2) - timedelta(hours=1)
    )
    assert found.messages == 42
    assert found.last_at >= start + timedelta(days=2)
    assert found.late == 1_712  # 19 messages of 500 a day
    assert found.many
    assert found.sentences[0].startswith("To 20,712 addresses in 42 messages, the last ")
    assert found.sentences[1].startswith("Too late for 1,712 people: their message leaves after ")
    assert found.as_json()["too_late_for"] == 1_712


def test_a_million_addresses_do_not_leave(planned: Composed) -> None:
    flood = HUNDRED[:1] * (MOST + 1)
    with pytest.raises(NotAllowed, match="use distribution lists"):
        require_sendable(replace(planned, recipients=flood, findings=()))


def test_all_files_lie_in_one_folder_and_an_old_batch_does_not_stay(
    store: Store, planned: Composed, tmp_path: Path
) -> None:
    folder = tmp_path / "new" / "planned"
    made = store.read(export, planned.outage_id, K.PLANNED)
    more = replace(made, eml=(*made.eml, ("OUT-2025-001-planned-1-2of2.eml", b"old")))
    more.write_to(folder)
    (folder / "mine.txt").write_text("kept")
    paths = made.write_to(folder)
    assert {p.name for p in folder.iterdir()} == {*(p.name for p in paths), "mine.txt"}
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["calendar"]["method"] == "REQUEST"
    assert manifest["delivery"]["people"] == 1240
    assert {f["file"] for f in manifest["files"]} == {p.name for p in paths} - {"manifest.json"}
    with pytest.raises(BadInput, match="not a folder"):
        made.write_to(folder / "mine.txt")
    with pytest.raises(BadInput, match="a folder of its own"):
        leave_together(folder, (), {"outage": "OUT-2025-001", "notice": "reminder", "number": 1})
