"""Where notices leave: files only, the practice tenant, or Microsoft 365 with its app."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from app.models.account import ENDPOINTS, AccountSettings, Cloud, Profile
from app.models.errors import ConsoleError
from app.views.theme import px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, button

_PROFILES = {
    Profile.NONE: ("Files only", "Notices are saved as drafts for your mail program."),
    Profile.PRACTICE: (
        "Practice tenant",
        "A Microsoft 365 of its own on this laptop. Nothing leaves the laptop.",
    ),
    Profile.MICROSOFT: (
        "Microsoft 365",
        "Notices, calendar entries and Teams meetings go through your own account.",
    ),
}


class SettingsCard(Card):
    """Emits `wanted(AccountSettings)`. What was typed and not saved survives a refresh."""

    wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__("Where notices leave")
        self.body.setSpacing(px(8))
        self._kept: AccountSettings | None = None
        self.profile = QComboBox()
        for profile, (words, _how) in _PROFILES.items():
            self.profile.addItem(words, profile)
        self._how = Words("", "small", wrap=True)
        self.body.addWidget(Field("Through", self.profile))
        self.body.addWidget(self._how)
        self.client = Field(
            "Application (client) ID", QLineEdit(), "From the app registration’s overview page."
        )
        self.tenant = Field(
            "Directory (tenant) ID or domain", QLineEdit(), "“organizations” for any work account."
        )
        self.cloud = Field("Cloud", self._clouds())
        self.shared = Field(
            "Shared mailbox",
            QLineEdit(),
            "Its address, where notices are to come from it; empty: they come from you.",
        )
        self.attendance = QCheckBox("Read attendance reports, to prove that a meeting ended")
        self.others = QCheckBox("Use calendars that others share with you, too")
        for box in (self.attendance, self.others):
            box.setMinimumHeight(px(28))
            box.toggled.connect(lambda _on: self._on_edited())
        self._own = (self.client, self.tenant, self.cloud)
        for part in (*self._own, self.shared, self.others, self.attendance):
            self.body.addWidget(part)
        self.save = button("Save", self._on_save)
        self.back = button("Put back what was", self._on_back, tone="link")
        acts = QWidget()
        line = FlowLayout(gap=10)
        line.addWidget(self.save)
        line.addWidget(self.back)
        acts.setLayout(line)
        self.body.addWidget(acts)
        for field in (self.client, self.tenant, self.shared):
            editor = _line(field)
            editor.textEdited.connect(lambda _text: self._on_edited())
            editor.returnPressed.connect(self._on_save)
        self.profile.currentIndexChanged.connect(lambda _place: self._on_edited())

    def _clouds(self) -> QComboBox:
        made = QComboBox()
        for cloud in Cloud:
            made.addItem(ENDPOINTS[cloud].words, cloud)
        made.activated.connect(lambda _place: self._on_edited())
        return made

    def choose(self, profile: Profile) -> None:
        self.profile.setCurrentIndex(self.profile.findData(profile))

    @property
    def typed(self) -> AccountSettings:
        kept = self._kept or AccountSettings()
        cloud = self.cloud.editor
        assert isinstance(cloud, QComboBox)
        return replace(
            kept,
            profile=Profile(self.profile.currentData()),
            client_id=_line(self.client).text().strip(),
            tenant=_line(self.tenant).text().strip(),
            cloud=Cloud(cloud.currentData()),
            shared_mailbox=_line(self.shared).text().strip(),
            attendance=self.attendance.isChecked(),
            shared_calendars=self.others.isChecked(),
        )

    @property
    def edited(self) -> bool:
        return self._kept is not None and self.typed != self._kept

    def show_settings(self, settings: AccountSettings) -> None:
        keep = self.edited
        self._kept = settings
        if not keep:
            self._fill(settings)
        self._on_edited()

    def saved(self, settings: AccountSettings) -> None:
        self._kept = settings
        self._fill(settings)
        self._on_edited()

    def refuse(self, error: ConsoleError) -> None:
        field = {
            "client_id": self.client,
            "tenant": self.tenant,
            "shared_mailbox": self.shared,
        }.get(str(error.about.get("field", "")), self.client)
        if field.isHidden():
            field = self.shared
        field.refuse(error.sentence)
        self.save.setEnabled(True)

    def _fill(self, settings: AccountSettings) -> None:
        self.choose(settings.profile)
        _line(self.client).setText(settings.client_id)
        _line(self.tenant).setText(settings.tenant)
        _line(self.shared).setText(settings.shared_mailbox)
        cloud = self.cloud.editor
        assert isinstance(cloud, QComboBox)
        cloud.setCurrentIndex(cloud.findData(settings.cloud))
        self.attendance.setChecked(settings.attendance)
        self.others.setChecked(settings.shared_calendars)
        for field in (self.client, self.tenant, self.shared):
            field.accept()

    def _on_edited(self) -> None:
        profile = self.typed.profile
        self._how.setText(_PROFILES[profile][1])
        for field in self._own:
            field.setVisible(profile is Profile.MICROSOFT)
        for part in (self.attendance, self.others, self.shared):
            part.setVisible(profile is not Profile.NONE)
        self.save.setEnabled(self.edited)
        self.back.setVisible(self.edited)

    def _on_back(self) -> None:
        if self._kept is not None:
            self.saved(self._kept)

    def _on_save(self) -> None:
        if self.edited:
            for field in (self.client, self.tenant, self.shared):
                field.accept()
            self.save.setEnabled(False)
            self.wanted.emit(self.typed)


def _line(field: Field) -> QLineEdit:
    editor = field.editor
    assert isinstance(editor, QLineEdit)
    return editor
