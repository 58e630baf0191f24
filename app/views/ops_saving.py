"""Files that a use case makes and another thread writes, with progress and cancel."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.models.errors import ConsoleError
from app.services.reports.files import leave_file
from app.services.uow import Undo, undo
from app.services.working import Stopped, Work
from app.views.notify import Telling
from app.views.ops import Ops, Unexpected
from app.views.widgets.working import WorkBar


class Files(Protocol):
    """`marked` takes back what the use case noted of them, for files that were not written."""

    @property
    def marked(self) -> Undo | None: ...

    def write_to(self, folder: Path, work: Work, /) -> tuple[Path, ...]: ...


Made = TypeVar("Made", bound=Files)


class Saving(QObject):
    """One job at a time, all of its files or none; refused or cancelled, the store is as it was,
    too. `bar` shows how far it is. `done`: what was noted of them stands, or was taken back."""

    done = Signal()

    def __init__(
        self, ops: Ops, beside: Ops, tell: Telling, name: str, parent: QWidget, counts: str = ""
    ) -> None:
        """`beside` runs what waits on a disk. `counts`: the sentence for what counts as saved
        although it is not, as something else happened to it meanwhile."""
        super().__init__(parent)
        self._ops, self._beside, self._tell = ops, beside, tell
        self._counts = counts
        self.bar = WorkBar(name)
        self._busy = False

    def save(
        self,
        use_case: Callable[..., Made],
        *args: Any,
        place: Callable[[Made], Path],
        then: Callable[[Made, tuple[Path, ...]], object],
    ) -> None:
        """`use_case` takes the `work`, too; `place` names a folder for what it made; `then` is
        given what was written."""
        if self._is_busy():
            return
        work = self.bar.begin()

        def made(files: Made) -> None:
            self._beside.run(
                files.write_to, place(files), work,
                then=lambda paths: written(files, paths),
                failed=lambda error: self._unwritten(files, error), owner=self,
            )  # fmt: skip

        def written(files: Made, paths: tuple[Path, ...]) -> None:
            self._end()
            then(files, paths)
            self.done.emit()

        self._ops.run(use_case, *args, work=work, then=made, failed=self._refused, owner=self)

    def leave(
        self,
        path: Path,
        content: bytes | Callable[[], bytes],
        then: Callable[[], object],
        write: Callable[[Path, bytes], object] = leave_file,
    ) -> None:
        """One file; what makes its content is called beside, too."""
        if self._is_busy():
            return

        def left(_: object) -> None:
            self._end()
            then()

        self._beside.run(
            _leave, path, content, write, self.bar.begin(),
            then=left, failed=self._refused, owner=self,
        )  # fmt: skip

    def _is_busy(self) -> bool:
        if self._busy:
            self._tell.remark("What was saved last is still being written; wait, or cancel it.")
            return True
        self._busy = True
        return False

    def _unwritten(self, files: Files, error: ConsoleError) -> None:
        self._refused(error)
        if files.marked is not None:
            self._ops.run(
                undo, files.marked, then=lambda _: self.done.emit(),
                failed=self._stays, owner=self,
            )  # fmt: skip

    def _end(self) -> None:
        self._busy = False
        self.bar.end()

    def _refused(self, error: ConsoleError) -> None:
        self._end()
        self._say(error)

    def _say(self, error: ConsoleError) -> None:
        if isinstance(error, Stopped):
            self._tell.remark("Cancelled: no file was written.")
        elif not isinstance(error, Unexpected):  # of which ops told already
            self._tell.error(error.sentence)

    def _stays(self, _error: ConsoleError) -> None:
        self._tell.error(self._counts)
        self.done.emit()


def _leave(
    path: Path,
    content: bytes | Callable[[], bytes],
    write: Callable[[Path, bytes], object],
    work: Work,
) -> None:
    work.at()
    made = content() if callable(content) else content
    work.at()
    write(path, made)
