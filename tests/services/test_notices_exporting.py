"""Notices as files for other programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from icalendar import Calendar

from app.models.errors import NotAllowed
from app.models.notices.kinds import NoticeKind
from app.models.outages.decisions import default_card
from app.models.outages.lifecycle import State
from app.models.tables.directory import Audience
from app.models.tables.notices import Notice
from app.models.tables.outages import Outage
from app.models.tables.outbox import OutboxItem
from app.services.database import Store
from app.services.notices.composing import compose
from app.services.notices.exporting import calendar_hold, export, export_sent
from app.services.notices.files import content_of
from app.services.notices.sending import queue, record_sent, save_draft
from app.services.outages.leading import Going, advance
from app.services.outages.moving import move_window
from app.services.uow import UnitOfWork
from tests.flights import START, make_flight
from tests.makers import clock_of, make_person, make_window
from tests.services.notices_flights import desk_store

K = NoticeKind
EARLY = START - timedelta(days=20)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, EARLY)
    yield made
    made.close()


@pytest.fixture
def outage_id(store: Store) -> str:
    return store.run(make_flight, State.PLANNED)


def event_of(content: bytes) -> tuple[str, str, int]:
    """METHOD, UID and SEQUENCE."""
    calendar = Calendar.from_ical(content)
    (event,) = calendar.walk("VEVENT")
    return str(calendar["METHOD"]), str(event["UID"]), int(str(event["SEQUENCE"]))


def item_states(store: Store) -> list[str]:
    return store.read(lambda uow: [i.state for i in uow.all(OutboxItem)])


def test_the_mail_is_an_editable_draft_to_the_list(store: Store, outage_id: str) -> None:
    made = store.read(export, outage_id, K.PLANNED)
    ((name, content),) = made.eml
    mail = message_from_bytes(content_of(content), policy=policy.default)
    assert name == "OUT-2025-001-planned-1.eml"
    assert mail["X-Unsent"] == "1"
    assert "users@hospital.example" in mail["To"]
    body = mail.get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n").strip() == made.text


def test_many_readers_stand_in_bcc_in_batches(store: Store, outage_id: str) -> None:
    def crowd(uow: UnitOfWork) -> None:
        people = [make_person(uow, f"Reader {n}") for n in range(1_100)]
        audience = uow.all(Audience)[0]
        audience.members = [p.id for p in people]

    store.run(crowd)
    made = store.read(export, outage_id, K.PLANNED)
    mails = [
        message_from_bytes(content_of(content), policy=policy.default) for _, content in made.eml
    ]
    hidden = [len(mail["Bcc"].addresses) for mail in mails]
    assert sum(hidden) == 1_101
    assert max(hidden) <= 500
    assert all("Reader" not in str(mail["To"]) for mail in mails)


def test_the_hold_keeps_its_uid_and_rises_with_a_move(store: Store, outage_id: str) -> None:
    first = store.read(export, outage_id, K.PLANNED).ics
    store.run(record_sent, outage_id, K.PLANNED, EARLY)
    window = make_window("2025-01-17 19:00", "2025-01-17 22:00")
    version = store.read(lambda uow: uow.fetch(Outage, outage_id).version)
    store.run(move_window, outage_id, window, "vendor", seen=version)
    second = store.read(export, outage_id, K.RESCHEDULED).ics
    assert first is not None
    assert second is not None
    assert event_of(first[1]) == ("REQUEST", f"{outage_id}@flight-console", 0)
    assert event_of(second[1]) == ("REQUEST", f"{outage_id}@flight-console", 1)


def test_a_cancelled_outage_takes_the_hold_away(store: Store, outage_id: str) -> None:
    store.run(record_sent, outage_id, K.PLANNED, EARLY)
    store.run(advance, outage_id, State.CANCELLED, Going(why="dropped: not needed any more"))
    hold = store.read(export, outage_id, K.CANCELLED).ics
    assert hold is not None
    assert event_of(hold[1])[0] == "CANCEL"


def test_a_notice_to_nobody_says_why(store: Store, outage_id: str) -> None:
    store.run(advance, outage_id, State.CANCELLED, Going(why="dropped: not needed any more"))
    made = store.read(export, outage_id, K.CANCELLED)
    assert made.eml == ()
    assert made.nobody == "Nobody is owed “Cancelled”. Nobody was told of it before."


def test_a_started_notice_carries_no_calendar_entry(store: Store, outage_id: str) -> None:
    assert store.read(export, outage_id, K.CREW_BRIEF).ics is None


def test_exporting_what_waits_marks_it_and_does_not_send_it(store: Store, outage_id: str) -> None:
    store.run(queue, outage_id, K.PLANNED)
    store.run(export, outage_id, K.PLANNED)
    assert item_states(store) == ["exported"]
    assert store.read(lambda uow: uow.fetch(Outage, outage_id).state) is State.PLANNED


def test_sending_after_the_export_uses_the_same_notice(store: Store, outage_id: str) -> None:
    store.run(queue, outage_id, K.PLANNED)
    store.run(export, outage_id, K.PLANNED)
    store.run(record_sent, outage_id, K.PLANNED, EARLY)
    assert item_states(store) == ["sent"]


def test_a_blocked_text_becomes_no_file(store: Store, outage_id: str) -> None:
    body = store.read(compose, outage_id, K.PLANNED).messages[0].body
    store.run(save_draft, outage_id, K.PLANNED, body=body + "\n\n[to do]")
    with pytest.raises(NotAllowed, match="not filled in"):
        store.read(export, outage_id, K.PLANNED)


def test_each_of_the_crew_gets_a_mail(store: Store, outage_id: str) -> None:
    made = store.read(export, outage_id, K.CREW_BRIEF)
    tos = {str(message_from_bytes(content_of(c), policy=policy.default)["To"]) for _, c in made.eml}
    assert len(tos) == 3


def test_what_left_is_exported_as_it_left(store: Store, outage_id: str) -> None:
    store.run(record_sent, outage_id, K.PLANNED, EARLY)
    notice_id = store.read(lambda uow: uow.all(Notice)[0].id)
    before = store.read(export_sent, notice_id)

    def retitle(uow: UnitOfWork) -> None:
        uow.fetch(Outage, outage_id).workaround = "Use paper."
        uow.log("changed", uow.fetch(Outage, outage_id))

    clock_of(store).advance(minutes=5)
    store.run(retitle)
    assert store.read(export_sent, notice_id).text == before.text


def test_the_hold_that_left_stays_as_it_left(store: Store, outage_id: str) -> None:
    store.run(record_sent, outage_id, K.PLANNED, EARLY)
    notice_id = store.read(lambda uow: uow.all(Notice)[0].id)
    before = store.read(export_sent, notice_id)
    window = make_window("2025-01-17 19:00", "2025-01-17 22:00")
    version = store.read(lambda uow: uow.fetch(Outage, outage_id).version)
    store.run(move_window, outage_id, window, "vendor", seen=version)
    after = store.read(export_sent, notice_id)
    assert before.ics is not None
    assert after.ics == before.ics
    assert [content_of(c) for _, c in after.eml] == [content_of(c) for _, c in before.eml]
    assert store.read(calendar_hold, outage_id, K.PLANNED, notice_id)[1] == before.ics[1]


def test_the_files_are_written_together(store: Store, outage_id: str, tmp_path: Path) -> None:
    made = store.read(export, outage_id, K.PLANNED)
    written = made.write_to(tmp_path)
    assert {path.suffix for path in written} == {".txt", ".html", ".eml", ".ics", ".json"}
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    assert manifest["recipients"][0]["email"] == "users@hospital.example"


def test_nobody_is_asked_twice_at_kick_off_about_one_window(store: Store, outage_id: str) -> None:
    store.run(record_sent, outage_id, K.KICK_OFF, EARLY)
    with pytest.raises(NotAllowed, match="told already"):
        store.run(record_sent, outage_id, K.KICK_OFF, EARLY)


def test_kick_off_names_who_must_be_asked_by_phone_and_what_they_decide(store: Store) -> None:
    card = default_card("R. Vance", "555 0110")
    composed = store.read(compose, store.run(make_flight, State.PLANNED, card=card), K.KICK_OFF)
    assert any("D. Moreau" in sentence for sentence in composed.unreached)
    assert "confirm by" in composed.text
    assert "- Extend by more than 30 min: R. Vance" in composed.text
    assert (
        "R. Vance (the one who decides on extending by more than 30 min, going on without a way "
        "back and a GO against a NO) has no mail address here: ask by phone, 555 0110."
    ) in composed.unreached
