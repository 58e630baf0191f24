"""Who is away, as a part of a page: a person's absences, or those of everybody who takes turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.models.calendar.facts import IN_OUTLOOK
from app.models.directory.absences import Absence, clock_time
from app.models.errors import ConsoleError
from app.services.directory.absences import (
    AbsenceRow,
    AwayRows,
    add_absence,
    away_rows,
    change_absence,
    remove_absence,
)
from app.services.rota.turns import Changed
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.theme import px
from app.views.widgets.moments import DayEdit
from app.views.widgets.panels import SentenceRow, button, clear, tab_here
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet

MOST = 8
MOST_OUTLOOK = 3
Named = tuple[str, str]
"""(id, name) of a person."""


class AbsencePanel(QWidget):
    """`show_people` says whose; of one person the sentences leave the name out. `shown` once they
    stand here."""

    shown = Signal()

    def __init__(self, ops: Ops, tell: Telling, on_undo: Callable[[Undo], object]) -> None:
        super().__init__()
        self._ops, self._tell, self._on_undo = ops, tell, on_undo
        self._people: tuple[Named, ...] = ()
        self._rows: AwayRows | None = None
        self.setAccessibleName("Absences")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(6))
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        box.addLayout(self._list)
        line = QHBoxLayout()
        self.begin = button("Add absence…", lambda: self.add(), tip="Alt+A")
        line.addWidget(self.begin)
        line.addStretch(1)
        box.addLayout(line)

    def show_people(self, people: Sequence[Named]) -> None:
        if tuple(people) != self._people:
            self._people, self._rows = tuple(people), None
            clear(self._list)
        self.refresh()

    def refresh(self) -> None:
        if self._people:
            self._ops.read(away_rows, tuple(i for i, _ in self._people), then=self.show_rows)

    def show_rows(self, rows: AwayRows) -> None:
        if rows.of != {i for i, _ in self._people}:
            return
        if rows == self._rows:
            self.shown.emit()
            return
        self._rows = rows
        clear(self._list)
        typed = [row for row in rows.rows if row.typed]
        for row in typed[:MOST]:
            self._list.addWidget(SentenceRow(self._said(row), act=self._acts(row)))
        if len(typed) > MOST:
            self._list.addWidget(SentenceRow(f"{len(typed) - MOST} more, later."))
        theirs = [
            self._said(row).rstrip(".")
            for row in rows.rows
            if not row.typed and (self._alone or row.absence.kind != IN_OUTLOOK)
        ]
        if theirs:
            more = len(theirs) - MOST_OUTLOOK
            said = ", ".join(theirs[:MOST_OUTLOOK]) + (f" and {more} more" if more > 0 else "")
            self._list.addWidget(SentenceRow(f"{said}.", "Outlook says so; change it there."))
        if not typed and not theirs:
            self._list.addWidget(SentenceRow("No absence is known, now or to come."))
        tab_here(self)
        self.shown.emit()

    # --- acting ------------------------------------------------------------------------------

    def add(self, person: str = "", first: date | None = None) -> Sheet | None:
        """Ask for a new one. None: nothing is shown yet."""
        if self._rows is None:
            return None
        day = max(first or self._rows.today, self._rows.today)
        if self._alone:
            return self._ask("Add an absence", Absence(day, day), "Add it", self._people[0][0])
        return self._ask("Add an absence", Absence(day, day), "Add it", person, asks_person=True)

    def change(self, row: AbsenceRow) -> Sheet:
        title = f"Change an absence of {row.name}"
        return self._ask(title, row.absence, "Change it", row.person_id, row)

    def remove(self, row: AbsenceRow) -> None:
        self._ops.run(
            remove_absence, row.id, row.version,
            then=self._done, failed=lambda no: self._tell.error(no.sentence), owner=self,
        )  # fmt: skip

    @property
    def _alone(self) -> bool:
        return len(self._people) == 1

    def _said(self, row: AbsenceRow) -> str:
        return f"{row.when} ({row.absence.kind})" if self._alone else row.sentence

    def _acts(self, row: AbsenceRow) -> QWidget:
        both = QWidget()
        line = QHBoxLayout(both)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(6))
        for words, act in (("Change…", self.change), ("Remove", self.remove)):
            line.addWidget(button(words, lambda a=act: a(row), spoken=f"{words} {row.sentence}"))  # type: ignore[misc]
        return both

    def _ask(
        self,
        title: str,
        shown: Absence,
        yes: str,
        person: str,
        row: AbsenceRow | None = None,
        *,
        asks_person: bool = False,
    ) -> Sheet:
        def clock(name: str) -> str:
            at = getattr(shown, name)
            return at.isoformat("minutes") if at is not None else ""

        asks = [
            Ask("first", "First day", Kind.DAY, shown.first.isoformat()),
            Ask("last", "Last day", Kind.DAY, shown.last.isoformat()),
            Ask(
                "begins",
                "From",
                value=clock("begins"),
                hint="such as 13:00; empty: all of the first day",
            ),
            Ask(
                "ends",
                "Until",
                value=clock("ends"),
                hint="such as 17:00; empty: all of the last day",
            ),
            Ask("kind", "What it is", value=shown.kind, hint="It is said in conflicts, as “leave”"),
        ]
        if asks_person:
            asks.insert(
                0,
                Ask("person", "Who is away", Kind.FOUND, value=person, choices=self._people,
                    needed="Choose who it is; typing finds a name."),
            )  # fmt: skip
        words = "Both days are included, by the clocks where the person is."
        sheet = Sheet(self, title, words, asks, yes)

        def done(changed: Changed) -> None:
            sheet.accept()
            self._done(changed)

        def failed(refusal: ConsoleError) -> None:
            sheet.refuse(refusal.sentence)

        def answered(answers: Answers) -> None:
            try:
                typed = _absence(answers)
            except ConsoleError as refusal:
                failed(refusal)
                return
            if row is not None:
                self._ops.run(
                    change_absence, row.id, typed, row.version,
                    then=done, failed=failed, owner=sheet,
                )  # fmt: skip
            else:
                whose = answers["person"] if asks_person else person
                self._ops.run(add_absence, whose, typed, then=done, failed=failed, owner=sheet)

        sheet.answered.connect(answered)
        _keep_in_order(sheet)
        sheet.open()
        return sheet

    def _done(self, changed: Changed) -> None:
        self._on_undo(changed.undo)
        self._tell.info(f"{changed.sentence} Ctrl+Z takes it back.")
        self.refresh()


def _keep_in_order(sheet: Sheet) -> None:
    """The last day follows a first one that passes it."""
    first, last = sheet.editor("first"), sheet.editor("last")
    assert isinstance(first, DayEdit) and isinstance(last, DayEdit)
    first.dateChanged.connect(lambda day: last.setDate(max(day, last.date())))


def _absence(answers: Answers) -> Absence:
    """Raises BadInput."""
    return Absence(
        date.fromisoformat(answers["first"]),
        date.fromisoformat(answers["last"]),
        clock_time(answers["begins"]),
        clock_time(answers["ends"]),
        answers["kind"],
    )
