"""What of the calendar leaves the window: paper, PDF, and files for others."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.models.calendar.month import DAYS
from app.models.times import speak_moment
from app.services.calendar.month import CalendarRows, entries
from app.views.calendar.in_front import InFront
from app.views.calendar.paper_acts import PaperActs, PaperHere
from app.views.calendar.paper_sheet import Printable
from app.views.calendar.publish import Publishing
from app.views.calendar.rows import shown_of
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.page import HeaderAction


class Sharing(QObject):
    def __init__(
        self,
        ops: Ops,
        tell: Telling,
        now: Callable[[], datetime],
        paper_here: PaperHere,
        in_front: Callable[[], InFront],
        over: QWidget,
    ) -> None:
        super().__init__(over)
        self._ops = ops
        self._now = now
        self._in_front = in_front
        self.papers = PaperActs(tell, paper_here, over)
        self.publishing = Publishing(ops, tell, now, paper_here, over)

    def choices(self) -> tuple[HeaderAction, ...]:
        """For a menu."""
        return (*self.papers.choices(self.paper), self.publishing.choice(self._in_front))

    def preview(self) -> None:
        self.papers.do(self.papers.preview, self.paper)

    def paper(self, then: Callable[[Printable], object]) -> None:
        """What is in front, for paper: whole months, without the hidden layers, narrowed as it
        is."""
        here = self._in_front()
        span = here.span

        def made(rows: CalendarRows) -> None:
            printed = speak_moment(self._now(), rows.zone)
            then(Printable(rows, span, shown_of(rows, here.hidden), here.left_out, printed))

        first, last = span.months[0].weeks()[0], span.months[-1].weeks()[-1]
        until = max(span.ends, last + timedelta(days=DAYS - 1))
        self._ops.read(entries, first, until, here.sieve, then=made, owner=self)
