"""Who is signed in, and the two ways to: the browser, or a code typed on another device."""

from __future__ import annotations

from concurrent.futures import Future

from PySide6.QtCore import QTimer, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.account import Profile
from app.models.errors import ConsoleError
from app.services.account.listening import SignInCancelled
from app.services.account.reading import AccountRow
from app.services.account.session import Prompt, SignedIn, Way
from app.views.account.connection import Connection, Waiting
from app.views.notify import Telling
from app.views.theme import px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, button
from app.views.widgets.tone import Tone


class SignInCard(Card):
    """Emits `changed` after a sign-in, and `signOutWanted`."""

    changed = Signal()
    signOutWanted = Signal()
    _told = Signal(object)
    _ended = Signal(object)

    def __init__(self, connection: Connection, tell: Telling) -> None:
        super().__init__("Signed in", tone=Tone.PLAIN, dot=True)
        self.body.setSpacing(px(10))
        self._connection = connection
        self._tell = tell
        self._waiting: Waiting | None = None
        self._prompt: Prompt | None = None
        self._left = 0
        self.words = Words("", wrap=True)
        self.body.addWidget(self.words)
        self.browser = button("Sign in with the browser", lambda: self.begin(Way.BROWSER))
        self.device = button("Sign in with a code", lambda: self.begin(Way.DEVICE))
        self.out = button("Sign out", self.signOutWanted.emit)
        self.look = button("Open the practice pages", self._open_pages)
        self._acts = _row(self.browser, self.device, self.out, self.look)
        self.body.addWidget(self._acts)
        self._wait = QWidget()
        waiting = QVBoxLayout(self._wait)
        waiting.setContentsMargins(0, 0, 0, 0)
        waiting.setSpacing(px(8))
        self.code = Words("", "title")
        self.code.setAccessibleName("Code to type")
        self.hint = Words("", wrap=True)
        self.copy = button("Copy the link", self._copy)
        self.open = button("Open it here", self._open)
        self.cancel = button("Cancel", self._cancel)
        for part in (self.code, self.hint, _row(self.open, self.copy, self.cancel)):
            waiting.addWidget(part)
        self.body.addWidget(self._wait)
        self._wait.hide()
        self._clock = QTimer(self)
        self._clock.setInterval(1000)
        self._clock.timeout.connect(self._on_second)
        self._told.connect(self._on_told)
        self._ended.connect(self._on_ended)

    @property
    def is_waiting(self) -> bool:
        return self._waiting is not None

    def show_row(self, row: AccountRow) -> None:
        is_off = row.profile is Profile.NONE
        self.setVisible(not is_off)
        self._acts.setVisible(not self.is_waiting and not row.opening)
        if row.opening:
            self.show_as("Opening the account…", row.profile_words, Tone.PLAIN)
            self.words.setText("Who is signed in is known in a moment.")
        elif row.signed_in_as:
            self.show_as("Signed in", row.profile_words, Tone.OK)
            self.words.setText(f"{row.signed_in_as}{_where(row)}")
        else:
            self.show_as("Not signed in", row.profile_words, Tone.WARN)
            self.words.setText("Notices wait in the outbox until somebody signs in.")
        self.browser.setVisible(not row.signed_in_as)
        self.device.setVisible(not row.signed_in_as)
        self.out.setVisible(bool(row.signed_in_as))
        self.look.setVisible(bool(self._connection.pages))

    def begin(self, way: Way) -> None:
        """Asked twice, the first goes on."""
        if self._waiting is not None:
            return
        self._acts.hide()
        self._wait.show()
        self.code.hide()
        self.open.hide()
        self.copy.hide()
        self.hint.setText("Asking for the sign-in page…")
        self.cancel.setFocus()
        try:
            self._waiting = self._connection.begin_sign_in(
                way, self._told.emit, lambda future: self._ended.emit(future)
            )
        except ConsoleError as error:
            self._stop_waiting()
            self._tell.error(error.sentence)

    def leave(self) -> None:
        """The window closes: nobody waits any more."""
        if self._waiting is not None:
            self._waiting.cancel()

    def _on_told(self, prompt: Prompt) -> None:
        if self._waiting is None:
            return
        self._prompt = prompt
        self._left = int(prompt.seconds)
        self.copy.show()
        self.open.show()
        self.code.setText(prompt.code)
        self.code.setVisible(bool(prompt.code))
        if not prompt.code:
            self._open()
        self._clock.start()
        self._say_hint()

    def _on_second(self) -> None:
        self._left = max(0, self._left - 1)
        self._say_hint()

    def _say_hint(self) -> None:
        minutes, seconds = divmod(self._left, 60)
        left = f"{minutes}:{seconds:02d} left."
        if self._prompt is not None and self._prompt.code:
            self.hint.setText(
                f"Open {self._prompt.url} on any device and type the code above. {left}"
            )
        else:
            self.hint.setText(f"The sign-in page is open in your browser; finish it there. {left}")

    def _on_ended(self, future: Future[SignedIn]) -> None:
        self._stop_waiting()
        fault = future.exception()
        if fault is None:
            self._tell.info(f"Signed in as {future.result().email}.")
        elif isinstance(fault, SignInCancelled):
            self._tell.remark("The sign-in was cancelled; nothing changed.")
        elif isinstance(fault, ConsoleError):
            self._tell.error(fault.sentence)
        else:
            self._tell.error("The sign-in failed; details are in the log file.")
        self.changed.emit()

    def _stop_waiting(self) -> None:
        self._waiting, self._prompt = None, None
        self._clock.stop()
        if self._wait.isAncestorOf(self.focusWidget() or self):
            self.setFocus()  # else the next field has it, where a key changes what is set
        self._wait.hide()
        self._acts.show()

    def _cancel(self) -> None:
        if self._waiting is not None:
            self.hint.setText("Cancelling…")
            self._waiting.cancel()

    def _open(self) -> None:
        if self._prompt is not None:
            QDesktopServices.openUrl(QUrl(self._prompt.url))

    def _copy(self) -> None:
        if self._prompt is not None:
            QGuiApplication.clipboard().setText(self._prompt.url)
            self._tell.info("The link is copied.")

    def _open_pages(self) -> None:
        QDesktopServices.openUrl(QUrl(self._connection.pages))


def _row(*parts: QWidget) -> QWidget:
    made = QWidget()
    line = FlowLayout(gap=8)
    for part in parts:
        line.addWidget(part)
    made.setLayout(line)
    return made


def _where(row: AccountRow) -> str:
    return f", {row.cloud_words}" if row.cloud_words else ""
