"""What can go wrong only between Graph’s client and a service: over real HTTPS."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from urllib.parse import urlsplit, urlunsplit

import pytest

from app.services.graph.client import GraphClient
from app.services.graph.mail import GraphMailbox
from app.services.ports.trouble import (
    Gone,
    Refused,
    SignInNeeded,
    SyncLost,
    Throttled,
    Unclear,
    Unreachable,
)
from tests.contracts.practice import Practice
from tests.contracts.practice_worlds import (
    PracticeCalendarWorld,
    PracticeMailWorld,
    PracticeMeetingWorld,
)
from tests.contracts.test_calendars import FRIDAY, Mirror
from tests.contracts.test_mail import NOTICE, SOON, sent
from tests.contracts.test_meetings import opened
from tests.contracts.worlds import DAY, HOUR, NOW, Break


@pytest.fixture
def mail(practice: Practice) -> Iterator[PracticeMailWorld]:
    user = practice.person()
    with practice.client(user) as client:
        yield PracticeMailWorld(practice, user, client)


@pytest.fixture
def calendar(practice: Practice) -> Iterator[PracticeCalendarWorld]:
    user = practice.person()
    with practice.client(user) as client:
        yield PracticeCalendarWorld(practice, user, client)


@pytest.fixture
def meeting(practice: Practice) -> Iterator[PracticeMeetingWorld]:
    user = practice.person()
    with practice.client(user) as client:
        yield PracticeMeetingWorld(practice, user, client)


def test_a_certificate_nobody_vouches_for_is_not_talked_to(practice: Practice) -> None:
    with practice.client(practice.person()):
        client = GraphClient(
            practice.base_url,
            practice.tokens,
            verify=ssl.create_default_context(),
            loopback_only=True,
            now=lambda: NOW,
        )
        with pytest.raises(Unreachable, match="certificate"):
            GraphMailbox(client).create_draft(NOTICE)
        client.close()


def test_what_goes_over_the_wire_is_held_to_the_schema(
    practice: Practice, mail: PracticeMailWorld
) -> None:
    practice.watch.seen.clear()
    mail.mailbox.create_draft(NOTICE)
    assert practice.watch.seen == [("POST", "/me/messages", 201)]


def test_a_portal_in_the_way_of_a_read(practice: Practice, mail: PracticeMailWorld) -> None:
    practice.faults.add("html:messages")
    with pytest.raises(Unreachable):
        mail.mailbox.find(NOTICE.key)


@pytest.mark.parametrize("fault", ["html", "reset-after", "504", "half"])
def test_a_draft_with_no_good_answer_is_looked_for(
    practice: Practice, mail: PracticeMailWorld, fault: str
) -> None:
    practice.faults.add(f"{fault}:create")
    with pytest.raises(Unclear):
        mail.mailbox.create_draft(NOTICE)
    assert len(mail.mailbox.find(NOTICE.key)) == (0 if fault == "html" else 1)


@pytest.mark.parametrize("fault", ["half", "reset-before", "reset-after", "504", "429", "503=2.5"])
def test_a_read_gets_over_it(practice: Practice, mail: PracticeMailWorld, fault: str) -> None:
    mail.mailbox.create_draft(NOTICE)
    practice.faults.add(f"{fault}:messages#1-2")
    assert len(mail.mailbox.find(NOTICE.key)) == 1


def test_a_slow_answer_is_waited_for(practice: Practice, mail: PracticeMailWorld) -> None:
    practice.faults.add("trickle=300ms:create,latency=100ms:create")
    assert mail.mailbox.create_draft(NOTICE).is_draft


def test_throttling_without_a_time_says_none(practice: Practice, mail: PracticeMailWorld) -> None:
    practice.faults.add("429=none:create")
    with pytest.raises(Throttled) as caught:
        mail.mailbox.create_draft(NOTICE)
    assert caught.value.retry_after is None


def test_an_acceptance_with_a_hint_to_go_slower_is_not_sent_again(
    practice: Practice, mail: PracticeMailWorld
) -> None:
    draft = mail.mailbox.create_draft(NOTICE)
    practice.faults.add("hint=5:send")
    mail.mailbox.send(draft.id)
    mail.later(SOON)
    assert len(mail.mailbox.find(NOTICE.key, draft.internet_id)) == 1


def test_a_token_that_ran_out_is_renewed_in_passing(
    practice: Practice, mail: PracticeMailWorld
) -> None:
    draft = mail.mailbox.create_draft(NOTICE)
    practice.tokens.expire()
    mail.mailbox.send(draft.id)
    assert practice.tokens.claims == [""]


def test_a_claims_challenge_is_answered_with_its_claims(
    practice: Practice, mail: PracticeMailWorld
) -> None:
    practice.faults.add("claims:create")
    mail.mailbox.create_draft(NOTICE)
    (claims,) = practice.tokens.claims
    assert "access_token" in claims


def test_a_token_that_is_refused_twice_needs_a_person(
    practice: Practice, mail: PracticeMailWorld
) -> None:
    practice.faults.add("401:create#1-2")
    with pytest.raises(SignInNeeded):
        mail.mailbox.create_draft(NOTICE)
    assert not mail.mailbox.find(NOTICE.key)


def test_without_the_scope_it_is_refused(practice: Practice, mail: PracticeMailWorld) -> None:
    draft = mail.mailbox.create_draft(NOTICE)
    practice.tokens.without("Mail.Send")
    with pytest.raises(Refused) as caught:
        mail.mailbox.send(draft.id)
    assert caught.value.status == 403


def test_many_threads_do_not_crowd_the_mailbox(practice: Practice, mail: PracticeMailWorld) -> None:
    mail.mailbox.create_draft(NOTICE)
    practice.faults.add("latency=20ms:messages#*")
    with ThreadPoolExecutor(10) as pool:
        found = [pool.submit(mail.mailbox.find, NOTICE.key) for _ in range(10)]
        assert [len(each.result()) for each in found] == [1] * 10
    assert all(kind == "latency" for _, kind in list(practice.faults.met)[-20:])


def test_half_a_message_is_never_found(mail: PracticeMailWorld) -> None:
    """A forward is made in several steps; only the last makes it ours."""
    original = sent(mail)
    note = replace(NOTICE, key="a reminder", forward_of=original.id)
    for how in (Break.AFTER, Break.BEFORE):
        mail.breaks("patch", how)
        with pytest.raises(Unclear):
            mail.mailbox.create_draft(note)
        assert not mail.mailbox.find("a reminder")
    mail.mailbox.create_draft(note)
    assert mail.drafts() == 1


def test_a_forward_whose_answer_was_lost_leaves_no_litter(mail: PracticeMailWorld) -> None:
    note = replace(NOTICE, key="a reminder", forward_of=sent(mail).id)
    mail.breaks("createforward", Break.AFTER)
    with pytest.raises(Unclear):
        mail.mailbox.create_draft(note)
    assert not mail.mailbox.find("a reminder")
    mail.mailbox.create_draft(note)
    assert mail.drafts() == 1


def test_where_ids_stay_on_send_what_left_is_not_deleted(
    practice: Practice, mail: PracticeMailWorld
) -> None:
    practice.tenant.switches.id_stays_on_send = True
    found = sent(mail)
    with pytest.raises(Gone):
        mail.mailbox.delete_draft(found.id)
    assert list(mail.mailbox.find(NOTICE.key)) == [found]


def test_a_conflict_over_the_same_key_gives_the_event_that_is_there(
    practice: Practice, calendar: PracticeCalendarWorld
) -> None:
    practice.tenant.switches.repeated_transaction = "conflict"
    made = calendar.calendars.create("", FRIDAY)
    assert calendar.calendars.create("", FRIDAY).id == made.id


def test_changes_that_come_twice_are_the_same(
    practice: Practice, calendar: PracticeCalendarWorld
) -> None:
    practice.tenant.switches.delta_replays = 3
    put = [calendar.put(f"Event {n}", NOW + n * HOUR, NOW + n * HOUR + HOUR) for n in range(4)]
    mirror = Mirror(calendar)
    mirror.follow()
    calendar.change(put[0], subject="Another name")
    mirror.follow()
    assert {event.subject for event in mirror.events.values()} == {
        "Another name",
        *(f"Event {n}" for n in range(1, 4)),
    }


@pytest.mark.parametrize(
    "cursor", ["https://graph.example/v1.0/me/calendarView/delta?$deltatoken=x", "not a link"]
)
def test_a_place_that_another_service_gave_is_lost(
    calendar: PracticeCalendarWorld, cursor: str
) -> None:
    with pytest.raises(SyncLost):
        calendar.calendars.changes("", cursor, NOW, NOW + DAY)


def test_a_place_that_cannot_be_read_is_lost(
    practice: Practice, calendar: PracticeCalendarWorld
) -> None:
    cursor = f"{practice.base_url}/me/calendarView/delta?$deltatoken=nonsense"
    with pytest.raises(SyncLost):
        calendar.calendars.changes("", cursor, NOW, NOW + DAY)


def test_practice_at_another_port_goes_on_where_it_was(calendar: PracticeCalendarWorld) -> None:
    mirror = Mirror(calendar)
    mirror.follow()
    address = urlsplit(mirror.cursor)
    mirror.cursor = urlunsplit(address._replace(netloc="localhost:1"))
    put = calendar.put("Month end", NOW + DAY, NOW + DAY + HOUR)
    assert [event.id for event in mirror.follow()] == [put]


def test_a_lock_that_cannot_be_read_again_is_unclear(
    practice: Practice, meeting: PracticeMeetingWorld
) -> None:
    made = opened(meeting)
    practice.faults.add("html:meeting#2")
    with pytest.raises(Unclear):
        meeting.meetings.lock(made.id, NOW + HOUR)
    assert meeting.meetings.get(made.id).lobby == "organizer"


def test_somebody_who_opens_the_link_of_a_deleted_bridge_brings_it_back(
    practice: Practice, meeting: PracticeMeetingWorld
) -> None:
    made = opened(meeting)
    meeting.delete(made.id)
    with practice.tenant.turn():
        practice.tenant.meetings.opened(practice.tenant.meetings.by_id(made.id))
    assert meeting.meetings.get(made.id).id == made.id
