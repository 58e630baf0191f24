"""Panels and rows: card, row of a short list, empty state, buttons, rule."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.views.icons import icon
from app.views.theme import Token, px
from app.views.widgets.labels import (
    Avatar,
    Dot,
    ElidedLabel,
    Pill,
    Words,
    Wrapped,
    plain_tip,
)
from app.views.widgets.stack import Stack
from app.views.widgets.tone import Tone, set_part, set_tone

OWN_KEY = "Ctrl+⏎"
"""In the words of a button: an act with consequences, which wants that key."""


class Button(QPushButton):
    """Enter presses it wherever it stands, as the space bar does; Qt does so in dialogues alone."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bare = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        enter = bare and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not enter or OWN_KEY in self.text():
            super().keyPressEvent(event)
        elif self.menu() is not None:
            self.showMenu()
        elif not event.isAutoRepeat():  # held down it would press what comes next, too
            self.click()


def button(
    words: str,
    act: Callable[[], object] | None = None,
    *,
    tone: str = "",
    icon_name: str = "",
    spoken: str = "",
    tip: str = "",
) -> QPushButton:
    """A push button at least 28 px high. `tone`: primary, danger, link or plain."""
    made = Button(words.replace("&", "&&"))
    made.setMinimumHeight(px(28))
    made.setAutoDefault(False)
    made.setAccessibleName(spoken or words)
    made.setToolTip(plain_tip(tip))
    if tone:
        made.setProperty("tone", tone)
    if icon_name:
        made.setIcon(icon(icon_name, Token.ON_ACCENT if tone == "primary" else Token.TEXT))
    if act is not None:
        made.clicked.connect(lambda _checked=False: act())
    return made


def opens_menu(made: QPushButton, menu: QMenu) -> None:
    """That it opens a menu shows in the caret behind its words."""
    made.setMenu(menu)
    made.setIcon(icon("caret-down"))
    made.setIconSize(QSize(px(12), px(12)))
    made.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the icon behind the words
    menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def rule() -> QFrame:
    """A line of one pixel between rows."""
    made = QFrame()
    set_part(made, "rule")
    return made


def clear(layout: QBoxLayout) -> None:
    """Take every widget out of `layout` and let it go. The keyboard, when it was in one of them,
    stays here, on nothing: Qt would hand it to whatever stands next, which a key would press."""
    place = layout.parentWidget()
    held = focus_within(place) if place is not None else None
    items = (layout.itemAt(number) for number in range(layout.count()))
    going = [each for item in items if item is not None and (each := item.widget()) is not None]
    held_here = held is not None and any(e is held or e.isAncestorOf(held) for e in going)
    if place is not None and held_here:
        place.setFocus()
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.setParent(None)
            widget.deleteLater()


def focus_within(place: QWidget) -> QWidget | None:
    """What has its window's keyboard, when that is in `place`. `QWidget.focusWidget` names what
    had it last there, even if the keyboard is elsewhere by now and `place` out of sight."""
    here = place.window().focusWidget()
    return here if here is not None and place.isAncestorOf(here) else None


def is_pressed(place: QWidget) -> bool:
    """A button in `place` is held down: built anew under the pointer it would lose its click."""
    return any(made.isDown() and made.menu() is None for made in place.findChildren(QPushButton))


def turn_to(stack: QStackedWidget | Stack, part: QWidget, otherwise: QWidget) -> None:
    """Show `part`. The keyboard, when it was in what goes away, goes to `otherwise` and not to
    whatever stands next, which a key would press."""
    if part is not stack.currentWidget():
        held = focus_within(stack) is not None
        stack.setCurrentWidget(part)
        if held:
            otherwise.setFocus()


def tab_here(place: QWidget) -> None:
    """Let Tab come to what is in `place` where it stands: Qt puts what is built anew at the end,
    behind the rail. It is shown at once: Tab passes over what waits to be shown."""
    explicit = Qt.WidgetAttribute.WA_WState_ExplicitShowHide
    for made in place.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
        if made.isHidden() and not made.testAttribute(explicit):
            made.show()
    policy = place.focusPolicy()
    place.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # Qt orders only what takes the focus
    before = place
    for made in place.findChildren(QWidget):
        here = made.window() is place.window()  # a box's list is a window of its own
        if here and made.focusPolicy() & Qt.FocusPolicy.TabFocus:
            QWidget.setTabOrder(before, made)
            before = made
    place.setFocusPolicy(policy)


