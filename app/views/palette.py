"""The command palette: type a few letters, go anywhere. It knows items, not where they lead."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from app.services.search import Item
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.tone import set_part

WIDTH = 640
HEIGHT = 460
DROP = 90
"""How far below the window’s top it opens, in design pixels."""
_MOVES = frozenset({Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_PageDown, Qt.Key.Key_PageUp})

Find = Callable[[str], Sequence[Item]]


class Palette(QDialog):
    """`chosen(item)` after it has closed. The keyboard stays in the line; Up and Down move the
    choice, which is read out."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget, find: Find) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowFlags(Qt.WindowType.Dialog | Qt.WindowType.FramelessWindowHint)
        self.setWindowTitle("Go to")
        self.setAccessibleDescription("Type a few letters; Up and Down choose, Enter opens.")
        set_part(self, "palette")
        self._over = parent
        self._find = find
        self._items: dict[str, Item] = {}
        self.line = QLineEdit()
        self.line.setPlaceholderText("Go to an outage, person, service, CI, or say what to do")
        self.line.setAccessibleName("Go to")
        self.line.setMinimumHeight(px(36))
        self.line.textChanged.connect(self.refresh)
        self.line.installEventFilter(self)
        self.list = ListView("Found")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.clicked.connect(lambda _index: self._go())
        self.list.chosen.connect(self._say)
        self._nothing = Words("", "muted", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(12), px(12), px(12), px(10))
        box.setSpacing(px(8))
        box.addWidget(self.line)
        box.addWidget(self._nothing, 1)
        box.addWidget(self.list, 1)
        box.addWidget(Words("Up and Down choose · Enter opens · Esc leaves", "small"))
        self.resize(min(px(WIDTH), parent.width() - px(24)), px(HEIGHT))
        self.refresh()

    def open(self) -> None:
        """In the upper middle of the window, where the eye is."""
        parent = self._over
        corner = parent.mapToGlobal(parent.rect().topLeft())
        left = corner.x() + (parent.width() - self.width()) // 2
        room = max(0, parent.height() - self.height())
        self.move(left, corner.y() + min(px(DROP), room // 2))
        super().open()
        self.line.setFocus()

    def refresh(self) -> None:
        """Ask again: other letters, or more has been read meanwhile."""
        found = self._find(self.line.text())
        self._items = {f"{item.kind} {item.key}": item for item in found}
        self.list.model_rows.apply([_row(key, item) for key, item in self._items.items()])
        if found:
            self.list.setCurrentIndex(self.list.model_rows.index(0))
            self.list.scrollToTop()
        typed = self.line.text().strip()
        self._nothing.setText(f"Nothing is called “{typed}”. Fewer letters find more.")
        self._nothing.setVisible(not found)
        self.list.setVisible(bool(found))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _MOVES:
                self.list.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._go()
                return True
        return False

    def _go(self) -> None:
        row = self.list.current()
        if row is None:
            return
        item = self._items[row.key]
        self.accept()
        self.chosen.emit(item)

    def _say(self, _key: str) -> None:
        row = self.list.current()
        if row is not None and self.isVisible():
            QAccessible.updateAccessibility(
                QAccessibleAnnouncementEvent(self.line, self.list.model_rows.spoken(row))
            )


def _row(key: str, item: Item) -> ListRow:
    sub = " · ".join(word for word in (item.code, item.sub) if word)
    return ListRow(key=key, title=item.title, sub=sub, pill=item.kind.words)
