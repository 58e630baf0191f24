"""Every answer a request may get, and what it means for the next try."""

from __future__ import annotations

import base64
import logging
from concurrent.futures import ThreadPoolExecutor

import pytest

from app.services.graph.client import AT_ONCE, Patience
from app.services.ports.trouble import (
    Gone,
    Refused,
    RemoteTrouble,
    SignInNeeded,
    SyncLost,
    Throttled,
    Unclear,
    Unreachable,
)
from tests.services.graph.scripted import Answer, graph_error
from tests.services.graph.speaking import speaking

FINE = Answer(body={"id": "1"})
PORTAL = Answer(body="<html>Welcome to the hotel. Accept our terms.</html>")
CUT = Answer(body={"id": "1" * 100}, cut=120)
NOTHING_CAME = Answer(cut=0)
TOO_LONG = Answer(body={"id": "1"}, headers={"Content-Length": "1000"}, cut=80)


@pytest.mark.parametrize("broken", [CUT, NOTHING_CAME, Answer(504), Answer(500), Answer(408)])
def test_a_read_is_tried_again_after_a_pause(broken: Answer) -> None:
    with speaking(broken, broken, FINE) as graph:
        assert graph.client.get("/me") == {"id": "1"}
        assert len(graph.waited) == 2
        assert 0.5 <= graph.waited[0] <= 1.0 <= graph.waited[1] <= 2.0


def test_a_read_is_tried_five_times_and_no_more() -> None:
    with speaking(Answer(502)) as graph:
        with pytest.raises(Unreachable):
            graph.client.get("/me")
        assert len(graph.script.seen) == 5


@pytest.mark.parametrize(
    "broken", [CUT, NOTHING_CAME, TOO_LONG, Answer(500), Answer(504), Answer(503), PORTAL]
)
@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
def test_a_write_with_no_good_answer_is_unclear_and_tried_once(method: str, broken: Answer) -> None:
    with speaking(broken, FINE) as graph:
        with pytest.raises(Unclear):
            graph.client.write(method, "/me/messages", {"subject": "x"})
        assert len(graph.script.seen) == 1
        assert graph.waited == []


@pytest.mark.parametrize(
    "broken",
    [Answer(302, headers={"Location": "http://portal.example/"}), Answer(407), Answer(511)],
)
def test_what_stops_before_the_service_had_no_effect(broken: Answer) -> None:
    with speaking(broken) as graph:
        with pytest.raises(Unreachable):
            graph.client.write("POST", "/me/messages", {})
        assert len(graph.script.seen) == 1


def test_a_read_that_gets_a_page_of_html_is_not_repeated() -> None:
    with speaking(PORTAL) as graph:
        with pytest.raises(Unreachable, match="sign-in page of the network"):
            graph.client.get("/me")
        assert len(graph.script.seen) == 1


def test_nobody_listening_is_unreachable_at_once() -> None:
    with speaking(FINE, base_url="http://127.0.0.1:9/v1.0") as graph:
        with pytest.raises(Unreachable, match="practice tenant does not answer"):
            graph.client.write("POST", "/me/messages", {})
        with pytest.raises(Unreachable):
            graph.client.get("/me")
        assert graph.waited == []


def test_in_earnest_it_is_microsoft_that_cannot_be_reached() -> None:
    with (
        speaking(FINE, base_url="https://127.0.0.1:9/v1.0", loopback_only=False) as graph,
        pytest.raises(Unreachable, match="Microsoft 365 cannot be reached"),
    ):
        graph.client.write("POST", "/me/messages", {})


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ({"Retry-After": "7"}, 7.0),
        ({"Retry-After": "2.128"}, 2.128),
        ({"Retry-After": "Sat, 21 Nov 2026 10:00:30 GMT"}, 30.0),
        (
            {
                "Retry-After": "Sat, 21 Nov 2026 12:00:30 GMT",
                "Date": "Sat, 21 Nov 2026 12:00:20 GMT",
            },
            10.0,
        ),
        ({"Retry-After": "-5"}, 0.0),
        ({"Retry-After": "soon"}, None),
        ({}, None),
    ],
)
def test_a_throttled_write_says_when_to_come_again(
    said: dict[str, str], seconds: float | None
) -> None:
    with speaking(Answer(429, graph_error("TooManyRequests"), said)) as graph:
        with pytest.raises(Throttled) as caught:
            graph.client.write("POST", "/me/messages", {})
        assert caught.value.retry_after == seconds
        assert len(graph.script.seen) == 1


