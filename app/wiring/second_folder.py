"""The window's side of the second folder: what the rail's foot says, and who may send."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from app.models.settings_journal import said_upto
from app.services.events import SecondFolderChanged
from app.services.settings.second_folder import place_of
from app.services.settings.second_reading import LaterEntry
from app.services.settings.second_writing import SecondState
from app.services.settings.taking_over import later_entries
from app.views.ops import Ops
from app.views.settings.own_zone import own_zone
from app.views.settings.page import Part
from app.views.widgets.tone import Tone
from app.wiring.second_keeping import SecondKeeping

if TYPE_CHECKING:
    from app.wiring.window import Window

PATIENCE_MS = 10_000
LOOK_MS = 60_000


class SecondSide(QObject):
    """Nothing is written before `start`: pictures and tests show the pages only.

    `lost` once it is known that another console took over; `first_word` when it is known how the
    second folder stands, so that nothing is sent before."""

    first_word = Signal()
    lost = Signal()

    def __init__(self, window: Window, beside: Ops) -> None:
        super().__init__(window)
        assert window.console is not None and window.bridge is not None
        self._shell = window.shell
        self._store = window.console.store
        self._zone = own_zone()
        self._beside = beside
        self._told = 0
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._look_for_later)
        self._keeping: SecondKeeping | None = None
        self.last: SecondFolderChanged | None = None
        window.bridge.happened.connect(self._on_event)

    def start(self) -> None:
        if self._keeping is None:
            self._keeping = SecondKeeping(self._store)
            self._keeping.start()
            QTimer.singleShot(PATIENCE_MS, self._on_silence)
            self._look.start()

    def stop(self) -> None:
        self._look.stop()
        if self._keeping is not None:
            self._keeping.stop()
            self._keeping = None

    def _look_for_later(self) -> None:
        """What the console taken over from recorded since; a share that is away is no news."""
        self._beside.read(
            later_entries,
            self._store.folder,
            then=self._on_later,
            failed=lambda _refusal: None,
            owner=self,
        )

    def _on_later(self, entries: list[LaterEntry]) -> None:
        many, before, self._told = len(entries), self._told, len(entries)
        if many > before:
            one = many == 1
            self._shell.notify.error(
                f"{entries[0].host} recorded {'something' if one else f'{many} things'} after it "
                f"was taken over. {'It is' if one else 'They are'} not merged: type in what "
                "matters.",
                action=("Look", lambda: self._shell.goto("settings", Part.STORE.value)),
            )

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
