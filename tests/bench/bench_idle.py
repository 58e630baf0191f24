"""The window left alone with five years of data, Today in front, and Live of a running flight: the
processor time of the whole process, all threads, as per cent of one core. A whole minute is
watched, as some things are looked at once a minute."""

from __future__ import annotations

import os
import sys
import time

from PySide6.QtCore import QEventLoop, QTimer

from tests.bench.desk import Desk, desk
from tests.bench.measure import promise

LIMITS = {"today": 0.5, "live": 1.0}
"""Live repaints its clocks each second."""
SECONDS = float(os.environ.get("SECONDS", "60"))


def busy(at: Desk) -> float:
    """Per cent of a core."""
    at.settle()
    loop = QEventLoop()
    QTimer.singleShot(int(SECONDS * 1e3), loop.quit)
    begun, spent = time.perf_counter(), time.process_time()
    loop.exec()
    return 100 * (time.process_time() - spent) / (time.perf_counter() - begun)


def main() -> int:
    kept = []
    with desk() as at:
        for key, limit in LIMITS.items():
            at.window.shell.goto(key)
            kept.append(promise(f"idle-{key}-percent", busy(at), limit))
    return 0 if all(kept) else 1


if __name__ == "__main__":
    sys.exit(main())