def test_a_throttled_read_waits_as_long_as_it_was_told() -> None:
    slow = Answer(429, graph_error("ApplicationThrottled"), {"Retry-After": "2.5"})
    with speaking(slow, FINE) as graph:
        graph.client.get("/me")
        assert graph.waited == [2.5]


def test_a_read_told_to_wait_long_comes_back_later_instead() -> None:
    with speaking(Answer(429, graph_error("x"), {"Retry-After": "30"})) as graph:
        with pytest.raises(Throttled):
            graph.client.get("/me")
        assert graph.waited == []


def test_503_with_retry_after_is_throttling() -> None:
    with speaking(Answer(503, None, {"Retry-After": "1"})) as graph, pytest.raises(Throttled):
        graph.client.write("POST", "/me/messages", {})


def test_202_with_retry_after_is_an_acceptance() -> None:
    with speaking(Answer(202, None, {"Retry-After": "3"})) as graph:
        assert graph.client.write("POST", "/me/messages/1/send") == {}
        assert graph.script.seen[0].headers["content-length"] == "0"
        assert "content-type" not in graph.script.seen[0].headers


def test_a_token_refused_is_renewed_once() -> None:
    refused = Answer(401, graph_error("InvalidAuthenticationToken"))
    with speaking(refused, Answer(201, {"id": "1"})) as graph:
        graph.client.write("POST", "/me/messages", {})
        sent = [seen.headers["authorization"] for seen in graph.script.seen]
        assert sent == ["Bearer token-1", "Bearer token-2"]


def test_a_second_401_asks_for_a_sign_in_with_the_claims() -> None:
    claims = '{"access_token":{"nbf":{"essential":true}}}'
    packed = base64.urlsafe_b64encode(claims.encode()).decode().rstrip("=")
    challenge = f'Bearer realm="", error="insufficient_claims", claims="{packed}"'
    refused = Answer(
        401, graph_error("InvalidAuthenticationToken"), {"WWW-Authenticate": challenge}
    )
    with speaking(refused) as graph:
        with pytest.raises(SignInNeeded) as caught:
            graph.client.get("/me")
        assert caught.value.claims == claims
        assert graph.tokens.claims == [claims]


@pytest.mark.parametrize(
    ("answer", "trouble"),
    [
        (Answer(404, graph_error("ErrorItemNotFound")), Gone),
        (Answer(404, graph_error("ErrorNonExistentMailbox")), Refused),
        (Answer(404, "<html>Not found</html>"), Unclear),
        (Answer(410, graph_error("SyncStateNotFound")), SyncLost),
        (Answer(400, graph_error("resyncRequired")), SyncLost),
        (Answer(403, graph_error("ErrorAccessDenied")), Refused),
        (Answer(403, "<html>Blocked by the proxy</html>"), Unclear),
        (Answer(412, graph_error("")), Refused),
        (Answer(413, "<html>too large</html>"), Refused),
    ],
)
def test_other_answers_to_a_write(answer: Answer, trouble: type[RemoteTrouble]) -> None:
    with speaking(answer) as graph, pytest.raises(trouble):
        graph.client.write("POST", "/me/messages/1/send")


