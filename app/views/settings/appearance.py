"""How the window looks: dark, light or as the desktop, and how large. It shows at once."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QButtonGroup, QComboBox, QRadioButton

from app.views.settings.parts import laid, line
from app.views.theme import SCALES, Look, Theme, px
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card

LOOK_KEY = "appearance/look"
PERCENT_KEY = "appearance/percent"
_LOOKS = {
    Look.DARK: ("Dark", "for the night"),
    Look.LIGHT: ("Light", ""),
    Look.SYSTEM: ("As the desktop", "follows it while the console runs"),
}


class AppearanceCard(Card):
    """`settings` is the .ini file that remembers it; None: for this window only."""

    def __init__(self, theme: Theme, settings: Path | None) -> None:
        super().__init__("Appearance", "on this computer")
        self.body.setSpacing(px(12))
        self._theme = theme
        self._settings = settings
        self._group = QButtonGroup(self)
        self.looks: dict[Look, QRadioButton] = {}
        self.body.addWidget(Words("Colours", "sub"))
        for look, (words, tip) in _LOOKS.items():
            made = QRadioButton(words)
            made.setMinimumHeight(px(28))
            made.setToolTip(tip)
            made.setAccessibleName(f"Colours: {words}")
            self._group.addButton(made)
            self.looks[look] = made
        self.body.addLayout(line(*self.looks.values(), gap=18))
        self._silent = Words(
            "This desktop does not say which it is, so it is dark.", "sub", wrap=True
        )
        self.body.addWidget(self._silent)
        self.percent = QComboBox()
        for percent in SCALES:
            self.percent.addItem(f"{percent} %", percent)
        self.body.addWidget(
            Field(
                "Size of everything", self.percent, "On top of the desktop’s own font.", wide=False
            )
        )
        self.body.addStretch(1)
        self.show_now()
        for look, made in self.looks.items():
            made.toggled.connect(lambda on, look=look: self._on_look(look, on))
        self.percent.activated.connect(lambda _index: self._choose())

    def show_now(self) -> None:
        """The look as it is, perhaps chosen elsewhere."""
        with laid(*self.looks.values(), self.percent):
            self.looks[self._theme.look].setChecked(True)
            self.percent.setCurrentIndex(max(0, self.percent.findData(self._theme.percent)))
        self._silent.setVisible(self._theme.look is Look.SYSTEM and not self._theme.is_told)

    def _on_look(self, look: Look, on: bool) -> None:
        if on and look is not self._theme.look:
            self._choose(look)

    def _choose(self, look: Look | None = None) -> None:
        self._theme.choose(look, int(self.percent.currentData()))
        self.show_now()
        keep_look(self._theme, self._settings)


def keep_look(theme: Theme, settings: Path | None) -> None:
    """Remember the look for the next start."""
    if settings is not None:
        kept = QSettings(str(settings), QSettings.Format.IniFormat)
        kept.setValue(LOOK_KEY, theme.look.value)
        kept.setValue(PERCENT_KEY, theme.percent)
        kept.sync()
