"""What this is, where it keeps things, and under which licence."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QGridLayout

from app import __version__
from app.services.schema import HEAD
from app.views.notify import Telling
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, button

LICENCE = "MIT. Free to use, change and pass on, without warranty."


class AboutCard(Card):
    def __init__(self, tell: Telling, folder: Path, logs: Path) -> None:
        super().__init__("About", "Flight Console")
        self._tell = tell
        self.body.setSpacing(px(10))
        grid = QGridLayout()
        grid.setHorizontalSpacing(px(16))
        grid.setVerticalSpacing(px(8))
        grid.setColumnStretch(1, 1)
        facts = (
            ("Version", __version__, None),
            ("Schema of the store", f"revision {HEAD}", None),
            ("Data folder", str(folder), folder),
            ("Log of faults", str(logs), logs),
            ("Licence", LICENCE, None),
        )
        for number, (name, value, path) in enumerate(facts):
            grid.addWidget(Words(name, "sub"), number, 0)
            words = Words(value, wrap=True)
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            words.setAccessibleName(f"{name}: {value}")
            grid.addWidget(words, number, 1, 1, 1 if path is not None else 2)
            if path is not None:
                made = button(
                    "Open", partial(self._open, path), spoken=f"Open the {name.casefold()}"
                )
                grid.addWidget(made, number, 2)
        self.body.addLayout(grid)
        self.body.addStretch(1)

    def _open(self, folder: Path) -> None:
        """In the system's file manager; a folder that is not there yet is said so."""
        if not folder.exists():
            self._tell.remark(f"{folder} is not there yet: nothing was written to it.")
        elif not QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))):
            self._tell.error(f"No program here opens folders. The folder is {folder}.")
