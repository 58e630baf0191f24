"""From how many minutes on the crew is told again that a time of theirs moved."""

from __future__ import annotations

from collections.abc import Callable

from app.models.errors import ConsoleError
from app.services.settings.crew_times import (
    LEAST,
    MOST,
    MovedBy,
    change_crew_moved_by,
    crew_moved_by,
)
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.settings.parts import laid, line
from app.views.widgets.forms import Number
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, button


class CrewCard(Card):
    def __init__(self, ops: Ops, tell: Telling, on_undo: Callable[[Undo], object]) -> None:
        super().__init__("Times of the crew", "be ready, and free")
        self._ops, self._tell, self._on_undo = ops, tell, on_undo
        self._row: MovedBy | None = None
        self.minutes = Number()
        self.minutes.setRange(LEAST, MOST)
        self.minutes.setAccessibleName("Minutes from which a moved time is said again")
        self.minutes.valueChanged.connect(lambda _value: self._on_edited())
        self.save = button("Save the minutes", self._on_save)
        self.body.addLayout(
            line(
                Words("A time that moved is proposed to be said again from"),
                self.minutes,
                Words("minutes on."),
                self.save,
            )
        )
        self.refusal = Words("", "error", wrap=True)
        self.refusal.hide()
        self.body.addWidget(self.refusal)
        self._on_edited()

    def refresh(self) -> None:
        self._ops.read(crew_moved_by, then=self._show)

    def _show(self, row: MovedBy) -> None:
        untouched = self._row is None or self.minutes.value() == self._row.minutes
        self._row = row
        if untouched:
            with laid(self.minutes):
                self.minutes.setValue(row.minutes)
        self._on_edited()

    def _on_edited(self) -> None:
        edited = self._row is not None and self.minutes.value() != self._row.minutes
        self.save.setEnabled(edited)

    def _on_save(self) -> None:
        if self._row is None or not self.save.isEnabled():
            return
        self.refusal.hide()
        self.save.setEnabled(False)
        self._ops.run(
            change_crew_moved_by,
            self.minutes.value(),
            seen=self._row.version,
            then=self._on_saved,
            failed=self._on_refused,
            owner=self,
        )

    def _on_saved(self, undo: Undo) -> None:
        if self._row is not None:  # what is typed is what is stored, as soon as it is read again
            self._row = MovedBy(self._row.version, self.minutes.value())
        self._on_undo(undo)
        self._tell.info("The policy is changed; Ctrl+Z takes it back.")

    def _on_refused(self, refusal: ConsoleError) -> None:
        self._on_edited()
        self.refusal.setText(refusal.sentence)
        self.refusal.show()
