"""The only way to tell the user anything: notices in the window, one question, one reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from app.views.icons import icon
from app.views.theme import Token, px
from app.views.widgets.labels import Words
from app.views.widgets.panels import button
from app.views.widgets.tone import Tone, ink

Action = tuple[str, Callable[[], object]]
"""The words of a button and what it does."""

INFO_MS = 8_000
LOOK_MS = 500
"""How often it is looked whether something came to lie under a notice."""
MOST = 4
"""Notices shown at once; the oldest information leaves first, errors stay."""


_MARKS = {
    Tone.OK: "check-circle",
    Tone.PLAIN: "info",
    Tone.WARN: "warning",
    Tone.BAD: "warning-circle",
}


class Telling(Protocol):
    """What pages are given to tell the user."""

    def info(self, sentence: str, /, *, action: Action | None = None) -> object: ...

    def remark(
        self, sentence: str, /, *, action: Action | None = None, warn: bool = False
    ) -> object: ...

    def error(self, sentence: str, /, *, action: Action | None = None) -> object: ...


class CountsDown(Telling, Protocol):
    """The same, and what can be taken back for some seconds."""

    def count_down(self, sentence: str, action: Action, seconds: int, /) -> object: ...


class _Toast(QFrame):
    left = Signal()

    def __init__(self, sentence: str, tone: Tone, action: Action | None, seconds: int = 0) -> None:
        """With `seconds` the action can be done so long, counted down on its button."""
        super().__init__()
        self.sentence = sentence
        self._left = seconds
        self.tone = tone
        self.setProperty("part", "inset")
        self.setAccessibleName(sentence)
        self.setSizePolicy(self.sizePolicy().horizontalPolicy(), self.sizePolicy().Policy.Minimum)
        line = QHBoxLayout(self)
        line.setContentsMargins(px(12), px(6), px(6), px(6))
        line.setSpacing(px(10))
        self._mark = QLabel()
        self._draw_mark()
        line.addWidget(self._mark)
        self.words = Words(sentence, wrap=True)
        self.words.setMinimumWidth(px(220))
        line.addWidget(self.words, 1)
        if action is not None:
            words, act = action
            self.action = button(words)
            self.action.clicked.connect(self.leave)
            self.action.clicked.connect(lambda _checked=False: act())
            line.addWidget(self.action)
        self.close_button = button("", self.leave, tone="link", spoken="Dismiss", tip="Dismiss")
        self.close_button.setIcon(icon("x", Token.MUTED))
        self.close_button.setFixedWidth(px(32))
        line.addWidget(self.close_button)
        for made in self.findChildren(QWidget):
            # a notice never takes the keyboard by itself or by a click beside its words
            if made.focusPolicy() != Qt.FocusPolicy.NoFocus:
                made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.leave)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._count)
        if seconds and action is not None:
            self._words = action[0]
            self.action.setText(f"{self._words}  {seconds} s")
            self._second.start()
        self.rest()

    def _count(self) -> None:
        self._left -= 1
        self.action.setText(f"{self._words}  {max(self._left, 0)} s")
        if self._left <= 0:
            self.leave()

    def rest(self) -> None:
        """Start its time again; errors stay until dismissed, a countdown until it is over."""
        if self.tone is not Tone.BAD and not self._left:
            self._timer.start(INFO_MS)

    def leave(self) -> None:
        self._timer.stop()
        self._second.stop()
        self.left.emit()
        self.hide()
        self.deleteLater()

    def enterEvent(self, event: QEvent) -> None:
        self._timer.stop()

    def leaveEvent(self, event: QEvent) -> None:
        self.rest()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw_mark()

    def _draw_mark(self) -> None:
        name = _MARKS[self.tone]
        self._mark.setPixmap(icon(name, ink(self.tone)).pixmap(QSize(px(18), px(18))))


class Notify(QWidget):
    """Notices over the foot of `host`, newest lowest; they take no focus and lie over no control,
    and over rows of a list only where nothing else is left. What stays (an error) lies over no row
    either; room is made where there is no place.

    What the main window's is told appears in the window that was in front last: one `beside` it
    has notices of its own, until it is closed."""

    def __init__(self, host: QWidget, beside: Notify | None = None) -> None:
        super().__init__(host)
        self._host = host
        self._main = beside or self
        self._all, self._front = [self], self
        if beside is not None:
            beside._all.append(self)
            host.destroyed.connect(lambda: beside._let_go(self))
        self._toasts: list[_Toast] = []
        self._room = 0
        self._keeps_room, self._over_rows = False, False
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._on_look)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(px(8))
        self.setAccessibleName("Notices to you")
        host.installEventFilter(self)
        self.hide()

    def info(self, sentence: str, /, *, action: Action | None = None) -> None:
        """Something went well; leaves by itself after a while (not while pointed at)."""
        self._show(sentence, Tone.OK, action)

    def remark(self, sentence: str, /, *, action: Action | None = None, warn: bool = False) -> None:
        """Nothing was done, and that is no fault; leaves by itself as `info` does. With `warn` it
        asks for attention: nothing was done that was asked for, or something is to be decided."""
        self._show(sentence, Tone.WARN if warn else Tone.PLAIN, action)

    def count_down(self, sentence: str, action: Action, seconds: int, /) -> None:
        """The action can be done for so many seconds, shown on its button."""
        self._show(sentence, Tone.OK, action, seconds)

    def error(self, sentence: str, /, *, action: Action | None = None) -> None:
        """What happened, what is safe, what to do; stays until dismissed."""
        self._show(sentence, Tone.BAD, action)

    def shown(self) -> tuple[str, ...]:
        """The sentences on screen, oldest first."""
        return tuple(toast.sentence for toast in self._toasts)

    def withdraw(self, sentence: str) -> None:
        """What it says is no longer so."""
        for toast in self._everywhere():
            if toast.sentence == sentence:
                toast.leave()

    def taken_back(self) -> None:
        """Ctrl+Z was pressed: the newest notice that offers it offers it no longer."""
        for toast in reversed(self._everywhere()):
            if toast.tone is Tone.OK and "Ctrl+Z" in toast.sentence:
                toast.leave()
                return

    def dismiss(self) -> None:
        """Put away the newest notice."""
        if self._toasts:
            self._toasts[-1].leave()

    def dismiss_error(self) -> bool:
        """Put away the newest error; False when there is none."""
        newest = next((t for t in reversed(self._toasts) if t.tone is Tone.BAD), None)
        if newest is not None:
            newest.leave()
        return newest is not None

    @property
    def has_error(self) -> bool:
        return any(toast.tone is Tone.BAD for toast in self._toasts)

    def _everywhere(self) -> tuple[_Toast, ...]:
        return tuple(toast for each in self._all for toast in each._toasts)

    def _let_go(self, gone: Notify) -> None:
        self._all.remove(gone)
        if self._front is gone:
            self._front = self

    def _show(self, sentence: str, tone: Tone, action: Action | None, seconds: int = 0) -> None:
        if self._front is not self:
            self._front._show(sentence, tone, action, seconds)
            return
        for old in tuple(self._toasts):
            if old.sentence == sentence:  # the same again: once, as the newest, with its new act
                old.leave()
        toast = _Toast(sentence, tone, action, seconds)
        toast.left.connect(lambda: self._forget(toast))
        self._toasts.append(toast)
        self._box.addWidget(toast)
        toast.show()  # a layout gives no room to what has never been shown
        while len(self._toasts) > MOST:
            mild = next((t for t in self._toasts if t.tone is not Tone.BAD), self._toasts[0])
            mild.leave()
        self._place()
        # its many constants are built when first needed, which is not at the first paint
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent

        urgent = QAccessible.AnnouncementPoliteness.Assertive
        calm = QAccessible.AnnouncementPoliteness.Polite
        event = QAccessibleAnnouncementEvent(self, sentence)
        event.setPoliteness(urgent if tone is Tone.BAD else calm)
        QAccessible.updateAccessibility(event)

    def _forget(self, toast: _Toast) -> None:
        self._toasts.remove(toast)
        self._box.removeWidget(toast)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() == QEvent.Type.Resize:
            self._place()
        if event.type() == QEvent.Type.WindowActivate:
            self._main._front = self
        return False

    def _place(self) -> None:
        if not self._toasts:
            self.hide()
            self._look.stop()
            self._keeps_room = False
            self._make_room(0)
            return
        from app.views.notify_room import place_for  # the first paint has no need of it

        sizes = [self._size(width) for width in (560, 440, 340)]
        found = None if self._keeps_room else place_for(self._host, self, sizes, self.has_error)
        self._keeps_room = found is None
        free, self._over_rows = found or (None, False)
        size = sizes[0]
        left, top = self._host.width() - px(22), self._host.height() - px(16)
        foot = QRect(QPoint(left - size.width(), top - size.height()), size)
        self.setGeometry(free or foot)
        self.show()
        self.raise_()
        self._look.start()
        self._make_room(size.height() + px(16 + 4) if free is None else 0)

    def _size(self, most: int) -> QSize:
        width = min(px(most), self._host.width() - px(44))
        return QSize(width, max(self._box.heightForWidth(width), self._box.minimumSize().height()))

    def _on_look(self) -> None:
        """A page came to the front, or a row more: the notice goes elsewhere, unless pointed at."""
        from app.views.notify_room import covers

        if self._room == 0 and not self.underMouse() and covers(self._host, self, self._over_rows):
            self._place()

    def _make_room(self, height: int) -> None:
        layout = self._host.layout()
        if layout is not None and height != self._room:
            self._room = height
            layout.setContentsMargins(0, 0, 0, height)


class _Asking(QDialog):
    """The frame of the one question: title, words, an editor perhaps, two buttons."""

    def __init__(self, parent: QWidget, title: str, words: str, yes_words: str, tone: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setMinimumWidth(px(440))
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(px(22), px(18), px(22), px(18))
        self.box.setSpacing(px(12))
        self.box.addWidget(Words(title, "title", wrap=True))
        self.box.addWidget(Words(words, wrap=True))
        self.line = QHBoxLayout()
        self.line.addStretch(1)
        self.no = button("Keep as it is", self.reject)
        self.yes = button(yes_words, tone=tone)
        self.line.addWidget(self.no)
        self.line.addWidget(self.yes)
        self.setAccessibleDescription(words)


def ask(
    parent: QWidget,
    title: str,
    consequence: str,
    yes_words: str,
    then: Callable[[], object],
    *,
    no_words: str = "Keep as it is",
) -> QDialog:
    """Ask once before an act that cannot be undone; `then` is called on yes, nothing on no.

    Enter means no: the button that changes nothing has the focus. The window keeps running.
    """
    dialogue = _Asking(parent, title, consequence, yes_words, "danger")
    dialogue.no.setText(no_words)
    dialogue.box.addLayout(dialogue.line)
    dialogue.no.setDefault(True)
    dialogue.yes.setAutoDefault(True)  # Enter on it, once it was gone to, is not a no
    dialogue.no.setFocus()
    dialogue.yes.clicked.connect(dialogue.accept)
    dialogue.accepted.connect(lambda: then())
    dialogue.open()
    return dialogue


def ask_text(
    parent: QWidget,
    title: str,
    words: str,
    yes_words: str,
    then: Callable[[str], object],
    *,
    required: bool = True,
    lines: int = 1,
    text: str = "",
    label: str = "Reason",
) -> QDialog:
    """Ask for a reason, a note, a name; `then` gets the stripped text. Ctrl+Enter answers.

    When `required`, an empty text is refused in place, in words.
    """
    dialogue = _Asking(parent, title, words, yes_words, "primary")
    editor = QLineEdit(text) if lines == 1 else QPlainTextEdit(text)
    if isinstance(editor, QPlainTextEdit):
        editor.setTabChangesFocus(True)
        editor.setFixedHeight(px(20 * lines + 16))
    editor.setAccessibleName(label)
    missing = Words("", "error")
    missing.hide()
    dialogue.box.addWidget(editor)
    dialogue.box.addWidget(missing)
    dialogue.box.addLayout(dialogue.line)

    def answer() -> None:
        typed = editor.text() if isinstance(editor, QLineEdit) else editor.toPlainText()
        if required and not typed.strip():
            missing.setText(f"{label} is needed: one sentence is enough.")
            missing.show()
            editor.setFocus()
            return
        dialogue.accept()
        then(typed.strip())

    dialogue.yes.clicked.connect(answer)
    for keys in ("Ctrl+Return", "Ctrl+Enter"):
        QShortcut(QKeySequence(keys), dialogue).activated.connect(answer)
    dialogue.yes.setToolTip("Ctrl+Enter")
    editor.setFocus()
    dialogue.open()
    return dialogue
