"""What is known of layers that are read from the web.

It lies among the store's settings, beside the horizons: it says nothing that was done, and a copy
without it asks anew.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlmodel import col

from app.models.calendar.web import SOURCE, WebAddress, parse_address
from app.models.tables.calendar import CalendarLayer
from app.models.tables.settings import Setting
from app.models.times import speak_moment
from app.services.uow import UnitOfWork

KNOWN = "calendar_web:"


@dataclass(frozen=True, slots=True)
class Known:
    """Of a layer from the web: the tags of the calendar that was taken, when that was, when it was
    asked for last, and what went wrong then ("" when nothing did). `private`: the address that
    somebody typed was of one's own network."""

    etag: str = ""
    modified: str = ""
    private: bool = False
    read_at: str = ""
    tried_at: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class WebLayer:
    id: str
    name: str
    address: WebAddress
    known: Known


def web_layers(uow: UnitOfWork) -> tuple[WebLayer, ...]:
    """By name."""
    return tuple(web_layer(uow, row) for row in _rows(uow))


def _rows(uow: UnitOfWork) -> Sequence[CalendarLayer]:
    mine = col(CalendarLayer.source).startswith(SOURCE)
    return uow.all(CalendarLayer, mine, order=(col(CalendarLayer.key),))


@dataclass(frozen=True, slots=True)
class StaleLayer:
    """Of a layer that could not be refreshed: `since` says from when its events are, and when it
    was asked for last; `why` is what went wrong then."""

    id: str
    name: str
    since: str
    why: str


def stale_layers(uow: UnitOfWork, zone: str) -> tuple[StaleLayer, ...]:
    """By name; times in `zone`."""
    known = ((row, known_of(uow, row.id)) for row in _rows(uow))
    return tuple(
        StaleLayer(row.id, row.name, _since(found, zone), found.trouble)
        for row, found in known
        if found.trouble
    )


def _since(known: Known, zone: str) -> str:
    read, tried = (
        speak_moment(datetime.fromisoformat(each), zone) if each else "an unknown time"
        for each in (known.read_at, known.tried_at)
    )
    return f"Its events are as of {read}; asked for last at {tried}."


def known_of(uow: UnitOfWork, layer_id: str) -> Known:
    row = uow.find(Setting, KNOWN + layer_id)
    return Known(**json.loads(row.value)) if row is not None else Known()


def web_layer(uow: UnitOfWork, row: CalendarLayer) -> WebLayer:
    address = parse_address(row.source.removeprefix(SOURCE))
    return WebLayer(row.id, row.name, address, known_of(uow, row.id))


def keep_known(uow: UnitOfWork, layer_id: str, known: Known) -> None:
    row = uow.find(Setting, KNOWN + layer_id) or Setting(name=KNOWN + layer_id)
    row.value = json.dumps(asdict(known))
    uow.add(row)


def forget_tags(uow: UnitOfWork, layer_id: str) -> None:
    """The next answer counts, be it the same again. Nothing for a layer from elsewhere."""
    if uow.find(Setting, KNOWN + layer_id) is not None:
        keep_known(uow, layer_id, replace(known_of(uow, layer_id), etag="", modified=""))
