"""Files read beside the GUI: progress and answers come on the GUI thread, and it can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Protocol, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from app.models.directory.lines import LineKind, Preview
from app.models.errors import ConsoleError
from app.services.calendar.importing import (
    Compared,
    Imported,
    LayerRule,
    compare,
)
from app.services.calendar.previewing import CalendarLook, look_into_calendar
from app.services.calendar.vendor_importing import VendorLook, look_into_notices
from app.services.calendar.web_layers import look_at_address, refresh_layer, take_looked
from app.services.database import Store
from app.services.directory.csv_child import look_into
from app.services.working import Work
from app.views.ops import Ops

Cancel = Callable[[], None]
Failed = Callable[[ConsoleError], object]
Told = Callable[[int, int], None]
Result = TypeVar("Result")


class FileReading(Protocol):
    """What the import page needs; `ImportJob` is it. The answers come to `owner` while it lives."""

    def preview(
        self,
        owner: QObject,
        path: Path,
        kind: LineKind | None,
        work: Work,
        *,
        then: Callable[[Preview], object],
        failed: Failed,
    ) -> None: ...

    def look(
        self,
        owner: QObject,
        path: Path,
        *,
        progress: Told,
        then: Callable[[CalendarLook], object],
        failed: Failed,
    ) -> Cancel: ...

    def look_at(
        self,
        owner: QObject,
        address: str,
        *,
        progress: Told,
        then: Callable[[CalendarLook], object],
        failed: Failed,
    ) -> Cancel: ...

    def refresh(
        self,
        owner: QObject,
        layer_id: str,
        *,
        then: Callable[[Imported | None], object],
        failed: Failed,
    ) -> Cancel: ...

    def compare(
        self,
        owner: QObject,
        look: CalendarLook,
        layer: str,
        *,
        then: Callable[[Compared], object],
        failed: Failed,
    ) -> None: ...

    def calendar(
        self,
        owner: QObject,
        look: CalendarLook,
        layer: str,
        *,
        is_freeze: bool,
        progress: Told,
        then: Callable[[Imported], object],
        failed: Failed,
    ) -> Cancel: ...

    def notices(
        self,
        owner: QObject,
        path: Path,
        *,
        then: Callable[[VendorLook], object],
        failed: Failed,
    ) -> None: ...


class ImportJob(QObject):
    """Implements `FileReading`. `beside` runs on threads of its own: one waits while a child
    process reads, so neither the window nor the database thread does."""

    _moved = Signal(int, int, int)

    def __init__(self, store: Store, beside: Ops, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._beside = beside
        self._numbers = count(1)
        self._running: dict[int, tuple[threading.Event, Callable[[int, int], object]]] = {}
        self._moved.connect(self._on_moved, Qt.ConnectionType.QueuedConnection)

    def preview(
        self,
        owner: QObject,
        path: Path,
        kind: LineKind | None,
        work: Work,
        *,
        then: Callable[[Preview], object],
        failed: Failed,
    ) -> None:
        """What a CSV holds. `work` stops it, which `failed` then tells (Stopped)."""
        number = next(self._numbers)
        self._running[number] = work.stop, work.told
        self._beside.run(
            look_into,
            path,
            kind,
            work,
            then=lambda made: self._end(number, owner, lambda: then(made)),
            failed=lambda refusal: self._end(number, owner, lambda: failed(refusal)),
            owner=self,
        )

    def look(
        self,
        owner: QObject,
        path: Path,
        *,
        progress: Told,
        then: Callable[[CalendarLook], object],
        failed: Failed,
    ) -> Cancel:
        """Read a calendar; `progress(done, total)` until `then` or `failed`. The result stops it,
        which `failed` then tells (Stopped)."""

        def read(told: Told, stop: threading.Event) -> CalendarLook:
            return look_into_calendar(self._store, path, progress=told, cancelled=stop)

        return self._begin(owner, read, progress, then, failed)

    def look_at(
        self,
        owner: QObject,
        address: str,
        *,
        progress: Told,
        then: Callable[[CalendarLook], object],
        failed: Failed,
    ) -> Cancel:
        """The same of what stands behind an address."""

        def read(told: Told, stop: threading.Event) -> CalendarLook:
            return look_at_address(self._store, address, Work(told, stop))

        return self._begin(owner, read, progress, then, failed)

    def refresh(
        self,
        owner: QObject,
        layer_id: str,
        *,
        then: Callable[[Imported | None], object],
        failed: Failed,
    ) -> Cancel:
        """Ask for a layer from the web again; `then(None)`: nothing is new."""

        def ask(told: Told, stop: threading.Event) -> Imported | None:
            return refresh_layer(self._store, layer_id, Work(told, stop))

        return self._begin(owner, ask, lambda _done, _total: None, then, failed)

    def compare(
        self,
        owner: QObject,
        look: CalendarLook,
        layer: str,
        *,
        then: Callable[[Compared], object],
        failed: Failed,
    ) -> None:
        """What importing would change in the layer."""

        def read() -> Compared:
            return self._store.read(compare, look.read, layer)

        self._beside.run(read, then=then, failed=failed, owner=owner)

    def calendar(
        self,
        owner: QObject,
        look: CalendarLook,
        layer: str,
        *,
        is_freeze: bool,
        progress: Told,
        then: Callable[[Imported], object],
        failed: Failed,
    ) -> Cancel:
        """Store what was looked at, as `look` reads it. Stopped while it is being written nothing
        was."""

        def write(told: Told, stop: threading.Event) -> Imported:
            rule = LayerRule(is_freeze=is_freeze)
            return take_looked(self._store, look, layer, rule, Work(told, stop))

        return self._begin(owner, write, progress, then, failed)

    def notices(
        self,
        owner: QObject,
        path: Path,
        *,
        then: Callable[[VendorLook], object],
        failed: Failed,
    ) -> None:
        """Read a vendor's maintenance notice, which is small."""
        self._beside.run(
            look_into_notices, self._store, path, then=then, failed=failed, owner=owner
        )

    def _begin(
        self,
        owner: QObject,
        job: Callable[[Told, threading.Event], Result],
        progress: Told,
        then: Callable[[Result], object],
        failed: Failed,
    ) -> Cancel:
        number = next(self._numbers)
        stop = threading.Event()
        self._running[number] = (stop, progress)

        def told(done: int, total: int) -> None:
            if total:
                self._tell(number, done, total)

        self._beside.run(
            job,
            told,
            stop,
            then=lambda made: self._end(number, owner, lambda: then(made)),
            failed=lambda refusal: self._end(number, owner, lambda: failed(refusal)),
            owner=self,
        )
        return stop.set

    def stop(self) -> None:
        """Stop all reading: the window closes."""
        for stop, _ in self._running.values():
            stop.set()

    def _end(self, number: int, owner: QObject, answer: Callable[[], object]) -> None:
        del self._running[number]
        if shiboken6.isValid(owner):
            answer()

    def _tell(self, number: int, done: int, total: int) -> None:
        """On the reading thread."""
        if shiboken6.isValid(self):
            self._moved.emit(number, done, total)

    @Slot(int, int, int)
    def _on_moved(self, number: int, done: int, total: int) -> None:
        if number in self._running:
            self._running[number][1](done, total)
