"""Lists of a few widgets that stay while others come and go."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Any, Protocol

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.views.widgets.panels import focus_within, tab_here


class Item(Protocol):
    """What a line shows. As long as `same` is the same it is the same line."""

    @property
    def same(self) -> Hashable: ...


class KeptLine(QWidget):
    """A line of a `KeptList`."""

    item: Any = None

    def dress(self, item: Any, *, ruled: bool) -> None:
        """Show `item`, None: nothing, so that nobody takes what is hidden for what it was; `ruled`
        with a line above it."""
        raise NotImplementedError


class KeptList(QWidget):
    """For some twenty lines at most. What changes of a line changes in place, so that the keyboard
    stays where it is, and a line let go is dressed for the next that comes: to build one costs a
    frame."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[KeptLine] = []
        self._spare: list[KeptLine] = []
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(0)

    @property
    def items(self) -> list[Any]:
        """As they stand there."""
        return [line.item for line in self._shown]

    def make(self) -> KeptLine:
        """A new line, not dressed yet."""
        raise NotImplementedError

    def show_items(self, items: Sequence[Item], *, under: bool = False) -> None:
        """`under`: a rule parts the first from what stands above it."""
        before, self._shown = self._shown, []
        left = list(before)
        found: list[KeptLine | None] = []
        for item in items:
            kept = next((each for each in left if each.item.same == item.same), None)
            if kept is not None:
                left.remove(kept)
            found.append(kept)
        for line in left:
            self._let_go(line)
        for item, kept in zip(items, found, strict=True):
            line = kept or (self._spare.pop() if self._spare else self.make())
            line.dress(item, ruled=under or bool(self._shown))
            line.item = item
            self._shown.append(line)
        if self._shown != before:
            self._place()

    def keep_ready(self, count: int) -> None:
        """So many lines to spare, built one in a turn of the event loop, before they are needed."""
        if len(self._spare) < count:
            QTimer.singleShot(0, self, lambda: self._build_ready(count))

    def _build_ready(self, count: int) -> None:
        line = self.make()
        line.hide()
        line.setParent(self)
        for part in line.findChildren(QWidget):
            part.ensurePolished()
        line.dress(None, ruled=False)
        self._spare.append(line)
        self.keep_ready(count)

    def _let_go(self, line: KeptLine) -> None:
        """The keyboard, when it was there, stays here, on nothing: a key would press another."""
        held = focus_within(self)
        if held is not None and line.isAncestorOf(held):
            self.setFocus()
        line.hide()
        self._box.removeWidget(line)
        line.dress(None, ruled=False)
        line.item = None
        self._spare.append(line)

    def _place(self) -> None:
        for place, line in enumerate(self._shown):
            item = self._box.itemAt(place)
            if item is None or item.widget() is not line:
                self._box.removeWidget(line)
                self._box.insertWidget(place, line)
            line.show()
            line.raise_()  # Tab goes by the order in which they were put here
        tab_here(self)
