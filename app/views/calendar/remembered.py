"""What the calendar remembers of how it was left: hidden layers, which way to look."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSettings

from app.models.calendar.entries import Layer
from app.models.calendar.spans import Way
from app.models.errors import BadInput
from app.models.times import zone

_HIDDEN = "calendar/hidden"
_WAY = "calendar/view"
_BESIDE = "calendar/zone"
NO_ZONE = "none"


@dataclass(frozen=True, slots=True)
class Remembered:
    """In `window.ini`; with None nothing is kept."""

    path: Path | None = None

    def hidden(self) -> frozenset[Layer]:
        words = str(self._read(_HIDDEN)).split()
        return frozenset(layer for layer in Layer if layer.value in words)

    def way(self) -> Way:
        words = str(self._read(_WAY))
        return Way(words) if words in list(Way) else Way.MONTH

    def beside(self) -> str:
        """The zone of the week's second clock: UTC until another is chosen, empty for none."""
        words = str(self._read(_BESIDE)) or "UTC"
        try:
            return "" if words == NO_ZONE else zone(words).key
        except BadInput:
            return "UTC"

    def keep_beside(self, name: str) -> None:
        self._write(_BESIDE, name or NO_ZONE)

    def keep_hidden(self, hidden: frozenset[Layer]) -> None:
        self._write(_HIDDEN, " ".join(layer.value for layer in Layer if layer in hidden))

    def keep_way(self, way: Way) -> None:
        self._write(_WAY, way.value)

    def _read(self, name: str) -> object:
        if self.path is None:
            return ""
        return QSettings(str(self.path), QSettings.Format.IniFormat).value(name, "")

    def _write(self, name: str, value: str) -> None:
        if self.path is not None:
            QSettings(str(self.path), QSettings.Format.IniFormat).setValue(name, value)
