"""Rehearsing in the window: a copy opens in a window of its own, and what it taught comes back."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess

from app.models.errors import ConsoleError
from app.models.live.learnt import Lesson
from app.services.clock import RehearsalClock
from app.services.database import Store
from app.services.live.rehearsing import (
    Learnt,
    Rehearsal,
    carry_back,
    drop,
    learnt,
    open_copy,
    rehearsal_of,
    rehearsals,
    rehearse,
    set_on,
)
from app.services.live.setting_out import Begin
from app.services.uow import Undo
from app.views.live.learnt_dialog import LearntDialog
from app.views.ops import Ops
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet
from app.views.widgets.tone import Tone

if TYPE_CHECKING:
    from app.wiring.palette import Going
    from app.wiring.window import Window

SPEEDS = (1, 5, 10, 30, 60)
_WORDS = (
    "The outage is flown on a copy, in a window of its own, whose clock begins 35 minutes before "
    "the start. Nothing leaves this laptop: notices, calendar and bridge go through the "
    "practice tenant. What it teaches can be carried back to the runbook when that window is "
    "closed."
)


_BEGINS = (
    (Begin.GATE.value, "At the GO: what is due before is taken as told and printed"),
    (Begin.PLAN.value, "With everything still to do, from the planned notice on"),
)


def look_what_was_learnt(made: Rehearsal, real: Store) -> Learnt:
    """On a thread beside the store: the copy is opened and closed again."""
    copy = open_copy(made, real.actor)
    try:
        return learnt(copy, made.outage_id, real)
    finally:
        copy.close()


class RehearsalSide(QObject):
    """In a rehearsal's own window it marks it as one; in any other it begins them."""

    def __init__(self, window: Window, beside: Ops, going: Going) -> None:
        super().__init__(window)
        assert window.ops is not None and window.console is not None and window.undoing is not None
        self._window, self._shell = window, window.shell
        self._ops, self._beside, self._going = window.ops, beside, going
        self._store = window.console.store
        self._push = window.undoing.push
        self._flown: list[QProcess] = []
        self._is_one = rehearsal_of(window.folder)
        if self._is_one is None:
            going.offer("What the last rehearsal taught", "carry it back", self.look_at_last)
        else:
            going.offer("Set the rehearsal’s clock on…", "jump ahead", self.ask_to_jump)

    def start(self) -> None:
        """Mark the window, and go to the flight."""
        if self._is_one is None:
            return
        made = self._is_one
        self._shell.set_strip(
            f"REHEARSAL of {made.code} at {made.speed:g}×: a copy, nothing leaves this laptop.",
            ("Set the clock on…", self.ask_to_jump),
            Tone.COMMS,
            about="rehearsal",
        )
        self._shell.goto("live", made.outage_id)

    # --- in the rehearsal's window -----------------------------------------------------------

    def ask_to_jump(self) -> None:
        sheet = Sheet(
            self._shell,
            "Set the clock on",
            "Pass over a time in which nothing is to be done. It never goes back.",
            (Ask("minutes", "Minutes", Kind.NUMBER, "15", most=24 * 60),),
            "Set it on",
        )

        def answered(answers: Answers) -> None:
            sheet.accept()
            clock = self._window.clock
            assert isinstance(clock, RehearsalClock)
            ahead = timedelta(minutes=int(answers["minutes"] or 0))
            self._beside.run(set_on, self._window.folder, clock, clock.now() + ahead)

        sheet.answered.connect(answered)
        sheet.open()

    # --- in any other --------------------------------------------------------------------------

    def ask(self, outage_id: str) -> None:
        if self._is_one is not None:
            self._shell.notify.remark("This is a rehearsal already; close it to begin another.")
            return
        speeds = tuple((str(speed), f"{speed}×") for speed in SPEEDS)
        asks = (
            Ask("begin", "It begins", Kind.CHOICE, Begin.GATE.value, choices=_BEGINS),
            Ask("speed", "How fast its clock runs", Kind.CHOICE, "10", choices=speeds),
        )
        sheet = Sheet(self._shell, "Rehearse", _WORDS, asks, "Rehearse")

        def answered(answers: Answers) -> None:
            sheet.accept()
            self._shell.notify.remark("A copy is being made; its window opens in a moment.")
            self._beside.run(
                partial(rehearse, begin=Begin(answers["begin"])),
                self._store, outage_id, float(answers["speed"]),
                then=self._fly, owner=self,
            )  # fmt: skip

        sheet.answered.connect(answered)
        sheet.open()

    def _fly(self, made: Rehearsal) -> None:
        """In a process of its own: another clock, another store."""
        process = QProcess(self)
        frozen = bool(getattr(sys, "frozen", False))
        process.setProgram(sys.executable)
        process.setArguments([*([] if frozen else ["-m", "app"]), "--data", str(made.folder)])
        process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedChannels)
        process.finished.connect(lambda *_: self._on_flown(process, made))
        self._flown.append(process)
        process.start()

    def _on_flown(self, process: QProcess, made: Rehearsal) -> None:
        self._flown.remove(process)
        process.deleteLater()
        self.look_at(made)

    def look_at_last(self) -> None:
        self._beside.read(rehearsals, self._window.folder, then=self._on_kept, owner=self)

    def _on_kept(self, kept: list[Rehearsal]) -> None:
        if kept:
            self.look_at(kept[0])
        else:
            self._shell.notify.remark("Nothing was rehearsed yet. An outage’s Actions offer it.")

    def look_at(self, made: Rehearsal) -> None:
        self._beside.read(
            look_what_was_learnt, made, self._store,
            then=lambda found: self._show(made, found), owner=self,
        )  # fmt: skip

    def _show(self, made: Rehearsal, found: Learnt) -> None:
        def carry(taken: Sequence[Lesson]) -> None:
            self._ops.run(
                carry_back, found, taken, made.code,
                then=carried, failed=dialog.refuse, owner=dialog,
            )  # fmt: skip

        def carried(undo: Undo) -> None:
            dialog.accept()
            self._push(undo)
            self._shell.notify.info(f"Carried back to the runbook “{found.flown.name}”.")

        dialog = LearntDialog(self._shell, made.code, found, carry, partial(self._drop, made))
        dialog.open()

    def _drop(self, made: Rehearsal) -> None:
        def failed(refusal: ConsoleError) -> None:
            self._shell.notify.error(refusal.sentence)

        self._beside.run(drop, made, failed=failed, owner=self)
