"""Cold start with five years of history, whole process, against a bare Qt window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from app.services.settings.backups import make_backup
from tests.bench.history import make_history
from tests.bench.measure import promise, quiet
from tests.bench.starting import STARTED

ROUNDS = 20
LIMITS = (("painted", "painted", 2.0), ("rows", "painted", 3.0), ("use_case", "painted", 8.0))
MEMORY_LIMIT = 3.5


def _start(*arguments: str) -> dict[str, float]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # both start from compiled modules
    environment[STARTED] = str(time.monotonic_ns())
    command = [sys.executable, "-c", "from tests.bench.starting import main; main()", *arguments]
    try:
        answer = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
    except subprocess.TimeoutExpired:
        raise SystemExit(f"{arguments[0]} was not ready after a minute.") from None
    if answer.returncode != 0 or not answer.stdout:
        raise SystemExit(f"{arguments[0]} did not start:\n{answer.stderr}")
    stages: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return stages


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        store = make_history(Path(folder))
        make_backup(store.path, datetime.now(UTC))  # today's: not made while we measure
        store.close()
        _start("bare")
        _start("console", folder)
        pairs = [(_start("bare"), _start("console", folder)) for _ in range(ROUNDS)]
    bare = {name: quiet([pair[0][name] for pair in pairs]) for name in ("painted", "memory")}
    ours = {name: quiet([pair[1][name] for pair in pairs]) for name in pairs[0][1]}
    print(f"  bare: {bare}\n  console: {ours}")
    kept = [
        promise(f"start-{stage.replace('_', '-')}", ours[stage] / bare[floor], limit)
        for stage, floor, limit in LIMITS
    ]
    kept.append(promise("start-memory", ours["memory"] / bare["memory"], MEMORY_LIMIT))
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
