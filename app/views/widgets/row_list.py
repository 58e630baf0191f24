"""A short list of rows, each perhaps with a button."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from app.views.widgets.kept_list import KeptLine, KeptList
from app.views.widgets.labels import plain_tip
from app.views.widgets.panels import Row, button
from app.views.widgets.tone import Tone, set_tone


@dataclass(frozen=True, slots=True)
class Line:
    """`about` names what it is of; as long as that and `act`, the word on its button, are the same
    it is the same row. No button without `act`. `subject` is for whoever hears of its press."""

    about: str
    title: str
    sub: str = ""
    tone: Tone = Tone.PLAIN
    act: str = ""
    act_tone: str = ""
    spoken: str = ""
    tip: str = ""
    subject: Any = None

    @property
    def same(self) -> tuple[str, str]:
        return self.about, self.act


_NOTHING = Line("", "")


class RowList(KeptList):
    """`pressed(Line)` by the button of a row, as that line is now."""

    pressed = Signal(object)

    def show_lines(self, lines: Sequence[Line], *, under: bool = False) -> None:
        """`under`: a rule parts the first from what stands above it."""
        self.show_items(lines, under=under)

    def make(self) -> KeptLine:
        made = _ListRow()
        made.act.clicked.connect(lambda _checked=False: self._on_clicked(made))
        return made

    def _on_clicked(self, row: KeptLine) -> None:
        if row.item is not None:
            self.pressed.emit(row.item)


class _ListRow(KeptLine):
    def __init__(self) -> None:
        super().__init__()
        self.act = button("")
        self._row = Row("", "", Tone.PLAIN, trailing=self.act, separated=True)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._row)

    def dress(self, item: Any, *, ruled: bool) -> None:
        before: Line = self.item or _NOTHING
        line: Line = item or _NOTHING
        self._row.show_as(line.title, line.sub, line.tone)
        self._row.separate(ruled)
        if (before.act, before.spoken) != (line.act, line.spoken):
            self.act.setText(line.act.replace("&", "&&"))
            self.act.setAccessibleName(line.spoken or line.act)
        if before.tip != line.tip:
            self.act.setToolTip(plain_tip(line.tip))
        set_tone(self.act, line.act_tone)
        self.act.setVisible(bool(line.act))
