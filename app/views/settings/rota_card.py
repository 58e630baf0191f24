"""Who coordinates, month by month. A choice takes effect at once and can be undone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout

from app.models.errors import ConsoleError
from app.services.settings.rota import AHEAD, Rota, rota, set_month
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.settings.parts import laid
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, button
from app.views.widgets.wheels import calm

NOBODY = "nobody"


class RotaCard(Card):
    rotaRequested = Signal()

    def __init__(self, ops: Ops, tell: Telling, on_undo: Callable[[Undo], object]) -> None:
        super().__init__("Rota", "who coordinates")
        self._ops, self._tell, self._on_undo = ops, tell, on_undo
        self._rota: Rota | None = None
        self.names: list[Words] = []
        self.choices: list[QComboBox] = []
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(6))
        grid.setColumnStretch(1, 1)
        for number in range(AHEAD):
            name, choice = Words(""), QComboBox()
            choice.setMinimumHeight(px(28))
            choice.setAccessibleName("Coordinator")  # of which month is said once it is read
            calm(choice)
            choice.activated.connect(partial(self._on_chosen, number))
            grid.addWidget(name, number, 0)
            grid.addWidget(choice, number, 1)
            self.names.append(name)
            self.choices.append(choice)
        self.body.addLayout(grid)
        self.all = button("All turns, swaps and cover…", self.rotaRequested.emit, tone="link")
        self.body.addSpacing(px(8))
        self.body.addWidget(self.all, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addStretch(1)

    def refresh(self) -> None:
        self._ops.read(rota, then=self._show)

    def _show(self, found: Rota) -> None:
        self._rota = found
        for month, name, choice in zip(found.months, self.names, self.choices, strict=True):
            name.setText(month.words)
            choice.setAccessibleName(f"Coordinator in {month.words}")
            with laid(choice):
                choice.clear()
                if not month.person_id and month.names:  # several share it: shown, not chosen
                    choice.addItem(month.names, None)
                choice.addItem(NOBODY, "")
                for person_id, words in found.people:
                    choice.addItem(words, person_id)
                if month.person_id and choice.findData(month.person_id) < 0:
                    choice.addItem(month.names, month.person_id)
                wanted = choice.findData(month.person_id) if month.person_id else 0
                choice.setCurrentIndex(max(0, wanted))

    def _on_chosen(self, number: int, place: int) -> None:
        chosen = self.choices[number].itemData(place)
        if self._rota is None or chosen is None:
            return
        month = self._rota.months[number]
        if chosen == month.person_id and (chosen or not month.names):
            return
        self._ops.run(
            set_month,
            month.first,
            str(chosen),
            then=self._on_done,
            failed=self._on_refused,
            owner=self,
        )

    def _on_done(self, undo: Undo) -> None:
        self._on_undo(undo)
        self._tell.info("The rota is changed; Ctrl+Z takes it back.")
        self.refresh()

    def _on_refused(self, refusal: ConsoleError) -> None:
        self._tell.error(refusal.sentence)
        self.refresh()
