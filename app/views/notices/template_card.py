"""The template of a kind of notice, for all or for one service, tried as it is typed."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from app.models.errors import ConsoleError, Stale
from app.models.notices.fields import LABELS, LISTS, fields
from app.models.notices.kinds import NoticeKind
from app.models.severity import Severity
from app.models.times import speak_moment
from app.services.notices.checking import LEAD_WAIVER
from app.services.notices.composing import Composed, preview
from app.services.notices.facts import NOTHING_TYPED
from app.services.notices.template import TemplateSource
from app.services.notices.templates import (
    TemplatePage,
    back_to_built_in,
    save_template,
    template_page,
    usable,
)
from app.services.uow import Undo
from app.views.notices.chip_popup import ChipPopup
from app.views.notices.template_history import TemplateHistory
from app.views.notices.template_keeping import TypedTemplates
from app.views.notices.template_place import TemplatePlace
from app.views.notices.template_text import TemplateText
from app.views.ops import Ops
from app.views.theme import font, px
from app.views.widgets.flow import FlowLayout
from app.views.widgets.labels import Words
from app.views.widgets.panels import Card, button
from app.views.widgets.tone import Tone

SEEN_MS = 250


class TemplateCard(Card):
    """`tried(Composed)`: an outage's notice with the words as they stand here; `saved` when other
    words hold. What is typed and not saved stays here for each kind and service."""

    tried = Signal(object)
    saved = Signal()

    def __init__(self, ops: Ops, on_undo: Callable[[Undo], object]) -> None:
        super().__init__()
        self._ops = ops
        self._on_undo = on_undo
        self._kind: NoticeKind | None = None
        self._outage_id = ""
        self._composed: Composed | None = None
        self._page: TemplatePage | None = None
        self._typed = TypedTemplates(self, ops)
        self._not_yet = ""
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
        self.place = TemplatePlace()
        self.place.picked.connect(self._on_place)
        head.addWidget(self.place)
        self.body.addLayout(head)
        line = QHBoxLayout()
        self.holds = Words("", "small", wrap=True)
        line.addWidget(self.holds, 1)
        self.drop = button("Not saved: drop it", self._on_drop, tone="link")
        self.drop.setToolTip("The words that hold stand here again; Ctrl+Z in the source undoes it")
        line.addWidget(self.drop)
        self.body.addLayout(line)
        self.subject = QLineEdit()
        self.subject.setAccessibleName("Subject of the template")
        self.subject.setMinimumHeight(px(28))
        self.subject.setFont(font(mono=True))
        self.subject.textEdited.connect(self._on_edit)
        self.body.addWidget(self.subject)
        self.text = TemplateText()
        self.text.textChanged.connect(self._on_edit)
        self.body.addWidget(self.text, 1)
        self.trouble = Words("", "", Tone.BAD, wrap=True)
        self.trouble.hide()
        self.body.addWidget(self.trouble)
        self.checks = Words("", "small", Tone.WARN, wrap=True)
        self.checks.hide()
        self.body.addWidget(self.checks)
        row = QWidget()
        acts = FlowLayout(row, 8)
        self.save = button("Save for the organisation", self._on_save, tone="primary", tip="Ctrl+S")
        acts.addWidget(self.save)  # first, so that it stays in its place when others come
        self.value = button("Field…", self._offer, spoken="Insert a field", tip="Ctrl+Space")
        acts.addWidget(self.value)
        self.history = button("History…", self._look_back, tip="Every revision, and what changed")
        acts.addWidget(self.history)
        self.built_in = button("Back to the built-in", self._on_back)
        acts.addWidget(self.built_in)
        self.body.addWidget(row)
        self._wait()
        self.popup = ChipPopup(self)
        self.popup.picked.connect(self._on_picked)
        keys = QShortcut(QKeySequence("Ctrl+Space"), self.text)
        keys.setContext(Qt.ShortcutContext.WidgetShortcut)
        keys.activated.connect(self._offer)
        save = QShortcut(QKeySequence.StandardKey.Save, self)
        save.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        save.activated.connect(self.save.click)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:  # a face of its own does not follow the theme's
            self.subject.setFont(font(mono=True))

    def show_for(self, composed: Composed) -> None:
        """The template of this notice's kind, tried on its outage."""
        self._composed = composed
        self.show_kind(composed.kind, composed.outage_id)

    def show_kind(self, kind: NoticeKind, outage_id: str) -> None:
        """The template of a kind, tried on that outage; on none where there is none yet."""
        fresh = (kind, outage_id) != (self._kind, self._outage_id)
        if kind is not self._kind:
            self._wait()
            self.place.show_kind(kind)
        if fresh and self._composed is not None and self._composed.outage_id != outage_id:
            self._composed = None
        self._kind, self._outage_id = kind, outage_id
        self._load()

    def _wait(self) -> None:
        """Until it is read, nothing is typed into it."""
        self._page = None
        self._allow(typing=False)
        self.save.setEnabled(False)
        for part in (self.history, self.built_in, self.drop):
            part.hide()

    def _allow(self, *, typing: bool) -> None:
        self.subject.setReadOnly(not typing)
        self.text.setReadOnly(not typing)

    def _on_place(self) -> None:
        self._wait()
        self._load()

    def _load(self) -> None:
        if self._kind is None:
            return
        self._ops.read(
            template_page,
            self._kind,
            self.place.service_id,
            self._outage_id,
            then=self._show,
        )

    def _show(self, page: TemplatePage) -> None:
        if page.kind is not self._kind or page.service_id != self.place.service_id:
            return
        self._page = page
        self._allow(typing=True)
        self.place.show_page(page)
        typed = self._typed.of(page)
        self._put(typed.source if typed else page.source)
        self.holds.setText(_holds(page))
        self.drop.setVisible(typed is not None)
        self.built_in.setVisible(page.own)
        self.built_in.setText(
            "Back to the organisation’s" if page.service_id else "Back to the built-in"
        )
        self.save.setText(f"Save for {'this service' if page.service_id else 'the organisation'}")
        self.history.setVisible(bool(page.history))
        self._try()

    def source(self) -> TemplateSource:
        return TemplateSource(self.subject.text(), self.text.toPlainText())

    def _put(self, source: TemplateSource) -> None:
        if source == self.source():
            return
        held = self.text.blockSignals(True)
        self.subject.setText(source.subject)
        self.subject.setCursorPosition(0)
        self.text.setPlainText(source.body)
        self.text.blockSignals(held)

    def _on_edit(self) -> None:
        self._not_yet = ""
        page = self._page
        if page is not None:
            self._typed.type(page, self.source())
            self.drop.setVisible(self.source() != page.source)
        self._soon.start()

    def _try(self) -> None:
        """The preview with an outage's own facts; what is not allowed is said in place."""
        page, composed = self._page, self._composed
        if page is None:
            return
        if self.source() == page.source:
            self.save.setEnabled(False)
        if not self._outage_id:
            self._ops.read(usable, self.source(), then=self._on_usable, failed=self._refuse)
            return
        self._ops.read(
            preview,
            self._outage_id,
            page.kind,
            "",
            "",
            composed.extra if composed else NOTHING_TYPED,
            self.source(),
            composed.prepared if composed else None,
            then=self._on_tried,
            failed=self._refuse,
        )

    def _on_usable(self, _nothing: object = None) -> None:
        self.trouble.setText(self._not_yet)
        self.trouble.setVisible(bool(self._not_yet))
        self.text.mark(0)
        self.save.setEnabled(self._page is not None and self.source() != self._page.source)

    def _on_tried(self, made: Composed) -> None:
        if (made.kind, made.outage_id) != (self._kind, self._outage_id):
            return
        self._on_usable()
        self._composed = made
        page = self._page
        ours = page is not None and (page.own or self.source() != page.source)
        self.checks.setText(_checks(made) if ours else "")
        self.checks.setVisible(bool(self.checks.text()))
        if self.isVisible():
            self.tried.emit(made)

    def _refuse(self, error: ConsoleError) -> None:
        self.trouble.setText(error.sentence)
        self.trouble.show()
        self.checks.hide()
        line = error.about.get("line")
        self.text.mark(line if isinstance(line, int) and not error.about.get("subject") else 0)
        self.save.setEnabled(False)

    def _on_save(self) -> None:
        page = self._page
        if page is None:
            return
        typed = self._typed.of(page)
        self._ops.run(
            save_template,
            page.kind,
            self.source(),
            page.service_id,
            typed.seen if typed else page.revision,
            then=self._on_saved,
            failed=self._not_saved,
        )

    def _not_saved(self, error: ConsoleError) -> None:
        """Somebody else's words are seen in the history; then ours may follow them."""
        self._refuse(error)
        page, ours = self._page, self.source()
        if page is not None and error.code == Stale.code:
            self._not_yet = error.sentence
            self._ops.read(
                template_page,
                page.kind,
                page.service_id,
                self._outage_id,
                then=lambda now: self._beside(now, ours),
            )

    def _beside(self, now: TemplatePage, ours: TemplateSource) -> None:
        self._typed.begin_anew(now, ours)
        self._show(now)

    def _on_back(self) -> None:
        page = self._page
        if page is not None:
            self._ops.run(
                back_to_built_in,
                page.kind,
                page.service_id,
                page.revision,
                then=self._on_saved,
                failed=self._not_saved,
            )

    def _on_saved(self, inverse: Undo) -> None:
        self._not_yet = ""
        self._on_undo(inverse)
        if self._page is not None:
            self._typed.forget(self._page)
        self._load()
        self.saved.emit()

    def _look_back(self) -> None:
        if self._page is not None and self._page.history:
            dialog = TemplateHistory(self, self._page, self.source())
            dialog.taken.connect(self._take)
            dialog.open()

    def keep(self, then: Callable[[], object]) -> bool:
        """Implements `Keeps`."""
        return self._typed.keep(then)

    def _on_drop(self) -> None:
        if self._page is not None:
            self._take(self._page.source)

    def _take(self, source: TemplateSource) -> None:
        self.subject.selectAll()
        self.subject.insert(source.subject)
        self.text.selectAll()
        self.text.insertPlainText(source.body)  # Ctrl+Z brings back what stood there
        self._on_edit()
        self.text.setFocus()

    def _offer(self) -> None:
        facts = self._composed.facts if self._composed else None
        values = fields(facts) if facts is not None else dict.fromkeys(LABELS, "")
        below = self.text.cursorRect().bottomLeft()
        self.popup.offer(values, self.text.viewport().mapToGlobal(below), lists=True)

    def _on_picked(self, field: str) -> None:
        if field in LISTS:
            self.text.insertPlainText(
                f"{{% for line in {field} %}}\n- {{{{ line }}}}\n{{% endfor %}}\n"
            )
        else:
            self.text.insertPlainText(f"{{{{ {field} }}}}")
        self.text.setFocus()


def _checks(made: Composed) -> str:
    """What the lint says of the words on this outage; whether it is in time is another matter."""
    found = [f for f in made.findings if f.severity is not Severity.NOTE and f.rule != LEAD_WAIVER]
    if not found:
        return ""
    more = f" And {len(found) - 1} more." if len(found) > 1 else ""
    return f"Checked on {made.code}: {found[0].sentence}{more}"


def _holds(page: TemplatePage) -> str:
    """Whose words hold, since when."""
    newest = page.history[0] if page.history else None
    if page.own and newest is not None:
        when = f" {speak_moment(newest.saved_at, page.zone)}" if newest.saved_at else ""
        return f"Revision {newest.revision} holds, saved{when} by {newest.saved_by}."
    if page.from_organisation:
        return "The organisation’s own words hold for this service, too."
    return "The words that came with the console hold."
