"""What is printed of the calendar."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtGui import QPageLayout

from app.models.calendar.entries import Entry, Layer
from app.models.calendar.spans import Span, Way
from app.services.calendar.month import CalendarRows


@dataclass(frozen=True, slots=True)
class Printable:
    """`entries` are those of the layers shown, `left_out` the other layers, `printed` the moment in
    words. A year is one page, a quarter three months, a week is listed as an agenda is."""

    rows: CalendarRows
    span: Span
    entries: tuple[Entry, ...]
    left_out: tuple[Layer, ...]
    printed: str

    @property
    def listed(self) -> bool:
        return self.span.way in (Way.AGENDA, Way.WEEK)

    @property
    def name(self) -> str:
        return f"{'Agenda' if self.listed else 'Calendar'} {self.span.words}"

    @property
    def orientation(self) -> QPageLayout.Orientation:
        way = QPageLayout.Orientation
        return way.Portrait if self.listed else way.Landscape
