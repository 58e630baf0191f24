"""The Crew board tab of an outage: off until switched on; then each link and who opened it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.models.errors import BadInput, ConsoleError
from app.services.crew.desk import CrewDesk, DeskRow, crew_desk
from app.services.crew.links import renew, revoke, switch_off, switch_on
from app.services.crew.reached import Otherwise, reports_otherwise
from app.services.uow import Undo
from app.views.crew.link_card import LinkCard
from app.views.crew.served_card import ServedCard
from app.views.crew.serves import Serves, Stands
from app.views.crew.switch_sheet import SwitchSheet, serving_of
from app.views.crew.words import WHAT, looking_on, row_of, served_words, without
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.theme import px
from app.views.widgets.columns import Columns
from app.views.widgets.listing import ListView
from app.views.widgets.panels import Card, EmptyState, button
from app.views.widgets.sheet import Answers
from app.views.widgets.stack import Stack

SETTLE_MS = 150
KEYS = (
    ("↑ ↓", "choose a link"),
    ("C", "copy the link"),
    ("P", "reports by phone, so that the GO does not wait for the link"),
    ("M", "reports by mail"),
    ("B", "reports on the board after all"),
)


class CrewPanel(QWidget):
    """Supplied to the workspace as its Crew board tab."""

    def __init__(
        self,
        ops: Ops,
        notify: Telling,
        on_undo: Callable[[Undo], object],
        serves: Serves,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ops, self._notify, self._on_undo, self._serves = ops, notify, on_undo, serves
        self._outage_id = ""
        self._desk: CrewDesk | None = None
        self._minute = -1
        self.switch = button("Switch on…", self.ask_to_switch_on)
        self._empty = EmptyState(WHAT, self.switch)
        self.served = ServedCard()
        self.served.settingsWanted.connect(self.ask_to_switch_on)
        self.served.againWanted.connect(self.serve_again)
        self.served.offWanted.connect(self.switch_off)
        self.served.restWanted.connect(self.link_the_rest)
        self.list = ListView("Links to the crew board", wraps=True)
        self.list.setMinimumHeight(px(150))
        self.list.chosen.connect(lambda _key: self._show_one())
        self._whole = Card("Links", bleed=True)
        self._whole.body.addWidget(self.list, 1)
        self.link = LinkCard()
        self.link.renewWanted.connect(self.renew)
        self.link.revokeWanted.connect(self.revoke)
        self.link.otherwiseWanted.connect(self.reports)
        columns = Columns(below=640)
        columns.left.addWidget(self.served)
        columns.left.addWidget(self._whole, 1)
        columns.right.addWidget(self.link, 1)
        self._stack = Stack()
        self._stack.addWidget(self._empty)
        self._columns = QScrollArea()  # one under the other they are higher than a small window
        self._columns.setWidgetResizable(True)
        self._columns.setFrameShape(QFrame.Shape.NoFrame)
        self._columns.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._columns.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        columns.setProperty("part", "scroll")
        self._columns.setWidget(columns)
        self._stack.addWidget(self._columns)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(16), px(22), px(16))
        box.addWidget(self._stack)
        self.setFocusProxy(self.switch)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        serves.standing_changed.connect(self._show_standing)
        for key, act in (
            ("C", self.link.copy_link),
            ("P", lambda: self.reports(Otherwise.PHONE.value)),
            ("M", lambda: self.reports(Otherwise.MAIL.value)),
            ("B", lambda: self.reports("")),
        ):
            shortcut = QShortcut(QKeySequence(key), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)

    # --- what the workspace asks --------------------------------------------------------------

    def show_outage(self, outage_id: str) -> None:
        if outage_id != self._outage_id:
            self._outage_id = outage_id
            self._desk = None
            self.list.model_rows.apply(())
        self.refresh()

    def refresh(self) -> None:
        if self._outage_id:
            self._ops.look(crew_desk, self._outage_id, then=self._show)

    def on_event(self, event: object) -> None:
        if self._outage_id and getattr(event, "outage_id", "") in ("", self._outage_id):
            self._settle.start()

    def tick(self, now: datetime) -> None:
        """Connect to the shell: links end by the clock alone."""
        minute = int(now.timestamp() // 60)
        if minute != self._minute and self.isVisible():
            self._minute = minute
            self.refresh()

    def keys(self) -> Sequence[tuple[str, str]]:
        return KEYS

    def focus_on(self, about: str) -> None:
        self.list.choose(about)

    # --- acts ---------------------------------------------------------------------------------

    def ask_to_switch_on(self) -> SwitchSheet | None:
        """Also to serve it elsewhere; a link then begins otherwise, and is handed out anew."""
        desk = self._desk
        if desk is None:
            return None
        serving = self._serves.standing.serving or desk.served.serving
        words = "Serve it so" if desk.on else "Switch on"
        sheet = SwitchSheet(self, serving, self._serves.addresses(), words)

        def failed(refusal: ConsoleError) -> None:
            sheet.refuse(refusal.sentence)

        def served() -> None:
            if self._desk is not None and self._desk.on:
                sheet.accept()  # who has no link was perhaps revoked: the card offers to make them
            else:
                self._make_links(sheet.accept, failed)

        def answered(answers: Answers) -> None:
            try:
                wanted = serving_of(answers)
            except BadInput as refusal:
                sheet.refuse(refusal.sentence)
                return
            standing = self._serves.standing
            if standing.is_served and standing.serving == wanted:
                served()
            else:
                self._serves.serve(wanted, served, failed)

        sheet.answered.connect(answered)
        sheet.open()
        return sheet

    def serve_again(self) -> None:
        """As it was served last."""
        if self._desk is not None:
            serving = self._serves.standing.serving or self._desk.served.serving
            self._serves.serve(serving, lambda: None, lambda e: self._notify.error(e.sentence))

    def link_the_rest(self) -> None:
        """Who joined since gets a link, too."""
        self._make_links(lambda: None, lambda e: self._notify.error(e.sentence))

    def switch_off(self) -> None:
        self._run(switch_off, self._outage_id)

    def renew(self) -> None:
        if (row := self._row()) is not None:
            self._run(renew, row.link.link_id, seen=row.link.version)

    def revoke(self) -> None:
        if (row := self._row()) is not None:
            self._run(revoke, row.link.link_id, seen=row.link.version)

    def reports(self, how: str) -> None:
        row = self._row()
        if row is not None and row.link.person_id:
            wanted = Otherwise(how) if how else None
            if wanted is not row.by:
                self._run(reports_otherwise, self._outage_id, row.link.person_id, wanted)

    def _make_links(
        self, then: Callable[[], object], failed: Callable[[ConsoleError], object]
    ) -> None:
        desk = self._desk
        if desk is None or (desk.on and not without(desk)):
            then()
            return

        def done(inverse: Undo) -> None:
            self._on_undo(inverse)
            then()

        self._ops.run(switch_on, self._outage_id, then=done, failed=failed, owner=self)

    def _run(self, use_case: Callable[..., Undo], *args: object, **more: int) -> None:
        self._ops.run(partial(use_case, **more), *args, then=self._on_undo, owner=self)

    # --- showing ------------------------------------------------------------------------------

    def _row(self) -> DeskRow | None:
        chosen = self.list.current()
        if chosen is None or self._desk is None:
            return None
        return next((row for row in self._desk.rows if row.link.link_id == chosen.key), None)

    def _show(self, desk: CrewDesk) -> None:
        if desk.outage_id != self._outage_id:
            return
        had, self._desk = self._desk, desk
        self._stack.setCurrentWidget(self._columns if desk.on else self._empty)
        self._empty.say(desk.why_not or WHAT)
        self.switch.setVisible(not desk.why_not)
        self.setFocusProxy(self.list if desk.on else self.switch)
        chosen = self.list.current()
        self._show_standing()
        stays = chosen is not None and any(r.link.link_id == chosen.key for r in desk.rows)
        if desk.on and not stays:
            self._choose_again(had, chosen.key if chosen else "")

    def _choose_again(self, had: CrewDesk | None, key: str) -> None:
        """A renewed link is another row, of the same person."""
        assert self._desk is not None
        old = next((row for row in had.rows if row.link.link_id == key), None) if had else None
        rows = self._desk.rows
        same = [
            row for row in rows
            if old is not None
            and (row.link.kind, row.link.person_id) == (old.link.kind, old.link.person_id)
        ]  # fmt: skip
        first = [row for row in rows if row.is_missing]
        self.list.choose((same or first or list(rows))[0].link.link_id)

    def _show_standing(self) -> None:
        desk, standing = self._desk, self._serves.standing
        if desk is None or not desk.on:
            return
        self.list.model_rows.apply([row_of(row, desk, standing) for row in desk.rows])
        self._whole.show_as("Links", looking_on(desk, standing))
        sentence, tone = served_words(desk, standing)
        busy = standing.how is Stands.STARTING
        self.served.show_served(desk, standing, sentence, tone, busy=busy)
        self._show_one()

    def _show_one(self) -> None:
        row, desk = self._row(), self._desk
        self.link.setVisible(row is not None)
        if row is not None and desk is not None:
            self.link.show_row(row, desk, self._serves.standing)
