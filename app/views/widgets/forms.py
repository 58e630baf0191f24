"""A field of a form: its label, its editor and, under it, what is wrong with what was typed."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QScrollArea, QSpinBox, QVBoxLayout, QWidget

from app.views.theme import px
from app.views.widgets.labels import Words, Wrapped
from app.views.widgets.tone import set_tone
from app.views.widgets.wheels import calm

LONG = 50
"""Characters; a longer label wraps, or a dialogue would be as wide as it."""


class Field(QWidget):
    """`refuse` shows the sentence under the editor and reads it out; `accept` takes it away.

    The place for the sentence is not kept free: a form with nothing wrong has no holes.
    """

    def __init__(self, label: str, editor: QWidget, hint: str = "", *, wide: bool = True) -> None:
        super().__init__()
        self.editor = editor
        self._label = label
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(px(4))
        name = Words(label, "sub", wrap=len(label) > LONG)
        name.setBuddy(editor)
        box.addWidget(name)
        if wide:
            box.addWidget(editor)
        else:
            line = QHBoxLayout()
            line.addWidget(editor)
            line.addStretch(1)
            box.addLayout(line)
        self._hint = Wrapped(hint, "small")
        if not hint:
            self._hint.hide()
        box.addWidget(self._hint)
        self._error = Words("", "error", wrap=True)
        self._error.hide()
        box.addWidget(self._error)
        editor.setAccessibleName(label)
        editor.setAccessibleDescription(hint)
        editor.setMinimumHeight(px(28))
        if isinstance(editor, QComboBox):
            calm(editor)

    def say(self, hint: str) -> None:
        """Another hint under the editor; empty: none."""
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.editor.setAccessibleDescription(hint)

    @property
    def error(self) -> str:
        """The sentence shown now, or nothing."""
        return "" if self._error.isHidden() else self._error.text()

    def refuse(self, sentence: str, *, focus: bool = True) -> None:
        self._error.setText(sentence)
        self._error.show()
        set_tone(self.editor, "bad")
        self.editor.setAccessibleDescription(sentence)
        if focus:
            self.turn_to()

    def turn_to(self) -> None:
        """The keyboard goes here, and what is said is scrolled to once all is laid out."""
        self.editor.setFocus()
        QTimer.singleShot(0, self, lambda: into_view(self))

    def accept(self) -> None:
        self._error.hide()
        set_tone(self.editor, "")
        self.editor.setAccessibleDescription(self._hint.text())


def into_view(widget: QWidget) -> None:
    """Scroll to it in whatever it stands in; it must be laid out."""
    within = widget.parentWidget()
    while within is not None:
        if isinstance(within, QScrollArea):
            within.ensureWidgetVisible(widget)
        within = within.parentWidget()


class Number(QSpinBox):
    """A whole number, typed or turned, without the small arrows."""

    def __init__(self) -> None:
        super().__init__()
        calm(self)
        self.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self._set_in()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._set_in()

    def _set_in(self) -> None:
        """The style sheet's padding does not reach the text of a spin box."""
        self.lineEdit().setTextMargins(px(8), 0, px(8), 0)
