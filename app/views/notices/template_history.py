"""Every revision of a template: who saved it when, and what is different in it, line by line."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QComboBox, QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from app.models.notices.comparing import Difference, compared, counted
from app.models.times import speak_moment
from app.services.notices.rendering import built_in
from app.services.notices.template import TemplateSource
from app.services.notices.templates import TemplatePage, TemplateRow
from app.views.theme import Token, color, font, px, wash
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import button
from app.views.widgets.wheels import calm

BEFORE, EDITOR, BUILT_IN = "before", "editor", "built_in"
_AGAINST = (
    (BEFORE, "the one before it"),
    (EDITOR, "what stands in the editor"),
    (BUILT_IN, "the built-in"),
)
_TOKENS = {Difference.NEW: Token.OK, Difference.GONE: Token.BAD}


class TemplateHistory(QDialog):
    """`taken(TemplateSource)`: these words into the editor, where they can be saved again."""

    taken = Signal(object)

    def __init__(self, parent: QWidget, page: TemplatePage, editor: TemplateSource) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"History of the template: {page.kind.words.lower()}")
        self.resize(px(860), px(560))
        self._page, self._editor = page, editor
        first = TemplateRow("", 0, None, "", True, built_in(page.kind))
        self._rows = {row.revision: row for row in (*page.history, first)}
        box = QVBoxLayout(self)
        box.setSpacing(px(10))
        line = QHBoxLayout()
        line.setSpacing(px(16))
        self.list = ListView("Revisions", lead_width=24, wraps=True)
        self.list.setFixedWidth(px(250))
        self.list.model_rows.apply([self._row(r) for r in self._rows.values()])
        self.list.chosen.connect(lambda _key: self._draw())
        self.list.opened.connect(lambda _key: self._take())
        line.addWidget(self.list)
        right = QVBoxLayout()
        right.setSpacing(px(8))
        head = QHBoxLayout()
        self.count = Words("", "head")
        head.addWidget(self.count)
        head.addStretch(1)
        head.addWidget(Words("compared with", "sub"))
        self.against = QComboBox()
        self.against.setAccessibleName("Compared with")
        for value, words in _AGAINST:
            self.against.addItem(words, value)
        calm(self.against)
        self.against.currentIndexChanged.connect(lambda _at: self._draw())
        head.addWidget(self.against)
        right.addLayout(head)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName("What is different")
        self.text.setTabChangesFocus(True)
        self.text.setFont(font(mono=True))
        right.addWidget(self.text, 1)
        line.addLayout(right, 1)
        box.addLayout(line, 1)
        foot = QHBoxLayout()
        foot.addWidget(Words("+ new   − gone", "small"))
        foot.addStretch(1)
        self.take = button("Put these words into the editor", self._take, tone="primary")
        foot.addWidget(button("Close", self.reject))
        foot.addWidget(self.take)
        box.addLayout(foot)
        self.list.choose(str(page.history[0].revision))
        self.list.setFocus()
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    def _chosen(self) -> TemplateRow | None:
        row = self.list.current()
        return self._rows.get(int(row.key)) if row is not None else None

    def _other(self, row: TemplateRow) -> TemplateSource | None:
        """What it is compared with; None: nothing came before the built-in."""
        way = self.against.currentData()
        if way == EDITOR:
            return self._editor
        if way == BUILT_IN:
            return self._rows[0].source
        return self._before(row)

    def _before(self, row: TemplateRow) -> TemplateSource | None:
        before = [n for n in self._rows if n < row.revision]
        return self._rows[max(before)].source if before else None

    def _row(self, row: TemplateRow) -> ListRow:
        before = self._before(row)
        if before is None:
            return ListRow("0", "Built-in", "came with the console", lead="0")
        when = speak_moment(row.saved_at, self._page.zone) if row.saved_at else ""
        said = counted(compared(str(before), str(row.source)))
        if row.built_in:
            said = f"back to the {'organisation’s' if self._page.service_id else 'built-in'}"
        said = said or "nothing is different"
        number = str(row.revision)
        return ListRow(number, when, f"{row.saved_by} · {said}", lead=number)

    def _draw(self) -> None:
        row = self._chosen()
        if row is None:
            return
        other = self._other(row)
        whole = str(row.source)
        lines = compared(str(other), whole) if other is not None else ()
        said = counted(lines) or "nothing is different"
        name = f"Revision {row.revision}" if row.revision else "Built-in"
        self.count.setText(f"{name}: {said if other is not None else 'the first words'}")
        self.take.setEnabled(row.source != self._editor)
        self.text.clear()
        cursor = QTextCursor(self.text.document())
        shown = [(line.words, line.difference) for line in lines] or [
            (f"  {each}", Difference.SAME) for each in whole.split("\n")
        ]
        for number, (words, difference) in enumerate(shown):
            cursor.insertText(("\n" if number else "") + words, _format(difference))
        self.text.moveCursor(QTextCursor.MoveOperation.Start)

    def _take(self) -> None:
        row = self._chosen()
        if row is not None and row.source != self._editor:
            self.taken.emit(row.source)
        self.accept()


def _format(difference: Difference) -> QTextCharFormat:
    """The sign says it; the colour behind the words leaves them as easy to read."""
    made = QTextCharFormat()
    left_out = difference is Difference.LEFT_OUT
    made.setForeground(color(Token.MUTED if left_out else Token.TEXT))
    if difference in _TOKENS:
        made.setBackground(wash(_TOKENS[difference], 0.2))
    return made
