"""The form that plans an outage or changes one, with what stands against it beside it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QFrame, QGridLayout, QScrollArea, QVBoxLayout, QWidget

from app.models.calendar.slot import Slot
from app.models.errors import ConsoleError
from app.models.outages.lifecycle import ImpactClass, State
from app.models.times import Window, speak_window
from app.services.calendar.series import SeriesMade, add_series
from app.services.outages.plan_form import PlanCheck, PlanForm, plan_check, plan_free
from app.services.outages.planning import Plan, Planned, change_outage, plan_outage
from app.services.outages.usual import checks_for_users
from app.services.uow import Undo
from app.views.notify import Telling, ask
from app.views.ops import Ops
from app.views.outages.conflict_card import ConflictCard
from app.views.outages.fair_offers import FairOffers
from app.views.outages.plan_fields import PlanFields
from app.views.outages.plan_parts import PlanParts, form_card, soon
from app.views.outages.repeat_field import RepeatField
from app.views.theme import px
from app.views.widgets.abreast import Abreast
from app.views.widgets.columns import Columns
from app.views.widgets.forms import Field
from app.views.widgets.labels import Words, addresses
from app.views.widgets.panels import Card, button, tab_here
from app.views.widgets.tone import set_part

T = TypeVar("T")
NARROW = 900
"""Below this many design pixels the conflicts stand within the form."""
AFTER_WHEN = 3
"""Where the conflicts stand then: behind refusal, what and when."""
CHECK_MS = 350
"""After the last key before the conflicts are looked for again."""


class PlanPage(QWidget):
    """`saved(outage_id)` once it is on disk, `left` when given up. Nothing typed is lost on a
    refusal; leaving with something typed asks once."""

    saved = Signal(str)
    left = Signal()
    changed = Signal()

    def __init__(
        self,
        ops: Ops,
        notify: Telling,
        on_undo: Callable[[Undo], object],
        form: PlanForm,
        now: Callable[[], datetime],
        slot: Slot | None = None,
    ) -> None:
        """`slot` is where a new outage lies, when one was chosen already."""
        super().__init__()
        self._ops = ops
        self._notify = notify
        self._on_undo = on_undo
        self._form = form
        self._now = now
        self._edited = False
        self._saving = False
        self._asked = 0
        self._within: bool | None = None
        self.fields = PlanFields(form, now(), slot)
        self.fields.setParent(self)
        self.refusal = Words("", "error", wrap=True)
        self.refusal.hide()
        self._conflicts = ConflictCard(self._look_for_free)
        self._conflicts.taken.connect(self._take)
        self.repeats = RepeatField(ops, self.fields.window.window_given)
        self._services = Field("Services", self.fields.services)
        self._named = QWidget()
        self._roles = QGridLayout(self._named)
        self._roles.setContentsMargins(0, 0, 0, 0)
        self._urgent = self.fields.field("urgent_reason")
        self._place()
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(CHECK_MS)
        self._settle.timeout.connect(self._check)
        self.fields.edited.connect(self._on_edited)
        self.fields.window.changed.connect(self.repeats.follow)
        self.repeats.changed.connect(self._on_edited)
        self.fields.runbook.currentIndexChanged.connect(self._show_roles)
        self._fair = FairOffers(ops, self.fields, lambda: self._edited and self._settle.start())
        self._show_roles()
        self._show_urgent()
        self._conflicts.show_found((), complete=False)
        if form.plan is not None:
            self._check()
        keypad = QShortcut(QKeySequence("Ctrl+Enter"), self)
        keypad.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keypad.activated.connect(self.save)
        free = QShortcut(QKeySequence("Alt+F"), self)
        free.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        free.activated.connect(self._look_for_free)
        self.fields.lines["title"].setFocus()
        self.setFocusProxy(self.fields.lines["title"])

    @property
    def title(self) -> str:
        return f"Change {self._form.code}" if self._form.plan else "New outage"

    @property
    def context(self) -> str:
        if self._form.told:
            return f"{addresses(self._form.told)} told of it; its window is changed with Move"
        return "" if self._form.plan else "it begins as a draft: nobody is told yet"

    # --- placing -------------------------------------------------------------------------------

    def _place(self) -> None:
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        columns = self._columns = Columns(7, 3, below=NARROW, gap=0)
        inner = QWidget()
        set_part(inner, "scroll")
        column = self._column = QVBoxLayout(inner)
        column.setContentsMargins(px(22), px(16), px(16), px(16))
        column.setSpacing(px(16))
        fields = self.fields
        how = fields.card if self._form.plan else fields.runbook
        parts: tuple[tuple[Card, QWidget], ...] = (
            (self._what(), fields.lines["title"]),
            (self._when(), fields.window.start),
            (self._whom(), fields.services),
            (self._who(), fields.coordinator),
            (self._how(), how),
        )
        for card, _ in parts:
            column.addWidget(card)
        column.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidget(inner)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # it follows the fields within
        self.parts = PlanParts(self, area, parts)
        head = QVBoxLayout()
        head.setContentsMargins(px(22), 0, px(22), 0)
        head.addWidget(self.parts)
        whole.addLayout(head)
        whole.addWidget(columns, 1)
        columns.left.addWidget(area)
        side = columns.right
        side.setSpacing(px(12))
        side.addStretch(1)
        self._set_in()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._set_in()

    def _set_in(self) -> None:
        """Refusal and conflicts beside the form; without the room at its head, and where the
        window is asked for."""
        within = self.width() < px(NARROW)
        if within == self._within:
            return
        self._within = within
        home = self._column if within else self._columns.right
        home.insertWidget(0, self.refusal)
        home.insertWidget(AFTER_WHEN if within else 1, self._conflicts)
        edges = (0, 0, 0, 0) if within else (px(4), px(16), px(22), px(16))
        self._columns.right.setContentsMargins(*edges)
        self._columns.box.setStretch(1, 0 if within else 3)

    def _what(self) -> Card:
        card = form_card("What and why")
        fields = self.fields
        card.body.addWidget(fields.field("title"))
        card.body.addWidget(fields.field("why"))
        card.body.addWidget(Field("Impact class", fields.impact))
        card.body.addWidget(self._urgent)
        card.body.addWidget(
            Abreast(*(fields.field(n) for n in ("requester", "approver", "change_reference")))
        )
        return card

    def _when(self) -> Card:
        card = form_card("When")
        # before people were told the window is a fact like others; afterwards Move is the way
        movable = self._form.state in (State.DRAFT, State.PLANNED)
        if movable:  # first: Shift+Tab goes to it from where Alt+2 leads
            tip = "The window begins within the next minutes and is as long as it was"
            card.head.addWidget(button("Start at once", self._at_once, tone="link", tip=tip))
        card.body.addWidget(self.fields.window)
        card.body.addWidget(self.repeats)
        self.repeats.setVisible(self._form.plan is None)
        self.fields.window.setEnabled(movable)
        return card

    def _at_once(self) -> None:
        self.fields.window.start_at(soon(self._now()))

    def _whom(self) -> Card:
        card = form_card("What and whom it touches")
        card.body.addWidget(Abreast(self._services, Field("Configuration items", self.fields.cis)))
        card.body.addWidget(
            Field("Audiences", self.fields.audiences, "those of the services come by themselves")
        )
        for name in ("impact_text", "before_text", "workaround"):
            card.body.addWidget(self.fields.field(name))
        return card

    def _who(self) -> Card:
        card = form_card("Who")
        fields = self.fields
        card.body.addWidget(
            Abreast(Field("Coordinator", fields.coordinator), Field("Deputy", fields.deputy))
        )
        card.body.addWidget(Abreast(fields.field("checker"), fields.field("checker_phone")))
        card.body.addWidget(
            Abreast(fields.field("checker_deputy"), fields.field("checker_deputy_phone"))
        )
        card.body.addWidget(Abreast(Field("Vendor", fields.vendor), fields.field("vendor_case")))
        card.body.addWidget(fields.field("bridge_line"))
        return card

    def _how(self) -> Card:
        card = form_card("How")
        if self._form.plan is None:
            card.body.addWidget(Field("Runbook", self.fields.runbook))
            self._roles.setHorizontalSpacing(px(12))
            self._roles.setVerticalSpacing(px(8))
            card.body.addWidget(self._named)
        card.body.addWidget(Words("Decision card", "head"))
        card.body.addWidget(self.fields.card)
        return card

    def _show_roles(self) -> None:
        """People and parts of a new outage's runbook; a stored plan has its steps already."""
        if self._form.plan is not None:
            return
        while (item := self._roles.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for place, (name, box) in enumerate(self.fields.role_fields()):
            box.currentIndexChanged.connect(self._on_edited)
            hint = "as last time" if name in self.fields.roles and box.chosen() else ""
            hint = "looks from the users’ side" if checks_for_users(name) else hint
            field = Field(name[:1].upper() + name[1:], box, hint)
            self._fair.follow(name, field)
            self._roles.addWidget(field, place // 2, place % 2, Qt.AlignmentFlag.AlignTop)
        self._named.setVisible(self._roles.count() > 0)
        tab_here(self._named)

    def _show_urgent(self) -> None:
        self._urgent.setVisible(self.fields.impact.currentData() == ImpactClass.URGENT)

    # --- editing -------------------------------------------------------------------------------

    def _on_edited(self) -> None:
        self._edited = True
        if self.fields.services.chosen():
            self._services.accept()
        self._show_urgent()
        self._settle.start()

    def _check(self) -> None:
        """Live conflicts; of a series those of its first date."""
        plan = self.fields.plan()
        self._asked += 1
        if plan is None or not plan.services:
            self._conflicts.show_found((), complete=False)
            return
        self._read(plan_check, plan, self._form.outage_id, *self.repeats.given, then=self._checked)

    def _checked(self, found: PlanCheck) -> None:
        self._conflicts.show_found(found.conflicts, complete=True, lead=found.lead, of=found.of)

    def _look_for_free(self) -> None:
        """Alt+F: the nearest windows without a conflict, of the plan as it is typed."""
        plan = self.fields.plan()
        if plan is None or not plan.services:
            return
        self._conflicts.free.wait()
        self._read(plan_free, plan, self._form.outage_id, then=self._conflicts.free.show_found)

    def _read(self, query: Callable[..., T], *args: object, then: Callable[[T], object]) -> None:
        """For the card of conflicts; the answer to an older question is dropped."""
        asked = self._asked

        def show(found: T) -> None:
            if asked == self._asked:
                then(found)

        def failed(error: ConsoleError) -> None:
            if asked == self._asked:
                self._conflicts.say(error.sentence)

        self._ops.read(query, *args, then=show, failed=failed, owner=self)

    def _take(self, window: Window) -> None:
        self.fields.window.set_window(window)
        self.fields.window.changed.emit()
        self.fields.window.start.setFocus()

    # --- saving and leaving ----------------------------------------------------------------------

    def save(self) -> None:
        """Ctrl+Enter. What is missing is said under its field, and the first gets the focus."""
        plan = self.fields.plan()
        if self._saving or not self._complete(plan) or plan is None:
            return
        self._saving = True
        self.refusal.hide()
        if self._form.plan is None and self.repeats.rule:
            self._ops.run(
                add_series, plan, self.repeats.rule, self.repeats.work.begin(),
                not_in_freeze=self.repeats.leave_out.isChecked(),
                then=self._series_planned, failed=self._refused, owner=self,
            )  # fmt: skip
        elif self._form.plan is None:
            self._ops.run(plan_outage, plan, then=self._planned, failed=self._refused, owner=self)
        else:
            self._ops.run(
                change_outage, self._form.outage_id, plan, self._form.version,
                then=self._changed, failed=self._refused, owner=self,
            )  # fmt: skip

    def leave(self) -> None:
        if not self._edited:
            self.left.emit()
            return
        ask(
            self,
            "Leave what you typed?",
            "What you typed here is not saved yet and would be lost.",
            "Leave it",
            self.left.emit,
            no_words="Keep typing",
        )

    @property
    def edited(self) -> bool:
        return self._edited

    def _complete(self, plan: Plan | None) -> bool:
        title = self.fields.field("title")
        missing: list[tuple[Field, str]] = []
        if not self.fields.lines["title"].text().strip():
            missing.append(
                (title, "The outage needs a title, a few words people will recognise it by.")
            )
        if not self.fields.services.chosen():
            missing.append((self._services, "Name at least one service that it takes down."))
        for field in (title, self._services):
            field.accept()
        for field, sentence in reversed(missing):
            field.refuse(sentence)
        if plan is None:
            self.fields.window.start.setFocus()
        return not missing and plan is not None

    def _planned(self, made: Planned) -> None:
        self._edited = False
        self._on_undo(made.undo)
        self._notify.info(f"{made.code} is a draft now: nobody is told yet.")
        self.saved.emit(made.outage_id)

    def _series_planned(self, made: SeriesMade) -> None:
        self.repeats.work.end()
        self._edited = False
        if made.undo is not None:
            self._on_undo(made.undo)
        self._notify.info(f"{made.sentence} Nobody is told yet.")
        self.saved.emit(made.first)

    def _changed(self, undo: Undo) -> None:
        self._edited = False
        self._on_undo(undo)
        plan = self.fields.plan()
        when = f", {speak_window(plan.window)}" if plan else ""
        self._notify.info(f"{self._form.code} is changed{when}.")
        self.saved.emit(self._form.outage_id)

    def _refused(self, error: ConsoleError) -> None:
        self.repeats.work.end()
        self._saving = False
        self.refusal.setText(error.sentence)
        self.refusal.show()
