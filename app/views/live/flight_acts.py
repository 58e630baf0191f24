"""How an act of the flight is run: sheets stay open until it is on disk, decisions are asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.models.errors import ConsoleError
from app.models.outages.decisions import Act, Decided
from app.models.outages.lifecycle import State
from app.services.live.rows import LiveRows
from app.services.outages.leading import Going, advance
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.widgets.deciding import decided_from, decision_sheet, line_of
from app.views.widgets.sheet import Answers, Ask, Sheet

WITH_DECISION = frozenset(Act)


class FlightActs(QObject):
    """`host` is the page over which sheets open."""

    def __init__(
        self, ops: Ops, notify: Telling, on_undo: Callable[[Undo], object], host: QWidget
    ) -> None:
        super().__init__(host)
        self._ops = ops
        self._notify = notify
        self._on_undo = on_undo
        self._host = host

    def _sheet(
        self, title: str, words: str, asks: list[Ask], yes: str, *, tone: str = "primary"
    ) -> Sheet:
        return Sheet(self._host, title, words, asks, yes, tone=tone)

    def _run(
        self,
        use_case: Callable[..., Undo],
        *args: object,
        sheet: Sheet | None = None,
        failed: Callable[[ConsoleError], object] | None = None,
    ) -> None:
        def done(undo: Undo) -> None:
            if sheet is not None:
                sheet.accept()
            self._on_undo(undo)

        def refused(error: ConsoleError) -> None:
            if sheet is not None:
                sheet.refuse(error.sentence)
            elif error.code != "unexpected":
                self._notify.error(error.sentence)

        self._ops.run(use_case, *args, then=done, failed=failed or refused, owner=sheet or self)

    def _advance(self, rows: LiveRows, to: State, going: Going, sheet: Sheet | None = None) -> None:
        def done(undo: Undo) -> None:
            if sheet is not None:
                sheet.accept()
            self._on_undo(undo)

        def failed(error: ConsoleError) -> None:
            if error.about.get("act") in WITH_DECISION and going.decided is None:
                if sheet is not None:
                    sheet.refuse(error.sentence)
                self._decide(
                    error, lambda d: self._advance(rows, to, replace(going, decided=d), sheet)
                )
            elif sheet is not None:
                sheet.refuse(error.sentence)
            elif error.code != "unexpected":
                self._notify.error(error.sentence)

        self._ops.run(
            advance,
            rows.outage_id,
            to,
            going,
            seen=rows.version,
            then=done,
            failed=failed,
            owner=sheet or self,
        )

    def _decide(self, error: ConsoleError, then: Callable[[Decided], object]) -> None:
        sheet = decision_sheet(
            self._host,
            "This is somebody’s decision",
            error.sentence,
            "Record the decision",
            line_of(error),
        )

        def answered(answers: Answers) -> None:
            sheet.accept()
            then(decided_from(answers))

        sheet.answered.connect(answered)
        sheet.open()
