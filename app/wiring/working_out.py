"""When events happen, worked out anew beside the window."""

from __future__ import annotations

from PySide6.QtCore import QTimer

from app.models.errors import ConsoleError
from app.services.calendar.occurrences import refresh
from app.services.database import Store
from app.views.ops import Ops
from app.views.shell import Shell
from app.views.widgets.working import PATIENCE_MS

BEING_WORKED_OUT = (
    "When the events happen is being worked out anew; until then the calendar shows newer times."
)


def work_out(shell: Shell, beside: Ops, store: Store) -> None:
    """After an import was taken back: until then the calendar shows the newer times, and says so
    when it takes a while."""
    patience = QTimer(shell)
    patience.setSingleShot(True)
    patience.timeout.connect(lambda: shell.notify.remark(BEING_WORKED_OUT))
    patience.start(PATIENCE_MS)

    def failed(refusal: ConsoleError) -> None:
        patience.deleteLater()
        shell.notify.error(refusal.sentence)

    beside.run(refresh, store, then=lambda _: patience.deleteLater(), failed=failed, owner=patience)
