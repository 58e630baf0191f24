"""Further steps in progress, and blocked ones, under the first of the Now card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from app.models.runbook import StepState
from app.services.live.rows import LiveStep
from app.views.theme import px
from app.views.widgets.kept_list import KeptLine, KeptList
from app.views.widgets.panels import Row, button, rule
from app.views.widgets.tone import Tone

CROWDED = 420
"""Narrower than this (design pixels) the buttons stand under the words, which say the step."""
_BLOCKED = (("Why…", "why"), ("Unblock", "unblock"))
_RUNNING = (("Heard", "hear"), ("Blocked", "block"), ("Done", "done"))
"""What can be done of it: the word on the button and the act."""


@dataclass(frozen=True, slots=True)
class Other:
    """A step, and the words under its label."""

    step: LiveStep
    sub: str

    @property
    def same(self) -> tuple[object, ...]:
        return self.step.step_id, self.step.label, self.step.state

    @property
    def acts(self) -> tuple[tuple[str, str], ...]:
        return _BLOCKED if self.step.state is StepState.BLOCKED else _RUNNING


class OtherSteps(KeptList):
    """`pressed(how, LiveStep)` by a button of one, as that step is now."""

    pressed = Signal(str, object)

    def make(self) -> KeptLine:
        made = _OtherStep()
        made.pressed.connect(lambda how: self.pressed.emit(how, made.item.step))
        return made


class _OtherStep(KeptLine):
    pressed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._row = Row("", "", Tone.INFO, wraps=True)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(rule())
        acts = QWidget()
        line = QHBoxLayout(acts)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(px(6))
        line.addStretch(1)
        self._buttons = [button("") for _ in _RUNNING]
        for place, made in enumerate(self._buttons):
            made.clicked.connect(lambda _checked=False, place=place: self._on_clicked(place))
            line.addWidget(made)
        self._line = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._line.setSpacing(px(6))
        self._line.addWidget(self._row, 1)
        self._line.addWidget(acts, 0)
        outer.addLayout(self._line)

    def dress(self, item: Any, *, ruled: bool) -> None:
        other: Other | None = item
        before: Other | None = self.item
        self._row.show_as(
            other.step.label if other else "",
            other.sub if other else "",
            Tone.BAD if other and other.step.state is StepState.BLOCKED else Tone.INFO,
        )
        if before is None or other is None or before.same != other.same:
            acts = other.acts if other is not None else ()
            for place, made in enumerate(self._buttons):
                words = acts[place][0] if place < len(acts) else ""
                made.setText(words)
                made.setAccessibleName(f"{words} {other.step.label}" if other and words else "")
                made.setVisible(bool(words))

    def _on_clicked(self, place: int) -> None:
        if self.item is not None:
            self.pressed.emit(self.item.acts[place][1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        crowded = self.width() < px(CROWDED)
        ways = QBoxLayout.Direction
        way = ways.TopToBottom if crowded else ways.LeftToRight
        if self._line.direction() != way:
            self._line.setDirection(way)
            self._line.setContentsMargins(0, 0, 0, px(8) if crowded else 0)
            self.updateGeometry()
