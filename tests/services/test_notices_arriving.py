"""Answers, automatic replies and bounces that came by mail, made data as the adapter gives it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col

from app.models.notices.kinds import NoticeKind
from app.models.notices.replies import ReplyKind
from app.models.outages.lifecycle import State
from app.models.tables.notices import Notice
from app.models.tables.outbox import OutboxItem, OutboxPart
from app.services.database import Store
from app.services.notices.arriving import TakenIn, take_in, undelivered
from app.services.notices.reading import communication
from app.services.notices.replies import answer_reply, decide_objection, sort_reply
from app.services.notices.reply_rows import ReplyRow
from app.services.outbox.reading import outbox
from app.services.ports.mail import Address, Arrived
from app.services.uow import UnitOfWork
from tests.flights import START, make_flight
from tests.services.notices_flights import desk_store

NOW = START - timedelta(days=5)
LEFT = "<planned-1@harbour.example>"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = desk_store(tmp_path, NOW)
    yield made
    made.close()


def make_left(uow: UnitOfWork, outage_id: str) -> str:
    """A planned notice that left as one message."""
    notice = uow.add(
        Notice(organisation_id=uow.organisation_id, outage_id=outage_id, kind=NoticeKind.PLANNED)
    )
    uow.session.flush()
    item = uow.add(
        OutboxItem(
            organisation_id=uow.organisation_id,
            key=f"notice:{notice.id}",
            kind="notice",
            about_type="notice",
            about_id=notice.id,
            outage_id=outage_id,
        )
    )
    uow.session.flush()
    uow.add(
        OutboxPart(
            organisation_id=uow.organisation_id,
            item_id=item.id,
            number=1,
            key=f"notice:{notice.id}:1",
            internet_id=LEFT,
            conversation="c1",
        )
    )
    uow.log("a planned notice left", notice)
    return notice.id


@pytest.fixture
def outage_id(store: Store) -> str:
    made = store.run(make_flight, State.ANNOUNCED)
    store.run(make_left, made)
    return made


def mail(text: str = "Thanks, noted.", /, **more: object) -> Arrived:
    given: dict[str, object] = {
        "id": "m1",
        "internet_id": "<answer-1@harbour.example>",
        "conversation": "c1",
        "subject": "RE: File cluster",
        "sender": Address("moreau@harbour.example", "Dr Moreau"),
        "text": text,
        "received_at": NOW,
        "references": (LEFT,),
    }
    return Arrived(**{**given, **more})  # type: ignore[arg-type]


def replies(store: Store, outage_id: str) -> tuple[ReplyRow, ...]:
    return store.read(communication, outage_id).replies


def answers(store: Store) -> list[OutboxItem]:
    return store.read(lambda uow: uow.all(OutboxItem, col(OutboxItem.kind) == "answer"))


def test_an_answer_becomes_a_card_on_its_outage(store: Store, outage_id: str) -> None:
    assert store.run(take_in, [mail()]) == TakenIn(replies=1)
    [row] = replies(store, outage_id)
    assert (row.sender, row.text, row.kind) == ("Dr Moreau", "Thanks, noted.", "unsorted")


def test_a_mail_is_matched_by_its_conversation_when_it_names_no_message(
    store: Store, outage_id: str
) -> None:
    store.run(take_in, [mail(references=())])
    assert len(replies(store, outage_id)) == 1


def test_a_mail_about_something_else_is_not_kept(store: Store, outage_id: str) -> None:
    other = mail(references=("<other@harbour.example>",), conversation="c2")
    assert store.run(take_in, [other]) == TakenIn()
    assert replies(store, outage_id) == ()


def test_a_page_taken_in_again_doubles_nothing(store: Store, outage_id: str) -> None:
    for _ in range(2):
        store.run(take_in, [mail(), mail()])
    assert len(replies(store, outage_id)) == 1


def test_the_mail_that_is_answered_is_not_part_of_the_answer(store: Store, outage_id: str) -> None:
    quoted = (
        "We cannot stop that night.\n\nFrom: IT Operations\nSent: Friday\nAll file cluster users"
    )
    store.run(take_in, [mail(quoted)])
    assert replies(store, outage_id)[0].text == "We cannot stop that night."


def test_a_guess_is_offered_and_nothing_is_sorted_by_it(store: Store, outage_id: str) -> None:
    store.run(take_in, [mail("We cannot stop that night, please postpone it.")])
    [row] = replies(store, outage_id)
    assert (row.kind, row.guess) == ("unsorted", "objection")


def test_an_automatic_reply_is_set_aside(store: Store, outage_id: str) -> None:
    taken = store.run(take_in, [mail("I am away until Monday.", automatic=True)])
    assert taken == TakenIn(automatic=1)
    assert replies(store, outage_id)[0].kind == ReplyKind.AUTOMATIC


def bounce(number: int, *addresses: str) -> Arrived:
    return mail(
        "",
        id=f"b{number}",
        internet_id=f"<bounce-{number}@harbour.example>",
        subject="Undeliverable: File cluster",
        is_bounce=True,
        undelivered=addresses,
    )


def test_bounces_are_counted_against_those_who_were_told(store: Store, outage_id: str) -> None:
    store.run(take_in, [bounce(1, "old@harbour.example"), bounce(2, "gone@harbour.example")])
    [row] = store.read(undelivered, outage_id)
    assert row.addresses == ("gone@harbour.example", "old@harbour.example")
    assert row.sentence.startswith("2 of ")


def test_an_address_that_bounces_twice_counts_once(store: Store, outage_id: str) -> None:
    store.run(take_in, [bounce(1, "old@harbour.example")])
    store.run(take_in, [bounce(2, "OLD@harbour.example")])
    assert len(store.read(undelivered, outage_id)[0].addresses) == 1
    assert [row.undelivered for row in store.read(lambda uow: outbox(uow))] == [1]


def test_a_decided_objection_that_came_by_mail_is_answered_by_mail(
    store: Store, outage_id: str
) -> None:
    store.run(take_in, [mail("We cannot stop that night.")])
    [row] = replies(store, outage_id)
    store.run(sort_reply, row.id, "objection")
    store.run(decide_objection, row.id, "keep", "The night stays; we call you before.")
    [item] = answers(store)
    assert item.about_id == row.id
    assert item.payload["body"] == "The night stays; we call you before."


def test_the_same_answer_is_owed_once(store: Store, outage_id: str) -> None:
    store.run(take_in, [mail("What time does it end?")])
    [row] = replies(store, outage_id)
    store.run(sort_reply, row.id, "question")
    store.run(answer_reply, row.id, "At 22:00.")
    store.run(answer_reply, row.id, "At 22:00.")
    assert len(answers(store)) == 1
