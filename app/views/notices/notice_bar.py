"""The head of the Communication tab: which notice, how it stands, and what can be done with it."""

from __future__ import annotations

from datetime import datetime
from enum import Enum, auto

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QAction, QActionGroup, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QMenu, QPushButton, QWidget

from app.models.notices.kinds import NoticeState
from app.models.outbox import Route
from app.services.notices.composing import Composed
from app.services.notices.facts import NOTHING_TYPED
from app.services.notices.reading import Communication
from app.views.notices.acts import can_leave, leaving
from app.views.notices.leaving_words import ROUTES, SOON, WHAT_ROUTES_MEAN
from app.views.theme import px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import ElidedLabel, Words
from app.views.widgets.panels import button, opens_menu
from app.views.widgets.tone import set_tone


class Press(Enum):
    SEE = auto()
    TEMPLATE = auto()
    COPY = auto()
    SAVE = auto()
    HOLD = auto()
    MAIL = auto()
    TAKE_BACK = auto()
    SENT = auto()
    QUEUE = auto()
    SOON = auto()


_BY_HAND = (
    (Press.COPY, "Copy as rich text"),
    (Press.SAVE, "Save .eml…"),
    (Press.HOLD, "Save the calendar entry, .ics…"),
    (Press.MAIL, "Open in the mail program"),
    (Press.SENT, "Sent by me at…  Alt+S"),
)
_SENDS = {
    Route.CONSOLE: "Send{at}",
    Route.OUTLOOK_HOLDS: "Give it to Outlook for{at}",
    Route.OUTLOOK_DRAFT: "Make a draft in Outlook",
}


