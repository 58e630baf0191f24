"""Settings: the organisation, its policy, this computer, and the keeping of the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.services.database_place import is_served
from app.services.events import ChangedElsewhere, DirectoryChanged
from app.services.settings.policy_days import policy_days
from app.services.settings.reading import SettingsRow, settings
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.notify_desktop import DesktopNotices
from app.views.ops import Ops
from app.views.page import Page
from app.views.settings.about_card import AboutCard
from app.views.settings.appearance import AppearanceCard
from app.views.settings.closing_card import ClosingCard
from app.views.settings.crew_card import CrewCard
from app.views.settings.desktop_card import DesktopCard
from app.views.settings.handing_card import HandingCard, HandingDesk
from app.views.settings.holidays_card import HolidaysCard
from app.views.settings.organisation_card import OrganisationCard, RecordCard
from app.views.settings.policy_card import PolicyCard
from app.views.settings.rota_card import RotaCard
from app.views.settings.second_card import SecondCard, Standing
from app.views.settings.status_card import Publishing, StatusCard
from app.views.settings.store_cards import BackupsCard, DoctorCard, Restore
from app.views.settings.take_over_card import OnReady, TakeOverCard
from app.views.theme import Theme, px
from app.views.widgets.abreast import Abreast
from app.views.widgets.panels import Card
from app.views.widgets.tabs import Tabs
from app.views.widgets.tone import set_part


class Part(StrEnum):
    """The tabs, by the words on them."""

    ORGANISATION = "Organisation"
    POLICY = "Policy"
    COMPUTER = "This computer"
    STORE = "The store"


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where the store lies and how it is restored: `on_restore(ready)` closes the store,
    puts the backup made ready in its place and opens it again. `settings` remembers the look
    (None: nothing); `logs` is where faults are written; `second` how the second folder stood
    last; `status` what keeps the status page."""

    folder: Path
    now: Callable[[], datetime]
    on_restore: Restore
    settings: Path | None = None
    logs: Path | None = None
    second: Standing = lambda: None
    status: Publishing | None = None
    on_take_over: OnReady = lambda made: made.drop()
    handing: HandingDesk | None = None


