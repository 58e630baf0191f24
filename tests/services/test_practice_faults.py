"""Trouble on demand, as a client sees it."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Iterator

import httpx
import pytest

from app.services.practice.faults import Faults
from tests.services.practice_house import NOON
from tests.services.practice_wire import Wire, served

DRAFT = {"subject": "Storage array A"}


@pytest.fixture
def wire() -> Iterator[Wire]:
    with served() as wire:
        yield wire


def drafts(wire: Wire) -> int:
    return len(wire.house.folder(wire.house.ada, "drafts"))


def test_a_rule_by_script_meets_the_requests_it_names() -> None:
    faults = Faults.parse("429:send#2-3")
    met = [bool(faults.for_request("send")) for _ in range(4)]
    assert met == [False, True, True, False]
    assert not faults.for_request("create")


def test_a_rule_without_a_number_or_a_share_acts_once() -> None:
    faults = Faults.parse("503=2.5:event*")
    assert faults.for_request("event-create")["503"].retry_after(NOON) == "2.5"
    assert not faults.for_request("event-create")
    assert faults.rules() == []


def test_the_same_seed_gives_the_same_trouble() -> None:
    runs = [
        [list(each.for_request("send")) for _ in range(50)]
        for each in (Faults.parse("429@0.3,504@0.2", 5), Faults.parse("429@0.3,504@0.2", 5))
    ]
    assert runs[0] == runs[1]
    assert 0 < sum(map(bool, runs[0])) < 50


@pytest.mark.parametrize("spec", ["418", "429=soon", "latency=long", "429@2", "429#x"])
def test_what_cannot_be_read_is_said(spec: str) -> None:
    with pytest.raises(ValueError, match="“"):
        Faults.parse(spec)


@pytest.mark.parametrize(
    ("spec", "status", "wait"),
    [
        ("429=3", 429, "3"),
        ("429=2.128", 429, "2.128"),
        ("429=none", 429, None),
        ("429=date", 429, "Sat, 21 Nov 2026 12:00:02 GMT"),
        ("503=7", 503, "7"),
        ("502", 502, None),
    ],
)
def test_some_trouble_has_no_effect(wire: Wire, spec: str, status: int, wait: str | None) -> None:
    wire.faults.set(f"{spec}:create")
    answer = wire.client.post("/me/messages", json=DRAFT)
    assert (answer.status_code, answer.headers.get("Retry-After")) == (status, wait)
    assert drafts(wire) == 0


def test_a_claims_challenge_can_be_decoded(wire: Wire) -> None:
    wire.faults.set("claims")
    answer = wire.client.get("/me")
    assert answer.status_code == 401
    claims = answer.headers["WWW-Authenticate"].partition('claims="')[2].rstrip('"')
    assert "access_token" in json.loads(b64decode(claims))


def test_a_reset_before_the_effect_cuts_the_socket_and_does_nothing(wire: Wire) -> None:
    wire.faults.set("reset-before:create")
    with pytest.raises(httpx.TransportError):
        wire.client.post("/me/messages", json=DRAFT)
    assert drafts(wire) == 0
    assert wire.client.post("/me/messages", json=DRAFT).status_code == 201


def test_a_reset_after_the_effect_cuts_the_socket_when_all_is_done(wire: Wire) -> None:
    wire.faults.set("reset-after:create")
    with pytest.raises(httpx.TransportError):
        wire.client.post("/me/messages", json=DRAFT)
    assert drafts(wire) == 1


def test_half_a_body_is_seen_as_an_incomplete_answer(wire: Wire) -> None:
    wire.faults.set("half:create")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
        wire.client.post("/me/messages", json=DRAFT)
    assert drafts(wire) == 1


def test_a_time_out_of_a_gateway_comes_after_the_work(wire: Wire) -> None:
    wire.faults.set("504:create")
    answer = wire.client.post("/me/messages", json=DRAFT)
    assert (answer.status_code, answer.json()["error"]["code"]) == (504, "UnknownError")
    assert "Retry-After" not in answer.headers
    assert drafts(wire) == 1


def test_a_captive_portal_answers_200_with_a_page(wire: Wire) -> None:
    wire.faults.set("html:create")
    answer = wire.client.post("/me/messages", json=DRAFT)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/html"
    assert drafts(wire) == 0


def test_a_trickle_gives_the_whole_answer_slowly(wire: Wire) -> None:
    wire.faults.set("trickle=200ms:me")
    answer = wire.client.get("/me")
    assert answer.json()["mail"] == "ada@flight.example"
    assert answer.elapsed.total_seconds() >= 0.19


def test_latency_keeps_a_client_waiting_that_is_less_patient(wire: Wire) -> None:
    wire.faults.set("latency=600ms:create")
    with pytest.raises(httpx.ReadTimeout):
        wire.client.post("/me/messages", json=DRAFT, timeout=0.1)


def test_a_client_that_left_before_the_cut_troubles_nobody(wire: Wire) -> None:
    wire.faults.set("latency=100ms:create,reset-after:create")
    with pytest.raises(httpx.ReadTimeout):
        wire.client.post("/me/messages", json=DRAFT, timeout=0.05)
    wire.faults.set("latency=150ms:me")
    assert wire.client.get("/me").status_code == 200
    assert drafts(wire) == 1


def test_a_good_answer_can_carry_retry_after(wire: Wire) -> None:
    wire.faults.set("hint=5:send")
    made = wire.ask(
        "POST",
        "/me/messages",
        201,
        json={"toRecipients": [{"emailAddress": {"address": "bob@flight.example"}}]},
    )
    answer = wire.client.post(f"/me/messages/{made['id']}/send")
    assert (answer.status_code, answer.headers["Retry-After"]) == (202, "5")


def test_faults_are_set_while_it_runs(wire: Wire) -> None:
    assert wire.control("faults", spec="429:me")["rules"] == ["429=1:me#1-1@1"]
    assert wire.client.get("/me").status_code == 429
    seen = httpx.get(f"{wire.address}/practice/faults", trust_env=False).json()
    assert seen == {"rules": [], "met": [["me", "429"]]}


def test_a_switch_that_is_not_known_leaves_all_as_they_were(wire: Wire) -> None:
    body = {"send_delay": 9, "sent_delay": 1}
    answer = httpx.post(f"{wire.address}/practice/switches", json=body, trust_env=False)
    assert answer.status_code == 400
    assert wire.house.tenant.switches.send_delay == 0.5


def test_a_spec_that_cannot_be_read_changes_nothing(wire: Wire) -> None:
    answer = httpx.post(f"{wire.address}/practice/faults", json={"spec": "418"}, trust_env=False)
    assert answer.status_code == 400
    assert "418" in answer.json()["error"]
