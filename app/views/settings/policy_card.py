"""How many days before the window each thing is due, and at what hour, for each impact class."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QSpinBox, QWidget

from app.models.errors import ConsoleError
from app.models.outages.lifecycle import ImpactClass
from app.models.settings import LONGEST, PolicyDays
from app.services.settings.policy_days import BUILT_IN, Days, PolicyRow, change_policy
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.settings.parts import laid, line
from app.views.theme import px
from app.views.widgets.forms import Number
from app.views.widgets.labels import Words
from app.views.widgets.moments import ClockEdit
from app.views.widgets.panels import Card, button
from app.views.widgets.tone import set_tone

_LINES = {
    "kick_off_days": ("Kick-off", "days before: owners, checker and vendor are asked to confirm"),
    "scope_freeze_days": ("Scope freeze", "days before: services, audiences and window stand"),
    "planned_days": ("Planned notice", "days before: everybody affected is told"),
    "runbook_freeze_days": ("Runbook freeze", "days before: later edits need a reason"),
    "brief_working_days": ("Briefs", "working days before: service desk, monitoring, crew"),
    "reminder_days": ("Reminders", "days before, one or several: 7, 1"),
    "lead_days": ("Least notice", "more than so many days ahead; 0 asks for no number of days"),
    "lead_working_days": ("and of them", "at least so many working days of those told"),
    "sending_hour": (
        "Sending hour",
        "when what is due that day leaves, by the window’s clocks",
    ),
}
NARROW = 620
_NEVER = -1
"""What a freeze that does not happen is in its spin box."""
_OFF = frozenset({"scope_freeze_days", "runbook_freeze_days"})

_Editor = QSpinBox | QLineEdit | ClockEdit


class _Days(Number):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.setRange(_NEVER if name in _OFF else 0, LONGEST)
        if name in _OFF:
            self.setSpecialValueText("never")


class PolicyCard(Card):
    """A form saved by its button; what was typed and not saved survives a refresh."""

    def __init__(self, ops: Ops, tell: Telling, on_undo: Callable[[Undo], object]) -> None:
        super().__init__("Policy", "when things are due, for each impact class")
        self._ops, self._tell, self._on_undo = ops, tell, on_undo
        self._row: PolicyRow | None = None
        self.editors: dict[tuple[ImpactClass, str], _Editor] = {}
        self._hints: list[tuple[Words, int]] = []
        self.body.setSpacing(px(12))
        self.body.addLayout(self._grid())
        self.refusal = Words("", "error", wrap=True)
        self.refusal.hide()
        self.body.addWidget(self.refusal)
        self.save = button("Save the policy", self._on_save)
        self.back = button("Put back what was", self._on_back, tone="link")
        self.built_in = button("Fill in what is built in", self._on_built_in, tone="link")
        self.body.addLayout(line(self.save, self.back, self.built_in))
        self.body.addWidget(
            Words(
                "What falls on a weekend or a public holiday moves to the working day before. "
                "Urgent outages bring everything before the window to now. Plans follow a change "
                "at once; what was told stays told.",
                "small",
                wrap=True,
            )
        )
        self.body.addStretch(1)
        self._on_edited()

    def _grid(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(8))
        for column, impact in enumerate(ImpactClass, 1):
            grid.addWidget(Words(impact.value.capitalize(), "head"), 0, column)
        grid.setColumnStretch(len(ImpactClass) + 1, 1)
        for number, (name, (words, hint)) in enumerate(_LINES.items(), 1):
            row = 2 * number - 1
            grid.addWidget(Words(words), row, 0)
            for column, impact in enumerate(ImpactClass, 1):
                made = self._editor(name)
                made.setAccessibleName(f"{words}, {impact.value}")
                made.setAccessibleDescription(hint)
                made.setMinimumHeight(px(28))
                self.editors[impact, name] = made
                grid.addWidget(made, row, column)
            self._hints.append((Words(hint, "sub", wrap=True), row))
        self._set_widths()
        self._grid_of = grid
        self._place_hints(beside=True)
        return grid

    def _place_hints(self, *, beside: bool) -> None:
        """Beside their line; short of room under it."""
        last = len(ImpactClass) + 1
        for hint, row in self._hints:
            self._grid_of.removeWidget(hint)
            if beside:
                self._grid_of.addWidget(hint, row, last)
            else:
                self._grid_of.addWidget(hint, row + 1, 0, 1, last + 1)
        self._are_beside = beside

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        beside = self.width() >= px(NARROW)
        if beside != self._are_beside:
            self._place_hints(beside=beside)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._set_widths()

    def _set_widths(self) -> None:
        """As wide as the print is large."""
        for made in self.editors.values():
            made.setFixedWidth(px(80))

    def _editor(self, name: str) -> _Editor:
        if name == "reminder_days":
            typed = QLineEdit()
            typed.textEdited.connect(lambda _text: self._on_edited())
            typed.returnPressed.connect(self._on_save)
            return typed
        if name == "sending_hour":
            hour = ClockEdit()
            hour.timeChanged.connect(lambda _at: self._on_edited())
            return hour
        days = _Days(name)
        days.valueChanged.connect(lambda _value: self._on_edited())
        return days

    # --- what is typed ------------------------------------------------------------------------

    @property
    def typed(self) -> Days:
        """As typed; reminders that are no numbers count as none, which is refused when saved."""
        return {impact: self._days(impact) for impact in ImpactClass}

    @property
    def edited(self) -> bool:
        return self._row is not None and self.typed != self._row.days

    def show_row(self, row: PolicyRow) -> None:
        keep = self.edited
        self._row = row
        if not keep:
            self._fill(row.days)
        self._on_edited()

    def _days(self, impact: ImpactClass) -> PolicyDays:
        def number(name: str) -> int:
            editor = self.editors[impact, name]
            assert isinstance(editor, QSpinBox)
            return editor.value()

        def or_never(name: str) -> int | None:
            return None if number(name) == _NEVER else number(name)

        reminders, hour = (self.editors[impact, name] for name in ("reminder_days", "sending_hour"))
        assert isinstance(reminders, QLineEdit) and isinstance(hour, ClockEdit)
        return PolicyDays(
            kick_off_days=number("kick_off_days"),
            scope_freeze_days=or_never("scope_freeze_days"),
            planned_days=number("planned_days"),
            runbook_freeze_days=or_never("runbook_freeze_days"),
            brief_working_days=number("brief_working_days"),
            reminder_days=_numbers(reminders.text()),
            lead_days=number("lead_days"),
            lead_working_days=number("lead_working_days"),
            sending_hour=hour.clock(),
        )

    def _fill(self, days: Days) -> None:
        with laid(*self.editors.values()):
            for (impact, name), editor in self.editors.items():
                value = getattr(days[impact], name)
                if isinstance(editor, ClockEdit):
                    editor.set_clock(value)
                elif isinstance(editor, QSpinBox):
                    editor.setValue(_NEVER if value is None else value)
                else:
                    editor.setText(", ".join(map(str, value)))
        self._accept()

    # --- acts -----------------------------------------------------------------------------------

    def _on_edited(self) -> None:
        self.save.setEnabled(self.edited)
        self.back.setVisible(self.edited)
        offered = self._row is not None and self.typed != BUILT_IN
        if self.built_in.hasFocus() and not offered:
            next(iter(self.editors.values())).setFocus()  # else it wanders off the page
        self.built_in.setVisible(offered)

    def _on_back(self) -> None:
        if self._row is not None:
            self._fill(self._row.days)
            self._on_edited()

    def _on_built_in(self) -> None:
        self._fill(BUILT_IN)
        self._on_edited()
        self.save.setFocus()

    def _on_save(self) -> None:
        if self._row is None or not self.edited:
            return
        self._accept()
        self.save.setEnabled(False)
        self._ops.run(
            change_policy,
            self.typed,
            seen=self._row.version,
            then=self._on_saved,
            failed=self._on_refused,
            owner=self,
        )

    def _on_saved(self, undo: Undo) -> None:
        if self._row is not None:  # what is typed is what is stored, as soon as it is read again
            self._row = PolicyRow(self._row.version, self.typed)
        self._on_undo(undo)
        self._tell.info("The policy is changed; Ctrl+Z takes it back.")

    def _on_refused(self, refusal: ConsoleError) -> None:
        self._on_edited()
        self.refusal.setText(refusal.sentence)
        self.refusal.show()
        place = self._place(refusal)
        if place is not None:
            set_tone(place, "bad")
            place.setFocus()

    def _place(self, refusal: ConsoleError) -> QWidget | None:
        about = (str(refusal.about.get("impact", "")), str(refusal.about.get("field", "")))
        return next(
            (editor for (impact, name), editor in self.editors.items() if (impact, name) == about),
            None,
        )

    def _accept(self) -> None:
        self.refusal.hide()
        for editor in self.editors.values():
            set_tone(editor, "")


def _numbers(text: str) -> tuple[int, ...]:
    """`7, 1` or `1 7`: the earliest first, as they are kept; nothing when a word is no number."""
    parts = text.replace(",", " ").split()
    if not all(part.isdecimal() for part in parts):
        return ()
    return tuple(sorted({int(part) for part in parts}, reverse=True))
