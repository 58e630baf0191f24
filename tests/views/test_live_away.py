"""Coming back: the window says what came due meanwhile, and goes on with the flight."""

from __future__ import annotations

from datetime import timedelta

from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from app.models.live.away import Away, Due
from app.services.live.away import AwayRow
from app.views.live.away_dialog import AwayDialog
from app.views.theme import Theme
from app.views.widgets.listing import ListView
from tests.makers import NOW, ZONE

AWAY = Away(NOW, NOW + timedelta(minutes=19))
DUE = (Due(NOW + timedelta(minutes=4), "the promised end"),)


def test_it_says_how_long_and_what_came_due_and_goes_on(theme: Theme, qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    gone: list[str] = []
    row = AwayRow("o1", "OUT-2025-001", "Firmware", ZONE, AWAY, DUE, "")
    dialog = AwayDialog(holder, [row], gone.append)
    dialog.show()
    words = " ".join(label.text() for label in dialog.findChildren(QLabel))
    assert "away 09:00–09:19 (19 min). What came due meanwhile:" in words
    [shown] = dialog.findChildren(ListView)
    assert [(r.title, r.lead) for r in shown.model_rows.rows()] == [("the promised end", "09:04")]
    dialog.live.click()
    assert gone == ["o1"]
