"""A list in a window of its own, in which typing finds; for lists of any length."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QLineEdit, QVBoxLayout, QWidget

from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import button

SETTLE_MS = 120


class FindDialog(QDialog):
    """`rows` are (line, the casefolded words it is found by); `words` stand on top while nothing
    is typed, `hint` in the empty search field."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        words: str,
        rows: Iterable[tuple[ListRow, str]],
        *,
        list_name: str,
        hint: str,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.resize(px(560), px(460))
        self._all = tuple(rows)
        self._words = words
        box = QVBoxLayout(self)
        box.setSpacing(px(8))
        self.count = Words("", "head", wrap=True)
        box.addWidget(self.count)
        self.search = QLineEdit()
        self.search.setAccessibleName(hint)
        self.search.setPlaceholderText(hint)
        self.search.setMinimumHeight(px(28))
        self.search.setClearButtonEnabled(True)
        box.addWidget(self.search)
        self.rows = ListView(list_name)
        self.rows.setUniformItemSizes(True)
        box.addWidget(self.rows, 1)
        box.addWidget(button("Close", self.accept), 0, Qt.AlignmentFlag.AlignRight)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.find_now)
        self.search.textChanged.connect(lambda _text: self._settle.start())
        self.find_now()
        self.search.setFocus()

    def replace_all(self, rows: Iterable[tuple[ListRow, str]], words: str) -> None:
        """Other lines in the place of those there were; what is typed still finds."""
        self._all, self._words = tuple(rows), words
        self.find_now()

    def find_now(self) -> None:
        """The lines in which every word typed stands."""
        parts = self.search.text().casefold().split()
        found = [row for row, said in self._all if all(part in said for part in parts)]
        self.rows.model_rows.apply(())
        self.rows.model_rows.apply(found)
        self.count.setText(f"{len(found):,} of {len(self._all):,}" if parts else self._words)
