"""The form of one entry: what is wrong stands under its field, nothing typed is ever lost."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from app.models.directory.facts import BLANK, EntryKind, Facts, faults_of
from app.models.errors import ConsoleError, Stale
from app.services.directory.entries import EntryDetail, Offers
from app.views.directory.entry_fields import (
    SPECS,
    Shape,
    Value,
    facts_of,
    fill_editor,
    make_editor,
    offer,
    read_editor,
    values_of,
)
from app.views.theme import px
from app.views.widgets.choosers import ManyOf
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, button
from app.views.widgets.tone import set_part

SETTLE_MS = 200


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed and not saved: over what it was typed, and which version was seen."""

    entry_id: str
    version: int
    base: dict[str, Value]
    typed: dict[str, Value]


class EntryForm(Card):
    """`saveRequested(facts)` on Ctrl+Enter, `archiveRequested()`, `restoreRequested()`;
    `dirtyChanged(bool)` and, a moment after the last key, `settled(facts)`."""

    saveRequested = Signal(object)
    archiveRequested = Signal()
    restoreRequested = Signal()
    dirtyChanged = Signal(bool)
    settled = Signal(object)
    pictureRequested = Signal()

    def __init__(self, kind: EntryKind) -> None:
        super().__init__(f"New {kind.one}")
        self.kind = kind
        self.entry_id = ""
        self.version = 0
        self.uses_words = ""
        self._archived = False
        self._stored = values_of(BLANK[kind])
        self._base = dict(self._stored)
        self._filling = False
        self._dirty = False
        self._below: Field | None = None
        self.fields: dict[str, Field] = {}
        self.editors: dict[str, QWidget] = {}
        self.note = Words("", "small", wrap=True)
        self.uses = Words("", "small", wrap=True)
        self._refusal = Words("", "error", wrap=True)
        self._refusal.hide()
        self._place()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SETTLE_MS)
        self._timer.timeout.connect(lambda: self.settled.emit(self.facts))
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(self._on_save)
        self.show_new()

    # --- building -----------------------------------------------------------------------------

    def _place(self) -> None:
        self.body.setSpacing(px(12))
        inner = QWidget()
        set_part(inner, "scroll")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, px(10), 0)
        column.setSpacing(px(12))
        for spec in SPECS[self.kind]:
            editor = make_editor(spec, partial(self._on_edit, spec.name))
            wide = spec.shape is not Shape.NUMBER
            self.editors[spec.name] = editor
            self.fields[spec.name] = Field(spec.label, editor, spec.hint, wide=wide)
            column.addWidget(self.fields[spec.name])
            if isinstance(editor, QLineEdit):
                editor.editingFinished.connect(partial(self._check, spec.name))
        column.addWidget(self.note)
        column.addWidget(self.uses)
        self._column = column
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        self.area = area
        self.body.addWidget(area, 1)
        self.body.addWidget(self._refusal)
        line = QHBoxLayout()
        line.setSpacing(px(8))
        self.archive = button("Archive…", self.archiveRequested.emit, tip="Ctrl+Delete")
        self.restore = button("Restore", self.restoreRequested.emit, tone="primary")
        self.picture = button("Show its tree", self.pictureRequested.emit, tip="Ctrl+T")
        self.back = button("Put back", self._on_back, spoken="Put back what was", tone="link")
        self.save = button("Save", self._on_save, tone="primary", tip="Ctrl+Enter")
        for part in (self.archive, self.restore, self.picture):
            line.addWidget(part)
        line.addStretch(1)
        line.addWidget(self.back)
        line.addWidget(self.save)
        self.body.addLayout(line)

    def add_below(self, label: str, part: QWidget) -> None:
        """What belongs to an entry that is kept and is changed by itself, not by *Save*."""
        self._below = Field(label, part)
        self._column.insertWidget(self._column.indexOf(self.uses), self._below)
        self._say()

    def turn_to_below(self) -> None:
        """Scroll to what was added there, once it has its size."""
        QTimer.singleShot(0, self, self._show_below)

    def _show_below(self) -> None:
        if self._below is not None:
            self.area.ensureWidgetVisible(self._below)

    def offer(self, offers: Offers) -> None:
        """What can be chosen now; what was chosen stays."""
        self._filling = True
        for spec in SPECS[self.kind]:
            offer(spec, self.editors[spec.name], offers)
        self._filling = False

    # --- what is shown and typed --------------------------------------------------------------

    @property
    def values(self) -> dict[str, Value]:
        return {name: read_editor(editor) for name, editor in self.editors.items()}

    @property
    def facts(self) -> Facts:
        """What is stored, with what was changed here: an editor that could not show a value
        does not take it away."""
        typed = {name: v for name, v in self.values.items() if v != self._base[name]}
        return facts_of(self.kind, {**self._stored, **typed})

    @property
    def dirty(self) -> bool:
        """Something is typed that is not saved."""
        return self._dirty

    def show_new(self) -> None:
        self._show("", 0, values_of(BLANK[self.kind]), archived=False)
        self.uses.setText("")

    def show_entry(self, detail: EntryDetail) -> None:
        """As it is stored; what was typed before is gone from here (see `held`)."""
        self._show(
            detail.id,
            detail.version,
            values_of(detail.facts),
            archived=detail.archived_at is not None,
        )
        self._say_uses(detail)

    def merge(self, detail: EntryDetail) -> None:
        """It was changed elsewhere: fields not typed in show how it stands, the others keep
        what was typed."""
        draft = self.held()
        self.show_entry(detail)
        if draft is not None:
            self.resume(draft)

    def held(self) -> Draft | None:
        """What would be lost if another entry were shown now."""
        if not self._dirty:
            return None
        return Draft(self.entry_id, self.version, dict(self._base), self.values)

    def resume(self, draft: Draft) -> None:
        """Type again what was typed, over the entry now shown."""
        self._filling = True
        for name, value in draft.typed.items():
            if value != draft.base[name]:
                fill_editor(self.editors[name], value)
        self._filling = False
        self._on_edit("")

    def saved(self) -> None:
        """It is on disk: what stands here is no longer only typed."""
        self._stored, self._base = values_of(self.facts), self.values
        self._on_edit("")

    def refuse(self, error: ConsoleError) -> None:
        """It was not saved: the sentence stands where it belongs."""
        self.save.setEnabled(self._dirty)
        field = self.fields.get(str(error.about.get("field", "")))
        if field is not None:
            field.refuse(error.sentence)
            self.area.ensureWidgetVisible(field)
            return
        kept = (
            "Someone changed this a moment ago. What you typed is still here, the other fields "
            "show how it stands now. Save again if you still want it."
        )
        self._refusal.setText(kept if isinstance(error, Stale) else error.sentence)
        self._refusal.show()

    def say(self, words: str, *, bad: bool = False) -> None:
        """What follows from what is typed: whom it reaches, that nobody is told."""
        self.note.setText(words)
        set_part(self.note, "error" if bad else "small")
        self.note.setVisible(bool(words))

    def begin(self) -> None:
        self.editors["name"].setFocus()

    # --- inside --------------------------------------------------------------------------------

    def _show(
        self, entry_id: str, version: int, values: dict[str, Value], *, archived: bool
    ) -> None:
        other = entry_id != self.entry_id
        self.entry_id, self.version, self._archived = entry_id, version, archived
        self._filling = True
        for name, editor in self.editors.items():
            fill_editor(editor, values[name])
            self.fields[name].accept()
        self._filling = False
        self._leave_out_itself()
        self._stored, self._base = values, self.values
        self._refusal.hide()
        self.say("")
        if other:
            self.area.verticalScrollBar().setValue(0)
        self._on_edit("")

    def _leave_out_itself(self) -> None:
        for spec in SPECS[self.kind]:
            editor = self.editors[spec.name]
            if spec.offered == self.kind.value and isinstance(editor, ManyOf):
                editor.leave_out(self.entry_id)

    def _say_uses(self, detail: EntryDetail) -> None:
        self.uses_words = used = detail.uses.sentence
        self.uses.setText(f"In use: {used}." if used else "")
        self.uses.setVisible(bool(used))

    def _on_edit(self, name: str) -> None:
        if self._filling:
            return
        if name and self.fields[name].error:
            self._check(name)
        dirty = self.values != self._base
        if dirty != self._dirty:
            self._dirty = dirty
            self.dirtyChanged.emit(dirty)
        self._say()
        self._timer.start()

    def _say(self) -> None:
        self._dirty = self.values != self._base
        name = str(self.values["name"]).strip()
        state = "archived" if self._archived else "not saved yet" if self._dirty else ""
        self.show_as(name or f"New {self.kind.one}", state)
        kept = bool(self.entry_id)
        self.archive.setVisible(kept and not self._archived)
        self.restore.setVisible(kept and self._archived)
        self.picture.setVisible(kept and not self._archived and self.kind is EntryKind.CIS)
        if self._below is not None:
            self._below.setVisible(kept and not self._archived)
        self.save.setVisible(not self._archived)
        self.save.setEnabled(self._dirty)
        self.back.setVisible(self._dirty and not self._archived)
        for editor in self.editors.values():
            editor.setEnabled(not self._archived)

    def _check(self, name: str) -> None:
        """Say at once what is wrong with a field that was left, and take it away when mended."""
        wrong = [fault for fault in faults_of(self.facts) if fault.field == name]
        typed = self.values[name] != self._base[name] or bool(self.fields[name].error)
        if wrong and typed:
            self.fields[name].refuse(wrong[0].sentence, focus=False)
        elif not wrong:
            self.fields[name].accept()

    def _on_back(self) -> None:
        self._filling = True
        for name, editor in self.editors.items():
            fill_editor(editor, self._base[name])
            self.fields[name].accept()
        self._filling = False
        self._refusal.hide()
        self._on_edit("")

    def _on_save(self) -> None:
        if self._archived or not self.save.isEnabled():
            return
        self._refusal.hide()
        faults = faults_of(self.facts)
        for field in self.fields.values():
            field.accept()
        for fault in reversed(faults):  # the first one ends with the focus
            if fault.field in self.fields:
                self.fields[fault.field].refuse(fault.sentence)
                self.area.ensureWidgetVisible(self.fields[fault.field])
            else:
                self._refusal.setText(fault.sentence)
                self._refusal.show()
        if not faults:
            self.save.setEnabled(False)
            self.saveRequested.emit(self.facts)
