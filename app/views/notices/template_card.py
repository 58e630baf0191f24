"""The template of a kind of notice: its source, for all or for one service, with its history."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPlainTextEdit

from app.models.errors import ConsoleError
from app.models.notices.fields import fields
from app.models.times import speak_moment
from app.services.notices.composing import Composed, preview
from app.services.notices.template import TemplateSource
from app.services.notices.templates import (
    TemplatePage,
    TemplateRow,
    back_to_built_in,
    save_template,
    template_page,
)
from app.services.uow import Undo
from app.views.notices.chip_popup import ChipPopup
from app.views.ops import Ops
from app.views.theme import font, px
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, button
from app.views.widgets.tone import Tone

SEEN_MS = 250


class TemplateCard(Card):
    """`tried(Composed)`: this outage's notice with the words as they stand here. What is typed and
    not saved stays here for each kind and service."""

    tried = Signal(object)

    def __init__(self, ops: Ops, on_undo: Callable[[Undo], object]) -> None:
        super().__init__()
        self._ops = ops
        self._on_undo = on_undo
        self._composed: Composed | None = None
        self._page: TemplatePage | None = None
        self._unsaved: dict[tuple[str, str], TemplateSource] = {}
        self._build()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(SEEN_MS)
        self._soon.timeout.connect(self._try)

    def _build(self) -> None:
        self.body.setSpacing(px(8))
        head = QHBoxLayout()
        head.addWidget(Words("Template", "head"))
        head.addStretch(1)
        self.place = QComboBox()
        self.place.setAccessibleName("Which notices it is for")
        self.place.currentIndexChanged.connect(self._load)
        head.addWidget(self.place)
        self.body.addLayout(head)
        self.holds = Words("", "small", wrap=True)
        self.body.addWidget(self.holds)
        self.subject = QLineEdit()
        self.subject.setAccessibleName("Subject of the template")
        self.subject.setMinimumHeight(px(28))
        self.subject.setFont(font(mono=True))
        self.subject.textEdited.connect(self._on_edit)
        self.body.addWidget(self.subject)
        self.text = QPlainTextEdit()
        self.text.setAccessibleName("Source of the template")
        self.text.setTabChangesFocus(True)
        self.text.setFont(font(mono=True))
        self.text.textChanged.connect(self._on_edit)
        self.body.addWidget(self.text, 3)
        self.trouble = Words("", "", Tone.BAD, wrap=True)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        acts = QHBoxLayout()
        self.value = button("Field…", self._offer, spoken="Insert a field", tip="Ctrl+Space")
        acts.addWidget(self.value)
        acts.addStretch(1)
        self.built_in = button("Back to the built-in", self._on_back)
        acts.addWidget(self.built_in)
        self.save = button("Save for the organisation", self._on_save, tone="primary")
        acts.addWidget(self.save)
        self.body.addLayout(acts)
        self.earlier = Words("Earlier words", "head")
        self.body.addWidget(self.earlier)
        self.history = ListView("Earlier words of this template")
        self.history.setToolTip("Enter puts them into the editor")
        self.history.opened.connect(self._on_earlier)
        self.body.addWidget(self.history, 1)
        self.popup = ChipPopup(self)
        self.popup.picked.connect(self._on_picked)
        keys = QShortcut(QKeySequence("Ctrl+Space"), self.text)
        keys.setContext(Qt.ShortcutContext.WidgetShortcut)
        keys.activated.connect(self._offer)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:  # a face of its own does not follow the theme's
            for editor in (self.subject, self.text):
                editor.setFont(font(mono=True))

    def show_for(self, composed: Composed) -> None:
        """The template of this notice's kind, tried on its outage."""
        fresh = self._composed is None or (self._composed.outage_id, self._composed.kind) != (
            composed.outage_id,
            composed.kind,
        )
        self._composed = composed
        if fresh:
            self._page = None
            self.place.blockSignals(True)
            self.place.clear()
            self.place.addItem(f"Every {composed.kind.words.lower()}", "")
            self.place.blockSignals(False)
        self._load()

    def _load(self) -> None:
        if self._composed is None:
            return
        self._ops.read(
            template_page,
            self._composed.outage_id,
            self._composed.kind,
            str(self.place.currentData() or ""),
            then=self._show,
        )

    def _show(self, page: TemplatePage) -> None:
        composed = self._composed
        if composed is None or page.kind is not composed.kind:
            return
        self._page = page
        if self.place.count() == 1:
            for service_id, name in page.services:
                self.place.addItem(f"Only for {name}", service_id)
        source = self._unsaved.get(self._key(page), page.source)
        self._put(source)
        newest = page.history[0] if page.history else None
        said = f"Revision {newest.revision} holds, saved by {newest.saved_by}." if newest else ""
        self.holds.setText(said if page.own else "The words that came with the console hold.")
        self.built_in.setVisible(page.own)
        place = "this service" if page.service_id else "the organisation"
        self.save.setText(f"Save for {place}")
        self.history.model_rows.apply([_row(r, page.zone) for r in page.history])
        for part in (self.earlier, self.history):  # until something was saved there is no history
            part.setVisible(bool(page.history))
        self._try()

    def _key(self, page: TemplatePage) -> tuple[str, str]:
        return page.kind.value, page.service_id

    def source(self) -> TemplateSource:
        return TemplateSource(self.subject.text(), self.text.toPlainText())

    def _put(self, source: TemplateSource) -> None:
        if source == self.source():
            return
        self.text.blockSignals(True)
        self.subject.setText(source.subject)
        self.text.setPlainText(source.body)
        self.text.blockSignals(False)

    def _on_edit(self) -> None:
        if self._page is not None:
            self._unsaved[self._key(self._page)] = self.source()
        self._soon.start()

    def _try(self) -> None:
        """The preview with this outage's own facts; what is not allowed is said in place."""
        composed, page = self._composed, self._page
        if composed is None or page is None:
            return
        self.save.setEnabled(self.source() != page.source)
        self._ops.read(
            preview,
            composed.outage_id,
            composed.kind,
            "",
            "",
            composed.extra,
            self.source(),
            composed.prepared,
            then=self._on_tried,
            failed=self._refuse,
        )

    def _on_tried(self, made: Composed) -> None:
        self.trouble.setText("")
        self.trouble.hide()
        if self.isVisible():
            self.tried.emit(made)

    def _refuse(self, error: ConsoleError) -> None:
        self.trouble.setText(error.sentence)
        self.trouble.show()
        self.save.setEnabled(False)

    def _on_save(self) -> None:
        page = self._page
        if page is not None:
            self._ops.run(
                save_template,
                page.kind,
                self.source(),
                page.service_id,
                then=self._on_saved,
                failed=self._refuse,
            )

    def _on_back(self) -> None:
        page = self._page
        if page is not None:
            self._ops.run(back_to_built_in, page.kind, page.service_id, then=self._on_saved)

    def _on_saved(self, inverse: Undo) -> None:
        self._on_undo(inverse)
        if self._page is not None:
            self._unsaved.pop(self._key(self._page), None)
        self._load()

    def _on_earlier(self, key: str) -> None:
        rows = self._page.history if self._page else ()
        row = next((r for r in rows if r.id == key), None)
        if row is not None:
            self.subject.setText(row.source.subject)
            self.text.selectAll()
            self.text.insertPlainText(row.source.body)  # Ctrl+Z brings back what stood there
            self._on_edit()

    def _offer(self) -> None:
        facts = self._composed.facts if self._composed else None
        if facts is not None:
            below = self.text.cursorRect().bottomLeft()
            self.popup.offer(fields(facts), self.text.viewport().mapToGlobal(below))

    def _on_picked(self, field: str) -> None:
        self.text.insertPlainText(f"{{{{ {field} }}}}")
        self.text.setFocus()


def _row(row: TemplateRow, zone: str) -> ListRow:
    when = speak_moment(row.saved_at, zone) if row.saved_at else ""
    words = "back to the built-in" if row.built_in else row.source.subject
    return ListRow(row.id, words, f"{when} · {row.saved_by}", lead=str(row.revision))
