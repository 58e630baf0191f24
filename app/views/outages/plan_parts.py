"""The parts of the plan form: where one is, and the short way to each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QScrollArea, QTabBar, QWidget

from app.views.theme import px
from app.views.widgets.panels import Card


class PlanParts(QTabBar):
    """A tab for each card of the form, in front as it scrolls by; chosen by mouse or Alt+1 …,
    its card stands at the top with the keyboard in its first field."""

    def __init__(
        self, form: QWidget, area: QScrollArea, parts: Sequence[tuple[Card, QWidget]]
    ) -> None:
        """`parts`: each card with its first field, as they stand one under the other."""
        super().__init__()
        self._area = area
        self._parts = tuple(parts)
        self.setAccessibleName("Parts of the form")
        self.setExpanding(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard stays in the form: Alt+1 …
        for number, (card, _) in enumerate(self._parts, start=1):
            self.addTab(card.accessibleName())
            shortcut = QShortcut(QKeySequence(f"Alt+{number}"), form)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda place=number - 1: self.go_to(place))
        self.tabBarClicked.connect(self.go_to)
        area.verticalScrollBar().valueChanged.connect(self._on_scrolled)

    def go_to(self, place: int) -> None:
        if not 0 <= place < len(self._parts):
            return  # beside the tabs
        card, first = self._parts[place]
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)  # typing replaces what is in it
        bar = self._area.verticalScrollBar()
        bar.setValue(card.y() - px(16))
        self._show(place)  # the last ones may not reach the top

    def _on_scrolled(self, top: int) -> None:
        """The part that the upper third of the view is in; the last one at the end."""
        bar = self._area.verticalScrollBar()
        line = top + self._area.height() // 3
        above = [n for n, (card, _) in enumerate(self._parts) if card.y() <= line]
        at_end = top >= bar.maximum() > 0
        self._show(len(self._parts) - 1 if at_end else max(above, default=0))

    def _show(self, place: int) -> None:
        with QSignalBlocker(self):
            self.setCurrentIndex(place)


def soon(now: datetime) -> datetime:
    """The next full minute that leaves time to save the plan: its steps wait for the window."""
    return (now + timedelta(seconds=90)).replace(second=0, microsecond=0)


def form_card(title: str) -> Card:
    card = Card(title)
    card.body.setSpacing(px(12))
    return card
