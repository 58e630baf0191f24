"""The window's side of what leaves: Outbox, Account, the state at the foot of the rail, and the
question when the console is closed while something waits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from app.models.account import AccountSettings, Profile
from app.models.errors import ConsoleError, NotAllowed
from app.services.account.settings import AccountChanged, account_settings
from app.services.events import (
    ChangedElsewhere,
    NoticesChanged,
    OutboxChanged,
    StoreReached,
    SyncStateChanged,
)
from app.services.outbox.closing import Kept, kept_here, left_to_hand_over
from app.services.outbox.reading import still_open
from app.services.ports.meetings import Attendance
from app.services.sync.state import SyncState
from app.services.uow import Undo
from app.views.account.page import AccountPage
from app.views.live.meeting_acts import Attend
from app.views.ops import Ops
from app.views.outbox.acts import OutboxActs
from app.views.outbox.closing import UNREACHABLE, ClosingDialog
from app.views.outbox.page import OutboxPage
from app.views.widgets.tone import Tone
from app.wiring.account import AccountConnection
from app.wiring.status_keeping import StatusSide
from app.wiring.syncing import Syncing
from app.wiring.web_keeping import WebKeeping

if TYPE_CHECKING:
    from app.wiring.window import Window

LOOK_MS = 500
HAND_OVER_S = 30
AWAY = (
    "The server that has the store does not answer. What was written is safe there; what you do "
    "now is refused, and goes on by itself once the server is back."
)
_TONES = {
    SyncState.OFF: Tone.OK,
    SyncState.IN_SYNC: Tone.OK,
    SyncState.WORKING: Tone.INFO,
    SyncState.OFFLINE: Tone.WARN,
    SyncState.ATTENTION: Tone.BAD,
    SyncState.SIGN_IN: Tone.BAD,
}


class Outside(QObject):
    """Nothing is opened or sent before `start`: pictures and tests show the pages only."""

    state_shown = Signal(object)
    who_shown = Signal(str)

    def __init__(
        self,
        window: Window,
        beside: Ops,
        push: Callable[[Undo], object],
        outgoing: Path,
        go_to_outage: Callable[[str], object],
    ) -> None:
        super().__init__(window)
        assert window.ops is not None and window.console is not None and window.bridge is not None
        self._window, self._shell = window, window.shell
        self._ops, self._beside = window.ops, beside
        self._push, self._outgoing = push, outgoing
        self._go_to_outage = go_to_outage
        self._store = window.console.store
        self._happened = window.bridge.happened
        self._happened.connect(self._on_event)
        self._syncing: Syncing | None = None
        self._web: WebKeeping | None = None
        self.status = StatusSide(window)
        self._state, self._why = SyncState.OFF, ""
        self._said = self._who = ""
        self._profile = Profile.NONE
        self._reads_attendance = False
        self._kept_here = Kept()
        self._waiting = 0
        self._reached = True
        self._may_leave = False
        self._shell.ask_before_close(self._may_close)
        self._look()

    def start(self) -> None:
        """The store is open and the pages are there: do outside what is due."""
        if self._syncing is None and self._store.organisation_id:
            self._syncing = Syncing(self._store)
            self._syncing.start()
            self._web = WebKeeping(self._store)
            self._web.start()
            self.status.start()
            self._look()

    @property
    def is_started(self) -> bool:
        return self._syncing is not None

    def stop(self) -> None:
        self.status.stop()
        if self._web is not None:
            self._web.stop()
            self._web = None
        if self._syncing is not None:
            self._syncing.stop()
            self._syncing = None

    # --- pages -----------------------------------------------------------------------------

    def outbox_page(self) -> OutboxPage:
        page = OutboxPage(self._ops, self._window.clock.now, lambda: self.sends, self._acts)
        page.outageRequested.connect(self._go_to_outage)
        page.retryRequested.connect(self._retry)
        self._happened.connect(page.on_event)
        self.who_shown.connect(page.show_who)
        page.show_who(self._who)
        page.show_state(self._state, self._why)
        return page

    def account_page(self) -> AccountPage:
        connection = AccountConnection(
            self._store, lambda: self._syncing.remote if self._syncing is not None else None
        )
        page = AccountPage(self._ops, self._beside, self._shell.notify, connection)
        self._happened.connect(page.on_event)
        self._window.leaving.connect(page.leave)
        return page

    def attends(self) -> Attend | None:
        """What reads attendance reports, when the account asks for that permission."""
        return self._attend if self._reads_attendance else None

    def _attend(
        self,
        meeting_id: str,
        then: Callable[[Attendance | None], object],
        failed: Callable[[ConsoleError], object],
    ) -> None:
        """Reads the attendance report of a meeting; answers later, on the GUI thread."""

        def read() -> Attendance | None:
            remote = self._syncing.remote if self._syncing is not None else None
            if remote is None or remote.meetings is None:
                raise NotAllowed("Teams cannot be reached now; say what you see in the meeting.")
            return remote.meetings.attendance(meeting_id)

        self._beside.run(read, then=then, failed=failed)

    def _acts(self, over: QWidget) -> OutboxActs:
        return OutboxActs(
            self._ops, self._beside, self._shell.notify, self._push, self._outgoing, over,
            self.waits_for,
        )  # fmt: skip

    @property
    def sends(self) -> bool:
        """Whether somebody stands behind the outbox, or everything leaves as files."""
        return self._profile is not Profile.NONE

    def waits_for(self) -> str:
        """What stands between the outbox and Outlook, as known now; empty: nothing."""
        if self._state is SyncState.OFFLINE:
            return "the network"
        return "you to sign in" if self._state is SyncState.SIGN_IN else ""

    # --- what the frame shows --------------------------------------------------------------

    def show_waiting(self, waiting: int) -> None:
        """What Today counted as waiting to leave."""
        self._waiting = waiting
        self._show_state()

    def _show_state(self) -> None:
        if not self._reached:
            self._shell.set_state("Database server away", Tone.BAD, "", AWAY)
            return
        saved = f"Saved {self._store.where}"
        words = saved if self._state is SyncState.OFF else self._state.words
        if self._profile is Profile.PRACTICE and self._state is not SyncState.OFF:
            words = f"Practice: {words.lower()}"
        waiting = f"{self._waiting} waiting to leave" if self._waiting else ""
        self._shell.set_state(words, _TONES[self._state], waiting, self._why)

    def _on_counted(self, count: int, asks: bool) -> None:
        if not self._shell.has_section("outbox"):
            return  # the organisation was just set up: counted again once the rail is full
        spoken = f"{count} to leave{', somebody is asked' if asks else ''}"
        self._shell.set_count("outbox", str(count or ""), spoken)

    def _on_event(self, event: object) -> None:
        if isinstance(event, StoreReached):
            self._reached = event.there
            if event.there:
                from app.services.database_words import not_read  # of a server alone

                for said in (not_read(), event.said):  # it is read anew
                    self._shell.notify.withdraw(said)
            self._show_state()
        elif isinstance(event, SyncStateChanged):
            self._on_state(SyncState(event.state), event.why)
        elif isinstance(event, AccountChanged):
            self._look()
            self._ask_who()
        elif isinstance(event, OutboxChanged | NoticesChanged | ChangedElsewhere):
            self._count()

    def _on_state(self, state: SyncState, why: str) -> None:
        before, self._state, self._why = self._state, state, why
        self._show_state()
        if state is before:
            return
        self._ask_who()
        self.state_shown.emit(state)
        self._shell.notify.withdraw(self._said)
        if state is SyncState.SIGN_IN and self._shell.current != "account":
            self._said = "Microsoft 365 asks you to sign in. What waits stays in the outbox."
            sign_in = ("Sign in", lambda: self._shell.goto("account"))
            self._shell.notify.error(self._said, action=sign_in)
        elif state is SyncState.ATTENTION and self._shell.current != "outbox":
            self._said = f"{why.rstrip('.')}. Nothing is sent twice or lost meanwhile."
            where = "account" if "under Account" in why else "outbox"
            look = (f"Open the {where.capitalize()}", lambda: self._shell.goto(where))
            self._shell.notify.error(self._said, action=look)

    def _ask_who(self) -> None:
        """Beside: the keyring may be asked."""
        remote = self._syncing.remote if self._syncing is not None else None
        if remote is not None:
            self._beside.run(remote.who, then=self._on_who, failed=lambda _: None, owner=self)

    def _on_who(self, who: str) -> None:
        self._who = who
        self.who_shown.emit(who)

    def _look(self) -> None:
        if self._store.organisation_id:
            self._ops.read(account_settings, then=self._on_settings, owner=self)
            self._count()

    def _count(self) -> None:
        if self._store.organisation_id:
            self._ops.read(kept_here, then=self._on_kept, owner=self)
            self._ops.read(still_open, then=lambda found: self._on_counted(*found), owner=self)

    def _on_settings(self, settings: AccountSettings) -> None:
        self._profile = settings.profile
        self._reads_attendance = settings.attendance
        self._show_state()

    def _on_kept(self, kept: Kept) -> None:
        self._kept_here = kept

    def _retry(self) -> None:
        if self._syncing is not None:
            self._syncing.retry()

    # --- closing ---------------------------------------------------------------------------

    def _may_close(self) -> bool:
        kept = self._kept_here
        if self._may_leave or self._syncing is None or not self.sends or not kept.items:
            return True
        dialog = ClosingDialog(self._shell, kept, self._state)
        self.state_shown.connect(dialog.show_outlook)
        dialog.closeAnyway.connect(self._leave)
        dialog.handOver.connect(lambda: self._hand_over(dialog))
        dialog.open()
        return False

    def _leave(self) -> None:
        self._may_leave = True
        self._shell.close()

    def _hand_over(self, dialog: ClosingDialog) -> None:
        syncing = self._syncing
        assert syncing is not None
        looks = QTimer(dialog)
        looks.setInterval(LOOK_MS)
        left = HAND_OVER_S * 1000 // LOOK_MS

        def looked(waiting: int) -> None:
            nonlocal left
            left -= 1
            if waiting == 0:
                looks.stop()
                dialog.accept()
                self._leave()
            elif left <= 0 or self._state in UNREACHABLE:
                looks.stop()
                dialog.fail(
                    f"{waiting} could not be handed over yet. They wait here and leave when the "
                    "console runs again."
                )

        looks.timeout.connect(lambda: self._ops.read(left_to_hand_over, then=looked, owner=dialog))
        self._beside.run(syncing.hand_over, then=lambda _many: looks.start(), owner=dialog)
