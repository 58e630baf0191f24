"""Closing an online meeting from Live: one step at a time, each with what was seen."""

from __future__ import annotations

from app.models.bridge import ClosingStep
from app.models.errors import ConsoleError
from app.services.bridge.meeting import answer_closing
from app.services.live.rows import BridgeRow, LiveRows
from app.views.live.flight_acts import FlightActs
from app.views.widgets.sheet import Answers, Ask

_ASKS = {
    ClosingStep.FAREWELL: ("What was said", "All clear; thank you all, this line closes now"),
    ClosingStep.LOCK: ("How you saw that it is locked", "Locked by hand in the meeting’s options"),
    ClosingStep.END: (
        "Who ended it, and how that was seen",
        "Pressed “End meeting”, everybody left",
    ),
    ClosingStep.LOOK: ("What you saw", "Opened the link: nobody is in the meeting"),
}
_YES = {
    ClosingStep.FAREWELL: "It is said; lock the lobby",
    ClosingStep.LOCK: "It is locked",
    ClosingStep.END: "It is ended",
    ClosingStep.LOOK: "Close the bridge",
}


class MeetingActs(FlightActs):
    """The steps are asked in their order; where one was left, the next time goes on."""

    def close_meeting(self, rows: LiveRows, bridge: BridgeRow) -> None:
        step = bridge.closing.next
        if step is None:
            return
        number = list(ClosingStep).index(step) + 1
        waits = (
            "The console locks it as soon as Teams answers; you can leave this and come back, "
            "or lock it by hand. "
            if step is ClosingStep.LOCK
            else ""
        )
        label, hint = _ASKS[step]
        sheet = self._sheet(
            f"Close the bridge, {number} of {len(ClosingStep)}: {step.words}",
            f"{waits}{step.how}",
            [Ask("answer", label, hint=hint, needed="Say it in a few words; it is kept as proof.")],
            _YES[step],
        )

        def done(_: object) -> None:
            sheet.accept()
            if step is ClosingStep.LOOK:
                self._notify.info("The bridge is closed, with what was seen as proof.")

        def failed(error: ConsoleError) -> None:
            sheet.refuse(error.sentence)

        def answered(answers: Answers) -> None:
            self._ops.run(
                answer_closing, rows.outage_id, step, answers["answer"],
                then=done, failed=failed, owner=sheet,
            )  # fmt: skip

        sheet.answered.connect(answered)
        sheet.open()
