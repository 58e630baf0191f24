"""The foot of the board: the flight in numbers, and what is done to its runbook."""

from __future__ import annotations

from datetime import datetime, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QWidget

from app.models.outages.lifecycle import CLOSED
from app.models.runbook import Slack
from app.models.times import WEEKDAYS, speak_span, speak_time, to_wall
from app.services.runbook.board import BoardRows
from app.views.theme import px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import Words
from app.views.widgets.panels import button, opens_menu
from app.views.widgets.tone import Tone, set_tone

SLACK = {Slack.OK: Tone.OK, Slack.WARN: Tone.WARN, Slack.BAD: Tone.BAD}


A_DAY = timedelta(hours=18)
"""After so long the same time could be meant of another day."""


class FootLine(QFrame):
    """The board's numbers in one line, which wraps when short of room."""

    addWanted = Signal()
    saveWanted = Signal()
    exportWanted = Signal()
    shelfWanted = Signal()
    paperWanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "foot")
        self.setAccessibleName("The flight in numbers")
        line = FlowLayout(self, gap=18)
        line.setContentsMargins(px(22), px(9), px(22), px(9))
        self._steps = Words("", "muted")
        self._path = Words("", "muted")
        self._end = _Number("Forecast end")
        self._change = _Number("")
        self._back = _Number("Way back until")
        self._no_return = Words("", "", Tone.BAD)
        for part in (
            self._steps, self._path, self._end, self._change, self._back, self._no_return,
        ):  # fmt: skip
            line.addWidget(part)
        self._add = button("Add a step…", self.addWanted.emit, tone="link", tip="A")
        line.addWidget(self._add)
        tip = "Enter what was ticked on paper (P)"
        line.addWidget(button("Paper…", self.paperWanted.emit, tone="link", tip=tip))
        menu = QMenu(self)
        menu.addAction("Save the steps as a runbook…", self.saveWanted.emit)
        menu.addAction("Export the steps…", self.exportWanted.emit)
        menu.addAction("All runbooks", self.shelfWanted.emit)
        runbook = button("Runbook", tone="link", tip="Save the steps, export them, compare")
        opens_menu(runbook, menu)
        line.addWidget(runbook)

    def show_rows(self, rows: BoardRows) -> None:
        foot = rows.foot

        # where the night is over long before the window is, a time alone could be of either day
        back = foot.way_back
        days = back is not None and abs(back - foot.forecast_end) >= A_DAY

        def clock(moment: datetime) -> str:
            wall = to_wall(moment, rows.zone)
            return f"{WEEKDAYS[wall.weekday()]} {speak_time(wall)}" if days else speak_time(wall)

        self.setVisible(bool(rows.cards))
        over = rows.state in CLOSED  # then nothing is forecast, and no way back is left open
        self._add.setVisible(not over)
        for part in (self._path, self._end):
            part.setVisible(not over)
        turned = "The way back: " if rows.turned_back else ""
        self._steps.setText(f"{turned}{foot.steps} steps · {foot.done} done")
        self._path.setText(f"Critical path {speak_span(foot.critical)}")
        late = foot.to_spare < timedelta()
        spare = f"({speak_span(foot.to_spare)} {'too late' if late else 'to spare'})"
        self._end.show_as(
            "Forecast end", clock(foot.forecast_end), spare, _spare_tone(foot.to_spare)
        )
        self._change.setVisible(bool(foot.next_change) and not rows.turned_back and not over)
        if foot.start_by is not None:
            self._change.show_as(
                f"Start {foot.next_change} by",
                clock(foot.start_by),
                "too late" if foot.start_by < rows.now else "",
                SLACK[foot.start_slack],
            )
        else:
            self._change.show_as(f"{foot.next_change} cannot be undone:", "decide", "", Tone.BAD)
        self._back.setVisible(back is not None and not rows.turned_back and not over)
        if back is not None:
            self._back.show_as("Way back until", clock(back), "", SLACK[foot.slack])
        if foot.past_return is not None:
            self._no_return.setText(foot.past_return.headline(rows.zone))
        self._no_return.setVisible(foot.past_return is not None and not over)


class _Number(QWidget):
    """Muted words with one toned number among them."""

    def __init__(self, words: str) -> None:
        super().__init__()
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(5))
        self._words = Words(words, "muted")
        self._number = Words("", "head")
        self._tail = Words("", "muted")
        for part in (self._words, self._number, self._tail):
            line.addWidget(part)

    def show_as(self, words: str, number: str, tail: str, tone: Tone) -> None:
        self._words.setText(words)
        self._number.setText(number)
        self._tail.setText(tail)
        self._tail.setVisible(bool(tail))
        set_tone(self._number, tone)
        self.setAccessibleName(" ".join(part for part in (words, number, tail) if part))
        self.updateGeometry()


def _spare_tone(spare: timedelta) -> Tone:
    if spare < timedelta():
        return Tone.BAD
    return Tone.WARN if spare < timedelta(minutes=15) else Tone.OK
