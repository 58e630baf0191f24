"""What the calendar remembers of how it was left: its hidden layers, month or agenda."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QSettings

from app.models.calendar.entries import Layer

_HIDDEN = "calendar/hidden"
_AGENDA = "calendar/agenda"


@dataclass(frozen=True, slots=True)
class Remembered:
    """In `window.ini`; with None nothing is kept."""

    path: Path | None = None

    def hidden(self) -> frozenset[Layer]:
        words = str(self._read(_HIDDEN)).split()
        return frozenset(layer for layer in Layer if layer.value in words)

    def agenda(self) -> bool:
        return str(self._read(_AGENDA)) == "yes"

    def keep_hidden(self, hidden: frozenset[Layer]) -> None:
        self._write(_HIDDEN, " ".join(layer.value for layer in Layer if layer in hidden))

    def keep_agenda(self, agenda: bool) -> None:
        self._write(_AGENDA, "yes" if agenda else "")

    def _read(self, name: str) -> object:
        if self.path is None:
            return ""
        return QSettings(str(self.path), QSettings.Format.IniFormat).value(name, "")

    def _write(self, name: str, value: str) -> None:
        if self.path is not None:
            QSettings(str(self.path), QSettings.Format.IniFormat).setValue(name, value)
