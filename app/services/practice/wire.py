"""How an answer goes over the wire, and how it does not: the socket itself is cut."""

from __future__ import annotations

import asyncio
import json
import socket
import struct
import sys
from collections.abc import Mapping
from typing import Any, cast

from starlette.types import Receive, Send

from app.services.practice.call import Answer

_PORTAL = b"""<!DOCTYPE html><html><head><title>Guest network</title></head><body>
<h1>Welcome to the guest network</h1><p>Accept the terms to go online.</p></body></html>"""
_PIECES = 20
_KIND = (
    "application/json;odata.metadata=minimal;odata.streaming=true;"
    "IEEE754Compatible=false;charset=utf-8"
)


def encoded(answer: Answer) -> tuple[list[tuple[bytes, bytes]], bytes]:
    headers: dict[str, str] = {"Cache-Control": "private", **answer.headers}
    content = answer.content or b""
    if answer.body is not None:
        content = json.dumps(answer.body, ensure_ascii=False, separators=(",", ":")).encode()
        headers.setdefault("Content-Type", _KIND)
        headers.setdefault("OData-Version", "4.0")
    if answer.status != 204:
        headers["Content-Length"] = str(len(content))
    return [(k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in headers.items()], content


async def reply(send: Send, answer: Answer, over: float = 0) -> None:
    """The whole answer; with `over` in small pieces that take that many seconds."""
    headers, content = encoded(answer)
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    if over > 0 and content:
        size = max(1, len(content) // _PIECES)
        for at in range(0, len(content), size):
            await asyncio.sleep(over / _PIECES)
            piece = content[at : at + size]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        content = b""
    await send({"type": "http.response.body", "body": content})


async def portal(send: Send) -> None:
    """What a guest network puts in the service's place."""
    await reply(send, Answer(200, headers={"Content-Type": "text/html"}, content=_PORTAL))


async def half(send: Send, receive: Receive, answer: Answer) -> None:
    """Head and half the body, then the end of the connection."""
    headers, content = encoded(answer)
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    body = content[: len(content) // 2]
    await send({"type": "http.response.body", "body": body, "more_body": True})
    _transport(send).close()  # what was written still goes out
    await _gone(receive)


async def cut(send: Send, receive: Receive) -> None:
    """A reset: not a byte of an answer."""
    transport = _transport(send)
    if transport.is_closing():
        return  # the client was quicker
    connection = transport.get_extra_info("socket")
    if connection is not None:
        linger = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
    await _gone(receive)


async def _gone(receive: Receive) -> None:
    """Until the server has seen that the connection is no more: then it says nothing itself."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _transport(send: Send) -> asyncio.Transport:
    """ASGI has no word for cutting a connection, so this looks behind `send`: through the
    closures of Starlette's wrappers to uvicorn's cycle, which holds the transport."""
    seen: Any = send
    while seen is not None:
        owner = getattr(seen, "__self__", None)
        transport = getattr(owner, "transport", None)
        if isinstance(transport, asyncio.BaseTransport) and hasattr(transport, "abort"):
            return cast(asyncio.Transport, transport)  # over TLS it is no subclass
        seen = _cells(seen).get("send")
    raise RuntimeError("a connection can only be cut behind uvicorn")


def _cells(function: Any) -> Mapping[str, Any]:
    names = getattr(getattr(function, "__code__", None), "co_freevars", ())
    return {
        name: cell.cell_contents
        for name, cell in zip(names, getattr(function, "__closure__", None) or (), strict=True)
    }
