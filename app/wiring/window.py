"""The window put together: the frame is painted first, the store opens behind it.

After the first paint the opening thread imports the services, and with them SQLModel, then the
page modules. Until then the rail leads only to Today, whose first rows come through plain sqlite3
and the others as soon as the store is open.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication

from app.models.errors import ConsoleError, StoreTrouble
from app.services.folder import FILE_NAME
from app.services.ports import Clock
from app.views.shell import Section, Shell
from app.views.theme import Look, Theme
from app.views.widgets.tone import Tone
from app.wiring import Console, log_file, open_console
from app.wiring.saying import Said, said_of

if TYPE_CHECKING:
    from app.services.uow import Undo, Undone
    from app.views.bridge import Bridge
    from app.views.notify import Notify
    from app.views.ops import Ops
    from app.wiring.pages import Pages

FOLLOW_MS = 1_000
"""How often the window looks whether another process wrote to the store."""
UNDO_DEPTH = 50
SWITCH_S = 0.00005
"""How long a thread computes before another may: one paint asks for its turn hundreds of times,
and each time it would wait this long while the database thread computes. An import of 5,000
events: 250–570 ms a paint at 0.5 ms, 15–35 ms at this."""

log = logging.getLogger(__name__)


class Opening(QObject):
    """Opens the store on a thread of its own; answers on the GUI thread.

    First `opened(Console)`, then `looked(TodayRows)`; `loaded` when the pages are imported, too.
    """

    opened = Signal(object)
    looked = Signal(object)
    loaded = Signal()
    refused = Signal(object)
    warned = Signal(str)

    def begin(self, folder: Path, clock: Clock | None = None) -> None:
        threading.Thread(target=self._open, args=(folder, clock), daemon=True).start()

    def _open(self, folder: Path, clock: Clock | None) -> None:
        try:
            console = open_console(folder, clock)
            self.opened.emit(console)
            if console.store.organisation_id:
                from app.services.outages.today_turns import today_in_turns
                from app.services.working import Further

                found = console.store.read(today_in_turns)
                if not isinstance(found, Further):  # else the page goes on with it, in turns
                    self.looked.emit(found)
            from app.wiring import pages  # noqa: F401  (imported off the GUI thread, after Today)

            self.loaded.emit()
        except ConsoleError as trouble:
            self.refused.emit(trouble)
        except Exception as fault:
            log.critical("the store did not open", exc_info=True)
            self.refused.emit(
                StoreTrouble(f"The store did not open ({fault}). It was left as it is.")
            )
        else:
            self._keep(console)

    def _keep(self, console: Console) -> None:
        """What is due once a day, behind the open window. A backup finds damage, too."""
        from app.services.calendar.occurrences import refresh
        from app.services.calendar.series import fill_all
        from app.services.rota.turns import make_turns
        from app.services.settings.handed import handed

        try:
            warning = console.back_up()
            if warning:
                self.warned.emit(warning)
            if console.store.organisation_id and handed(console.folder) is None:
                refresh(console.store)
                console.store.run(make_turns)  # first: they say who leads a series' flights
                fill_all(console.store)
                console.store.tidy()
        except ConsoleError as trouble:
            self.warned.emit(trouble.sentence)
        except RuntimeError:  # the window was closed meanwhile
            log.info("the day's keeping was cut short")


class Undoing:
    """The acts that Ctrl+Z takes back, newest first, each as a use case of its own."""

    def __init__(self, ops: Ops, notify: Notify) -> None:
        self._ops = ops
        self._notify = notify
        self._stack: list[Undo] = []
        self._running = False
        self._pressed = 0

    def push(self, inverse: Undo | None) -> None:
        if inverse is not None:
            self._stack = [*self._stack, inverse][-UNDO_DEPTH:]

    def undo(self) -> None:
        """The newest act. Pressed again meanwhile, it goes on when this one is taken back."""
        from app.services.uow import undo

        if self._running:
            self._pressed += 1
            return
        if not self._stack:
            self._notify.remark("There is nothing to undo.")
            return
        inverse = self._stack.pop()
        self._running = True
        self._ops.run(
            undo,
            inverse,
            then=lambda undone: self._on_undone(inverse, undone),
            failed=self._on_refused,
        )

    def _on_undone(self, inverse: Undo, undone: Undone) -> None:
        self._stack = [undone.rebased(earlier) for earlier in self._stack]
        self._notify.taken_back()
        self._notify.info(f"Undone: {inverse.label}.")
        self._go_on()

    def _on_refused(self, refusal: ConsoleError) -> None:
        self._pressed = 0
        self._notify.remark(refusal.sentence, warn=True)
        self._go_on()

    def _go_on(self) -> None:
        self._running = False
        if self._pressed:
            self._pressed -= 1
            self.undo()


class Window(QObject):
    """The shell with everything behind it; lives as long as the application."""

    attached = Signal()
    ready = Signal()
    leaving = Signal()

    def __init__(
        self,
        folder: Path,
        app: QApplication,
        clock: Clock,
        *,
        remember: bool = True,
        percent: int = 100,
        syncs: bool | None = None,
    ) -> None:
        """With `remember` False the look and geometry stored are neither used nor changed, and
        nothing is done outside unless `syncs` says so; `percent` is the size of everything when
        none is stored."""
        super().__init__()
        from app.services.outages.first_rows import first_rows
        from app.views.today.page import TodayPage

        self.folder = folder
        self.clock = clock
        self.settings = folder / "window.ini" if remember else None
        stored = QSettings(str(self.settings or ""), QSettings.Format.IniFormat)
        look = str(stored.value("appearance/look", Look.DARK.value))
        self.theme = Theme(
            app,
            Look(look) if look in {each.value for each in Look} else Look.DARK,
            int(str(stored.value("appearance/percent", percent))),
        )
        self.console: Console | None = None
        self.ops: Ops | None = None
        self.undoing: Undoing | None = None
        self.bridge: Bridge | None = None
        self.pages: Pages | None = None
        self.syncs = remember if syncs is None else syncs
        self.restart_after: Callable[[Path], Said] | None = None
        self._wish: tuple[str, str, str] | None = None
        self.next_folder: Path | None = None
        self.today = TodayPage(clock.now, first_rows(folder / FILE_NAME, clock.now()))
        self.shell = Shell(
            [Section("today", "Today", "crosshair", lambda: self.today)],
            clock.now,
            settings=self.settings,
            undo=self._undo,
        )
        self.shell.ticked.connect(self.today.on_tick)
        self.today.goRequested.connect(self._on_wish)
        self.shell.goto("today")
        self._opening = Opening()
        self._opening.opened.connect(self.attach)
        self._opening.looked.connect(self.today.show_rows)
        self._opening.loaded.connect(self.furnish)
        self._opening.refused.connect(self._on_refused)
        self._opening.warned.connect(self.shell.notify.error)
        self._follow = QTimer(self)
        self._follow.setInterval(FOLLOW_MS)
        self._follow.timeout.connect(self._look_elsewhere)

    def begin(self) -> None:
        """Show the frame; open the store once it is painted."""
        sys.setswitchinterval(SWITCH_S)
        self.shell.painted.connect(lambda: self._opening.begin(self.folder, self.clock))
        self.shell.set_state("Opening the store", Tone.PLAIN)
        self.shell.show()

    def open_log(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_file(self.folder))))

    @property
    def idle(self) -> bool:
        """Nothing asked of the store is still to be answered."""
        return self.ops is not None and self.ops.idle

    @property
    def is_working(self) -> bool:
        """A use case, a query or the reading of a file is under way."""
        from app.views.ops import Ops

        return any(not ops.idle for ops in self.findChildren(Ops))

    def attach(self, console: Console) -> None:
        """The store is open: use cases can run."""
        from app.views.bridge import Bridge  # here: the first paint need not wait for them
        from app.views.ops import Ops

        self.console = console
        if self.shell.has_section("trouble"):
            self.shell.goto("today")
            self.shell.remove_section("trouble")
        self.bridge = Bridge(console.bus, self)
        self.ops = Ops(console.store, self.shell.notify, self.open_log, self)
        self.ops.busyChanged.connect(self.shell.set_busy)
        self.undoing = Undoing(self.ops, self.shell.notify)
        self.shell.set_state(f"Saved {console.store.where}", Tone.OK)
        self._follow.start()
        self.attached.emit()

    def furnish(self) -> None:
        """The page modules are loaded: fill the rail, and begin to do outside what is due."""
        from app.wiring import pages
        from app.wiring.rechecking import RecheckSide

        self.pages = pages.Pages(self)
        RecheckSide(self)
        QTimer.singleShot(0, self._go_on)  # what was clicked meanwhile comes first
        self.ready.emit()

    def _on_wish(self, section: str, outage_id: str, action: str) -> None:
        """What Today is asked for while the other pages still load is done once they are there."""
        if self.pages is None:
            self._wish = (section, outage_id, action)

    def _go_on(self) -> None:
        """To what was clicked meanwhile, else where the window was when it was closed."""
        if self.pages is None:
            return
        if self._wish is not None:
            self.pages.go(*self._wish)
        else:
            self.pages.go_on()
        self.shell.ticked.connect(lambda _now: self.shell.keep_standing())  # a kill does not ask

    def leave(self) -> None:
        """Close the window; the store is the caller's to close."""
        self._follow.stop()
        self.leaving.emit()
        self.shell.close()

    def close(self) -> None:
        self.leave()
        if self.console is not None:
            self.console.close()
            self.console = None

    def _on_refused(self, trouble: ConsoleError) -> None:
        from app.views.settings.trouble_page import TroublePage

        self.shell.set_state("Store not open", Tone.BAD)
        page = self.shell.page("trouble")
        if isinstance(page, TroublePage):
            page.show_trouble(trouble, self.folder)
            return
        made = TroublePage(trouble, self.folder, self._retry)
        made.restored.connect(lambda restored: self.tell(said_of(restored)))
        self.shell.add_section(Section("trouble", "Store", "warning", lambda: made))
        self.shell.goto("trouble")

    def _retry(self, folder: Path) -> None:
        """After a backup was put back: open again. Another folder has a lock of its own, so it
        gets a window of its own."""
        if folder == self.folder:
            self._opening.begin(folder, self.clock)
        else:
            self.next_folder = folder
            self.shell.close()

    def tell(self, said: Said) -> None:
        """Of what was done while no window was open; its act works once the pages are there."""

        def go() -> None:
            if self.shell.has_section(said.section):
                self.shell.goto(said.section)
            else:
                self.ready.connect(go)

        tell = self.shell.notify.error if said.asks else self.shell.notify.info
        tell(said.sentence, action=(said.words, go) if said.section else None)

    def reopen_after(self, work: Callable[[Path], Said]) -> None:
        """Close the store, do `work` on its folder, and start the whole window anew, which tells
        what `work` said."""
        self.restart_after = work
        if self.pages is not None:
            self.pages.outside.stop()
        self.shell.close()

    def _undo(self) -> None:
        if self.undoing is not None:
            self.undoing.undo()

    def _look_elsewhere(self) -> None:
        if self.console is not None:
            self.console.store.look_elsewhere()
