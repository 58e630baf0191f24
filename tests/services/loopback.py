"""A web server on loopback that does whatever is worst."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from app.models.calendar.web import parse_address
from app.services.calendar.fetching import Fetched, Limits, fetch

QUICK = Limits(most_bytes=50_000, seconds=0.25)

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Web:
    """Answers a path as it is told to; anything it wrote too much to is let go."""

    url: str
    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def __call__(self, path: str, limits: Limits = QUICK, **more: object) -> Fetched:
        return fetch(parse_address(self.url + path), limits=limits, **more)  # type: ignore[arg-type]


def serve() -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.asked.append(dict(self.headers))
            with suppress(OSError):
                web.answers[self.path](self)

        def log_message(self, *_args: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    web = Web(f"http://127.0.0.1:{server.server_port}")
    thread.start()
    yield web
    web.over.set()
    server.shutdown()
    server.server_close()


def send(status: int, body: bytes = b"", **headers: str) -> Answer:
    def answer(to: BaseHTTPRequestHandler) -> None:
        to.send_response(status)
        for name, value in {"content_length": str(len(body)), **headers}.items():
            to.send_header(name.replace("_", "-"), value)
        to.end_headers()
        to.wfile.write(body)

    return answer
