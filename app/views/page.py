"""What a page is to the shell: words for the header, acts for its end, keys for the help."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from app.views.widgets.tone import Tone, set_part

UNKEPT = "unkept"
"""A property of a part whose typed words the store refused: whose words they are."""


@runtime_checkable
class Keeps(Protocol):
    """A part whose typed words the store keeps a moment later."""

    def keep(self, then: Callable[[], object], /) -> bool:
        """At once; `then`, later, when they are kept or refused. False: there are none."""


class LastWords:
    """What was typed just before a window closes. It is closed anew once that was answered."""

    def __init__(self, window: QWidget) -> None:
        self._window = window
        self._waits = 0
        self._answered = False

    def are_being_kept(self) -> bool:
        if self._answered:
            self._answered = False
        elif not self._waits:
            parts = [p for p in self._window.findChildren(QWidget) if isinstance(p, Keeps)]
            self._waits = sum(part.keep(self._on_answer) for part in parts)
        return self._waits > 0

    def _on_answer(self) -> None:
        self._waits -= 1
        if not self._waits:
            self._answered = True
            self._window.close()


@dataclass(frozen=True, slots=True)
class HeaderAction:
    """A button of the header. At most one of a page's is primary.

    `key` is a shortcut ("Ctrl+Return") that works wherever the focus is in the window.
    With `choices` the button opens a menu of them instead of acting.
    """

    words: str
    act: Callable[[], object] = field(default=lambda: None, compare=False)
    primary: bool = False
    danger: bool = False
    key: str = ""
    tip: str = ""
    enabled: bool = True
    choices: tuple[HeaderAction, ...] = ()


@dataclass(frozen=True, slots=True)
class HeaderNote:
    """A state word in a pill among the actions."""

    words: str
    tone: Tone = Tone.PLAIN


HeaderPart = HeaderAction | HeaderNote


class Page(QWidget):
    """A screen. Emit `headerChanged` when title, context, parts, head or alert changed, and
    `partRaised(part)` when a part of it is to be seen, however far it was scrolled."""

    headerChanged = Signal()
    partRaised = Signal(QWidget)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_part(self, "page")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # holds the focus until a part is chosen

    @property
    def title(self) -> str:
        raise NotImplementedError

    @property
    def context(self) -> str:
        """One line beside the title; may be empty."""
        return ""

    @property
    def alert(self) -> bool:
        """True while the header should be tinted: a window is being flown."""
        return False

    def header_parts(self) -> Sequence[HeaderPart]:
        """Left to right."""
        return ()

    def head(self) -> QWidget | None:
        """A widget of the page's own in place of title and context (kept by the page)."""
        return None

    def activate(self, *args: object) -> None:
        """The page comes to the front; `args` are what `Shell.goto` was given."""

    def home(self) -> None:
        """Its section was chosen while it is in front: back to where the page begins."""

    @property
    def help_topic(self) -> str:
        """Which text of resources/help tells how it works; empty: the section's own."""
        return ""

    def keys(self) -> Sequence[tuple[str, str]]:
        """(key, what it does), for the help on `?`."""
        return ()
