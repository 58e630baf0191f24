"""“Who decides”: the decision card over Live, with what was decided marked."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from app.services.live.decision_card import CardRow
from app.views.theme import px
from app.views.widgets.labels import Pill, Words
from app.views.widgets.panels import SentenceRow, button
from app.views.widgets.tone import Tone


class CardDialog(QDialog):
    """To read only: what needs a decision asks for it where it is done."""

    def __init__(self, parent: QWidget, code: str, rows: Sequence[CardRow]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"Who decides · {code}")
        box = QVBoxLayout(self)
        box.addStrut(px(560))
        box.setContentsMargins(px(22), px(18), px(22), px(18))
        box.setSpacing(px(8))
        box.addWidget(Words("Who decides", "title"))
        if not rows:
            box.addWidget(Words("The flight has no decision card.", "muted"))
        for place, row in enumerate(rows):
            mark = Pill("decided", Tone.OK) if row.decided else None
            box.addWidget(SentenceRow(row.title, row.sub, None, mark, separated=place > 0))
        line = QHBoxLayout()
        line.addStretch(1)
        close = button("Close", self.reject, tone="primary")
        line.addWidget(close)
        box.addLayout(line)
        close.setDefault(True)
        close.setFocus()
