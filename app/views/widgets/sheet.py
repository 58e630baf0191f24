"""A sheet of questions: a few fields, one act. What was refused is said in place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.views.theme import px
from app.views.widgets.choosers import ManyOf, OneOf
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words
from app.views.widgets.moments import DayEdit, MinutesEdit
from app.views.widgets.panels import button

Answers = Mapping[str, str]
"""By the keys of the questions; a tick is `yes` or empty, a number its digits, a day ISO; of many
each stands on a line (`chosen_of`)."""


WIDTH = 460
SIDE = 22
ANY = "*"
FEW = 6
"""So many questions fit the smallest window."""
HIGH, REST = 82, 250
"""Of a question with its hint, and of all else, so that large print does not outgrow the screen."""
ROWS = 3
"""Of a list to tick several in; with its search it is as high as so many questions and one."""


class Kind(StrEnum):
    LINE = "line"
    TEXT = "text"
    TICK = "tick"
    NUMBER = "number"
    CHOICE = "choice"
    FOUND = "found"
    MANY = "many"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Ask:
    """One question. `needed` is the sentence shown when it is left empty. `choices` are (value,
    words), of many with FOUND (one) and MANY (several, a line each in `value`): typing finds one,
    and the words of an empty value say nobody; `most` is the largest number, `unit` stands behind
    it. `only_with` (key, value): asked only while that choice has that value; with ANY once it has
    one, and from then on while this one has."""

    key: str
    label: str
    kind: Kind = Kind.LINE
    value: str = ""
    hint: str = ""
    needed: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    most: int = 1440
    unit: str = " min"
    only_with: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    id: str
    name: str
    sub: str = ""


class Sheet(QDialog):
    """Emits `answered(answers)` on the act's button or Ctrl+Enter; on a bare Enter only where
    `enter` says so, for a question whose answer changes nothing.

    It stays open until `accept` or `refuse` says how it went, so nothing typed is lost.
    """

    answered = Signal(object)

    def __init__(
        self,
        parent: QWidget,
        title: str,
        words: str,
        asks: Sequence[Ask],
        yes_words: str,
        *,
        tone: str = "primary",
        no_words: str = "Not now",
        enter: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(title)
        self.setAccessibleDescription(words)
        self._asks = tuple(asks)
        self._fields: dict[str, Field] = {}
        self._editors: dict[str, QWidget] = {}
        box = QVBoxLayout(self)
        box.setSizeConstraint(QVBoxLayout.SizeConstraint.SetMinimumSize)  # grows with a refusal
        box.addStrut(px(WIDTH))  # the constraint makes a minimum width of the dialogue's void
        box.setContentsMargins(px(SIDE), px(18), px(SIDE), px(18))
        box.setSpacing(px(12))
        self._said = [Words(title, "title", wrap=True)]
        if words:
            self._said.append(Words(words, wrap=True))
        for said in self._said:
            box.addWidget(said)
        most = _most_at_once(self._asks)
        high = self.screen().availableGeometry().height() < px(REST + HIGH * most)
        fields = self._scrolling(box) if most > FEW or high else box
        for ask in self._asks:
            fields.addWidget(self._place(ask))
        if fields is not box:
            fields.addStretch(1)  # of what scrolls there may be few for the time being
        self._follow_choices()
        self._refusal = Words("", "error", wrap=True)
        self._refusal.hide()
        box.addWidget(self._refusal)
        line = self._foot = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(button(no_words, self.reject))
        keys = "⏎" if enter else "Ctrl+⏎"
        self.yes: QPushButton = button(f"{yes_words}  {keys}", self._answer, tone=tone)
        line.addWidget(self.yes)
        box.addLayout(line)
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._answer)
        for editor in self._editors.values():
            if enter and isinstance(editor, QLineEdit):
                editor.returnPressed.connect(self._answer)
        self._keep_lines(px(WIDTH))  # else it grows once it is placed, and some desktops lose it
        self._begin()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words that wrap keep their lines; else the fields below would give up height to them.
        Their width is reckoned: before they are laid out it is not theirs yet."""
        super().resizeEvent(event)
        self._keep_lines(max(px(WIDTH), self.width() - 2 * px(SIDE)))

    def _keep_lines(self, width: int) -> None:
        for said in self._said:
            said.ensurePolished()
            said.setMinimumHeight(said.heightForWidth(width))

    def editor(self, key: str) -> QWidget:
        return self._editors[key]

    def show_work(self, bar: QWidget) -> None:
        """How far the act is, once it was answered; it stands over the buttons."""
        box = self.layout()
        assert isinstance(box, QVBoxLayout)
        box.insertWidget(box.indexOf(self._foot), bar)

    def say(self, key: str, hint: str) -> None:
        """Another hint under that question, no tick."""
        self._fields[key].say(hint)

    def turn_to(self, key: str) -> None:
        """To that question, no tick."""
        self._fields[key].turn_to()

    def answers(self) -> Answers:
        return {ask.key: self._value(ask.key) for ask in self._asks}

    def refuse(self, sentence: str) -> None:
        """It was not done: say why, keep what was typed."""
        self._refusal.setText(sentence)
        self._refusal.show()
        self.yes.setEnabled(True)
        self.adjustSize()

    @property
    def refused(self) -> str:
        """Why it was not done, as it stands there; empty when nothing was refused."""
        return "" if self._refusal.isHidden() else self._refusal.text()

    def room_for(self, wanted: int, *, beside: int) -> int:
        """A height for what scrolls: `wanted` design pixels, or what a small window leaves beside
        the rest of the sheet, so that its buttons stay on the screen."""
        over = self.parentWidget()
        left = over.window().height() - px(beside) if over is not None else px(wanted)
        return max(px(120), min(px(wanted), left))

    def _begin(self) -> None:
        """The keyboard begins with the first question, or where that has its answer already with
        the first that needs one: who types at once changes no choice."""
        if not self._asks:
            return
        first = self._asks[0]
        if self._value(first.key) and first.kind is not Kind.NUMBER:
            asked = (ask for ask in self._asks if ask.needed and self._is_asked(ask))
            first = next((ask for ask in asked if not self._value(ask.key)), first)
        if first.key in self._fields:
            self.turn_to(first.key)
        else:
            self._editors[first.key].setFocus()

    def _scrolling(self, box: QVBoxLayout) -> QVBoxLayout:
        """Many questions scroll, so that the buttons stay on a small screen."""
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setMinimumHeight(self.room_for(380, beside=290))
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget()
        inner.setProperty("part", "scroll")
        fields = QVBoxLayout(inner)
        fields.setContentsMargins(0, 0, px(8), 0)
        fields.setSpacing(px(12))
        area.setWidget(inner)
        box.addWidget(area, 1)
        return fields

    def _place(self, ask: Ask) -> QWidget:
        if ask.kind is Kind.TICK:
            tick = QCheckBox(ask.label.replace("&", "&&"))
            tick.setChecked(bool(ask.value))
            tick.setAccessibleName(ask.label)
            self._editors[ask.key] = tick
            return tick
        editor = _editor(ask)
        self._editors[ask.key] = editor
        wide = ask.kind not in (Kind.NUMBER, Kind.DAY)
        self._fields[ask.key] = field = Field(ask.label, editor, ask.hint, wide=wide)
        return field

    def _follow_choices(self) -> None:
        """What is asked only with another answer comes and goes with it."""
        hanging = [ask for ask in self._asks if ask.only_with]
        for ask in hanging:
            self._fields[ask.key].setVisible(self._is_asked(ask))
        for key in {ask.only_with[0] for ask in hanging if ask.only_with}:
            choice = self._editors[key]
            assert isinstance(choice, QComboBox)
            choice.currentIndexChanged.connect(self._on_choice)

    def _on_choice(self) -> None:
        for ask in self._asks:
            if ask.only_with:
                self._fields[ask.key].setVisible(self._is_asked(ask))
        self.adjustSize()

    def _is_asked(self, ask: Ask) -> bool:
        if ask.only_with is None:
            return True
        key, wanted = ask.only_with
        found = self._value(key)
        return bool(found or self._value(ask.key)) if wanted == ANY else found == wanted

    def _value(self, key: str) -> str:
        match self._editors[key]:
            case QLineEdit() as line:
                return line.text().strip()
            case QPlainTextEdit() as text:
                return text.toPlainText().strip()
            case QCheckBox() as tick:
                return "yes" if tick.isChecked() else ""
            case DayEdit() as day:
                return day.day().isoformat()
            case MinutesEdit() as number:
                return str(number.value())
            case OneOf() as many:
                many.settle()  # what was typed counts, though the keyboard is still in it
                return many.chosen()
            case ManyOf() as several:
                return "\n".join(several.chosen())
            case QComboBox() as choice:
                return str(choice.currentData() or "")
            case _:
                return ""

    def _unknown(self, key: str) -> str:
        """Why what is typed there is no choice: nobody is put in another's place in silence."""
        many = self._editors[key]
        said = many.unknown() if isinstance(many, OneOf) else ""
        return f"“{said}” is none of the list, or several: choose one." if said else ""

    def _answer(self) -> None:
        if not self.yes.isEnabled():
            return
        asked = [ask for ask in self._asks if self._is_asked(ask)]
        refused = {ask.key: unknown for ask in asked if (unknown := self._unknown(ask.key))}
        for ask in asked:
            if ask.needed and not refused.get(ask.key) and not self._value(ask.key):
                refused[ask.key] = ask.needed
        for field in self._fields.values():
            field.accept()
        for ask in reversed(asked):  # the first one ends with the focus
            if ask.key in refused:
                self._fields[ask.key].refuse(refused[ask.key])
        if not refused:
            self._refusal.hide()
            self.yes.setEnabled(False)
            self.answered.emit(self.answers())


