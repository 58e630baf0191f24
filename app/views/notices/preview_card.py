"""Exactly what leaves, on the reader's white: as HTML, as plain text, and as wide as a phone."""

from __future__ import annotations

import html

from PySide6.QtCore import QEvent, QRegularExpression, Signal
from PySide6.QtGui import QFontDatabase, QTextDocument
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QTabBar,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.services.notices.composing import Composed
from app.services.notices.rendering import page
from app.views.theme import TABLES, Look, Token, px
from app.views.widgets.labels import Words
from app.views.widgets.panels import button

PHONE_WIDTH = 360
WAYS = ("HTML", "Plain", "Phone")
_WITHIN = QRegularExpression(r"(?<=\d) (?=\d)")


class PreviewCard(QFrame):
    """`message(index)` when another reader's own text is chosen; `browse` to see it in a browser.
    `leaving` is what the preview was made from: the HTML or the text part, as it leaves."""

    message = Signal(int)
    browse = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("part", "paper")
        self.setAccessibleName("Preview")
        self._dress()
        self._composed: Composed | None = None
        self._index = 0
        self.leaving = ""
        box = QVBoxLayout(self)
        box.setContentsMargins(px(16), px(10), px(16), px(14))
        box.setSpacing(px(8))
        head = QHBoxLayout()
        head.addWidget(Words("Preview", "head"))
        head.addStretch(1)
        self.ways = QTabBar()
        self.ways.setAccessibleName("How the preview is shown")
        self.ways.setExpanding(False)
        self.ways.setUsesScrollButtons(False)
        for way in WAYS:
            self.ways.addTab(way)
        self.ways.currentChanged.connect(self._draw)
        head.addWidget(self.ways)
        box.addLayout(head)
        self.readers = QComboBox()
        self.readers.setAccessibleName("Whose text is shown")
        self.readers.currentIndexChanged.connect(self._on_reader)
        self.readers.hide()
        box.addWidget(self.readers)
        self.subject = Words("", "head", wrap=True)
        box.addWidget(self.subject)
        line_of = QHBoxLayout()
        self.browser = QTextBrowser()
        self.browser.setOpenLinks(False)
        self.browser.setAccessibleName("The notice as it leaves")
        self.browser.document().setDocumentMargin(0)
        self.browser.document().setDefaultStyleSheet(f"a {{ color: {self._link}; }}")
        line_of.addWidget(self.browser, 1)
        self._beside = QWidget()
        line_of.addWidget(self._beside)
        box.addLayout(line_of, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        self.browser_link = button("Open in browser", self.browse.emit, tone="link")
        foot.addWidget(self.browser_link)
        box.addLayout(foot)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._dress()

    def _dress(self) -> None:
        """Paper is white in every look; sizes follow the theme."""
        self._link = TABLES[Look.LIGHT][Token.INFO]
        paper, ink, line = (TABLES[Look.LIGHT][t] for t in (Token.SURFACE, Token.TEXT, Token.LINE))
        muted, accent = (TABLES[Look.LIGHT][t] for t in (Token.MUTED, Token.ACCENT))
        self.setStyleSheet(
            f'QFrame[part="paper"] {{ background: {paper}; border: 1px solid {line};'
            f" border-radius: {px(9)}px; }}"
            f"QLabel, QTextBrowser {{ color: {ink}; background: {paper}; border: 0; padding: 0; }}"
            f"QTabBar::tab {{ color: {muted}; }} QTabBar::tab:selected {{ color: {ink};"
            f" border-bottom-color: {accent}; }}"
            f"QComboBox {{ color: {ink}; background: {paper}; border-color: {line}; }}"
            f"QComboBox QAbstractItemView {{ color: {ink}; background: {paper}; }}"
        )

    def show_composed(self, composed: Composed | None) -> None:
        self._composed = composed
        count = len(composed.messages) if composed else 0
        self._index = min(self._index, max(count - 1, 0))
        self.readers.blockSignals(True)
        self.readers.clear()
        for message in composed.messages if composed and count > 1 else ():
            names = ", ".join(r.name for r in message.recipients[:2])
            more = len(message.recipients) - 2
            self.readers.addItem(f"{names} and {more:,} more" if more > 0 else names)
        self.readers.setCurrentIndex(self._index)
        self.readers.blockSignals(False)
        self.readers.setVisible(count > 1)
        self._draw()

    @property
    def index(self) -> int:
        return self._index

    def _on_reader(self, index: int) -> None:
        self._index = max(index, 0)
        self._draw()
        self.message.emit(self._index)

    def _draw(self) -> None:
        composed = self._composed
        if composed is None:
            self.subject.setText("")
            self.browser.clear()
            self.leaving = ""
            return
        rendered = composed.messages[self._index].rendered
        way = WAYS[self.ways.currentIndex()]
        self.subject.setText(rendered.subject)
        bar = self.browser.verticalScrollBar()
        kept = bar.value()
        if way == "Plain":
            fixed = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()
            self.leaving = rendered.text
            said = html.escape(self.leaving)
            style = f"font-family: '{fixed}'; white-space: pre-wrap"
            self.browser.setHtml(f'<div style="{style}">{said}</div>')
        else:
            self.leaving = page(rendered)
            self.browser.setHtml(self.leaving)
        _keep_numbers_whole(self.browser.document())
        narrow = way == "Phone"
        self.browser.setMaximumWidth(px(PHONE_WIDTH) if narrow else 16777215)
        self._beside.setVisible(narrow)
        bar.setValue(kept)


def _keep_numbers_whole(document: QTextDocument) -> None:
    """A telephone number is not broken at the end of a line here; what leaves is as it is."""
    found = document.find(_WITHIN)
    while not found.isNull():
        found.insertText("\N{NO-BREAK SPACE}")
        found = document.find(_WITHIN, found)
