"""While the store holds the sample, the window says so and offers to leave it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app.services.events import ChangedElsewhere, DirectoryChanged
from app.services.sample.loading import leave_sample
from app.services.settings.reading import SettingsRow, settings
from app.views.notify import ask
from app.views.ops import Ops
from app.wiring.remote import forget_practice
from app.wiring.saying import Said

if TYPE_CHECKING:
    from app.wiring.window import Window

SENTENCE = "The sample hospital: invented people, and nobody is told anything."


def _forget(folder: Path) -> Said:
    """The window is closed, and with it its practice tenant."""
    if forget_practice(folder):
        return Said("The sample is put away, with all that was sent in practice.")
    return Said(
        "The sample is put away. What was sent in practice stays, as another program runs the "
        "practice tenant; none of it left this computer."
    )


class SampleStrip:
    """`beside` runs what takes longer than a use case may."""

    def __init__(self, window: Window, beside: Ops) -> None:
        assert window.ops is not None and window.bridge is not None and window.console is not None
        self._window = window
        self.is_sample = False
        self._store = window.console.store
        self._ops = window.ops
        self._beside = beside
        window.bridge.happened.connect(self._on_event)
        self.look()

    def look(self) -> None:
        if self._store.organisation_id:
            self._ops.read(settings, then=self._on_read, owner=self._window.shell)

    def ask_to_leave(self) -> None:
        ask(
            self._window.shell,
            "Leave the sample?",
            "The sample hospital, its outages and what you tried in it are put out of sight, what "
            "was sent in practice is deleted, and you begin with an organisation of your own. "
            "This cannot be undone, but the sample can be loaded afresh. Nobody was told anything.",
            "Leave the sample",
            self._leave,
        )

    def _leave(self) -> None:
        self._beside.run(
            leave_sample, self._store, then=lambda _: self._begin_anew(), owner=self._window
        )

    def _begin_anew(self) -> None:
        """The window starts again on the same store, which belongs to nobody now."""
        self._window.reopen_after(_forget)

    def _on_read(self, row: SettingsRow) -> None:
        self.is_sample = row.is_sample
        if row.is_sample:
            self._window.shell.set_strip(
                SENTENCE, ("Leave the sample…", self.ask_to_leave), about="sample"
            )
        else:
            self._window.shell.set_strip("", about="sample")

    def _on_event(self, event: object) -> None:
        if isinstance(event, DirectoryChanged | ChangedElsewhere):
            self.look()
