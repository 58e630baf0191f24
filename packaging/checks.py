"""The test command: every check in turn, and at the end what failed."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass

from environment import Environment

PLACES = ("app", "tests", "packaging")


@dataclass(frozen=True)
class Check:
    name: str
    command: tuple[str, ...]


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
    ]


def _chooses_processes(arguments: list[str]) -> bool:
    """One file or one debugger wants no second process; nor does who says `-n` themselves."""
    return any(
        argument.startswith(("-n", "--pdb", "-s", "--capture", "tests/")) for argument in arguments
    )


def run_all(
    environment: Environment, pytest_arguments: list[str], say: Callable[[str], None]
) -> int:
    """0 when all passed, 1 otherwise. A failed check does not keep the others from running."""
    surroundings = {"QT_QPA_PLATFORM": "offscreen", **os.environ, "PYTHONUNBUFFERED": "1"}
    results: list[tuple[str, int, float]] = []
    for check in plan(environment, pytest_arguments):
        say(f"── {check.name}")
        begun = time.monotonic()
        code = subprocess.call(
            check.command, cwd=environment.root, env=surroundings, stdin=subprocess.DEVNULL
        )
        results.append((check.name, code, time.monotonic() - begun))
    say("── in short")
    for name, code, seconds in results:
        say(f"{name:<14} {'ok' if code == 0 else 'FAILED':<7} {seconds:6.1f} s")
    failed = [name for name, code, _ in results if code != 0]
    say(f"Failed: {', '.join(failed)}." if failed else "Everything passed.")
    return 1 if failed else 0
