"""How a screen works and its keys, shown on `?`."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.resources import resource
from app.views.theme import font, px
from app.views.widgets.labels import Words
from app.views.widgets.panels import button
from app.views.widgets.tone import set_part

WIDTH = 560
ROOM = 0.86
"""At most this part of the window's height; the rest is scrolled to."""


def how_this_works(topic: str) -> str:
    """The plain words of `resources/help/<topic>.md`; empty when there are none for it."""
    try:
        text = resource(f"help/{topic.replace(' ', '-')}.md").read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    return "\n\n".join(" ".join(part.split()) for part in text.split("\n\n") if part.strip())


class KeysHelp(QDialog):
    """`how` stands over the keys, when there are words for it."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        keys: Sequence[tuple[str, str]],
        sections: int,
        how: str = "",
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("How this works" if how else "Keys")
        inner = QWidget()
        set_part(inner, "scroll")
        box = QVBoxLayout(inner)
        box.setContentsMargins(px(22), px(18), px(22), px(6))
        box.setSpacing(px(12))
        if how:
            box.addWidget(Words(f"How {title} works", "title", wrap=True))
            box.addWidget(Words(how, wrap=True))
        everywhere = (
            ("Ctrl+K", "go to anything: an outage, a person, a CI, an act"),
            (_section_keys(sections), "open a section"),
            ("Ctrl+Z", "undo the last act"),
            ("F11", "this page alone on the whole screen, and back"),
            ("Ctrl+.", "put away the newest notice; Esc a red one, before anything else"),
            ("?", "how this screen works, and its keys"),
        )
        wide = max(_width(key) for key, _words in (*keys, *everywhere))  # the tables stand in line
        if keys:
            box.addWidget(Words(f"Keys of {title}", "head" if how else "title", wrap=True))
            box.addLayout(_table(keys, wide))
        box.addWidget(Words("Everywhere", "head"))
        box.addLayout(_table(everywhere, wide))
        box.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(self.windowTitle())
        area.setWidget(inner)
        close = button("Close", self.accept)
        close.setDefault(True)
        foot = QHBoxLayout()
        foot.setContentsMargins(px(22), px(6), px(22), px(18))
        foot.addStretch(1)
        foot.addWidget(close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(area, 1)
        whole.addLayout(foot)
        said = ". ".join(f"{key}: {words}" for key, words in keys)
        self.setAccessibleDescription(f"{how} {said}".strip())
        width = min(px(WIDTH), parent.width())
        wanted = box.heightForWidth(width) + foot.sizeHint().height()
        self.resize(width, min(wanted, round(parent.height() * ROOM)))
        self._bar = area.verticalScrollBar()
        close.installEventFilter(self)
        close.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The arrows and Page Down read on, while the keyboard stays on what closes it."""
        key = Qt.Key
        reads = (
            key.Key_Down,
            key.Key_Up,
            key.Key_PageDown,
            key.Key_PageUp,
            key.Key_Home,
            key.Key_End,
        )
        if event.type() is QEvent.Type.KeyPress and event.key() in reads:  # type: ignore[attr-defined]
            QCoreApplication.sendEvent(self._bar, event)
            return True
        return super().eventFilter(watched, event)


def _section_keys(sections: int) -> str:
    numbers = f"Ctrl+1 – Ctrl+{min(9, sections)}" if sections > 1 else "Ctrl+1"
    return f"{numbers}, Ctrl+0" if sections > 9 else numbers


def _width(key: str) -> int:
    return QFontMetrics(font(mono=True)).horizontalAdvance(key)


def _table(keys: Sequence[tuple[str, str]], wide: int) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(px(22))
    grid.setVerticalSpacing(px(6))
    grid.setColumnStretch(1, 1)
    grid.setColumnMinimumWidth(0, wide)
    for line, (key, words) in enumerate(keys):
        grid.addWidget(Words(key, "mono"), line, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Words(words, wrap=True), line, 1)
    return grid
