"""A picture of every screen, dark and light, for the README and for looking at what changed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from app.models.errors import BadInput
from app.services.database import Store
from app.views.theme import Look
from app.wiring import Console
from app.wiring.collecting import Collecting
from app.wiring.offscreen import ensure_application
from app.wiring.window import Window

SIZE = (1440, 900)
PATIENCE_S = 20.0


class Camera:
    """One window for any number of pictures of a store; close it. Every further window alive would
    make each change of look dearer, as Qt dresses them all."""

    def __init__(
        self,
        folder: Path,
        store: Store,
        target: Path,
        *,
        percent: int = 100,
        size: tuple[int, int] = SIZE,
    ) -> None:
        """`percent` is the size of everything, as in the settings; `size` is the window's, in
        pixels. Raises BadInput when the folder cannot be written."""
        try:
            target.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise BadInput(
                f"{target} cannot be used ({error.strerror}); choose another."
            ) from error
        self._target = target
        self._app = ensure_application()
        self._collecting = Collecting(self._app)
        window = Window(folder, self._app, store.clock, remember=False, percent=percent)
        window.shell.resize(*size)
        window.shell.show()
        window.attach(Console(folder, store.clock, store.bus, store))
        window.furnish()
        self._window = window
        settle(self._app, window)

    def take(
        self,
        looks: Sequence[Look] = (Look.DARK, Look.LIGHT),
        *,
        about: str = "",
        only: tuple[str, ...] = (),
        stem: str = "",
    ) -> Iterator[Path]:
        """Write `<screen>-<look>.png` for each screen there is; yields each path. `about` is the
        outage to show, `only` the screens wanted (all), `stem` goes before each name."""
        window = self._window
        assert window.pages is not None
        for look in looks:
            if window.theme.look is not look:
                window.theme.choose(look)
            for name, go in window.pages.screens(about):
                if only and name not in only:
                    continue
                go()
                settle(self._app, window)
                path = self._target / f"{stem}{name}-{look.value}.png"
                if not window.shell.grab().save(str(path)):
                    raise BadInput(f"{path} cannot be written; choose another folder.")
                yield path

    def close(self) -> None:
        self._window.leave()
        self._collecting.stop()


def take_shots(
    folder: Path,
    store: Store,
    target: Path,
    *,
    percent: int = 100,
    size: tuple[int, int] = SIZE,
) -> Iterator[Path]:
    """Every screen there is, dark and light. Raises BadInput when the folder cannot be written."""
    camera = Camera(folder, store, target, percent=percent, size=size)
    try:
        yield from camera.take()
    finally:
        camera.close()


def settle(app: QApplication, window: Window) -> None:
    """Until every answer is in and painted."""
    until = time.monotonic() + PATIENCE_S
    quiet = 0
    while quiet < 3 and time.monotonic() < until:
        app.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
        quiet = 0 if window.is_working else quiet + 1
