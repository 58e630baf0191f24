"""The timeline as Live shows it: compact, with the moments that matter named under it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QResizeEvent

from app.models.ids import StepId
from app.models.outages.lifecycle import CLOSED
from app.models.runbook import SETTLED
from app.models.times import speak_time, to_wall
from app.services.live.rows import LiveRows
from app.views.theme import Token, px
from app.views.widgets.forecast_line import ForecastLine
from app.views.widgets.panels import Card, button
from app.views.widgets.timeline_axis import back_ink, open_way_back
from app.views.widgets.timeline_legend import Legend
from app.views.widgets.timeline_view import Timeline


class TimelineCard(Card):
    """`opened(step_id)` on Enter; `ownScreenWanted` by the button beside the title."""

    opened = Signal(str)
    ownScreenWanted = Signal()

    def __init__(self) -> None:
        super().__init__("Timeline", "dashed planned · solid actual · ◆ critical path")
        self._here: StepId | None = None
        self._timeline = Timeline(compact=True)
        self._timeline.setMinimumHeight(px(75))
        self._timeline.opened.connect(self.opened)
        self._legend = Legend()
        self.own = button(
            "On its own screen", self.ownScreenWanted.emit, tone="link", tip="Shift+F11"
        )
        self.head.addWidget(self.own)
        self._forecast = ForecastLine()
        self.body.addWidget(self._forecast)
        self.body.addSpacing(px(4))
        self.body.addWidget(self._timeline, 1)
        self.body.addSpacing(px(6))
        self.body.addWidget(self._legend)

    def show_rows(self, rows: LiveRows, now: datetime) -> None:
        self._timeline.show_rows(rows, now)
        self._follow(rows)
        self._forecast.show_rows(rows)
        self._show_legend(rows, now)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What asks for room above does not hide where the flight is."""
        super().resizeEvent(event)
        if self._here is not None and event.size().height() < event.oldSize().height():
            QTimer.singleShot(0, self, self._reveal)

    def _reveal(self) -> None:
        if self._here is not None:
            self._timeline.reveal(self._here)

    def _follow(self, rows: LiveRows) -> None:
        """Where the flight is comes into sight when it has moved on; else nothing scrolls."""
        here = next((step.step_id for step in (*rows.running, *rows.following)), None)
        if here is None:
            here = next((bar.step_id for bar in rows.bars if bar.state not in SETTLED), None)
        if here is not None and here != self._here:
            self._timeline.reveal(here)
        self._here = here

    def tick(self, rows: LiveRows, now: datetime) -> None:
        self._timeline.tick(now)
        self._show_legend(rows, now)

    def _show_legend(self, rows: LiveRows, now: datetime) -> None:
        def clock(moment: datetime) -> str:
            return speak_time(to_wall(moment, rows.zone))

        parts = [(Token.BAD, f"window ends {clock(rows.promised_end)}")]
        if (back := open_way_back(rows)) is not None:
            parts.insert(0, (back_ink(back, now), f"way back {clock(back)}"))
        elif rows.past_return is not None and rows.state not in CLOSED:
            parts.insert(0, (Token.BAD, rows.past_return.words(rows.zone)))
        if rows.state not in CLOSED:
            parts.insert(0, (Token.ACCENT, f"now {clock(now)}"))
        self._legend.show_moments(parts)