def chosen_of(answer: str) -> tuple[str, ...]:
    """What was ticked of many."""
    return tuple(answer.split("\n")) if answer else ()


def _most_at_once(asks: Sequence[Ask]) -> int:
    """How many questions are asked with the answer that brings most of them; a list is as high as
    several."""
    hanging: Counter[tuple[str, str]] = Counter()
    always = 0
    for ask in asks:
        high = ROWS + 1 if ask.kind is Kind.MANY else 1
        if ask.only_with and ask.only_with[1] != ANY:
            hanging[ask.only_with] += high
        else:
            always += high
    return always + max(hanging.values(), default=0)


def _editor(ask: Ask) -> QWidget:
    match ask.kind:
        case Kind.TEXT:
            text = QPlainTextEdit(ask.value)
            text.setTabChangesFocus(True)
            text.setFixedHeight(px(76))
            return text
        case Kind.NUMBER:
            number = MinutesEdit(ask.most)
            number.setSuffix(ask.unit)
            number.setValue(int(ask.value or 0))
            number.setMinimumWidth(px(110))
            return number
        case Kind.DAY:
            return DayEdit(ask.label, date.fromisoformat(ask.value))
        case Kind.CHOICE:
            choice = QComboBox()
            for value, words in ask.choices:
                choice.addItem(words, value)
            choice.setCurrentIndex(max(0, choice.findData(ask.value)))
            return choice
        case Kind.FOUND:
            many = OneOf(ask.label, _found(ask), _nobody(ask, "—"))
            many.choose(ask.value)
            return many
        case Kind.MANY:
            several = ManyOf(ask.label, _found(ask), ROWS, _nobody(ask, "none chosen"))
            several.choose(chosen_of(ask.value))
            return several
        case _:
            return QLineEdit(ask.value)


def _found(ask: Ask) -> list[_Found]:
    return [_Found(value, words) for value, words in ask.choices if value]


def _nobody(ask: Ask, else_words: str) -> str:
    return next((words for value, words in ask.choices if not value), else_words)
