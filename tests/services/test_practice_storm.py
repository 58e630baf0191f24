"""Under trouble of every kind at once, what is done is done once, and nothing breaks inside."""

from __future__ import annotations

from collections import Counter
from random import Random
from threading import Thread

import httpx

from tests.services.practice_wire import Wire, served

STORM = (
    "429@0.06,503=none@0.06,502@0.06,401@0.06,claims@0.06,html@0.06,reset-before@0.06,"
    "reset-after@0.06,504@0.06,half@0.06,latency=2ms@0.2,trickle=10ms@0.05"
)
DRAFT = {"subject": "x", "toRecipients": [{"emailAddress": {"address": "bob@flight.example"}}]}
WHEN = {"dateTime": "2026-11-23T09:00:00", "timeZone": "UTC"}


def test_a_storm_of_faults_sends_nothing_twice_and_opens_nothing_twice() -> None:
    answers: Counter[int] = Counter()
    with served() as wire:
        wire.house.tenant.switches.change(mail_limits=False, concurrency=0)
        wire.faults.set(STORM)
        hands = [Thread(target=_hand, args=(wire, number, answers)) for number in range(3)]
        for hand in hands:
            hand.start()
        for hand in hands:
            hand.join()
        house = wire.house
        house.later(seconds=5)
        sent = Counter(each.internet_id for each in house.folder(house.ada, "sentitems"))
        arrived = Counter(each.internet_id for each in house.folder(house.bob, "inbox"))
        assert sent == arrived
        assert set(sent.values()) <= {1}
        assert len(house.tenant.meetings.of(house.ada)) <= 4
        assert len(house.tenant.calendar.box(house.ada).events) <= 4
    assert 500 not in answers
    assert answers[202]


def _hand(wire: Wire, number: int, answers: Counter[int]) -> None:
    random = Random(number)
    drafts: list[str] = []
    with wire.as_user(wire.house.ada) as client:
        for _ in range(80):
            key = str(random.randrange(4))
            event = {"start": WHEN, "end": WHEN, "transactionId": key}
            calls = [
                ("/me/messages", DRAFT),
                ("/me/events", event),
                ("/me/onlineMeetings/createOrGet", {"externalId": key}),
            ]
            if drafts:
                calls += [(f"/me/messages/{random.choice(drafts)}/send", None)] * 3
            path, body = random.choice(calls)
            try:
                answer = client.post(path, json=body) if body else client.post(path)
            except httpx.TransportError:
                continue
            answers[answer.status_code] += 1
            if path == "/me/messages" and answer.status_code == 201:
                drafts.append(answer.json()["id"])
