"""The crew board as a process of its own, one for each data folder, so that phones never make the
window wait.

It opens the store as the window does and runs the same use cases there. After each commit of its
own it says so, that the window looks at once, and who is connected. It ends with the process that
started it, however that one ends.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING

from app.models.crew.serving import Proof, Serving, require_servable, serving_from
from app.models.errors import ConsoleError
from app.services.clock import REHEARSAL, FolderClock, SystemClock
from app.services.crew.certificate import Certificate, certificate_of
from app.services.crew.served_lock import FOLDER, HELD_S, LOCK, RUNNING
from app.services.folder_lock import LockHeld, locked

if TYPE_CHECKING:
    from app.services.crew.web import CrewApp

FILES = 4_096
"""Open at once: four times the connections that are looked after."""
LOG = "crew.log"
START_SECONDS = 30.0
LETS_GO_S = 0.5
"""How long phones have to close their connections when the board ends."""
SAY_GAP_S = 0.1
"""Between two words to the parent."""
LOOK_GAP_S = 0.2
"""Between two words that are heard: a burst of taps is one look, and the window can paint."""


class CrewTrouble(ConsoleError):
    """The crew board is not served; nothing in the store was touched."""

    code = "crew"


@dataclass(frozen=True, slots=True)
class Said:
    """It may have written to the store since it last spoke. `connected` are the ids of the links
    through which somebody looks on now."""

    connected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Orders:
    folder: Path
    serving: Serving
    chain: str
    key: str
    recoded: Callable[[bytes], bytes] | None


@dataclass(frozen=True, slots=True)
class _Answers:
    """The first word: where it answers, with the port it got."""

    serving: Serving


class CrewProcess:
    """A crew board that answers, until `stop`."""

    def __init__(
        self,
        serving: Serving,
        certificate: Certificate | None,
        child: BaseProcess,
        pipe: Connection,
        on_said: Callable[[Said], object],
        on_fallen: Callable[[], object],
    ) -> None:
        """Both are called on a thread of this object's; `on_fallen` when it ended unasked."""
        self.serving, self.certificate = serving, certificate
        self._child, self._pipe = child, pipe
        self._on_said, self._on_fallen = on_said, on_fallen
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="crew-board", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int:
        return self._child.pid or 0

    @property
    def alive(self) -> bool:
        return self._child.is_alive()

    def stop(self) -> None:
        """Phones reach nothing any more; what was acknowledged is on disk. May be called again."""
        self._stopping.set()
        with suppress(OSError):
            self._pipe.send(None)
        self._child.join(5)
        if self._child.is_alive():
            self._child.kill()
            self._child.join()
        if threading.current_thread() is not self._thread:
            self._thread.join(5)
        self._pipe.close()

    def wait(self) -> None:
        """Until it ends by itself."""
        self._child.join()

    def _listen(self) -> None:
        try:
            while not self._stopping.is_set():
                said = self._pipe.recv()
                while self._pipe.poll():  # only the last counts
                    said = self._pipe.recv()
                if isinstance(said, Said) and not self._stopping.is_set():
                    self._on_said(said)
                    self._stopping.wait(LOOK_GAP_S)
        except (EOFError, OSError):
            if not self._stopping.is_set():
                self._on_fallen()


def start_crew(
    folder: Path,
    serving: Serving,
    on_said: Callable[[Said], object] = lambda said: None,
    on_fallen: Callable[[], object] = lambda: None,
    recoded: Callable[[bytes], bytes] | None = None,
) -> CrewProcess:
    """Serve the crew board of the data folder. Blocks until it answers (1–2 s). `recoded`, a
    function of a module, makes a photo anew in the child; without it no photo is taken. Raises
    BadInput for what cannot be served, CrewTrouble when it is served already, the address or port
    cannot be had, or the process does not start."""
    require_servable(serving)
    if running(folder) is not None:
        raise CrewTrouble(held_words(folder))
    _listening(serving).close()  # what cannot be served takes no certificate's place
    try:
        certificate = certificate_of(folder, serving)
    except OSError as trouble:
        raise CrewTrouble(_unwritable(folder / FOLDER, trouble)) from trouble
    chain, key = (str(certificate.chain), str(certificate.key)) if certificate else ("", "")
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    orders = _Orders(folder, serving, chain, key, recoded)
    child = context.Process(target=_child, args=(theirs, orders), name="crew-board", daemon=True)
    child.start()
    theirs.close()  # so that the child's death ends our side of the pipe
    said: object = "The crew board did not start in time; try again."
    try:
        if ours.poll(START_SECONDS):
            said = ours.recv()
    except (EOFError, OSError):
        said = f"The crew board ended at its start; {folder / FOLDER / LOG} says why."
    if isinstance(said, _Answers):
        return CrewProcess(said.serving, certificate, child, ours, on_said, on_fallen)
    ours.close()
    child.kill()
    child.join()
    raise CrewTrouble(str(said))


def running(folder: Path) -> Serving | None:
    """How the crew board of the data folder is served now, by whatever process; None: it is not."""
    place = folder / FOLDER
    if not (place / RUNNING).exists():
        return None
    try:
        with locked(place / LOCK):
            return None  # left behind by one that was killed
    except LockHeld:
        with suppress(OSError, ValueError):
            return serving_from(json.loads((place / RUNNING).read_text(encoding="utf-8")))
    except OSError:
        pass
    return None


def _unwritable(place: Path, trouble: OSError) -> str:
    return f"The crew board cannot write in {place} ({trouble.strerror or trouble})."


