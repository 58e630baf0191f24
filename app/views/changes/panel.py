"""The Changes tab: the records drafted from the steps done, and the form that reviews one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.models.errors import ConsoleError
from app.models.times import speak_date, speak_moment, to_wall
from app.services.changes import (
    ChangeRow,
    WithoutCi,
    changes_of,
    history_of,
    note_ci,
    nothing_recorded,
    review_change,
)
from app.services.changes import without_ci as steps_without_ci
from app.services.changes_export import FORMS, export_changes
from app.services.outages.reading import zone_of
from app.services.uow import Undo
from app.views.changes.evidence_keeping import EvidenceKeeping
from app.views.changes.review_form import ReviewForm
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.theme import px
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.panels import Card, EmptyState, Row, button, clear, focus_within, tab_here
from app.views.widgets.saving import SavePlace
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet
from app.views.widgets.tone import Tone

SETTLE_MS = 150


class ChangesPanel(QWidget):
    """Supplied to the workspace as its Changes tab."""

    shown = Signal(object)
    leadsChanged = Signal()

    def __init__(
        self,
        ops: Ops,
        notify: Telling,
        on_undo: Callable[[Undo], object],
        keeping: EvidenceKeeping | None = None,
    ) -> None:
        """Without `keeping` there is no place for files: evidence is words alone."""
        super().__init__()
        self._ops = ops
        self._notify = notify
        self._on_undo = on_undo
        self._zone = "UTC"
        self._outage_id = ""
        self._wanted = ""
        self._rows: tuple[ChangeRow, ...] = ()
        self.list = ListView("Change records", lead_width=24)
        self.list.chosen.connect(self._on_chosen)
        self.form = ReviewForm()
        self.list.opened.connect(lambda _key: self.form.begin())
        self.form.reviewed.connect(self._on_reviewed)
        self.form.files.setVisible(keeping is not None)
        if keeping is not None:
            keeping.serve(self.form)
        self._open = Card("Steps that changed something, without a CI")
        self._card = card = Card("Change records", bleed=True)
        card.body.addWidget(self.list)
        self._place = SavePlace()
        self.export = button("Export…", self.save, tip="As CSV or JSON (Ctrl+S)")
        card.head.addWidget(self.export)
        keys = QShortcut(QKeySequence("Ctrl+S"), self)
        keys.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        keys.activated.connect(self.save)
        left = QVBoxLayout()
        left.setSpacing(px(16))
        left.addWidget(self._open)
        left.addWidget(card, 1)
        self.history = ListView("Earlier changes of this CI", lead_width=118)
        self._history_card = Card("History", bleed=True)
        self._history_card.body.addWidget(self.history)
        self._history_card.hide()
        left.addWidget(self._history_card, 1)
        left.addStretch(0)
        inner = QWidget()
        line = QHBoxLayout(inner)
        line.setContentsMargins(px(22), px(16), px(22), px(16))
        line.setSpacing(px(16))
        line.addLayout(left, 3)
        line.addWidget(self.form, 2)
        self._nothing = EmptyState(
            "No change records yet. They are drafted from the steps really done when the flight "
            "ends, one for each CI changed."
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(inner)
        self._stack.addWidget(self._nothing)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        self._show(())
        self._show_open(())

    def keys(self) -> tuple[tuple[str, str], ...]:
        return (
            ("Up, Down", "choose a change record"),
            ("Enter", "into the first field that is empty"),
            ("Ctrl+Enter", "reviewed: save it and go to the next"),
            ("Ctrl+S", "export the records as CSV or JSON"),
        )

    @property
    def leads(self) -> bool:
        """A record waits for its review."""
        return bool(self._rows) and self.form.leads

    def focusInEvent(self, event: QFocusEvent) -> None:
        """On to the records. As a focus proxy it would make Tab pass over what is above them."""
        self.list.setFocus(event.reason())

    def show_outage(self, outage_id: str) -> None:
        if outage_id != self._outage_id:
            self._outage_id = outage_id
            self._show(())
            self._show_open(())
            self._ops.read(zone_of, outage_id, then=self._on_zone)
        self.refresh()

    def _on_zone(self, zone: str) -> None:
        self._zone = zone
        self.refresh()

    def focus_on(self, about: str) -> None:
        """Choose the record with this id once it is here."""
        self._wanted = about
        self._choose()

    def refresh(self) -> None:
        if self._outage_id:
            self._ops.read(changes_of, self._outage_id, then=self._show)
            self._ops.read(steps_without_ci, self._outage_id, then=self._show_open)
            self._ops.read(nothing_recorded, self._outage_id, then=self._nothing.say)

    def on_event(self, event: object) -> None:
        if self._outage_id and getattr(event, "outage_id", "") in ("", self._outage_id):
            self._settle.start()

    def _show(self, rows: Sequence[ChangeRow]) -> None:
        self._rows = tuple(rows)
        self.list.model_rows.apply([self._list_row(row) for row in rows])
        self._card.setVisible(bool(rows))
        if not rows:
            self._history_card.hide()
        self._front()
        if rows and not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self.list.model_rows.index(0))
        current = self.list.current()
        if current is not None:
            self._on_chosen(current.key)
        self._choose()
        self.shown.emit(self._rows)

    def save(self) -> QFileDialog | None:
        """Asks where to; what is saved are the records as they are on disk, not what is typed."""
        rows, zone = self._rows, self._zone
        if not rows:
            return None

        def write(path: Path) -> None:
            try:
                export_changes(path, rows, zone)
            except ConsoleError as trouble:
                self._notify.error(trouble.sentence)
                return
            records = "1 change record" if len(rows) == 1 else f"{len(rows)} change records"
            self._notify.info(f"{records} saved as {path.name} in {path.parent}.")

        return self._place.ask(self, f"{rows[0].outage_code} changes", FORMS, write)

    def _show_open(self, steps: Sequence[WithoutCi]) -> None:
        held = focus_within(self._open) is not None
        clear(self._open.body)
        self._open.setVisible(bool(steps))
        for place, step in enumerate(steps):
            act = button("Note CI…", lambda step=step: self._ask_ci(step))  # type: ignore[misc]
            self._open.body.addWidget(
                Row(
                    step.words,
                    " · ".join(part for part in (step.what, "say which CI it changed") if part),
                    Tone.WARN,
                    trailing=act,
                    separated=place > 0,
                )
            )
        tab_here(self._open)
        self._front()
        if held:
            (self._open.findChild(QPushButton) or self.list).setFocus()

    def _front(self) -> None:
        empty = not self._rows and self._open.isHidden()
        self._stack.setCurrentIndex(1 if empty else 0)
        self.form.setVisible(bool(self._rows))

    def _choose(self) -> None:
        if self._wanted and self.list.model_rows.index_of(self._wanted).isValid():
            self.list.choose(self._wanted)
            self._wanted = ""
            self.form.begin()

    def _on_chosen(self, key: str) -> None:
        row = next((r for r in self._rows if r.id == key), None)
        if row is None:
            return
        self.form.show_change(row)
        self.leadsChanged.emit()
        self._ops.read(
            history_of, row.ci_id, then=lambda found: self._show_history(row, found), owner=self
        )

    def _show_history(self, row: ChangeRow, found: Sequence[ChangeRow]) -> None:
        """What was ever changed on the chosen record's CI, newest first; itself left out."""
        earlier = [each for each in found if each.id != row.id]
        changes = "1 other change" if len(earlier) == 1 else f"{len(earlier)} other changes"
        self._history_card.show_as(f"History of {row.ci}", changes)
        self._history_card.setVisible(bool(earlier))
        self.history.model_rows.apply(
            [
                ListRow(
                    each.id,
                    each.what,
                    f"{each.outage_code} · {each.by}"
                    + (f" · {each.before} → {each.after}" if each.after else ""),
                    lead=speak_date(to_wall(each.at, self._zone).date()),
                )
                for each in earlier
            ]
        )

    def _on_reviewed(self, row: ChangeRow, said: dict[str, str]) -> None:
        def done(undo: Undo) -> None:
            self.form.saved()
            self._on_undo(undo)
            self._notify.info(f"Change record {row.number} is reviewed.")
            self._next_open(row.id, said["external_number"])

        self._ops.run(
            review_change, row.id, seen=row.version,
            before=said["before"], after=said["after"], evidence=said["evidence"],
            external_number=said["external_number"], people_notice=said["people_notice"],
            then=done, failed=lambda error: self.form.refuse(error.sentence), owner=self,
        )  # fmt: skip

    def _next_open(self, done: str, number: str) -> None:
        """After a review the next record without one comes to the front, after a number the next
        without a number, before the rows are read again: what was done is remembered here."""
        self._rows = tuple(
            replace(row, reviewed=True, external_number=number) if row.id == done else row
            for row in self._rows
        )
        waiting = [row.id for row in self._rows if not row.reviewed]
        if number and not waiting:
            waiting = [row.id for row in self._rows if not row.external_number]
        if waiting:
            self.list.choose(waiting[0])
            self.form.begin()

    def _ask_ci(self, step: WithoutCi) -> None:
        sheet = Sheet(
            self,
            "Which CI was changed?",
            f"{step.words}: {step.what}" if step.what else step.words,
            (
                Ask(
                    "ci", "Configuration item", Kind.FOUND,
                    choices=(("", "choose one"), *step.choices),
                    needed="Choose the CI; typing finds it.",
                ),
            ),
            "Note it",
        )  # fmt: skip

        def done(undo: Undo) -> None:
            sheet.accept()
            self._on_undo(undo)

        def answered(answers: Answers) -> None:
            self._ops.run(
                note_ci, step.step_id, answers["ci"], seen=step.version,
                then=done, failed=lambda error: sheet.refuse(error.sentence), owner=self,
            )  # fmt: skip

        sheet.answered.connect(answered)
        sheet.open()

    def _list_row(self, row: ChangeRow) -> ListRow:
        was = f"{row.before} → {row.after}" if row.before or row.after else "not described yet"
        number = f" · {row.external_number}" if row.external_number else ""
        return ListRow(
            key=row.id,
            title=f"{row.ci}: {row.what}",
            sub=f"{was} · {row.by}, {speak_moment(row.at, self._zone)}{number}",
            lead=str(row.number),
            pill="reviewed" if row.reviewed else "to review",
            pill_tone=Tone.OK if row.reviewed else Tone.WARN,
        )
