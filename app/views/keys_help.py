"""The keys of a screen, shown on `?`."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QGridLayout, QVBoxLayout, QWidget

from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.panels import button


class KeysHelp(QDialog):
    def __init__(
        self, parent: QWidget, title: str, keys: Sequence[tuple[str, str]], sections: int
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keys")
        self.setMinimumWidth(px(420))
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(18), px(22), px(18))
        box.setSpacing(px(12))
        if keys:
            box.addWidget(Words(f"Keys of {title}", "title"))
            box.addLayout(_table(keys))
        box.addWidget(Words("Everywhere", "head"))
        box.addLayout(
            _table(
                (
                    (f"Ctrl+1 – Ctrl+{min(9, sections)}", "open a section"),
                    ("Ctrl+Z", "undo the last act"),
                    ("F11", "this page alone on the whole screen, and back"),
                    ("Ctrl+.", "put away the newest notice"),
                    ("?", "these keys"),
                )
            )
        )
        close = button("Close", self.accept)
        close.setDefault(True)
        box.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.setAccessibleDescription(". ".join(f"{key}: {words}" for key, words in keys))


def _table(keys: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(px(22))
    grid.setVerticalSpacing(px(6))
    grid.setColumnStretch(1, 1)
    for line, (key, words) in enumerate(keys):
        grid.addWidget(Words(key, "mono"), line, 0)
        grid.addWidget(Words(words, wrap=True), line, 1)
    return grid
