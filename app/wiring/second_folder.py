"""The window's side of the second folder: what the rail's foot says, and who may send."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.models.settings_journal import said_upto
from app.services.events import SecondFolderChanged
from app.services.settings.second_folder import place_of
from app.services.settings.second_writing import SecondState
from app.views.settings.own_zone import own_zone
from app.views.widgets.tone import Tone
from app.wiring.second_keeping import SecondKeeping

if TYPE_CHECKING:
    from app.wiring.window import Window

PATIENCE_MS = 10_000


class SecondSide(QObject):
    """Nothing is written before `start`: pictures and tests show the pages only.

    `lost` once it is known that another console took over; `first_word` when it is known how the
    second folder stands, so that nothing is sent before."""

    first_word = Signal()
    lost = Signal()

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        assert window.console is not None and window.bridge is not None
        self._shell = window.shell
        self._store = window.console.store
        self._zone = own_zone()
        self._keeping: SecondKeeping | None = None
        self.last: SecondFolderChanged | None = None
        window.bridge.happened.connect(self._on_event)

    def start(self) -> None:
        if self._keeping is None:
            self._keeping = SecondKeeping(self._store)
            self._keeping.start()
            QTimer.singleShot(PATIENCE_MS, self._on_silence)

    def stop(self) -> None:
        if self._keeping is not None:
            self._keeping.stop()
            self._keeping = None

    def _on_silence(self) -> None:
        """A share that does not answer holds up no notice, unless this console is known to be
        lost."""
        if self._keeping is None or self.last is not None:
            return
        self._shell.rail.set_second("Second folder: no answer", Tone.WARN)
        if not place_of(self._store.folder).lost_to:
            self.first_word.emit()

    def _on_event(self, event: object) -> None:
        if not isinstance(event, SecondFolderChanged):
            return
        first, self.last = self.last is None, event
        state = SecondState(event.state)
        self._show(state, event.why, event.upto)
        if state is SecondState.TAKEN:
            self.lost.emit()
            words = f"{event.why} Nothing is sent from here."
            self._shell.set_strip(words, tone=Tone.BAD, about="epoch")
        elif first:
            self.first_word.emit()  # a second one, after silence, starts nothing anew

    def _show(self, state: SecondState, why: str, upto: str) -> None:
        known = datetime.fromisoformat(upto) if upto else None
        words, tone = {
            SecondState.NONE: ("", Tone.PLAIN),
            SecondState.CURRENT: ("Second folder current", Tone.OK),
            SecondState.BEHIND: (said_upto(known, self._zone), Tone.WARN),
            SecondState.TAKEN: ("Taken over elsewhere", Tone.BAD),
        }[state]
        self._shell.rail.set_second(words, tone, why)
