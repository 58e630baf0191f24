"""Whether it will be over in time, in two lines: the ends expected, and what eats the margin."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.live.margin import Margin, Outlook
from app.models.outages.lifecycle import FLYING, State
from app.models.times import speak_time, to_wall
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.tone import Tone, set_tone

TONES = {Outlook.SURE: Tone.OK, Outlook.TIGHT: Tone.WARN, Outlook.LATE: Tone.BAD}
MOST_EATEN = 2


class Foreseen(Protocol):
    """What there is to know of a flight's end; Live's rows and the Timeline tab's have it."""

    @property
    def state(self) -> State: ...
    @property
    def zone(self) -> str: ...
    @property
    def margin(self) -> Margin: ...
    @property
    def plan_end(self) -> datetime: ...


class ForecastLine(QWidget):
    """Hidden while nothing is flown; what is the same is not drawn again."""

    def __init__(self) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, px(6))
        box.setSpacing(px(2))
        self.ends = Words("", "", wrap=True)
        self.eaten = Words("", "muted", wrap=True)
        box.addWidget(self.ends)
        box.addWidget(self.eaten)
        self.hide()

    def show_rows(self, rows: Foreseen) -> None:
        self.setVisible(rows.state in FLYING)
        self.ends.setText(ends_words(rows))
        set_tone(self.ends, TONES[rows.margin.outlook])
        eaten = eaten_words(rows.margin)
        self.eaten.setText(eaten)
        self.eaten.setVisible(bool(eaten))


def ends_words(rows: Foreseen) -> str:
    """`Likely end 20:59 (plan 20:55) · 80 %: by 21:34 · in time, 61 min to spare`."""

    def clock(moment: datetime) -> str:
        return speak_time(to_wall(moment, rows.zone))

    likely, high, plan = (clock(m) for m in (rows.margin.likely, rows.margin.high, rows.plan_end))
    planned = f" (plan {plan})" if plan != likely and rows.state is not State.BACKING_OUT else ""
    within = f" · 80 %: by {high}" if high != likely else ""
    spare = f"{rows.margin.outlook.words}, {rows.margin.spare_words}"
    return f"Likely end {likely}{planned}{within} · {spare}"


def eaten_words(margin: Margin) -> str:
    """`Eats the margin: 7 Drain clients 4 min over.`; empty when nothing does."""
    eaten = ", ".join(each.words for each in margin.eaten[:MOST_EATEN])
    return f"Eats the margin: {eaten}." if eaten else ""
