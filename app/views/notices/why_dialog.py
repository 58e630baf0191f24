"""Who receives a notice, and why each of them does; of a planned one it can be chosen here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from app.services.notices.audiences import Recipient
from app.services.notices.whom import Whom
from app.views.theme import px
from app.views.widgets.finding import FindDialog
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow
from app.views.widgets.panels import button
from app.views.widgets.tone import Tone

PILLS = 5
_OUT = "without|"


class WhyDialog(FindDialog):
    """Each recipient and the reason they receive it; typing finds among 25,000. `added(text)`,
    `leftOut(email)`, `optedOut(email)`, `dependents(bool)` ask for a change, and `show_whom` shows
    what came of it; `refuse` says why nothing did."""

    added = Signal(str)
    leftOut = Signal(str)
    optedOut = Signal(str)
    dependents = Signal(bool)

    def __init__(self, parent: QWidget, whom: Whom) -> None:
        super().__init__(
            parent,
            "Who receives this, and why",
            _count(whom),
            _rows(whom),
            list_name="Recipients",
            hint="Find by name, address or reason",
        )
        self._emails: dict[str, str] = {}
        self.change = QWidget()
        self._build_change()
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(layout.count() - 1, self.change)
        self.rows.selectionModel().selectionChanged.connect(lambda *_: self._on_chosen())
        self.show_whom(whom)

    def _build_change(self) -> None:
        box = QVBoxLayout(self.change)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(8))
        line = QHBoxLayout()
        self.leave = button("Leave out", self._on_leave, spoken="Leave out the chosen recipient")
        self.never = button(
            "Wants no notices", self._on_never, spoken="The chosen recipient wants no notices"
        )
        line.addWidget(self.leave)
        line.addWidget(self.never)
        line.addStretch(1)
        box.addLayout(line)
        self.depends = QCheckBox("Also everyone who depends on its CIs, through the service tree")
        self.depends.setMinimumHeight(px(28))
        self.depends.clicked.connect(self.dependents)
        box.addWidget(self.depends)
        more = QHBoxLayout()
        self.more = QLineEdit()
        self.more.setAccessibleName("Tell this address, too")
        self.more.setPlaceholderText("Tell this address, too")
        self.more.setMinimumHeight(px(28))
        self.more.returnPressed.connect(self._on_add)
        more.addWidget(self.more, 1)
        more.addWidget(button("Add", self._on_add, spoken="Add this address"))
        box.addLayout(more)
        self.trouble = Words("", "error", wrap=True)
        self.trouble.hide()
        box.addWidget(self.trouble)

    def show_whom(self, whom: Whom) -> None:
        """As it stands now; what was typed to be added is done with."""
        self._emails = {_key(r): r.email for r in (*whom.recipients, *whom.without)}
        self.replace_all(_rows(whom), _count(whom))
        self.change.setVisible(whom.can_change)
        self.depends.setChecked(whom.depends)
        self.more.clear()
        self.trouble.hide()
        self._on_chosen()

    def refuse(self, sentence: str) -> None:
        self.trouble.setText(sentence)
        self.trouble.show()

    def _on_chosen(self) -> None:
        row = self.rows.current()
        out = row is not None and row.key.startswith(_OUT)
        self.leave.setText("Tell them after all" if out else "Leave out")
        self.leave.setAccessibleName(self.leave.text())
        self.leave.setEnabled(row is not None)
        self.never.setEnabled(row is not None and not out)

    def _chosen(self) -> str:
        row = self.rows.current()
        return self._emails.get(row.key.removeprefix(_OUT), "") if row is not None else ""

    def _on_leave(self) -> None:
        row = self.rows.current()
        if row is not None and row.key.startswith(_OUT):
            self.added.emit(self._chosen())
        elif row is not None:
            self.leftOut.emit(self._chosen())

    def _on_never(self) -> None:
        if self._chosen():
            self.optedOut.emit(self._chosen())

    def _on_add(self) -> None:
        if self.more.text().strip():
            self.added.emit(self.more.text())


def _count(whom: Whom) -> str:
    out = f", {len(whom.without):,} left out" if whom.without else ""
    return f"{whom.people:,} people, as far as known{out}"


def _rows(whom: Whom) -> Iterable[tuple[ListRow, str]]:
    for r in whom.recipients:
        pill = f"list of {r.size:,}" if r.is_list and r.size else ""
        yield ListRow(_key(r), r.name, f"{r.email} · {r.why}", pill=pill), _folded(r)
    for r in whom.without:
        row = ListRow(
            _OUT + _key(r), r.name, r.email, pill="left out", pill_tone=Tone.WARN, struck=True
        )
        yield row, f"{_folded(r)} left out"


def _key(r: Recipient) -> str:
    return r.key or r.name


def _folded(r: Recipient) -> str:
    return f"{r.name} {r.email} {r.why}".casefold()


def groups(recipients: tuple[Recipient, ...]) -> list[str]:
    """Lists by name; people by the reason they share, or by name when they are few."""
    lists = [
        f"{r.name} · {r.size:,}" if r.size else f"{r.name} · list" for r in recipients if r.is_list
    ]
    people = [r for r in recipients if not r.is_list]
    if len(people) <= PILLS - len(lists):
        return [*lists, *(r.name for r in people)]
    reasons = Counter(r.why for r in people)
    return [*lists, *(f"{_group(why)} · {count:,}" for why, count in reasons.most_common())]


_GROUPS = {
    "because you are one of ": "",
    "because you use ": "users of ",
    "because you lead ": "head of ",
}


def _group(why: str) -> str:
    for start, instead in _GROUPS.items():
        if why.startswith(start):
            return instead + why.removeprefix(start)
    added = why.removeprefix("because ").removesuffix(" added you")
    return f"added by {added}" if why.endswith(" added you") else why
