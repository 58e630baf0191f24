"""What the start bench runs in a process of its own: a bare Qt window, or the console.

Prints, as JSON, the seconds from the start of the process to each stage, and the most memory it
took in MB. Imports nothing at the top that the two do not share.
"""

from __future__ import annotations

import faulthandler
import gc
import json
import os
import sys
import time

STARTED = "BENCH_STARTED"
PATIENCE_S = 30


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
    from app.cli.running import run
    from app.wiring.importing import import_qt

    gc.disable()
    import_qt()  # both first, as the console does
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from app.models.errors import ConsoleError
    from app.wiring import window as wiring

    stages: dict[str, float] = {}

    def painted() -> None:
        # the window is made with Today's first rows: they are painted with the frame
        stages["painted"] = stages["rows"] = since_start()

    def attached(window: wiring.Window) -> None:
        from app.services.uow import UnitOfWork

        def first(uow: UnitOfWork) -> None:
            uow.log("the first use case")

        assert window.ops is not None
        window.ops.run(first, then=lambda _: stages.setdefault("use_case", since_start()))

    def look(window: wiring.Window) -> None:
        """The memory of a window that is ready, every answer shown."""
        if "use_case" in stages and window.idle:
            report(stages)
            window.shell.close()
        else:
            QTimer.singleShot(20, lambda: look(window))

    def refused(trouble: ConsoleError) -> None:
        print(trouble.sentence, file=sys.stderr)
        QApplication.exit(1)

    begin = wiring.Window.begin

    def watched_begin(window: wiring.Window) -> None:
        window.shell.painted.connect(painted)
        window.attached.connect(lambda: attached(window))
        window.ready.connect(lambda: look(window))
        window._opening.refused.connect(refused)
        begin(window)

    wiring.Window.begin = watched_begin  # type: ignore[assignment, method-assign]
    raise SystemExit(run(["--data", folder]))


def main() -> None:
    faulthandler.dump_traceback_later(PATIENCE_S, exit=True)  # a start that hangs says where
    if sys.argv[1] == "bare":
        bare()
    else:
        console(sys.argv[2])
