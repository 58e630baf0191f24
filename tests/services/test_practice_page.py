"""The practice tenant's page: what was sent is seen, answered, and never run as HTML."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import pytest

from app.services.practice.control_acts import Acts
from app.services.practice.meetings import shown
from app.services.practice.process import InThread, in_thread_practice
from tests.services.account_doors import OKAFOR, SATO

EVIL = "<script>alert(1)</script>"


@pytest.fixture
def practice(tmp_path: Path) -> Iterator[InThread]:
    with in_thread_practice(tmp_path, people=[OKAFOR, (SATO[0], EVIL)]) as served:
        yield served


def opened(practice: InThread, path: str, **form: str) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    body = urlencode(form).encode() if form else None
    with opener.open(practice.running.pages + path, body, timeout=10) as answer:
        return str(answer.read().decode())


def test_every_mailbox_is_listed(practice: InThread) -> None:
    assert OKAFOR[0] in (page := opened(practice, "/")) and SATO[0] in page


@pytest.mark.parametrize("path", ["/", f"/mailbox/{SATO[0]}"])
def test_nothing_that_was_typed_becomes_html(practice: InThread, path: str) -> None:
    assert EVIL not in opened(practice, path)


def test_an_event_stands_in_its_calendar(practice: InThread) -> None:
    owner = practice.tenant.user(OKAFOR[0])
    assert owner is not None
    span = {"timeZone": "UTC"}
    with practice.tenant.turn():
        practice.tenant.calendar.create(
            owner,
            {
                "subject": "Outage: File cluster",
                "start": {"dateTime": "2026-12-05T19:00:00", **span},
                "end": {"dateTime": "2026-12-05T22:00:00", **span},
            },
        )
    page = opened(practice, f"/mailbox/{OKAFOR[0]}")
    assert "Outage: File cluster" in page and "2026-12-05 19:00 UTC" in page


def test_an_event_is_put_in_a_calendar_of_another_name(practice: InThread) -> None:
    at = {"dateTime": "2026-12-05T19:00:00", "timeZone": "UTC"}
    event = {"subject": "Clinic night", "start": at, "end": at}
    acts = Acts(practice.tenant)
    for _ in range(2):
        acts.event({"mailbox": OKAFOR[0], "calendar": "Clinic", "event": event})
    owner = practice.tenant.user(OKAFOR[0])
    assert owner is not None
    with practice.tenant.turn():
        box = practice.tenant.calendar.box(owner)
        found = {each.name: len(box.within(each.id)) for each in box.calendars.values()}
    assert found["Clinic"] == 2
    assert sum(found.values()) == 2


def test_faults_are_set_from_the_page(practice: InThread) -> None:
    assert "429" in opened(practice, "/faults", spec="429:send")
    assert practice.faults.rules() != []


def test_faults_that_cannot_be_read_are_said(practice: InThread) -> None:
    assert "is no fault" in opened(practice, "/faults", spec="typo:send")


def test_a_mailbox_there_is_not_is_said(practice: InThread) -> None:
    with pytest.raises(urllib.error.HTTPError, match="404"):
        opened(practice, "/mailbox/nobody@harbour.example")


def test_a_draft_is_sent_from_the_page_its_link_opens(practice: InThread) -> None:
    owner = practice.tenant.user(OKAFOR[0])
    assert owner is not None
    to = [{"emailAddress": {"address": SATO[0]}}]
    with practice.tenant.turn():
        mail = practice.tenant.mail
        draft = mail.draft(owner, {"subject": "Crew brief", "toRecipients": to})
        link = f"/practice/open/{quote(draft.id, safe='')}"
    assert "Send" in opened(practice, link)
    assert "on its way" in opened(practice, link, act="send")
    with practice.tenant.turn():
        assert draft.submitted


def test_a_button_of_a_message_sends_its_mail_from_the_mailbox_it_lies_in(
    practice: InThread,
) -> None:
    owner, reader = practice.tenant.user(OKAFOR[0]), practice.tenant.user(SATO[0])
    assert owner is not None and reader is not None
    made = f"mailto:{OKAFOR[0]}?subject=OUT-2026-001%207%20blocked&amp;body=Because%3A%20"
    brief = {
        "subject": "Crew brief",
        "body": {"contentType": "html", "content": f"<p><a href='{made}'>7 blocked</a></p>"},
        "toRecipients": [{"emailAddress": {"address": SATO[0]}}],
    }
    practice.tenant.switches.change(send_delay=0)
    with practice.tenant.turn():
        practice.tenant.mail.send_new(owner, owner, brief, keep_copy=False)
    with practice.tenant.turn():
        [arrived] = practice.tenant.mail.box(reader).messages.values()
    link = f"/practice/open/{quote(arrived.id, safe='')}"
    assert "7 blocked" in opened(practice, link) and "Because: " in opened(practice, link)
    opened(practice, link, button="0", text="Because: no key")
    with practice.tenant.turn():
        [report] = practice.tenant.mail.box(owner).messages.values()
    assert report.data["subject"] == "OUT-2026-001 7 blocked"
    assert "no key" in report.data["body"]["content"]


def test_whom_a_message_goes_to_in_bcc_is_counted(practice: InThread) -> None:
    owner = practice.tenant.user(OKAFOR[0])
    assert owner is not None
    hidden = [{"emailAddress": {"address": SATO[0]}}]
    with practice.tenant.turn():
        draft = practice.tenant.mail.draft(owner, {"subject": "All", "bccRecipients": hidden})
        practice.tenant.mail.send(owner, owner, draft)
    assert "1 in Bcc" in opened(practice, f"/mailbox/{OKAFOR[0]}")


def test_a_meeting_is_ended_from_the_page_its_link_opens(practice: InThread) -> None:
    owner = practice.tenant.user(OKAFOR[0])
    assert owner is not None
    with practice.tenant.turn():
        meeting = practice.tenant.meetings.create(owner, {"subject": "Bridge"})
        link = urlsplit(shown(meeting, practice.running.pages)["joinWebUrl"]).path
    assert "You are in the meeting" in opened(practice, link)
    assert "1 was in it" in opened(practice, link, act="end")
    with practice.tenant.turn():
        assert len(meeting.reports) == 1
