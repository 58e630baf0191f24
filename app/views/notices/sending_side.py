"""What is chosen beside the words of a notice: whom it reaches, and how it is sent."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.models.errors import ConsoleError
from app.services.database import organisation
from app.services.notices.composing import Composed
from app.services.notices.manner import enclose, set_manner
from app.services.notices.reach import add_by_hand, leave_out, opt_out, tell_dependents
from app.services.notices.whom import Whom, whom, whom_of
from app.services.uow import Undo, UnitOfWork
from app.views.notices.manner_dialog import MannerDialog
from app.views.notices.why_dialog import WhyDialog
from app.views.ops import Ops
from app.views.widgets.folders import documents

_APART = re.compile(r'[,;](?=(?:[^"]*"[^"]*")*[^"]*$)')


def choose_file(parent: QWidget) -> Path | None:
    chosen, _ = QFileDialog.getOpenFileName(parent, "A file to go with it", str(documents()))
    return Path(chosen) if chosen else None


class SendingSide(QObject):
    """`done` after something changed. `beside` runs what waits on a file; `folder` is the data
    folder."""

    done = Signal()

    def __init__(
        self,
        ops: Ops,
        beside: Ops,
        on_undo: Callable[[Undo], object],
        folder: Path,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._over, self._ops, self._beside = parent, ops, beside
        self._on_undo, self._folder = on_undo, folder
        self.choose_file = choose_file

    def open(self, what: str, composed: Composed) -> None:
        """`why`: who receives it; `manner`: how it is sent."""
        if what == "why":
            self._ops.read(
                whom_of, composed, then=lambda found: self._why(composed, found), owner=self
            )
        else:
            self._ops.read(
                _objections, then=lambda route: self._manner(composed, route), owner=self
            )

    def _why(self, composed: Composed, found: Whom) -> None:
        dialog = WhyDialog(self._over, found)
        outage_id = composed.outage_id

        def changed(inverse: Undo) -> None:
            self._on_undo(inverse)
            self._ops.read(whom, outage_id, then=dialog.show_whom, owner=dialog)
            self.done.emit()

        def refused(error: ConsoleError) -> None:
            dialog.refuse(error.sentence)

        def run(act: Callable[..., Undo], *what: object) -> None:
            self._ops.run(act, *what, then=changed, failed=refused, owner=dialog)

        dialog.added.connect(lambda text: run(add_by_hand, outage_id, _each(text)))
        dialog.leftOut.connect(lambda email: run(leave_out, outage_id, [email]))
        dialog.optedOut.connect(lambda email: run(opt_out, email))
        dialog.dependents.connect(lambda wanted: run(tell_dependents, outage_id, wanted))
        dialog.open()

    def _manner(self, composed: Composed, route: str) -> None:
        dialog = MannerDialog(self._over, composed, route)

        def refused(error: ConsoleError) -> None:
            dialog.refuse(error.sentence, str(error.about.get("field", "")))

        def add() -> None:
            path = self.choose_file(dialog)
            if path is not None:
                self._beside.run(
                    enclose, self._folder, path, then=dialog.take, failed=refused, owner=dialog
                )

        def saved(inverse: Undo) -> None:
            self._on_undo(inverse)
            dialog.accept()
            self.done.emit()

        def save() -> None:
            dialog.begin()
            self._ops.run(
                set_manner,
                composed.outage_id,
                composed.kind,
                send_as=dialog.send_as.text(),
                reply_to=dialog.reply_to.text(),
                objection_route=dialog.objections.text(),
                files=dialog.enclosed,
                then=saved,
                failed=refused,
                owner=dialog,
            )

        dialog.fileWanted.connect(add)
        dialog.saved.connect(save)
        dialog.open()


def _objections(uow: UnitOfWork) -> str:
    """A query: the organisation’s own route."""
    return organisation(uow).objection_route


def _each(text: str) -> list[str]:
    """Several addresses apart by commas or semicolons; one within quotation marks is of a name."""
    return [part.strip() for part in _APART.split(text) if part.strip()]
