"""The decision card as it is edited: one line an act, who decides and what then."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.models.outages.decisions import Act, CardLine
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.moments import MinutesEdit

_ANY_LIMIT = CardLine(Act.HOLD).limit
_HEADS = ("", "Who decides", "Phone", "Deputy", "Phone", "Wait", "Then")


@dataclass(frozen=True, slots=True)
class _Line:
    act: Act
    who: QLineEdit
    phone: QLineEdit
    deputy: QLineEdit
    deputy_phone: QLineEdit
    wait: MinutesEdit
    then: QLineEdit


class CardEditor(QWidget):
    """Nobody named means that the coordinator decides alone."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(px(8))
        grid.setVerticalSpacing(px(6))
        for column, head in enumerate(_HEADS):
            grid.addWidget(Words(head, "sub"), 0, column)
        for column, stretch in ((0, 8), (1, 9), (2, 10), (3, 8), (4, 10), (6, 13)):
            grid.setColumnStretch(column, stretch)
        self.limit = _minutes("Minutes the coordinator may extend alone", 600)
        self._lines = tuple(self._line(grid, at + 1, act) for at, act in enumerate(Act))
        self.limit.valueChanged.connect(self.changed)

    def _line(self, grid: QGridLayout, row: int, act: Act) -> _Line:
        name = Words(act.words, wrap=True)
        grid.addWidget(name, row, 0)
        if act is Act.EXTEND:
            name.setText("Extend up to")
            grid.addWidget(self.limit, row, 6)
        editors = []
        for column, what in enumerate(("who decides", "phone", "deputy", "deputy’s phone"), 1):
            editor = QLineEdit()
            editor.setMinimumWidth(px(56))
            editor.setAccessibleName(f"{act.words}: {what}")
            if column == 1:
                editor.setPlaceholderText("coordinator")
            editor.textEdited.connect(self.changed)
            grid.addWidget(editor, row, column)
            editors.append(editor)
        wait = _minutes(f"{act.words}: minutes to try to reach them", 120)
        wait.valueChanged.connect(self.changed)
        grid.addWidget(wait, row, 5)
        then = QLineEdit()
        then.setMinimumWidth(px(56))
        then.setAccessibleName(f"{act.words}: then")
        then.textEdited.connect(self.changed)
        if act is not Act.EXTEND:
            grid.addWidget(then, row, 6)
        else:
            then.setParent(self)
            then.hide()
        return _Line(act, editors[0], editors[1], editors[2], editors[3], wait, then)

    def show_card(self, card: tuple[CardLine, ...]) -> None:
        by_act = {line.act: line for line in card}
        for line in self._lines:
            told = by_act.get(line.act, CardLine(line.act))
            line.who.setText(told.who)
            line.phone.setText(told.phone)
            line.deputy.setText(told.deputy)
            line.deputy_phone.setText(told.deputy_phone)
            line.wait.setValue(told.wait)
            line.then.setText(told.then)
            for editor in (line.who, line.phone, line.deputy, line.deputy_phone, line.then):
                editor.setCursorPosition(0)  # the beginning shows when it is longer
                editor.setToolTip(editor.text())
            if line.act is Act.EXTEND:
                self.limit.setValue(told.limit)

    def card(self) -> tuple[CardLine, ...]:
        return tuple(
            CardLine(
                line.act,
                line.who.text().strip(),
                line.phone.text().strip(),
                line.deputy.text().strip(),
                line.deputy_phone.text().strip(),
                line.wait.value(),
                line.then.text().strip(),
                self.limit.value() if line.act is Act.EXTEND else _ANY_LIMIT,
            )
            for line in self._lines
        )


def _minutes(name: str, most: int) -> MinutesEdit:
    editor = MinutesEdit(most)
    editor.setMaximumWidth(px(76))
    editor.setAccessibleName(name)
    return editor
