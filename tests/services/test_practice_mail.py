"""Mail in the practice tenant behaves as Exchange does."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from app.services.practice.errors import Refusal
from tests.services.practice_house import NOON, House

HELD = {
    "singleValueExtendedProperties": [
        {"id": "SystemTime 0x3FEF", "value": "2026-11-21T18:00:00Z"},
        {"id": "SystemTime 0x000F", "value": "2026-11-21T18:00:00Z"},
    ]
}


@pytest.fixture
def house() -> House:
    return House()


def test_a_sent_message_leaves_drafts_with_a_new_id_and_the_same_message_id(house: House) -> None:
    draft = house.draft("bob@flight.example")
    before = (draft.id, draft.immutable_id, draft.internet_id, draft.data["conversationId"])
    house.send(draft)
    house.later(seconds=1)
    (sent,) = house.folder(house.ada, "sentitems")
    assert house.folder(house.ada, "drafts") == []
    assert sent.id != before[0]
    assert sent.immutable_id != before[1]
    assert (sent.internet_id, sent.data["conversationId"]) == before[2:]


def test_until_the_delay_has_passed_the_message_lies_in_drafts(house: House) -> None:
    house.tenant.switches.send_delay = 30
    house.send(house.draft("bob@flight.example"))
    house.later(seconds=29)
    assert house.folder(house.ada, "drafts")
    house.later(seconds=1)
    assert not house.folder(house.ada, "drafts")


def test_a_second_send_of_what_still_lies_in_drafts_finds_nothing(house: House) -> None:
    draft = house.draft("bob@flight.example")
    house.send(draft)
    with pytest.raises(Refusal, match="ErrorItemNotFound"):
        house.send(draft)
    house.later(seconds=1)
    assert len(house.folder(house.ada, "sentitems")) == 1


def test_an_immutable_id_stays_on_sending_only_if_the_switch_says_so(house: House) -> None:
    first = house.draft("bob@flight.example")
    before = first.immutable_id
    house.send(first)
    house.later(seconds=1)
    assert first.immutable_id != before
    house.tenant.switches.change(id_stays_on_send=True)
    second = house.draft("bob@flight.example")
    before = second.immutable_id
    house.send(second)
    house.later(seconds=1)
    assert second.immutable_id == before


@pytest.mark.parametrize(("held", "copies"), [("twice", 1), ("held", 0)])
def test_a_held_sendmail_is_a_trap_or_not(house: House, held: str, copies: int) -> None:
    house.tenant.switches.change(held_sendmail=held)
    values = {"toRecipients": [{"emailAddress": {"address": "bob@flight.example"}}], **HELD}
    with house.tenant.turn():
        house.tenant.mail.send_new(house.ada, house.ada, values, keep_copy=True)
    house.later(seconds=1)
    assert len(house.folder(house.bob, "inbox")) == copies
    house.later(hours=7)
    assert len(house.folder(house.bob, "inbox")) == copies + 1


def test_a_refused_change_changes_nothing(house: House) -> None:
    draft = house.draft("bob@flight.example")
    wrong = {"id": "SystemTime 0x3FEF", "value": "tomorrow"}
    values = {"subject": "New", "singleValueExtendedProperties": [wrong]}
    with pytest.raises(Refusal, match="SystemTime"), house.tenant.turn():
        house.tenant.mail.patch(house.ada, draft, values)
    (kept,) = house.folder(house.ada, "drafts")
    assert kept.data["subject"] == "Storage array A"


def test_a_copy_reaches_the_other_mailbox_without_bcc_and_without_our_key(house: House) -> None:
    key = {"id": "String {x} Name Key", "value": "k1"}
    bcc = [{"emailAddress": {"address": "bob@flight.example"}}]
    house.sent(bccRecipients=bcc, singleValueExtendedProperties=[key])
    (arrived,) = house.folder(house.bob, "inbox")
    assert arrived.data["bccRecipients"] == []
    assert arrived.properties == {}
    assert not arrived.data["isRead"]


def test_a_held_message_waits_in_drafts_until_its_time(house: House) -> None:
    house.send(house.draft("bob@flight.example", **HELD))
    house.later(hours=5, minutes=59)
    assert len(house.folder(house.ada, "drafts")) == 1
    house.later(minutes=1)
    assert len(house.folder(house.bob, "inbox")) == 1


def test_deleting_the_draft_of_a_held_message_cancels_it(house: House) -> None:
    draft = house.draft("bob@flight.example", **HELD)
    house.send(draft)
    with house.tenant.turn():
        house.tenant.mail.delete(house.ada, draft)
    house.later(hours=7)
    assert house.folder(house.bob, "inbox") == []
    assert house.folder(house.ada, "sentitems") == []


def test_what_cannot_be_delivered_comes_back_as_one_bounce(house: House) -> None:
    sent = house.sent("a@bounce.example", "b@bounce.example", "bob@flight.example")
    (bounce,) = house.folder(house.ada, "inbox")
    assert bounce.data["subject"] == "Undeliverable: Storage array A"
    assert "a@bounce.example" in bounce.data["body"]["content"]
    assert "bob@flight.example" not in bounce.data["body"]["content"]
    assert bounce.references == [sent.internet_id]
    assert bounce.data["conversationId"] == sent.data["conversationId"]


def test_who_is_away_answers_each_sender_once(house: House) -> None:
    house.tenant.out_of_office(house.bob, "Back on Monday.")
    house.sent("bob@flight.example")
    house.sent("bob@flight.example")
    (answer,) = house.folder(house.ada, "inbox")
    headers = {each["name"]: each["value"] for each in answer.headers}
    assert headers["Auto-Submitted"] == "auto-replied"
    assert answer.data["subject"] == "Automatic reply: Storage array A"


def test_the_thirty_first_message_of_a_minute_is_throttled(house: House) -> None:
    for _ in range(30):
        house.sent("bob@flight.example")
        house.now -= timedelta(seconds=1)
    with pytest.raises(Refusal, match="429") as refusal:
        house.sent("bob@flight.example")
    assert float(refusal.value.headers["Retry-After"]) > 0
    house.later(minutes=1)
    house.sent("bob@flight.example")


def test_more_than_500_recipients_are_refused(house: House) -> None:
    with pytest.raises(Refusal, match="400"):
        house.sent(*(f"p{number}@flight.example" for number in range(501)))


def test_more_than_10000_recipients_a_day_are_refused_until_tomorrow(house: House) -> None:
    crowd = [f"p{number}@flight.example" for number in range(500)]
    for _ in range(20):
        house.sent(*crowd)
        house.later(minutes=1)
    with pytest.raises(Refusal, match="ErrorMessageSubmissionBlocked"):
        house.sent("bob@flight.example")
    house.later(days=1)
    house.sent("bob@flight.example")


def test_the_tenant_is_there_again_after_it_was_closed(tmp_path: Path) -> None:
    first = House(file=tmp_path / "practice.sqlite")
    first.sent("bob@flight.example", "no@bounce.example")
    first.send(first.draft("bob@flight.example", **HELD))
    token = first.tenant.issue(first.ada, ["Mail.Send"])
    first.tenant.close()
    second = House(file=tmp_path / "practice.sqlite", now=NOON + timedelta(minutes=1))
    assert second.tenant.tenant_id == first.tenant.tenant_id
    assert len(second.folder(second.ada, "sentitems")) == 1
    assert second.box(second.ada).history.number == first.box(first.ada).history.number
    bearer = second.tenant.bearer(token)
    assert bearer is not None
    assert bearer.user is second.ada
    second.later(hours=6)
    assert len(second.folder(second.bob, "inbox")) == 2


def test_a_token_runs_out(house: House) -> None:
    token = house.tenant.issue(house.ada, ["Mail.Send"], 60)
    house.later(seconds=60)
    assert house.tenant.bearer(token) is None
