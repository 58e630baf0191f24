"""Choose several of many: a search over a list of ticks. Choose one: a box with search."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import (
    QAbstractItemModel,
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QComboBox,
    QCompleter,
    QFrame,
    QLineEdit,
    QListView,
    QVBoxLayout,
    QWidget,
)

from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.tone import set_part
from app.views.widgets.wheels import calm

MOST_SHOWN = 300
Index = QModelIndex | QPersistentModelIndex


class Choice(Protocol):
    """`sub` tells two of the same name apart."""

    @property
    def id(self) -> str: ...

    @property
    def name(self) -> str: ...

    @property
    def sub(self) -> str: ...


class _Ticks(QAbstractListModel):
    """What is ticked comes first, then what matches the search."""

    def __init__(self, choices: Sequence[Choice]) -> None:
        super().__init__()
        self._choices = tuple(choices)
        self._found = [f"{c.name} {c.sub}".casefold() for c in choices]
        self.ticked: dict[str, None] = {}
        self.left_out = ""
        self._shown: list[Choice] = list(choices[:MOST_SHOWN])

    def offer(self, choices: Sequence[Choice]) -> None:
        self._choices = tuple(choices)
        self._found = [f"{c.name} {c.sub}".casefold() for c in choices]

    def seek(self, text: str) -> None:
        words = text.casefold().split()
        found = [
            c
            for c, hay in zip(self._choices, self._found, strict=True)
            if all(w in hay for w in words) and c.id != self.left_out
        ]
        first = [c for c in found if c.id in self.ticked]
        rest = [c for c in found if c.id not in self.ticked]
        self.beginResetModel()
        self._shown = [*first, *rest][:MOST_SHOWN]
        self.endResetModel()

    def names(self) -> list[str]:
        known = {choice.id: choice.name for choice in self._choices}
        return [known[i] for i in self.ticked if i in known]

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        choice = self._shown[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{choice.name}  ·  {choice.sub}" if choice.sub else choice.name
        if role == Qt.ItemDataRole.SizeHintRole:
            return QSize(px(80), px(28))
        if role == Qt.ItemDataRole.CheckStateRole:
            ticked = choice.id in self.ticked
            return Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole or not index.isValid():
            return False
        choice = self._shown[index.row()]
        if Qt.CheckState(value) is Qt.CheckState.Checked:
            self.ticked[choice.id] = None
        else:
            self.ticked.pop(choice.id, None)
        self.dataChanged.emit(index, index)
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        base = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return base | Qt.ItemFlag.ItemIsUserCheckable


class ManyOf(QWidget):
    """`changed` when a tick changes. Typing searches; Enter ticks the first that was found, Down
    goes into the list, and Space ticks there. `nothing` is said while none is ticked."""

    changed = Signal()

    def __init__(
        self, name: str, choices: Sequence[Choice], rows: int = 5, nothing: str = "none chosen"
    ) -> None:
        super().__init__()
        self._nothing_ticked = nothing
        self._ticks = _Ticks(choices)
        self._ticks.dataChanged.connect(self._on_ticked)
        self._rows = rows
        self._chosen = Words("", "sub", wrap=True)
        self.search = QLineEdit()
        self.search.setPlaceholderText(f"Search {name.lower()}")
        self.search.setAccessibleName(f"Search {name.lower()}")
        self.search.textChanged.connect(self._seek)
        self.search.returnPressed.connect(self._on_enter)
        down = QShortcut(QKeySequence(Qt.Key.Key_Down), self.search)
        down.setContext(Qt.ShortcutContext.WidgetShortcut)
        self.list = QListView()
        down.activated.connect(self.list.setFocus)
        set_part(self.list, "ticks")
        self.list.setModel(self._ticks)
        self.list.setAccessibleName(name)
        self.list.setUniformItemSizes(True)
        self._nothing = Words(f"There are no {name.lower()} yet: import them first.", "sub")
        self._frame = frame = QFrame()
        set_part(frame, "inset")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(px(8), px(2), px(2), px(2))
        inside.addWidget(self.list)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(4))
        for part in (self._chosen, self.search, frame, self._nothing):
            box.addWidget(part)
        self._fit(choices)
        self._say()

    def offer(self, choices: Sequence[Choice]) -> None:
        """Other choices; what is ticked stays ticked, the search too."""
        self._ticks.offer(choices)
        self._seek()
        self._fit(choices)
        self._say()

    def leave_out(self, choice_id: str) -> None:
        """One of the choices is not offered: nothing rests on itself."""
        self._ticks.left_out = choice_id
        self._seek()

    def _fit(self, choices: Sequence[Choice]) -> None:
        many = len(choices) > self._rows
        self.search.setVisible(many)
        self.list.setFixedHeight(px(28) * max(1, min(self._rows, len(choices))) + px(8))
        self.list.setCurrentIndex(self._ticks.index(0))
        self._nothing.setVisible(not choices)
        self._frame.setVisible(bool(choices))
        self.setFocusProxy(self.search if many else self.list)

    def chosen(self) -> tuple[str, ...]:
        return tuple(self._ticks.ticked)

    def choose(self, ids: Iterable[str]) -> None:
        self._ticks.ticked = dict.fromkeys(ids)
        self._seek()
        self._say()

    def add(self, ids: Iterable[str]) -> None:
        self.choose([*self._ticks.ticked, *ids])

    def _seek(self) -> None:
        """What is searched for, with the first of it chosen: the next key acts on it."""
        self._ticks.seek(self.search.text())
        self.list.setCurrentIndex(self._ticks.index(0))

    def _on_enter(self) -> None:
        """Tick what was searched for; the next search can be typed at once."""
        first = self._ticks.index(0)
        if not self.search.text().strip() or not first.isValid():
            return
        ticked = first.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
        wanted = Qt.CheckState.Unchecked if ticked else Qt.CheckState.Checked
        self._ticks.setData(first, wanted, Qt.ItemDataRole.CheckStateRole)
        self.search.selectAll()

    def _on_ticked(self) -> None:
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        names = self._ticks.names()
        self._chosen.setText(", ".join(names) if names else self._nothing_ticked)


def finder(choices: QAbstractItemModel, parent: QWidget) -> QCompleter:
    """Typing finds it anywhere in the name; what is offered is dressed as other lists are."""
    made = QCompleter(choices, parent)
    made.setFilterMode(Qt.MatchFlag.MatchContains)
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    made.setCompletionMode(QCompleter.CompletionMode.PopupCompletion)
    popup = QListView()
    set_part(popup, "popup")
    made.setPopup(popup)
    return made


def finds_zones(box: QComboBox) -> None:
    """Typing part of a zone's name offers it; a city, or what only one name holds, chooses it on
    Enter and on leaving. What is in none or several stays as it was typed."""
    box.setCompleter(finder(box.model(), box))
    line = box.lineEdit()
    if line is not None:
        line.editingFinished.connect(lambda: _settle_zone(box))


def _settle_zone(box: QComboBox) -> None:
    said = box.currentText().strip().replace(" ", "_").casefold()
    names = {box.itemText(number) for number in range(box.count())}
    whole = {name for name in names if name.casefold() == said}
    city = {name for name in names if name.rpartition("/")[2].casefold() == said}
    part = {name for name in names if said and said in name.casefold()}
    for found in (whole, city, part):
        if len(found) == 1:
            box.setCurrentText(found.pop())
            return


class OneOf(QComboBox):
    """One of the choices or nobody; typing finds it anywhere in the name."""

    def __init__(self, name: str, choices: Sequence[Choice], nobody: str = "—") -> None:
        super().__init__()
        self.setEditable(True)
        self.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.setAccessibleName(name)
        self._nobody = nobody
        self._lost = ""
        calm(self)
        self.offer(choices)
        self.setCompleter(finder(self.model(), self))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(14)
        line = self.lineEdit()
        if line is not None:
            line.editingFinished.connect(self.settle)
            line.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A click offers all of them, and what is typed then finds one."""
        handled = super().eventFilter(watched, event)
        line, finder = self.lineEdit(), self.completer()
        clicked = watched is line and event.type() is QEvent.Type.MouseButtonRelease
        if clicked and line is not None and finder is not None:
            line.selectAll()
            finder.setCompletionPrefix("")
            finder.complete()
        return handled

    def chosen(self) -> str:
        return str(self.currentData() or "")

    def offer(self, choices: Sequence[Choice]) -> None:
        """Other choices; the chosen one stays when it is among them."""
        chosen = self.chosen()
        held = self.blockSignals(True)
        self.clear()
        self.addItem(self._nobody, "")
        for choice in choices:
            said = f"{choice.name}  ·  {choice.sub}" if choice.sub else choice.name
            self.addItem(said, choice.id)
        self.choose(chosen)
        self.blockSignals(held)

    def choose(self, choice_id: str | None) -> None:
        self.setCurrentIndex(max(0, self.findData(choice_id or "")))
        self._show_start()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_start()

    def _show_start(self) -> None:
        """Short of room the name is seen, not the end of what is said of it."""
        line = self.lineEdit()
        if line is not None and not line.hasFocus():
            line.setCursorPosition(0)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """What follows may depend on the choice, so it is made before Tab looks for it."""
        self.settle()
        return super().focusNextPrevChild(forward)

    def unknown(self) -> str:
        """What was typed last and chose nobody: it is in none of them, or in several. Told once, as
        the one chosen before stands there then."""
        self.settle()
        lost, self._lost = self._lost, ""
        return lost

    def settle(self) -> None:
        """Part of one name chooses it; what is in none or several goes back to the chosen one."""
        said = self.currentText().strip()
        found = self._fitting(said)
        if found < 0:
            self._lost = said
        elif found != self.currentIndex():
            self._lost = ""
        self.setCurrentIndex(found if found >= 0 else self.currentIndex())
        self.setEditText(self.itemText(self.currentIndex()))
        self._show_start()

    def _fitting(self, said: str) -> int:
        found = self.findText(said, Qt.MatchFlag.MatchFixedString)
        if found < 0 and said:
            wanted = said.casefold()
            fit = [n for n in range(1, self.count()) if wanted in self.itemText(n).casefold()]
            found = fit[0] if len(fit) == 1 else -1
        return found
