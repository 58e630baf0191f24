"""What is had on paper or as a file, and what comes back from paper."""

from __future__ import annotations

from collections.abc import Callable

from app.models.outages.errands import Errand
from app.services.uow import Undo
from app.views.live.paper_sheet import PaperDesk
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.reports.actions import ReportActions, paper_here
from app.views.reports.numbers_page import NumbersPage
from app.views.shell import Section, Shell
from app.wiring.palette import Going

NUMBERS = "numbers"


class Papers:
    """`enter(outage_id)` opens the sheet that takes ticks from paper."""

    def __init__(
        self, shell: Shell, ops: Ops, tell: Telling, on_undo: Callable[[Undo], object]
    ) -> None:
        self._shell = shell
        self._ops = ops
        self._tell = tell
        self.reports = ReportActions(ops, tell, shell)
        self.enter = PaperDesk(ops, tell, on_undo, shell).open

    def section(self) -> Section:
        """The numbers of a period, reached from the outages."""
        return Section(
            NUMBERS,
            "Reports",
            "chart-bar",
            lambda: NumbersPage(self._ops, self._tell, paper_here()),
            within="outages",
        )

    def offer(self, going: Going) -> None:
        """In the palette."""
        going.offer(
            "Reports: outages in numbers",
            "on time, change success, off-hours load",
            lambda: self._shell.goto(NUMBERS),
            when=lambda: self._shell.has_section(NUMBERS),
        )

    def go(self, section: str, outage_id: str, action: str) -> bool:
        """False when it is none of these."""
        acts = {
            "packet": self.reports.preview,
            "packet_print": self.reports.print,
            "packet_pdf": self.reports.save_pdf,
            "packet_printed": self.reports.mark_printed,
            "paper": self.enter,
            "report": self.reports.save_report,
        }
        act = acts.get("packet" if action == Errand.PACKET.value else section)
        if act is not None:
            act(outage_id)
        elif section == NUMBERS:
            self._shell.goto(NUMBERS)
        return act is not None or section == NUMBERS
