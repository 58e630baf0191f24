"""One window after another: on the folder asked for, after a restore, on another folder."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from app.models.errors import ConsoleError, StoreTrouble
from app.services.clock import clock_for
from app.services.settings.window_lock import only_window
from app.views.theme import STYLE
from app.wiring import prepare
from app.wiring.collecting import Collecting
from app.wiring.saying import Said
from app.wiring.window import Window


def start(folder: Path, arguments: list[str] | None = None) -> int:
    """The window on the data folder `folder`, until it is closed. The exit code.

    A restore closes the store, puts the copy in its place, and shows a new window. A folder that
    cannot be used, or on which another window is open, is told in a window, too (who started it
    from an icon sees no terminal), where another one can be chosen; else raises StoreTrouble.
    """
    app = QApplication([*(arguments or sys.argv[:1]), *STYLE])
    app.setApplicationName("Flight Console")
    app.setDesktopFileName("flight-console")
    collecting = Collecting(app)
    code, wanted = 0, folder
    try:
        while True:
            try:
                prepare(wanted)
                with only_window(wanted):
                    code, another = _show(app, wanted, collecting)
            except StoreTrouble as trouble:
                another = _another_folder(trouble, wanted)
                if another is None:
                    raise
            if another is None:
                return code
            wanted = another
    finally:
        collecting.stop()


def _another_folder(trouble: StoreTrouble, refused: Path) -> Path | None:
    from app.views.settings.refused import another_folder

    return another_folder(trouble.sentence, refused)


def _show(app: QApplication, folder: Path, collecting: Collecting) -> tuple[int, Path | None]:
    """Windows on one folder until one is closed for good; another folder to go on with, if any."""
    said: Said | None = None
    while True:
        window = Window(folder, app, clock_for(folder))
        window.ready.connect(collecting.settle)
        collecting.wait_while(lambda window=window: window.is_working)  # type: ignore[misc]
        window.begin()
        if said is not None:
            window.tell(said)
        code = app.exec()
        collecting.release()
        window.close()
        if window.restart_after is None:
            return code, window.next_folder
        try:
            said = window.restart_after(folder)
        except ConsoleError as refusal:
            said = Said(refusal.sentence, asks=True)
