"""Whether it will be over in time, in two lines: the ends expected, and what eats the margin."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.live.margin import Outlook
from app.models.outages.lifecycle import FLYING
from app.models.times import speak_time, to_wall
from app.services.live.rows import LiveRows
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.tone import Tone, set_tone

TONES = {Outlook.SURE: Tone.OK, Outlook.TIGHT: Tone.WARN, Outlook.LATE: Tone.BAD}
MOST_EATEN = 2


class ForecastLine(QWidget):
    """Hidden while nothing is flown."""

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

    def show_rows(self, rows: LiveRows) -> None:
        self.setVisible(rows.state in FLYING)
        margin = rows.margin
        self.ends.setText(f"{ends_words(rows)} · {margin.outlook.words}, {margin.spare_words}")
        set_tone(self.ends, TONES[margin.outlook])
        eaten = ", ".join(each.words for each in margin.eaten[:MOST_EATEN])
        self.eaten.setText(f"Eats the margin: {eaten}." if eaten else "")
        self.eaten.setVisible(bool(eaten))


def ends_words(rows: LiveRows) -> str:
    """`Likely end 20:59 · 80 %: by 21:34`; one moment where they fall together."""

    def clock(moment: datetime) -> str:
        return speak_time(to_wall(moment, rows.zone))

    likely, high = clock(rows.margin.likely), clock(rows.margin.high)
    return f"Likely end {likely}" + (f" · 80 %: by {high}" if high != likely else "")
