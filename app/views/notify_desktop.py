"""The tray icon, and a word on the desktop when something becomes due while one looks elsewhere.

Where the desktop has no tray there is neither, and nothing is said about it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import escape
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon

from app.models.times import speak_span
from app.services.outages.today_rows import TodayRows
from app.views.icons import app_icon

ON_KEY = "notifications/on"
BEFORE_START = timedelta(minutes=30)
BEFORE_END = timedelta(minutes=15)
"""product.md: the promised end never passes in silence."""
MOST = 3
"""More than these at once are told in one sentence."""
TRAY = "org.kde.StatusNotifierWatcher"
NOTICES, NOTICES_AT = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
ASKED_MS = 500


@dataclass(frozen=True, slots=True)
class Due:
    """Something worth a word, once: `key` says which thing."""

    key: str
    title: str
    words: str


def due(rows: TodayRows, now: datetime) -> Iterator[Due]:
    """What is due or late by `now`, a window about to start, a promised end about to pass."""
    following = rows.next
    if following is not None and following.flying:
        left = following.promised_end - now
        if timedelta() <= left <= BEFORE_END:
            yield Due(
                f"end {following.outage_id} {following.promised_end.isoformat()}",
                f"{following.title} should end in {speak_span(left)}",
                "Tell the all clear, or extend it: the promised end does not pass in silence.",
            )
    elif following is not None:
        left = following.start - now
        if timedelta() <= left <= BEFORE_START:
            yield Due(
                f"start {following.outage_id} {following.start.isoformat()}",
                f"{following.title} starts in {speak_span(left)}",
                following.window,
            )
    for need in rows.needs:
        if need.late or need.at <= now:
            yield Due(f"need {need.key} late", need.words, need.sub)
        elif need.due:
            yield Due(f"need {need.key}", need.words, need.sub)


def told(new: Sequence[Due], *, markup: bool) -> Iterator[tuple[str, str]]:
    """Title and words of each message; with `markup` the desktop reads `<b>` and `&` in the words,
    never in the title."""
    found = [(each.title, each.words) for each in new]
    if len(new) > MOST:
        more = " · ".join(each.title for each in new[:MOST])
        found = [(f"{len(new)} things need you", more)]
    for title, words in found:
        yield title, escape(words, quote=False) if markup else words


def _takes_markup() -> bool:
    """Asked of the desktop: over D-Bus Qt hands words on as they are, its own balloon is plain."""
    if not sys.platform.startswith("linux"):
        return False
    from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage

    bus = QDBusConnection.sessionBus()
    if not bus.isConnected() or not bus.interface().isServiceRegistered(TRAY).value():
        return False
    ask = QDBusMessage.createMethodCall(NOTICES, NOTICES_AT, NOTICES, "GetCapabilities")
    answer = bus.call(ask, QDBus.CallMode.Block, ASKED_MS).arguments()
    return bool(answer) and "body-markup" in answer[0]


class DesktopNotices(QObject):
    """`chosen()` when the icon or a word was clicked: bring the window to the front.

    `settings` is the .ini file that remembers the switch; None: it is off.
    """

    chosen = Signal()

    def __init__(self, settings: Path | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._told: set[str] | None = None
        self._tray: QSystemTrayIcon | None = None
        self._menu: QMenu | None = None
        kept = self._stored().value(ON_KEY, True) if settings is not None else False
        self._on = str(kept).casefold() != "false"
        self._place()

    @property
    def possible(self) -> bool:
        """The desktop has a tray."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    @property
    def on(self) -> bool:
        return self._on

    def switch(self, on: bool) -> None:
        """At once, and remembered on this computer."""
        self._on = on
        if self._settings is not None:
            stored = self._stored()
            stored.setValue(ON_KEY, on)
            stored.sync()
        self._place()

    def on_today(self, rows: TodayRows, now: datetime) -> tuple[Due, ...]:
        """Look at what Today shows, each time it is read. Returns what was found new, each thing
        once; what was due already when the window opened is on its screen and not repeated."""
        found = tuple(due(rows, now))
        if self._told is None:
            self._told = {each.key for each in found if each.key.startswith("need ")}
        new = tuple(each for each in found if each.key not in self._told)
        self._told.update(each.key for each in new)
        if new and QApplication.activeWindow() is None:
            self._tell(new)
        return new

    def close(self) -> None:
        if self._tray is not None:
            self._tray.hide()

    def _tell(self, new: tuple[Due, ...]) -> None:
        if self._tray is None:
            return
        for title, words in told(new, markup=_takes_markup()):
            self._tray.showMessage(title, words, app_icon())

    def _place(self) -> None:
        wanted = self._on and self.possible
        if wanted and self._tray is None:
            self._tray = QSystemTrayIcon(app_icon(), self)
            self._tray.setToolTip("Flight Console")
            self._tray.activated.connect(lambda _reason: self.chosen.emit())
            self._tray.messageClicked.connect(self.chosen)
            self._menu = QMenu()
            self._menu.addAction("Open Flight Console").triggered.connect(self.chosen)
            self._tray.setContextMenu(self._menu)
        if self._tray is not None:
            self._tray.setVisible(wanted)

    def _stored(self) -> QSettings:
        return QSettings(str(self._settings), QSettings.Format.IniFormat)
