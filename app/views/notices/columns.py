"""The columns of the Communication tab: what is to be said, its words, and what leaves."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from app.services.notices.reading import Communication
from app.services.uow import Undo
from app.views.notices.composer_card import ComposerCard
from app.views.notices.preview_card import PreviewCard
from app.views.notices.replies_card import RepliesCard
from app.views.notices.template_card import TemplateCard
from app.views.ops import Ops
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListView
from app.views.widgets.panels import Card, focus_within

PLAN, WORDS, PREVIEW = (150, 270), (280, 480), (280, 420)
"""The least width of a column and the one it begins with, in design pixels."""


class Columns(QSplitter):
    """Plan and replies stay; composer, template or a note, and the preview beside them or in
    their place."""

    def __init__(self, ops: Ops, on_undo: Callable[[Undo], object]) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setHandleWidth(px(16))
        self.setStyleSheet("QSplitter::handle { background: transparent; }")
        self.setChildrenCollapsible(False)
        self.plan = ListView("Communication plan", wraps=True)
        self.replies = RepliesCard(ops, on_undo)
        self.composer = ComposerCard()
        self.template = TemplateCard(ops, on_undo)
        self.template.hide()
        self._note = Card()
        self._note_words = Words("", wrap=True)
        self._note.body.addWidget(self._note_words)
        self._note.body.addStretch(1)
        self._note.hide()
        self.preview = PreviewCard()
        self.preview.message.connect(self.composer.show_reader)
        self.template.tried.connect(self.preview.show_composed)
        widths = []
        for widget, (least, first) in (
            (self._left(), PLAN),
            (self.composer, WORDS),
            (self.template, WORDS),
            (self._note, WORDS),
            (self.preview, PREVIEW),
        ):
            widget.setMinimumWidth(px(least))
            widths.append(px(first))
            self.addWidget(widget)
        self.setSizes(widths)
        for number, stretch in enumerate((0, 12, 12, 12, 10)):
            self.setStretchFactor(number, stretch)

    def _left(self) -> QWidget:
        plan = Card("Communication plan", bleed=True)
        plan.body.addWidget(self.plan)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(16))
        column.addWidget(plan, 3)
        column.addWidget(self.replies)
        self._column = column
        return left

    def show_replies(self, found: Communication) -> None:
        """While there are none, the room is the plan's."""
        self.replies.show_found(found)
        self._column.setStretchFactor(self.replies, 2 if found.replies else 0)

    def take_turns(self, *, narrow: bool, seeing: bool, template: bool) -> None:
        """Text and preview side by side; when `narrow` the preview only while it is looked at."""
        self._note.hide()
        writing = not (narrow and seeing)
        self.composer.setVisible(writing and not template)
        self.template.setVisible(writing and template)
        self.preview.setVisible(not narrow or seeing)

    def look(self) -> None:
        """The keyboard to the preview beside the text, and back."""
        looking = focus_within(self.preview) is not None
        (self.composer.text if looking else self.preview.browser).setFocus()

    def show_note(self, words: str) -> None:
        """In the place of a notice: nothing is written here."""
        for card in (self.composer, self.template, self.preview):
            card.hide()
        self._note_words.setText(words)
        self._note.show()
