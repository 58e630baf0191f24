"""Off-hours of a year: who had how much, by quarter, and what an hour counts."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QStackedWidget

from app.models.errors import ConsoleError
from app.models.rota.load import MOST, Weights
from app.services.rota.loads import LoadRow, LoadRows, change_weights, loads
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, EmptyState, button
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet
from app.views.widgets.wheels import calm

NAME = "Off-hours"
NOTHING = "Nobody led or had a step at night, on a weekend or a public holiday in {year}."


class LoadCard(Card):
    def __init__(self, ops: Ops, tell: Telling, on_undo: Callable[[Undo], object]) -> None:
        super().__init__(NAME, "the next owner is whoever had least", bleed=True)
        self._ops, self._tell, self._on_undo = ops, tell, on_undo
        self.rows: LoadRows | None = None
        self.year = QComboBox()
        self.year.setAccessibleName("Year")
        self.year.setMinimumHeight(px(28))
        calm(self.year)
        self.year.activated.connect(lambda _at: self.refresh())
        self.list = ListView("Off-hours of each person")
        self.list.setMinimumHeight(px(120))
        self.nothing = EmptyState("Counting…")
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self.nothing)
        self.body.addWidget(self._stack, 1)
        line = QHBoxLayout()
        line.setContentsMargins(px(8), px(6), px(8), 0)
        line.setSpacing(px(8))
        self.counts = Words("", "sub")
        line.addWidget(self.year)
        line.addWidget(self.counts, 1)
        line.addWidget(button("What an hour counts…", self.ask_weights))
        self.body.addLayout(line)

    def refresh(self) -> None:
        self._ops.read(loads, self.year.currentData(), then=self.show_rows)

    def show_rows(self, rows: LoadRows) -> None:
        self.rows = rows
        if self.year.findData(rows.year) < 0:  # the first look: this year, and those beside it
            for year in (rows.year - 1, rows.year, rows.year + 1):
                self.year.addItem(str(year), year)
            self.year.setCurrentIndex(1)
        self.list.model_rows.apply([_row(row) for row in rows.rows])
        self.nothing.say(NOTHING.format(year=rows.year))
        self._stack.setCurrentIndex(0 if rows.rows else 1)
        weights = rows.weights
        self.counts.setText(
            f"night {weights.night} %, weekend {weights.weekend} %, holiday {weights.holiday} %"
        )

    def ask_weights(self) -> Sheet | None:
        if self.rows is None:
            return None
        now = self.rows.weights
        asks = [
            Ask(key, f"An hour of {key}", Kind.NUMBER, value=str(value), most=MOST, unit=" %")
            for key, value in (
                ("night", now.night), ("weekend", now.weekend), ("holiday", now.holiday)
            )
        ]  # fmt: skip
        words = "100 % counts an hour as an hour. A holiday counts as that on a weekend, too."
        sheet = Sheet(self, "What an hour counts", words, asks, "Save")

        def done(undo: Undo) -> None:
            sheet.accept()
            self._on_undo(undo)
            self._tell.info("The policy is changed; Ctrl+Z takes it back.")
            self.refresh()

        def failed(refusal: ConsoleError) -> None:
            sheet.refuse(refusal.sentence)

        def answered(answers: Answers) -> None:
            wanted = Weights(*(int(answers[key]) for key in ("night", "weekend", "holiday")))
            self._ops.run(change_weights, wanted, then=done, failed=failed, owner=sheet)

        sheet.answered.connect(answered)
        sheet.open()
        return sheet


def _row(row: LoadRow) -> ListRow:
    quarters = " · ".join(f"Q{n} {hours:.1f}" for n, hours in enumerate(row.quarters, 1))
    flights = f"{row.flights} flight{'s' if row.flights != 1 else ''}"
    planned = f" · {row.planned:.1f} planned" if row.planned else ""
    return ListRow(
        key=row.person_id,
        title=row.name,
        sub=f"{quarters} · {flights}{planned}",
        trailing=f"{row.all:.1f} h",
    )
