"""What the Outbox says of who sends an item, and of its last answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.models.notices.kinds import NoticeKind
from app.models.outbox import Route
from app.services.notices.sending import record_sent
from app.services.outbox.acting import choose_route, export_instead, hold
from tests.makers import clock_of
from tests.services.outbox_desk import Desk, make_desk

K = NoticeKind


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.store.close()


def test_what_a_person_sent_from_files_is_not_said_to_be_taken_back(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    desk.run(choose_route, item, Route.OUTLOOK_DRAFT)
    desk.turn()
    desk.run(export_instead, item)
    desk.go_on()
    assert desk.row(item).last_answer == "Outlook deleted the draft"
    desk.run(record_sent, desk.outage_id, K.PLANNED, clock_of(desk.store).now())
    assert desk.row(item).last_answer == ""
    assert desk.row(item).sender.startswith("sent by ")


def test_while_it_is_held_nobody_sends_it(desk: Desk) -> None:
    item = desk.queue(K.PLANNED)
    desk.run(choose_route, item, Route.OUTLOOK_HOLDS)
    desk.run(hold, item)
    assert desk.row(item).sender == "nobody, while it is held"