class NoticeBar(QWidget):
    """`pressed(Press)`. With `template` true only the way back to the notice is offered. `route`
    is who sends what is queued; it is kept from notice to notice."""

    pressed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._by_press: dict[Press, QPushButton] = {}
        self._composed: Composed | None = None
        self._chosen = Route.CONSOLE
        self._is_later = self._sends = False
        self._bar = QGridLayout(self)
        self._bar.setContentsMargins(0, 0, 0, 0)
        self._bar.setSpacing(px(12))
        self._bar.setColumnStretch(1, 1)
        self.title = Words("", "title")
        self.context = ElidedLabel("", "sub")
        self._bar.addWidget(self.title, 0, 0)
        self._bar.addWidget(self.context, 0, 1)
        self._actions = QWidget()
        flow = FlowLayout(self._actions, 10)
        self._bar.addWidget(self._actions, 0, 2)
        self.see = self._button("Preview", Press.SEE, tip="Text or preview (Alt+P)")
        self.template = self._button(
            "Template", Press.TEMPLATE, tip="The words that new notices of this kind begin with"
        )
        self.copy = self._button("Copy", Press.COPY, tip="As rich text")
        self.save = self._button("Save .eml", Press.SAVE)
        self.hold = self._button("Hold .ics", Press.HOLD)
        self.mail = self._button("Open in mail", Press.MAIL)
        self.take_back = self._button("Take it back", Press.TAKE_BACK)
        self.sent = self._button("Sent by me at…", Press.SENT, tip="Alt+S")
        self.queue = self._button("Queue", Press.QUEUE, tone="primary", tip="Ctrl+Enter")
        self._menus()
        self._all = (
            *(self.see, self.template, self.copy, self.save, self.hold, self.mail, self.by_hand),
            *(self.take_back, self.sent, self.who, self.queue),
        )
        for each in self._all:
            flow.addWidget(each)
            each.hide()

    def _button(self, words: str, press: Press, *, tone: str = "", tip: str = "") -> QPushButton:
        made = button(words, lambda: self.pressed.emit(press), tone=tone, tip=tip)
        self._by_press[press] = made
        return made

    def _menus(self) -> None:
        """With an account: what is done by hand is under one button, and who sends is chosen."""
        self.by_hand = button("By hand", tip="Files, the clipboard, or sent by you")
        menu = QMenu(self.by_hand)
        self._entries: dict[Press, QAction] = {}
        for press, words in _BY_HAND:
            entry = menu.addAction(words)
            entry.triggered.connect(lambda _checked=False, press=press: self.pressed.emit(press))
            self._entries[press] = entry
        opens_menu(self.by_hand, menu)
        self.who = button("", spoken="Who sends it", tip="Who sends it")
        self._who_menu = QMenu(self.who)
        choices = QActionGroup(self._who_menu)
        self._routes: dict[Route, QAction] = {}
        for route, words in WHAT_ROUTES_MEAN.items():
            entry = self._who_menu.addAction(words)
            entry.setCheckable(True)
            choices.addAction(entry)
            entry.triggered.connect(lambda _checked=False, route=route: self.choose(route))
            self._routes[route] = entry
        self._who_menu.addSeparator()
        entry = self._entries[Press.SOON] = self._who_menu.addAction("")
        entry.triggered.connect(lambda _checked=False: self.pressed.emit(Press.SOON))
        opens_menu(self.who, self._who_menu)

    def can(self, press: Press) -> bool:
        """It is offered just now: a key may do it, too."""
        if press is Press.SOON:
            return self.who.isVisible() and self._entries[press].isVisible()
        entry = self._entries.get(press)
        if entry is not None and self.by_hand.isVisible():
            return entry.isVisible() and entry.isEnabled()
        made = self._by_press[press]
        return made.isVisible() and made.isEnabled()

    def show_title(self, title: str, context: str = "") -> None:
        """For what is no notice: nothing can be done with it here."""
        self._composed = None
        self.title.setText(title)
        self.context.setText(context)
        for each in self._all:
            each.hide()

    def show_composed(
        self, composed: Composed, found: Communication | None, *, template: bool, now: datetime
    ) -> None:
        sends = self._sends = found is not None and found.sends
        self._composed = composed
        self._is_later = composed.leaves_at - now > SOON
        draft = composed.state is NoticeState.DRAFT
        queued = composed.state is NoticeState.QUEUED
        self.title.setText(composed.kind.words)
        state = "edited draft" if composed.edited else composed.state.words.lower()
        self.context.setText(
            f"{composed.code} {composed.title} · {'its template' if template else state}"
        )
        self.template.setText("Back to the notice" if template else "Template")
        self.template.setVisible(template or draft)
        may_leave = draft and not composed.not_now
        files = not template, not draft or not composed.blocked
        for press, offered, able in (
            (Press.COPY, not template, True),
            (Press.SAVE, *files),
            (Press.MAIL, *files),
            (Press.HOLD, composed.wants_calendar and not template, True),
            (Press.SENT, (may_leave or queued) and not template, queued or can_leave(composed)),
        ):
            self._by_press[press].setVisible(offered and not sends)
            self._by_press[press].setEnabled(able)
            self._entries[press].setVisible(offered)
            self._entries[press].setEnabled(able)
        self.by_hand.setVisible(sends and not template)
        self.take_back.setVisible(queued and not template)
        self.queue.setVisible(may_leave and not template)
        settled = _left_and_settled(composed, found)
        untouched = not composed.edited and composed.extra == NOTHING_TYPED
        self.goes_on = draft and settled and untouched
        set_tone(self.queue, "" if settled else "primary")
        self.queue.setEnabled(can_leave(composed))
        self.who.setVisible(sends and may_leave and not template)
        self.who.setEnabled(can_leave(composed))
        self._show_way()
        self.fit()

    def choose(self, route: Route) -> None:
        """Who sends this notice and the next ones."""
        self._chosen = route
        self._show_way()
        self.fit()

    goes_on = False
    """One of this kind has left, nobody waits for another and nothing was typed for one: the key
    that sent it does not send it again."""

    @property
    def leads(self) -> bool:
        """It offers what is to be done next."""
        return not self.queue.isHidden() and self.queue.property("tone") == "primary"

    @property
    def route(self) -> Route | None:
        """Who sends it; None without an account."""
        return self._way if self._sends else None

    @property
    def _way(self) -> Route:
        """What leaves at once is not given to Outlook to hold."""
        if self._chosen is Route.OUTLOOK_HOLDS and not self._is_later:
            return Route.CONSOLE
        return self._chosen

    def _show_way(self) -> None:
        composed = self._composed
        if composed is None:
            return
        if not self._sends:
            self.queue.setText(f"Queue for {leaving(composed)}")
            return
        at = f" {leaving(composed)}" if self._is_later else ""
        self.queue.setText(_SENDS[self._way].format(at=at).strip())
        self.queue.setAccessibleName(self.queue.text())
        self.who.setText(ROUTES[self._way])
        self.who.setAccessibleName(f"Who sends it: {ROUTES[self._way]}")
        waits = f"Send it now, without waiting for {leaving(composed)}"
        self._entries[Press.SOON].setText(f"{waits}  Alt+N")
        self._entries[Press.SOON].setVisible(self._is_later)
        self._routes[Route.OUTLOOK_HOLDS].setEnabled(self._is_later)
        self._routes[self._way].setChecked(True)

    def fit(self) -> None:
        """On one line with the title where there is room, else on lines of their own."""
        shown = [b for b in self._all if not b.isHidden()]
        needed = sum(b.sizeHint().width() + px(10) for b in shown)
        beside = needed <= self.width() - self.title.sizeHint().width() - px(120)
        self._actions.setMinimumWidth(needed if beside else 0)
        self._bar.removeWidget(self._actions)
        if beside:
            self._bar.addWidget(self._actions, 0, 2)
        else:
            self._bar.addWidget(self._actions, 1, 0, 1, 3)

    def minimumSizeHint(self) -> QSize:
        """The buttons wrap, so they ask for no width of their own."""
        return QSize(px(280), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit()


def _left_and_settled(composed: Composed, found: Communication | None) -> bool:
    """It may be sent again, but nobody waits for it."""
    rows = found.rows if found is not None else ()
    same = [row for row in rows if row.kind is composed.kind]
    return any(row.sent_at is not None for row in same) and not any(row.is_owed for row in same)
