"""What is had on paper or as a file, and what comes back from paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.models.outages.errands import Errand
from app.services.uow import Undo
from app.views.live.paper_sheet import PaperDesk
from app.views.live.times_sheet import TimesDesk
from app.views.notify import CountsDown
from app.views.ops import Ops
from app.views.reports.actions import ReportActions, paper_here
from app.views.reports.numbers_page import NumbersPage
from app.views.runbook.shelf_page import RunbooksPage
from app.views.shell import Section
from app.wiring.palette import Going

if TYPE_CHECKING:
    from app.wiring.window import Window

NUMBERS, RUNBOOKS = "numbers", "runbooks"


class Papers:
    """`enter(outage_id)` opens the sheet that takes ticks from paper, `times(outage_id)` that of
    the crew’s times."""

    def __init__(
        self,
        window: Window,
        ops: Ops,
        beside: Ops,
        tell: CountsDown,
        on_undo: Callable[[Undo], object],
    ) -> None:
        assert window.bridge is not None
        shell = self._shell = window.shell
        self._happened = window.bridge.happened
        self._ops = ops
        self._beside = beside
        self._tell = tell
        self._on_undo = on_undo
        self.reports = ReportActions(ops, tell, shell)
        self.enter = PaperDesk(ops, tell, on_undo, shell).open
        self.times = TimesDesk(ops, tell, shell).open

    def sections(self) -> tuple[Section, ...]:
        """Reached from the outages: the numbers of a period, and the runbooks."""
        return (
            Section(
                NUMBERS,
                "Reports",
                "chart-bar",
                lambda: NumbersPage(self._ops, self._tell, paper_here()),
                within="outages",
            ),
            Section(
                RUNBOOKS,
                "Runbooks",
                "list-checks",
                self._runbooks_page,
                within="outages",
            ),
        )

    def _runbooks_page(self) -> RunbooksPage:
        page = RunbooksPage(self._ops, self._beside, self._tell, self._on_undo)
        self._happened.connect(page.on_event)
        return page

    def offer(self, going: Going) -> None:
        """In the palette."""
        going.offer(
            "Reports: outages in numbers",
            "on time, change success, off-hours load",
            lambda: self._shell.goto(NUMBERS),
            when=lambda: self._shell.has_section(NUMBERS),
        )

        going.offer(
            "Runbooks: import, export, compare",
            "YAML, CSV, Markdown",
            lambda: self._shell.goto(RUNBOOKS),
            when=lambda: self._shell.has_section(RUNBOOKS),
        )

    def go(self, section: str, outage_id: str, action: str) -> bool:
        """False when it is none of these."""
        acts = {
            "packet": self.reports.preview,
            "packet_print": self.reports.print,
            "packet_pdf": self.reports.save_pdf,
            "packet_printed": self.reports.say_printed,
            "paper": self.enter,
            "report": self.reports.save_report,
            "report_preview": self.reports.preview_report,
        }
        act = acts.get("packet" if action == Errand.PACKET.value else section)
        if act is not None:
            act(outage_id)
        elif section in (NUMBERS, RUNBOOKS):
            self._shell.goto(section)
        return act is not None or section in (NUMBERS, RUNBOOKS)
