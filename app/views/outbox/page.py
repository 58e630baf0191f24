"""The Outbox page: everything that leaves, with what waits for a person first."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.services.events import ChangedElsewhere, NoticesChanged, OutboxChanged, SyncStateChanged
from app.services.notices.audiences import Recipient
from app.services.outbox.reading import OutboxRow, Standing, outbox, parts, recipients
from app.services.outbox.resting import rest_of
from app.services.sync.state import SyncState
from app.services.uow import UnitOfWork
from app.views.ops import Ops
from app.views.outbox.acts import OutboxActs
from app.views.outbox.item_card import ItemCard
from app.views.outbox.words import line
from app.views.page import HeaderAction, HeaderPart, Page
from app.views.theme import px
from app.views.widgets.finding import FindDialog
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, EmptyState

SETTLE_MS = 200


class OutboxPage(Page):
    """`outageRequested(outage_id)`; `retryRequested`: ask Outlook at once."""

    outageRequested = Signal(str)
    retryRequested = Signal()

    def __init__(
        self,
        ops: Ops,
        now: Callable[[], datetime],
        sends: Callable[[], bool],
        acts: Callable[[QWidget], OutboxActs],
    ) -> None:
        super().__init__()
        self._ops, self._now, self._sends = ops, now, sends
        self._rows: tuple[OutboxRow, ...] = ()
        self._is_read = False
        self._state, self._why = SyncState.OFF, ""
        self._who = ""
        self._wanted = self._kept = ""
        self._lays_out = False
        self._arrives = False
        self.acts = acts(self)
        self.acts.done.connect(self.refresh)
        self.open = ListView("To leave", lead_width=96)
        self.left = ListView("Left lately", lead_width=96)
        self.item = ItemCard()
        self.item.wanted.connect(self._on_wanted)
        for view, other in ((self.open, self.left), (self.left, self.open)):
            view.chosen.connect(lambda key, other=other: self._on_chosen(key, other))
            view.opened.connect(lambda _key: self._on_wanted("open"))
        self._place()
        self._keys()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        self._lay_out(())

    def _place(self) -> None:
        self._open_card, self._left_card = Card("To leave", bleed=True), Card("Left", bleed=True)
        self._none_open = EmptyState(
            "Nothing waits. A notice that is queued waits here for ten seconds at least, so that "
            "it can be taken back."
        )
        self._none_left = EmptyState("Nothing left in the last two weeks.")
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        for card, view, empty, grows in (
            (self._open_card, self.open, self._none_open, 3),
            (self._left_card, self.left, self._none_left, 2),
        ):
            card.body.addWidget(empty, 1)
            card.body.addWidget(view, 1)
            column.addWidget(card, grows)
        self.panes = QSplitter(Qt.Orientation.Horizontal)
        self.panes.setHandleWidth(px(16))
        self.panes.setStyleSheet("QSplitter::handle { background: transparent; }")
        self.panes.setChildrenCollapsible(False)
        self.panes.addWidget(left)
        self.panes.addWidget(self.item)
        self.panes.setStretchFactor(0, 3)
        self.panes.setStretchFactor(1, 2)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(16), px(22), px(16))
        box.setSpacing(px(12))
        box.addWidget(self.panes, 1)
        box.addWidget(self.acts.saving.bar)

    def _keys(self) -> None:
        for view in (self.open, self.left):
            for keys, what in (
                ("H", "hold"),
                ("Del", "take_back"),
                ("Ctrl+Return", "send_now"),
                ("Ctrl+Enter", "send_now"),
            ):
                shortcut = QShortcut(QKeySequence(keys), view)
                shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
                shortcut.activated.connect(lambda what=what: self._on_wanted(what))

    @property
    def title(self) -> str:
        return "Outbox"

    @property
    def context(self) -> str:
        waiting = sum(row.standing is not Standing.LEFT for row in self._rows)
        why = self._why.rstrip(".")
        leaving = f"{waiting} to leave" if self._is_read else ""
        opening = self._state is SyncState.OFF and self._sends()
        said = ["" if opening else self._state.words, "" if "to leave" in why else why, leaving]
        return " · ".join(part for part in said if part)

    def header_parts(self) -> Sequence[HeaderPart]:
        if self._state is SyncState.OFF:
            return ()
        return (HeaderAction("Try now", self.retryRequested.emit, tip="Ask Outlook at once"),)

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("Ctrl+Enter", "send the chosen one now (in ten seconds)"),
            ("H", "hold it, or release it"),
            ("Del", "take it back before it leaves"),
            ("Enter", "open its outage"),
        )

    def activate(self, *args: object) -> None:
        """`args`: the item to choose, perhaps."""
        self._wanted, self._kept = str(args[0]) if args and args[0] else "", ""
        for view in (self.open, self.left):
            _unselect(view)
        self._arrives = True
        self.setFocus()
        self.refresh()

    def show_state(self, state: SyncState, why: str) -> None:
        self._state, self._why = state, why
        self.headerChanged.emit()

    def show_who(self, who: str) -> None:
        """Who is signed in now, by address."""
        if who != self._who:
            self._who = who
            self._settle.start()

    def on_event(self, event: object) -> None:
        if isinstance(event, SyncStateChanged):
            self.show_state(SyncState(event.state), event.why)
        elif isinstance(event, OutboxChanged | NoticesChanged | ChangedElsewhere):
            self._settle.start()

    def refresh(self) -> None:
        self._ops.read(outbox, sends=self._sends(), who=self._who, then=self._show)

    def chosen(self) -> OutboxRow | None:
        key = next((v.current() for v in (self.open, self.left) if _selected(v)), None)
        return next((r for r in self._rows if key is not None and r.id == key.key), None)

    def _show(self, rows: Sequence[OutboxRow]) -> None:
        self._is_read = True
        self._lay_out(rows)

    def _lay_out(self, rows: Sequence[OutboxRow]) -> None:
        """That nothing waits is said only once somebody looked."""
        self._rows = tuple(rows)
        now = self._now()
        waiting = [row for row in rows if row.standing is not Standing.LEFT]
        gone = [row for row in rows if row.standing is Standing.LEFT]
        self._lays_out = True  # a row that goes makes its neighbour current; nobody chose that
        for view, empty, some in (
            (self.open, self._none_open, waiting),
            (self.left, self._none_left, gone),
        ):
            view.model_rows.apply([line(row, now) for row in some])
            view.setVisible(bool(some))
            empty.setVisible(self._is_read and not some)
        self._lays_out = False
        asked = sum(row.standing is Standing.ATTENTION for row in waiting)
        need = "needs" if asked == 1 else "need"
        self._open_card.show_as("To leave", f"{asked} {need} you" if asked else "")
        self._left_card.show_as("Left", "the last two weeks")
        self._choose(waiting, gone)
        self._show_chosen()
        self.headerChanged.emit()

    def _choose(self, waiting: Sequence[OutboxRow], gone: Sequence[OutboxRow]) -> None:
        """What was asked for, what was chosen (also when it left meanwhile), or what needs a
        person first."""
        wanted, self._wanted = self._wanted, ""
        stays = wanted or self._kept
        for view, other, rows in (
            (self.open, self.left, waiting),
            (self.left, self.open, gone),
        ):
            if any(row.id == stays for row in rows):
                _unselect(other)
                view.choose(stays)
                break
        if self.chosen() is None and waiting:
            self.open.choose(waiting[0].id)
        if self._arrives:
            self._arrives = False
            if self.hasFocus():
                (self.left if _selected(self.left) or not waiting else self.open).setFocus()

    def _on_chosen(self, key: str, other: ListView) -> None:
        if self._lays_out:
            return
        _unselect(other)
        self._show_chosen()

    def _show_chosen(self) -> None:
        row = self.chosen()
        self._kept = row.id if row is not None else ""
        self.item.show_row(row)
        if row is None:
            self.item.show_parts((), "UTC")
            self.item.show_rest(None, "UTC")
            return
        zone = row.zone
        self._ops.read(
            rest_of, row.id, then=lambda found: self.item.show_rest(found, zone), owner=self
        )
        self._ops.read(
            parts, row.id, then=lambda found: self.item.show_parts(found, zone), owner=self
        )

    def _on_wanted(self, what: str) -> None:
        row = self.chosen()
        if row is None:
            return
        if what == "open":
            if row.outage_id:
                self.outageRequested.emit(row.outage_id)
        elif what == "outlook":
            self.acts.open_in_outlook(self.item.link())
        elif what == "whom":
            self._ops.read(_whom, row.id, then=lambda found: self._show_whom(row, found))
        else:
            {
                "send_now": self.acts.send_now,
                "hold": self.acts.hold_or_release,
                "take_back": self.acts.take_back,
                "route": self.acts.route,
                "export": self.acts.export,
                "say": self.acts.say,
            }[what](row)

    def _show_whom(self, row: OutboxRow, found: Sequence[Recipient]) -> None:
        FindDialog(
            self,
            "Whom it goes to, and why",
            f"{row.reach:,} addresses",
            (
                (
                    ListRow(r.key or r.name, r.name, f"{r.email} · {r.why}"),
                    f"{r.name} {r.email} {r.why}".casefold(),
                )
                for r in found
            ),
            list_name="Recipients",
            hint="Find by name, address or reason",
        ).open()


def _whom(uow: UnitOfWork, item_id: str) -> tuple[Recipient, ...]:
    return recipients(uow, item_id)


def _selected(view: ListView) -> bool:
    return not view.isHidden() and view.currentIndex().isValid()


def _unselect(view: ListView) -> None:
    view.clearSelection()
    view.setCurrentIndex(view.model().index(-1, 0))
