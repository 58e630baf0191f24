"""The board of 1,000 cards, from rows in memory to painted pixels."""

from __future__ import annotations

import sys

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from app.models.ids import StepId
from app.models.runbook import Column
from app.views.runbook.board_model import BoardModel, CardRow
from app.views.runbook.board_view import BoardView
from app.views.theme import Look, Theme
from tests.bench.measure import promise, quiet, seconds

LIMIT_MS = 50.0
CARDS = 1_000
ROUNDS = 15


def cards(round_: int) -> list[CardRow]:
    """New rows each round, so that nothing painted before can be shown again."""
    columns = list(Column)
    return [
        CardRow(
            step_id=StepId(f"{round_}-{number}"),
            version=1,
            code=str(number + 1),
            title=f"Flash controller {number} of rack {round_}",
            column=columns[number % len(columns)],
            meta=("25 min", f"after {number}", "sw-core-1"),
            initials="KI",
        )
        for number in range(CARDS)
    ]


def main() -> int:
    app = QApplication([])
    Theme(app, Look.DARK)
    model = BoardModel()
    view = BoardView(model)
    view.resize(1_180, 640)
    view.show()
    app.processEvents()
    image = QImage(view.size(), QImage.Format.Format_ARGB32_Premultiplied)

    def show(rows: list[CardRow]) -> None:
        model.apply(rows)
        painter = QPainter(image)
        view.render(painter, QPoint())
        painter.end()

    taken = []
    for round_ in range(ROUNDS):
        rows = cards(round_)
        taken.append(seconds(lambda rows=rows: show(rows)) * 1e3)  # type: ignore[misc]
    print(f"  {min(taken):.1f} to {max(taken):.1f} ms")
    return 0 if promise("board-1000-cards-ms", quiet(taken), LIMIT_MS) else 1


if __name__ == "__main__":
    sys.exit(main())
