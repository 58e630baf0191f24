"""The window on Live while 200 phones look at the crew board of its flight and ten taps a second
come from them: how long its thread answers nothing, at the 99th percentile. Served and tapped in
processes of their own, as in the field; of each tap the window is told and looks again."""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
import sys
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import uuid4

import uvicorn

from app.models.crew.links import LinkKind
from app.services.clock import PracticeClock
from app.services.crew.board import phone_board
from app.services.crew.links import crew_links, switch_on
from app.services.crew.web import build_crew_app, routes, server_config, settle_process
from app.services.database import Store
from app.services.events import EventBus
from app.services.uow import Actor, UnitOfWork
from tests.bench.bench_import_frames import Pulse
from tests.bench.crew_load import PHONES, TAPS_A_SECOND, Tap, fly
from tests.bench.desk import Desk, desk
from tests.bench.history import NOW
from tests.bench.measure import promise

LIMIT_MS = 16.7
ROUNDS, SECONDS = 3, 6
BEAT_MS = 5.0
"""Between two beats of the pulse, when nothing is done."""


def serve(folder: str, pipe: Connection) -> None:
    store = Store(Path(folder), PracticeClock(NOW, 1), EventBus(), Actor("crew board"))
    store.open()
    listening = socket.create_server(("127.0.0.1", 0), backlog=512)
    pipe.send(listening.getsockname()[1])
    news = threading.Event()

    def tell() -> None:
        while news.wait():
            news.clear()
            pipe.send(None)
            time.sleep(0.05)

    routes.ASKS_AT_ONCE = 1_000  # they all come from this machine at once
    app = build_crew_app(store, told=news.set)
    threading.Thread(target=tell, daemon=True).start()
    settle_process()
    asyncio.run(uvicorn.Server(server_config(app)).serve(sockets=[listening]))


def phones(port: int, listening: list[str], taps: list[Tap]) -> None:
    asyncio.run(fly(port, listening, taps, whole=False))


def prepared(uow: UnitOfWork, outage_id: str, count: int) -> tuple[list[str], list[Tap]]:
    """Notes on steps of the crew's own, in turn; each is a transaction and a new board."""
    rows = crew_links(uow, outage_id).rows
    paths = {row.person_id: row.path for row in rows if row.kind is LinkKind.CREW}
    steps = [
        step
        for step in phone_board(uow, outage_id).steps.values()
        if "act" not in step and step["who"] in paths
    ]
    observer = next(row.path for row in rows if row.kind is LinkKind.OBSERVER)
    taps: list[Tap] = []
    for number in range(count):
        step = steps[number % len(steps)]
        said = {"act": "note", "note": f"tray {number} is in", "seen": step["v"]}
        body: dict[str, object] = {"id": uuid4().hex, "step": step["id"], **said}
        taps.append((b"-", f"{paths[step['who']]}tap", body))
    return [f"{observer}events"] * PHONES, taps


def p99(at: Desk, port: int, listening: list[str], taps: list[Tap]) -> float:
    context = multiprocessing.get_context("spawn")
    crowd = context.Process(target=phones, args=(port, listening, taps), daemon=True)
    crowd.start()
    begun = time.monotonic()
    while time.monotonic() - begun < 4.0:  # they are connected, and the first taps come
        at.turn(20)
    pulse = Pulse()
    while crowd.is_alive():
        at.turn(20)
    pulse.stop()
    assert crowd.exitcode == 0
    found = _at_99([gap.lasted - BEAT_MS for gap in pulse.gaps])
    own = _at_99([gap.lasted - gap.starved - BEAT_MS for gap in pulse.gaps])
    print(f"  p99 {found:.1f} ms, {own:.1f} with a core to itself; longest {max(pulse.gaps)}")
    return found


def _at_99(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.99)]


def look_when_told(pipe: Connection, store: Store) -> None:
    try:
        while True:
            pipe.recv()
            store.look_elsewhere()
    except (EOFError, OSError, RuntimeError):
        return


def main() -> int:
    context = multiprocessing.get_context("spawn")
    with desk() as at:
        console = at.window.console
        assert console is not None
        store = console.store
        at.window.shell.goto("live")
        at.settle()
        outage_id = store.read(_flown)
        store.run(switch_on, outage_id)
        ours, theirs = context.Pipe()
        child: Any = context.Process(target=serve, args=(str(at.folder), theirs), daemon=True)
        child.start()
        port = ours.recv()
        threading.Thread(target=look_when_told, args=(ours, store), daemon=True).start()
        found = []
        for _ in range(ROUNDS):
            listening, taps = store.read(prepared, outage_id, SECONDS * TAPS_A_SECOND)
            found.append(p99(at, port, listening, taps))
            at.settle()
        child.kill()
        child.join()
    return 0 if promise("crew.window-frame-p99-ms", min(found), LIMIT_MS) else 1


def _flown(uow: UnitOfWork) -> str:
    from app.services.live.reading import live_outage

    shown = live_outage(uow)
    assert shown is not None
    return shown.outage_id


if __name__ == "__main__":
    sys.exit(main())
