"""An item model of frozen rows that refreshes by row: selection and scroll survive it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from operator import is_
from typing import Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

R = TypeVar("R")
Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = int(Qt.ItemDataRole.UserRole)
FEW = 100
"""So many differences are told one by one."""


class KeyedRows(QAbstractListModel, Generic[R]):
    """Subclasses say what identifies a row and how it is read out."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[R] = []

    def key(self, row: R) -> Hashable:
        raise NotImplementedError

    def spoken(self, row: R) -> str:
        raise NotImplementedError

    def words(self, row: R) -> str:
        """What typing ahead looks for."""
        return self.spoken(row)

    def rows(self) -> tuple[R, ...]:
        return tuple(self._rows)

    def row(self, number: int) -> R:
        return self._rows[number]

    def index_of(self, key: Hashable) -> QModelIndex:
        """The row's index, invalid when it is not here."""
        for number, row in enumerate(self._rows):
            if self.key(row) == key:
                return self.index(number)
        return QModelIndex()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        row = self._rows[index.row()]
        if role == ROW_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return self.words(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.spoken(row)
        return None

    def apply(self, rows: Sequence[R]) -> None:
        """Become exactly `rows`, telling views only what differs."""
        keys = [self.key(row) for row in rows]
        wanted = set(keys)
        if len(wanted) != len(keys):
            raise ValueError("two rows have the same key")
        gone = [n for n, row in enumerate(self._rows) if self.key(row) not in wanted]
        for first, last in reversed(_runs(gone)):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._rows[first : last + 1]
            self.endRemoveRows()
        if not self._rows and rows:
            self.beginInsertRows(QModelIndex(), 0, len(rows) - 1)
            self._rows = list(rows)
            self.endInsertRows()
            return
        have = [self.key(row) for row in self._rows]
        known = set(have)
        for number, (key, row) in enumerate(zip(keys, rows, strict=True)):
            if number < len(have) and have[number] == key:
                self._change(number, row)
            elif key in known:
                self._move(have.index(key, number), number)
                have.remove(key)
                have.insert(number, key)
                self._change(number, row)
            else:
                self.beginInsertRows(QModelIndex(), number, number)
                self._rows.insert(number, row)
                self.endInsertRows()
                have.insert(number, key)

    def become(self, rows: Sequence[R]) -> None:
        """As `apply`, but many differences are told as one: a list of 20,000 that is searched
        at every key has no time to tell each. Views lose their selection then."""
        if len(rows) == len(self._rows) and all(map(is_, rows, self._rows)):
            return
        if abs(len(rows) - len(self._rows)) <= FEW:
            differ = {self.key(row) for row in rows} ^ {self.key(row) for row in self._rows}
            if len(differ) <= FEW:
                self.apply(rows)
                return
        self.beginResetModel()
        self._rows = list(rows)
        self.endResetModel()

    def update_rows(self, rows: Sequence[R]) -> None:
        """Replace rows that are here, add the others at the end."""
        place = {self.key(row): number for number, row in enumerate(self._rows)}
        for row in rows:
            number = place.get(self.key(row))
            if number is None:
                last = len(self._rows)
                self.beginInsertRows(QModelIndex(), last, last)
                self._rows.append(row)
                self.endInsertRows()
            else:
                self._change(number, row)

    def _move(self, source: int, target: int) -> None:
        self.beginMoveRows(QModelIndex(), source, source, QModelIndex(), target)
        self._rows.insert(target, self._rows.pop(source))
        self.endMoveRows()

    def _change(self, number: int, row: R) -> None:
        if self._rows[number] != row:
            self._rows[number] = row
            self.dataChanged.emit(self.index(number), self.index(number))


def _runs(numbers: Sequence[int]) -> list[tuple[int, int]]:
    """Rising numbers as (first, last) of each unbroken run."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and runs[-1][1] == number - 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    return runs