def test_a_refusal_gives_the_innermost_code_and_a_sentence_of_ours() -> None:
    error = graph_error("BadRequest", innerError={"code": "ErrorSendAsDenied", "date": "x"})
    with speaking(Answer(400, error)) as graph:
        with pytest.raises(Refused) as caught:
            graph.client.write("POST", "/me/messages", {})
        assert caught.value.reason == "ErrorSendAsDenied"
        assert "programmers" not in caught.value.sentence
        assert "name" in caught.value.sentence


def test_pages_are_followed_to_the_letter() -> None:
    with speaking(FINE) as graph:
        link = f"{graph.script.url}/me/calendars?$skiptoken=a%2Bb/c=&x=%C3%A9"
        graph.script.answers = [
            Answer(body={"value": [{"id": "1"}], "@odata.nextLink": link}),
            Answer(body={"value": [], "@odata.nextLink": f"{link}2"}),
            Answer(body={"value": [{"id": "2"}]}),
        ]
        found = [row["id"] for row in graph.client.items("/me/calendars")]
        assert found == ["1", "2"]
        assert graph.script.seen[1].target == "/v1.0/me/calendars?$skiptoken=a%2Bb/c=&x=%C3%A9"


@pytest.mark.parametrize(
    "link",
    [
        "https://evil.example/v1.0/me",
        "http://127.0.0.1:1/v1.0/me",
        "http://127.0.0.1@evil.example/v1.0",
        "file:///etc/passwd",
    ],
)
def test_a_link_elsewhere_is_not_followed(link: str) -> None:
    with speaking(Answer(body={"value": [], "@odata.nextLink": link})) as graph:
        with pytest.raises(Unreachable):
            list(graph.client.items("/me/calendars"))
        assert len(graph.script.seen) == 1


def test_practice_speaks_to_this_machine_only() -> None:
    with (
        speaking(FINE, base_url="https://graph.microsoft.com/v1.0") as graph,
        pytest.raises(Unreachable, match="this machine only"),
    ):
        graph.client.get("/me")


def test_in_earnest_nothing_goes_out_in_the_clear() -> None:
    with (
        speaking(FINE, base_url="http://graph.example/v1.0", loopback_only=False) as graph,
        pytest.raises(Unreachable),
    ):
        graph.client.get("/me")


def test_a_piece_of_a_file_is_sent_without_the_token() -> None:
    with speaking(Answer(200, {"NextExpectedRanges": ["3"]})) as graph:
        graph.client.put(f"{graph.script.url}/upload/1", b"abc", 0, 6)
        seen = graph.script.seen[0]
        assert "authorization" not in seen.headers
        assert seen.headers["content-range"] == "bytes 0-2/6"


def test_every_try_has_an_id_of_its_own() -> None:
    with speaking(Answer(504), FINE) as graph:
        graph.client.get("/me")
        ids = {seen.headers["client-request-id"] for seen in graph.script.seen}
        assert len(ids) == 2


def test_three_requests_at_once_for_each_mailbox() -> None:
    with speaking(FINE) as graph, ThreadPoolExecutor(8) as pool:
        graph.script.hold.clear()
        asked = [pool.submit(graph.client.get, "/me") for _ in range(8)]
        other = [
            pool.submit(graph.client.get, "/users/it@harbor.example/x", mailbox="it@harbor.example")
        ]
        graph.script.wait_open(AT_ONCE)
        graph.script.hold.set()
        for each in asked + other:
            each.result(5)
        assert graph.script.most_open <= AT_ONCE + 1


def test_an_answer_that_trickles_is_broken_off() -> None:
    patience = Patience(connect=1, read=1, whole=0.0, tries=1)
    with speaking(FINE, patience=patience) as graph, pytest.raises(Unclear):
        graph.client.write("POST", "/me/messages", {})


def test_no_token_and_no_address_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with speaking(FINE) as graph:
        graph.client.get("/users/it@harbor.example/messages", mailbox="it@harbor.example")
    assert "200" in caplog.text
    assert "token-1" not in caplog.text
    assert "harbor" not in caplog.text
