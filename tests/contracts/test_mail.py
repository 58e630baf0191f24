"""What every implementation of `ports.mail.Mailbox` promises about what leaves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from app.services.ports.mail import Address, File, Folder, Found, Outgoing
from app.services.ports.trouble import Gone, Throttled, Unclear
from tests.contracts.worlds import HOUR, Break, MailWorld

SOON = timedelta(seconds=30)
NOTICE = Outgoing(
    key="9d2f61c4-1111-4222-8333-0123456789ab",
    subject="Mail rests on Friday",
    text="Mail rests from 19:00.",
    html="<p>Mail rests from <b>19:00</b>.</p>",
    to=(Address("desk@partner.example", "Partner’s desk"),),
    bcc=(Address("ann@partner.example"), Address("lee@partner.example", "Lee")),
    reply_to=(Address("flight@harbor.example"),),
)


def sent(world: MailWorld, message: Outgoing = NOTICE) -> Found:
    """As it stands among the sent ones."""
    world.mailbox.send(world.mailbox.create_draft(message).id, message.mailbox)
    world.later(SOON)
    (found,) = world.mailbox.find(message.key, mailbox=message.mailbox)
    return found


def test_a_draft_carries_our_key(mail_world: MailWorld) -> None:
    draft = mail_world.mailbox.create_draft(NOTICE)
    assert draft.is_draft
    assert draft.internet_id.startswith("<")
    assert draft.conversation
    (found,) = mail_world.mailbox.find(NOTICE.key)
    assert (found.id, found.internet_id, found.conversation) == (
        draft.id,
        draft.internet_id,
        draft.conversation,
    )
    assert found.sent_at is None


def test_nobody_else_has_our_key(mail_world: MailWorld) -> None:
    mail_world.mailbox.create_draft(NOTICE)
    assert not mail_world.mailbox.find("another key, it's not", "<nobody@harbor.example>")


def test_what_was_sent_is_found_by_key_and_by_message_id(mail_world: MailWorld) -> None:
    draft = mail_world.mailbox.create_draft(NOTICE)
    mail_world.mailbox.send(draft.id)
    mail_world.later(SOON)
    (by_key,) = mail_world.mailbox.find(NOTICE.key)
    (by_id,) = mail_world.mailbox.find("", draft.internet_id)
    (by_both,) = mail_world.mailbox.find(NOTICE.key, draft.internet_id)
    assert by_key == by_id == by_both
    assert not by_key.is_draft
    assert by_key.internet_id == draft.internet_id
    assert by_key.conversation == draft.conversation
    assert by_key.sent_at is not None
    assert mail_world.now - SOON <= by_key.sent_at <= mail_world.now


def test_a_draft_is_sent_once(mail_world: MailWorld) -> None:
    draft = mail_world.mailbox.create_draft(NOTICE)
    mail_world.mailbox.send(draft.id)
    mail_world.later(SOON)
    with pytest.raises(Gone):
        mail_world.mailbox.send(draft.id)
    assert len(mail_world.mailbox.find(NOTICE.key, draft.internet_id)) == 1


def test_a_lost_answer_to_the_draft_is_unclear_and_found(mail_world: MailWorld) -> None:
    mail_world.breaks("create", Break.AFTER)
    with pytest.raises(Unclear):
        mail_world.mailbox.create_draft(NOTICE)
    (found,) = mail_world.mailbox.find(NOTICE.key)
    assert found.is_draft


def test_a_cut_before_the_draft_leaves_nothing(mail_world: MailWorld) -> None:
    mail_world.breaks("create", Break.BEFORE)
    with pytest.raises(Unclear):
        mail_world.mailbox.create_draft(NOTICE)
    assert not mail_world.mailbox.find(NOTICE.key)


def test_too_much_at_once_makes_no_draft(mail_world: MailWorld) -> None:
    mail_world.breaks("create", Break.THROTTLED)
    with pytest.raises(Throttled) as caught:
        mail_world.mailbox.create_draft(NOTICE)
    assert caught.value.retry_after == 1.5
    assert not mail_world.mailbox.find(NOTICE.key)


def test_a_lost_answer_to_the_send_is_unclear_and_it_left_once(mail_world: MailWorld) -> None:
    draft = mail_world.mailbox.create_draft(NOTICE)
    mail_world.breaks("send", Break.AFTER)
    with pytest.raises(Unclear):
        mail_world.mailbox.send(draft.id)
    mail_world.later(SOON)
    (found,) = mail_world.mailbox.find(NOTICE.key, draft.internet_id)
    assert not found.is_draft


@pytest.mark.parametrize("how", [Break.BEFORE, Break.THROTTLED])
def test_a_send_that_did_not_happen_leaves_the_draft(mail_world: MailWorld, how: Break) -> None:
    draft = mail_world.mailbox.create_draft(NOTICE)
    mail_world.breaks("send", how)
    with pytest.raises(Unclear if how is Break.BEFORE else Throttled):
        mail_world.mailbox.send(draft.id)
    mail_world.later(SOON)
    (found,) = mail_world.mailbox.find(NOTICE.key)
    assert found.is_draft
    mail_world.mailbox.send(draft.id)


def test_a_draft_is_taken_back(mail_world: MailWorld) -> None:
    draft = mail_world.mailbox.create_draft(NOTICE)
    mail_world.mailbox.delete_draft(draft.id)
    assert not mail_world.mailbox.find(NOTICE.key, draft.internet_id)
    with pytest.raises(Gone):
        mail_world.mailbox.delete_draft(draft.id)
    with pytest.raises(Gone):
        mail_world.mailbox.send(draft.id)


def test_what_left_cannot_be_taken_back_and_stays_among_the_sent(mail_world: MailWorld) -> None:
    draft = mail_world.mailbox.create_draft(NOTICE)
    mail_world.mailbox.send(draft.id)
    mail_world.later(SOON)
    with pytest.raises(Gone):
        mail_world.mailbox.delete_draft(draft.id)
    (found,) = mail_world.mailbox.find(NOTICE.key)
    with pytest.raises(Gone):
        mail_world.mailbox.delete_draft(found.id)
    assert list(mail_world.mailbox.find(NOTICE.key)) == [found]


def test_the_service_holds_a_message_until_its_time(mail_world: MailWorld) -> None:
    held = replace(NOTICE, hold_until=mail_world.now + HOUR)
    mail_world.mailbox.send(mail_world.mailbox.create_draft(held).id)
    mail_world.later(HOUR / 2)
    (waiting,) = mail_world.mailbox.find(NOTICE.key)
    assert waiting.sent_at is None
    mail_world.later(HOUR)
    (found,) = mail_world.mailbox.find(NOTICE.key)
    assert not found.is_draft


def test_a_held_message_can_be_taken_back(mail_world: MailWorld) -> None:
    held = replace(NOTICE, hold_until=mail_world.now + HOUR)
    draft = mail_world.mailbox.create_draft(held)
    mail_world.mailbox.send(draft.id)
    mail_world.later(HOUR / 2)
    (waiting,) = mail_world.mailbox.find(NOTICE.key)
    mail_world.mailbox.delete_draft(waiting.id)
    mail_world.later(HOUR)
    assert not mail_world.mailbox.find(NOTICE.key, draft.internet_id)


def test_a_forward_has_the_note_on_top_and_the_original_below(mail_world: MailWorld) -> None:
    original = sent(mail_world)
    note = replace(
        NOTICE,
        key="a reminder",
        subject="Reminder: mail rests today",
        text="Today.",
        html="<p>It is today.</p>",
        forward_of=original.id,
    )
    draft = mail_world.mailbox.create_draft(note)
    words = mail_world.words(draft)
    assert words.index("It is today.") < words.index("Mail rests from")
    assert draft.conversation == original.conversation
    assert [found.id for found in mail_world.mailbox.find("a reminder")] == [draft.id]
    assert not sent(mail_world, replace(note, key="another")).is_draft


def test_an_answer_stays_in_the_conversation(mail_world: MailWorld) -> None:
    mail_world.answers(sent(mail_world), "ann@partner.example", "Not on a Friday!")
    (reply,) = arrived_ids(mail_world)
    answer = replace(
        NOTICE, key="an answer", subject="", html="<p>Understood.</p>", answer_to=reply, bcc=()
    )
    draft = mail_world.mailbox.create_draft(answer)
    words = mail_world.words(draft)
    assert words.index("Understood.") < words.index("Not on a Friday!")
    assert draft.conversation == mail_world.mailbox.find(NOTICE.key)[0].conversation


def test_a_forward_of_what_is_gone(mail_world: MailWorld) -> None:
    draft = mail_world.mailbox.create_draft(NOTICE)
    mail_world.mailbox.delete_draft(draft.id)
    with pytest.raises(Gone):
        mail_world.mailbox.create_draft(replace(NOTICE, key="reminder", forward_of=draft.id))
    assert not mail_world.mailbox.find("reminder")


@pytest.mark.parametrize("size", [2_000, 2_900_000, 9_000_000])
def test_files_go_with_it(mail_world: MailWorld, size: int) -> None:
    files = (
        File("plan.pdf", "application/pdf", b"%PDF" + bytes(size - 4)),
        File("hold.ics", "text/calendar", b"BEGIN:VCALENDAR"),
    )
    draft = mail_world.mailbox.create_draft(replace(NOTICE, files=files))
    assert mail_world.files(draft) == [("hold.ics", 15), ("plan.pdf", size)]
    assert [found.id for found in mail_world.mailbox.find(NOTICE.key)] == [draft.id]


def test_a_shared_mailbox_has_its_own_drafts_and_sent_items(mail_world: MailWorld) -> None:
    message = replace(NOTICE, mailbox=mail_world.shared)
    found = sent(mail_world, message)
    assert not found.is_draft
    assert not mail_world.mailbox.find(NOTICE.key, found.internet_id)
    with pytest.raises(Gone):
        mail_world.mailbox.delete_draft(found.id, mail_world.shared)


def arrived_ids(world: MailWorld) -> list[str]:
    page = world.mailbox.changes(Folder.INBOX, "", world.now - HOUR)
    return [each.id for each in page.arrived]
