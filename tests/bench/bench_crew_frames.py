"""The window on Live while 200 phones look at the crew board of its flight and ten taps a second
come from them: how long its thread answers nothing in a frame, at the 99th percentile of frames.
Twenty steps are flown, about five at a time, and four of nine taps move one of them. Served and
tapped in processes of their own, as in the field; the window is told of taps, looks again and rests
in its event loop as it does there. The median of the rounds is promised."""

from __future__ import annotations

import asyncio
import multiprocessing
import socket
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from uuid import uuid4

import uvicorn
from PySide6.QtCore import QEventLoop, QTimer

from app.models.crew.links import LinkKind
from app.services.clock import PracticeClock
from app.services.crew.board import phone_board
from app.services.crew.links import crew_links, switch_on
from app.services.crew.process import LOOK_GAP_S, SAY_GAP_S
from app.services.crew.web import build_crew_app, routes, server_config, settle_process
from app.services.database import Store
from app.services.events import EventBus
from app.services.uow import Actor, UnitOfWork
from tests.bench.bench_import_frames import Pulse
from tests.bench.crew_load import PHONES, Tap, fly
from tests.bench.desk import desk
from tests.bench.history import NOW
from tests.bench.measure import promise

LIMIT_MS = 16.7
ROUNDS = 3
LIFE = ("start", "still", "note", "blocked", "still", "start", "note", "still", "done")
"""What is tapped of each step, from its start to its end."""
BESIDE = 5
"""So many steps are under way at a time."""
FRAME_MS = 1000 / 60
CONNECTED_S = 4.0
"""By then all phones look on, and the first taps come."""


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
            time.sleep(SAY_GAP_S)

    routes.ASKS_AT_ONCE = 1_000  # they all come from this machine at once
    app = build_crew_app(store, told=news.set)
    threading.Thread(target=tell, daemon=True).start()
    settle_process()
    asyncio.run(uvicorn.Server(server_config(app)).serve(sockets=[listening]))


def phones(port: int, listening: list[str], taps: list[Tap]) -> None:
    asyncio.run(fly(port, listening, taps, whole=False))


def prepared(uow: UnitOfWork, outage_id: str) -> tuple[list[str], list[Tap]]:
    """Where each phone listens, and the life of each of the crew's steps, one a little after the
    other; each tap is a transaction and a new board."""
    rows = crew_links(uow, outage_id).rows
    paths = {row.person_id: row.path for row in rows if row.kind is LinkKind.CREW}
    board = phone_board(uow, outage_id)
    steps = [each for each in board.steps.values() if "act" not in each and each["who"] in paths]
    observer = next(row.path for row in rows if row.kind is LinkKind.OBSERVER)
    every = len(LIFE)
    order = sorted(
        (number * every + past * BESIDE, number, past)
        for number in range(len(steps))
        for past in range(every)
    )
    taps: list[Tap] = []
    for when, number, past in order:
        step, act = steps[number], LIFE[past]
        body: dict[str, object] = {"id": uuid4().hex, "step": step["id"], "act": act}
        body |= {"seen": step["v"] + past, "note": f"tray {when} is in" if act == "note" else ""}
        taps.append((b"-", f"{paths[step['who']]}tap", body))
    return [f"{observer}events"] * PHONES, taps


def p99(port: int, listening: list[str], taps: list[Tap]) -> float:
    context = multiprocessing.get_context("spawn")
    crowd = context.Process(target=phones, args=(port, listening, taps), daemon=True)
    crowd.start()
    begun = time.monotonic()
    rest(lambda: time.monotonic() - begun >= CONNECTED_S)
    pulse = Pulse()
    rest(lambda: not crowd.is_alive())
    pulse.stop()
    assert crowd.exitcode == 0
    taken = frames(gap.lasted for gap in pulse.gaps)
    found, own = _at_99(taken), _at_99(frames(gap.lasted - gap.starved for gap in pulse.gaps))
    middle, missed = statistics.median(taken), sum(each > LIMIT_MS for each in taken)
    print(
        f"  p50 {middle:.1f} ms, p99 {found:.1f}, {own:.1f} with a core to itself; longest "
        f"{max(pulse.gaps)}; {missed} of {len(taken)} frames beyond {LIMIT_MS}"
    )
    return found


def rest(done: Callable[[], bool]) -> None:
    """The window's event loop as `exec` runs it: between two events it sleeps, and takes neither
    a core nor the interpreter from the thread that reads."""
    loop, look = QEventLoop(), QTimer(interval=50)
    look.timeout.connect(lambda: loop.quit() if done() else None)
    look.start()
    loop.exec()
    look.stop()


def frames(gaps: Iterable[float]) -> list[float]:
    """Milliseconds; of each frame, 60 a second, the longest gap between two answers that was in it
    or reached across it. At rest that is one beat of the pulse, 5 ms, which is not taken off."""
    longest: list[float] = []
    begun = 0.0
    for gap in gaps:
        ended = begun + gap
        longest.extend([0.0] * (int(ended / FRAME_MS) + 1 - len(longest)))
        for frame in range(int(begun / FRAME_MS), int(ended / FRAME_MS) + 1):
            longest[frame] = max(longest[frame], gap)
        begun = ended
    return longest


def _at_99(taken: list[float]) -> float:
    return sorted(taken)[int(len(taken) * 0.99)]


def look_when_told(pipe: Connection, store: Store) -> None:
    try:
        while True:
            pipe.recv()
            while pipe.poll():  # only the last counts
                pipe.recv()
            store.look_elsewhere()
            time.sleep(LOOK_GAP_S)
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
        listening, taps = store.read(prepared, outage_id)
        each = len(taps) // ROUNDS
        for number in range(ROUNDS):
            found.append(p99(port, listening, taps[number * each : (number + 1) * each]))
            at.settle()
        child.kill()
        child.join()
    return 0 if promise("crew.window-frame-p99-ms", statistics.median(found), LIMIT_MS) else 1


def _flown(uow: UnitOfWork) -> str:
    from app.services.live.reading import live_outage

    shown = live_outage(uow)
    assert shown is not None
    return shown.outage_id


if __name__ == "__main__":
    sys.exit(main())
