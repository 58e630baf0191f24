"""The right column of Today: the days ahead, the crew, what waits to leave."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Signal

from app.services.outages.today_rows import ComingRow, CrewRow, WaitingRow
from app.views.theme import px
from app.views.tones import state_tone
from app.views.widgets.labels import Words, initials_of
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, EmptyState, Row, clear
from app.views.widgets.tone import Tone

MOST_COMING = 7
MOST_CREW = 8
MOST_WAITING = 8


class ComingCard(Card):
    """Opened by one click or Enter."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__("Next 14 days", bleed=True)
        self.list = ListView("Next 14 days", lead_width=62)
        self.list.opened.connect(self.opened)
        self.list.clicked.connect(self._on_clicked)
        self._nothing = EmptyState("No window in the next 14 days.")
        self._looking = EmptyState("Looking…")
        for part in (self.list, self._nothing, self._looking):
            self.body.addWidget(part)

    def show_rows(self, rows: Sequence[ComingRow], *, complete: bool) -> None:
        self.list.model_rows.apply([_coming(row) for row in rows])
        self.list.setVisible(bool(rows))
        self._nothing.setVisible(not rows and complete)
        self._looking.setVisible(not rows and not complete)
        if rows:
            high = max(self.list.sizeHintForRow(0), px(40))
            self.list.setFixedHeight(high * min(len(rows), MOST_COMING) + 2)
        self.show_as("Next 14 days", f"{len(rows)} windows" if len(rows) > MOST_COMING else "")

    def _on_clicked(self, index: QModelIndex) -> None:
        self.opened.emit(self.list.model_rows.row(index.row()).key)


def _coming(row: ComingRow) -> ListRow:
    return ListRow(
        key=row.outage_id,
        title=row.title,
        sub=row.sub,
        lead=row.day,
        pill=row.owed or row.state.words.lower(),
        pill_tone=Tone.BAD if row.owed else state_tone(row.state),
    )


class CrewCard(Card):
    """Absent while no window is near: who is asleep needs no times."""

    def __init__(self) -> None:
        super().__init__("Tonight’s crew", "be ready – released")
        self._shown: Sequence[CrewRow] = ()
        self.hide()

    def show_rows(self, rows: Sequence[CrewRow]) -> None:
        self.setVisible(bool(rows))
        if rows == self._shown:
            return
        self._shown = rows
        clear(self.body)
        for place, row in enumerate(rows[:MOST_CREW]):
            person = (initials_of(row.name), row.name)
            times = Words(row.span, "mono")
            self.body.addWidget(
                Row(row.name, row.sub, person=person, trailing=times, separated=place > 0)
            )
        if len(rows) > MOST_CREW:
            self.body.addWidget(Words(f"and {len(rows) - MOST_CREW} more", "sub"))


class WaitingCard(Card):
    def __init__(self) -> None:
        super().__init__("Waiting to leave", "who sends it")
        self._shown: Sequence[WaitingRow] | None = None

    def show_rows(self, rows: Sequence[WaitingRow], *, complete: bool) -> None:
        if rows == self._shown and rows:
            return
        self._shown = rows
        clear(self.body)
        for place, row in enumerate(rows[:MOST_WAITING]):
            self.body.addWidget(Row(row.words, row.sub, Tone.COMMS, separated=place > 0))
        if len(rows) > MOST_WAITING:
            self.body.addWidget(Words(f"and {len(rows) - MOST_WAITING} more", "sub"))
        self.show_as("Waiting to leave", "who sends it" if rows else "")
        if not rows:
            self.body.addWidget(EmptyState("Nothing waits to leave." if complete else "Looking…"))
        self.body.addStretch(1)
