"""The time at the right of the header: the day and the local time, UTC beside it."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout

from app.views.widgets.labels import Words

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class HeaderClock(QVBoxLayout):
    def __init__(self) -> None:
        super().__init__()
        self._time: tuple[datetime, tzinfo] | None = None
        self._is_shown, self._is_short = True, False
        self._local, self._utc = Words("", "clock"), Words("", "clock")
        self._utc.setProperty("tone", "quiet")
        self.setSpacing(0)
        self.addStretch(1)
        for part in (self._local, self._utc):
            part.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.addWidget(part)
        self.addStretch(1)

    def show_time(self, now: datetime, zone: tzinfo) -> None:
        """`now` is aware. The date stands with the local time, UTC beside it when it differs."""
        self._time = (now, zone)
        local = now.astimezone(zone)
        utc = now.astimezone(UTC)
        name = local.tzname() or ""
        words = f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local:%H:%M}"
        same = local.utcoffset() == utc.utcoffset()
        if self._is_short:
            self._local.setText(f"{local:%H:%M} {name}")
            self._utc.setText("" if same else f"{utc:%H:%M} UTC")
        else:
            self._local.setText(words)
            self._utc.setText("UTC" if same else f"{name} · {utc:%H:%M} UTC")
        self.show_here(self._is_shown)
        self._local.setToolTip(words)
        self._local.setAccessibleName(f"Time here: {words} {name}")

    def shorten(self, short: bool) -> None:
        """Where room is short the day is left to the calendar."""
        if short != self._is_short:
            self._is_short = short
            if self._time is not None:
                self.show_time(*self._time)

    def show_here(self, shown: bool) -> None:
        """Whether there is room for it at all."""
        self._is_shown = shown
        self._local.setVisible(shown)
        self._utc.setVisible(shown and bool(self._utc.text()))
