"""The communication side: all that is needed to tell people how it stands, and nothing of a step.

Updates are written here, too: the writer takes the place of the cards, and Esc gives them back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from app.models.live.sides import Side
from app.models.notices.kinds import NoticeKind
from app.models.outages.debt import DebtKind
from app.models.outages.errands import Errand
from app.models.outages.lifecycle import FLYING
from app.services.events import Event
from app.services.live.reading import live_outage
from app.services.live.rows import OwedRow, Shown
from app.services.live.sides import CommsRows, communication_side
from app.services.uow import Undo
from app.views.live.cards import column
from app.views.live.comms_cards import AskingCard, DueCard, OwedCard, SaidCard, StandingCard
from app.views.live.side_acts import SideActs
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.page import HeaderAction, HeaderPart, Page
from app.views.theme import px
from app.views.widgets.columns import Columns
from app.views.widgets.panels import EmptyState
from app.views.widgets.tone import set_part

REFRESH_S = 60


class Writer(Protocol):
    """Where notices are written and replies answered; the Communication tab is one."""

    def show_outage(self, outage_id: str, kind: NoticeKind | None = None) -> None: ...
    def focus_on(self, about: str) -> None: ...


class CommsPage(Page):
    """`debtRequested(outage_id, debt token, about id)` for what is settled elsewhere."""

    debtRequested = Signal(str, str, str)

    def __init__(
        self,
        ops: Ops,
        notify: Telling,
        now: Callable[[], datetime],
        on_undo: Callable[[Undo], object],
        writer: Writer,
        place: QWidget,
    ) -> None:
        """`place` is the writer as a widget."""
        super().__init__()
        self._ops, self._now = ops, now
        self._writer, self._place = writer, place
        self._outage_id = ""
        self.rows: CommsRows | None = None
        self._last_look: datetime | None = None
        self.sides = SideActs(ops, notify, on_undo, self)
        self.standing, self.due = StandingCard(), DueCard()
        self.owed, self.asking, self.said = OwedCard(), AskingCard(), SaidCard()
        self._whole = QStackedWidget()
        self._cards = self._built()
        self._empty = EmptyState("Looking for the flight…")
        for part in (self._empty, self._cards, place):
            self._whole.addWidget(part)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._whole)
        self.owed.wanted.connect(self._on_owed)
        self.owed.updateWanted.connect(self.write_update)
        self.asking.answerWanted.connect(self.answer)
        for keys, act in (
            ("Ctrl+U", self.write_update),
            ("Ctrl+O", self._first_owed),
            ("Ctrl+Shift+A", self._first_asking),
            ("Ctrl+G", self.give),
            ("Ctrl+Return", self._on_primary),
            ("Ctrl+Enter", self._on_primary),
        ):
            shortcut = QShortcut(
                QKeySequence(keys), self._cards if act == self._on_primary else self
            )
            shortcut.activated.connect(act)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(0)
        self._again.timeout.connect(self.refresh)

    # --- what its window asks -------------------------------------------------------------------

    @property
    def title(self) -> str:
        return Side.COMMUNICATION.words

    @property
    def context(self) -> str:
        rows = self.rows
        return f"{rows.code} {rows.title} · {rows.state.words}" if rows is not None else ""

    @property
    def zone(self) -> str:
        return self.rows.zone if self.rows is not None else ""

    @property
    def alert(self) -> bool:
        return self.rows is not None and self.rows.state in FLYING

    @property
    def writing(self) -> bool:
        return self._whole.currentWidget() is self._place

    def header_parts(self) -> Sequence[HeaderPart]:
        rows = self.rows
        if rows is None:
            return ()
        lead = HeaderAction(f"Led by {rows.lead or 'nobody'}…", self.give, tip="Ctrl+G")
        if self.writing:
            return (lead, HeaderAction("Back to the overview", self.back, tip="Esc"))
        if rows.state not in FLYING:
            return (lead,)
        return (lead, HeaderAction("Write update", self.write_update, primary=True, tip="Ctrl+U"))

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("Ctrl+U", "write an update"),
            (
                "Ctrl+O or Ctrl+Enter",
                "the first thing owed to people; with nothing owed, an update",
            ),
            ("Ctrl+Shift+A", "answer who asked first"),
            ("Ctrl+G", "give this side, or the fix side, to somebody"),
            ("Esc", "from writing back to the overview"),
        )

    def activate(self, *args: object) -> None:
        """`args` name the outage; without, it is the flight of the moment."""
        if args and isinstance(args[0], str) and args[0]:
            self._outage_id = args[0]
        self.refresh()

    def on_event(self, event: Event) -> None:
        self._again.start()

    def tick(self, now: datetime) -> None:
        if self.rows is not None:
            self.due.tick(self.rows, now)
            self.asking.tick(self.rows, now)
        if self._last_look is None or (now - self._last_look).total_seconds() >= REFRESH_S:
            self._last_look = now
            self._again.start()

    def refresh(self) -> None:
        if self._outage_id:
            self._ops.look(communication_side, self._outage_id, then=self._show)
        else:
            self._ops.look(live_outage, then=self._on_found)

    # --- acts -----------------------------------------------------------------------------------

    def write_update(self) -> None:
        if self.rows is not None and self.rows.state in FLYING:
            self._write(NoticeKind.PROGRESS.value)

    def answer(self, reply_id: str) -> None:
        self._write(reply_id)

    def give(self) -> None:
        rows = self.rows
        if rows is not None:
            held = {Side.FIX: rows.fix_lead, Side.COMMUNICATION: rows.lead}
            self.sides.ask(rows.outage_id, held, rows.coordinator)

    def back(self) -> bool:
        """False when nothing is being written."""
        if not self.writing:
            return False
        self._whole.setCurrentWidget(self._cards)
        self.refresh()
        self.headerChanged.emit()
        self.setFocus()
        return True

    def _on_primary(self) -> None:
        """What is owed first, else an update. While one is written the key is the writer’s."""
        first = self._to_pay()
        if first is not None:
            self._on_owed(first)
        else:
            self.write_update()

    def _to_pay(self) -> OwedRow | None:
        """What is owed first and does not wait to leave already."""
        owed = self.rows.owed if self.rows is not None else ()
        return next((row for row in owed if not row.leaving), None)

    def _first_owed(self) -> None:
        first = self._to_pay()
        if first is not None:
            self._on_owed(first)

    def _first_asking(self) -> None:
        if self.rows is not None and self.rows.asking:
            self.answer(self.rows.asking[0].reply_id)

    def _on_owed(self, row: OwedRow) -> None:
        if row.leaving:
            self.debtRequested.emit(self._outage_id, Errand.OUTBOX.value, row.about_id)
        elif row.notice is not None:
            self._write(row.notice.value)
        elif row.kind is DebtKind.REPLY:
            self._write(row.about_id)
        else:
            self.debtRequested.emit(self._outage_id, row.kind.value, row.about_id)

    def _write(self, about: str) -> None:
        if about in set(NoticeKind):
            self._writer.show_outage(self._outage_id, NoticeKind(about))
        else:
            self._writer.show_outage(self._outage_id)
            self._writer.focus_on(about)
        self._whole.setCurrentWidget(self._place)
        self.headerChanged.emit()
        self._place.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_found(self, shown: Shown | None) -> None:
        if shown is not None:
            self.activate(shown.outage_id)

    def _show(self, rows: CommsRows) -> None:
        if rows.outage_id != self._outage_id:
            return
        now = self._now()
        self.rows, self._last_look = rows, now
        self.standing.show_rows(rows)
        self.due.tick(rows, now)
        self.owed.show_rows(rows)
        self.asking.tick(rows, now)
        self.said.show_rows(rows)
        if not self.writing:
            self._whole.setCurrentWidget(self._cards)
        self.headerChanged.emit()

    def _built(self) -> QWidget:
        columns = Columns(below=900)
        for side, parts in (
            (columns.left, (self.standing, self.said)),
            (columns.right, (self.due, self.owed, self.asking)),
        ):
            made, box = column()
            for part in parts:
                box.addWidget(part)
            if side is columns.right:
                box.addStretch(1)
            side.addWidget(made, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        sheet = QWidget()
        set_part(sheet, "scroll")
        box = QVBoxLayout(sheet)
        box.setContentsMargins(px(22), px(16), px(22), px(16))
        box.addWidget(columns)
        area.setWidget(sheet)
        return area
