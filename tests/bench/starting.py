"""What the start bench runs in a process of its own: a bare Qt window, or the console.

Prints, as JSON, the seconds from the start of the process to each stage, and the most memory it
took in MB. Imports nothing at the top that the two do not share.
"""

from __future__ import annotations

import json
import os
import sys
import time

STARTED = "BENCH_STARTED"


def since_start() -> float:
    return (time.monotonic_ns() - int(os.environ[STARTED])) / 1e9


def report(stages: dict[str, float]) -> None:
    # not getrusage: there a child begins with the peak of the process that started it
    with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
        (peak,) = (line.split()[1] for line in status if line.startswith("VmHWM"))
    stages["memory"] = int(peak) / 1024
    print(json.dumps(stages), flush=True)


def bare() -> None:
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QApplication, QMainWindow

    class Window(QMainWindow):
        painted = False

        def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
            super().paintEvent(event)
            if not self.painted:
                self.painted = True
                QTimer.singleShot(0, done)

    def done() -> None:
        report({"painted": since_start()})
        app.quit()

    app = QApplication([])
    window = Window()
    window.resize(1_180, 760)
    window.show()
    app.exec()


def console(folder: str) -> None:
    """`python -m app --data FOLDER`, watched."""
    from PySide6.QtCore import QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication, QWidget

    from app.cli.running import run
    from app.wiring import window as wiring

    stages: dict[str, float] = {}

    class Watch(QObject):
        def eventFilter(self, seen: QObject, event: QEvent) -> bool:  # noqa: N802
            if event.type() == QEvent.Type.Paint and isinstance(seen, QWidget):
                QTimer.singleShot(0, painted)
            return False

    def painted() -> None:
        now = since_start()
        stages.setdefault("painted", now)
        if "rows_given" in stages:
            stages.setdefault("rows", now)

    def ready(window: wiring.Window) -> None:
        from app.services.uow import UnitOfWork

        def first(uow: UnitOfWork) -> None:
            uow.log("the first use case")

        assert window.console is not None
        window.console.store.submit(first).result()
        stages["use_case"] = since_start()
        report(stages)
        app = QApplication.instance()
        assert app is not None
        app.quit()

    begin = wiring.Window.begin

    def watched_begin(window: wiring.Window) -> None:
        app = QApplication.instance()
        assert app is not None
        window.watch = Watch()  # type: ignore[attr-defined]  # it must live as long as the window
        app.installEventFilter(window.watch)  # type: ignore[attr-defined]
        window.ready.connect(lambda: ready(window))
        stages["rows_given"] = since_start()  # the window is made with Today's first rows
        begin(window)

    wiring.Window.begin = watched_begin  # type: ignore[assignment, method-assign]
    raise SystemExit(run(["--data", folder]))


def main() -> None:
    if sys.argv[1] == "bare":
        bare()
    else:
        console(sys.argv[2])
