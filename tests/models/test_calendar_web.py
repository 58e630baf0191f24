"""Addresses of calendars: what may be typed, and what is of one's own network."""

from __future__ import annotations

import pytest

from app.models.calendar.web import is_private, parse_address
from app.models.errors import BadInput


@pytest.mark.parametrize(
    ("typed", "url"),
    [
        ("webcal://Calendar.Example/year.ics", "https://calendar.example/year.ics"),
        (" https://bücher.example:443/ü?k=1#x ", "https://xn--bcher-kva.example/%C3%BC?k=1"),
        ("http://[::1]:8080", "http://[::1]:8080/"),
    ],
)
def test_an_address_is_kept_as_it_is_asked_for(typed: str, url: str) -> None:
    assert parse_address(typed).url == url


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("file:///etc/passwd", "not by file:"),
        ("calendar.example/year.ics", "without https://"),
        ("https:///year.ics", "names no machine"),
        ("https://me:secret@calendar.example/", "name and password"),
        ("https://calendar.example/a b", "spaces"),
        ("http://calendar.example:99999/", "no address"),
        ("", "Type the address"),
    ],
)
def test_what_is_no_address_is_refused(typed: str, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        parse_address(typed)


def test_which_machines_are_of_ones_own_network() -> None:
    private = (
        "127.0.0.1",
        "10.1.2.3",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "::1",
        "fe80::1%2",
    )
    wrapped = ("::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "fd00::1", "224.0.0.1")
    assert all(map(is_private, private + wrapped))
    assert not any(map(is_private, ("93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34")))


def test_http_turned_into_https_is_still_the_machine_that_was_typed() -> None:
    typed = parse_address("http://intranet.example/c.ics")
    assert typed.led_to("https://intranet.example/c.ics").stays_at(typed)
    assert not typed.led_to("http://intranet.example:8080/").stays_at(typed)
    assert not typed.led_to("//other.example/").stays_at(typed)
