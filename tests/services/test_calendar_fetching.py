"""A calendar fetched from the web, against a server on loopback that does whatever is worst."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from app.models.calendar.web import parse_address
from app.services.calendar.fetching import NotFetched, Tags, fetch
from app.services.calendar.fetching_proxy import proxy_for
from app.services.working import Stopped, Work
from tests.services.loopback import Answer, Web, send, serve

CALENDAR = b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"


@pytest.fixture
def web() -> Iterator[Web]:
    yield from serve()


@pytest.fixture
def elsewhere() -> Iterator[Web]:
    yield from serve()


def test_a_calendar_is_fetched_and_asked_for_again_by_its_tags(web: Web) -> None:
    web.answers["/year.ics"] = send(200, CALENDAR, etag='"7"')
    first = web("/year.ics")
    assert (first.data, first.tags, first.was_private) == (CALENDAR, Tags('"7"'), True)
    web.answers["/year.ics"] = send(304)
    assert web("/year.ics", tags=first.tags).data is None
    assert web.asked[-1]["If-None-Match"] == '"7"'


def test_a_redirect_is_followed_and_a_circle_of_them_ends(web: Web) -> None:
    web.answers |= {"/old": send(302, location="/new"), "/new": send(200, CALENDAR)}
    assert web("/old").data == CALENDAR
    web.answers["/round"] = send(301, location="/round")
    with pytest.raises(NotFetched, match="from one address to the next, more than 5 times"):
        web("/round")


def test_a_redirect_into_ones_own_network_is_not_followed(web: Web, elsewhere: Web) -> None:
    """Not even from a machine of it that was typed."""
    elsewhere.answers["/"] = send(200, CALENDAR)
    web.answers["/"] = send(302, location=elsewhere.url + "/")
    with pytest.raises(NotFetched, match=r"of your own network.*only when you typed it"):
        web("/")
    web.answers["/"] = send(302, location="file:///etc/passwd")
    with pytest.raises(NotFetched, match="not by file:"):
        web("/")
    assert not elsewhere.asked
    with pytest.raises(NotFetched, match="of your own network"):  # it was public when typed
        web("/", private=False)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (send(200, b"<!DOCTYPE html><p>Sign in", content_type="text/html"), "a web page"),
        (send(200, b"\n<html>", content_type="text/calendar"), "a web page"),
        (send(200, b"x", content_length=str(2**30)), "sends more than"),
        (send(200, b"x" * 60_000, content_length="60000"), "sends more than"),
        (send(200, b"x", content_encoding="gzip"), "sends the calendar packed"),
        (send(200), "answered with nothing"),
        (send(401), "only to who is signed in"),
        (send(404), "has no calendar there"),
        (send(503), "answered with an error"),
    ],
)
def test_what_is_no_calendar_is_said_in_a_sentence(web: Web, answer: Answer, said: str) -> None:
    web.answers["/c.ics"] = answer
    with pytest.raises(NotFetched, match=said):
        web("/c.ics")


def test_no_answer_and_one_that_never_ends_are_given_up_in_time(web: Web) -> None:
    def for_ever(to: BaseHTTPRequestHandler) -> None:
        to.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not web.over.wait(0.02):
            to.wfile.write(b"X-Wait: 1\r\n")

    web.answers |= {"/silent": lambda _to: web.over.wait(), "/head": for_ever}  # type: ignore[dict-item]
    for path in ("/silent", "/head"):
        with pytest.raises(NotFetched, match="did not send a calendar within"):
            web(path)


def test_it_can_be_cancelled_and_a_closed_door_is_said(web: Web) -> None:
    work = Work()

    def cancelled(_to: BaseHTTPRequestHandler) -> None:
        work.stop.set()
        web.over.wait()

    web.answers["/"] = cancelled
    with pytest.raises(Stopped):
        web("/", work=work)
    with pytest.raises(NotFetched, match="does not answer, or there is no network"):
        fetch(parse_address("http://127.0.0.1:1/"))


@pytest.fixture
def proxy(web: Web, monkeypatch: pytest.MonkeyPatch) -> Web:
    """This machine is set up with it; a name nobody knows is not looked for long."""
    for scheme in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(scheme, web.url.replace("//", "//desk:pa%20ss@"))
    monkeypatch.setenv("no_proxy", "intra.example")
    monkeypatch.setattr("app.services.calendar.fetching_proxy.LOOK_UP_S", 0.05)
    return web


def test_it_is_asked_for_through_the_proxy_of_the_machine(proxy: Web, elsewhere: Web) -> None:
    at = "http://93.184.216.34/year.ics"
    proxy.answers[at] = send(200, CALENDAR)
    found = fetch(parse_address(at))
    assert (found.data, found.was_private) == (CALENDAR, False)
    assert proxy.asked[0]["Proxy-Authorization"] == "Basic ZGVzazpwYSBzcw=="
    elsewhere.answers["/"] = send(200, CALENDAR)
    assert elsewhere("/").data == CALENDAR, "this machine itself is asked directly"
    assert proxy_for(parse_address("http://www.intra.example/")) is None


def test_a_proxy_is_no_way_into_ones_own_network(proxy: Web) -> None:
    typed = "http://93.184.216.34/"
    for location, said in (
        ("http://10.0.0.7/", "of your own network"),
        ("http://board.invalid/", r"which only the proxy 127.0.0.1:\d+ can look up"),
    ):
        proxy.answers[typed] = send(302, location=location)
        with pytest.raises(NotFetched, match=said):
            fetch(parse_address(typed))
    proxy.answers["http://board.invalid/"] = send(200, CALENDAR)
    assert fetch(parse_address("http://board.invalid/")).data == CALENDAR, "it was typed"


def test_what_the_proxy_does_not_do_is_said(proxy: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    at = parse_address("http://93.184.216.34/")
    proxy.answers[at.url] = send(407)
    with pytest.raises(NotFetched, match=r"127.0.0.1:\d+ asks for a name and password"):
        fetch(at)
    with pytest.raises(NotFetched, match=r"did not reach 93.184.216.34 \(501"):
        fetch(parse_address("https://93.184.216.34/"))
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    with pytest.raises(NotFetched, match=r"The proxy 127.0.0.1:1, .* does not answer"):
        fetch(at)
    monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:1")
    with pytest.raises(NotFetched, match="none of http: or https:"):
        fetch(at)
