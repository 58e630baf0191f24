"""The Communication tab: the plan, the notice as it is written, and what leaves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeySequence, QResizeEvent, QShortcut, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from app.models.errors import ConsoleError
from app.models.notices.kinds import NoticeKind, NoticeState
from app.services.notices.composing import Composed, Prepared, compose, preview
from app.services.notices.reading import Communication, PlanRow, communication
from app.services.notices.sending import discard_draft
from app.services.uow import Undo
from app.views.notices.acts import DESKTOP, NoticeActs, Outside
from app.views.notices.columns import Columns
from app.views.notices.draft_keeping import DraftKeeping, Tells
from app.views.notices.leaving_line import LeavingLine
from app.views.notices.notice_bar import NoticeBar, Press
from app.views.notices.plan_words import (
    KEYS,
    ending_owed,
    first_line,
    next_line,
    plan_lines,
    rows_by_kind,
)
from app.views.ops import Ops
from app.views.theme import px
from app.views.widgets.panels import focus_within
from app.views.widgets.settling import settling
from app.views.widgets.tone import set_part

SETTLE_MS = 150
REST_MS = 2_500
"""Drafts kept while typing change nothing that is shown; the rest is read when typing rests."""
THREE_COLUMNS = 960
"""Design pixels; with less room text and preview take turns."""


class CommunicationTab(QWidget):
    """`show_outage(id)` opens an outage; `focus_on(token)` a kind of notice, or a reply's id.
    `outboxRequested(item id)`: to where it waits."""

    outboxRequested = Signal(str)
    leadsChanged = Signal()
    passedOn = Signal()

    def __init__(
        self,
        ops: Ops,
        beside: Ops,
        notify: Tells,
        on_undo: Callable[[Undo], object],
        now: Callable[[], datetime],
        outgoing: Path,
        outside: Outside = DESKTOP,
    ) -> None:
        super().__init__()
        set_part(self, "page")
        self._ops = ops
        self._notify = notify
        self._on_undo = on_undo
        self._now = now
        self._outage_id = ""
        self._kind: NoticeKind | None = None
        self._wanted = ""
        self._seeing = self._in_template = self._is_stale = False
        self.found: Communication | None = None
        self.composed: Composed | None = None
        self.acts = NoticeActs(ops, beside, notify, on_undo, now, outgoing, self, outside)
        self.acts.done.connect(self.refresh)
        self.acts.stands.connect(lambda made: self._on_composed(made, words=True))
        self._acts_of: dict[Press, Callable[[Composed], object]] = {
            Press.COPY: lambda composed: self.acts.copy(composed, self.preview.index),
            Press.SAVE: self.acts.save,
            Press.HOLD: self.acts.hold,
            Press.MAIL: self.acts.open_in_mail,
            Press.SENT: self.acts.sent,
            Press.QUEUE: lambda composed: self.acts.send(composed, self.bar.route),
            Press.SOON: lambda composed: self.acts.send(composed, self.bar.route, soon=True),
        }
        self._build(ops, on_undo)
        self._settle = settling(self, SETTLE_MS, self._on_settled)
        self._keeping = DraftKeeping(ops, notify, self.composer, self, self.refresh)
        self._rest = settling(self, REST_MS, self.refresh)

    # --- what the workspace calls ------------------------------------------------------------

    def show_outage(self, outage_id: str, kind: NoticeKind | None = None) -> None:
        self._keep()
        if outage_id != self._outage_id:
            self._outage_id, self._kind, self.found, self.composed = outage_id, None, None, None
            self._in_template = False
            self._keeping.forget()
            self.composer.waits()
        if kind is not None:
            self._wanted = kind.value
        self.refresh()

    @property
    def leads(self) -> bool:
        return self.bar.leads

    def focus_on(self, about: str) -> None:
        self._wanted = about
        self.refresh()

    def on_event(self, event: object) -> None:
        about = getattr(event, "outage_id", "")
        if self._keeping.is_own(event, self._outage_id):
            self._rest.start()
        elif self._outage_id and about in ("", self._outage_id):
            self._settle.start()

    def refresh(self) -> None:
        if self._outage_id:
            self._ops.read(communication, self._outage_id, then=self._on_found)

    # --- building ----------------------------------------------------------------------------

    def _build(self, ops: Ops, on_undo: Callable[[Undo], object]) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(px(22), px(12), px(22), px(16))
        box.setSpacing(px(12))
        self.bar = NoticeBar()
        self.bar.pressed.connect(self._on_pressed)
        box.addWidget(self.bar)
        self.leaving = LeavingLine(ops, self._now)
        self.leaving.outboxWanted.connect(self.outboxRequested)
        self._keys()
        self.columns = Columns(ops, on_undo)
        self.plan, self.replies = self.columns.plan, self.columns.replies
        self.composer, self.template = self.columns.composer, self.columns.template
        self.preview = self.columns.preview
        self.plan.chosen.connect(self._on_chosen)
        self.replies.noted.connect(self.refresh)
        self.composer.edited.connect(self._on_edited)
        self.composer.paused.connect(self._keep)
        self.composer.backWanted.connect(self._on_back)
        self.composer.waiveWanted.connect(lambda: self._with(self.acts.waive))
        self.composer.asked.connect(lambda what: self._with(partial(self.acts.side.open, what)))
        browse = self.acts.open_in_browser
        self.preview.browse.connect(
            lambda: self._with(lambda composed: browse(composed, self.preview.index))
        )
        box.addWidget(self.columns, 1)
        for low in (self.acts.saving.bar, self.acts.queueing, self.leaving):
            box.addWidget(low)  # at the foot: they come and go, and the plan stays in place

    def keys(self) -> tuple[tuple[str, str], ...]:
        return KEYS

    def _keys(self) -> None:
        for keys, press in (
            ("Alt+P", Press.SEE),
            ("Alt+S", Press.SENT),
            ("Alt+N", Press.SOON),
            ("Ctrl+Return", Press.QUEUE),
            ("Ctrl+Enter", Press.QUEUE),
        ):
            shortcut = QShortcut(QKeySequence(keys), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(lambda press=press: self._on_pressed(press, by_key=True))

    def _on_pressed(self, press: object, *, by_key: bool = False) -> None:
        goes_on = by_key and press is Press.QUEUE and self.bar.goes_on
        if press is Press.SEE:
            self._on_see()
        elif press is Press.TEMPLATE:
            self._keep()
            self._in_template = not self._in_template
            self.refresh()
        elif press is Press.TAKE_BACK:
            self._with(lambda composed: self.acts.take_back(composed.notice_id))
        elif isinstance(press, Press) and self.bar.can(press) and not goes_on:
            self._with(self._acts_of[press])
        elif press is Press.QUEUE and not self._on_next():
            self.passedOn.emit()

    def _on_next(self) -> bool:
        """What is in front has left: on to the next that is owed, if there is one."""
        has_left = self.bar.goes_on or (self.composed and self.composed.state != NoticeState.DRAFT)
        key = next_line(self.found, self._kind) if has_left and self.found is not None else ""
        if key:
            self.plan.choose(key)
            self._on_chosen(key)
        return bool(key)

    # --- answers -----------------------------------------------------------------------------

    def _on_found(self, found: Communication) -> None:
        if found.outage_id != self._outage_id:
            return
        self.found = found
        self.plan.blockSignals(True)
        self.plan.model_rows.apply(plan_lines(found, self._now()))
        self.columns.show_replies(found)
        key = self._key_wanted(found)
        self.plan.choose(key)
        self.plan.blockSignals(False)
        self._on_chosen(key)

    def _key_wanted(self, found: Communication) -> str:
        """What was asked for, what is shown, what is owed, or what comes next."""
        wanted, self._wanted = self._wanted, ""
        if any(r.id == wanted for r in found.replies):
            self.replies.choose(wanted)
        rows = {row.key: row for row in found.rows}
        by_kind = rows_by_kind(found)
        if wanted in by_kind:
            return by_kind[wanted].key
        if wanted in rows:
            return wanted
        if wanted and wanted in {kind.value for kind in NoticeKind}:
            self._kind = NoticeKind(wanted)
            return ""
        current = self.plan.current()
        if current is not None and current.key in rows and self._kind is not None:
            return current.key
        return first_line(found)

    def _on_chosen(self, key: str) -> None:
        row = self._row(key)
        kind = row.kind if row is not None else self._kind
        if row is not None and row.key == "end_owed" and self.found is not None:
            kind = ending_owed(self.found)
        if kind is not self._kind:
            self._keep()
            self.composed = None
            self.composer.waits()
        self._kind = kind
        if kind is None:
            self._show_act(row)
            return
        touched = self.composer.touched
        self._ops.read(
            compose,
            self._outage_id,
            kind,
            then=lambda made: self._on_composed(
                made,
                words=self.composer.composed is None or self.composer.untouched_since(touched),
            ),
            failed=self._on_refused,
            owner=self,
        )

    def _on_composed(self, composed: Composed, *, words: bool) -> None:
        if (composed.outage_id, composed.kind) != (self._outage_id, self._kind):
            return
        self.composed = composed
        self._in_template = self._in_template and composed.state is NoticeState.DRAFT
        held = focus_within(self) is not None
        self._take_turns()
        self.composer.show_composed(composed, words=words)
        if words:
            self._keeping.show(composed)
        self.bar.show_composed(composed, self.found, template=self._in_template, now=self._now())
        self.leaving.show_for(composed, self.found)
        self.leadsChanged.emit()
        if self._in_template:
            self.template.show_for(composed)
        else:
            self.preview.show_composed(composed)
        if held and focus_within(self) is None:  # its button went, and the keys would go with it
            self.plan.setFocus()

    def _on_refused(self, error: ConsoleError) -> None:
        self.composed = None
        self._show_note(self._kind.words if self._kind else "", error.sentence)
        turned = error.about.get("owed")
        if isinstance(turned, NoticeKind) and turned is not self._kind:
            self._notify.remark(error.sentence, warn=True)
            self.focus_on(turned.value)

    def _show_act(self, row: PlanRow | None) -> None:
        if row is not None:
            self._show_note(row.title, f"{row.why}\n\n{row.standing.sentence}")

    def _show_note(self, title: str, words: str) -> None:
        self.bar.show_title(title)
        self.leadsChanged.emit()
        self.leaving.show_for(None, None)
        self.columns.show_note(words)

    def _take_turns(self) -> None:
        """Three columns where there is room, else the text or the preview."""
        narrow = self.width() < px(THREE_COLUMNS)
        self.bar.see.setVisible(narrow)
        self.bar.see.setText("Back to the text" if self._seeing else "Preview")
        self.columns.take_turns(narrow=narrow, seeing=self._seeing, template=self._in_template)

    def _on_see(self) -> None:
        if self.bar.see.isVisible() and self.composed is not None:
            self._seeing = not self._seeing
            self._take_turns()
            self.bar.fit()
        else:
            self.columns.look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.composed is not None:
            self._take_turns()

    def _on_edited(self) -> None:
        if self._kind is None or self.composed is None or not self.composed.can_be_written:
            return
        subject, body = self.composer.typed()
        ready = self.composed.prepared
        self._ops.read(
            preview,
            self._outage_id,
            self._kind,
            subject,
            body,
            self.composer.fields.extra(),
            ready=ready,
            then=lambda made: self._on_previewed(made, ready),
            owner=self,
        )

    def _on_previewed(self, made: Composed, ready: Prepared | None) -> None:
        """Unless the store was looked at meanwhile: what it said then is newer."""
        if self.composed is not None and self.composed.prepared is ready:
            self._on_composed(made, words=False)
        elif self.composer.dirty:
            self.composer.edited_again()

    def _keep(self, *, whole: bool = False) -> None:
        """What was typed becomes the draft."""
        if self.composed is not None and self.composer.take():
            self._keeping.keep(self.composed, whole=whole)

    def _with(self, act: Callable[[Composed], object]) -> None:
        """An act on the notice as it stands on screen: what was typed is kept first. While another
        is fetched nothing is done with the one before."""
        self._keep(whole=True)
        if self.composed is not None and not self._wanted:
            act(self.composed)

    def _on_back(self) -> None:
        self.composer.take()
        if self.composed is None:
            return

        def done(inverse: Undo) -> None:
            self._on_undo(inverse)
            self.refresh()

        about = self.composed.outage_id, self.composed.kind
        self._ops.run(discard_draft, *about, then=done, owner=self)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """On to the plan. As a focus proxy it would make Tab pass over the bar above it."""
        self.plan.setFocus(event.reason())

    def _on_settled(self) -> None:
        """Out of sight it is read anew when it comes back."""
        self._is_stale = not self.isVisible()
        if not self._is_stale:
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._on_settled()

    def hideEvent(self, event: QHideEvent) -> None:
        self._keep()
        super().hideEvent(event)

    def _row(self, key: str) -> PlanRow | None:
        rows = self.found.rows if self.found else ()
        return next((row for row in rows if row.key == key), None)
