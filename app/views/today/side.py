"""The right column of Today: the days ahead, the crew, what waits to leave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QVBoxLayout

from app.services.outages.today_rows import ComingRow, CrewRow, WaitingRow
from app.views.theme import px
from app.views.tones import state_tone
from app.views.widgets.kept_list import KeptLine, KeptList
from app.views.widgets.labels import Words, initials_of
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, EmptyState, Row
from app.views.widgets.row_list import Line, RowList
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
        self._list, self._more = _Crew(), Words("", "sub")
        self.body.addWidget(self._list)
        self.body.addWidget(self._more)
        self.hide()

    def show_rows(self, rows: Sequence[CrewRow]) -> None:
        self.setVisible(bool(rows))
        self._list.show_items([_Member(row) for row in rows[:MOST_CREW]])
        self._more.setText(f"and {len(rows) - MOST_CREW} more")
        self._more.setVisible(len(rows) > MOST_CREW)


@dataclass(frozen=True, slots=True)
class _Member:
    row: CrewRow

    @property
    def same(self) -> str:
        return self.row.name


class _Crew(KeptList):
    def make(self) -> KeptLine:
        return _CrewLine()


class _CrewLine(KeptLine):
    def __init__(self) -> None:
        super().__init__()
        self._times = Words("", "mono")
        self._row = Row("", "", person=("", ""), trailing=self._times, separated=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._row)

    def dress(self, item: Any, *, ruled: bool) -> None:
        row = item.row if item is not None else CrewRow("", "", "")
        if self._row.avatar is not None and row.name != self._row.title.text():
            self._row.avatar.show_person(initials_of(row.name), row.name)
        self._row.show_as(row.name, row.sub)
        self._row.separate(ruled)
        self._times.setText(row.span)


class WaitingCard(Card):
    def __init__(self) -> None:
        super().__init__("Waiting to leave", "who sends it")
        self._list, self._more, self._nothing = RowList(), Words("", "sub"), EmptyState("")
        for part in (self._list, self._more, self._nothing):
            self.body.addWidget(part)
        self.body.addStretch(1)

    def show_rows(self, rows: Sequence[WaitingRow], *, complete: bool) -> None:
        shown = rows[:MOST_WAITING]
        self._list.show_lines([Line(r.key, r.words, r.sub, Tone.COMMS) for r in shown])
        self._more.setText(f"and {len(rows) - len(shown)} more")
        self._more.setVisible(len(rows) > len(shown))
        self.show_as("Waiting to leave", "who sends it" if rows else "")
        self._nothing.say("Nothing waits to leave." if complete else "Looking…")
        self._nothing.setVisible(not rows)
