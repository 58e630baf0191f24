"""The values that can be put into a notice, with their present words, found by typing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QLineEdit, QVBoxLayout, QWidget

from app.models.notices.chips import Values, insertable
from app.views.theme import px
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.tone import set_part

_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class ChipPopup(QFrame):
    """`picked(field)`. Typing narrows, arrows move, Enter takes, Esc leaves."""

    picked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        set_part(self, "card")
        self.setAccessibleName("Insert a value")
        self._values: Values = {}
        self._lists = False
        box = QVBoxLayout(self)
        box.setContentsMargins(px(8), px(8), px(8), px(8))
        self.search = QLineEdit()
        self.search.setAccessibleName("Find a value")
        self.search.setPlaceholderText("Find a value")
        self.search.setMinimumHeight(px(28))
        self.search.textChanged.connect(self._narrow)
        self.search.installEventFilter(self)
        box.addWidget(self.search)
        self.rows = ListView("Values")
        self.rows.clicked.connect(lambda _index: self._take())
        self.rows.opened.connect(lambda _key: self._take())
        box.addWidget(self.rows)

    def offer(self, values: Values, at: QPoint, *, lists: bool = False) -> None:
        """With `lists` those of several entries, too."""
        self._values, self._lists = values, lists
        self.search.clear()
        self._narrow("")
        self.resize(px(380), px(320))
        screen = QApplication.screenAt(at)
        if screen is not None:
            room = screen.availableGeometry()
            at = QPoint(
                max(room.left(), min(at.x(), room.right() - self.width())),
                max(room.top(), min(at.y(), room.bottom() - self.height())),
            )
        self.move(at)
        self.show()
        self.search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if event.key() in _MOVES:
                QApplication.sendEvent(self.rows, QKeyEvent(event))
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._take()
                return True
        return super().eventFilter(watched, event)

    def _narrow(self, wanted: str) -> None:
        found = insertable(self._values, wanted, lists=self._lists)
        rows = [ListRow(n, label, words or "empty") for n, label, words in found]
        self.rows.model_rows.apply(rows)
        if rows:
            self.rows.choose(rows[0].key)

    def _take(self) -> None:
        row = self.rows.current()
        self.hide()
        if row is not None:
            self.picked.emit(row.key)
