"""The lines of a CSV, or the events of a calendar, as a table: only the columns the
file fills, the first 200 lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from enum import Enum
from heapq import nlargest

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QTableView

from app.models.directory.lines import DirectoryLine
from app.services.calendar.previewing import EventLine
from app.views.theme import px
from app.views.widgets.labels import plain_tip

SHOWN = 200
MEASURED = 3
"""Of a column's texts, those with most letters, by which it is made wide."""
ROOM = 32
"""Beside the text, in design pixels."""
LINE = 12
"""Above and below it together."""
MOST_WIDTH = 260
"""Of a column, in design pixels; longer texts end in …"""
FEW = 4
"""Of so few columns each may be twice as wide."""

Index = QModelIndex | QPersistentModelIndex


class PreviewRows(QAbstractTableModel):
    """Cells as text, also for screen readers; the row number is the line in the file."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._titles: tuple[str, ...] = ()
        self._cells: list[tuple[str, ...]] = []
        self._lines: list[int] = []

    def show(self, lines: Sequence[DirectoryLine] | Sequence[EventLine]) -> None:
        self.beginResetModel()
        shown = lines[:SHOWN]
        names = [each.name for each in fields(shown[0]) if each.name != "line"] if shown else []
        table = [[_text(getattr(line, name)) for name in names] for line in shown]
        filled = [at for at in range(len(names)) if any(row[at] for row in table)]
        self._titles = tuple(_title(names[at]) for at in filled)
        self._cells = [tuple(row[at] for at in filled) for row in table]
        self._lines = [line.line for line in shown]
        self.endResetModel()

    def longest(self) -> list[list[str]]:
        """Of each column its title and its longest texts."""
        columns = zip(*self._cells, strict=True)
        return [
            [title, *nlargest(MEASURED, texts, key=len)]
            for title, texts in zip(self._titles, columns, strict=True)
        ]

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._cells)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        text = self._cells[index.row()][index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return text
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"Line {self._lines[index.row()]}, {self._titles[index.column()]}: {text}"
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        across = orientation == Qt.Orientation.Horizontal
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if across else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return self._titles[section] if across else str(self._lines[section])


class PreviewTable(QTableView):
    def __init__(self) -> None:
        super().__init__()
        self.rows = PreviewRows(self)
        self.setModel(self.rows)
        self.setAccessibleName("What the file holds")
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setCornerButtonEnabled(False)
        self.setMinimumHeight(px(120))

    def show_lines(self, lines: Sequence[DirectoryLine] | Sequence[EventLine]) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + px(LINE))
        self.rows.show(lines)
        longest = tuple(self.rows.longest())
        most = px(MOST_WIDTH if len(longest) > FEW else 2 * MOST_WIDTH)
        for column, texts in enumerate(longest):
            self.setColumnWidth(column, min(self._width(texts), most))
        if self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(0, 0))

    def _width(self, texts: Sequence[str]) -> int:
        """Asking the delegate about each cell took longer than a frame."""
        widest = max(map(self.fontMetrics().horizontalAdvance, texts))
        return widest + px(ROOM)


def _title(name: str) -> str:
    words = name.replace("_", " ")
    return "CI" if words == "ci" else words[0].upper() + words[1:]


def _text(value: object) -> str:
    if isinstance(value, str):  # most are
        return " ".join(value.split())
    match value:
        case None | False | 0:  # no minutes given: five are taken, or what the step has
            return ""
        case True:
            return "yes"
        case Enum():
            return str(value.value).replace("_", " ")
        case tuple():
            return ", ".join(_text(each) for each in value)
        case _:
            return " ".join(str(value).split())
