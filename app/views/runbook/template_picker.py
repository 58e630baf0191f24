"""Choose a runbook for an outage without steps: look at it, name who and what, use it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.models.errors import ConsoleError
from app.services.runbook.templates import (
    Named,
    TemplateChoice,
    TemplateChoices,
    choose_runbook,
    template_choices,
)
from app.services.uow import Undo
from app.views.ops import Ops
from app.views.runbook.template_rows import step_row
from app.views.theme import px
from app.views.widgets.choosers import OneOf
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import button, clear, tab_here
from app.views.widgets.room import size_within
from app.views.widgets.tone import set_part

COORDINATOR = "coordinator"


class TemplatePicker(QDialog):
    """Ctrl+Enter uses the chosen one; nothing happens to the outage before."""

    def __init__(
        self, parent: QWidget, ops: Ops, outage_id: str, on_undo: Callable[[Undo], object]
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Choose a runbook")
        self.setModal(True)
        size_within(self, parent, 980, 600)
        self._ops = ops
        self._outage_id = outage_id
        self._on_undo = on_undo
        self._choices: TemplateChoices | None = None
        self._people: dict[str, OneOf] = {}
        self._parts: dict[str, OneOf] = {}
        self.list = ListView("Runbooks")
        self.list.chosen.connect(lambda _key: self._show_one())
        self.steps = ListView("Steps of the runbook", lead_width=32, wraps=True)
        self._about = Words("", "muted", wrap=True)
        self._named = QWidget()
        self._fields = QVBoxLayout()
        self._refusal = Words("", "error", wrap=True)
        self._refusal.hide()
        self.use = button("Use it  Ctrl+⏎", self._use, tone="primary", spoken="Use it")
        self._build()
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self._use)
        self.use.setEnabled(False)
        ops.read(template_choices, outage_id, then=self._show, failed=self._refused)

    def person(self, role: str) -> OneOf:
        return self._people[role]

    def part(self, name: str) -> OneOf:
        return self._parts[name]

    def _build(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(px(22), px(18), px(22), px(18))
        whole.setSpacing(px(12))
        whole.addWidget(Words("Choose a runbook", "title"))
        columns = QHBoxLayout()
        columns.setSpacing(px(16))
        middle = QVBoxLayout()
        middle.addWidget(self._about)
        middle.addWidget(self.steps, 1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the fields within
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = self._named
        set_part(inner, "scroll")
        right = QVBoxLayout(inner)
        right.setContentsMargins(0, 0, px(8), 0)
        self._fields.setSpacing(px(8))
        right.addLayout(self._fields)
        right.addStretch(1)
        area.setWidget(inner)
        columns.addWidget(self.list, 2)
        columns.addLayout(middle, 4)
        columns.addWidget(area, 3)
        whole.addLayout(columns, 1)
        whole.addWidget(self._refusal)
        line = QHBoxLayout()
        line.addStretch(1)
        line.addWidget(button("Not now", self.reject))
        line.addWidget(self.use)
        whole.addLayout(line)

    def _show(self, choices: TemplateChoices) -> None:
        self._choices = choices
        self.list.model_rows.apply([_row(choice) for choice in choices.templates])
        self.use.setEnabled(bool(choices.templates))
        if choices.templates:
            self.list.choose(choices.templates[0].template.name)
        self.list.setFocus()

    def _current(self) -> TemplateChoice | None:
        row = self.list.current()
        if row is None or self._choices is None:
            return None
        found = (c for c in self._choices.templates if c.template.name == row.key)
        return next(found, None)

    def _show_one(self) -> None:
        choice, choices = self._current(), self._choices
        if choice is None or choices is None:
            return
        template = choice.template
        self._about.setText(template.summary or f"Revision {template.revision}.")
        self.steps.model_rows.apply([step_row(step) for step in template.steps])
        clear(self._fields)
        leads = {COORDINATOR: choices.coordinator_id}
        self._people = {
            role: _one_of(role, choices.people, leads.get(role, "")) for role in template.roles
        }
        self._parts = {
            part: _one_of(part, choices.cis, choice.cis.get(part, "")) for part in template.ci_roles
        }
        for heading, combos in (("Who", self._people), ("On what", self._parts)):
            if combos:
                self._fields.addWidget(Words(heading, "head"))
            for name, combo in combos.items():
                self._fields.addWidget(Field(name[:1].upper() + name[1:], combo))
        tab_here(self._named)

    def _use(self) -> None:
        choice, choices = self._current(), self._choices
        if choice is None or choices is None or not self.use.isEnabled():
            return
        self.use.setEnabled(False)
        self._ops.run(
            choose_runbook,
            self._outage_id,
            choice.template.name,
            {role: _chosen(combo) for role, combo in self._people.items()},
            {part: _chosen(combo) for part, combo in self._parts.items()},
            seen=choices.version,
            then=self._used,
            failed=self._refused,
        )

    def _used(self, undo: Undo) -> None:
        self.accept()
        self._on_undo(undo)

    def _refused(self, error: ConsoleError) -> None:
        self._refusal.setText(error.sentence)
        self._refusal.show()
        self.use.setEnabled(self._choices is not None)


def _row(choice: TemplateChoice) -> ListRow:
    template = choice.template
    return ListRow(
        key=template.name,
        title=template.name,
        sub=f"{len(template.steps)} steps · revision {template.revision}",
        pill="ours" if choice.own else "",
    )


def _one_of(name: str, choices: Sequence[Named], chosen: str) -> OneOf:
    made = OneOf(name, choices, "not chosen yet")
    made.choose(chosen)
    return made


def _chosen(box: OneOf) -> str:
    box.settle()  # what was typed counts, though the keyboard is still in it
    return box.chosen()
