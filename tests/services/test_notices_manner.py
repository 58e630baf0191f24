"""How a notice is sent: as whom, where answers go, how to object, what goes with it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from sqlalchemy import delete

from app.models.account import Profile
from app.models.errors import BadInput, NotAllowed
from app.models.notices.kinds import NoticeKind
from app.models.outbox import ItemState, Route
from app.models.tables.changes import EvidencePiece
from app.models.tables.notices import Notice
from app.models.tables.outbox import OutboxItem
from app.services.account.settings import account_settings, save_account_settings
from app.services.notices.composing import NoticeExtra, compose
from app.services.notices.exporting import export
from app.services.notices.files import content_of
from app.services.notices.manner import ME, Enclosed, enclose, set_manner, size_words
from app.services.notices.sending import cancel_queued, discard_draft, queue, save_draft
from app.services.outbox.parts import prepare
from app.services.uow import UnitOfWork
from tests.makers import clock_of
from tests.served import on_postgresql
from tests.services.outbox_desk import Desk, make_desk

K = NoticeKind


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = make_desk(tmp_path)
    yield made
    made.store.close()


@pytest.fixture
def plan(desk: Desk, tmp_path: Path) -> Enclosed:
    path = tmp_path / "Floor plan, ward 3.pdf"
    path.write_bytes(b"%PDF-1.7 plan")
    return enclose(tmp_path / "data", path)


def mail_of(desk: Desk) -> EmailMessage:
    ((_, content),) = desk.store.read(export, desk.outage_id, K.PLANNED).eml
    message = message_from_bytes(content_of(content), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def set_all(desk: Desk, *files: Enclosed, send_as: str = "desk@hospital.example") -> None:
    desk.run(
        set_manner,
        desk.outage_id,
        K.PLANNED,
        send_as=send_as,
        reply_to="answers@hospital.example",
        objection_route="Write to answers@hospital.example.",
        files=files,
    )


def test_the_mail_file_says_who_sends_it_and_holds_what_was_attached(
    desk: Desk, plan: Enclosed
) -> None:
    set_all(desk, plan)
    mail = mail_of(desk)
    assert mail["From"] == "Harbour Hospital <desk@hospital.example>"
    assert mail["Reply-To"] == "answers@hospital.example"
    body = mail.get_body(("plain",))
    assert body is not None and "Write to answers@hospital.example." in body.get_content()
    files = {part.get_filename(): part for part in mail.iter_attachments()}
    assert files["Floor-plan-ward-3.pdf"].get_content_type() == "application/pdf"
    assert files["Floor-plan-ward-3.pdf"].get_content() == b"%PDF-1.7 plan"
    assert "outage.ics" in files


def test_what_the_console_sends_has_them_too(desk: Desk, plan: Enclosed) -> None:
    def account(uow: UnitOfWork) -> None:
        mine = replace(
            account_settings(uow), profile=Profile.PRACTICE, shared_mailbox="ops@hospital.example"
        )
        save_account_settings(uow, mine)

    desk.run(account)
    set_all(desk, plan)
    with pytest.raises(NotAllowed, match="not as desk@hospital"):
        desk.run(queue, desk.outage_id, K.PLANNED)
    desk.run(queue, desk.outage_id, K.PLANNED, route=Route.FILE)
    waiting = desk.store.read(lambda uow: uow.all(Notice, Notice.state == "queued")[0].id)
    desk.run(cancel_queued, waiting)
    set_all(desk, plan, send_as=ME)
    item = desk.queue(K.PLANNED)
    desk.go_on()
    (sent,) = [m.message for m in desk.mailbox.sent]
    assert [a.email for a in sent.reply_to] == ["answers@hospital.example"]
    assert [f.name for f in sent.files] == ["outage.ics", "Floor-plan-ward-3.pdf"]
    assert desk.parts(item)[0].mailbox == ""
    assert "method=REQUEST" in sent.files[0].content_type


@pytest.mark.parametrize("begun", [False, True])
def test_a_file_that_is_gone_is_asked_about_and_nothing_leaves_without_it(
    desk: Desk, plan: Enclosed, tmp_path: Path, begun: bool
) -> None:
    set_all(desk, plan, send_as="")
    item = desk.queue(K.PLANNED)
    if begun:
        clock_of(desk.store).advance(minutes=60 * 24 * 20)
        desk.run(prepare, item)
    (tmp_path / "data" / "evidence" / plan.kept.file_name).unlink()
    if on_postgresql():  # there it comes back from the database, unless that lost it, too
        desk.run(lambda uow: uow.session.execute(delete(EvidencePiece)))
    desk.go_on()
    assert desk.state(item) is ItemState.ATTENTION
    assert "lies neither on this laptop" in desk.row(item).last_answer
    assert desk.mailbox.sent == []


def test_typing_and_going_back_to_the_template_leave_the_manner_alone(
    desk: Desk, plan: Enclosed
) -> None:
    set_all(desk, plan)
    desk.run(save_draft, desk.outage_id, K.PLANNED, body="All,", extra=NoticeExtra(reason="x"))
    desk.run(discard_draft, desk.outage_id, K.PLANNED)
    made = desk.store.read(compose, desk.outage_id, K.PLANNED)
    assert not made.edited
    assert made.extra.files == (plan.token,)
    assert made.extra.reason == ""


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ({"send_as": "desk"}, "no mail address"),
        ({"reply_to": "a@h.example\r\nBcc: b@h.example"}, "no mail address"),
    ],
)
def test_an_address_that_is_none_is_refused(desk: Desk, field: dict[str, str], wrong: str) -> None:
    with pytest.raises(BadInput, match=wrong) as refused:
        desk.run(set_manner, desk.outage_id, K.PLANNED, **field)
    assert refused.value.about["field"] == next(iter(field))
    assert desk.store.read(lambda uow: uow.all(OutboxItem)) == []


def test_files_too_big_for_a_mailbox_are_refused_and_big_ones_are_said(
    plan: Enclosed, tmp_path: Path
) -> None:
    huge = tmp_path / "film.mp4"
    with huge.open("wb") as file:
        file.truncate(20_000_001)
    with pytest.raises(BadInput, match="write the link into the notice"):
        enclose(tmp_path / "data", huge)
    assert size_words((plan,), 25_000) == ()
    big = replace(plan, size=2_400_000)
    assert size_words((big,), 25_000) == (
        "The files come to 2.4 MB a message, 60 GB to all 25,000. A link into a shared folder is "
        "kinder to mailboxes and telephones.",
    )
    macro = replace(plan, kept=replace(plan.kept, name="setup.exe"))
    assert "Outlook keeps .exe files" in size_words((macro,), 1)[0]
