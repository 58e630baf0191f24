"""The test command: every check in turn, and at the end what failed."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from environment import Environment

PLACES = ("app", "tests", "packaging")
MEMORY_DISK = Path("/dev/shm")
SERVED = tuple(
    f"tests/{name}.py"
    for name in (
        "services/test_uow_rules",
        "services/test_log_entries",
        "services/test_search_find",
        "services/test_notices_reach",
        "services/test_outages_planning",
        "services/test_runbook_opening",
        "services/test_calendar_month",
        "services/test_rota_turns",
        "views/test_log_view",
        "views/test_outages_people_page",
    )
)
"""The day's sample on PostgreSQL: half a minute of ordering, ranges, versions, log and outbox,
and what pages make of it."""
STORES = tuple(f"tests/{name}" for name in ("services", "stories", "views"))
"""Models and contracts have no store; the migrations’ tests are each about one kind of database."""
ROOM = 4 * 1024**3
"""Bytes. A run of every test has had 2 GB lying about at once."""


@dataclass(frozen=True)
class Check:
    name: str
    command: tuple[str, ...]
    more: Mapping[str, str] = field(default_factory=dict)
    """What its environment has beside that of all."""


def plan(environment: Environment, pytest_arguments: list[str]) -> list[Check]:
    python = str(environment.python)

    def module(*arguments: str) -> tuple[str, ...]:
        return (python, "-m", *arguments)

    spread = () if _chooses_processes(pytest_arguments) else ("-n", "2", "--dist", "loadfile")
    linter = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return [
        Check("ruff check", module("ruff", "check", *PLACES)),
        Check("ruff format", module("ruff", "format", "--check", *PLACES)),
        Check("mypy --strict", module("mypy")),
        Check("import-linter", (python, "-c", linter)),
        Check("pytest", module("pytest", *spread, *pytest_arguments)),
        *_served(module("pytest", *spread), pytest_arguments),
    ]


def _served(pytest: tuple[str, ...], arguments: list[str]) -> list[Check]:
    """The same tests with every store in a database server: a sample each day, with --long all
    that have a store. Only a whole run does it."""
    if any(each != "--long" for each in arguments):
        return []
    places = STORES if arguments else SERVED
    return [Check("on PostgreSQL", (*pytest, *places), {"FLIGHT_TEST_DATABASE": "postgresql"})]


def _chooses_processes(arguments: list[str]) -> bool:
    """One file or one debugger wants no second process; nor does who says `-n` themselves."""
    return any(
        argument.startswith(("-n", "--pdb", "-s", "--capture", "tests/")) for argument in arguments
    )


def run_all(
    environment: Environment, pytest_arguments: list[str], say: Callable[[str], None]
) -> int:
    """0 when all passed, 1 otherwise. A failed check does not keep the others from running."""
    results: list[tuple[str, int, float]] = []
    with scratch(MEMORY_DISK) as place:
        surroundings = {
            "QT_QPA_PLATFORM": "offscreen",
            **place,
            **os.environ,
            "PYTHONUNBUFFERED": "1",
        }
        surroundings.pop("PYTHONDONTWRITEBYTECODE", None)  # each child would compile it all anew
        for check in plan(environment, pytest_arguments):
            say(f"── {check.name}")
            begun = time.monotonic()
            code = subprocess.call(
                check.command,
                cwd=environment.root,
                env={**surroundings, **check.more},
                stdin=subprocess.DEVNULL,
            )
            results.append((check.name, code, time.monotonic() - begun))
    say("── in short")
    for name, code, seconds in results:
        say(f"{name:<14} {'ok' if code == 0 else 'FAILED':<7} {seconds:6.1f} s")
    failed = [name for name, code, _ in results if code != 0]
    say(f"Failed: {', '.join(failed)}." if failed else "Everything passed.")
    return 1 if failed else 0


@contextmanager
def scratch(memory: Path) -> Iterator[dict[str, str]]:
    """Where tests put their stores, as environment variables: in memory where there is room.

    Each store waits for the disk at every commit, as it should; some thirty thousand commits
    would be half of the run's time. What is there goes with the run, but for what failed tests
    are still being looked at with: set TMPDIR to keep it.
    """
    try:
        roomy = shutil.disk_usage(memory).free >= ROOM and _memory_left() >= ROOM
        made = tempfile.TemporaryDirectory(
            prefix="flight-console-", dir=memory, ignore_cleanup_errors=True
        ) if roomy else None  # fmt: skip
    except OSError:
        made = None
    if made is None:
        yield {}
        return
    with made as folder:
        yield {"TMPDIR": folder}


def _memory_left() -> int:
    """Bytes that can be had without swapping; 0 where the system does not say."""
    with Path("/proc/meminfo").open(encoding="ascii") as lines:
        for line in lines:
            name, _, rest = line.partition(":")
            if name == "MemAvailable":
                return int(rest.split()[0]) * 1024
    return 0
