"""Pages one of which is shown, with the room that this one needs."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QStackedWidget, QWidget

_AWAY = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)


class Stack(QStackedWidget):
    """Asks for the room of the page in front. Qt's own asks for that of the largest one, so that
    a short page would scroll because a hidden one is long."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[QWidget, QSizePolicy] = {}
        self.currentChanged.connect(lambda _number: self._fit())

    def addWidget(self, widget: QWidget) -> int:
        number = super().addWidget(widget)
        self._fit()
        return number

    def removeWidget(self, widget: QWidget) -> None:
        self._kept.pop(widget, None)
        super().removeWidget(widget)

    def _fit(self) -> None:
        for number in range(self.count()):
            page = self.widget(number)
            if page is None:
                continue
            if page is not self.currentWidget():
                self._kept.setdefault(page, page.sizePolicy())
                page.setSizePolicy(_AWAY)
            elif page in self._kept:
                page.setSizePolicy(self._kept.pop(page))
