"""The bridge as a Teams meeting, from Live: made, and closed one step after another."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QGuiApplication

from app.models.bridge import ClosingStep
from app.models.errors import ConsoleError
from app.services.bridge.meeting import answer_closing, ask_meeting, use_line
from app.services.live.rows import BridgeRow, LiveRows
from app.services.ports.meetings import Attendance
from app.views.live.closing_dialog import ClosingDialog
from app.views.live.flight_acts import FlightActs
from app.views.widgets.sheet import Ask

Attend = Callable[
    [str, Callable[[Attendance | None], object], Callable[[ConsoleError], object]], object
]
"""Reads the attendance report of a meeting id, and answers later."""


class MeetingActs(FlightActs):
    """The steps are answered in their order; where one was left, the next time goes on."""

    attend: Callable[[], Attend | None] = staticmethod(lambda: None)
    """What reads reports, if the account may."""
    _closing: ClosingDialog | None = None

    def ask_meeting(self, rows: LiveRows) -> None:
        self._ops.run(ask_meeting, rows.outage_id, owner=self)

    def use_line(self, rows: LiveRows) -> None:
        sheet = self._sheet(
            "A conference line instead",
            "Notices, packet and board name this line from now on.",
            [
                Ask(
                    "line",
                    "Number and code, as they would be read out",
                    needed="Without them nobody can join.",
                )
            ],
            "Use it",
        )
        sheet.answered.connect(
            lambda answers: self._run(use_line, rows.outage_id, answers["line"], sheet=sheet)
        )
        sheet.open()

    def copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._notify.info("Copied.")

    def close_meeting(self, rows: LiveRows, bridge: BridgeRow) -> None:
        if bridge.closing.complete:
            return
        dialog = ClosingDialog(self._host, bridge, rows.zone)
        self._closing = dialog

        def failed(error: ConsoleError) -> None:
            dialog.refuse(error.sentence)

        def answered(step: ClosingStep, answer: str) -> None:
            self._ops.run(answer_closing, rows.outage_id, step, answer, failed=failed, owner=dialog)

        def forget() -> None:
            self._closing = None
            self._host.setFocus()  # what opened it may be gone from the header by now

        dialog.answered.connect(answered)
        dialog.finished.connect(forget)
        attend = self.attend()
        if attend is not None:
            dialog.offer_report(attend)
        dialog.open()

    def follow(self, rows: LiveRows) -> None:
        """What was read anew: an open dialogue goes on with it."""
        if self._closing is None or rows.bridge is None:
            return
        if rows.bridge.closed_at is not None:
            self._closing.accept()
            self._notify.info("The bridge is closed, with what was seen as proof.")
        else:
            self._closing.show_bridge(rows.bridge)
