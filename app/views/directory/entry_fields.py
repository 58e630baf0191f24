"""The fields of each kind of entry: what they ask, with which editor, and their values."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from enum import Enum, auto

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from app.models.directory.facts import BLANK, EntryKind, Facts
from app.models.directory.words import CiKind, Criticality, Environment, Role
from app.services.directory.entries import Offer, Offers
from app.views.directory.rows import words_of
from app.views.theme import px
from app.views.widgets.choosers import ManyOf, OneOf
from app.views.widgets.flow import FlowLayout
from app.views.widgets.forms import Number

Value = str | int | tuple[str, ...]
Values = Mapping[str, Value]
LONGEST = 200
MOST_IN_LIST = 1_000_000


class Shape(Enum):
    LINE = auto()
    CHOICE = auto()
    ONE = auto()
    MANY = auto()
    TICKS = auto()
    NUMBER = auto()


@dataclass(frozen=True, slots=True)
class Spec:
    """One field. `tokens` are the fixed words of a choice, `offered` the field of `Offers` that
    is chosen or completed from, `nobody` what choosing none is called."""

    name: str
    label: str
    hint: str = ""
    shape: Shape = Shape.LINE
    tokens: tuple[str, ...] = ()
    offered: str = ""
    nobody: str = "—"


def _zone(hint: str) -> Spec:
    return Spec("zone", "Time zone", hint, offered="zones")


SPECS: dict[EntryKind, tuple[Spec, ...]] = {
    EntryKind.PEOPLE: (
        Spec("name", "Name"),
        Spec("email", "Mail address", "by which they are known and told"),
        Spec("phone", "Phone", "for the call list on paper"),
        Spec("roles", "Roles", shape=Shape.TICKS, tokens=tuple(r.value for r in Role)),
        Spec("department_id", "Department", shape=Shape.ONE, offered="departments"),
        Spec("site", "Site", "a new name makes a new site", offered="sites"),
        _zone("such as Europe/Berlin; empty: that of the site"),
    ),
    EntryKind.DEPARTMENTS: (
        Spec("name", "Name"),
        Spec("head_id", "Head", "hears what changed", Shape.ONE, offered="people"),
    ),
    EntryKind.SERVICES: (
        Spec("name", "Name"),
        Spec("plain_name", "In plain words", "what its users call it: notices say this"),
        Spec("audiences", "Who is told", shape=Shape.MANY, offered="audiences"),
        Spec("criticality", "Criticality", "critical ones need more than 7 days’ notice",
             Shape.CHOICE, tuple(c.value for c in Criticality)),
        Spec("owner_id", "Owner", shape=Shape.ONE, offered="people"),
        Spec("hours", "Hours of use", "such as Mon-Fri 07:00-18:00; empty: at all hours"),
        _zone("of these hours; empty: the organisation’s"),
        Spec("cis", "Configuration items it rests on", shape=Shape.MANY, offered="cis"),
    ),
    EntryKind.CIS: (
        Spec("name", "Name"),
        Spec("kind", "Kind", "", Shape.CHOICE, tuple(k.value for k in CiKind)),
        Spec("environment", "Environment", "", Shape.CHOICE,
             tuple(e.value for e in Environment)),
        Spec("depends_on", "Rests on", "what it stops with", Shape.MANY, offered="cis"),
        Spec("needed_by_flight", "The flight itself needs it for",
             "such as mail, bridge or badge doors; empty when it does not"),
        Spec("hours", "Maintenance hours", "such as Sat-Sun 22:00-06:00; empty: at any time"),
        _zone("of these hours; empty: the organisation’s"),
        Spec("vendor_id", "Vendor", shape=Shape.ONE, offered="vendors"),
        Spec("circuit", "Vendor’s circuit"),
    ),
    EntryKind.VENDORS: (
        Spec("name", "Name"),
        Spec("contact", "Contact", "who answers, and when"),
        Spec("phone", "Phone"),
        Spec("contract", "Contract", "its number and support hours"),
    ),
    EntryKind.AUDIENCES: (
        Spec("name", "Name"),
        Spec("list_address", "Address of a list", "counts once; its members are not known here"),
        Spec("list_size", "People on that list", "as far as its owner knows", Shape.NUMBER),
        _zone("of the list; empty: the organisation’s"),
        Spec("rule_service_id", "Everyone who uses", "those told about this service",
             Shape.ONE, offered="services", nobody="no service"),
        Spec("departments", "Departments", shape=Shape.MANY, offered="departments"),
        Spec("members", "People", shape=Shape.MANY, offered="people"),
    ),
}  # fmt: skip

_NOUNS = {
    "audiences": "Audiences",
    "cis": "Configuration items",
    "departments": "Departments",
    "people": "People",
}
_TOKENS: dict[str, Callable[[str], object]] = {
    "kind": CiKind,
    "environment": Environment,
    "criticality": Criticality,
}


def values_of(facts: Facts) -> dict[str, Value]:
    """The facts as the editors hold them."""
    return {each.name: _plain(getattr(facts, each.name)) for each in fields(facts)}


def _plain(value: Value) -> Value:
    if isinstance(value, tuple):
        return tuple(str(each) for each in value)
    return str(value) if isinstance(value, str) else value


def facts_of(kind: EntryKind, values: Values) -> Facts:
    """What was typed, as facts of its kind; not checked."""
    typed: dict[str, object] = {}
    for name, value in values.items():
        if name in _TOKENS:
            typed[name] = _TOKENS[name](str(value))
        elif name == "roles" and isinstance(value, tuple):
            typed[name] = tuple(Role(each) for each in value)
        else:
            typed[name] = value.strip() if isinstance(value, str) else value
    return type(BLANK[kind])(**typed)  # type: ignore[arg-type]  # the fields of SPECS[kind]


class Ticks(QWidget):
    """A few words, each with a tick."""

    changed = Signal()

    def __init__(self, tokens: tuple[str, ...]) -> None:
        super().__init__()
        line = FlowLayout(self, gap=10)
        self._boxes: dict[str, QCheckBox] = {}
        for token in tokens:
            box = QCheckBox(words_of(token))
            box.setAccessibleName(words_of(token))
            box.toggled.connect(lambda _on: self.changed.emit())
            box.setFixedHeight(px(28))
            self._boxes[token] = box
            line.addWidget(box)
        self.setFocusProxy(next(iter(self._boxes.values())))

    def chosen(self) -> tuple[str, ...]:
        return tuple(token for token, box in self._boxes.items() if box.isChecked())

    def choose(self, tokens: tuple[str, ...]) -> None:
        for token, box in self._boxes.items():
            box.setChecked(token in tokens)


def make_editor(spec: Spec, on_edit: Callable[[], object]) -> QWidget:
    """The editor of a field; `on_edit` after each change."""
    match spec.shape:
        case Shape.MANY:
            many = ManyOf(_NOUNS[spec.offered], (), rows=4)
            many.changed.connect(on_edit)
            return many
        case Shape.ONE:
            one = OneOf(spec.label, (), spec.nobody)
            one.currentIndexChanged.connect(lambda _n: on_edit())
            return one
        case Shape.TICKS:
            ticks = Ticks(spec.tokens)
            ticks.changed.connect(on_edit)
            return ticks
        case Shape.CHOICE:
            choice = QComboBox()
            for token in spec.tokens:
                choice.addItem(words_of(token), token)
            choice.currentIndexChanged.connect(lambda _n: on_edit())
            return choice
        case Shape.NUMBER:
            number = Number()
            number.setRange(0, MOST_IN_LIST)
            number.setGroupSeparatorShown(True)
            number.setSpecialValueText("not known")
            number.setMinimumWidth(px(130))
            number.valueChanged.connect(lambda _n: on_edit())
            return number
        case Shape.LINE:
            line = QLineEdit()
            line.setMaxLength(LONGEST)
            line.textChanged.connect(lambda _text: on_edit())
            return line


def offer(spec: Spec, editor: QWidget, offers: Offers) -> None:
    """Give an editor what it offers now."""
    if not spec.offered:
        return
    choices: tuple[Offer, ...] = getattr(offers, spec.offered)
    match editor:
        case ManyOf() | OneOf():
            editor.offer(choices)
        case QLineEdit():
            finder = QCompleter([str(each) for each in choices], editor)
            finder.setFilterMode(Qt.MatchFlag.MatchContains)
            finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            editor.setCompleter(finder)


def read_editor(editor: QWidget) -> Value:
    match editor:
        case ManyOf() | OneOf() | Ticks():
            return editor.chosen()
        case QComboBox():
            return str(editor.currentData())
        case QSpinBox():
            return editor.value()
        case QLineEdit():
            return editor.text()
    raise TypeError(f"{type(editor).__name__} is no editor of this form")


def fill_editor(editor: QWidget, value: Value) -> None:
    match editor, value:
        case ((ManyOf() | Ticks()), tuple()):
            editor.choose(value)
        case OneOf(), str():
            editor.choose(value)
        case QComboBox(), str():
            editor.setCurrentIndex(max(0, editor.findData(value)))
        case QSpinBox(), int():
            editor.setValue(value)
        case QLineEdit(), str():
            editor.setText(value)
            editor.setCursorPosition(0)  # a long one shows its beginning
        case _:
            raise TypeError(f"{type(editor).__name__} cannot hold {value!r}")
