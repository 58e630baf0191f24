"""Whether this computer's desktop tells what becomes due."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox

from app.views.notify_desktop import DesktopNotices
from app.views.settings.parts import laid
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card


class DesktopCard(Card):
    """Takes effect at once; remembered on this computer."""

    def __init__(self, desktop: DesktopNotices) -> None:
        super().__init__("Desktop notifications", "on this computer")
        self._desktop = desktop
        self.body.setSpacing(px(8))
        self.tells = QCheckBox("Tell me when something becomes due")
        self.tells.setMinimumHeight(px(28))
        self.tells.setAccessibleName(self.tells.text())
        self._words = Words("", "small", wrap=True)
        self.body.addWidget(self.tells)
        self.body.addWidget(self._words)
        self.body.addStretch(1)
        self.tells.toggled.connect(desktop.switch)
        self.show_now()

    def show_now(self) -> None:
        with laid(self.tells):
            self.tells.setChecked(self._desktop.on)
        self._words.setText(
            "Each thing once, while you look elsewhere: what is due or late, a window that starts "
            "in 30 minutes, a promised end in 15."
            if self._desktop.possible
            else "This desktop has no tray, so nothing is told outside the window."
        )
