"""The organisation's facts, and whether the console is the system of record."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import available_timezones

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QCompleter, QHBoxLayout, QLineEdit

from app.models.errors import ConsoleError
from app.services.settings.policy import (
    OrganisationFacts,
    change_organisation,
    declare_system_of_record,
)
from app.services.settings.reading import SettingsRow
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.settings.parts import laid, line
from app.views.theme import px
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, button


class OrganisationCard(Card):
    """A form that is saved by its button; what was typed and not saved survives a refresh."""

    def __init__(self, ops: Ops, tell: Telling, on_undo: Callable[[Undo], object]) -> None:
        super().__init__("Organisation")
        self.body.setSpacing(px(12))
        self._ops, self._tell, self._on_undo = ops, tell, on_undo
        self._row: SettingsRow | None = None
        self.fields = {
            "name": Field("What it is called", QLineEdit()),
            "zone": Field("Time zone", _zone_line(), "For new outages and lists without one."),
            "country": Field("Country", _code(64), "US, GB …", wide=False),
            "subdivision": Field("State or region", _code(90), "NY, ENG …", wide=False),
            "objection_route": Field(
                "How to notify operations",
                QLineEdit(),
                "Stands in every notice: “555 0100, or reply to this mail”.",
            ),
        }
        self.body.addWidget(self.fields["name"])
        self.body.addWidget(self.fields["zone"])
        where = QHBoxLayout()
        where.setSpacing(px(16))
        where.addWidget(self.fields["country"], 0, Qt.AlignmentFlag.AlignTop)
        where.addWidget(self.fields["subdivision"], 1, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(where)
        self._holidays = Words("", "small", wrap=True)
        self.body.addWidget(self._holidays)
        self.body.addWidget(self.fields["objection_route"])
        self.save = button("Save", self._on_save)
        self.back = button("Put back what was", self._on_back, tone="link")
        self.body.addLayout(line(self.save, self.back))
        self.body.addStretch(1)
        for name in self.fields:
            self.editor(name).textEdited.connect(lambda _text: self._on_edited())
            self.editor(name).returnPressed.connect(self._on_save)
        self._on_edited()

    def editor(self, name: str) -> QLineEdit:
        found = self.fields[name].editor
        assert isinstance(found, QLineEdit)
        return found

    @property
    def typed(self) -> OrganisationFacts:
        return OrganisationFacts(**{name: self.editor(name).text() for name in self.fields})

    @property
    def edited(self) -> bool:
        return self._row is not None and self.typed != self._row.facts

    def show_row(self, row: SettingsRow) -> None:
        keep = self.edited
        self._row = row
        self.show_as("Organisation", "sample" if row.is_sample else "")
        if not keep:
            self._fill(row.facts)
        self._holidays.setText(
            f"{row.holidays} public holidays are known for {row.year}; notices keep clear of them."
            if row.holidays
            else "No country: every weekday counts as a working day."
        )
        self._on_edited()

    def _fill(self, facts: OrganisationFacts) -> None:
        for name, field in self.fields.items():
            self.editor(name).setText(getattr(facts, name))
            self.editor(name).setCursorPosition(0)  # a long one shows its beginning
            field.accept()

    def _on_edited(self) -> None:
        self.save.setEnabled(self.edited)
        self.back.setVisible(self.edited)

    def _on_back(self) -> None:
        if self._row is not None:
            self._fill(self._row.facts)
            self._on_edited()

    def _on_save(self) -> None:
        if self._row is None or not self.edited:
            return
        for field in self.fields.values():
            field.accept()
        self.save.setEnabled(False)
        self._ops.run(
            change_organisation,
            self.typed,
            seen=self._row.version,
            then=self._on_saved,
            failed=self._on_refused,
            owner=self,
        )

    def _on_saved(self, undo: Undo) -> None:
        if self._row is not None:  # what is typed is what is stored, as soon as it is read again
            self._fill(self.typed)
            self._row = None
        self._on_undo(undo)
        self._tell.info("The organisation is changed; Ctrl+Z takes it back.")

    def _on_refused(self, refusal: ConsoleError) -> None:
        self._on_edited()
        place = self.fields.get(str(refusal.about.get("field", "")))
        if place is not None:
            place.refuse(refusal.sentence)
        else:
            self._tell.error(refusal.sentence)


class RecordCard(Card):
    """One declaration; it takes effect at once and can be taken back the same way, or undone."""

    def __init__(self, ops: Ops, tell: Telling, on_undo: Callable[[Undo], object]) -> None:
        super().__init__("Changes")
        self.body.setSpacing(px(8))
        self._ops, self._tell, self._on_undo = ops, tell, on_undo
        self._version = 0
        self.declared = QCheckBox("System of record for changes")
        self.declared.setMinimumHeight(px(28))
        self.declared.setAccessibleName(self.declared.text())
        self.body.addWidget(self.declared)
        self._words = Words("", "small", wrap=True)
        self.body.addWidget(self._words)
        self.body.addStretch(1)
        self.declared.setEnabled(False)
        self.declared.toggled.connect(self._on_toggled)

    def show_row(self, row: SettingsRow) -> None:
        self._version = row.version
        with laid(self.declared):
            self.declared.setChecked(row.system_of_record)
        self.declared.setEnabled(True)
        self._words.setText(
            "This console is where changes are looked up: a flight can be filed without numbers "
            "of another configuration database."
            if row.system_of_record
            else "Tick it when there is no other configuration database. Until then a flight is "
            "filed only when each of its change records has its number there."
        )

    def _on_toggled(self, declared: bool) -> None:
        self.declared.setEnabled(False)
        self._ops.run(
            declare_system_of_record,
            declared,
            seen=self._version,
            then=self._on_declared,
            failed=lambda refusal: self._on_refused(declared, refusal),
            owner=self,
        )

    def _on_declared(self, undo: Undo | None) -> None:
        if undo is not None:
            self._on_undo(undo)

    def _on_refused(self, declared: bool, refusal: ConsoleError) -> None:
        with laid(self.declared):
            self.declared.setChecked(not declared)
        self.declared.setEnabled(True)
        self._tell.error(refusal.sentence)


def _code(width: int) -> QLineEdit:
    made = QLineEdit()
    made.setFixedWidth(px(width))
    made.setMaxLength(6)
    return made


def _zone_line() -> QLineEdit:
    """Typing any part of a zone's name finds it."""
    made = QLineEdit()
    finder = QCompleter(sorted({*available_timezones(), "UTC"}), made)
    finder.setFilterMode(Qt.MatchFlag.MatchContains)
    finder.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    made.setCompleter(finder)
    return made
