"""The pages behind the frame, each built by hand with what it needs. Imports the services."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from app.models.errors import ConsoleError
from app.models.outages.errands import Errand, errand_of
from app.models.runbook import StepKind
from app.models.times import zone
from app.services.directory.setting_up import home
from app.services.events import ChangedElsewhere, DirectoryChanged, OccurrencesStale
from app.services.outages.today_rows import TodayRows
from app.services.outages.today_turns import today_in_turns
from app.services.sample.loading import load_sample
from app.services.settings.restore import Ready, put_in_place
from app.services.settings.taking_over import ReadyToTake, take_over
from app.views.calendar.page import CalendarPage
from app.views.calendar.remembered import Remembered
from app.views.changes.evidence_keeping import EvidenceKeeping
from app.views.changes.panel import ChangesPanel
from app.views.directory.import_page import ImportPage
from app.views.directory.importing_job import ImportJob
from app.views.directory.page import DirectoryPage
from app.views.live.comms_page import CommsPage
from app.views.live.page import LivePage
from app.views.live.replay_dialog import ReplayDialog
from app.views.log.panel import LogPanel
from app.views.notices.communication_page import CommunicationTab
from app.views.notify_desktop import DesktopNotices
from app.views.ops import Beside, Ops
from app.views.outages.page import OutagesPage
from app.views.outages.people_page import PeoplePage
from app.views.runbook.board_page import BoardPage
from app.views.runbook.step_acts import StepActs
from app.views.runbook.timeline_page import TimelinePage
from app.views.settings.first_start_page import FirstStartPage
from app.views.settings.own_zone import own_zone
from app.views.settings.page import Keeping, Part, SettingsPage
from app.views.settings.take_over_card import TakeOverCard
from app.views.shell import Section
from app.views.widgets.remembering import remember_panes
from app.wiring.away import AwayWatch
from app.wiring.counts import show_counts
from app.wiring.crew import CrewSide
from app.wiring.handing_side import HandingSide
from app.wiring.live import LiveWindows
from app.wiring.notices_side import NoticesSide
from app.wiring.outside import Outside
from app.wiring.palette import Going
from app.wiring.papers import RUNBOOKS, Papers
from app.wiring.places import go_to_place
from app.wiring.rehearsal_side import RehearsalSide
from app.wiring.sample_strip import SampleStrip
from app.wiring.saying import said_of, said_of_taken
from app.wiring.screens import Screen, every_screen
from app.wiring.second_folder import SecondSide
from app.wiring.working_out import work_out

if TYPE_CHECKING:
    from app.wiring.window import Window

BESIDE_THREADS = 2
OUTGOING = "outgoing"
"""Where, in the data folder, notices are saved for the mail program."""


class Pages:
    """Builds the sections of an open store and carries what one page asks of another."""

    def __init__(self, window: Window) -> None:
        assert window.ops is not None and window.undoing is not None
        assert window.bridge is not None and window.console is not None
        self._window = window
        self._shell = window.shell
        self._ops = window.ops
        self._push, self._undo = window.undoing.push, window.undoing.undo
        self._store = window.console.store
        self._happened = window.bridge.happened
        self._now = window.clock.now
        self._tell = window.shell.notify
        self._zone = "UTC"
        self._threads = Beside(BESIDE_THREADS)
        self._beside = Ops(self._threads, self._tell, window.open_log, window)
        self._steps = StepActs(self._ops, self._tell, self._push, lambda: self._store.actor.name)
        self._steps.actRequested.connect(self._on_act_requested)
        self._papers = Papers(window, self._ops, self._beside, self._tell, self._push)
        self._notices = NoticesSide(
            window, self._ops, self._push, lambda i, kind: self._to_outage(i, Errand.NOTICE, kind)
        )
        self._live = LiveWindows(window, self._live_page, self._comms_page, self._undo)
        self._job = ImportJob(self._store, self._beside, window)
        self.outside = Outside(
            window,
            self._beside,
            self._push,
            window.folder / OUTGOING,
            lambda outage_id: self._to_outage(outage_id, Errand.OPEN),
        )
        self.crew = CrewSide(window, self._beside)
        self.second = SecondSide(window, self._beside)
        self.away = AwayWatch(window, self._beside)
        self.going = Going(window, self.go)
        self.rehearsal = RehearsalSide(window, self._beside, self.going)
        self.desktop = DesktopNotices(window.settings, window)
        self.desktop.chosen.connect(self._shell.come_forward)
        self.going.offer(
            "About Flight Console",
            "version, folders, licence",
            lambda: self._shell.goto("settings", Part.COMPUTER.value),
            when=lambda: self._shell.has_section("settings"),
        )
        self.handing = HandingSide(window, self.outside)
        self._live.offer(self.going)
        self._papers.offer(self.going)
        self._notices.offer(self.going)
        self.sample = SampleStrip(window, self._beside)
        self.going.offer(
            "Leave the sample…",
            "begin with your own organisation",
            self.sample.ask_to_leave,
            when=lambda: self.sample.is_sample,
        )
        window.leaving.connect(self._leave)
        self._happened.connect(self._on_event)
        self._furnish_today()
        if self._store.organisation_id:
            self._furnish()
        else:
            self._first_start()

    # --- the sections -----------------------------------------------------------------------

    def _furnish_today(self) -> None:
        page = self._window.today
        page.goRequested.connect(self.go)
        page.shown.connect(self._on_today)
        self._happened.connect(page.on_event)

    def go_on(self) -> None:
        """Where the window was when it was closed, unless somebody chose a section already."""
        last = self._shell.last_section
        chosen = self._shell.was_chosen or self._shell.current != "today"
        if last and self._shell.has_section(last) and not chosen:
            self._shell.goto(last)

    def _first_start(self) -> None:
        self._shell.add_section(Section("begin", "Begin", "flag", self._begin_page))
        self._shell.add_section(Section("import", "Import", "download-simple", self._import_page))
        self._shell.goto("begin")

    def _begin_page(self) -> FirstStartPage:
        return FirstStartPage(
            self._ops,
            self._beside,
            lambda work: load_sample(self._store, work),
            self._begun,
            lambda: self._begun("import"),
            TakeOverCard(self._beside, self._tell, self._window.folder, self._take_over),
            self.handing.opening(self._beside),
        )

    def _begun(self, then: str = "today") -> None:
        """There is an organisation now: every place opens, and `then` comes to the front."""
        was_begin = self._shell.current == "begin"
        if was_begin:
            self._shell.goto("today")
        self._shell.remove_section("begin")
        if self._shell.page("import") is None:  # it comes again, behind the others
            self._shell.remove_section("import")
        self._furnish()
        if was_begin and then != "today":
            self._shell.goto(then)

    def _furnish(self) -> None:
        if self._window.syncs:
            self._second_first()
        self._window.today.serve(self._ops, today_in_turns)
        self._ops.read(home, then=self._on_home, owner=self._shell)
        for section in (
            Section("calendar", "Calendar", "calendar-blank", self._calendar_page),
            Section("outages", "Outages", "stack", self._outages_page),
            Section("notices", "Notices", "envelope-simple", self._notices.notices_page),
            Section("outbox", "Outbox", "tray", self.outside.outbox_page),
            Section("live", "Live", "play", self._live.page),
            Section("directory", "Directory", "address-book", self._directory_page),
            Section("import", "Import", "download-simple", self._import_page),
            Section("account", "Account", "user-circle", self.outside.account_page),
            Section("settings", "Settings", "gear", self._settings_page),
            *self._papers.sections(),
            *self._notices.sections(),
        ):
            if not self._shell.has_section(section.key):
                self._shell.add_section(section)

    def _second_first(self) -> None:
        """Nothing is sent before it is known whether another console took over."""
        self.second.lost.connect(self.outside.stop)
        if not self.handing.gone:
            self.second.first_word.connect(self.outside.start)
            QTimer.singleShot(0, self.away.start)  # the rail is full by then
        self.second.start()
        QTimer.singleShot(0, self.rehearsal.start)

    def _calendar_page(self) -> CalendarPage:
        remembered, paper = Remembered(self._window.settings), self._papers.paper
        page = CalendarPage(
            self._ops, self._tell, self._now, self._push, remembered, paper, self._job.refresh
        )
        page.goRequested.connect(self.go)
        self._happened.connect(page.on_event)
        return page

    def _outages_page(self) -> OutagesPage:
        evidence = EvidenceKeeping(self._beside, self._window.folder, self._tell)
        tabs = {
            "Board": self._board_tab,
            "Timeline": self._timeline_tab,
            "Communication": self._communication_tab,
            "People": self._people_tab,
            "Crew board": self.crew.panel,
            "Changes": lambda: ChangesPanel(self._ops, self._tell, self._push, evidence),
            "Log": lambda: LogPanel(self._ops, self._tell),
        }
        page = OutagesPage(self._ops, self._tell, self._now, self._push, tabs)
        page.goRequested.connect(self.go)
        page.looked.connect(self._live.look)
        page.undoWanted.connect(self._undo)
        self._happened.connect(page.on_event)
        return page

    def _board_tab(self) -> BoardPage:
        page = BoardPage(self._ops, self._steps, self._now, self._push, self._tell)
        page.paperRequested.connect(self._papers.enter)
        page.runbooksRequested.connect(lambda: self._shell.goto(RUNBOOKS))
        self._shell.ticked.connect(page.tick)
        return page

    def _timeline_tab(self) -> TimelinePage:
        page = TimelinePage(self._ops, self._beside, self._steps, self._now, self._push, self._tell)
        self._shell.ticked.connect(page.tick)
        return page

    def _people_tab(self) -> PeoplePage:
        page = PeoplePage(self._ops, self._tell, self._now, self._push)
        page.timesRequested.connect(self._papers.times)
        self._shell.ticked.connect(page.tick)
        return page

    def _communication_tab(self) -> CommunicationTab:
        outgoing = self._window.folder / OUTGOING
        made = CommunicationTab(
            self._ops, self._beside, self._tell, self._push, self._now, outgoing
        )
        made.acts.waits_for = made.leaving.waits_for = self.outside.waits_for
        made.outboxRequested.connect(lambda item: self._shell.goto("outbox", item))
        remember_panes(made.columns, "communication", self._window.settings)
        return made

    def _live_page(self) -> LivePage:
        page = LivePage(self._ops, self._steps, self._tell, self._now, self._push)
        page.line.attend = self.outside.attends
        page.noticeRequested.connect(
            lambda outage_id, kind: self._to_outage(outage_id, Errand.NOTICE, kind)
        )
        page.debtRequested.connect(self._to_debt)
        page.paperRequested.connect(self._papers.enter)
        page.planRequested.connect(lambda: self._shell.goto("outages", "", "new"))
        self._happened.connect(page.on_event)
        return page

    def _comms_page(self) -> CommsPage:
        writer = self._communication_tab()
        page = CommsPage(self._ops, self._tell, self._now, self._push, writer, writer)
        page.debtRequested.connect(self._to_debt)
        self._happened.connect(page.on_event)
        self._happened.connect(writer.on_event)
        return page

    def _directory_page(self) -> DirectoryPage:
        page = DirectoryPage(self._ops, self._tell, self._push)
        page.importRequested.connect(lambda: self._shell.goto("import"))
        page.leads.connect(lambda section, about: self.go(section, about, Errand.OPEN.value))
        self._happened.connect(page.apply)
        return page

    def _import_page(self) -> ImportPage:
        page = ImportPage(self._ops, self._tell, self._job, self._push)
        self._happened.connect(page.apply)
        return page

    def _settings_page(self) -> SettingsPage:
        keeping = Keeping(
            self._window.folder,
            self._now,
            self._restore,
            self._window.settings,
            second=lambda: self.second.last,
            status=self.outside.status,
            on_take_over=self._take_over,
            handing=self.handing.desk,
        )
        window = self._window
        page = SettingsPage(
            self._ops, self._beside, self._tell, window.theme, keeping, self.desktop, self._push
        )
        page.rota.rotaRequested.connect(lambda: self.go("rota", "", ""))
        self._happened.connect(page.on_event)
        return page

    # --- from one page to another -------------------------------------------------------------

    def go(self, section: str, outage_id: str, action: str) -> None:
        """What Today, the workspace and Live ask for; a list of the directory and a day of the
        calendar stand in the outage's place."""
        if go_to_place(self._shell, section, outage_id, action):
            return
        if self._papers.go(section, outage_id, action):
            return
        if section == "live":
            self._live.go(outage_id)
        elif section == "rehearse":
            self.rehearsal.ask(outage_id)
        elif section == "replay":
            ReplayDialog(self._shell, self._ops, outage_id).open()
        else:
            self._shell.goto("outages", outage_id, action)

    def _on_act_requested(self, _step_id: str, kind: StepKind) -> None:
        """An act step is done where its act is done: a notice under Communication, else on Live."""
        page = self._shell.page("outages")
        outage_id = getattr(getattr(page, "workspace", None), "outage_id", "")
        if kind is StepKind.NOTICE and outage_id:
            self._to_outage(outage_id, Errand.NOTICE)
        else:
            self._live.go(outage_id)

    def _to_outage(self, outage_id: str, errand: Errand, about: str = "") -> None:
        self._shell.goto("outages", outage_id, errand.value, about)

    def _to_debt(self, outage_id: str, kind: str, about: str) -> None:
        if (errand := errand_of(kind)) is Errand.PACKET:
            self._papers.reports.preview(outage_id)
        elif errand is Errand.OUTBOX:
            self._shell.goto("outbox", about)
        else:
            self._to_outage(outage_id, errand, about)

    def _take_over(self, made: ReadyToTake) -> None:
        clock, who = self._window.clock, self._store.actor.name
        self._window.reopen_after(
            lambda folder: said_of_taken(take_over(folder, made, who, clock), own_zone())
        )

    def _restore(self, ready: Ready) -> None:
        """Settings asked, and the user said yes: close the store, put the copy in place, open."""
        clock = self._window.clock
        self._window.reopen_after(lambda folder: said_of(put_in_place(folder, ready, clock)))

    # --- what the frame shows -----------------------------------------------------------------

    def _on_home(self, found: tuple[str, str]) -> None:
        _, zone_name = found
        self._zone = zone_name
        try:
            self._shell.set_zone(zone(zone_name))
        except ConsoleError as trouble:
            self._tell.error(trouble.sentence)

    def _on_today(self, rows: TodayRows) -> None:
        self.desktop.on_today(rows, self._now())
        show_counts(self._shell, rows, self._now())
        self._shell.set_duty(rows.duty, rows.duty_until.rpartition(" ")[2])
        self.outside.show_waiting(len(rows.waiting))

    def _on_event(self, event: object) -> None:
        if isinstance(event, DirectoryChanged | ChangedElsewhere) and self._store.organisation_id:
            if self._shell.has_section("begin") and self._shell.current != "begin":
                self._begun()
            self._ops.read(home, then=self._on_home, owner=self._shell)
        elif isinstance(event, OccurrencesStale):
            work_out(self._shell, self._beside, self._store)

    def _leave(self) -> None:
        self.outside.stop()
        self.second.stop()
        self.away.stop()
        self._live.close()
        self.desktop.close()
        self._job.stop()
        self._threads.close()

    # --- pictures -------------------------------------------------------------------------------

    def screens(self, about: str = "") -> Iterable[Screen]:
        """Every screen by name, with the call that brings it to the front."""
        return every_screen(self._shell, self._store, about)
