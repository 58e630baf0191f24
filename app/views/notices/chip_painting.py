"""How chips and the mark-up around them look."""

from __future__ import annotations

import re
from typing import Protocol

from PySide6.QtCore import QObject, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QPen,
    QPyTextObject,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
)
from PySide6.QtWidgets import QTextEdit

from app.models.notices.chips import Kept, Values, is_empty, shown
from app.models.notices.marking import Mark
from app.models.severity import Severity
from app.views.notices.chip_document import chip_of
from app.views.theme import Token, color, font, px

_STRONG = re.compile(r"\*\*(?!\s)(.+?)\*\*|(?<!\*)\*(?![\s*])(.+?)\*(?!\*)")


class Chips(Protocol):
    """Who holds them: the present values, and how wide a chip may be."""

    values: Values

    @property
    def room(self) -> float: ...


class ChipPainter(QPyTextObject):
    def __init__(self, editor: Chips, parent: QObject) -> None:
        super().__init__(parent)
        self._editor = editor

    def intrinsicSize(self, doc: QTextDocument, position: int, shape: QTextFormat) -> QSizeF:
        chip = chip_of(shape.toCharFormat())
        metrics = QFontMetricsF(_face(doc, position))
        words = shown(chip, self._editor.values) if chip is not None else ""
        width = metrics.horizontalAdvance(words) + 2 * px(6) + px(4)
        return QSizeF(min(width, self._editor.room), metrics.height() + px(2))

    def drawObject(
        self,
        painter: QPainter,
        rect: QRectF | QRect,
        doc: QTextDocument,
        position: int,
        shape: QTextFormat,
    ) -> None:
        chip = chip_of(shape.toCharFormat())
        if chip is None:
            return
        empty = is_empty(chip, self._editor.values)
        left_out = empty and isinstance(chip, Kept)
        ink = Token.MUTED if left_out else Token.BAD if empty else Token.ACCENT
        edge = Token.BAD if empty and not left_out else Token.LINE
        face = _face(doc, position)
        box = QRectF(rect).adjusted(px(2) + 0.5, 0.5, -px(2) - 0.5, -0.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(color(edge), 1)
        if left_out:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(color(Token.SURFACE if empty else Token.RAISED))
        painter.drawRoundedRect(box, px(4), px(4))
        painter.setPen(color(ink))
        painter.setFont(face)
        inner = box.adjusted(px(6), 0, -px(6), 0)
        words = QFontMetricsF(face).elidedText(
            shown(chip, self._editor.values), Qt.TextElideMode.ElideRight, inner.width() + 1
        )
        painter.drawText(inner, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)
        painter.restore()


class Emphasis(QSyntaxHighlighter):
    """The mark-up as it will look, with its stars in grey."""

    def highlightBlock(self, text: str) -> None:
        for found in _STRONG.finditer(text):
            made = QTextCharFormat()
            strong = found.group(1) is not None
            if strong:
                made.setFontWeight(QFont.Weight.Bold)
            else:
                made.setFontItalic(True)
            stars = 2 if strong else 1
            grey = QTextCharFormat()
            grey.setForeground(color(Token.MUTED))
            start, end = found.span()
            self.setFormat(start, stars, grey)
            self.setFormat(start + stars, end - start - 2 * stars, made)
            self.setFormat(end - stars, stars, grey)


def underlined(doc: QTextDocument, mark: Mark) -> QTextEdit.ExtraSelection:
    """A wave under the words, in the colour of how much it stands in the way."""
    made = QTextEdit.ExtraSelection()
    cursor, last = QTextCursor(doc), doc.characterCount() - 1
    cursor.setPosition(min(mark.start, last))
    cursor.setPosition(min(mark.end, last), QTextCursor.MoveMode.KeepAnchor)
    shape = QTextCharFormat()
    shape.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
    blocks = mark.finding.severity is Severity.BLOCK
    shape.setUnderlineColor(color(Token.BAD if blocks else Token.WARN))
    made.cursor, made.format = cursor, shape
    return made


def _face(doc: QTextDocument, position: int) -> QFont:
    """Bold within bold words."""
    block = doc.findBlock(position)
    before = block.text()[: position - block.position()]
    return font(bold=before.count("**") % 2 == 1)
