"""A place on loopback to which the browser brings the answer of a sign-in, once."""

from __future__ import annotations

import hmac
import socket
import threading
import time
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Empty, SimpleQueue
from typing import Any
from urllib.parse import parse_qs

from app.models.errors import ConsoleError

LONGEST_ANSWER = 64 * 1024
_LOOK_EVERY = 0.1  # seconds between looks at `cancel`
_PAGE = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>Flight Console</title>"
    "<body style='font:18px system-ui;margin:4rem auto;max-width:30rem'><p>{}</p>"
)


class SignInCancelled(ConsoleError):
    """The user changed their mind; who was signed in still is."""

    code = "cancelled"


class SignInTimedOut(ConsoleError):
    """Nobody answered in the browser; who was signed in still is."""

    code = "timed_out"


class Listener:
    """Takes the first form with the state it expects; others are told they are none of ours."""

    def __init__(self) -> None:
        self._answers: SimpleQueue[dict[str, str]] = SimpleQueue()
        self._state = ""
        first = _server(self, "127.0.0.1", 0)
        self.port = int(first.server_address[1])
        self._servers = [first]
        with suppress(OSError):  # a machine without IPv6, or the port is taken there
            self._servers.append(_server(self, "::1", self.port))
        for server in self._servers:
            threading.Thread(
                target=server.serve_forever, args=(_LOOK_EVERY,), name="sign-in", daemon=True
            ).start()

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    def expect(self, state: str) -> None:
        """From now on the form with this state is taken."""
        self._state = state

    def wait(self, cancel: threading.Event, seconds: float) -> dict[str, str]:
        """The form's fields. Raises SignInCancelled soon after `cancel` is set, SignInTimedOut."""
        end = time.monotonic() + seconds
        while not cancel.is_set():
            if time.monotonic() > end:
                raise SignInTimedOut(
                    "Nobody signed in in the browser in time, so nothing changed. Try again, or "
                    "sign in with a code if the browser cannot reach the console."
                )
            with suppress(Empty):
                return self._answers.get(timeout=_LOOK_EVERY)
        raise SignInCancelled("The sign-in was cancelled; nothing changed.")

    def close(self) -> None:
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def took(self, fields: dict[str, str]) -> bool:
        """Whether these fields were waited for."""
        if not self._state or not hmac.compare_digest(
            fields.get("state", "").encode(), self._state.encode()
        ):
            return False
        self._state = ""
        self._answers.put(fields)
        return True


def _server(listener: Listener, host: str, port: int) -> ThreadingHTTPServer:
    class Loopback(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        daemon_threads = True

    class Answer(BaseHTTPRequestHandler):
        timeout = 10

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            if not length.isdigit() or int(length) > LONGEST_ANSWER:
                self._say(400, "This is not the answer the console waits for.")
                return
            text = self.rfile.read(int(length)).decode("utf-8", "replace")
            fields = {name: values[-1] for name, values in parse_qs(text).items()}
            if not listener.took(fields):
                self._say(400, "This belongs to another sign-in. Start again from the console.")
            elif "error" in fields:
                self._say(200, "You did not sign in. Close this tab; the console says more.")
            else:
                self._say(200, "Thank you. Close this tab and go back to the console.")

        def do_GET(self) -> None:
            self._say(404, "Start the sign-in from the console.")

        def _say(self, status: int, sentence: str) -> None:
            body = _PAGE.format(sentence).encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing: the address and the form are secrets."""

    return Loopback((host, port), Answer)
