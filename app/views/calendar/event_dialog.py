"""One business event: what it is, who answers for it, what it touches, what they said."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QCompleter,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.models.calendar.asked import Asked
from app.models.calendar.typed import Noted, TypedEvent
from app.models.errors import ConsoleError
from app.models.severity import Severity
from app.services.calendar.events_by_hand import (
    EventForm,
    add_event,
    change_event,
    note_event,
    take_event_out,
)
from app.services.calendar.outreach import event_of_answer
from app.services.uow import Undo
from app.views.ops import Ops
from app.views.theme import px
from app.views.tones import severity_words
from app.views.widgets.abreast import Abreast
from app.views.widgets.choosers import ManyOf
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words
from app.views.widgets.moments import AskedDay, ClockEdit, DayEdit
from app.views.widgets.panels import button
from app.views.widgets.tone import set_part

SIZE = (640, 640)
_COUNTS = {s: severity_words(s) for s in (Severity.BLOCK, Severity.WARN, Severity.NOTE)}


class EventDialog(QDialog):
    """Saved by its button or Ctrl+Enter. Of an event from a file only what is noted changes."""

    def __init__(
        self,
        over: QWidget,
        ops: Ops,
        on_undo: Callable[[Undo], object],
        form: EventForm,
        day: date,
        begun: TypedEvent | None = None,
        answers: str = "",
        *,
        asks_day: bool = False,
    ) -> None:
        """`day` is where a new event begins; `begun` what is known of it already, `answers` the id
        of the ask whose answer it is. `asks_day`: when it is nobody knows yet, but near `day`."""
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self._ops, self._on_undo, self._form = ops, on_undo, form
        self._begun, self._answers, self._asks_day = begun, answers, asks_day
        title = "New event" if not form.event_id else "Event"
        self.setWindowTitle(title)
        self._make(day)
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(18), px(22), px(18))
        box.setSpacing(px(12))
        box.addWidget(Words(title, "title"))
        if not form.is_ours:
            said = f"It comes from {form.layer}. What you note here stays when that is read again."
            box.addWidget(Words(said, "sub", wrap=True))
        box.addWidget(self._scrolled(), 1)
        self.refusal = Words("", "error", wrap=True)
        self.refusal.hide()
        box.addWidget(self.refusal)
        box.addLayout(self._acts())
        for keys in ("Ctrl+Return", "Ctrl+Enter"):
            QShortcut(QKeySequence(keys), self).activated.connect(self.save.click)
        room = over.window().size()
        width, height = (px(each) for each in SIZE)
        self.resize(min(width, room.width() - px(40)), min(height, room.height() - px(60)))
        (self.name if form.is_ours else self.responsible).setFocus()

    # --- the fields ------------------------------------------------------------------------

    def _make(self, day: date) -> None:
        form, typed = self._form, self._form.typed or self._begun
        noted = typed.noted if typed is not None else Noted()
        starts = typed.start if typed is not None else datetime.combine(day, time(18))
        ends = typed.end if typed is not None else datetime.combine(day, time(20))
        self.name = QLineEdit(typed.title if typed is not None else "")
        self.layer = QComboBox()
        self.layer.setEditable(True)
        self.layer.addItems(form.layers)
        self.layer.setCurrentText(form.layer)
        kind = AskedDay if self._asks_day else DayEdit
        self.first, self.last = kind("First day", starts.date()), kind("Last day", ends.date())
        self.begins, self.ends = ClockEdit(starts.time()), ClockEdit(ends.time())
        self.all_day = QCheckBox("Whole days")
        self.all_day.setChecked(typed is None or typed.all_day)
        self.all_day.toggled.connect(self._show_clock)
        self.repeats = QLineEdit(typed.repeats if typed is not None else "")
        self.responsible = QLineEdit(noted.asked.responsible)
        self.responsible.setCompleter(_of(form.people, self.responsible))
        self.services = ManyOf("Services", form.services, rows=3)
        self.services.choose(noted.services)
        self.departments = ManyOf("Departments", form.departments, rows=3)
        self.departments.choose(noted.departments)
        self.counts = QComboBox()
        self.counts.addItem("as its calendar", None)
        for severity, words in _COUNTS.items():
            self.counts.addItem(words, severity)
        self.counts.setCurrentIndex(max(0, self.counts.findData(noted.severity)))
        self.was_asked = QCheckBox("They were asked")
        self.was_asked.setChecked(noted.asked.on is not None)
        self.was_asked.toggled.connect(self._show_asked)
        self.asked_on = DayEdit("Asked on", noted.asked.on or form.today)
        self.asked_by = QLineEdit(noted.asked.by)
        self.answer = QPlainTextEdit(noted.asked.answer)
        self.answer.setTabChangesFocus(True)
        self.answer.setFixedHeight(px(64))

    def _scrolled(self) -> QScrollArea:
        ours = self._form.is_ours
        inner = QWidget()
        set_part(inner, "scroll")
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, px(8), 0)
        column.setSpacing(px(10))
        self._title = Field("Title", self.name)
        self._first = Field("First day", self.first)
        self._clocks = Abreast(Field("From", self.begins), Field("Until", self.ends))
        parts: list[QWidget] = [
            self._title,
            Field("Calendar", self.layer, "an event you type lies in a calendar of its own"),
            Abreast(self._first, Field("Last day", self.last)),
            self.all_day,
            self._clocks,
            Field("Repeats", self.repeats, "“third Sunday”, “every year” or an RRULE; or leave it"),
        ]
        for part in parts:
            part.setEnabled(ours)
        self.layer.setEnabled(ours and not self._form.event_id)
        self._when = Abreast(Field("Asked on", self.asked_on), Field("By", self.asked_by))
        parts += [
            Abreast(Field("Who answers for it", self.responsible), Field("Counts", self.counts)),
            Abreast(Field("Services", self.services), Field("Departments", self.departments)),
            self.was_asked,
            self._when,
            Field("Their answer", self.answer),
        ]
        for part in parts:
            column.addWidget(part)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        self._show_clock()
        self._show_asked()
        return area

    def _acts(self) -> QHBoxLayout:
        line = QHBoxLayout()
        line.setSpacing(px(10))
        self.save = button("Save", self._on_save, tone="primary", tip="Ctrl+Enter")
        self.take_out = button("Take it out", self._on_take_out, tip="Ctrl+Z brings it back")
        self.take_out.setVisible(bool(self._form.event_id) and self._form.is_ours)
        line.addWidget(self.save)
        line.addWidget(self.take_out)
        line.addStretch(1)
        line.addWidget(button("Close", self.reject, tip="Esc"))
        return line

    def _show_clock(self) -> None:
        self._clocks.setVisible(not self.all_day.isChecked())

    def _show_asked(self) -> None:
        self._when.setVisible(self.was_asked.isChecked())

    # --- what is typed ---------------------------------------------------------------------

    def noted(self) -> Noted:
        on = self.asked_on.day() if self.was_asked.isChecked() else None
        by = self.asked_by.text() if on is not None else ""
        severity = self.counts.currentData()
        return Noted(
            Asked(self.responsible.text(), on, by, self.answer.toPlainText()),
            self.services.chosen(),
            self.departments.chosen(),
            Severity(severity) if severity is not None else None,
        )

    def typed(self) -> TypedEvent:
        begins, ends = (each.clock() for each in (self.begins, self.ends))
        first, last = self.first.day(), self.last.day()
        return TypedEvent(
            self.name.text(),
            datetime.combine(first, begins),
            datetime.combine(max(first, last), ends),
            self.all_day.isChecked(),
            self.repeats.text(),
            self.noted(),
        )

    def _on_save(self) -> None:
        form = self._form
        self.refusal.hide()
        self._title.accept()
        self._first.accept()
        if isinstance(self.first, AskedDay) and self.first.chosen() is None:
            self._first.refuse("Read the day out of their answer, or ask them.")
            return
        if self._answers:
            layer = self.layer.currentText()
            self._run(event_of_answer, self._answers, layer, self.typed())
        elif not form.event_id:
            self._run(add_event, self.layer.currentText(), self.typed())
        elif form.is_ours:
            self._run(change_event, form.event_id, self.typed(), seen=form.version)
        else:
            self._run(note_event, form.event_id, self.noted(), seen=form.version)

    def _on_take_out(self) -> None:
        self._run(take_event_out, self._form.event_id, seen=self._form.version)

    def _run(self, act: Callable[..., Undo], *args: object, **more: object) -> None:
        def done(inverse: Undo) -> None:
            self._on_undo(inverse)
            self.accept()

        def failed(error: ConsoleError) -> None:
            if error.about.get("field") == "title":
                self._title.refuse(error.sentence)
                return
            self.refusal.setText(error.sentence)
            self.refusal.show()

        self._ops.run(act, *args, then=done, failed=failed, owner=self, **more)


def _of(names: tuple[str, ...], parent: QWidget) -> QCompleter:
    made = QCompleter(list(names), parent)
    made.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
    made.setFilterMode(Qt.MatchFlag.MatchContains)
    return made
