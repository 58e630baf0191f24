"""The crew board beside the window: its process, who is connected, and what is said when it ends.

The web libraries live in the child; nothing of them is imported here, and the child's own module
only once somebody switches it on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.models.crew.serving import Serving
from app.models.errors import ConsoleError
from app.services.clock import REHEARSAL
from app.services.crew.desk import at_start, boards_on
from app.services.crew.serving import Served, note_served
from app.services.events import ChangedElsewhere, CrewChanged, TakenBack
from app.views.crew.closing import CrewClosing
from app.views.crew.panel import CrewPanel
from app.views.crew.serves import Standing, Stands
from app.views.ops import Ops
from app.wiring.crew_help import CrewHelp

if TYPE_CHECKING:
    from app.services.crew.process import CrewProcess, Said
    from app.wiring.window import Window

FALLEN = (
    "The crew board ended unexpectedly. Phones keep their taps until it is back; what was "
    "acknowledged is safe."
)
ENDED = (
    "The window or command that served the crew board has ended, so phones reach nothing. They "
    "keep their taps until it is back."
)
ELSEWHERE_S = 15
"""Seconds from one look to the next whether it is still served there."""


class CrewSide(QObject):
    """Implements `views.crew.serves.Serves`. Nothing is served before somebody says so, in this
    window: after a restart it is only offered."""

    standing_changed = Signal()
    _said = Signal(object)
    _fallen = Signal(object)

    def __init__(self, window: Window, beside: Ops) -> None:
        super().__init__(window)
        assert window.console is not None and window.ops is not None
        assert window.bridge is not None and window.undoing is not None
        self._window, self._shell = window, window.shell
        self._ops, self._beside = window.ops, beside
        self._push = window.undoing.push
        self._store = window.console.store
        self._happened = window.bridge.happened
        self._process: CrewProcess | None = None
        self._told = ""
        self.standing = Standing()
        self._said.connect(self._on_said)
        self._fallen.connect(self._on_fallen)
        self._happened.connect(self._on_event)
        self._shell.ticked.connect(self._on_tick)
        closing = CrewClosing(self._shell, lambda: self.standing)
        self._shell.ask_before_close(closing.may_close)
        window.leaving.connect(self._leave)
        if self._store.organisation_id and not (window.folder / REHEARSAL).exists():
            self._ops.read(at_start, then=self._on_start, owner=self)
        CrewHelp(window)

    def panel(self) -> CrewPanel:
        made = CrewPanel(self._ops, self._shell.notify, self._push, self)
        self._shell.ticked.connect(made.tick)
        return made

    # --- what the panel asks ------------------------------------------------------------------

    def addresses(self) -> Sequence[tuple[str, str]]:
        from app.wiring.crew_addresses import addresses  # Qt's network module, for this alone

        return addresses()

    def serve(
        self,
        serving: Serving,
        then: Callable[[], object],
        failed: Callable[[ConsoleError], object],
    ) -> None:
        before, self._process = self._process, None
        was = self.standing
        self._stand(Standing(Stands.STARTING, serving))

        def started(process: CrewProcess) -> None:
            self._process = process
            self._withdraw()
            certificate = process.certificate
            self._stand(
                Standing(Stands.ON, process.serving, certificate.fingerprint if certificate else "")
            )
            self._ops.run(note_served, process.serving, then=lambda _: then(), failed=failed)

        def refused(refusal: ConsoleError) -> None:
            self._stand(replace(was, how=Stands.OFF) if before is not None else was)
            failed(refusal)

        self._beside.run(self._start, before, serving, then=started, failed=refused, owner=self)

    def _start(self, before: CrewProcess | None, serving: Serving) -> CrewProcess:
        """On a thread of its own. What was served before ends first: it may have the port."""
        from app.services.crew.process import start_crew
        from app.wiring.crew_photos import recoded

        if before is not None:
            before.stop()
        made: list[CrewProcess] = []

        def said(what: Said) -> None:
            self._store.look_elsewhere()
            self._said.emit(what)

        def fallen() -> None:
            self._fallen.emit(made and made[0])

        process = start_crew(self._window.folder, serving, said, fallen, recoded)
        made.append(process)
        return process

    def start_again(self, serving: Serving) -> None:
        """So as it was; what is refused is told."""
        self.serve(serving, lambda: None, lambda e: self._shell.notify.error(e.sentence))

    @property
    def pid(self) -> int:
        """Of the process that serves; 0 while there is none of ours."""
        return self._process.pid if self._process is not None else 0

    def stop(self) -> None:
        process, self._process = self._process, None
        serving = self.standing.serving
        self._withdraw()
        if process is None:
            return
        self._stand(Standing(Stands.OFF, serving))
        self._beside.run(process.stop, then=lambda _: None)
        self._ops.run(note_served, process.serving, on=False, then=lambda _: None)

    # --- what happened ------------------------------------------------------------------------

    def _on_start(self, found: tuple[Served, tuple[str, ...]]) -> None:
        kept, codes = found
        if not kept.on or not codes or self._process is not None:
            return
        self._look_elsewhere(lambda: self._offer(kept, codes))

    def _offer(self, kept: Served, codes: Sequence[str]) -> None:
        board = f"The crew board of {', '.join(codes)}"
        self._tell(
            f"{board} is served by the console on {kept.elsewhere}, as it last said. If that one "
            "is closed, phones reach nothing."
            if kept.elsewhere
            else f"{board} was on when the console was closed. Nothing is served now, so phones "
            "reach nothing.",
            kept.serving,
            "Serve it here" if kept.elsewhere else "Start again",
        )

    def _on_said(self, said: Said) -> None:
        if self.standing.how is Stands.ON:
            connected = frozenset(said.connected)
            if connected != self.standing.connected:
                self._stand(replace(self.standing, connected=connected))

    def _on_fallen(self, process: object) -> None:
        if self._process is None or (process and process is not self._process):
            return
        fell, self._process = self._process, None
        self._stand(Standing(Stands.FALLEN, fell.serving))
        self._beside.run(fell.stop, then=lambda _: None)
        self._tell(FALLEN, fell.serving)

    def _on_event(self, event: object) -> None:
        if isinstance(event, CrewChanged | TakenBack) and self._process is not None:
            self._ops.look(boards_on, then=self._on_boards)
        elif isinstance(event, CrewChanged | ChangedElsewhere) and self._process is None:
            self._look_elsewhere(lambda: None)

    def _on_tick(self, now: datetime) -> None:
        """Whoever serves it elsewhere may be killed, which nobody is told of."""
        serving = self.standing.serving
        if self.standing.how is Stands.ELSEWHERE and serving and now.second % ELSEWHERE_S == 0:
            self._look_elsewhere(lambda: self._tell(ENDED, serving, "Serve it here"))

    def _on_boards(self, codes: tuple[str, ...]) -> None:
        """The last one was switched off: nothing is served that opens nothing."""
        if not codes and self.standing.how is Stands.ON:
            self.stop()

    def _look_elsewhere(self, otherwise: Callable[[], object]) -> None:
        """Whether another process serves it, a command for instance."""
        from app.services.crew.served_lock import FOLDER, RUNNING

        there = (self._window.folder / FOLDER / RUNNING).exists()
        if not there and self.standing.how is not Stands.ELSEWHERE:
            otherwise()
            return

        def found(serving: Serving | None) -> None:
            if self._process is not None or self.standing.how is Stands.STARTING:
                return
            if serving is None:
                if self.standing.how is Stands.ELSEWHERE:
                    self._stand(Standing(Stands.OFF, self.standing.serving))
                otherwise()
            else:
                self._stand(Standing(Stands.ELSEWHERE, serving))

        self._beside.read(_served, self._window.folder, then=found, owner=self)

    def _stand(self, standing: Standing) -> None:
        self.standing = standing
        self.standing_changed.emit()

    def _tell(self, sentence: str, serving: Serving, action: str = "Start again") -> None:
        self._withdraw()
        self._told = sentence
        self._shell.notify.error(sentence, action=(action, lambda: self.start_again(serving)))

    def _withdraw(self) -> None:
        if self._told:
            self._shell.notify.withdraw(self._told)
            self._told = ""

    def _leave(self) -> None:
        """The console closes: the board goes with it, and is offered again the next time."""
        process, self._process = self._process, None
        if process is not None:
            process.stop()


def _served(folder: Path) -> Serving | None:
    """On a thread of its own, as what serves it takes 0.1 s to import."""
    from app.services.crew.process import running

    return running(folder)
