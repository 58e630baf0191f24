"""The promised end, the conference line, the roll call and the log, from Live."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import Signal

from app.models.bridge import Provider
from app.models.errors import ConsoleError
from app.models.notices.kinds import NoticeKind
from app.models.outages.decisions import Decided
from app.models.times import speak_time, to_wall
from app.services.bridge.line import close_bridge, open_bridge
from app.services.crew.mailing import record_report
from app.services.live.crew import heard_from
from app.services.live.extending import ExtensionRows, extension
from app.services.live.going_on import go_on
from app.services.live.roll_call import answer_roll_call, say_criterion
from app.services.live.rows import CriterionRow, LiveRows
from app.services.log import add_note, strike
from app.services.outages.moving import extend, note_user_check
from app.services.uow import Undo
from app.views.live.extend_sheet import ExtendSheet
from app.views.live.flight_acts import WITH_DECISION
from app.views.live.meeting_acts import MeetingActs
from app.views.notify import ask_text
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet

EXTENDED = NoticeKind.EXTENDED.value


class LineActs(MeetingActs):
    """What belongs to the flight without moving it to another state. `noticeWanted(outage_id,
    kind token)` leads to a notice."""

    noticeWanted = Signal(str, str)
    _extending: ExtendSheet | None = None

    def extend(self, rows: LiveRows) -> None:
        """A new end: proposed, +15, +30, +60 or typed, with what it would mean; who decides is
        on the card."""

        def look(end: datetime | None, why: str, then: Callable[[ExtensionRows], object]) -> None:
            self._ops.look(extension, rows.outage_id, end, why, then=then)

        sheet = ExtendSheet(self._host, rows, look)
        self._extending = sheet

        def answered(answers: Answers) -> None:
            try:
                end = sheet.end()
            except ConsoleError as error:
                sheet.refuse(error.sentence)
                return
            self._extend(rows, end, answers["why"], None, sheet)

        sheet.answered.connect(answered)
        sheet.finished.connect(self._on_extended)
        sheet.open()
        sheet.propose()

    def _on_extended(self) -> None:
        self._extending = None

    def follow(self, rows: LiveRows) -> None:
        super().follow(rows)
        if self._extending is not None:
            self._extending.follow(rows)

    def _extend(
        self, rows: LiveRows, end: datetime, why: str, decided: Decided | None, sheet: Sheet
    ) -> None:
        def failed(error: ConsoleError) -> None:
            if error.about.get("act") in WITH_DECISION and decided is None:
                sheet.refuse(error.sentence)
                self._decide(error, lambda d: self._extend(rows, end, why, d, sheet))
            else:
                sheet.refuse(error.sentence)

        def done(undo: Undo) -> None:
            sheet.accept()
            self._on_undo(undo)
            at = speak_time(to_wall(end, rows.zone))
            self._notify.info(
                f"The end is {at} now. The extended notice is drafted; people are owed it.",
                action=("Open it", lambda: self.noticeWanted.emit(rows.outage_id, EXTENDED)),
            )

        self._ops.run(
            extend, rows.outage_id, end, why, decided, then=done, failed=failed, owner=sheet
        )

    def go_on(
        self, rows: LiveRows, way_back: datetime, minutes: int, refused: Callable[[], object]
    ) -> None:
        """“Continue” to the ask of the way back, written down at once."""

        def failed(error: ConsoleError) -> None:
            refused()
            if error.code != "unexpected":
                self._notify.error(error.sentence)

        self._run(go_on, rows.outage_id, way_back, minutes, failed=failed)

    def heard(self, step_id: str, name: str) -> None:
        """A word by phone, at once; what was said may be added in the log."""
        self._run(heard_from, step_id, name)

    def take_report(self, outage_id: str, reply_id: str) -> None:
        """It is as the mail says; one that cannot be taken is read among the replies."""
        brief = NoticeKind.CREW_BRIEF.value

        def failed(error: ConsoleError) -> None:
            if error.code != "unexpected":
                read = ("Open replies", lambda: self.noticeWanted.emit(outage_id, brief))
                self._notify.error(error.sentence, action=read)

        self._run(record_report, reply_id, failed=failed)

    def open_bridge(self, rows: LiveRows) -> None:
        if rows.bridge is not None and rows.bridge.line:
            self._run(open_bridge, rows.outage_id)
            return
        sheet = self._sheet(
            "Open bridge",
            "This flight was planned without a conference line.",
            [
                Ask(
                    "line",
                    "Number and code, as they would be read out",
                    needed="Without them nobody can join.",
                )
            ],
            "It is open",
        )
        sheet.answered.connect(
            lambda answers: self._run(open_bridge, rows.outage_id, "", answers["line"], sheet=sheet)
        )
        sheet.open()

    def close_bridge(self, rows: LiveRows) -> None:
        if rows.bridge is not None and rows.bridge.provider is Provider.TEAMS:
            self.close_meeting(rows, rows.bridge)
            return
        sheet = self._sheet(
            "Close bridge",
            "Say that it closes, end the call, then look that it has ended.",
            [
                Ask(
                    "proof",
                    "How you saw that it is closed",
                    hint="Dialled in again: conference ended",
                    needed="Say how you saw it; “closed” alone is no proof.",
                )
            ],
            "Close it",
        )
        sheet.answered.connect(
            lambda answers: self._run(close_bridge, rows.outage_id, answers["proof"], sheet=sheet)
        )
        sheet.open()

    def answer(self, rows: LiveRows, name: str, go: bool) -> None:
        """GO by one click; a NO asks what stands in the way."""
        if go:
            self._run(answer_roll_call, rows.outage_id, name, True)
            return
        sheet = self._sheet(
            f"{name}: no-go",
            "",
            [Ask("why", "What stands in the way", needed="A NO needs its reason.")],
            "Note the NO",
        )
        sheet.answered.connect(
            lambda answers: self._run(
                answer_roll_call, rows.outage_id, name, False, answers["why"], sheet=sheet
            )
        )
        sheet.open()

    def say_met(self, rows: LiveRows, row: CriterionRow, met: bool) -> None:
        """By hand: met needs to say how one knows."""
        sheet = self._sheet(
            f"{row.words}: {'met' if met else 'not met'}",
            row.evidence,
            [
                Ask(
                    "evidence",
                    "How you know",
                    needed="Say how you know, in a few words." if met else "",
                )
            ],
            "Note it",
        )
        sheet.answered.connect(
            lambda answers: self._run(
                say_criterion, rows.outage_id, row.criterion, met, answers["evidence"], sheet=sheet
            )
        )
        sheet.open()

    def user_check(self, rows: LiveRows) -> None:
        """The check that was promised for later, in the checker’s words."""
        who = rows.checker or "the user side"
        sheet = self._sheet(
            "User check",
            "",
            [
                Ask(
                    "said",
                    f"What {who} said, word for word",
                    Kind.TEXT,
                    needed="Note what was said.",
                )
            ],
            "Note it",
        )
        sheet.answered.connect(
            lambda answers: self._run(note_user_check, rows.outage_id, answers["said"], sheet=sheet)
        )
        sheet.open()

    def note(self, outage_id: str, text: str, then: Callable[[], object]) -> None:
        self._ops.run(add_note, outage_id, text, then=lambda _: then(), owner=self)

    def strike(self, outage_id: str, number: int, what: str) -> None:
        ask_text(
            self._host,
            "Strike through and correct",
            f"“{what}” stays readable, struck through.",
            "Correct it",
            lambda right: self._ops.run(strike, outage_id, number, right),
            label="What is right",
        )
