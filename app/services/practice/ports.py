"""Where the practice tenant listens: at the same ports whenever they are free, so that the links in
mail that it sent before, and those to its pages, still lead somewhere."""

from __future__ import annotations

import json
import socket
import sys
from contextlib import suppress
from pathlib import Path

LOOPBACK = ("127.0.0.1", "::1")
FILE = "ports.json"


class StartFailed(Exception):
    """The practice tenant could not be served; the sentence says why."""


def listening(folder: Path, port: int = 0) -> tuple[list[socket.socket], list[socket.socket]]:
    """The sockets of HTTPS and of the pages. With 0 the ports are those of the last time; one
    that somebody else has is replaced by any. Raises StartFailed when `port` is taken."""
    secure, plain = _last(folder)
    found = _chosen(port) if port else _again(secure), _again(plain)
    with suppress(OSError):  # then the next start has other ones
        ports = [sockets[0].getsockname()[1] for sockets in found]
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        (folder / FILE).write_text(json.dumps(ports), encoding="utf-8")
    return found


def _last(folder: Path) -> tuple[int, int]:
    """0 where none is known."""
    try:
        secure, plain = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return int(secure), int(plain)
    except (OSError, ValueError, TypeError):
        return 0, 0


def _chosen(port: int) -> list[socket.socket]:
    try:
        return _sockets(port)
    except (OSError, OverflowError) as taken:
        why = getattr(taken, "strerror", "") or taken
        raise StartFailed(
            f"Port {port} cannot be had ({why}). Choose another with --port, or leave it out."
        ) from taken


def _again(port: int) -> list[socket.socket]:
    """The port of the last time, if it is free at both addresses."""
    if port:
        with suppress(OSError, OverflowError):
            return _sockets(port, both=True)
    return _sockets(0)


def _sockets(port: int, *, both: bool = False) -> list[socket.socket]:
    """On 127.0.0.1 and, where this machine has it, on the same port of ::1: a browser may try
    either for `localhost`. `both`: another program at ::1 counts as taken."""
    first = _bound(socket.AF_INET, port)
    try:
        second = _bound(socket.AF_INET6, first.getsockname()[1])
    except OSError:
        if both and _has_six():
            first.close()
            raise
        return [first]
    return [first, second]


def _bound(family: socket.AddressFamily, port: int) -> socket.socket:
    """Named as TCP, because asyncio sends small writes at once only on such: else each answer
    waits 40 ms for the other side's acknowledgement. Listens at once, so that it is known here
    whether the port is free."""
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":  # there REUSEADDR would share it with whoever has it
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((LOOPBACK[family == socket.AF_INET6], port))
        made.listen()
    except BaseException:
        made.close()
        raise
    return made


def _has_six() -> bool:
    """Whether this machine has ::1 at all."""
    try:
        _bound(socket.AF_INET6, 0).close()
    except OSError:
        return False
    return True
