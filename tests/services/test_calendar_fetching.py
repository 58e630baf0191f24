"""A calendar fetched from the web, against a server on loopback that does whatever is worst."""

from __future__ import annotations

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from app.models.calendar.web import parse_address
from app.services.calendar.fetching import NotFetched, Tags, fetch
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
