"""Live alone in a window of its own, on the second screen where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QSettings, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QScreen, QShortcut
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.models.times import zone
from app.views.header import Header
from app.views.icons import app_icon
from app.views.live.comms_page import CommsPage
from app.views.live.page import LivePage
from app.views.notify import Notify
from app.views.theme import px
from app.views.widgets.tone import set_part

FIRST = (1280, 800)
EDGE = 40


class OwnScreen(QWidget):
    """A second window with header and page, following the same flight as the first. F11 fills
    the screen, Esc leaves it again; `closed` when it is let go. It never ends the console. Where
    it stood is kept under its `name` in `settings`, and it opens there again. What is done here
    is answered here, not in the window of `notify`; `undoWanted` on Ctrl+Z."""

    closed = Signal()
    undoWanted = Signal()

    def __init__(
        self,
        page: LivePage | CommsPage,
        screens: Sequence[QScreen],
        here: QScreen | None,
        name: str = "Live",
        settings: Path | None = None,
        notify: Notify | None = None,
    ) -> None:
        """`page` is its own, not the one of the main window, which stands on screen `here`."""
        super().__init__(None, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        set_part(self, "page")
        self.setWindowIcon(app_icon())
        self._name, self._settings = name, settings
        self.setWindowTitle(f"{name} — Flight Console")
        self.page = page
        self._header = Header()
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(page)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self._header)
        box.addWidget(area, 1)
        self.notify = Notify(self, notify)
        page.headerChanged.connect(self._show_header)
        for keys, act in (
            ("F11", self.toggle_full),
            ("Esc", self._leave_full),
            ("Ctrl+.", self.notify.dismiss),
            ("Ctrl+Z", self.undoWanted.emit),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(act)
        self._place(screens, here)

    def tick(self, now: datetime) -> None:
        """Connect to the shell's second."""
        self.page.tick(now)
        if self.page.zone:
            self._header.show_time(now, zone(self.page.zone))

    def toggle_full(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _leave_full(self) -> None:
        if self.notify.dismiss_error():
            return
        if isinstance(self.page, CommsPage) and self.page.back():
            return
        if self.isFullScreen():
            self.toggle_full()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        if self._settings is not None:
            self._kept().setValue(f"live/{self._name}", self.saveGeometry())
        self.closed.emit()

    def _kept(self) -> QSettings:
        return QSettings(str(self._settings), QSettings.Format.IniFormat)

    def _show_header(self) -> None:
        page = self.page
        self._header.show_words(page.title, page.context, page.head(), alert=page.alert)
        self._header.show_parts(page.header_parts())
        flight = page.context if isinstance(page, CommsPage) else page.title
        self.setWindowTitle(f"{flight} — {self._name}")

    def _place(self, screens: Sequence[QScreen], here: QScreen | None) -> None:
        """Where it stood last; else the whole of another screen; with one screen only, an
        ordinary window, which does not hide the console."""
        other = next((screen for screen in screens if screen is not here), None)
        if self._settings is not None:
            stood = self._kept().value(f"live/{self._name}")
            if isinstance(stood, QByteArray) and self.restoreGeometry(stood):
                if other is None and self.isFullScreen():
                    self.toggle_full()
                return
        if other is not None:
            edge = px(EDGE)  # out of the full screen, too, it fits with its frame
            self.setGeometry(other.availableGeometry().adjusted(edge, edge, -edge, -edge))
            self.setWindowState(Qt.WindowState.WindowFullScreen)
            return
        room = here.availableGeometry() if here is not None else QRect(0, 0, *FIRST)
        self.resize(min(FIRST[0], room.width()), min(FIRST[1], room.height() - 40))
