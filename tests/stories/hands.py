"""A pair of hands that has only the keyboard, at the real window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.exceptions import TimeoutError
from pytestqt.qtbot import QtBot

from app.services.database import Store
from app.views.widgets.sheet import Sheet
from app.wiring import Console
from app.wiring.window import Window

ALT = Qt.KeyboardModifier.AltModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
PLAIN = Qt.KeyboardModifier.NoModifier
PATIENCE_MS = 8_000
MOST_TABS = 150


@contextmanager
def at_the_window(store: Store, app: QApplication, qtbot: QtBot) -> Iterator[Hands]:
    """The whole console over `store`, in front."""
    window = Window(store.folder, app, store.clock, remember=False)
    window.shell.show()
    window.shell.activateWindow()
    window.attach(Console(store.folder, store.clock, store.bus, store))
    window.furnish()
    made = Hands(window, qtbot)
    made.until(window.shell.isActiveWindow, "the window has the keyboard")
    made.settle()
    yield made
    made.settle()
    window.leave()
    window.shell.deleteLater()
    window.deleteLater()


@dataclass(frozen=True, slots=True)
class Hands:
    """Every key goes to whatever has the focus, as from a keyboard."""

    window: Window
    qtbot: QtBot

    def until(self, true: Callable[[], bool], what: str) -> None:
        try:
            self.qtbot.waitUntil(true, timeout=PATIENCE_MS)
        except TimeoutError as late:
            here = self._focus()
            raise AssertionError(f"{what}; the focus is on “{here.accessibleName()}”") from late

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = PLAIN) -> None:
        """A list that popped up has the keys while it is open."""
        QTest.keyClick(QApplication.activePopupWidget() or self._focus(), key, held)

    def enter(self) -> None:
        """Ctrl+Enter: the next act."""
        self.key(Qt.Key.Key_Return, CONTROL)

    def type(self, words: str) -> None:
        QTest.keyClicks(self._focus(), words)

    def go(self, words: str) -> None:
        """Through the palette."""
        self.key(Qt.Key.Key_K, CONTROL)
        self.until(lambda: self._asked() is not None, "the palette opens")
        self.type(words)
        self.key(Qt.Key.Key_Return)
        self.left()

    def section(self, key: str) -> None:
        """By the number that stands at it in the rail."""
        shell = self.window.shell
        number = [section.key for section in shell.sections].index(key) + 1
        self.key(Qt.Key(Qt.Key.Key_0 + number), CONTROL)
        self.until(lambda: shell.current == key, f"{key} is in front")
        self.settle()

    def press(self, name: str) -> None:
        """Tab to the control whose name begins so, and Space on it."""
        self.tab_to(name)
        self.key(Qt.Key.Key_Space)

    def tab_to(self, name: str) -> None:
        """The control of just this name, or else the first whose name begins so."""
        self.until(lambda: self.offered(name), f"{name} is on the screen")
        named = {each.accessibleName() for each in self._usable()}
        seen: list[str] = []
        for _ in range(MOST_TABS):
            here = self.at
            if here == name or (name not in named and here.startswith(name)):
                return
            seen.append(here)
            self.key(Qt.Key.Key_Tab)
        raise AssertionError(f"Tab does not come to {name}, but to {list(dict.fromkeys(seen))}")

    def walk(self, end: str) -> list[str]:
        """The names that Tab comes to, from the focus as far as `end`."""
        names: list[str] = []
        while self.at != end and len(names) < MOST_TABS:
            names.append(self.at)
            self.key(Qt.Key.Key_Tab)
        return names

    @property
    def at(self) -> str:
        """The name of what has the focus."""
        return self._focus().accessibleName()

    def offered(self, name: str) -> bool:
        """A control of this name can be used on the screen."""
        return any(made.accessibleName().startswith(name) for made in self._usable())

    def _usable(self) -> list[QWidget]:
        made = self._front().findChildren(QWidget)
        return [each for each in made if each.isVisible() and each.isEnabled()]

    def answer(self, *words: str) -> None:
        """The sheet that opens now: each of its fields in turn, then its act."""
        self.until(lambda: isinstance(self._asked(), Sheet), "a sheet opens")
        for place, said in enumerate(words):
            if place:
                self.key(Qt.Key.Key_Tab)
            self.type(said)
        self.enter()
        self.left()

    def left(self) -> None:
        self.until(lambda: QApplication.activeModalWidget() is None, "the dialog closes")
        self.back()
        self.settle()

    def back(self) -> None:
        """A dialog or a list that popped up is gone; the desktop gives the keyboard back."""
        self.window.shell.activateWindow()
        self.until(self.window.shell.isActiveWindow, "the window has the keyboard")

    def settle(self) -> None:
        self.until(lambda: self.window.idle, "every answer is in")

    def _asked(self) -> QWidget | None:
        asked = QApplication.activeModalWidget()
        return asked if asked is not None and asked.isActiveWindow() else None

    def _front(self) -> QWidget:
        return QApplication.activeModalWidget() or self.window.shell

    def _focus(self) -> QWidget:
        return QApplication.focusWidget() or self._front()
