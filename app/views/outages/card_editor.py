"""The decision card as it is edited: one line an act, who decides and what then."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSizePolicy, QWidget

from app.models.outages.decisions import Act, CardLine
from app.views.theme import px
from app.views.widgets.labels import Words, plain_tip
from app.views.widgets.moments import MinutesEdit

_ANY_LIMIT = CardLine(Act.HOLD).limit
_HEADS = ("", "Who decides", "Phone", "Deputy", "Phone", "Wait", "Then")
PEOPLE = 4
"""Fields of a line that say who: then come the minutes to wait, and what then."""
ONE_LINE = 1100
"""Design pixels; narrower, an act has two lines, so that titles and names can be read."""
_WIDE = (8, 18, 9, 12, 9, 0, 14)
_NARROW = (6, 16, 11, 11, 11, 0, 0)


@dataclass(frozen=True, slots=True)
class _Line:
    act: Act
    name: Words
    who: QLineEdit
    phone: QLineEdit
    deputy: QLineEdit
    deputy_phone: QLineEdit
    wait: MinutesEdit
    then: QLineEdit
    limit: MinutesEdit | None
    """Stands in the place of what then."""

    @property
    def parts(self) -> tuple[QWidget, ...]:
        """In the order of the heads."""
        people = (self.who, self.phone, self.deputy, self.deputy_phone)
        return (self.name, *people, self.wait, self.limit or self.then)


class CardEditor(QWidget):
    """Nobody named means that the coordinator decides alone. Short of room each act has two
    lines: who, then how long to wait and what then."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(8))
        self._grid.setVerticalSpacing(px(6))
        self._heads = tuple(Words(head, "sub") for head in _HEADS)
        self.limit = _minutes("Minutes the coordinator may extend alone", 600)
        self._lines = tuple(self._line(act) for act in Act)
        self.setFocusProxy(self._lines[0].who)
        self.limit.valueChanged.connect(self.changed)
        self._narrow: bool | None = None
        self._arrange(narrow=False)

    def _line(self, act: Act) -> _Line:
        name = Words("Extend up to" if act is Act.EXTEND else act.words, wrap=True)
        editors = []
        for column, what in enumerate(("who decides", "phone", "deputy", "deputy’s phone"), 1):
            editor = QLineEdit()
            editor.setMinimumWidth(px(56))
            # the columns share by their stretch; by Qt's own hint all would be alike
            editor.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            editor.setAccessibleName(f"{act.words}: {what}")
            if column == 1:
                editor.setPlaceholderText("coordinator")
            editor.textEdited.connect(self.changed)
            editors.append(editor)
        wait = _minutes(f"{act.words}: minutes to try to reach them", 120)
        wait.valueChanged.connect(self.changed)
        then = QLineEdit()
        then.setMinimumWidth(px(56))
        then.setAccessibleName(f"{act.words}: then")
        then.textEdited.connect(self.changed)
        if act is Act.EXTEND:  # its minutes stand there
            then.setParent(self)
            then.hide()
        limit = self.limit if act is Act.EXTEND else None
        return _Line(act, name, editors[0], editors[1], editors[2], editors[3], wait, then, limit)

    def minimumSizeHint(self) -> QSize:
        """Of the two lines, into which it goes before anything around it must scroll."""
        editors = PEOPLE * (px(56) + self._grid.horizontalSpacing())
        widest = max(line.name.minimumSizeHint().width() for line in self._lines)
        return QSize(widest + editors, self._grid.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange(narrow=self.width() < px(ONE_LINE))

    def _arrange(self, *, narrow: bool) -> None:
        if narrow is self._narrow:
            return
        self._narrow = narrow
        while self._grid.takeAt(0) is not None:
            pass
        tall = 2 if narrow else 1
        for row, line in enumerate((self._heads, *(line.parts for line in self._lines))):
            for column, part in enumerate(line):
                if column == 0:
                    self._grid.addWidget(part, row * tall, 0, tall, 1)
                elif column <= PEOPLE or not narrow:
                    self._grid.addWidget(part, row * tall, column)
                elif column == PEOPLE + 1:
                    # aligned, or its greatest width would be that of the column
                    self._grid.addWidget(part, row * tall + 1, 1, Qt.AlignmentFlag.AlignLeft)
                else:
                    self._grid.addWidget(part, row * tall + 1, 2, 1, PEOPLE - 1)
        for column, stretch in enumerate(_NARROW if narrow else _WIDE):
            self._grid.setColumnStretch(column, stretch)
        self.updateGeometry()

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
                editor.setToolTip(plain_tip(editor.text()))
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
