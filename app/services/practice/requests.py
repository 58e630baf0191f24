"""A request as it came over the wire."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.types import Receive, Scope


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came: ids in the path are whole even when they hold a slash."""

    method: str
    base: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    content: bytes

    @classmethod
    async def read(cls, scope: Scope, receive: Receive) -> Request:
        headers = {k.decode("latin-1"): v.decode("latin-1") for k, v in scope["headers"]}
        options = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        content = bytearray()
        more = True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                break
            content += message.get("body", b"")
            more = message.get("more_body", False)
        return cls(
            scope["method"],
            f"{scope['scheme']}://{headers.get('host', 'localhost')}",
            scope["raw_path"].decode("latin-1"),
            {name.casefold(): value for name, value in options},
            headers,
            bytes(content),
        )
