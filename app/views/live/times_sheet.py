"""The crew's times: who knows what, the mail each would get, and one act that sends what is due."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.models.errors import ConsoleError
from app.models.outbox import TAKE_BACK
from app.services.live.crew_rows import CrewTime, CrewTimes
from app.services.live.crew_telling import (
    Draft,
    Sent,
    draft_times,
    send_times,
    take_back_times,
    told_by_hand,
)
from app.services.live.crew_times import crew_times
from app.services.uow import Undo
from app.views.live.times_words import row_of, send_words
from app.views.notify import CountsDown
from app.views.ops import Ops
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListView
from app.views.widgets.panels import button
from app.views.widgets.room import size_within


def _open_link(link: str) -> None:
    QDesktopServices.openUrl(QUrl(link))


class TimesDesk(QObject):
    """Sends the times that are due, and opens the sheet with their words over `host`."""

    def __init__(self, ops: Ops, notify: CountsDown, host: QWidget) -> None:
        super().__init__(host)
        self._ops, self._notify, self._host = ops, notify, host

    def send(self, outage_id: str) -> None:
        """By one key: everybody whose times are due, in ten seconds."""
        self._ops.run(send_times, outage_id, then=self.sent, owner=self)

    def open(self, outage_id: str) -> TimesSheet:
        sheet = TimesSheet(self._host, self._ops, outage_id)
        sheet.sent.connect(self.sent)
        sheet.open()
        return sheet

    def sent(self, sent: Sent) -> None:
        calls = f" Call {' and '.join(sent.by_phone)}: no mail address." if sent.by_phone else ""
        if not sent.items:
            self._notify.info(calls.strip())
            return

        def take_back() -> None:
            self._ops.run(take_back_times, sent.items, then=self._taken_back, owner=self)

        self._notify.count_down(
            f"Times to {', '.join(sent.names)}.{calls}",
            ("Take back", take_back),
            int(TAKE_BACK.total_seconds()),
        )

    def _taken_back(self, count: int) -> None:
        self._notify.info(
            f"Taken back: {count} of them will not leave." if count else "They had left already."
        )


class TimesSheet(QDialog):
    """`sent(Sent)` after the act. P notes that the chosen person was told by phone, or by a mail
    of one's own: without an account the act opens it in the mail program (`open_link`)."""

    sent = Signal(object)

    def __init__(
        self,
        host: QWidget,
        ops: Ops,
        outage_id: str,
        open_link: Callable[[str], object] = _open_link,
    ) -> None:
        super().__init__(host)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle("Times of the crew")
        self._ops, self._outage_id, self._open_link = ops, outage_id, open_link
        self._rows: CrewTimes | None = None
        self._goes_on = False
        """To whom something is still to be said, after somebody was told by hand."""
        self._drafts: dict[str, Draft] = {}
        self.list = ListView("The crew and their times")
        self.list.chosen.connect(lambda _key: self._show_draft())
        self.list.wraps = True
        self.list.setMinimumSize(px(300), px(180))
        self.subject = Words("", "strong", wrap=True)
        self.draft = QPlainTextEdit()
        self.draft.setReadOnly(True)
        self.draft.setTabChangesFocus(True)
        self.draft.setAccessibleName("The mail this person gets")
        self.draft.setMinimumSize(px(260), px(180))
        self._head = Words("", "muted", wrap=True)
        self._refusal = Words("", "error", wrap=True)
        self._refusal.hide()
        self.phone = button("Told by phone  P", self.by_phone, spoken="Told by phone")
        self.yes = button("Send  Ctrl+⏎", self.send, tone="primary")
        self._build()
        size_within(self, host, 880, 440)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.send)
        QShortcut(QKeySequence("P"), self).activated.connect(self.by_phone)
        self.list.setFocus()
        self.refresh()

    def refresh(self) -> None:
        self._ops.read(crew_times, self._outage_id, then=self._show, owner=self)
        self._ops.read(draft_times, self._outage_id, then=self._show_drafts, owner=self)

    def send(self) -> None:
        if not self.yes.isEnabled():
            return
        if self._rows is not None and not self._rows.sends:
            self._open_link(self._mailto())
            return
        self.yes.setEnabled(False)
        self._ops.run(
            send_times, self._outage_id, then=self._on_sent, failed=self._refuse, owner=self
        )

    def by_phone(self) -> None:
        row = self.list.current()
        if row is not None and self.phone.isEnabled():
            self._ops.run(
                told_by_hand,
                self._outage_id,
                row.key,
                then=self._on_told,
                failed=self._refuse,
                owner=self,
            )

    def _on_sent(self, sent: Sent) -> None:
        self.accept()
        self.sent.emit(sent)

    def _on_told(self, _undo: Undo) -> None:
        self._goes_on = True
        self.refresh()

    def _refuse(self, error: ConsoleError) -> None:
        self._refusal.setText(error.sentence)
        self._refusal.show()
        self.refresh()

    def _show(self, rows: CrewTimes) -> None:
        self._rows = rows
        self.list.model_rows.apply([row_of(rows, one) for one in rows.people])
        if (self.list.current() is None or (self._goes_on and rows.due)) and rows.people:
            first = rows.due[0] if rows.due else rows.people[0]
            self.list.choose(first.person_id)
        self._goes_on = False
        if rows.sends:
            words = send_words(rows)
            self.yes.setText(f"{words or 'Nothing to send'}  Ctrl+⏎")
            self.yes.setEnabled(bool(words))
        saved = rows.saved_words
        said = f"Who is to be ready when, and free when, as forecast now. {saved}"
        self._head.setText(f"{said.strip().rstrip('.')}.")
        self._show_draft()

    def _show_drafts(self, drafts: Sequence[Draft]) -> None:
        self._drafts = {draft.person_id: draft for draft in drafts}
        self._show_draft()

    def _show_draft(self) -> None:
        row = self.list.current()
        draft = self._drafts.get(row.key) if row is not None else None
        one = next((p for p in self._people() if row is not None and p.person_id == row.key), None)
        self.phone.setEnabled(one is not None and one.say.due)
        if self._rows is not None and not self._rows.sends:
            self.phone.setText("Told  P")
            self.yes.setText("Open in mail  Ctrl+⏎")
            self.yes.setEnabled(bool(self._mailto()))
        self.subject.setText(draft.subject if draft else "Nothing is to be said to them now.")
        if self.draft.toPlainText() != (draft.text if draft else ""):
            self.draft.setPlainText(draft.text if draft else "")

    def _mailto(self) -> str:
        row = self.list.current()
        draft = self._drafts.get(row.key) if row is not None else None
        return draft.mailto if draft is not None else ""

    def _people(self) -> Sequence[CrewTime]:
        return self._rows.people if self._rows is not None else ()

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(18), px(22), px(18))
        box.setSpacing(px(12))
        box.addWidget(Words("Times of the crew", "title"))
        box.addWidget(self._head)
        line = QHBoxLayout()
        line.setSpacing(px(16))
        line.addWidget(self.list, 11)
        side = QVBoxLayout()
        side.setSpacing(px(8))
        side.addWidget(self.subject)
        side.addWidget(self.draft, 1)
        line.addLayout(side, 10)
        box.addLayout(line, 1)
        box.addWidget(self._refusal)
        foot = QHBoxLayout()
        foot.addWidget(self.phone)
        foot.addStretch(1)
        foot.addWidget(button("Close", self.reject))
        foot.addWidget(self.yes)
        box.addLayout(foot)
