"""Layers read from the web: asked again, and left as they are by a bad answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from app.models.errors import BadInput, NotAllowed
from app.models.tables.calendar import BusinessEvent
from app.services.calendar.fetching import NotFetched
from app.services.calendar.importing import LayerRule
from app.services.calendar.layers import layers
from app.services.calendar.web_layers import (
    look_at_address,
    refresh_due,
    refresh_layer,
    take_looked,
)
from app.services.clock import REHEARSAL
from app.services.database import Store
from app.services.uow import UnitOfWork, undo
from tests.makers import clock_of, make_store
from tests.services.loopback import Web, send, serve


@pytest.fixture
def web() -> Iterator[Web]:
    yield from serve()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = make_store(tmp_path / "store")
    yield made
    made.close()


def calendar(*titles: str) -> bytes:
    events = "".join(
        f"BEGIN:VEVENT\r\nUID:{title}\r\nSUMMARY:{title}\r\nDTSTART:20250110T190000Z\r\n"
        "DURATION:PT1H\r\nEND:VEVENT\r\n"
        for title in titles
    )
    return f"BEGIN:VCALENDAR\r\n{events}END:VCALENDAR\r\n".encode()


def titles(uow: UnitOfWork) -> list[str]:
    return sorted(row.title for row in uow.all(BusinessEvent))


def test_a_layer_remembers_its_address_and_is_asked_again(store: Store, web: Web) -> None:
    web.answers["/year.ics"] = send(200, calendar("Payroll"), etag='"1"')
    look = look_at_address(store, web.url + "/year.ics")
    done = take_looked(store, look, "Business", LayerRule())
    (row,) = store.read(layers)
    assert (row.name, row.events, row.where) == ("Business", 1, "127.0.0.1/…/year.ics")
    # within a day nothing is asked; then an answer that is as before changes nothing
    asked = len(web.asked)
    assert refresh_due(store) == 0 and len(web.asked) == asked
    clock_of(store).set(store.clock.now() + timedelta(hours=25))
    web.answers["/year.ics"] = send(304)
    assert refresh_due(store) == 1 and web.asked[-1]["If-None-Match"] == '"1"'
    # a bad one leaves what was there, and is said on the layer
    web.answers["/year.ics"] = send(200, b"<html>Sign in", content_type="text/html")
    with pytest.raises(NotFetched, match="a web page"):
        refresh_layer(store, done.layer_id)
    assert store.read(titles) == ["Payroll"] and "a web page" in store.read(layers)[0].trouble
    # a newer one is taken whole; taken back, the same answer is newer again
    web.answers["/year.ics"] = send(200, calendar("Audit", "Payroll"), etag='"2"')
    newer = refresh_layer(store, done.layer_id)
    assert newer is not None and newer.undo is not None
    assert store.read(titles) == ["Audit", "Payroll"] and not store.read(layers)[0].trouble
    store.run(undo, newer.undo)
    refresh_layer(store, done.layer_id)
    assert "If-None-Match" not in web.asked[-1] and store.read(titles) == ["Audit", "Payroll"]


def test_nothing_is_fetched_in_a_rehearsal(store: Store, web: Web) -> None:
    begun = store.clock.now().isoformat()
    told = {"start": begun, "begun": begun, "speed": 1, "outage": ""}
    (store.folder / REHEARSAL).write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(NotAllowed, match="rehearsal"):
        look_at_address(store, web.url)
    assert refresh_due(store) == 0 and not web.asked


def test_a_vendors_notice_behind_an_address_is_no_layer(store: Store, web: Web) -> None:
    web.answers["/"] = send(200, b"BEGIN:VCALENDAR\r\nX-MAINTNOTE-PROVIDER:x\r\nEND:VCALENDAR\r\n")
    with pytest.raises(BadInput, match="vendor’s maintenance notices"):
        look_at_address(store, web.url)
