"""The practice tenant as a process of its own, one for each data folder.

Whoever asks second joins the one that runs, so that a command and the window see the same
mailboxes. It ends with the process that started it, however that one ends.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import ssl
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from app.models.errors import BadInput, ConsoleError
from app.services.clock import REHEARSAL, FolderClock
from app.services.folder_lock import LockHeld, locked
from app.services.practice.control import Dial, control_routes
from app.services.practice.faults import Faults
from app.services.practice.grants import Grants
from app.services.practice.graph_app import graph_routes
from app.services.practice.moving_in import move_in, tell
from app.services.practice.page import page_routes
from app.services.practice.people_pages import people_routes
from app.services.practice.ports import StartFailed
from app.services.practice.server import Server
from app.services.practice.tenant import Tenant

FOLDER = "practice"
RUNNING = "running.json"
LOCK = "practice.lock"
START_SECONDS = 30.0
STRANGER = ("coordinator@practice.example", "Pat Coordinator")
"""Who signs in where nobody was named."""


class PracticeTrouble(ConsoleError):
    """The practice tenant does not run; nothing in the store was touched."""

    code = "practice"


@dataclass(frozen=True, slots=True)
class Running:
    """How the practice tenant is reached. `base_url` is Graph's, version included; `pages` is
    where a person looks on."""

    base_url: str
    authority: str
    pages: str
    ca_pem: str
    pid: int

    @property
    def ca_pem_path(self) -> Path:
        return Path(self.ca_pem)


@dataclass(frozen=True, slots=True)
class Orders:
    """What a child is started with. `people` are (address, name); the first is who signs in when
    nobody chooses. Everybody may use the `shared` mailboxes."""

    folder: Path
    port: int = 0
    seed: int = 0
    faults: str = ""
    people: tuple[tuple[str, str], ...] = ()
    shared: tuple[tuple[str, str], ...] = ()


class Practice:
    """A practice tenant that answers. `joined`: another process started it and will end it."""

    def __init__(
        self, running: Running, child: BaseProcess | None = None, pipe: Connection | None = None
    ) -> None:
        self.running = running
        self.joined = child is None
        self._child = child
        self._pipe = pipe

    @property
    def base_url(self) -> str:
        return self.running.base_url

    @property
    def authority(self) -> str:
        return self.running.authority

    @property
    def pages(self) -> str:
        return self.running.pages

    @property
    def ca_pem_path(self) -> Path:
        return self.running.ca_pem_path

    @property
    def pid(self) -> int:
        return self.running.pid

    @property
    def alive(self) -> bool:
        """Whether it still runs; asked of the one that was joined, too."""
        if self._child is not None:
            return self._child.is_alive()
        try:
            with locked(_lock(self.ca_pem_path.parent)):
                return False
        except (LockHeld, OSError):
            return True

    def stop(self) -> None:
        """What was answered is kept. Does nothing to one that was joined."""
        if self._pipe is not None:
            self._pipe.close()  # the child sees that nobody is there any more
            self._pipe = None
        if self._child is not None:
            self._child.join(10)
            if self._child.is_alive():
                self._child.kill()
                self._child.join()
            self._child = None

    def wait(self) -> None:
        """Until it ends by itself."""
        if self._child is not None:
            self._child.join()


def start_practice(
    folder: Path,
    *,
    port: int = 0,
    seed: int = 0,
    faults: str = "",
    people: Sequence[tuple[str, str]] = (),
    shared: Sequence[tuple[str, str]] = (),
) -> Practice:
    """The practice tenant of the data folder: the one that runs, else a new one. Blocks until it
    answers (1–2 s). Raises PracticeTrouble."""
    orders = Orders(folder / FOLDER, port, seed, faults, tuple(people), tuple(shared))
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        try:
            with locked(_lock(orders.folder)):
                pass
        except LockHeld:
            if (running := _answering(orders.folder)) is not None and _told(running, orders):
                return Practice(running)
            time.sleep(0.05)  # another process is starting or ending it
            continue
        except OSError as trouble:
            raise PracticeTrouble(
                f"The practice tenant cannot write in {orders.folder} ({trouble}). Make the "
                "folder writable, or choose another with --data."
            ) from trouble
        if (started := _spawned(orders)) is not None:
            return started
    raise PracticeTrouble(
        "The practice tenant of this folder is held by another process and does not answer. "
        "Close other windows on the folder, then try again."
    )


def _spawned(orders: Orders) -> Practice | None:
    """None: somebody else was quicker."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    child = context.Process(target=_child, args=(theirs, orders), name=FOLDER, daemon=True)
    child.start()
    theirs.close()  # so that the child's death ends our side of the pipe
    said: object = "The practice tenant did not start in time; try again."
    try:
        if ours.poll(START_SECONDS):
            said = ours.recv()
    except (EOFError, OSError):
        said = f"The practice tenant ended at its start; {orders.folder / 'practice.log'} says why."
    if isinstance(said, Running):
        return Practice(said, child, ours)
    ours.close()
    child.kill()
    child.join()
    if said is None:
        return None
    raise PracticeTrouble(str(said))


