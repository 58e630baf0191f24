"""Pages one of which is shown, with the room that this one needs."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget


class Stack(QWidget):
    """Asks for the room of the page in front. Qt's own stack asks for that of the largest one, so
    that a short page would scroll because a hidden one is long."""

    def __init__(self) -> None:
        super().__init__()
        self._current: QWidget | None = None
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)

    def addWidget(self, widget: QWidget) -> None:
        """The first one is shown."""
        if self._current is None:
            self._current = widget
        else:
            widget.hide()
        self._box.addWidget(widget)

    def removeWidget(self, widget: QWidget) -> None:
        """It stays a child until its owner lets it go."""
        self._box.removeWidget(widget)
        widget.hide()
        if widget is self._current:
            self._current = None
            first = self._box.itemAt(0)
            left = first.widget() if first is not None else None
            if left is not None:
                self.setCurrentWidget(left)

    def currentWidget(self) -> QWidget | None:
        return self._current

    def setCurrentWidget(self, widget: QWidget) -> None:
        if widget is self._current:
            return
        before, self._current = self._current, widget
        held = before is not None and before.isAncestorOf(self.focusWidget() or self)
        widget.show()
        if before is not None:
            before.hide()
        if held:
            widget.setFocus()
