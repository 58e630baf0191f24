"""What every implementation of `ports.mail.Mailbox` promises about what comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.services.ports.mail import Address, Arrived, Folder
from app.services.ports.trouble import SyncLost
from tests.contracts.test_mail import NOTICE, SOON, sent
from tests.contracts.worlds import HOUR, MailWorld


class Post:
    """Follows a folder as the sync does."""

    def __init__(self, world: MailWorld, folder: Folder = Folder.INBOX) -> None:
        self.world = world
        self.folder = folder
        self.since = world.now - HOUR
        self.cursor = ""
        self.removed: list[str] = []

    def follow(self) -> list[Arrived]:
        found: dict[str, Arrived] = {}
        self.removed = []
        while True:
            page = self.world.mailbox.changes(self.folder, self.cursor, self.since)
            found.update({each.id: each for each in page.arrived})
            self.removed += page.removed
            self.cursor = page.cursor
            if not page.more:
                return list(found.values())


def test_an_answer_names_what_it_answers(mail_world: MailWorld) -> None:
    notice = sent(mail_world)
    mail_world.answers(notice, "ann@partner.example", "Not on a Friday!")
    (came,) = Post(mail_world).follow()
    assert came.sender.email == "ann@partner.example"
    assert came.references[-1] == notice.internet_id
    assert came.conversation == notice.conversation
    assert came.subject == f"RE: {NOTICE.subject}"
    assert "Not on a Friday!" in came.text
    assert not came.automatic
    assert not came.is_bounce
    assert abs(came.received_at - mail_world.now) <= SOON


def test_an_automatic_reply_is_told_apart(mail_world: MailWorld) -> None:
    notice = sent(mail_world)
    mail_world.answers_automatically(notice, "lee@partner.example", "I am out until Monday.")
    (came,) = Post(mail_world).follow()
    assert came.automatic
    assert not came.is_bounce
    assert came.references[-1] == notice.internet_id


def test_a_bounce_names_whom_it_did_not_reach(mail_world: MailWorld) -> None:
    lost = (Address("gone@bounce.example"), Address("Old.Desk@bounce.example"))
    notice = sent(mail_world, replace(NOTICE, bcc=(*NOTICE.bcc, *lost)))
    (came,) = Post(mail_world).follow()
    assert came.is_bounce
    assert not came.automatic
    assert set(came.undelivered) == {"gone@bounce.example", "old.desk@bounce.example"}
    assert came.references[-1] == notice.internet_id


def test_only_what_is_new_comes_again(mail_world: MailWorld) -> None:
    notice = sent(mail_world)
    mail_world.answers(notice, "ann@partner.example", "First")
    post = Post(mail_world)
    assert len(post.follow()) == 1
    assert post.follow() == []
    mail_world.answers(notice, "ann@partner.example", "Second")
    (came,) = post.follow()
    assert "Second" in came.text


def test_many_answers_come_over_many_pages(mail_world: MailWorld) -> None:
    notice = sent(mail_world)
    for number in range(60):
        mail_world.answers(notice, f"person{number}@partner.example", f"Answer {number}")
    senders = {came.sender.email for came in Post(mail_world).follow()}
    assert senders == {f"person{number}@partner.example" for number in range(60)}


def test_what_arrived_before_is_left_out(mail_world: MailWorld) -> None:
    mail_world.answers(sent(mail_world), "ann@partner.example", "Old")
    mail_world.later(3 * HOUR)
    assert Post(mail_world).follow() == []


def test_what_was_deleted_is_named(mail_world: MailWorld) -> None:
    mail_world.answers(sent(mail_world), "ann@partner.example", "Not on a Friday!")
    post = Post(mail_world)
    (came,) = post.follow()
    mail_world.delete_arrived(came.id)
    assert post.follow() == []
    assert came.id in post.removed


def test_a_forgotten_place_is_said_and_a_new_round_doubles_nothing(mail_world: MailWorld) -> None:
    mail_world.answers(sent(mail_world), "ann@partner.example", "Not on a Friday!")
    post = Post(mail_world)
    (came,) = post.follow()
    mail_world.forget_cursors()
    with pytest.raises(SyncLost):
        post.follow()
    post.cursor = ""
    assert [each.id for each in post.follow()] == [came.id]


def test_the_sent_ones_are_followed_too(mail_world: MailWorld) -> None:
    post = Post(mail_world, Folder.SENT)
    assert post.follow() == []
    notice = sent(mail_world)
    (seen,) = post.follow()
    assert seen.internet_id == notice.internet_id
    assert seen.conversation == notice.conversation


def test_the_sent_ones_hold_no_drafts(mail_world: MailWorld) -> None:
    mail_world.mailbox.create_draft(NOTICE)
    assert Post(mail_world, Folder.SENT).follow() == []
