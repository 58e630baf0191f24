"""The thread on which the console does outside what is to be done outside.

It wakes when something is due or has changed, never holds a transaction while it waits for the
network, and says after each turn how the console stands with Outlook.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime

from app.models.account import Feature, Profile, is_on, opens_alike
from app.models.errors import ConsoleError, StoreTrouble
from app.services.account.settings import AccountChanged, account_settings
from app.services.database import Store
from app.services.events import (
    ChangedElsewhere,
    Event,
    LiveChanged,
    NoticesChanged,
    OutageChanged,
    OutboxChanged,
)
from app.services.outbox.acting import hand_over
from app.services.ports.trouble import RemoteTrouble
from app.services.sync.lock import only_sender
from app.services.sync.signed_in import SignedInRound
from app.services.sync.state import Report, SyncState
from app.services.sync.worker import Worker
from app.wiring.remote import Remote, remote_of
from app.wiring.sync_saying import Saying

LONGEST_S = 60.0
"""A laptop that slept does not notice how long: what is due is looked at again so often."""
TRY_AGAIN_S = 5.0
FAULT_S = 60.0
STOP_S = 5.0
_WAKES = (
    AccountChanged,
    ChangedElsewhere,
    LiveChanged,
    NoticesChanged,
    OutageChanged,
    OutboxChanged,
)

_log = logging.getLogger(__name__)


def make_worker(store: Store, remote: Remote) -> Worker:
    """A worker on what stands behind the ports. There is a mailbox. In practice nobody need choose
    a calendar first; of a real mailbox a person does. Without the permission for them calendars
    are left alone: the account page says so, and asking again and again would come to nothing."""
    assert remote.mailbox is not None
    granted = remote.account.granted() if remote.account is not None else frozenset()
    refused = bool(granted) and not is_on(Feature.CALENDAR, granted)
    return Worker(
        store,
        remote.mailbox,
        None if refused else remote.calendars,
        remote.meetings,
        takes_default=remote.profile is Profile.PRACTICE,
        more=(SignedInRound(remote.who),) if remote.account is not None else (),
        who=remote.who,
    )


class Syncing:
    """Started once the store is open, and stopped before it is closed."""

    def __init__(self, store: Store, opens: Callable[[Store], Remote] = remote_of) -> None:
        self._store = store
        self._opens = opens
        self._wake = threading.Event()
        self._stopped = threading.Event()
        self._look_at_account = False
        self._hurry = False
        self._account_changed = False
        self._saying = Saying(store.bus.publish)
        self._remote: Remote | None = None
        self._unsubscribe = store.bus.subscribe(self._on_event)
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def retry(self) -> None:
        """A person asks for it: try now, unless the service asked us to wait."""
        self._hurry = True
        self._wake.set()

    @property
    def remote(self) -> Remote | None:
        """What stands behind the ports now, if anything does."""
        return self._remote

    def stop(self) -> None:
        """Ends the thread. What it was at is on disk, and the next start looks at it first."""
        self._stopped.set()
        self._saying.hush()
        self._unsubscribe()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(STOP_S)
        if self._thread.is_alive():
            _log.warning("the network did not answer in time; the sync thread was left behind")
            self._close_remote()

    def hand_over(self) -> int:
        """Give Outlook to hold what the console would send later, before it closes. Returns how
        many items; `outbox.closing.left_to_hand_over` says how many are still to go."""
        many = self._store.run(hand_over)
        self.retry()
        return many

    @property
    def _stopping(self) -> bool:
        return self._stopped.is_set()

    # --- on the thread ---------------------------------------------------------------------

    def _on_event(self, event: Event) -> None:
        if isinstance(event, AccountChanged | ChangedElsewhere):
            self._look_at_account = True
        if isinstance(event, AccountChanged):
            self._hurry = self._account_changed = True
        if isinstance(event, _WAKES):
            self._wake.set()

    def _run(self) -> None:
        while not self._stopping:
            try:
                with only_sender(self._store.folder):
                    self._serve()
            except StoreTrouble as trouble:
                shared = trouble.about.get("shared")  # as it should be: another one drives
                state = SyncState.OFF if shared else SyncState.WORKING
                self._saying.say(Report(state, trouble.sentence))
                self._sleep(TRY_AGAIN_S)
            except Exception:  # noqa: BLE001  (whatever it is: said, logged, tried again)
                if self._stopping:
                    return
                _log.exception("the sync thread met a fault")
                why = "A fault in the console itself; details are in its log file."
                self._saying.say(Report(SyncState.ATTENTION, why))
                self._sleep(FAULT_S)

    def _serve(self) -> None:
        """With one account, until it changes or the console stops."""
        self._look_at_account = False
        try:
            self._remote = self._opens(self._store)
        except ConsoleError as trouble:
            self._saying.say(Report(SyncState.OFFLINE, trouble.sentence))
            self._sleep(FAULT_S)
            return
        try:
            if self._remote.mailbox is None:
                self._saying.say(
                    Report(SyncState.OFF, "No account is set up: notices leave as files.")
                )
                while not (self._stopping or self._is_another(self._remote)):
                    self._sleep(None)
                return
            self._remote.wait_with(self._between_tries)
            self._work(self._remote)
        finally:
            self._close_remote()

    def _work(self, remote: Remote) -> None:
        worker = make_worker(self._store, remote)
        while not (self._stopping or self._is_another(remote)):
            self._wake.clear()
            if self._account_changed:  # what is granted now may be less, or more
                self._account_changed = False
                worker = make_worker(self._store, remote)
            if self._hurry:
                self._hurry = False
                worker.hurry()
            with self._saying.turn():
                report = worker.turn()
            self._saying.say(report)
            if not remote.is_there:
                return  # practice ended with the command that ran it; another is started
            self._sleep(self._seconds_until(report.again_at))

    def _between_tries(self, trouble: RemoteTrouble, seconds: float) -> None:
        """On whatever thread asks again. Raises `trouble` when the console stops."""
        if threading.current_thread() is self._thread:
            self._saying.again(trouble)
        if self._stopped.wait(seconds):
            raise trouble

    def _is_another(self, remote: Remote) -> bool:
        """Whether the settings, changed here or by another process, ask for another account.
        Who signs in or out does so in the one that is open."""
        if not self._look_at_account or remote.settings is None:
            return False
        self._look_at_account = False
        return not opens_alike(remote.settings, self._store.read(account_settings))

    def _seconds_until(self, moment: datetime | None) -> float:
        if moment is None:
            return LONGEST_S
        left = (moment - self._store.clock.now()).total_seconds() / self._store.clock.speed
        return min(max(left, 0.0), LONGEST_S)

    def _sleep(self, seconds: float | None) -> None:
        """Until woken, or so long."""
        if not self._stopping and seconds != 0.0:
            self._wake.wait(seconds)
            self._wake.clear()

    def _close_remote(self) -> None:
        remote, self._remote = self._remote, None
        if remote is not None:
            remote.close()
