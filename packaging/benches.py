"""The bench command: runs tests/bench and sums up which speed promises hold.

A bench is a script `tests/bench/bench_NAME.py` with a `main()` that prints one line for each
promise: `name ratio limit ok|MISSED`, the name without spaces, the ratio against a floor that
it measured in the same run. Other lines are passed on as they are.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from environment import Environment
from trouble import Trouble

_LINE = re.compile(r"^(?P<name>\S+)\s+(?P<ratio>[\d.]+)\s+(?P<limit>[\d.]+)\s+(?P<word>ok|MISSED)$")


@dataclass(frozen=True)
class Promise:
    name: str
    ratio: float
    limit: float
    kept: bool


def read_promises(lines: Iterable[str]) -> list[Promise]:
    found = (_LINE.match(line.strip()) for line in lines)
    return [
        Promise(hit["name"], float(hit["ratio"]), float(hit["limit"]), hit["word"] == "ok")
        for hit in found
        if hit
    ]


def run_all(environment: Environment, names: list[str], say: Callable[[str], None]) -> int:
    """0 when every promise was measured and kept, 1 otherwise."""
    scripts = _choose(sorted((environment.root / "tests" / "bench").glob("bench_*.py")), names)
    promises: list[Promise] = []
    broken: list[str] = []
    for script in scripts:
        say(f"── {script.stem}")
        printed, code = _run(environment, script, say)
        measured = read_promises(printed)
        promises += measured
        if code != 0 and all(promise.kept for promise in measured):
            broken.append(f"{script.stem} stopped with {code}")
        elif not measured:
            broken.append(f"{script.stem} measured nothing")
    say("── in short")
    for promise in promises:
        word = "ok" if promise.kept else "MISSED"
        say(f"{promise.name:<40} {promise.ratio:8.2f} of {promise.limit:8.2f}  {word}")
    missed = [promise.name for promise in promises if not promise.kept]
    for sentence in (*broken, *(f"{name} MISSED" for name in missed)):
        say(f"Failed: {sentence}")
    if not broken and not missed:
        say(f"All {len(promises)} promises kept.")
    return 1 if broken or missed else 0


def _choose(scripts: list[Path], names: list[str]) -> list[Path]:
    wanted = {name.removeprefix("bench_") for name in names}
    known = {script.stem.removeprefix("bench_"): script for script in scripts}
    if unknown := sorted(wanted - known.keys()):
        raise Trouble(f"There is no bench {', '.join(unknown)}. Say one of: {', '.join(known)}.")
    if not known:
        raise Trouble("There are no benches in tests/bench.")
    return [script for name, script in known.items() if not wanted or name in wanted]


def _run(
    environment: Environment, script: Path, say: Callable[[str], None]
) -> tuple[list[str], int]:
    start = f"import sys; from tests.bench.{script.stem} import main; sys.exit(main())"
    printed: list[str] = []
    with subprocess.Popen(
        [str(environment.python), "-c", start],
        cwd=environment.root,
        env={"QT_QPA_PLATFORM": "offscreen", **os.environ, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        for line in process.stdout or ():
            say(line.rstrip("\n"))
            printed.append(line)
    return printed, process.returncode
