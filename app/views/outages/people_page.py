"""The People tab of an outage: who is in it, when each is needed, and what each confirmed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from app.models.outages.confirming import Confirmed, Word
from app.services.events import ChangedElsewhere, Event, LiveChanged, OutageChanged, StepsChanged
from app.services.outages.people import FlightPerson, OwnStep, PeopleRows, confirm, people_of
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.outages.people_words import confirmation, details, row_of
from app.views.outages.role_sheet import RoleActs
from app.views.theme import px
from app.views.widgets.columns import Columns
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, EmptyState, button
from app.views.widgets.sheet import Answers, Ask, Sheet

SETTLE_MS = 150
KEYS = (
    ("↑ ↓", "choose a person"),
    ("Y", "confirmed: yes"),
    ("N", "confirmed: no; the reason is asked afterwards"),
    ("C", "can’t; the reason is asked afterwards"),
    ("R", "assign a role: all its steps to one person"),
    ("T", "times: when each is to be ready and free, with their mails"),
)


class PeoplePage(QWidget):
    """Supplied to the workspace as its People tab. `timesRequested(outage id)` asks for the sheet
    that tells the crew its times."""

    timesRequested = Signal(str)

    def __init__(
        self,
        ops: Ops,
        notify: Telling,
        now: Callable[[], datetime],
        on_undo: Callable[[Undo], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ops = ops
        self._notify = notify
        self._now = now
        self._on_undo = on_undo
        self._outage_id = ""
        self._minute = -1
        self._rows: PeopleRows | None = None
        self._people: dict[str, FlightPerson] = {}
        self._drawn: object = None
        self.list = ListView("People of this flight", wraps=True)
        self.list.chosen.connect(lambda _key: self._show_one())
        self._whole = Card("People", bleed=True)
        self._whole.body.addWidget(self.list, 1)
        self.roles = RoleActs(ops, notify, on_undo, self)
        self.assign = button("Assign a role…", self._on_assign, tip="R")
        self.times = button("Times…", self._on_times, spoken="Times of the crew", tip="T")
        self._whole.head.addWidget(self.times)
        self._whole.head.addWidget(self.assign)
        self._one = Card("Person")
        columns = Columns(below=900)
        columns.left.addWidget(self._whole, 1)
        columns.right.addWidget(self._person_card(), 1)
        self._stack = QStackedWidget()
        self._stack.addWidget(columns)
        self._stack.addWidget(
            EmptyState(
                "Nobody is in this flight yet. Its plan names them: Actions, then Change.",
                button("Assign a role…", self._on_assign),
            )
        )
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(16), px(22), px(16))
        box.addWidget(self._stack)
        self.setFocusProxy(self.list)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        for key, word in (("Y", Word.YES), ("N", Word.NO), ("C", Word.CANNOT)):
            shortcut = QShortcut(QKeySequence(key), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(lambda word=word: self.say(word))

        for key, act in (("R", self._on_assign), ("T", self._on_times)):
            shortcut = QShortcut(QKeySequence(key), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(act)

    def _on_assign(self) -> None:
        if self._outage_id and not (self._rows is not None and self._rows.closed):
            self.roles.ask(self._outage_id)

    def _on_times(self) -> None:
        if self._rows is not None and self._rows.times.people:
            self.timesRequested.emit(self._outage_id)

    def show_outage(self, outage_id: str) -> None:
        if outage_id != self._outage_id:
            self._outage_id = outage_id
            self.list.model_rows.apply(())
        self.refresh()

    def refresh(self) -> None:
        if self._outage_id:
            self._ops.read(people_of, self._outage_id, then=self._show)

    def on_event(self, event: Event) -> None:
        watched = isinstance(event, StepsChanged | OutageChanged | LiveChanged)
        if self._outage_id and (
            isinstance(event, ChangedElsewhere) or (watched and event.outage_id == self._outage_id)
        ):
            self._settle.start()

    def tick(self, now: datetime) -> None:
        """Connect to the shell: minutes since each was heard."""
        minute = int(now.timestamp() // 60)
        if minute != self._minute and self.isVisible():
            self._minute = minute
            self.refresh()

    def keys(self) -> Sequence[tuple[str, str]]:
        return KEYS

    def focus_on(self, about: str) -> None:
        self.list.choose(about.casefold())

    def say(self, word: Word) -> None:
        """Recorded at once; for a no the reason is asked for afterwards."""
        person, rows = self._current(), self._rows
        if person is None or rows is None:
            return
        self._record(person, Confirmed(word), ask_why=word is not Word.YES)

    def _record(self, person: FlightPerson, answer: Confirmed, *, ask_why: bool) -> None:
        what = person.asked.what if person.asked else person.roles[0]

        def done(undo: Undo) -> None:
            self._on_undo(undo)
            if ask_why:
                self._ask_why(person, answer.word)

        self._ops.run(confirm, self._outage_id, person.name, what, answer, then=done, owner=self)

    def _ask_why(self, person: FlightPerson, word: Word) -> None:
        sheet = Sheet(
            self,
            f"{person.name} says {word.words}",
            "It is noted already. Why, and who steps in?",
            (Ask("why", "Reason", hint="on leave; Lindqvist steps in"),),
            "Note it",
        )

        def answered(answers: Answers) -> None:
            sheet.accept()
            if answers["why"]:
                self._record(person, Confirmed(word, answers["why"]), ask_why=False)

        sheet.answered.connect(answered)
        sheet.open()

    def _current(self) -> FlightPerson | None:
        row = self.list.current()
        return self._people.get(row.key) if row is not None else None

    def _show(self, rows: PeopleRows) -> None:
        if rows.outage_id != self._outage_id:
            return
        now = self._now()
        self._rows = rows
        self._people = {person.name.casefold(): person for person in rows.people}
        self.list.model_rows.apply([row_of(person, rows, now) for person in rows.people])
        count = len(rows.people)
        said = (f"{rows.confirmed} of {count} confirmed", rows.times.saved_words)
        self._whole.show_as("People", " · ".join(part for part in said if part))
        due = len(rows.times.due)
        self.times.setText(f"Times… ({due} to tell)" if due else "Times…")
        self.times.setVisible(bool(rows.times.people))
        self._stack.setCurrentIndex(0 if rows.people else 1)
        if rows.people and self.list.current() is None:
            self.list.choose(rows.people[0].name.casefold())
        self._show_one()

    def _person_card(self) -> Card:
        self._facts = QWidget()
        self._grid = QGridLayout(self._facts)
        self._grid.setContentsMargins(0, px(4), 0, px(8))
        self._grid.setHorizontalSpacing(px(18))
        self._grid.setVerticalSpacing(px(5))
        self._grid.setColumnStretch(1, 1)
        self.steps = ListView("Steps of this person", lead_width=32)
        self.steps.setMinimumHeight(px(90))
        self._asking = QWidget()
        line = QHBoxLayout(self._asking)
        line.setContentsMargins(0, 0, 0, px(10))
        line.setSpacing(px(8))
        line.addWidget(Words("Confirms the kick-off:", "muted"))
        for words, word in (("Yes  Y", Word.YES), ("No  N", Word.NO), ("Can’t  C", Word.CANNOT)):
            line.addWidget(
                button(
                    words,
                    lambda word=word: self.say(word),  # type: ignore[misc]
                    spoken=f"Confirms: {word.words}",
                )
            )
        line.addStretch(1)
        self._one.body.addWidget(self._facts)
        self._one.body.addWidget(self._asking)
        self._one.body.addWidget(self.steps, 1)
        self._nothing = Words("No step of their own.", "muted", wrap=True)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._one.body.addWidget(self._nothing, 1)
        return self._one

    def _show_one(self) -> None:
        person, rows = self._current(), self._rows
        if person is None or rows is None:
            return
        now = self._now()
        shown = [(name, text) for name, text in details(person, rows, now) if text]
        if (person, shown) == self._drawn:
            return
        self._drawn = (person, shown)
        said, tone = confirmation(person.asked, rows.zone)
        self._one.show_as(person.name, said, tone)
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, (name, text) in enumerate(shown):
            self._grid.addWidget(Words(name, "sub"), place, 0, Qt.AlignmentFlag.AlignTop)
            self._grid.addWidget(Words(text, wrap=True), place, 1)
        self._asking.setVisible(not rows.closed)
        self.assign.setVisible(not rows.closed)
        self.steps.model_rows.apply([_step_row(step) for step in person.steps])
        self.steps.setVisible(bool(person.steps))
        self._nothing.setVisible(not person.steps)


def _step_row(step: OwnStep) -> ListRow:
    return ListRow(key=step.code, title=step.title, lead=step.code, sub=step.state.words)