class Card(QFrame):
    """A panel: a title, muted words at its right end, and `body` for what it holds."""

    def __init__(
        self,
        title: str = "",
        trailing: str = "",
        tone: Tone | None = None,
        *,
        dot: bool = False,
        bleed: bool = False,
    ) -> None:
        """With `bleed` the body reaches 8 px further left and right: for a `ListView`, whose
        selection then stands around words that are in line with the title."""
        super().__init__()
        set_part(self, "card", tone)
        self.setAccessibleName(title)
        whole = QVBoxLayout(self)
        side = px(8) if bleed else px(16)
        whole.setContentsMargins(side, px(14), side, px(14))
        whole.setSpacing(px(8))
        self._title = Words(title, "head")
        self._trailing = ElidedLabel(trailing, "sub")
        self._trailing.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._dot = Dot(tone or Tone.PLAIN)
        if not dot:  # showing what has no parent yet would flash a window of its own
            self._dot.hide()
        self.head = QHBoxLayout()
        self.head.setSpacing(px(8))
        self.head.setContentsMargins(px(16) - side, 0, px(16) - side, 0)
        self.head.addWidget(self._dot)
        self.head.addWidget(self._title)
        self.head.addWidget(self._trailing, 1)
        if title:
            whole.addLayout(self.head)
        self.body = QVBoxLayout()
        self.body.setSpacing(0)
        whole.addLayout(self.body, 1)

    def show_as(self, title: str, trailing: str = "", tone: Tone | None = None) -> None:
        self._title.setText(title)
        self._trailing.setText(trailing)
        self.setAccessibleName(title)
        if tone is not None:
            set_tone(self, tone)
            self._dot.show_as("", tone)


class Row(QWidget):
    """A line of a short list: dot or initials, title with words under it, something at the end.

    For lists that may grow beyond some twenty lines use `ListView`, which paints its rows.
    """

    def __init__(
        self,
        title: str,
        sub: str = "",
        tone: Tone | None = None,
        *,
        lead: QWidget | None = None,
        person: tuple[str, str] | None = None,
        trailing: QWidget | None = None,
        separated: bool = False,
        wraps: bool = False,
    ) -> None:
        """With `wraps` the words under the title take as many lines as they need."""
        super().__init__()
        self.setAccessibleName(f"{title}. {sub}" if sub else title)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        self._rule = rule() if separated else None
        if self._rule is not None:
            outer.addWidget(self._rule)
        line = QHBoxLayout()
        line.setContentsMargins(0, px(7), 0, px(7))
        line.setSpacing(px(10))
        outer.addLayout(line)
        self.avatar = Avatar(*person) if person is not None else None
        if self.avatar is not None:
            line.addWidget(self.avatar)
        elif lead is not None:
            line.addWidget(lead)
        self._dot = Dot(tone) if tone is not None and person is None and lead is None else None
        if self._dot is not None:
            line.addWidget(self._dot)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.title = ElidedLabel(title)
        self.sub = Wrapped(sub, "sub") if wraps else ElidedLabel(sub, "sub")
        if not sub:
            self.sub.hide()
        words.addWidget(self.title)
        words.addWidget(self.sub)
        line.addLayout(words, 1)
        if trailing is not None:
            line.addWidget(trailing, 0, Qt.AlignmentFlag.AlignVCenter)

    def separate(self, wanted: bool) -> None:
        """Whether the line above it shows, of one that was made `separated`."""
        if self._rule is not None:
            self._rule.setVisible(wanted)

    def show_as(self, title: str, sub: str, tone: Tone | None = None) -> None:
        """Other words; of one that was made with a dot also another tone."""
        if tone is not None and self._dot is not None and tone is not self._dot.tone:
            self._dot.show_as("", tone)
        if (title, sub) == (self.title.text(), self.sub.text()):
            return
        if title != self.title.text():
            self.title.setText(title)
        if sub != self.sub.text():
            self.sub.setText(sub)
            self.sub.setVisible(bool(sub))
        self.setAccessibleName(f"{title}. {sub}" if sub else title)


class SentenceRow(QWidget):
    """A sentence that wraps, a word below it, and perhaps a button: nothing is cut off."""

    def __init__(
        self,
        sentence: str,
        sub: str = "",
        tone: Tone | None = None,
        act: QWidget | None = None,
        separated: bool = False,
    ) -> None:
        super().__init__()
        self.setAccessibleName(f"{sentence} {sub}".strip())
        row = QHBoxLayout(self)
        row.setContentsMargins(0, px(8) if separated else px(4), 0, px(4))
        row.setSpacing(px(10))
        if tone is not None and sub:
            pill = Pill(sub, tone) if len(sub) < 8 else None
            if pill is not None:
                row.addWidget(pill, 0, Qt.AlignmentFlag.AlignTop)
                sub = ""
        words = QVBoxLayout()
        words.setSpacing(px(2))
        words.addWidget(Words(sentence, wrap=True))
        if sub:
            words.addWidget(Words(sub, "sub", wrap=True))
        row.addLayout(words, 1)
        if act is not None:
            row.addWidget(act, 0, Qt.AlignmentFlag.AlignTop)


class EmptyState(QWidget):
    """What belongs here and the act, or acts, that bring it."""

    def __init__(self, text: str, *actions: QPushButton) -> None:
        super().__init__()
        box = QVBoxLayout(self)
        box.setContentsMargins(px(16), px(22), px(16), px(22))
        box.setSpacing(px(12))
        box.addStretch(1)
        self._words = words = Wrapped(text, "muted")
        words.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box.addWidget(words)
        for action in actions:
            box.addWidget(action, 0, Qt.AlignmentFlag.AlignHCenter)
        box.addStretch(1)

    def say(self, text: str) -> None:
        self._words.setText(text)
