"""Enter paper: ticks of the printed packet typed line by line, each read against the board at
once; entered as one act, and nothing overwritten unless somebody says that the paper is right."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QTextCursor
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.models.errors import ConsoleError
from app.models.outages.decisions import Decided
from app.services.live.paper import PaperRow, PaperRows, enter_paper, look_at_paper
from app.services.live.paper_typed import TypedPaper, keep_typed_paper, typed_paper
from app.services.uow import Undo
from app.views.live.paper_reading import readings, summary
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.theme import font, px
from app.views.widgets.deciding import decided_from, decided_words, decision_sheet
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListView
from app.views.widgets.panels import button
from app.views.widgets.sheet import Answers

PAUSE_MS = 60
"""After the last key, before a reading is asked for."""
KEEP_MS = 400
"""After the first key that is not on disk yet."""
HOW = (
    "One line a step, as it stands on paper: code, start, end, initials, perhaps a note; "
    '“-” for a time that is not there, and a ditto mark (") for the initials above.'
)
EXAMPLE = "7 1954 2012 ki\n8 2012 - ki\n9 2030 2041 al failed: no answer from node B"


class PaperDesk(QObject):
    """Opens the sheet over `host`; what was typed and not entered stands in it again."""

    def __init__(
        self, ops: Ops, notify: Telling, on_undo: Callable[[Undo], object], host: QWidget
    ) -> None:
        super().__init__(host)
        self._ops, self._notify, self._on_undo, self._host = ops, notify, on_undo, host

    def open(self, outage_id: str) -> PaperSheet:
        sheet = PaperSheet(self._host, self._ops, outage_id)

        def entered(rows: PaperRows, count: int, undo: object) -> None:
            lines = "line is" if count == 1 else "lines are"
            self._notify.info(
                f"{count} {lines} entered from paper into {rows.code}; Ctrl+Z takes that back."
            )
            if isinstance(undo, Undo):
                self._on_undo(undo)

        sheet.entered.connect(entered)
        sheet.open()
        return sheet


class PaperSheet(QDialog):
    """`entered(rows, count, undo)` after each entry. What is typed is on disk a moment later."""

    entered = Signal(object, int, object)

    def __init__(self, host: QWidget, ops: Ops, outage_id: str) -> None:
        super().__init__(host)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle("Enter paper")
        self._ops = ops
        self._outage_id = outage_id
        self._take: set[str] = set()
        self._decided: Decided | None = None
        self._rows: PaperRows | None = None
        self._asked = 0
        self._busy = False
        self._kept: TypedPaper | None = None
        self.typed = QPlainTextEdit()
        self.list = ListView("What each line says", lead_width=34, wraps=True)
        self._build()
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self._keep = QTimer(self)
        self._keep.setSingleShot(True)
        self._keep.setInterval(KEEP_MS)
        self._keep.timeout.connect(self._keep_typed)
        self._bind()
        self.resize(
            min(px(1060), max(px(640), host.width() - px(40))),
            min(px(660), max(px(420), host.height() - px(40))),
        )
        self.typed.setFocus()
        ops.read(typed_paper, outage_id, then=self._on_kept, owner=self)
        self._look()

    # --- keeping ---------------------------------------------------------------------------

    def _on_kept(self, kept: TypedPaper) -> None:
        """Before what was typed since the sheet opened."""
        self._kept = kept
        self._take |= set(kept.take)
        self._decided = self._decided or kept.decided
        typed = self.typed.toPlainText()
        if kept.text:
            self.typed.setPlainText(f"{kept.text}\n{typed}" if typed else kept.text)
            self.typed.moveCursor(QTextCursor.MoveOperation.End)
        self._look()

    def _on_typed(self) -> None:
        self._pause.start()
        if not self._keep.isActive():  # the last key of a long line must not be waited for
            self._keep.start()

    def _keep_typed(self) -> None:
        if self._kept is None or self._busy:
            return  # nothing was read yet, or it is being entered, which keeps what is left over
        now = TypedPaper(self.typed.toPlainText(), tuple(sorted(self._take)), self._decided)
        if now != self._kept:
            self._kept = now
            self._ops.run(keep_typed_paper, self._outage_id, now)

    # --- building --------------------------------------------------------------------------

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(18), px(22), px(18))
        box.setSpacing(px(10))
        head = QHBoxLayout()
        head.addWidget(Words("Enter paper", "title"))
        self._flight = Words("", "muted")
        head.addWidget(self._flight, 1, Qt.AlignmentFlag.AlignBottom)
        box.addLayout(head)
        box.addWidget(Words(HOW, "muted", wrap=True))
        self.setAccessibleDescription(HOW)
        self.typed.setFont(font(14, mono=True))
        self.typed.setPlaceholderText(EXAMPLE)
        self.typed.setAccessibleName("Lines of paper")
        self.typed.setTabChangesFocus(True)
        self.typed.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        columns = QHBoxLayout()
        columns.setSpacing(px(16))
        columns.addWidget(self.typed, 2)
        columns.addWidget(self.list, 3)
        box.addLayout(columns, 1)
        self._sum = Words("", "", wrap=True)
        box.addWidget(self._sum)
        self._said = Words("", "error", wrap=True)
        self._said.hide()
        box.addWidget(self._said)
        line = QHBoxLayout()
        line.setSpacing(px(8))
        self.right = button("The paper is right  Ctrl+T", self._on_right)
        self.right.setEnabled(False)
        self.decide = button("Who decided…  Ctrl+D", self._on_decide)
        self.decide.hide()
        self.next = button("Next to look at  F4", self._on_next)
        self.yes = button("Enter  Ctrl+⏎", self._on_enter, tone="primary")
        line.addWidget(self.right)
        line.addWidget(self.decide)
        line.addWidget(self.next)
        line.addStretch(1)
        line.addWidget(button("Close", self.reject))
        line.addWidget(self.yes)
        box.addLayout(line)

    def _bind(self) -> None:
        self.typed.textChanged.connect(self._on_typed)
        self.typed.cursorPositionChanged.connect(self._follow_caret)
        self.list.chosen.connect(self._on_chosen)
        self.list.opened.connect(self._to_line)
        for keys, act in (
            ("Ctrl+Return", self._on_enter),
            ("Ctrl+Enter", self._on_enter),
            ("Ctrl+T", self._on_right),
            ("Ctrl+D", self._on_decide),
            ("F4", self._on_next),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)

    # --- reading ---------------------------------------------------------------------------

    def _look(self) -> None:
        self._pause.stop()
        self._asked += 1
        asked = self._asked

        def show(rows: PaperRows) -> None:
            if asked == self._asked:
                self._show(rows)

        self._ops.read(
            look_at_paper,
            self._outage_id,
            self.typed.toPlainText(),
            take=tuple(self._take),
            decided=self._decided,
            then=show,
            failed=self._on_refused,
            owner=self,
        )

    def _show(self, rows: PaperRows) -> None:
        self._rows = rows
        self._flight.setText(f"{rows.code} {rows.title}")
        self.list.model_rows.apply(readings(rows, self._take))
        self._sum.setText(summary(rows, self._take))
        decision = "; ".join(dict.fromkeys(rows.needs_decision))
        self.decide.setVisible(bool(decision))
        if decision:
            who = decided_words(self._decided, rows.decider) or "a named decision"
            self._sum.setText(f"{self._sum.text()} · to {decision}: {who}")
        count = len(rows.entering(self._take))
        self.yes.setText(f"Enter {count} {'line' if count == 1 else 'lines'}  Ctrl+⏎")
        self.yes.setEnabled(bool(count) and not self._busy)
        self.next.setEnabled(bool(self._to_look_at()))
        self._follow_caret()

    def _follow_caret(self) -> None:
        self.list.choose(str(self.typed.textCursor().blockNumber() + 1))
        self._show_choice()

    def _on_chosen(self, key: str) -> None:
        if self.list.hasFocus():
            self._caret_to(int(key))
        self._show_choice()

    def _to_line(self, key: str) -> None:
        self._caret_to(int(key))
        self.typed.setFocus()

    def _caret_to(self, line: int) -> None:
        block = self.typed.document().findBlockByNumber(line - 1)
        if block.isValid() and self.typed.textCursor().blockNumber() != line - 1:
            caret = QTextCursor(block)
            caret.movePosition(QTextCursor.MoveOperation.EndOfBlock)
            self.typed.setTextCursor(caret)

    def _row(self) -> PaperRow | None:
        """The line in hand, where its reading is known."""
        line = self.typed.textCursor().blockNumber() + 1
        rows = self._rows.rows if self._rows is not None else ()
        return next((row for row in rows if row.line == line), None)

    def _show_choice(self) -> None:
        row = self._row()
        can = row is not None and bool(row.against) and row.can_take
        taken = row is not None and row.code.casefold() in self._take
        words = "Keep the board" if taken else "The paper is right"
        self.right.setText(f"{words}  Ctrl+T")
        self.right.setEnabled(can)

    # --- choosing --------------------------------------------------------------------------

    def _on_right(self) -> None:
        """About the line in hand, and back again."""
        row = self._row()
        if row is not None and row.against and row.can_take:
            self._take ^= {row.code.casefold()}
            self._keep_typed()
            self._look()

    def _to_look_at(self) -> list[int]:
        if self._rows is None:
            return []
        return sorted(self._rows.left_over(self._take))

    def _on_next(self) -> None:
        """On to the next line that waits or cannot be read, and round again."""
        lines = self._to_look_at()
        here = self.typed.textCursor().blockNumber() + 1
        if lines:
            self._caret_to(next((line for line in lines if line > here), lines[0]))

    def _on_decide(self) -> None:
        if self._rows is None or not self._rows.needs_decision:
            return
        what = "; ".join(dict.fromkeys(self._rows.needs_decision))
        asked = decision_sheet(
            self,
            "Who decided that night",
            f"To {what}.",
            "Record the decision",
            self._rows.decider,
        )

        def answered(answers: Answers) -> None:
            asked.accept()
            self._decided = decided_from(answers)
            self._keep_typed()
            self._look()

        asked.answered.connect(answered)
        asked.open()

    # --- entering --------------------------------------------------------------------------

    def _on_enter(self) -> None:
        if self._busy or not self.yes.isEnabled():
            return
        self._busy = True
        self.typed.setReadOnly(True)  # which lines are left over is told by their numbers
        self.yes.setText("Entering…")
        self.yes.setEnabled(False)
        self._said.hide()
        self._ops.run(
            enter_paper,
            self._outage_id,
            self.typed.toPlainText(),
            take=tuple(self._take),
            decided=self._decided,
            then=self._on_entered,
            failed=self._on_refused,
            owner=self,
        )

    def _on_entered(self, told: tuple[PaperRows, Undo | None]) -> None:
        """What was left out stays to be looked at; with nothing left the sheet closes."""
        rows, undo = told
        self._busy = False
        self.typed.setReadOnly(False)
        left, count = rows.left_over(self._take), len(rows.entering(self._take))
        lines = self.typed.toPlainText().split("\n")
        self.typed.setPlainText("\n".join(lines[line - 1] for line in sorted(left)))
        self.typed.moveCursor(QTextCursor.MoveOperation.End)
        self._take.clear()
        if undo is not None:
            self.entered.emit(rows, count, undo)
        if not left:
            self.accept()
        else:
            self._say(f"{'This line is' if len(left) == 1 else 'These lines are'} still to decide.")
            self._look()

    def _on_refused(self, error: ConsoleError) -> None:
        self._busy = False
        self.typed.setReadOnly(False)
        self.yes.setEnabled(True)
        if error.code != "unexpected":
            self._say(error.sentence)

    def _say(self, sentence: str) -> None:
        self._said.setText(sentence)
        self._said.show()

    def done(self, result: int) -> None:
        self._keep_typed()
        super().done(result)
