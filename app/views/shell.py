"""The window's frame and navigation. It knows sections and pages, and nothing of outages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRect, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.views.frame_strip import Strip
from app.views.header import Header
from app.views.icons import app_icon
from app.views.keys_help import KeysHelp, how_this_works
from app.views.notify import Action, Notify
from app.views.page import UNKEPT, LastWords, Page
from app.views.rail import Rail
from app.views.theme import px
from app.views.widgets.tone import Tone

MINIMUM = (1180, 720)
FIRST = (1440, 900)
ROOMY = 1060
"""Narrower than this (design pixels) the rail gives its room to the page."""
PRODUCT = "Flight Console"


class Section(NamedTuple):
    """A place of the rail. `make` builds the page the first time it is opened. `within` names the
    section in whose place it stands, for a page that is reached from there."""

    key: str
    label: str
    icon: str
    make: Callable[[], Page]
    within: str = ""


class Shell(QMainWindow):
    """`ticked(now)` once a second; `opened(key)` when a section comes to the front; `painted()`
    once, when the frame is on the screen for the first time; `searchRequested()` on Ctrl+K."""

    painted = Signal()
    ticked = Signal(object)
    opened = Signal(str)
    searchRequested = Signal()

    def __init__(
        self,
        sections: Sequence[Section],
        now: Callable[[], datetime],
        *,
        zone: tzinfo = UTC,
        settings: Path | None = None,
        undo: Callable[[], object] | None = None,
    ) -> None:
        """`now` gives aware moments; `settings` is an .ini file that remembers the geometry."""
        super().__init__()
        self.setWindowTitle(PRODUCT)
        self.setWindowIcon(app_icon())
        self._now = now
        self._zone = zone
        self._sections: dict[str, Section] = {}
        self._pages: dict[str, Page] = {}
        self._areas: dict[str, QScrollArea] = {}
        self._current = ""
        self._was_chosen = False
        self._strips: dict[str, tuple[str, Action | None, Tone]] = {}
        self._may_close: list[Callable[[], bool]] = []
        self._last_words, self._was_warned = LastWords(self), False
        self._help: KeysHelp | None = None
        self._was_painted = False
        self._settings = (
            QSettings(str(settings), QSettings.Format.IniFormat) if settings is not None else None
        )
        self._build()
        for section in sections:
            self.add_section(section)
        self._bind(undo)
        self._restore()
        self._clock = QTimer(self)
        self._clock.setInterval(1_000)
        self._clock.timeout.connect(self._on_tick)
        self._clock.start()
        self._on_tick()

    def _build(self) -> None:
        self.rail = Rail(PRODUCT)
        self.rail.chosen.connect(self._on_chosen)
        self._header = Header()
        self._stack = QStackedWidget()
        self._header.search.clicked.connect(lambda _checked=False: self.searchRequested.emit())
        self._strip = Strip()
        whole = QWidget()
        line = QHBoxLayout(whole)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(0)
        line.addWidget(self.rail)
        main = QWidget()
        column = QVBoxLayout(main)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._strip)
        column.addWidget(self._header)
        column.addWidget(self._stack, 1)
        line.addWidget(main, 1)
        self.setCentralWidget(whole)
        self.notify = Notify(main)

    def _bind(self, undo: Callable[[], object] | None) -> None:
        def on(keys: str, act: Callable[[], object]) -> None:
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.activated.connect(lambda: act())

        for number in range(1, 11):
            on(f"Ctrl+{number % 10}", lambda number=number: self._goto_nth(number))  # type: ignore[misc]
        if undo is not None:
            on("Ctrl+Z", undo)
        on("?", self.show_keys)
        on("F1", self.show_keys)
        on("F11", self.toggle_alone)
        on("Ctrl+K", self.searchRequested.emit)
        on("Ctrl+.", self.notify.dismiss)

    @property
    def current(self) -> str:
        """The key of the section in front; empty before the first `goto`."""
        return self._current

    @property
    def sections(self) -> tuple[Section, ...]:
        """In the order of the rail."""
        return tuple(each for each in self._sections.values() if not each.within)

    @property
    def front(self) -> Page | None:
        """The page that is shown."""
        return self._pages.get(self._current)

    @property
    def last_section(self) -> str:
        """Which section was in front when the window was closed; empty when none is known."""
        kept = self._settings.value("window/section", "") if self._settings is not None else ""
        return str(kept or "")

    @property
    def was_chosen(self) -> bool:
        """Somebody chose a section by hand."""
        return self._was_chosen

    def page(self, key: str) -> Page | None:
        """The section's page, when it has been opened already."""
        return self._pages.get(key)

    def add_section(self, section: Section) -> None:
        self._sections[section.key] = section
        if section.within:
            return
        number = len(self.sections)
        keys = f"Ctrl+{number % 10}" if number <= 10 else ""  # as the keys lie: 0 is the tenth
        self.rail.add(section.key, section.label, section.icon, keys)

    def has_section(self, key: str) -> bool:
        return key in self._sections

    def remove_section(self, key: str) -> None:
        """A place that served its time (first start); its page is let go."""
        if not self._sections.pop(key).within:
            self.rail.remove(key)
        page = self._pages.pop(key, None)
        if page is not None:
            area = self._areas.pop(key)
            self._stack.removeWidget(area)
            area.deleteLater()
        if self._current == key:
            self._current = ""

    def goto(self, key: str, *args: object) -> None:
        """Open a section and hand `args` to its page. An unknown key raises KeyError."""
        section = self._sections[key]
        page = self._pages.get(key)
        if page is None:
            page = section.make()
            page.headerChanged.connect(lambda: self._on_header_changed(key))
            self._pages[key] = page
            self._areas[key] = area = self._scrolled(page)
            page.partRaised.connect(lambda part: area.ensureWidgetVisible(part, 0, part.height()))
        left = self._areas.get(self._current)
        stood = left.verticalScrollBar().value() if left is not None else 0
        self._current = key
        self._stack.setCurrentWidget(self._areas[key])
        if left is not None:  # hidden, it hands the keyboard to its last part and scrolls there
            left.verticalScrollBar().setValue(stood)
        self.rail.mark(section.within or key)
        page.setFocus(Qt.FocusReason.OtherFocusReason)
        page.activate(*args)
        self._show_header(page)
        self.opened.emit(key)

    def _scrolled(self, page: Page) -> QScrollArea:
        """Scrolls only when the page cannot be made as small as the window (200 % on a laptop)."""
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._stack.addWidget(area)  # first: whatever gets a parent is dressed anew, and all in it
        area.setWidget(page)
        return area

    def set_count(self, key: str, text: str, spoken: str = "") -> None:
        """The badge of a section ("4", "T−42m"); `spoken` is its meaning ("4 need you")."""
        self.rail.button(key).set_count(text, spoken)

    def set_state(self, words: str, tone: Tone = Tone.OK, waiting: str = "", why: str = "") -> None:
        self.rail.set_state(words, tone, waiting, why)

    def set_duty(self, name: str, until: str = "") -> None:
        self.rail.set_duty(name, until)

    def set_zone(self, zone: tzinfo) -> None:
        self._zone = zone
        self._on_tick()

    def set_busy(self, busy: bool, words: str = "Working…") -> None:
        """Connect to Ops.busyChanged."""
        self.rail.show_busy(busy, words)

    def set_strip(
        self,
        words: str,
        action: Action | None = None,
        tone: Tone = Tone.PLAIN,
        *,
        about: str = "",
    ) -> None:
        """A line over the header that stays ("Rehearsal at 10×: nothing leaves this laptop"),
        perhaps with one button. Of several, each `about` something else, a toned one is shown."""
        self._strips.pop(about, None)
        if words:
            self._strips[about] = (words, action, tone)
        shown = sorted(self._strips.values(), key=lambda strip: strip[2] is Tone.PLAIN)
        self._strip.show_as(*(shown[0] if shown else ("", None, Tone.PLAIN)))

    def offer_search(self) -> None:
        """Show the pill that opens the palette: something answers `searchRequested` now."""
        self._header.offer_search()

    def come_forward(self) -> None:
        """Before all other windows, also from the task bar."""
        self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        self.show()
        self.raise_()
        self.activateWindow()

    def toggle_alone(self) -> None:
        """The page alone on the whole screen, and back."""
        alone = not self.isFullScreen()
        self.rail.setVisible(not alone)
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def show_keys(self) -> None:
        """The keys of the page in front, and of the window."""
        page = self._pages.get(self._current)
        if self._help is not None or page is None:
            return
        words = how_this_works(page.help_topic or self._current)
        name = page.help_topic.capitalize() or self._sections[self._current].label
        self._help = KeysHelp(self, name, page.keys(), len(self.sections), words)
        self._help.finished.connect(self._on_help_closed)
        self._help.open()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            QTimer.singleShot(0, self.painted.emit)  # its children are painted after it

    def ask_before_close(self, may_close: Callable[[], bool]) -> None:
        """Asked whenever the window is to be closed; False keeps it open."""
        self._may_close.append(may_close)

    def closeEvent(self, event: QCloseEvent) -> None:
        kept = self._last_words.are_being_kept() or self._holds_back()
        if kept or not all(may_close() for may_close in self._may_close):
            event.ignore()
            return
        self.keep_standing()
        self._clock.stop()
        super().closeEvent(event)

    def keep_standing(self) -> None:
        """Where it stands and what is open, for the next start; written only once it changed."""
        standing = {"window/geometry": self.saveGeometry(), "window/section": self._current}
        for key, value in standing.items():
            if self._settings is not None and self._settings.value(key) != value:
                self._settings.setValue(key, value)
                self._settings.sync()

    def _holds_back(self) -> bool:
        """What was typed and could not be kept is said once; who closes again leaves it."""
        found = [part.property(UNKEPT) for part in self.findChildren(QWidget)]
        unkept = ", ".join(str(whose) for whose in found if whose)
        if not unkept or self._was_warned:
            return False
        self._was_warned = True
        self.notify.error(
            f"What you typed for {unkept} could not be written and would be lost, so the window "
            "stays. Free some space, go there and type on; or close again to leave it."
        )
        return True

    def event(self, event: QEvent) -> bool:
        """While an error is shown Esc is its key, before it is the page's."""
        if event.type() == QEvent.Type.ShortcutOverride and self._is_put_away(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._is_put_away(event):
            self.notify.dismiss_error()
            return
        super().keyPressEvent(event)

    def _is_put_away(self, event: QEvent) -> bool:
        is_escape = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape
        return is_escape and self.notify.has_error

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit_minimum()
            self.rail.set_narrow(self.width() < px(ROOMY))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.rail.set_narrow(self.width() < px(ROOMY))
        super().resizeEvent(event)

    def _on_help_closed(self) -> None:
        self._help = None

    def _on_tick(self) -> None:
        now = self._now()
        self._header.show_time(now, self._zone)
        self.ticked.emit(now)

    def _on_header_changed(self, key: str) -> None:
        if key == self._current:
            self._show_header(self._pages[key])

    def _show_header(self, page: Page) -> None:
        self._header.show_words(page.title, page.context, page.head(), alert=page.alert)
        self._header.show_parts(page.header_parts())
        self.setWindowTitle(f"{page.title} — {PRODUCT}" if page.title else PRODUCT)

    def _goto_nth(self, number: int) -> None:
        if number <= len(self.sections):
            self._on_chosen(self.sections[number - 1].key)

    def _on_chosen(self, key: str) -> None:
        self._was_chosen = True
        again = key == self._current
        self.goto(key)
        if again:
            self._pages[key].home()

    def _restore(self) -> None:
        self._fit_minimum()
        saved = self._settings.value("window/geometry") if self._settings is not None else None
        if saved is not None and self.restoreGeometry(saved):
            return
        screen = QGuiApplication.primaryScreen()
        room = screen.availableGeometry() if screen is not None else QRect(0, 0, *FIRST)
        # some height is left for the frame that the desktop draws
        self.resize(min(FIRST[0], room.width()), min(FIRST[1], room.height() - 40))

    def _fit_minimum(self) -> None:
        """1180×720, or less on a screen that has less (a small laptop at 150 %)."""
        screen = QGuiApplication.primaryScreen()
        room = screen.availableGeometry() if screen is not None else QRect(0, 0, *FIRST)
        self.setMinimumSize(min(MINIMUM[0], room.width()), min(MINIMUM[1], room.height()))