class SettingsPage(Page):
    """`ops` runs on the store, `beside` on a thread of its own (`ops.Beside`).

    `activate(part)` opens the tab of those words."""

    def __init__(
        self,
        ops: Ops,
        beside: Ops,
        tell: Telling,
        theme: Theme,
        keeping: Keeping,
        desktop: DesktopNotices | None = None,
        on_undo: Callable[[Undo], object] = lambda _undo: None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ops = ops
        self._looked = False
        self._folder = keeping.folder
        self.organisation = OrganisationCard(ops, tell, on_undo)
        self.record = RecordCard(ops, tell, on_undo)
        self.rota = RotaCard(ops, tell, on_undo)
        self.holidays = HolidaysCard()
        self.closing = ClosingCard(ops, tell, on_undo)
        self.policy = PolicyCard(ops, tell, on_undo)
        self.crew = CrewCard(ops, tell, on_undo)
        self.appearance = AppearanceCard(theme, keeping.settings)
        self.desktop = DesktopCard(desktop or DesktopNotices(keeping.settings, self))
        self.about = AboutCard(tell, keeping.folder, keeping.logs or keeping.folder / "logs")
        self.backups = BackupsCard(beside, tell, keeping.folder, keeping.now, keeping.on_restore)
        served = is_served(keeping.folder)  # copies of it are its server's business
        self.doctor = DoctorCard(beside, keeping.folder, ops if served else None)
        self.backups.made.connect(self.doctor.look)  # it counts them
        self.second = SecondCard(beside, tell, keeping.folder, keeping.second)
        self.taking = TakeOverCard(beside, tell, keeping.folder, keeping.on_take_over)
        desk = keeping.handing or HandingDesk()
        self.handing = HandingCard(beside, tell, keeping.folder, desk)
        self.status = StatusCard(beside, tell, keeping.folder, keeping.status)
        self.tabs = Tabs("Parts of the settings")
        self._stack = QStackedWidget()
        self._place()
        self.tabs.currentChanged.connect(self._stack.setCurrentIndex)
        for number in range(self.tabs.count()):
            shortcut = QShortcut(QKeySequence(f"Alt+{number + 1}"), self)
            shortcut.activated.connect(lambda number=number: self.tabs.setCurrentIndex(number))

    def _place(self) -> None:
        self._add(
            Part.ORGANISATION,
            _column(self.organisation, self.record),
            _column(self.rota, self.closing, self.holidays, grows=self.holidays),
        )
        self._add(Part.POLICY, _column(self.policy, self.crew))
        self._add(
            Part.COMPUTER, _column(self.appearance, self.desktop), _column(self.status, self.about)
        )
        if is_served(self._folder):
            for card in (self.backups, self.taking, self.second, self.handing):
                card.setParent(self)
                card.hide()
            self._add(Part.STORE, _column(self.doctor))
        else:
            self._add(
                Part.STORE,
                _column(self.backups, self.taking, grows=self.backups),
                _column(self.second, self.handing, self.doctor),
            )
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        head = QVBoxLayout()
        head.setContentsMargins(px(22), 0, px(22), 0)
        head.addWidget(self.tabs)
        box.addLayout(head)
        box.addWidget(self._stack, 1)

    def _add(self, part: Part, *columns: QWidget) -> None:
        """Each part scrolls by itself, so that the tabs stay where they are; short of room its
        columns stand under one another."""
        sheet = QWidget()
        set_part(sheet, "scroll")
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(sheet)
        whole = QHBoxLayout(sheet)
        whole.setContentsMargins(px(22), px(16), px(22), px(16))
        whole.addWidget(Abreast(*columns, gap=16, fills=True))
        self.tabs.addTab(part.value)
        self._stack.addWidget(area)

    @property
    def title(self) -> str:
        return "Settings"

    @property
    def context(self) -> str:
        return str(self._folder)

    def keys(self) -> Sequence[tuple[str, str]]:
        return (
            ("Alt+1 …", "the parts of the settings"),
            ("Enter", "save the form one is in"),
            ("Space", "tick or choose"),
        )

    def activate(self, *args: object) -> None:
        """Everything is looked at again; the whole store only the first time, it may be long."""
        if args:
            self.open_part(Part(str(args[0])))
        self.refresh()
        self.backups.refresh()
        self.second.refresh()
        self.status.refresh()
        self.taking.refresh()
        self.handing.refresh()
        self.appearance.show_now()
        self.desktop.show_now()
        if not self._looked:
            self._looked = True
            self.doctor.look()

    def open_part(self, part: Part) -> None:
        self.tabs.setCurrentIndex(list(Part).index(part))

    def refresh(self) -> None:
        self._ops.read(settings, then=self._show)
        self._ops.read(policy_days, then=self.policy.show_row)
        self.crew.refresh()
        self.rota.refresh()
        self.closing.refresh()

    def on_event(self, event: object) -> None:
        """Connect to Bridge.happened."""
        self.second.on_event(event)
        self.status.on_event(event)
        if isinstance(event, DirectoryChanged | ChangedElsewhere) and self._looked:
            self.refresh()

    def _show(self, row: SettingsRow) -> None:
        self.organisation.show_row(row)
        self.record.show_row(row)
        self.holidays.show_row(row)


def _column(*cards: Card, grows: Card | None = None) -> QWidget:
    whole = QWidget()
    made = QVBoxLayout(whole)
    made.setContentsMargins(0, 0, 0, 0)
    made.setSpacing(px(16))
    for card in cards:
        made.addWidget(card, 1 if card is grows else 0)
    if grows is None:
        made.addStretch(1)
    return whole
