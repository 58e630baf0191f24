"""What those who look on at a board are told, and when."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from starlette.types import Message

from app.models.crew.taps import TapAct
from app.services.crew.links import revoke
from app.services.crew.taking_back import tap_with
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


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = crew_store(tmp_path)
    yield made
    made.close()


@pytest.fixture
def flight(store: Store) -> str:
    return flying(store)


@asynccontextmanager
async def looking_on(
    store: Store, flight: str
) -> AsyncIterator[tuple[Streams, asyncio.Queue[bytes]]]:
    """Lindqvist does, and has seen all there is. By themselves boards are made anew after 15 s."""
    streams = Streams(store)
    heard: asyncio.Queue[bytes] = asyncio.Queue()

    async def stays() -> Message:
        leaves: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        return await leaves

    async def told(message: Message) -> None:
        if message.get("body") or message.get("more_body") is False:
            heard.put_nowait(message["body"])

    stream = asyncio.create_task(streams.serve(scope(store, flight, LINDQVIST), 0, stays, told))
    try:
        await heard.get()
        async with asyncio.timeout(5):
            yield streams, heard
    finally:
        streams.close()
        await stream


async def tapped(store: Store, flight: str) -> None:
    """By Ito; the tap itself is told to nobody."""
    token = token_in(link_of(store, flight, ITO))
    act = tap_of(store, flight, "7", TapAct.START)
    await asyncio.wrap_future(store.submit(tap_with, token, act))


def test_a_board_that_one_phone_asked_for_is_told_to_those_who_look_on(
    store: Store, flight: str
) -> None:
    async def fly() -> bytes:
        async with looking_on(store, flight) as (streams, heard):
            await tapped(store, flight)
            await streams.board(scope(store, flight), 0)
            return await heard.get()

    text = asyncio.run(fly())
    assert b'"state":"running"' in text and b'"whole":false' in text


def test_it_ends_the_stream_of_a_link_that_was_revoked(store: Store, flight: str) -> None:
    async def fly() -> bytes:
        async with looking_on(store, flight) as (streams, heard):
            store.run(revoke, link_of(store, flight, LINDQVIST).link_id)
            await streams.board(scope(store, flight), 0)
            return await heard.get()

    assert asyncio.run(fly()) == b""


def test_whoever_asks_and_goes_keeps_the_news_from_nobody(store: Store, flight: str) -> None:
    async def fly() -> bytes:
        async with looking_on(store, flight) as (streams, heard):
            ito, busy = scope(store, flight), threading.Event()
            await tapped(store, flight)
            store.submit_read(lambda uow: busy.wait(5))
            asks = asyncio.create_task(streams.board(ito, 0))
            await asyncio.sleep(0)
            asks.cancel()
            await asyncio.wait([asks])
            busy.set()
            return await heard.get()

    assert b'"state":"running"' in asyncio.run(fly())


def test_when_the_board_ends_each_stream_ends_by_itself(store: Store, flight: str) -> None:
    async def fly() -> bytes:
        async with looking_on(store, flight) as (streams, heard):
            await asyncio.to_thread(streams.end)
            return await heard.get()

    assert asyncio.run(fly()) == b""
