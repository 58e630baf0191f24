"""You were away: from when until when, and what came due meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.models.live.away import Due
from app.models.times import speak_span, speak_time, to_wall
from app.services.live.away import AwayRow
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import button
from app.views.widgets.tone import Tone

MOST_SEEN = 6
"""Lines; more are scrolled to."""


class AwayDialog(QDialog):
    """Stays until it is put away; `go(outage_id)` opens Live. It is in the log already. `over`:
    it comes over what somebody does, so Enter only puts it away."""

    def __init__(
        self,
        parent: QWidget,
        rows: Sequence[AwayRow],
        go: Callable[[str], object],
        *,
        over: bool = False,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("You were away")
        self._go = go
        self._first = rows[0].outage_id
        box = QVBoxLayout(self)
        box.addStrut(px(520))
        box.setContentsMargins(px(22), px(18), px(22), px(18))
        box.setSpacing(px(12))
        box.addWidget(Words("You were away", "title"))
        for row in rows:
            said = f"{row.code} {row.title}: {row.away.said(row.zone)}"
            box.addWidget(Words(f"{said} ({speak_span(row.away.span)}).", wrap=True))
        listed = [_line(row, due, len(rows) > 1) for row in rows for due in row.due]
        box.addWidget(
            Words("What came due meanwhile:" if listed else "Nothing came due meanwhile.", "head")
        )
        if listed:
            self._list(box, listed)
        line = QHBoxLayout()
        line.addStretch(1)
        close = button("Close", self.reject)
        line.addWidget(close)
        self.live = button("Go on with the flight", self._on_go, tone="primary")
        line.addWidget(self.live)
        box.addLayout(line)
        first = close if over else self.live
        first.setDefault(True)
        first.setFocus()

    def _list(self, box: QVBoxLayout, listed: list[ListRow]) -> None:
        shown = ListView("What came due meanwhile")
        shown.model_rows.apply(listed)
        shown.setFixedHeight(px(52 * min(len(listed), MOST_SEEN)))
        box.addWidget(shown)

    def _on_go(self) -> None:
        self.accept()
        self._go(self._first)


def _line(row: AwayRow, due: Due, named: bool) -> ListRow:
    return ListRow(
        key=f"{row.outage_id} {due.at} {due.words}",
        lead=speak_time(to_wall(due.at, row.zone)),
        title=due.words,
        sub=f"{row.code} {row.title}" if named else "",
        tone=Tone.WARN,
    )
