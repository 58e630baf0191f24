"""Asking department heads: a round is started, sent once to each, answered, turned into events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QVBoxLayout, QWidget

from app.models.calendar.asked import Asked
from app.models.calendar.outreach import DAYS_TO_ANSWER, AskState, period_from
from app.models.calendar.said_days import days_said
from app.models.calendar.typed import Noted, TypedEvent
from app.models.errors import ConsoleError
from app.services.calendar.events_by_hand import EventForm, event_form
from app.services.calendar.outreach import (
    RoundMade,
    mark_asked,
    note_answer,
    send_round,
    start_round,
)
from app.services.calendar.outreach_letters import leave_letters
from app.services.calendar.outreach_putting_off import put_off_round
from app.services.calendar.outreach_rows import AskRow, Outreach, RoundRow, outreach
from app.services.events import OutboxChanged, OutreachChanged
from app.services.uow import Undo
from app.views.calendar.event_dialog import EventDialog
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.theme import px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.folders import documents
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import EmptyState, button
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet
from app.views.widgets.tone import Tone

SIZE = (720, 560)
_TONES = {
    AskState.NOT_SENT: Tone.PLAIN,
    AskState.LEAVING: Tone.COMMS,
    AskState.WAITING: Tone.INFO,
    AskState.OVERDUE: Tone.BAD,
    AskState.ANSWERED: Tone.WARN,
    AskState.EVENT: Tone.OK,
}


class OutreachDialog(QDialog):
    """Enter notes an answer, S marks as asked by hand, E makes an event of an answer. Give
    committed events to `on_event`."""

    def __init__(
        self,
        over: QWidget,
        ops: Ops,
        tell: Telling,
        on_undo: Callable[[Undo], object],
        open_link: Callable[[QUrl], object] = QDesktopServices.openUrl,
    ) -> None:
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle("Ask department heads")
        self._ops, self._tell, self._on_undo, self._open_link = ops, tell, on_undo, open_link
        self._found: Outreach | None = None
        self.round = QComboBox()
        self.round.setAccessibleName("Which round")
        self.round.currentIndexChanged.connect(self._show_round)
        self._summary = Words("", "sub", wrap=True)
        self.asks = ListView("Who is asked", wraps=True)
        self.asks.chosen.connect(lambda _key: self._show_acts())
        self.asks.opened.connect(lambda _key: self.note())
        self._none = EmptyState(
            "Nobody was asked yet what must not be disturbed. Once a year, and before each "
            "quarter, each department head is asked; what they say becomes events here."
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(18), px(22), px(18))
        box.setSpacing(px(12))
        box.addWidget(Words("What must we not disturb?", "title"))
        for part in (self.round, self._summary, self.asks, self._none):
            box.addWidget(part, 1 if part in (self.asks, self._none) else 0)
        box.addWidget(self._line())
        for keys, act in (
            ("S", self.mark),
            ("E", self.make_event),
            ("M", self.write),
            ("Ctrl+Return", self._lead),
            ("Ctrl+N", self.start),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        room = over.window().size()
        width, height = (px(each) for each in SIZE)
        self.resize(min(width, room.width() - px(40)), min(height, room.height() - px(80)))
        self.refresh()

    def _line(self) -> QWidget:
        holder = QWidget()
        line = FlowLayout(holder, 8)
        line.setContentsMargins(0, 0, 0, 0)
        self.send = button("Send", self._send, tone="primary", tip="Ctrl+Enter")
        self.write_one = button("Write it yourself…", self.write, tip="M: in your mail program")
        self.save = button("Save as .eml…", self.save_letters, tip="drafts for your mail program")
        self.asked = button("Mark as asked", self.mark, tip="S: by your mail program or by phone")
        self.answer = button("Note the answer…", self.note, tip="Enter")
        self.event_made = button("Make it an event…", self.make_event, tip="E")
        self.new = button("Start a round…", self.start, tip="Ctrl+N")
        self.off = button("Not this time…", self.put_off, tip="Today asks no more, or later")
        self.off.hide()
        acts = (
            self.send,
            self.write_one,
            self.save,
            self.asked,
            self.answer,
            self.event_made,
            self.new,
            self.off,
        )
        for each in acts:
            line.addWidget(each)
        line.addWidget(button("Close", self.reject, tip="Esc"))
        return holder

    def refresh(self) -> None:
        self._ops.read(outreach, then=self._show, owner=self)

    def on_event(self, event: object) -> None:
        if isinstance(event, OutreachChanged | OutboxChanged):
            self.refresh()

    # --- showing ---------------------------------------------------------------------------

    def _show(self, found: Outreach) -> None:
        self._found = found
        chosen = self.round.currentData()
        self.round.blockSignals(True)
        self.round.clear()
        for row in found.rounds:
            self.round.addItem(f"About {row.words}", row.id)
        self.round.setCurrentIndex(max(0, self.round.findData(chosen)))
        self.round.blockSignals(False)
        for part in (self.round, self._summary, self.asks):
            part.setVisible(bool(found.rounds))
        self._none.setVisible(not found.rounds)
        self.off.setVisible(found.due is not None)
        self._show_round()

    def _show_round(self) -> None:
        row = self._round()
        self._summary.setText(row.summary if row is not None else "")
        self.asks.model_rows.apply([_ask_row(a) for a in row.asks] if row is not None else [])
        if row is not None:  # one that has another place now stays in sight
            ask = self._ask() or row.asks[0]
            self.asks.choose(ask.id)
        self._show_acts()
        (self.asks if row is not None else self.new).setFocus()

    def _show_acts(self) -> None:
        row, ask, found = self._round(), self._ask(), self._found
        unsent = [a for a in row.asks if a.state is AskState.NOT_SENT] if row is not None else []
        mails = sum(bool(a.email) for a in unsent)
        can_send = bool(found is not None and found.sends and mails)
        self.send.setText(f"Send to {mails}")
        self.send.setVisible(can_send)
        self.save.setVisible(mails > 0 and not can_send)
        is_new = ask is not None and ask.state is AskState.NOT_SENT
        self.write_one.setVisible(is_new and bool(ask is not None and ask.mailto))
        self.asked.setVisible(is_new)
        self.answer.setVisible(ask is not None)
        can_make = ask is not None and bool(ask.answer) and not ask.event_id
        self.event_made.setVisible(can_make)

    def _round(self) -> RoundRow | None:
        chosen = self.round.currentData()
        rounds: Sequence[RoundRow] = self._found.rounds if self._found is not None else ()
        return next((row for row in rounds if row.id == chosen), None)

    def _ask(self) -> AskRow | None:
        row, chosen = self._round(), self.asks.current()
        asks = row.asks if row is not None else ()
        return next((a for a in asks if chosen is not None and a.id == chosen.key), None)

    # --- acts ------------------------------------------------------------------------------

    def start(self) -> None:
        found = self._found
        if found is None:
            return
        by = found.today + timedelta(days=DAYS_TO_ANSWER)
        first = found.periods[0][0] if found.periods else ""
        sheet = Sheet(
            self,
            "Ask about which time?",
            "A mail to each department head is drafted; nothing is sent yet.",
            (
                Ask("period", "A year, or a quarter of it", value=first, hint="2027, or 2027-Q1"),
                Ask("by", "Answers by", Kind.DAY, by.isoformat()),
            ),
            "Draft them",
        )

        def answered(answers: Answers) -> None:
            day = date.fromisoformat(answers["by"])
            self._run(sheet, start_round, answers["period"], day, then=self._started)

        sheet.answered.connect(answered)
        sheet.open()

    def put_off(self) -> None:
        """The round that is due."""
        due = self._found.due if self._found is not None else None
        if self._found is None or due is None:
            return
        period, words = due
        later = (self._found.today + timedelta(days=7)).isoformat()
        ways = (("later", "Ask me again on a day"), ("never", f"Not about {words} at all"))
        sheet = Sheet(
            self,
            f"Not asking about {words} now",
            "Nobody is asked, and Today says so no more. It is written down with its reason.",
            (
                Ask("when", "When then", Kind.CHOICE, "later", choices=ways),
                Ask("day", "On", Kind.DAY, later, only_with=("when", "later")),
                Ask("why", "Why", needed="The next coordinator will ask why."),
            ),
            "Put it off",
        )

        def answered(answers: Answers) -> None:
            day = date.fromisoformat(answers["day"]) if answers["when"] == "later" else None
            self._run(sheet, put_off_round, period, day, answers["why"], then=self._put_off)

        sheet.answered.connect(answered)
        sheet.open()

    def _put_off(self, inverse: Undo) -> None:
        self._on_undo(inverse)
        self._tell.info("It is put off. Ctrl+Z takes it back.")

    def _started(self, made: RoundMade) -> None:
        self._on_undo(made.undo)
        if made.headless:
            self._tell.remark(f"Nobody leads {', '.join(made.headless)}: not asked.", warn=True)

    def _lead(self) -> None:
        """Ctrl+Enter: what leads here."""
        if self.send.isVisible():
            self._send()

    def _send(self) -> None:
        row = self._round()
        if row is not None:
            self._ops.run(send_round, row.id, then=self._sent, owner=self)

    def _sent(self, items: tuple[str, ...]) -> None:
        many = "1 mail leaves" if len(items) == 1 else f"{len(items)} mails leave"
        self._tell.info(f"{many} in a few seconds; until then the Outbox takes them back.")

    def write(self) -> None:
        ask = self._ask()
        if ask is not None and ask.mailto and ask.state is AskState.NOT_SENT:
            self._open_link(QUrl(ask.mailto))
            self._tell.remark(f"Once it is sent, mark {ask.name} as asked (S).")

    def save_letters(self) -> QFileDialog:
        """Of all who were not asked yet."""
        dialogue = QFileDialog(self, "Where the letters go", str(documents()))
        dialogue.setFileMode(QFileDialog.FileMode.Directory)
        dialogue.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialogue.fileSelected.connect(lambda name: self._save_in(Path(name)))
        dialogue.open()
        return dialogue

    def _save_in(self, folder: Path) -> None:
        row = self._round()
        if row is None:
            return

        def saved(many: int) -> None:
            self._tell.info(
                f"{many} letters lie in {folder}. Mark who was asked once they left (S)."
            )

        self._ops.read(leave_letters, row.id, folder, then=saved, owner=self)

    def mark(self) -> None:
        ask = self._ask()
        if ask is not None and ask.state is AskState.NOT_SENT:
            self._ops.run(mark_asked, ask.id, seen=ask.version, then=self._on_undo, owner=self)

    def note(self) -> None:
        ask = self._ask()
        if ask is None:
            return
        sheet = Sheet(
            self,
            f"What {ask.name} says",
            f"For {ask.department}, in their words; “nothing” is an answer, too.",
            (Ask("answer", "Their answer", Kind.TEXT, ask.answer, needed="Note what they said."),),
            "Note it",
        )
        sheet.answered.connect(
            lambda answers: self._run(
                sheet, note_answer, ask.id, answers["answer"], seen=ask.version, then=self._on_undo
            )
        )
        sheet.open()

    def make_event(self) -> None:
        ask = self._ask()
        if ask is not None and ask.answer and not ask.event_id:
            self._ops.read(event_form, then=lambda form: self._show_event(form, ask), owner=self)

    def _show_event(self, form: EventForm, ask: AskRow) -> None:
        """What they said is filled in, the days where these can be read without guessing."""
        row = self._round()
        assert row is not None
        period = period_from(row.period)
        said = days_said(ask.answer, period.first, period.last)
        first, last = said or (period.first, period.first)
        asked = Asked(ask.name, ask.asked_on, "", ask.answer)
        title = ask.answer.splitlines()[0][:80]
        start, end = (datetime.combine(each, datetime.min.time()) for each in (first, last))
        typed = TypedEvent(title, start, end, noted=Noted(asked, departments=ask.departments))
        EventDialog(
            self, self._ops, self._on_undo, form, first, typed, ask.id, asks_day=said is None
        ).open()

    def _run(
        self,
        sheet: Sheet,
        act: Callable[..., object],
        *args: object,
        then: Callable[..., object],
        **more: object,
    ) -> None:
        def done(made: object) -> None:
            sheet.accept()
            then(made)

        def failed(error: ConsoleError) -> None:
            sheet.refuse(error.sentence)

        self._ops.run(act, *args, then=done, failed=failed, owner=sheet, **more)


def _ask_row(ask: AskRow) -> ListRow:
    tone = _TONES[ask.state]
    answer = f" · “{ask.answer}”" if ask.answer else ""
    no_address = "" if ask.email else " · no address: ask by phone"
    return ListRow(
        key=ask.id,
        title=f"{ask.name}  {ask.department}",
        sub=f"{ask.said}{no_address}{answer}",
        tone=tone,
        pill=ask.state.words,
        pill_tone=tone,
        strong=ask.name,
    )