def held_words(folder: Path) -> str:
    """Why it cannot be served a second time."""
    where = running(folder)
    at = f" at {where.base}" if where is not None else ""
    return (
        f"The crew board of this data folder is served already{at}, by another window or command. "
        "Use its links, or close that first."
    )


# --- the child ------------------------------------------------------------------------------------


def _child(pipe: Connection, orders: _Orders) -> None:
    """Serves until nobody holds the other end of the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's, which then lets go
    place = orders.folder / FOLDER
    _take_files()
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        _own(place / LOG)
        logging.basicConfig(filename=place / LOG, filemode="w", level=logging.WARNING)
        with locked(place / LOCK, wait=HELD_S), _serving(orders, pipe):
            _until_alone(pipe)
    except LockHeld:
        pipe.send(held_words(orders.folder))
    except ConsoleError as trouble:
        pipe.send(trouble.sentence)
    except OSError as trouble:
        pipe.send(_unwritable(place, trouble))
    finally:
        logging.shutdown()
        os._exit(0)  # requests that still run are nobody's any more


@contextmanager
def _serving(orders: _Orders, pipe: Connection) -> Iterator[None]:
    listening = _listening(orders.serving)  # first: what follows takes a second
    from app.services.crew.web import build_crew_app, settle_process
    from app.services.database import Store
    from app.services.events import EventBus
    from app.services.uow import Actor

    folder = orders.folder
    clock = FolderClock(folder) if (folder / REHEARSAL).exists() else SystemClock()
    store = Store(folder, clock, EventBus(), Actor("crew board"))
    store.open()
    serving = replace(orders.serving, port=listening.getsockname()[1])
    teller = _Teller(pipe)
    crew = build_crew_app(store, recoded=orders.recoded, told=teller.wake)
    web = _Web(crew, serving, listening, orders)
    note = folder / FOLDER / RUNNING
    try:
        web.start()
        settle_process()
        _write(note, json.dumps(serving.as_json()))
        pipe.send(_Answers(serving))
        teller.start(lambda: Said(tuple(sorted({each.link_id for each in crew.connected}))))
        yield
    finally:
        note.unlink(missing_ok=True)
        web.stop()
        store.close()


def _take_files() -> None:
    """A connection is an open file. Where few are allowed at first (256 on a Mac), the phones of a
    large crew would wait at the door."""
    with suppress(ImportError, OSError, ValueError):  # Windows counts none
        from resource import RLIMIT_NOFILE, getrlimit, setrlimit

        few, most = getrlimit(RLIMIT_NOFILE)
        if 0 <= few < FILES:
            setrlimit(RLIMIT_NOFILE, (FILES if most < 0 else min(FILES, most), most))


class _Teller:
    """Tells the parent, never so often that it would be kept from its own work, and never on the
    thread that serves or writes: a parent that does not read must not hold those up."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._news = threading.Event()

    def start(self, now: Callable[[], Said]) -> None:
        threading.Thread(target=self._run, args=(now,), name="telling", daemon=True).start()

    def wake(self) -> None:
        self._news.set()

    def _run(self, now: Callable[[], Said]) -> None:
        gap = threading.Event()
        with suppress(OSError):  # nobody listens any more
            while True:
                self._news.wait()
                self._news.clear()
                self._pipe.send(now())
                gap.wait(SAY_GAP_S)


class _Web:
    """uvicorn on a thread of its own, so that signals stay the process's."""

    def __init__(
        self, crew: CrewApp, serving: Serving, listening: socket.socket, orders: _Orders
    ) -> None:
        import uvicorn

        from app.services.crew.web import server_config

        behind = serving.proof is Proof.PROXY
        config = server_config(
            crew,
            ssl_certfile=orders.chain or None,
            ssl_keyfile=orders.key or None,
            proxy_headers=behind,
            forwarded_allow_ips=serving.host if behind else "",
        )
        self._crew = crew
        self._listening = listening
        self._server = uvicorn.Server(config)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="web", daemon=True)

    def start(self) -> None:
        """Returns once it answers. Raises CrewTrouble."""
        self._thread.start()
        waited = 0.0
        while not self._server.started:
            if self._ended.wait(0.01) or (waited := waited + 0.01) > START_SECONDS:
                raise CrewTrouble("The crew board did not start; its log says why.")

    def stop(self) -> None:
        self._crew.end()
        self._server.should_exit = True
        self._thread.join(LETS_GO_S)
        self._server.force_exit = True
        self._thread.join(3)

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._listening])
        finally:
            self._ended.set()


def _listening(serving: Serving) -> socket.socket:
    """Named as TCP, so that asyncio sends small writes at once. Raises CrewTrouble."""
    family = socket.AF_INET6 if ":" in serving.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":  # there REUSEADDR would share it with whoever has it
            made.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((serving.host, serving.port))
        made.listen(512)
    except (OSError, OverflowError) as trouble:
        made.close()
        why = getattr(trouble, "strerror", "") or trouble
        raise CrewTrouble(
            f"{serving.host} port {serving.port} cannot be had ({why}). Choose another port, or "
            "another address of this computer."
        ) from trouble
    return made


def _until_alone(pipe: Connection) -> None:
    """Until the parent lets go: a word is a request to end, a broken pipe is its end."""
    with suppress(EOFError, OSError):
        pipe.recv()


def _write(path: Path, text: str) -> None:
    fresh = path.with_name(f"{path.name}.new")
    _own(fresh)
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def _own(path: Path) -> None:
    """A file that only its owner reads, there already or not."""
    path.touch(mode=0o600)
    path.chmod(0o600)
