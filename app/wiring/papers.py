"""What is had on paper or as a file, and what comes back from paper."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from app.models.live.learnt import Lesson
from app.models.outages.errands import Errand
from app.models.reports.after_action import AfterAction
from app.models.reports.after_document import edits_offered
from app.models.reports.packet import Paper
from app.services.events import ChangedElsewhere, DirectoryChanged, OutageChanged
from app.services.live.rehearsing import Learnt, carry_back, learnt_on_flight
from app.services.reports.building import after_action_data, paper_here
from app.services.uow import Undo
from app.views.live.learnt_dialog import LearntDialog
from app.views.live.paper_sheet import PaperDesk
from app.views.live.times_sheet import TimesDesk
from app.views.notify import CountsDown
from app.views.ops import Ops
from app.views.reports.actions import ReportActions
from app.views.reports.numbers_page import NumbersPage
from app.views.runbook.shelf_page import RunbooksPage
from app.views.settings.page import Part
from app.views.shell import Section
from app.wiring.palette import Going
from app.wiring.rota_side import ROTA, RotaSide

if TYPE_CHECKING:
    from app.wiring.window import Window

NUMBERS, RUNBOOKS = "numbers", "runbooks"
_PLACES = (NUMBERS, RUNBOOKS, ROTA)


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
        self._happened.connect(self._on_event)
        self._paper, self._has_home = Paper.A4, False
        self.reports = ReportActions(ops, tell, shell, paper=self.paper)
        self._rota = RotaSide(window, ops, on_undo, self.paper)
        self.enter = PaperDesk(ops, tell, on_undo, shell).open
        self.times = TimesDesk(ops, tell, shell).open

    def sections(self) -> tuple[Section, ...]:
        """Reached from the outages: the numbers of a period, and the runbooks. From now on there
        is an organisation."""
        self._has_home = True
        self._look_at_paper()
        return (
            Section(
                NUMBERS,
                "Reports",
                "chart-bar",
                lambda: NumbersPage(self._ops, self._tell, self.paper()),
                within="outages",
            ),
            Section(
                RUNBOOKS,
                "Runbooks",
                "list-checks",
                self._runbooks_page,
                within="outages",
            ),
            *self._rota.sections(),
        )

    def paper(self) -> Paper:
        """What the organisation prints on."""
        return self._paper

    def _look_at_paper(self) -> None:
        def found(paper: Paper) -> None:
            self._paper = paper

        self._ops.read(paper_here, then=found, owner=self._shell)

    def _runbooks_page(self) -> RunbooksPage:
        page = RunbooksPage(self._ops, self._beside, self._tell, self._on_undo)
        self._happened.connect(page.on_event)
        return page

    def offer(self, going: Going) -> None:
        """In the palette."""
        self._rota.offer(going)
        going.offer(
            "Reports: outages in numbers",
            "on time, change success, off-hours load",
            lambda: self._shell.goto(NUMBERS),
            when=lambda: self._shell.has_section(NUMBERS),
        )

        going.offer(
            "Keep the store in a second folder, too",
            "copy, share or stick, for a take-over",
            lambda: self._shell.goto("settings", Part.STORE.value),
            when=lambda: self._shell.has_section("settings"),
        )
        going.offer(
            "Take over a flight from a second folder",
            "deputy, another laptop, share or stick",
            lambda: self._shell.goto("settings", Part.STORE.value),
            when=lambda: self._shell.has_section("settings"),
        )
        going.offer(
            "Status page for everybody",
            "what people were told, as HTML, RSS and Atom in a folder",
            lambda: self._shell.goto("settings", Part.COMPUTER.value),
            when=lambda: self._shell.has_section("settings"),
        )
        going.offer(
            "Runbooks: import, export, compare",
            "YAML, CSV, Markdown",
            lambda: self._shell.goto(RUNBOOKS),
            when=lambda: self._shell.has_section(RUNBOOKS),
        )

    def _on_event(self, event: object) -> None:
        """The report is drafted as soon as the flight has ended."""
        if isinstance(event, DirectoryChanged | ChangedElsewhere) and self._has_home:
            self._look_at_paper()
        if isinstance(event, OutageChanged) and event.ended:
            self._ops.read(
                after_action_data, event.outage_id, then=self._on_drafted, owner=self._shell
            )

    def _on_drafted(self, report: AfterAction) -> None:
        if report.ended is None:
            return  # its end was undone
        taught = len(edits_offered(report))
        more = f", with {taught} {'edit' if taught == 1 else 'edits'} for the runbook"
        self._tell.info(
            f"The after-action report of {report.code} is drafted{more if taught else ''}.",
            action=("Read it", lambda: self.reports.show_report(report)),
        )

    def ask_what_it_taught(self, outage_id: str) -> None:
        """What to change in the runbook, each to be ticked."""
        self._ops.read(learnt_on_flight, outage_id, then=self._show_lessons, owner=self._shell)

    def _show_lessons(self, found: Learnt) -> None:
        def carry(taken: Sequence[Lesson]) -> None:
            self._ops.run(
                carry_back, found, taken, found.code,
                then=carried, failed=dialog.refuse, owner=dialog,
            )  # fmt: skip

        def carried(undo: Undo) -> None:
            dialog.accept()
            self._on_undo(undo)
            self._tell.info(f"Carried back to the runbook “{found.flown.name}”.")

        dialog = LearntDialog(self._shell, found.code, found, carry)
        dialog.open()

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
            "lessons": self.ask_what_it_taught,
        }
        act = acts.get("packet" if action == Errand.PACKET.value else section)
        if act is not None:
            act(outage_id)
        elif section in _PLACES:
            self._shell.goto(section)
        return act is not None or section in _PLACES
