"""A server that does exactly what a script says, down to cutting the connection."""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any


@dataclass
class Seen:
    """A request as it came in."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Answer:
    """`cut`: how many bytes of the whole answer are sent before the connection is reset."""

    status: int = 200
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None

    def raw(self) -> bytes:
        plain = isinstance(self.body, str)
        content = b"" if self.body is None else str(self.body).encode()
        if self.body is not None and not plain:
            content = json.dumps(self.body).encode()
        headers = {
            "Content-Type": "text/html" if plain else "application/json;odata.metadata=minimal",
            "Content-Length": str(len(content)),
            **self.headers,
        }
        if self.body is None:
            del headers["Content-Type"]
        lines = [f"HTTP/1.1 {self.status} x", *(f"{name}: {v}" for name, v in headers.items())]
        whole = "\r\n".join(lines).encode() + b"\r\n\r\n" + content
        return whole if self.cut is None else whole[: self.cut]


class Script:
    """Answers in order, the last one for ever; `seen` is what was asked."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.seen: list[Seen] = []
        self.open = 0
        self.most_open = 0
        self.hold = threading.Event()
        self.hold.set()
        self._lock = threading.Condition()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1.0"
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.hold.set()
        self._socket.close()

    def wait_open(self, count: int) -> None:
        """Until so many requests stand at once."""
        with self._lock:
            assert self._lock.wait_for(lambda: self.open >= count, 10)

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as lines:
            while self._one(connection, lines):
                pass

    def _one(self, connection: socket.socket, lines: Any) -> bool:
        try:
            first = lines.readline().decode()
        except OSError:
            return False
        if not first:
            return False
        headers = {}
        while line := lines.readline().decode().rstrip("\r\n"):
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        body = lines.read(int(headers.get("content-length", 0)))
        method, target, _ = first.split()
        with self._lock:
            self.seen.append(Seen(method, target, headers, body))
            self.open += 1
            self.most_open = max(self.most_open, self.open)
            self._lock.notify_all()
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        self.hold.wait(10)
        with self._lock:
            self.open -= 1
        connection.sendall(answer.raw())
        if answer.cut is not None:
            reset = struct.pack("ii", 1, 0)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            connection.shutdown(socket.SHUT_RDWR)
            return False
        return True


@contextmanager
def scripted(*answers: Answer) -> Iterator[Script]:
    script = Script(*answers)
    try:
        yield script
    finally:
        script.close()


def graph_error(code: str, message: str = "for programmers", **inner: object) -> dict[str, Any]:
    return {"error": {"code": code, "message": message, "innerError": {"code": "", **inner}}}
