"""The header: what the page is, what can be done, and the time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QFontMetrics, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QWidget,
)

from app.views.header_clock import HeaderClock
from app.views.page import HeaderAction, HeaderNote, HeaderPart
from app.views.theme import font, px
from app.views.widgets.labels import ContextLabel, ElidedLabel, HeaderPill, plain_tip
from app.views.widgets.panels import button, clear, is_pressed, opens_menu
from app.views.widgets.tone import set_part, set_tone

HEIGHT = 56
TALL = 64
"""With the words stacked; every page's alike, so that nothing jumps from one to the next."""
COMPACT = 1000
"""Narrower than this (design pixels) the header stacks its words, and the clock leaves the day
to the calendar."""
TIGHT = 700
"""Narrower than this all acts but the primary one are in a menu."""
TITLE_ROOM = 170
"""A title is shown that far, or whole when it is shorter, before acts go into the menu."""
SMALL_TITLE = "title-small"
SEARCH = "Go to anything"
HELD_MS = 100
MORE = "More"


class Header(QFrame):
    """Title and context (or the page’s own head) left; acts, notes and clock right."""

    def __init__(self) -> None:
        super().__init__()
        set_part(self, "header", "")
        self.setAccessibleName("Page header")
        self.setMinimumHeight(px(HEIGHT))
        self._parts: tuple[HeaderPart, ...] = ()
        self._folded, self._cramped = False, False
        self._acts_width, self._folded_width = 0, 0
        self._said = ""
        self._shortcuts: list[QShortcut] = []
        self._pills: list[HeaderPill] = []
        self._menu: QMenu | None = None
        self._later: tuple[HeaderPart, ...] | None = None
        self._line = line = QHBoxLayout(self)
        line.setContentsMargins(px(22), px(10), px(22), px(10))
        line.setSpacing(px(14))
        self._title = ElidedLabel("", "title")
        self._context = ContextLabel("", "muted")
        self._head_place = QHBoxLayout()
        self._acts = QHBoxLayout()
        self._acts.setSpacing(px(10))
        self._words = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._words.setSpacing(px(14))
        self._words.addWidget(self._title)
        self._words.addWidget(self._context, 1)
        line.addLayout(self._words, 1)
        line.addLayout(self._head_place)
        line.addLayout(self._acts)
        self._clock = HeaderClock()
        line.addLayout(self._clock)
        self.search = button("Ctrl K", spoken=SEARCH, tip=f"{SEARCH} · Ctrl+K")
        set_part(self.search, "pill")
        self._offers_search = False
        self.search.hide()
        line.addWidget(self.search)
        self._head: QWidget | None = None

    def show_words(self, title: str, context: str, head: QWidget | None, *, alert: bool) -> None:
        """`head`, when given, stands in place of the words; the page keeps it."""
        if head is not self._head:
            if self._head is not None:
                self._head_place.removeWidget(self._head)
                self._head.hide()
                self._head.setParent(None)
            self._head = head
            if head is not None:
                self._head_place.addWidget(head, 1)
                head.show()
        self._title.setText(title)
        self._said = context
        self._title.setVisible(head is None)
        self._show_context()
        self._stack()
        self._line.setStretchFactor(self._words, 1 if head is None else 0)
        self._line.setStretchFactor(self._head_place, 0 if head is None else 1)
        set_tone(self, "accent" if alert else "")
        self._refold()

    def offer_search(self) -> None:
        """Something answers `search.clicked` now."""
        self._offers_search = True
        self._build_parts()

    def show_parts(self, parts: Sequence[HeaderPart]) -> None:
        """Rebuilt only when they differ, so that the focus is not lost to a refresh, and not while
        a menu of them is open or one is held down."""
        if sum(isinstance(part, HeaderAction) and part.primary for part in parts) > 1:
            raise ValueError("a header has at most one primary action")
        pressed = is_pressed(self)
        if pressed or (self._menu is not None and self._menu.isVisible()):
            self._later = tuple(parts)  # what is under the pointer would go
            if pressed:
                QTimer.singleShot(HELD_MS, self._on_let_go)
            return
        self._later = None
        before, self._parts = self._parts, tuple(parts)  # `act` is not compared: call the newest
        if self._parts != before and not self._say_notes(before):
            self._build_parts()

    def _say_notes(self, before: tuple[HeaderPart, ...]) -> bool:
        """Whether notes alone say something else, and stand there: a forecast moves often, and the
        acts beside it stay."""
        if self._cramped or _acts_of(before) != _acts_of(self._parts):
            return False
        notes = (part for part in self._parts if isinstance(part, HeaderNote))
        for pill, note in zip(self._pills, notes, strict=True):
            self._acts_width -= pill.sizeHint().width()
            pill.show_as(note.words, note.tone)
            self._acts_width += pill.sizeHint().width()
        self._folded_width = self._at_the_right(self._acts.sizeHint().width())
        self._refold()
        return True

    def _build_parts(self) -> None:
        """Laid out in full first: only then is known whether there is room for it."""
        focused = self._focused_words()
        self._cramped = False
        self._clock.show_here(True)
        self.search.setVisible(self._offers_search)
        left = self._place_parts(focused, folded=False)
        self._acts_width = self._acts.sizeHint().width()
        self._folded = self._is_tight()
        if self._folded:
            left = self._place_parts(focused, folded=True)
        self._folded_width = self._at_the_right(self._acts.sizeHint().width())
        self._cramped = self._is_cramped()
        if self._cramped:
            self.search.hide()
            left = self._place_parts(focused, folded=True)
        self._clock.show_here(not (self._cramped and self._lacks_room()))
        part = SMALL_TITLE if self._cramped else "title"
        if self._title.property("part") != part:
            set_part(self._title, part)
        self._show_context()
        if left:  # what was pressed is gone: stay here, on what cannot do harm by itself
            self._focus_first()
        self._stack()

    def _is_tight(self) -> bool:
        """Whether acts go into a menu, so that the title can be read."""
        others = sum(isinstance(p, HeaderAction) and not p.primary for p in self._parts)
        if others < 2:
            return False
        if self.width() < px(TIGHT):
            return True
        if self._head is not None:
            return False
        wished = min(self._title.sizeHint().width(), px(TITLE_ROOM))
        return self._at_the_right(self._acts_width) + wished > self.width()

    def _is_cramped(self) -> bool:
        """Whether the title would be cut even so: it comes before its size, the pills, whose words
        go into the context, and the palette’s button, which goes into the menu."""
        if self._head is not None:
            return self.width() < px(TIGHT) and self._folded_width > self.width()
        if self.width() >= px(COMPACT):
            return False
        title = QFontMetrics(font(18, bold=True)).horizontalAdvance(self._title.text())
        return self._folded_width + title > self.width()

    def _lacks_room(self) -> bool:
        """The page’s own head would be squeezed: the clock is what a desktop has, too."""
        if self._head is None:
            return False
        squeezed = self._head.sizeHint().width() - self._head.minimumSizeHint().width()
        return self._at_the_right(self._acts.sizeHint().width()) - squeezed > self.width()

    def _show_context(self) -> None:
        notes = [part.words for part in self._parts if isinstance(part, HeaderNote)]
        *first, last = self._said.split(" · ")  # the first ones are left out when room is short
        said = [*first, *(notes if self._cramped else ()), last]
        self._context.setText(" · ".join(each for each in said if each))
        self._context.setVisible(self._head is None and bool(self._context.text()))

    def _place_parts(self, focused: str, *, folded: bool) -> str:
        """Returns `focused` unless that act is there and has the keyboard."""
        others = [p for p in self._parts if isinstance(p, HeaderAction) and not p.primary]
        clear(self._acts)
        self._pills.clear()
        self._menu = None
        for shortcut in self._shortcuts:
            shortcut.setEnabled(False)  # at once: deletion waits for the event loop
            shortcut.deleteLater()
        self._shortcuts.clear()
        for place, part in enumerate(self._parts):
            if folded and part in others:
                continue
            if isinstance(part, HeaderNote):
                if self._cramped:
                    continue
                pill = HeaderPill(part.words, part.tone)
                self._pills.append(pill)
                self._acts.addWidget(pill)
                pill.show()
                continue
            made = self._button(place, part)
            self._acts.addWidget(made)
            made.show()  # now, for a hidden button cannot take the focus
            if part.words == focused:
                made.setFocus()
                focused = ""
        if folded:
            self._fold()
        return focused

    def _fold(self) -> None:
        """All acts but the primary one under one button."""
        others = [
            (place, part)
            for place, part in enumerate(self._parts)
            if isinstance(part, HeaderAction) and not part.primary
        ]
        if not others and not (self._cramped and self._offers_search):
            return
        alone = others[0][1] if len(others) == 1 and others[0][1].choices else None
        made = button(alone.words if alone else MORE, spoken="" if alone else "More acts")
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(made)
        for place, part in others:
            if part.choices:
                inline = part is alone or part.words == MORE
                inside = menu if inline else menu.addMenu(part.words)
                self._fill(inside, place, part)
                continue
            entry = menu.addAction(part.words.replace("&", "&&"))
            entry.setEnabled(part.enabled)
            entry.triggered.connect(lambda _checked=False, place=place: self._act(place))
            if part.key and part.enabled:
                shortcut = QShortcut(QKeySequence(part.key), self.window())
                shortcut.activated.connect(entry.trigger)
                self._shortcuts.append(shortcut)
        if self._cramped and self._offers_search:
            menu.addAction(f"{SEARCH}  Ctrl+K").triggered.connect(self.search.click)
        self._opens(made, menu)
        primary = any(isinstance(part, HeaderAction) and part.primary for part in self._parts)
        self._acts.insertWidget(self._acts.count() - primary, made)
        made.show()

    def _opens(self, made: QPushButton, menu: QMenu) -> None:
        opens_menu(made, menu)
        menu.aboutToShow.connect(lambda: self._on_menu(menu))
        menu.aboutToHide.connect(self._on_let_go, Qt.ConnectionType.QueuedConnection)

    def _on_menu(self, menu: QMenu) -> None:
        self._menu = menu

    def _on_let_go(self) -> None:
        parts, self._later = self._later, None
        if parts is not None:
            self.show_parts(parts)

    def _fill(self, menu: QMenu, place: int, part: HeaderAction) -> None:
        for number, choice in enumerate(part.choices):
            entry = menu.addAction(choice.words.replace("&", "&&"))
            entry.setEnabled(choice.enabled)
            entry.setToolTip(plain_tip(choice.tip))
            entry.triggered.connect(
                lambda _checked=False, number=number: self._choose(place, number)
            )

    def show_time(self, now: datetime, zone: tzinfo) -> None:
        """`now` is aware."""
        self._clock.shorten(self.width() < px(COMPACT))
        self._clock.show_time(now, zone)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._refold()
        self._clock.shorten(self.width() < px(COMPACT))
        self._stack()

    def _refold(self) -> None:
        if self._is_tight() != self._folded or self._is_cramped() != self._cramped:
            self._build_parts()

    def _stack(self) -> None:
        """Short of room, the second words go under the first ones before anything is cut."""
        narrow = self.width() < px(COMPACT)
        self.setMinimumHeight(px(TALL if narrow else HEIGHT))
        stacked = narrow or not self._fits_beside()
        way = QBoxLayout.Direction.TopToBottom if stacked else QBoxLayout.Direction.LeftToRight
        if self._words.direction() != way:
            self._words.setDirection(way)
            self._words.setSpacing(0 if stacked else px(14))

    def _fits_beside(self) -> bool:
        """Title and context in one line, with everything that stands at their right."""
        if self._head is not None:
            return True
        words = self._title.sizeHint().width() + self._context.sizeHint().width() + px(14)
        return self._at_the_right(self._acts.sizeHint().width()) + words <= self.width()

    def _at_the_right(self, acts: int) -> int:
        """The width of all but the words, when the acts are so wide."""
        margins = self._line.contentsMargins()
        taken = margins.left() + margins.right()
        for place in range(1, self._line.count()):  # behind the words themselves
            item = self._line.itemAt(place)
            if item is not None and not item.isEmpty():
                is_acts = item.layout() is self._acts
                taken += (acts if is_acts else item.sizeHint().width()) + self._line.spacing()
        return taken

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._stack()

    def _focused_words(self) -> str:
        for place in range(self._acts.count()):
            item = self._acts.itemAt(place)
            widget = item.widget() if item is not None else None
            if isinstance(widget, QPushButton) and widget.hasFocus():
                return widget.accessibleName()
        return ""

    def _focus_first(self) -> None:
        for place in range(self._acts.count()):
            item = self._acts.itemAt(place)
            widget = item.widget() if item is not None else None
            if isinstance(widget, QPushButton) and widget.isEnabled():
                widget.setFocus()
                return

    def _button(self, place: int, part: HeaderAction) -> QPushButton:
        tone = "primary" if part.primary else "danger" if part.danger else ""
        tip = " · ".join(word for word in (part.tip, part.key) if word)
        made = button(part.words, tone=tone, tip=tip)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard to the page
        made.setEnabled(part.enabled)
        if part.choices:
            menu = QMenu(made)
            self._fill(menu, place, part)
            self._opens(made, menu)
        else:
            made.clicked.connect(lambda _checked=False: self._act(place))
        if part.key and part.enabled and not part.choices:
            shortcut = QShortcut(QKeySequence(part.key), self.window())
            shortcut.activated.connect(made.click)
            self._shortcuts.append(shortcut)
        return made

    def _act(self, place: int) -> None:
        part = self._parts[place]
        if isinstance(part, HeaderAction):
            part.act()

    def _choose(self, place: int, number: int) -> None:
        part = self._parts[place]
        if isinstance(part, HeaderAction):
            part.choices[number].act()


def _acts_of(parts: Sequence[HeaderPart]) -> list[HeaderPart | None]:
    return [None if isinstance(part, HeaderNote) else part for part in parts]
