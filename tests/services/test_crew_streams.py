"""What those who look on at a board are told, and when."""

from __future__ import annotations

import asyncio
from pathlib import Path

from starlette.types import Message

from app.models.crew.taps import TapAct
from app.services.crew.links import revoke
from app.services.crew.taps import tap_with
from app.services.crew.web.streams import Streams
from app.services.database import Store
from tests.services.crew_flight import (
    ITO,
    LINDQVIST,
    crew_store,
    flying,
    link_of,
    scope,
    tap_of,
    token_in,
)


async def heard_after(store: Store, flight: str, looks_on: str, *, revoked: bool = False) -> bytes:
    """Of a tap of Ito's, once its board was asked for by Ito; the tap itself is told to nobody.
    By themselves boards are made anew after 15 s."""
    streams = Streams(store)
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def stays() -> Message:
        leaves: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        return await leaves

    async def told(message: Message) -> None:
        if message.get("body") or message.get("more_body") is False:
            heard.put_nowait(message["body"])

    stream = asyncio.create_task(streams.serve(scope(store, flight, looks_on), 0, stays, told))
    try:
        await heard.get()
        token = token_in(link_of(store, flight, ITO))
        act = tap_of(store, flight, "7", TapAct.START)
        if revoked:
            store.run(revoke, link_of(store, flight, looks_on).link_id)
        await asyncio.wrap_future(store.submit(tap_with, token, act))
        await streams.board(scope(store, flight), 0)
        async with asyncio.timeout(5):
            return await heard.get()
    finally:
        streams.close()
        await stream


def test_a_board_that_one_phone_asked_for_is_told_to_those_who_look_on(tmp_path: Path) -> None:
    store = crew_store(tmp_path)
    text = asyncio.run(heard_after(store, flying(store), LINDQVIST))
    assert b'"state":"running"' in text and b'"whole":false' in text
    store.close()


def test_it_ends_the_stream_of_a_link_that_was_revoked(tmp_path: Path) -> None:
    store = crew_store(tmp_path)
    assert asyncio.run(heard_after(store, flying(store), LINDQVIST, revoked=True)) == b""
    store.close()
