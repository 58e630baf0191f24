"""The source of a template as plain text, in which the line that is not allowed is marked."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from app.views.theme import Token, font, wash


class TemplateText(QPlainTextEdit):
    def __init__(self) -> None:
        super().__init__()
        self._marked = 0
        self.setAccessibleName("Source of the template")
        self.setTabChangesFocus(True)
        self.setFont(font(mono=True))

    @property
    def marked(self) -> int:
        """The marked line, from 1; 0: none is."""
        return self._marked

    def mark(self, line: int) -> None:
        """Mark that line; with 0 none. The cursor stays where it is."""
        self._marked = line
        block = self.document().findBlockByNumber(line - 1) if line > 0 else None
        if block is None or not block.isValid():
            self._marked = 0
            self.setExtraSelections([])
            return
        made = QTextEdit.ExtraSelection()
        made.cursor = QTextCursor(block)
        made.format.setBackground(wash(Token.BAD, 0.25, Token.BG))
        made.format.setProperty(QTextFormat.Property.FullWidthSelection, True)
        self.setExtraSelections([made])

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:  # a face of its own does not follow the theme's
            self.setFont(font(mono=True))
        elif event.type() == QEvent.Type.PaletteChange and self._marked:
            self.mark(self._marked)
