"""A crew of 200 phones, as sockets that read and never parse more than they need."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from functools import partial

PHONES = 200
TAPS_A_SECOND = 10


@dataclass
class Arrivals:
    """When each tap was sent, and after how many seconds it stood on each other phone."""

    sent: dict[bytes, float] = field(default_factory=dict)
    taken: list[float] = field(default_factory=list)


class Phone(asyncio.Protocol):
    """A stream of news. A tap has arrived when its mark stands in a message."""

    def __init__(self, path: str, arrivals: Arrivals) -> None:
        self._path = path
        self._arrivals = arrivals
        self._kept = b""
        self._seen: set[bytes] = set()
        self.begun = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(f"GET {self._path} HTTP/1.1\r\nHost: crew\r\n\r\n".encode())

    def data_received(self, data: bytes) -> None:
        self._kept += data
        if not self._kept.endswith(b"\n\n\r\n"):
            return
        whole, self._kept = self._kept, b""
        self.begun.set()
        now = time.perf_counter()
        for mark, sent in tuple(self._arrivals.sent.items()):
            if mark not in self._seen and mark in whole:
                self._seen.add(mark)
                self._arrivals.taken.append(now - sent)

    def close(self) -> None:
        self._transport.close()


async def post(port: int, path: str, body: dict[str, object]) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    text = json.dumps(body).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: crew\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n\r\n"
    )
    writer.write(head.encode() + text)
    answer = await reader.read()
    writer.close()
    return int(answer.split(b" ", 2)[1])


Tap = tuple[bytes, str, dict[str, object]]
"""The mark by which it is found in what phones are told, where it is posted, and its body."""


def _itself(phone: Phone) -> Phone:
    return phone


async def fly(
    port: int, streams: list[str], taps: list[Tap], *, whole: bool = True, warm: int = 0
) -> list[float]:
    """Every phone looks on at `streams`. Seconds from each request until it stood on each phone;
    `whole`: each of them did, on all. The first `warm` taps are made and not counted, as a server
    that began just now has its statements to put together."""
    loop = asyncio.get_running_loop()
    arrivals = Arrivals()
    phones = []
    for path in streams:
        phone = Phone(path, arrivals)
        await loop.create_connection(partial(_itself, phone), "127.0.0.1", port)
        phones.append(phone)
    await asyncio.gather(*(phone.begun.wait() for phone in phones))
    await asyncio.sleep(1.0)
    answers = []
    for number, (mark, path, body) in enumerate(taps):
        if number >= warm:
            arrivals.sent[mark] = time.perf_counter()
        answers.append(asyncio.create_task(post(port, path, body)))
        await asyncio.sleep(1 / TAPS_A_SECOND)
    codes = await asyncio.gather(*answers)
    await asyncio.sleep(1.0)
    for phone in phones:
        phone.close()
    assert set(codes) == {200}, codes
    missing = (len(taps) - warm) * len(streams) - len(arrivals.taken)
    assert not (whole and missing), f"{missing} taps never stood on a phone"
    return arrivals.taken
