"""The Board tab of an outage: the cards, the keys that act on them, and the numbers below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from app.models.ids import StepId
from app.models.runbook import Column, StepKind, StepState
from app.services.crew.mailing import record_report
from app.services.events import ChangedElsewhere, Event, LiveChanged, OutageChanged, StepsChanged
from app.services.runbook.board import BoardRows, Card, board
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.runbook.board_foot import FootLine
from app.views.runbook.board_model import BoardModel, CardRow, CardTone
from app.views.runbook.board_view import BoardView
from app.views.runbook.step_acts import StepActs
from app.views.runbook.step_changes import StepChanges
from app.views.runbook.step_dialog import StepDialog
from app.views.runbook.template_acts import TemplateActs
from app.views.theme import px
from app.views.widgets.labels import initials_of
from app.views.widgets.panels import EmptyState, button
from app.views.widgets.tone import Tone

KEYS = (
    ("Arrows", "choose a step"),
    ("its code", "typed: go to that step"),
    ("Ctrl+← Ctrl+→", "move it a column"),
    ("Enter", "open it"),
    ("S", "start it"),
    ("D or Ctrl+Enter", "done, or the outcome of a check"),
    ("B", "blocked; the reason is asked afterwards"),
    ("H", "heard by phone"),
    ("M", "take what was reported by mail"),
    ("A", "add a step"),
    ("Alt+↑ Alt+↓", "put it earlier or later in its phase"),
    ("Del", "remove it from this flight"),
    ("P", "enter what was ticked on paper"),
)
_TONES = {
    Column.IN_PROGRESS: CardTone.RUN,
    Column.BLOCKED: CardTone.BLOCKED,
    Column.VERIFY: CardTone.VERIFY,
    Column.DONE: CardTone.DONE,
}
_ACTS = (StepKind.GATE, StepKind.NOTICE, StepKind.BRIDGE, StepKind.ALL_CLEAR)


def card_row(card: Card, now: datetime) -> CardRow:
    """A card as the view paints it; `now` moves on what is running."""
    tone = _TONES.get(card.column)
    if tone is None:
        tone = CardTone.GATE if card.kind in _ACTS else CardTone.PLAIN
    return CardRow(
        step_id=card.step_id,
        version=card.version,
        code=card.code,
        title=card.title,
        column=card.column,
        meta=(card.meta(now),),
        initials=initials_of(card.owner),
        tone=tone,
        spoken=card.spoken(now),
        marks=tuple((w, t) for w, t in ((card.help, Tone.BAD), (card.mail, Tone.COMMS)) if w),
    )


class BoardPage(QWidget):
    """`shown(BoardRows)` after each look, for the workspace's header; `paperRequested(outage_id)`
    for the sheet that takes ticks from paper."""

    shown = Signal(object)
    paperRequested = Signal(str)
    runbooksRequested = Signal()
    leadsChanged = Signal()

    def __init__(
        self,
        ops: Ops,
        acts: StepActs,
        now: Callable[[], datetime],
        on_undo: Callable[[Undo], object],
        notify: Telling,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ops = ops
        self._acts = acts
        self._now = now
        self._on_undo = on_undo
        self._outage_id = ""
        self._cards: dict[StepId, Card] = {}
        self._dialog: StepDialog | None = None
        self.model = BoardModel(self)
        self.view = BoardView(self.model)
        self.view.moveRequested.connect(self._on_move)
        self.view.opened.connect(self.open_step)
        self.view.menuRequested.connect(self._on_menu)
        self._templates = TemplateActs(self, ops, notify, on_undo)
        self._title = ""
        self._wanted = ""
        self._finishing = ""
        self._empty = EmptyState(
            "No steps yet. Choose a runbook: you see its steps and say who does what before "
            "anything is laid out.",
            button("Choose a runbook…", self._pick, tone="primary"),
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._empty)
        self._changes = StepChanges(self, ops, notify, on_undo)
        self._changes.added.connect(self.focus_on)
        self._foot = FootLine()
        self._foot.addWanted.connect(self._add)
        self._foot.saveWanted.connect(self._save)
        self._foot.paperWanted.connect(self._paper)
        self._foot.exportWanted.connect(self._export)
        self._foot.shelfWanted.connect(self.runbooksRequested)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        room = QVBoxLayout()
        room.setContentsMargins(px(22), px(16), px(22), px(16))
        room.addWidget(self._stack)
        box.addLayout(room, 1)
        box.addWidget(self._foot)
        self.setFocusProxy(self.view)
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(0)
        self._again.timeout.connect(self.refresh)
        self._bind()

    @property
    def leads(self) -> bool:
        """Without steps a runbook comes first."""
        return self._stack.currentWidget() is self._empty

    def show_outage(self, outage_id: str) -> None:
        if outage_id != self._outage_id:
            self._outage_id = outage_id
            self._cards.clear()
            self.model.apply(())
        self.refresh()

    def refresh(self) -> None:
        if self._outage_id:
            self._ops.look(board, self._outage_id, then=self._show)

    def on_event(self, event: Event) -> None:
        """Connect to the bridge: looks again when this outage changed."""
        watched = isinstance(event, StepsChanged | OutageChanged | LiveChanged)
        if self._outage_id and (
            isinstance(event, ChangedElsewhere) or (watched and event.outage_id == self._outage_id)
        ):
            self._again.start()
        if self._dialog is not None:
            self._dialog.on_event(event)

    def tick(self, now: datetime) -> None:
        """Connect to the shell: running cards count their minutes; others stay as painted."""
        running = [c for c in self._cards.values() if c.state is StepState.RUNNING]
        if running:
            self.model.update_rows([card_row(card, now) for card in running])

    def keys(self) -> Sequence[tuple[str, str]]:
        return KEYS

    def focus_on(self, about: str) -> None:
        """Go to a step by its id, at once or as soon as it is here."""
        self._wanted = about
        self.view.choose(about)
        self.view.setFocus()

    def open_step(self, step_id: str) -> None:
        dialog = StepDialog(self, self._ops, self._acts, step_id, self._on_undo)
        dialog.finished.connect(self._on_closed)
        self._dialog = dialog
        dialog.open()

    def _on_closed(self) -> None:
        self._dialog = None
        self.view.setFocus()

    def _show(self, rows: BoardRows) -> None:
        if rows.outage_id != self._outage_id:
            return
        now = self._now()
        self._title = rows.title
        fresh = not self._cards
        self._cards = {card.step_id: card for card in rows.cards}
        self.model.apply([card_row(card, now) for card in rows.cards])
        self._stack.setCurrentWidget(self.view if rows.cards else self._empty)
        self.leadsChanged.emit()
        if fresh:
            self._choose_first(rows)
        self._move_on(rows)
        self.view.choose(self._wanted)
        self._wanted = ""
        self._foot.show_rows(rows)
        self.shown.emit(rows)

    def _choose_first(self, rows: BoardRows) -> None:
        """What runs is what the next key should act on."""
        wanted = (Column.IN_PROGRESS, Column.READY, Column.BLOCKED, Column.WAITING)
        self._choose_of(wanted, rows.cards)

    def _move_on(self, rows: BoardRows) -> None:
        """The card that a key finished makes room for what is ready next; a card that somebody
        else finished stays chosen."""
        done = next((n for n, c in enumerate(rows.cards) if c.step_id == self._finishing), None)
        if done is None or rows.cards[done].column is not Column.DONE:
            return
        self._finishing = ""
        current = self.view.current_card()
        if current is not None and current.step_id == rows.cards[done].step_id:
            wanted = (Column.READY, Column.IN_PROGRESS, Column.VERIFY, Column.BLOCKED)
            self._choose_of(wanted, (*rows.cards[done:], *rows.cards[:done]))

    def _choose_of(self, wanted: Sequence[Column], cards: Sequence[Card]) -> None:
        for column in wanted:
            first = next((card for card in cards if card.column is column), None)
            if first is not None:
                self.view.choose(first.step_id)
                return

    def _bind(self) -> None:
        def on(keys: str, act: Callable[[Card], None]) -> None:
            shortcut = QShortcut(QKeySequence(keys), self.view)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda: self._with_current(act))

        on("S", lambda card: self._acts.start(self, card))
        for keys in ("D", "Ctrl+Return", "Ctrl+Enter"):
            on(keys, self._finish)
        on("B", lambda card: self._acts.block(self, card))
        on("H", lambda card: self._acts.hear(self, card, card.owner))
        on("M", self._take_mail)
        on("Del", lambda card: self._changes.remove(self, card))
        on("Alt+Up", lambda card: self._changes.shift(self, card, later=False))
        on("Alt+Down", lambda card: self._changes.shift(self, card, later=True))
        add = QShortcut(QKeySequence("A"), self.view)
        add.setContext(Qt.ShortcutContext.WidgetShortcut)
        add.activated.connect(self._add)
        paper = QShortcut(QKeySequence("P"), self.view)
        paper.setContext(Qt.ShortcutContext.WidgetShortcut)
        paper.activated.connect(self._paper)

    def _pick(self) -> None:
        if self._outage_id:
            self._templates.pick(self, self._outage_id)

    def _save(self) -> None:
        if self._outage_id:
            self._templates.save(self, self._outage_id, self._title)

    def _export(self) -> None:
        if self._outage_id:
            self._templates.export(self, self._outage_id)

    def _add(self) -> None:
        if self._outage_id:
            self._changes.add(self, self._outage_id)

    def _paper(self) -> None:
        if self._cards:
            self.paperRequested.emit(self._outage_id)

    def _with_current(self, act: Callable[[Card], None]) -> None:
        row = self.view.current_card()
        card = self._cards.get(row.step_id) if row is not None else None
        if card is not None:
            self._finishing = ""
            act(card)

    def _take_mail(self, card: Card) -> None:
        if card.by_mail:
            self._ops.run(record_report, card.by_mail, then=self._on_undo, owner=self)

    def _finish(self, card: Card) -> None:
        self._finishing = card.step_id
        self._acts.done(self, card)

    def _on_move(self, step_id: str, column: Column, version: int) -> None:
        card = self._cards.get(StepId(step_id))
        if card is None:
            return
        if card.kind is StepKind.CHECK and column is Column.DONE:
            self._acts.check(self, card, card.owner)
        else:
            self._acts.move(self, card, column, version)

    def _on_menu(self, step_id: str, at: QPoint) -> None:
        card = self._cards.get(StepId(step_id))
        if card is None:
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Open\tEnter", lambda: self.open_step(step_id))
        menu.addSeparator()
        menu.addAction("Start\tS", lambda: self._acts.start(self, card))
        menu.addAction("Done\tD", lambda: self._acts.done(self, card))
        menu.addAction("Blocked\tB", lambda: self._acts.block(self, card))
        menu.addAction("Heard by phone…\tH", lambda: self._acts.hear(self, card, card.owner))
        if card.by_mail:
            menu.addAction("Take what the mail says\tM", lambda: self._take_mail(card))
        menu.addSeparator()
        menu.addAction("Add a step…\tA", self._add)
        menu.addAction("Earlier\tAlt+↑", lambda: self._changes.shift(self, card, later=False))
        menu.addAction("Later\tAlt+↓", lambda: self._changes.shift(self, card, later=True))
        menu.addAction("Remove\tDel", lambda: self._changes.remove(self, card))
        menu.popup(at)
