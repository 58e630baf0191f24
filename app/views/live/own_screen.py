"""Live alone in a window of its own, on the second screen where there is one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QScreen, QShortcut
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from app.models.times import zone
from app.views.header import Header
from app.views.icons import app_icon
from app.views.live.page import LivePage
from app.views.widgets.tone import set_part

FIRST = (1280, 800)


class OwnScreen(QWidget):
    """A second window with header and page, following the same flight as the first. F11 fills
    the screen, Esc leaves it again; `closed` when it is let go. It never ends the console."""

    closed = Signal()

    def __init__(self, page: LivePage, screens: Sequence[QScreen], here: QScreen | None) -> None:
        """`page` is its own, not the one of the main window, which stands on screen `here`."""
        super().__init__(None, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        set_part(self, "page")
        self.setWindowIcon(app_icon())
        self.setWindowTitle("Live — Flight Console")
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
        page.headerChanged.connect(self._show_header)
        for keys, act in (("F11", self.toggle_full), ("Esc", self._leave_full)):
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
        if self.isFullScreen():
            self.toggle_full()

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.closed.emit()

    def _show_header(self) -> None:
        page = self.page
        self._header.show_words(page.title, page.context, page.head(), alert=page.alert)
        self._header.show_parts(page.header_parts())
        self.setWindowTitle(f"{page.title} — Live")

    def _place(self, screens: Sequence[QScreen], here: QScreen | None) -> None:
        """The whole of another screen; with one screen only, an ordinary window."""
        other = next((screen for screen in screens if screen is not here), None)
        if other is not None:
            self.setGeometry(other.availableGeometry())
            self.setWindowState(Qt.WindowState.WindowFullScreen)
            return
        room = here.availableGeometry() if here is not None else QRect(0, 0, *FIRST)
        self.resize(min(FIRST[0], room.width()), min(FIRST[1], room.height() - 40))
