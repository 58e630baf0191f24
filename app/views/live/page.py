"""Live: the window itself on one screen, before, during and after it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.models.live.clocks import badge
from app.models.live.sides import Side
from app.models.outages.debt import DebtKind
from app.models.outages.lifecycle import BEFORE_START, ENDINGS, FLYING, State
from app.models.times import t_clock
from app.services.events import Event
from app.services.live.reading import live
from app.services.live.rows import LiveRows, Shown
from app.services.live.unfiled import Unfiled, no_flight_words, shown_and_unfiled
from app.services.log import LogRow
from app.services.uow import Undo
from app.views.live.acts import LiveActs
from app.views.live.banner import Banner
from app.views.live.board import LiveBoard
from app.views.live.header_acts import HeaderActs, Room, room_of
from app.views.live.keyed_acts import KeyedActs
from app.views.live.keys import KEYS, bind
from app.views.live.line_acts import LineActs
from app.views.live.side_acts import SideActs
from app.views.live.times_bar import TimesBar
from app.views.live.wishes import StepWork, Wishes
from app.views.notify import CountsDown
from app.views.ops import Ops
from app.views.page import HeaderPart, Page
from app.views.theme import px
from app.views.widgets.panels import EmptyState, button, is_pressed

ONE_COLUMN = 820
"""Below this the two columns stand one under the other, and the page scrolls."""
HELD_MS = 100
REFRESH_S = 60
"""Forecast and debt move with the clock even when nothing happens."""


class LivePage(Page):
    """`noticeRequested(outage_id, kind token)` and `debtRequested(outage_id, debt token,
    about id)` lead to other screens; `badgeChanged(words, spoken)` is for the rail;
    `ownScreenRequested(side or empty, outage id)` asks for a window of its own, `wantedFront`
    for this page in front; `paperRequested(outage_id)` for the sheet that takes ticks from
    paper."""

    noticeRequested = Signal(str, str)
    debtRequested = Signal(str, str, str)
    badgeChanged = Signal(str, str)
    ownScreenRequested = Signal(str, str)
    paperRequested = Signal(str)
    planRequested = Signal()
    wantedFront = Signal()

    def __init__(
        self,
        ops: Ops,
        steps: StepWork,
        notify: CountsDown,
        now: Callable[[], datetime],
        on_undo: Callable[[Undo], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ops = ops
        self._notify = notify
        self._now = now
        self.looked_at: Callable[[], str] = str
        """Gives the id of the outage that was looked at last; set by who knows."""
        self._pressed: tuple[str, int] | None = None
        self._chosen = ""
        self._prefer: tuple[str, ...] = ()
        self._shown: Shown | None = None
        self._left_over: Unfiled | None = None
        self._rows: LiveRows | None = None
        self._badge = ("", "")
        self._room = Room.PLAIN
        self._last_look: datetime | None = None
        self.acts = LiveActs(ops, notify, on_undo, self)
        self.line = LineActs(ops, notify, on_undo, self)
        self._wishes = Wishes(self, self.acts, self.line, steps)
        self._side: Side | None = None
        self._sides = SideActs(ops, notify, on_undo, self)
        to = self._enter_paper, self._wishes.crew
        self._head = HeaderActs(self.acts, self.line, self._with, *to)
        self._banner = Banner()
        self._banner.setParent(self)
        self._banner.hide()
        self._board = LiveBoard(self, TimesBar(ops, notify, self), self._note)
        self._board.log.bind(self, self.partRaised.emit)
        self._plan = button("Plan an outage", self.planRequested.emit)
        self._plan.hide()
        self._open_left = button("Open what is to be filed", self._on_left_over, tone="primary")
        self._open_left.hide()
        self._empty = EmptyState("Looking for the flight…", self._open_left, self._plan)
        self._build()
        self._again = QTimer(self, singleShot=True, interval=0)
        self._again.timeout.connect(self.refresh)
        self._keyed = KeyedActs(self.acts, self.line, self._wishes, self._now, self._press)
        self._connect()

    # --- what the shell asks ---------------------------------------------------------------

    @property
    def title(self) -> str:
        return self._rows.title if self._rows is not None else "Live"

    @property
    def context(self) -> str:
        return self._rows.code if self._rows is not None else ""

    @property
    def zone(self) -> str:
        """The flight's; empty while there is none."""
        return self._rows.zone if self._rows is not None else ""

    @property
    def alert(self) -> bool:
        return self._rows is not None and self._rows.state in FLYING

    def head(self) -> QWidget | None:
        return self._banner if self._rows is not None else None

    def activate(self, *args: object) -> None:
        """`args` may name the outage to show; without, it shows what was looked at last when its
        turn can be now, else what is led, else the flight of the moment."""
        self._chosen = args[0] if args and isinstance(args[0], str) else ""
        if not self._chosen:
            looked, rows = self.looked_at(), self._rows
            led = rows.outage_id if rows is not None and rows.is_led else ""
            self._prefer = tuple(each for each in (looked, led) if each)
            if not led or looked not in ("", led):
                self._rows = None
        self.refresh()

    def keys(self) -> Sequence[tuple[str, str]]:
        return KEYS

    def header_parts(self) -> Sequence[HeaderPart]:
        parts = self._head.parts(self._rows, self.width())
        return parts if self._side is None else self._sides.led_by(self._side, self._rows, parts)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._board.lay_out(tall=self.width() < px(ONE_COLUMN))
        room = room_of(self.width())
        if room != self._room:
            self._room = room
            self.headerChanged.emit()

    def on_event(self, event: Event) -> None:
        """Connect to the bridge: anything may move the flight of the moment."""
        self._again.start()

    def tick(self, now: datetime) -> None:
        """Connect to the shell's second."""
        rows = self._rows
        if rows is not None:
            self._banner.tick(now)
            self._board.tick(rows, now)
            self._mark(rows, now)
        if self._last_look is None or (now - self._last_look).total_seconds() >= REFRESH_S:
            self._last_look = now
            self._again.start()

    def alone(self, side: Side | None = None) -> None:
        """It has a window of its own already; of one `side` what the other needs is left out."""
        self._side = side
        self._board.timeline.own.hide()
        self._board.comms.setVisible(side is None)

    def refresh(self) -> None:
        """What is flown stays on screen when it ends, and is filed before one’s eyes: the next
        Ctrl+Enter is meant for it."""
        rows = self._rows
        stays = FLYING | ENDINGS | ({State.FILED} if self.isVisible() else set())
        kept = rows.outage_id if rows is not None and rows.state in stays else ""
        if self._chosen or kept:
            self._ops.look(live, self._chosen or kept, then=self._show)
        else:
            self._ops.look(shown_and_unfiled, self._prefer, then=self._on_found)

    # --- showing ---------------------------------------------------------------------------

    def _on_found(self, found: tuple[Shown | None, Unfiled | None]) -> None:
        shown, left = found
        self._shown, self._left_over = shown, left
        if shown is not None and shown.now:
            self._ops.look(live, shown.outage_id, then=self._show)
            return
        self._rows = None
        self._open_left.setVisible(left is not None)
        self._plan.setVisible(shown is None)
        self._empty.say(no_flight_words(shown, left))
        self._whole.setCurrentWidget(self._empty)
        self._set_badge("", "")
        self.headerChanged.emit()

    def _on_left_over(self) -> None:
        if self._left_over is not None:
            self.activate(self._left_over.outage_id)

    def _show(self, rows: LiveRows) -> None:
        if is_pressed(self):
            QTimer.singleShot(HELD_MS, self.refresh)
            return
        now = self._now()
        self._last_look = now
        self._rows = rows
        self._banner.show_rows(rows, now)
        self._board.show_rows(rows, now)
        self.line.follow(rows)
        self._whole.setCurrentWidget(self._board)
        self._mark(rows, now)
        self.headerChanged.emit()

    def _mark(self, rows: LiveRows, now: datetime) -> None:
        if rows.state in BEFORE_START | FLYING:
            self._set_badge(badge(now, rows.start), t_clock(now, rows.start))
        else:
            self._set_badge("", "")

    def _set_badge(self, words: str, spoken: str) -> None:
        if self._badge != (words, spoken):
            self._badge = (words, spoken)
            self.badgeChanged.emit(words, spoken)

    # --- building --------------------------------------------------------------------------

    def _build(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(16), px(22), px(16))
        self._whole = QStackedWidget()
        box.addWidget(self._whole)
        self._whole.addWidget(self._empty)
        self._whole.addWidget(self._board)

    def _connect(self) -> None:
        board, gate = self._board, self._board.gate
        board.now.wished.connect(lambda wish: self._with(lambda r: self._wishes.wish(r, wish)))
        board.crew.heard.connect(self.line.heard)
        board.crew.taken.connect(self.line.take_report)
        board.say.whoWanted.connect(lambda: self._with(self.acts.who_decides))
        gate.met.connect(lambda row, met: self._with(lambda r: self.line.say_met(r, row, met)))
        gate.answered.connect(lambda name, go: self._with(lambda r: self.line.answer(r, name, go)))
        gate.primary.connect(lambda: self._with(self._wishes.gate))
        gate.elsewhereWanted.connect(lambda c: self._with(self._wishes.elsewhere(c)))
        gate.held.connect(lambda: self._with(self.acts.hold))
        gate.bridge.meetingWanted.connect(lambda: self._with(self.line.ask_meeting))
        gate.bridge.lineWanted.connect(lambda: self._with(self.line.use_line))
        gate.backWanted.connect(lambda: self._with(self.acts.begin_gate))
        board.ask.continueWanted.connect(
            lambda back, minutes: self._with(
                lambda r: self.line.go_on(r, back, minutes, board.ask.refused)
            )
        )
        board.ask.raised.connect(self._on_raised)
        board.ask.extendWanted.connect(lambda: self._with(self.line.extend))
        board.ask.stopWanted.connect(lambda: self._with(self.acts.stop_here))
        board.ask.backOutWanted.connect(lambda: self._with(self.acts.back_out))
        board.comms.wanted.connect(lambda row: self._with(lambda r: self._wishes.owed(r, row)))
        self._wishes.noticeRequested.connect(self.noticeRequested)
        self.line.noticeWanted.connect(self.noticeRequested)
        self._wishes.debtRequested.connect(self.debtRequested)
        board.log.strikeWanted.connect(self._on_strike)
        board.timeline.ownScreenWanted.connect(self._on_own_screen)
        board.comms.ownWanted.connect(lambda: self._on_own_screen(Side.COMMUNICATION.value))
        board.timeline.opened.connect(
            lambda step: self._with(
                lambda r: self.debtRequested.emit(r.outage_id, DebtKind.STEP.value, step)
            )
        )
        bind(self, self._keys_of())

    def _keys_of(self) -> dict[str, Callable[[], object]]:
        """What each key of `keys.KEYS` does to the flight as it is shown."""

        def to(act: Callable[[LiveRows], object]) -> Callable[[], None]:
            return lambda: self._with(act)

        return {
            "Ctrl+Return": to(self._keyed.primary),
            "Ctrl+M": self._board.gate.next_open,
            "Ctrl+O": to(self._wishes.first_owed),
            "Ctrl+P": to(self._enter_paper),
            "Ctrl+I": to(self.acts.who_decides),
            "Ctrl+E": to(self._keyed.extend),
            "Ctrl+J": self._board.ask.go_on,
            "Ctrl+U": to(self._keyed.back_out),
            "Ctrl+Shift+U": to(self._keyed.stop_here),
            "Ctrl+D": to(self._keyed.hold),
            "Ctrl+Shift+Return": to(self._keyed.partly),
            "Ctrl+H": to(self._keyed.heard),
            "Ctrl+Shift+H": to(self._keyed.hear),
            "Ctrl+R": to(self._keyed.take),
            "Ctrl+B": to(self._keyed.block),
            "Ctrl+G": to(self._sides.give),
            "Shift+F11": self._on_own_screen,
            "Ctrl+F11": lambda: self._on_own_screen(Side.FIX.value),
            "Ctrl+Shift+F11": lambda: self._on_own_screen(Side.COMMUNICATION.value),
        }

    def _on_raised(self, words: str) -> None:
        """Asked while another screen is in front, it is told there."""
        if self.isVisible():
            self.partRaised.emit(self._board.ask)
        else:
            self._notify.remark(words, action=("Go to Live", self.wantedFront.emit), warn=True)

    # --- acting ----------------------------------------------------------------------------

    def _on_own_screen(self, side: str = "") -> None:
        self.ownScreenRequested.emit(side, self.outage_id)

    def _note(self, text: str, then: Callable[[], object]) -> None:
        self.line.note(self.outage_id, text, then)

    def _enter_paper(self, rows: LiveRows) -> None:
        self.paperRequested.emit(rows.outage_id)

    @property
    def outage_id(self) -> str:
        """Which is shown; empty while there is none."""
        return self._rows.outage_id if self._rows is not None else ""

    def _with(self, act: Callable[[LiveRows], object]) -> None:
        if self._rows is not None:
            act(self._rows)

    def _press(self, rows: LiveRows) -> None:
        """The one act in gold; pressed twice it is done once: what it did is still being read."""
        under_way = self._again.isActive() or not self._ops.idle
        stands = (rows.outage_id, rows.log_length)
        if under_way and stands == self._pressed:
            return
        self._pressed = stands
        (self._board.gate if rows.state in BEFORE_START else self._board.now).press()

    def _on_strike(self, entry: object) -> None:
        if isinstance(entry, LogRow):
            self.line.strike(self.outage_id, entry.number, entry.what)
