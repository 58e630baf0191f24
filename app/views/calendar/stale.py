"""Layers from the web that could not be refreshed: since when, why, and asking again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Protocol

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.errors import ConsoleError
from app.services.calendar.web_known import StaleLayer
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.panels import button, clear
from app.views.widgets.tone import Tone, set_tone

MOST = 3
"""So many are told of; Import lists them all."""


class Refresh(Protocol):
    """Ask the web for a layer again; the answer comes to `owner` while it lives."""

    def __call__(
        self,
        owner: QObject,
        layer_id: str,
        *,
        then: Callable[[object], object],
        failed: Callable[[ConsoleError], object],
    ) -> object: ...


class StaleLayers(QWidget):
    """What was asked again and refused says why in its place."""

    def __init__(self, refresh: Refresh | None) -> None:
        super().__init__()
        self._refresh = refresh
        self._shown: tuple[StaleLayer, ...] = ()
        self._asking: set[str] = set()
        self._refused: dict[str, str] = {}
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, px(6))
        self._box.setSpacing(px(2))
        self.hide()

    def show_layers(self, layers: Sequence[StaleLayer]) -> None:
        if tuple(layers) != self._shown:
            self._shown = tuple(layers)
            self._refused.clear()
            self._fill()

    def sentences(self) -> list[str]:
        boxes = (self._box.itemAt(number) for number in range(self._box.count()))
        widgets = [item.widget() for item in boxes if item is not None]
        return [each.text() for each in widgets if isinstance(each, Words)]

    def ask(self, layer_id: str) -> None:
        """*Try again*."""
        if self._refresh is None or layer_id in self._asking:
            return
        self._asking.add(layer_id)
        self._refused.pop(layer_id, None)
        self._fill()

        def done(_found: object) -> None:
            self._asking.discard(layer_id)
            self._fill()

        def failed(error: ConsoleError) -> None:
            self._refused[layer_id] = error.sentence
            done(None)

        self._refresh(self, layer_id, then=done, failed=failed)

    def _fill(self) -> None:
        clear(self._box)
        for layer in self._shown[:MOST]:
            self._add(layer)
        left = len(self._shown) - MOST
        if left > 0:
            self._box.addWidget(Words(f"and {left} more; Import lists them all.", "sub", wrap=True))
        self.setVisible(bool(self._shown))

    def _add(self, layer: StaleLayer) -> None:
        asking = layer.id in self._asking
        head = Words(f"“{layer.name}” could not be refreshed.", wrap=True)
        set_tone(head, Tone.BAD)
        head.setContentsMargins(0, px(6), 0, 0)
        why = self._refused.get(layer.id, layer.why)
        for said in (head, Words(why, "sub", wrap=True), Words(layer.since, "sub", wrap=True)):
            self._box.addWidget(said)
        if self._refresh is None:
            return
        again = button(
            "Asking…" if asking else "Try again",
            partial(self.ask, layer.id),
            tone="link",
            spoken=f"Try again to refresh {layer.name}",
        )
        again.setEnabled(not asking)
        self._box.addWidget(again, 0, Qt.AlignmentFlag.AlignLeft)
