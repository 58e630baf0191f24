"""Account: where notices leave, who is signed in, what that allows, and Outlook’s calendars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from app.models.account import AccountSettings, Profile
from app.models.errors import ConsoleError
from app.services.account.reading import AccountRow
from app.services.account.settings import AccountChanged
from app.services.calendar.outlook_layers import Followed, follow_calendar, followed
from app.services.calendar.owed import Chosen, choose_calendar, chosen_calendar
from app.services.events import CalendarChanged, SyncStateChanged
from app.services.ports.calendars import RemoteCalendar
from app.services.sync.state import SyncState
from app.services.uow import UnitOfWork
from app.views.account.calendars_card import CalendarsCard
from app.views.account.connection import Connection
from app.views.account.settings_card import SettingsCard
from app.views.account.sign_in_card import SignInCard
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.page import Page
from app.views.theme import px
from app.views.widgets.columns import Columns
from app.views.widgets.labels import Pill, Words
from app.views.widgets.panels import Card, SentenceRow, clear
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet
from app.views.widgets.tone import Tone, set_part

SETTLE_MS = 200
AGAIN_MS = 1_000


class AccountPage(Page):
    """`ops` runs on the store, `beside` on threads of its own (`ops.Beside`)."""

    def __init__(self, ops: Ops, beside: Ops, tell: Telling, connection: Connection) -> None:
        super().__init__()
        self._ops, self._beside, self._tell = ops, beside, tell
        self._connection = connection
        self._row: AccountRow | None = None
        self.settings = SettingsCard()
        self.settings.wanted.connect(self._save)
        self.sign_in = SignInCard(connection, tell)
        self.sign_in.changed.connect(self.refresh)
        self.sign_in.signOutWanted.connect(self._sign_out)
        self.calendars = CalendarsCard()
        self.calendars.chosen.connect(self._choose)
        self.calendars.followWanted.connect(self._follow)
        self.calendars.lookWanted.connect(self._look)
        self._scopes = Card("What it may do", "granted at sign-in")
        self._missing = Card("Off, because a permission is missing", tone=Tone.WARN, dot=True)
        self._notes = Card("Good to know")
        self._place()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        self._again = QTimer(self)
        """While it is opened: no event need come of that, as it may be in sync as before."""
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self.refresh)

    def _place(self) -> None:
        inner = QWidget()
        set_part(inner, "scroll")
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(inner)
        whole = QVBoxLayout(inner)
        whole.setContentsMargins(px(22), px(16), px(22), px(16))
        columns = Columns(below=780)
        whole.addWidget(columns)
        columns.left.addWidget(self.sign_in)
        columns.left.addWidget(self.settings)
        columns.left.addStretch(1)
        for card in (self._missing, self._scopes, self.calendars, self._notes):
            columns.right.addWidget(card)
        columns.right.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(area)

    @property
    def title(self) -> str:
        return "Account"

    @property
    def context(self) -> str:
        if self._row is None:
            return ""
        nobody = "opening" if self._row.opening else "nobody is signed in"
        who = self._row.signed_in_as or nobody
        is_off = self._row.profile is Profile.NONE
        return self._row.profile_words if is_off else f"{self._row.profile_words} · {who}"

    def keys(self) -> Sequence[tuple[str, str]]:
        return (("Enter", "save the form one is in"), ("Space", "tick or choose"))

    def activate(self, *args: object) -> None:
        self.refresh()

    def refresh(self) -> None:
        self._beside.run(self._connection.row, then=self._show, failed=self._not_known, owner=self)

    def on_event(self, event: object) -> None:
        """Connect to Bridge.happened."""
        opening = self._row is None or self._row.opening
        is_news = isinstance(event, AccountChanged | CalendarChanged) or (
            isinstance(event, SyncStateChanged) and (opening or event.state == SyncState.SIGN_IN)
        )
        if is_news and self.isVisible():
            self._settle.start()

    def leave(self) -> None:
        self.sign_in.leave()

    # --- showing ---------------------------------------------------------------------------

    def _show(self, row: AccountRow) -> None:
        before, self._row = self._row, row
        self.settings.show_settings(row.settings)
        self.sign_in.show_row(row)
        self._show_scopes(row)
        self._show_missing(row)
        clear(self._notes.body)
        for note in row.notes:
            self._notes.body.addWidget(Words(note, wrap=True))
        self._notes.setVisible(bool(row.notes))
        self.calendars.setVisible(row.profile is not Profile.NONE)
        self._ops.read(_kept, then=lambda kept: self.calendars.show_kept(*kept), owner=self)
        if before is None or (before.signed_in_as, before.opening) != (
            row.signed_in_as,
            row.opening,
        ):
            self._look()
        if row.opening and self.isVisible():
            self._again.start()
        self.headerChanged.emit()

    def _not_known(self, error: ConsoleError) -> None:
        self._tell.error(error.sentence)

    def _show_scopes(self, row: AccountRow) -> None:
        clear(self._scopes.body)
        self._scopes.setVisible(bool(row.scopes))
        for place, scope in enumerate(row.scopes):
            pill = Pill("granted", Tone.OK) if scope.granted else Pill("not granted", Tone.PLAIN)
            said = _capital(scope.purpose)
            self._scopes.body.addWidget(SentenceRow(said, scope.name, None, pill, place > 0))

    def _show_missing(self, row: AccountRow) -> None:
        clear(self._missing.body)
        self._missing.setVisible(bool(row.missing))
        for place, each in enumerate(row.missing):
            without = f"Until then {each.without}. Missing: {', '.join(each.scopes)}."
            self._missing.body.addWidget(
                SentenceRow(_capital(each.words), without, separated=place > 0)
            )

    # --- acts ------------------------------------------------------------------------------

    def _save(self, settings: AccountSettings) -> None:
        def saved(_: object) -> None:
            self.settings.saved(settings)
            self._tell.info("The account’s settings are saved.")
            self.refresh()

        self._beside.run(
            self._connection.change, settings,
            then=saved, failed=self.settings.refuse, owner=self,
        )  # fmt: skip

    def _sign_out(self) -> None:
        def done(_: object) -> None:
            self._tell.info("Signed out: the tokens are gone from this laptop.")
            self.refresh()

        self._beside.run(self._connection.sign_out, then=done, failed=self._not_known, owner=self)

    def _look(self) -> None:
        if self._row is None or not self._row.signed_in_as:
            self.calendars.show_found(())
            opening = self._row is not None and self._row.opening
            self.calendars.say("" if opening else "Sign in to see the calendars.")
            return
        self.calendars.say("Looking…")

        def found(calendars: Sequence[RemoteCalendar]) -> None:
            self.calendars.say("")
            self.calendars.show_found(calendars)

        self._beside.run(
            self._connection.calendars,
            then=found,
            failed=lambda error: self.calendars.say(error.sentence),
            owner=self,
        )

    def _choose(self, chosen: Chosen) -> None:
        def done(_: object) -> None:
            where = f"Outages live in “{chosen.name}”." if chosen.id else "Outages leave as files."
            self._tell.info(where)

        who = self._row.signed_in_as.casefold() if self._row is not None else ""
        self._ops.run(choose_calendar, replace(chosen, owner=who), then=done, owner=self)

    def _follow(self, calendar: RemoteCalendar) -> None:
        sheet = Sheet(
            self,
            "Follow a calendar",
            "Its events become a layer of the calendar here, and are kept up to date.",
            (
                Ask("name", "Name of the layer", value=calendar.name, needed="Give it a name."),
                Ask("freeze", "It is a freeze: nothing may be planned on it", Kind.TICK),
            ),
            "Follow it",
        )

        def done(_: object) -> None:
            sheet.accept()
            self._tell.remark("Its events come with the next look at Outlook.")

        def answered(answers: Answers) -> None:
            self._ops.run(
                follow_calendar, calendar.id, answers["name"], is_freeze=bool(answers["freeze"]),
                then=done, failed=lambda error: sheet.refuse(error.sentence), owner=sheet,
            )  # fmt: skip

        sheet.answered.connect(answered)
        sheet.open()


def _kept(uow: UnitOfWork) -> tuple[Chosen, tuple[Followed, ...]]:
    return chosen_calendar(uow), followed(uow)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
