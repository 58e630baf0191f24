"""Notices over all outages: what is owed, what waits to leave."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.models.times import speak_moment, speak_span
from app.services.notices.reading import Correspondence, OwedRow, WaitingRow, correspondence
from app.views.ops import Ops
from app.views.page import HeaderAction, HeaderPart, Page
from app.views.theme import px
from app.views.widgets.columns import Columns
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, EmptyState
from app.views.widgets.tone import Tone

SETTLE_MS = 300


class NoticesPage(Page):
    """`chosen(outage_id, kind)`: open that notice in its outage's workspace. `counted(n)`: how
    many are owed, for the rail. `templatesWanted`: to the words that notices begin with."""

    chosen = Signal(str, str)
    counted = Signal(int)
    templatesWanted = Signal()

    def __init__(self, ops: Ops, now: Callable[[], datetime]) -> None:
        super().__init__()
        self._ops = ops
        self._now = now
        self._found: Correspondence | None = None
        line = QHBoxLayout(self)
        line.setContentsMargins(px(22), px(16), px(22), px(16))
        columns = Columns(3, 2, below=880)
        line.addWidget(columns)
        self.owed = ListView("Notices owed", wraps=True)
        self.waiting = ListView("Notices waiting to leave", wraps=True)
        self._owed_card = Card("Owed", bleed=True)
        self._waiting_card = Card("Waiting to leave", bleed=True)
        self._no_owed = EmptyState("Nobody is owed a notice. What comes due appears here.")
        self._none_waiting = EmptyState(
            "Nothing waits. A notice that is queued waits here until you send it and say so."
        )
        for place, card, view, empty in (
            (columns.left, self._owed_card, self.owed, self._no_owed),
            (columns.right, self._waiting_card, self.waiting, self._none_waiting),
        ):
            card.body.addWidget(empty, 1)
            card.body.addWidget(view, 1)
            view.opened.connect(self._on_opened)
            place.addWidget(card, 1)
            view.hide()  # that nobody is owed anything is said only once somebody looked
            empty.hide()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.refresh)

    @property
    def title(self) -> str:
        return "Notices"

    @property
    def context(self) -> str:
        if self._found is None:
            return ""
        replies = self._found.replies
        parts = [f"{len(self._found.owed)} owed", f"{len(self._found.waiting)} waiting"]
        if replies:
            parts.append(f"{replies} {'reply' if replies == 1 else 'replies'} to sort or decide")
        return " · ".join(parts)

    def header_parts(self) -> Sequence[HeaderPart]:
        tip = "The words that new notices begin with"
        return (HeaderAction("Templates", self.templatesWanted.emit, tip=tip),)

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (("Enter", "open the notice"), ("Tab", "from what is owed to what waits"))

    def activate(self, *args: object) -> None:
        self.owed.setFocus()
        self.refresh()

    def on_event(self, event: object) -> None:
        if self.isVisible():  # else it is read when it comes to the front
            self._settle.start()

    def refresh(self) -> None:
        self._ops.look(correspondence, then=self._show)

    def _show(self, found: Correspondence) -> None:
        self._found = found
        self.owed.model_rows.apply([_owed(row, self._now()) for row in found.owed])
        self.waiting.model_rows.apply([_waits(row) for row in found.waiting])
        shown: tuple[tuple[QWidget, QWidget, int], ...] = (
            (self.owed, self._no_owed, len(found.owed)),
            (self.waiting, self._none_waiting, len(found.waiting)),
        )
        for view, empty, count in shown:
            view.setVisible(count > 0)
            empty.setVisible(not count)
        self.counted.emit(len(found.owed))
        self.headerChanged.emit()

    def _on_opened(self, key: str) -> None:
        outage_id, _, kind = key.partition("|")
        self.chosen.emit(outage_id, kind.partition("|")[0])


def _owed(row: OwedRow, now: datetime) -> ListRow:
    debt = row.debt
    until = debt.until
    late = until is not None and now > until
    kind = debt.notice.value if debt.notice is not None else ""
    moment = debt.moment.value if debt.moment is not None else ""
    due = ""
    if until is not None:
        ago = speak_span(now - until)
        due = f"{ago} late" if late else f"until {speak_moment(until, row.zone)}"
        if late and now - until < timedelta(minutes=1):
            due = "due now"
    return ListRow(
        key=f"{row.outage_id}|{kind}|{moment}",
        title=debt.sentence,
        sub=f"{row.title} · {debt.why}",
        tone=Tone.BAD if late else Tone.WARN,
        lead=row.code,
        pill=due,
        pill_tone=Tone.BAD if late else Tone.PLAIN,
    )


def _waits(row: WaitingRow) -> ListRow:
    exported = row.state == "exported"
    return ListRow(
        key=f"{row.outage_id}|{row.kind.value}|{row.notice_id}",
        title=row.subject,
        sub=f"{row.kind.words} · {row.sender}",
        tone=Tone.COMMS,
        lead=row.code,
        pill="saved, not sent" if exported else "waiting",
        pill_tone=Tone.WARN if exported else Tone.COMMS,
    )
