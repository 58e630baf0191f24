"""Settings: the organisation, the look of this window, and the keeping of the store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from app.services.events import ChangedElsewhere, DirectoryChanged
from app.services.settings.reading import SettingsRow, settings
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.page import Page
from app.views.settings.appearance import AppearanceCard
from app.views.settings.organisation_card import OrganisationCard, RecordCard
from app.views.settings.store_cards import BackupsCard, DoctorCard, Restore
from app.views.theme import Theme, px
from app.views.widgets.panels import Card


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where the store lies and how it is restored: `on_restore(backup)` closes the store, puts
    the backup in its place and opens it again. `settings` remembers the look (None: nothing)."""

    folder: Path
    now: Callable[[], datetime]
    on_restore: Restore
    settings: Path | None = None


class SettingsPage(Page):
    """`ops` runs on the store, `beside` on a thread of its own (`ops.Beside`)."""

    def __init__(
        self,
        ops: Ops,
        beside: Ops,
        tell: Telling,
        theme: Theme,
        keeping: Keeping,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._ops = ops
        self._looked = False
        self._folder = keeping.folder
        self.organisation = OrganisationCard(ops, tell)
        self.record = RecordCard(ops, tell)
        self.appearance = AppearanceCard(theme, keeping.settings)
        self.backups = BackupsCard(beside, tell, keeping.folder, keeping.now, keeping.on_restore)
        self.doctor = DoctorCard(beside, keeping.folder)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(px(22), px(18), px(22), px(18))
        whole.setSpacing(px(16))
        whole.addLayout(_column(self.organisation, self.record, self.appearance), 1)
        whole.addLayout(_column(self.backups, self.doctor, grows=self.backups), 1)

    @property
    def title(self) -> str:
        return "Settings"

    @property
    def context(self) -> str:
        return str(self._folder)

    def activate(self, *args: object) -> None:
        """Everything is looked at again; the whole store only the first time, it may be long."""
        self.refresh()
        self.backups.refresh()
        self.appearance.show_now()
        if not self._looked:
            self._looked = True
            self.doctor.look()

    def refresh(self) -> None:
        self._ops.read(settings, then=self._show)

    def on_event(self, event: object) -> None:
        """Connect to Bridge.happened."""
        if isinstance(event, DirectoryChanged | ChangedElsewhere) and self._looked:
            self.refresh()

    def _show(self, row: SettingsRow) -> None:
        self.organisation.show_row(row)
        self.record.show_row(row)


def _column(*cards: Card, grows: Card | None = None) -> QVBoxLayout:
    made = QVBoxLayout()
    made.setSpacing(px(16))
    for card in cards:
        made.addWidget(card, 1 if card is grows else 0)
    if grows is None:
        made.addStretch(1)
    return made
