"""The crew board as a process: it answers, says that it wrote, is alone, ends with its parent."""

from __future__ import annotations

import json
import os
import queue
import signal
import ssl
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.models.crew.links import LinkKind
from app.models.crew.serving import Serving
from app.models.outages.lifecycle import State
from app.services.crew.links import LinkRow, crew_links, switch_on
from app.services.crew.process import LOG, CrewProcess, CrewTrouble, Said, running, start_crew
from app.services.crew.served_lock import FOLDER, RUNNING
from app.services.database import Store
from app.services.uow import UnitOfWork
from tests.flights import make_flight
from tests.makers import make_store
from tests.served import on_postgresql

ANY_PORT = Serving(port=0)
SECONDS = 20.0


class Board:
    """A store whose board is served by a child, and what that child said."""

    def __init__(self, store: Store, links: tuple[LinkRow, ...]) -> None:
        self.store, self.links = store, links
        self.said: queue.Queue[Said] = queue.Queue()
        self.fallen = threading.Event()
        self.process: CrewProcess = start_crew(
            store.folder, ANY_PORT, self.said.put, self.fallen.set
        )

    def open(self, path: str, body: object = None) -> tuple[int, bytes]:
        """As a phone that trusts this certificate and no other."""
        certificate = self.process.certificate
        assert certificate is not None
        trusting = ssl.create_default_context(cafile=str(certificate.chain))
        opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=trusting)
        )
        request = urllib.request.Request(
            self.process.serving.base + path,
            json.dumps(body).encode() if body is not None else None,
            {"Content-Type": "application/json"} if body is not None else {},
        )
        try:
            with opener.open(request, timeout=SECONDS) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, refused.read()


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Board]:
    store = make_store(tmp_path_factory.mktemp("board"), datetime.now(UTC))

    def made(uow: UnitOfWork) -> str:
        outage_id = make_flight(
            uow, State.ANNOUNCED, start="2090-01-10 19:00", end="2090-01-10 22:00"
        )
        switch_on(uow, outage_id)
        return outage_id

    links = store.read(crew_links, store.run(made)).rows
    started = Board(store, links)
    yield started
    started.process.stop()
    store.close()


def test_a_link_opens_and_the_parent_hears_of_it_and_sees_it_at_once(board: Board) -> None:
    link = next(each for each in board.links if each.kind is LinkKind.CREW)

    status, _ = board.open(f"{link.path}board")

    assert status == 200
    assert board.said.get(timeout=SECONDS).connected == ()
    looked = board.store.look_elsewhere().result(SECONDS)
    assert looked or on_postgresql(), "there, it was heard before anybody looked"
    assert link.opened_at is None


def test_without_a_link_there_is_nothing(board: Board) -> None:
    forged = f"/c/{'A' * 43}/"

    assert {board.open(path)[0] for path in ("/", "/c/", forged, "/docs", "/style.css")} == {404}


def test_it_is_alone_on_its_folder_and_says_where_it_is_served(board: Board) -> None:
    base = board.process.serving.base

    assert running(board.store.folder) == board.process.serving
    with pytest.raises(CrewTrouble, match=f"already at {base}"):
        start_crew(board.store.folder, ANY_PORT)


@pytest.mark.skipif(sys.platform == "win32", reason="there a folder's rights are its files'")
def test_what_it_writes_of_itself_is_its_owners_alone(board: Board) -> None:
    files = [board.store.folder / FOLDER / name for name in (LOG, RUNNING)]
    assert [file.stat().st_mode & 0o777 for file in files] == [0o600, 0o600]


def test_a_port_that_somebody_has_is_named(board: Board, tmp_path: Path) -> None:
    make_store(tmp_path).close()
    taken = Serving(port=board.process.serving.port)

    with pytest.raises(CrewTrouble, match=f"port {taken.port} cannot be had"):
        start_crew(tmp_path, taken)
    assert not (tmp_path / FOLDER).exists(), "nothing was served, so no certificate is made"


def test_a_folder_that_takes_no_certificate_is_said(tmp_path: Path) -> None:
    (tmp_path / "crew").touch()
    with pytest.raises(CrewTrouble, match="cannot write in"):
        start_crew(tmp_path, ANY_PORT)


def test_its_death_is_noticed(board: Board) -> None:
    """Last: nobody serves this folder afterwards."""
    os.kill(board.process.pid, signal.SIGKILL)

    assert board.fallen.wait(SECONDS)
    board.process.wait()
    assert not board.process.alive
    assert running(board.store.folder) is None


def test_it_ends_when_its_console_is_killed(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    if not pytestconfig.getoption("--long"):
        pytest.skip("five seconds, with --long")
    script = tmp_path / "console.py"
    script.write_text(
        "import sys, time\n"
        "from pathlib import Path\n"
        "from app.models.crew.serving import Serving\n"
        "from app.services.crew.process import start_crew\n"
        "if __name__ == '__main__':\n"
        "    started = start_crew(Path(sys.argv[1]), Serving(port=0))\n"
        "    print(started.pid, flush=True)\n"
        "    time.sleep(60)\n",
        encoding="utf-8",
    )
    make_store(tmp_path / "data").close()
    console = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path / "data")],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])},
    )
    assert console.stdout is not None
    child = int(console.stdout.readline())
    console.send_signal(signal.SIGKILL)
    console.wait(10)
    console.stdout.close()
    ended = time.monotonic() + SECONDS
    while running(tmp_path / "data") is not None:  # it takes a moment to notice
        assert time.monotonic() < ended
        os.sched_yield()
    with pytest.raises(ProcessLookupError):
        while time.monotonic() < ended:
            os.kill(child, 0)
