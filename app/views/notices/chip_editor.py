"""Plain text with values of the plan between: each value is one thing, painted as a chip."""

from __future__ import annotations

import json
from collections.abc import Iterable

from PySide6.QtCore import QEvent, QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QHelpEvent,
    QKeyEvent,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QTextEdit, QToolTip

from app.models.notices.chips import (
    Chip,
    Kept,
    Run,
    Values,
    joined,
    plain,
    source_of,
    spoken,
)
from app.models.notices.marking import Mark
from app.models.notices.rechipping import chipped_again
from app.views.notices.chip_document import (
    CHIP_TYPE,
    OBJECT,
    chip_of,
    from_plain,
    insert_runs,
    runs_in,
    to_plain,
)
from app.views.notices.chip_painting import ChipPainter, Emphasis, underlined
from app.views.notices.chip_popup import ChipPopup
from app.views.theme import px
from app.views.widgets.labels import plain_tip

MIME = "application/x-flight-console-notice"
_LINE = 150.0  # per cent: chips need air between the lines


class ChipEditor(QTextEdit):
    """`edited` when a person changed it. Chips are inserted by Ctrl+Space and deleted whole; they
    travel within by copy and paste, and leave as their words."""

    edited = Signal()
    _emphasis: Emphasis | None = None  # Qt sends changes while it is still being made

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.values: Values = {}
        self._painter = ChipPainter(self, self)
        self.document().documentLayout().registerHandler(CHIP_TYPE, self._painter)
        self._emphasis = Emphasis(self.document())
        self._revision = self.document().revision()
        self._said: tuple[Run, ...] = ()
        self._marks: tuple[Mark, ...] = ()
        self.popup = ChipPopup(self)
        self.popup.picked.connect(self._on_picked)
        self.textChanged.connect(self._on_changed)
        self.cursorPositionChanged.connect(self._say_chip)

    # --- what is shown -------------------------------------------------------------------------

    def show_runs(self, runs: Iterable[Run], values: Values, *, stay: bool = False) -> None:
        """The text from outside. The same text keeps cursor, undo and scroll; its chips follow.
        With `stay` another text keeps cursor and scroll, too."""
        wanted = joined(runs)
        self.values = values
        if self.runs() == wanted:
            self.document().markContentsDirty(0, self.document().characterCount())
            self.viewport().update()
            return
        at = self.textCursor().position() if stay else 0
        scrolled = self.verticalScrollBar().value() if stay else 0
        was = self.blockSignals(True)
        self.document().setUndoRedoEnabled(False)
        self.clear()
        cursor = QTextCursor(self.document())
        shape = cursor.blockFormat()
        shape.setLineHeight(_LINE, 1)  # QTextBlockFormat.LineHeightTypes.ProportionalHeight
        cursor.setBlockFormat(shape)
        insert_runs(cursor, wanted)
        self.document().setUndoRedoEnabled(True)
        cursor.setPosition(min(at, self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        self.verticalScrollBar().setValue(scrolled)
        self._revision, self._said = self.document().revision(), self.runs()
        self.blockSignals(was)

    def follow(self, values: Values) -> None:
        """The chips as the plan stands now; what is typed stays."""
        if values != self.values:
            self.values = values
            self.document().markContentsDirty(0, self.document().characterCount())
            self.viewport().update()

    def rewrite(self, runs: Iterable[Run], stop: int = -1) -> None:
        """Another text as one step that Ctrl+Z takes back; the cursor after run `stop`."""
        cursor = self.textCursor()
        cursor.beginEditBlock()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.removeSelectedText()
        made = list(runs)
        insert_runs(cursor, made[: stop + 1] if stop >= 0 else made)
        at = cursor.position()
        if stop >= 0:
            insert_runs(cursor, made[stop + 1 :])
        cursor.endEditBlock()
        cursor.setPosition(at)
        self.setTextCursor(cursor)

    def runs(self) -> tuple[Run, ...]:
        return runs_in(self.document(), self.toPlainText(), 0)

    def source(self) -> str:
        return source_of(self.runs())

    def words(self) -> str:
        """As it reads: every chip in its words."""
        return plain(self.runs(), self.values)

    def insert(self, run: Run) -> None:
        cursor = self.textCursor()
        cursor.beginEditBlock()
        insert_runs(cursor, (run,))
        cursor.endEditBlock()
        self.setTextCursor(cursor)

    def mark(self, marks: tuple[Mark, ...]) -> None:
        """Underlines the words that findings are about; a tip says what is wrong with them."""
        if not (marks or self._marks):
            return
        self._marks = marks
        self.setExtraSelections([underlined(self.document(), mark) for mark in marks])

    def select_words(self, mark: Mark) -> None:
        cursor = self.textCursor()
        cursor.setPosition(mark.start)
        cursor.setPosition(mark.end, QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()
        self.setFocus()

    # --- keys, clipboard -----------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() == Qt.KeyboardModifier.ControlModifier
        if control and event.key() == Qt.Key.Key_Space:
            self.offer()
            return
        super().keyPressEvent(event)

    def offer(self) -> None:
        """The values to insert, at the cursor."""
        if not self.isReadOnly():
            below = self.cursorRect().bottomLeft() + QPoint(0, px(4))
            self.popup.offer(self.values, self.viewport().mapToGlobal(below))

    def createMimeDataFromSelection(self) -> QMimeData:
        runs = self._selected()
        mime = QMimeData()
        mime.setText(plain(runs, self.values))
        mime.setData(MIME, json.dumps([to_plain(run) for run in runs]).encode())
        return mime

    def _selected(self) -> tuple[Run, ...]:
        cursor = self.textCursor()
        text = cursor.selectedText().replace("\u2029", "\n").replace("\u2028", "\n")
        return runs_in(self.document(), text, cursor.selectionStart())

    def canInsertFromMimeData(self, source: QMimeData) -> bool:
        return source.hasFormat(MIME) or source.hasText()

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Words over which a spell-checker went elsewhere have their values again."""
        cursor = self.textCursor()
        was = self._selected()
        cursor.beginEditBlock()
        cursor.removeSelectedText()
        if source.hasFormat(MIME):
            packed = json.loads(bytes(source.data(MIME).data()).decode())
            insert_runs(cursor, [from_plain(each) for each in packed])
        else:
            text = source.text().replace("\r\n", "\n").replace(OBJECT, "")
            insert_runs(cursor, chipped_again(text, was, self.values))
        cursor.endEditBlock()
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def _on_picked(self, field: str) -> None:
        self.insert(Chip(field))
        self.setFocus()

    def _on_changed(self) -> None:
        """Not for emphasis that is painted anew, chips that follow, or another look."""
        revision = self.document().revision()
        if revision == self._revision:
            return
        self._revision = revision
        said = self.runs()
        if said != self._said:
            self._said = said
            self.edited.emit()

    # --- reading a chip ------------------------------------------------------------------------

    def chip_at(self, position: int) -> Chip | Kept | None:
        """The chip that begins at `position`."""
        if self.document().characterAt(position) != OBJECT:
            return None
        cursor = QTextCursor(self.document())
        cursor.setPosition(position + 1)
        return chip_of(cursor.charFormat())

    def _say_chip(self) -> None:
        at = self.textCursor().position()
        chip = self.chip_at(at) or (self.chip_at(at - 1) if at else None)
        words = spoken(chip, self.values) if chip is not None else ""
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
            if words and QAccessible.isActive():
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            at = self.cursorForPosition(event.pos()).position()
            chip = self.chip_at(at) or (self.chip_at(at - 1) if at else None)
            said = [m.finding.sentence for m in self._marks if m.start <= at <= m.end]
            if chip is not None:
                said.insert(0, spoken(chip, self.values))
            if said:
                QToolTip.showText(event.globalPos(), plain_tip("\n".join(said)), self)
                return True
        return super().viewportEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        dressed = event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange)
        if dressed and self._emphasis is not None:
            self._emphasis.rehighlight()  # its grey is of the look before
            self.mark(self._marks)
            self.document().markContentsDirty(0, self.document().characterCount())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():  # long chips are cut to the width
            self.document().markContentsDirty(0, self.document().characterCount())
        if event.size().height() < event.oldSize().height() and self.hasFocus():
            self.ensureCursorVisible()  # checks that come below take of its height

    @property
    def room(self) -> float:
        """How wide a chip may be: the line."""
        return max(
            float(px(80)), self.viewport().width() - 2 * self.document().documentMargin() - 2
        )