def _child(pipe: Connection, orders: Orders) -> None:
    """Serves until nobody holds the other end of the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's, which then lets go
    orders.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    logging.basicConfig(
        filename=orders.folder / "practice.log", filemode="w", level=logging.WARNING
    )
    try:
        with _serving(orders, _clock_of(orders.folder.parent)) as practice:
            pipe.send(practice.running)
            _until_alone(pipe)
    except LockHeld:
        pipe.send(None)
    except (StartFailed, ConsoleError) as trouble:
        pipe.send(str(trouble))
    finally:
        logging.shutdown()
        os._exit(0)  # requests that still run are nobody's any more


def _clock_of(data: Path) -> Callable[[], datetime] | None:
    """A rehearsal's own time, so that what is sent in it was sent when it is there."""
    return FolderClock(data).now if (data / REHEARSAL).exists() else None


@contextmanager
def _serving(orders: Orders, clock: Callable[[], datetime] | None = None) -> Iterator[InThread]:
    """Alone on the folder, and written down for whoever wants to join. Raises LockHeld."""
    with (
        locked(_lock(orders.folder)),
        in_thread_practice(
            orders.folder,
            port=orders.port,
            seed=orders.seed,
            faults=orders.faults,
            people=orders.people,
            shared=orders.shared,
            clock=clock,
        ) as practice,
    ):
        _write(orders.folder, practice.running)
        try:
            yield practice
        finally:
            (orders.folder / RUNNING).unlink(missing_ok=True)  # nobody joins one that ends


@contextmanager
def practice_within(
    folder: Path,
    clock: Callable[[], datetime],
    *,
    people: Sequence[tuple[str, str]] = (),
    shared: Sequence[tuple[str, str]] = (),
) -> Iterator[InThread]:
    """The data folder's practice tenant in this very process, on another clock than the
    machine's: a rehearsal that takes weeks in a minute. Raises PracticeTrouble when it runs
    already, elsewhere."""
    orders = Orders(folder / FOLDER, people=tuple(people), shared=tuple(shared))
    try:
        with _serving(orders, clock) as practice:
            yield practice
    except LockHeld:
        raise PracticeTrouble(
            "The practice tenant of this folder runs in another window or command. Close that, "
            "then try again."
        ) from None
    except StartFailed as failed:
        raise PracticeTrouble(str(failed)) from None


@dataclass(frozen=True, slots=True)
class InThread:
    """A practice tenant within this process, with all that stands behind it at hand."""

    running: Running
    tenant: Tenant
    grants: Grants
    faults: Faults
    dial: Dial


@contextmanager
def in_thread_practice(
    folder: Path,
    *,
    port: int = 0,
    seed: int = 0,
    faults: str = "",
    people: Sequence[tuple[str, str]] = (),
    shared: Sequence[tuple[str, str]] = (),
    clock: Callable[[], datetime] | None = None,
) -> Iterator[InThread]:
    """Served by threads of this process, certificates and state in `folder`. Raises
    StartFailed, and BadInput for faults that cannot be read."""
    try:
        trouble = Faults.parse(faults, seed)
    except ValueError as wrong:
        raise BadInput(str(wrong)) from None
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    dial = Dial(clock or (lambda: datetime.now(UTC)))
    tenant = Tenant(dial.now, seed, folder / "tenant.sqlite")
    try:
        _populate(tenant, people, shared)
        grants = Grants(tenant)
        server = Server(
            folder,
            tenant,
            grants,
            port=port,
            routes=graph_routes(tenant, trouble),
            page_routes=[
                *page_routes(tenant, trouble),
                *control_routes(tenant, trouble, dial),
                *people_routes(tenant),
            ],
        )
        tenant.ground.pages = server.addresses.pages
        server.start()
        try:
            yield InThread(_running(server, tenant), tenant, grants, trouble, dial)
        finally:
            server.stop()
    finally:
        tenant.close()


def _populate(
    tenant: Tenant, people: Sequence[tuple[str, str]], shared: Sequence[tuple[str, str]]
) -> None:
    move_in(tenant, people or (() if tenant.users() else (STRANGER,)), shared)


def _running(server: Server, tenant: Tenant) -> Running:
    at = server.addresses
    return Running(
        base_url=f"{at.https}/v1.0",
        authority=f"{at.https}/{tenant.tenant_id}",
        pages=at.pages,
        ca_pem=str(at.ca_pem),
        pid=os.getpid(),
    )


def _until_alone(pipe: Connection) -> None:
    try:
        while True:
            pipe.recv()
    except (EOFError, OSError):
        return


def _lock(folder: Path) -> Path:
    return folder / LOCK


def _write(folder: Path, running: Running) -> None:
    fresh = folder / f"{RUNNING}.new"
    fresh.write_text(json.dumps(asdict(running)), encoding="utf-8")
    fresh.replace(folder / RUNNING)


def _answering(folder: Path) -> Running | None:
    """The one that is written down, if it answers."""
    try:
        running = Running(**json.loads((folder / RUNNING).read_text(encoding="utf-8")))
        trusting = ssl.create_default_context(cafile=running.ca_pem)
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusting)
        )
        address = f"{running.authority}/v2.0/.well-known/openid-configuration"
        with opener.open(address, timeout=2) as answer:
            return running if answer.status == 200 else None
    except (OSError, ValueError, TypeError):
        return None


def _told(running: Running, orders: Orders) -> bool:
    """Whether it knows those who join it; False: it just ended."""
    try:
        if orders.people or orders.shared:
            tell(running.pages, orders.people, orders.shared)
        return True
    except OSError:
        return False
