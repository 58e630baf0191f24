"""“Who holds which side”: fix lead and communication lead, by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.models.errors import ConsoleError
from app.models.live.sides import Side
from app.services.live.rows import LiveRows
from app.services.live.sides import give_sides, may_hold
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.page import HeaderAction, HeaderPart
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet

WORDS = (
    "The fix lead repairs and is not interrupted by questions; the communication lead tells "
    "people, in a window without a step in it. It goes into the log."
)


class SideActs(QObject):
    def __init__(
        self, ops: Ops, notify: Telling, on_undo: Callable[[Undo], object], over: QWidget
    ) -> None:
        super().__init__(over)
        self._ops, self._notify, self._on_undo, self._over = ops, notify, on_undo, over

    def give(self, rows: LiveRows) -> None:
        self.ask(rows.outage_id, rows.sides, rows.coordinator)

    def led_by(
        self, side: Side, rows: LiveRows | None, parts: Sequence[HeaderPart]
    ) -> Sequence[HeaderPart]:
        """The header of one side begins with who holds it."""
        if rows is None:
            return parts
        words = f"Led by {rows.sides[side] or 'nobody'}…"
        return (HeaderAction(words, lambda: self.give(rows), tip="Ctrl+G"), *parts)

    def ask(self, outage_id: str, held: Mapping[Side, str], coordinator: str) -> None:
        def opened(names: Sequence[str]) -> None:
            self._open(outage_id, held, coordinator, names)

        self._ops.read(may_hold, then=opened, owner=self)

    def _open(
        self, outage_id: str, held: Mapping[Side, str], coordinator: str, names: Sequence[str]
    ) -> None:
        nobody = ("", f"{coordinator or 'the coordinator'}, who leads")
        known = dict.fromkeys((*names, *held.values()))
        choices = (nobody, *((each, each) for each in known if each and each != coordinator))
        asks = [
            Ask(
                side.value,
                side.lead.capitalize(),
                Kind.FOUND,
                value="" if held[side] == coordinator else held[side],
                choices=choices,
            )
            for side in Side
        ]
        sheet = Sheet(self._over, "Who holds which side", WORDS, asks, "Give")

        def done(undo: Undo) -> None:
            sheet.accept()
            self._on_undo(undo)

        def failed(error: ConsoleError) -> None:
            sheet.refuse(error.sentence)

        def answered(answers: Answers) -> None:
            given = {side: answers[side.value] for side in Side}
            self._ops.run(give_sides, outage_id, given, then=done, failed=failed, owner=sheet)

        sheet.answered.connect(answered)
        sheet.open()
