"""The days on which the organisation, or one of its sites, is closed. Each act can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut

from app.models.calendar.closing import ClosingDays
from app.models.errors import ConsoleError
from app.services.settings.closing_days import ClosingRows, change_closing_days, closing_days
from app.services.uow import Undo
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.settings.parts import line
from app.views.theme import px
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.moments import DayEdit
from app.views.widgets.panels import Card, button
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet

SHOWN = 5
"""Rows before the list scrolls."""


class ClosingCard(Card):
    def __init__(
        self, ops: Ops, tell: Telling, on_undo: Callable[[Undo], object] = lambda _undo: None
    ) -> None:
        super().__init__("Closing days", "of your own", bleed=True)
        self._ops, self._tell, self._on_undo = ops, tell, on_undo
        self._rows: ClosingRows | None = None
        self.list = ListView("Closing days of your own", lead_width=190)
        self._none = Words(
            "Nobody works then, though it is no public holiday: add it here, and lead times and "
            "notices keep clear of it.",
            "muted",
            wrap=True,
        )
        self._none.setContentsMargins(px(8), 0, px(8), px(8))
        self.add = button("Add…", self.ask)
        self.gone = button("Take out", self.take_out, tip="Del")
        self.body.addWidget(self.list)
        self.body.addWidget(self._none)
        acts = line(self.add, self.gone)
        acts.setContentsMargins(px(8), px(4), px(8), 0)
        self.body.addLayout(acts)
        self.list.chosen.connect(lambda _key: self._say_what_can_be_done())
        delete = QShortcut(QKeySequence("Del"), self.list)
        delete.setContext(Qt.ShortcutContext.WidgetShortcut)
        delete.activated.connect(self.take_out)
        self._say_what_can_be_done()

    def refresh(self) -> None:
        self._ops.read(closing_days, then=self._show)

    def ask(self) -> None:
        rows = self._rows
        if rows is None:
            return
        sites = tuple((key, name or "everywhere") for key, name in rows.sites)
        where = (Ask("site", "Where", Kind.CHOICE, choices=sites),) if len(sites) > 1 else ()
        day = rows.today.isoformat()
        sheet = Sheet(
            self,
            "Closing days",
            "No working days then: lead times, reminders and the calendar follow.",
            (
                Ask("name", "Why", hint="Between the years", needed="Say why it is closed."),
                Ask("first", "First day", Kind.DAY, day),
                Ask("last", "Last day", Kind.DAY, day),
                *where,
            ),
            "Add",
        )
        first, last = (sheet.editor(key) for key in ("first", "last"))
        assert isinstance(first, DayEdit) and isinstance(last, DayEdit)
        first.dateChanged.connect(partial(_not_before, first, last))

        def answered(answers: Answers) -> None:
            made = ClosingDays(first.day(), last.day(), answers["name"], answers.get("site", ""))
            self._change((*rows.closings, made), f"Closed {made.words}.", sheet)

        sheet.answered.connect(answered)
        sheet.open()

    def take_out(self) -> None:
        chosen = self._chosen()
        if chosen is not None and self._rows is not None:
            kept = [closing for closing in self._rows.closings if closing != chosen]
            self._change(kept, f"“{chosen.name}” is taken out.")

    def _change(self, wanted: Sequence[ClosingDays], told: str, sheet: Sheet | None = None) -> None:
        if self._rows is None:
            return

        def done(undo: Undo) -> None:
            if sheet is not None:
                sheet.accept()
            self._on_undo(undo)
            self._tell.info(f"{told} Ctrl+Z takes it back.")
            self.refresh()

        def failed(refusal: ConsoleError) -> None:
            if sheet is not None:
                sheet.refuse(refusal.sentence)
            else:
                self._tell.error(refusal.sentence)
            self.refresh()

        self._ops.run(
            change_closing_days,
            tuple(wanted),
            seen=self._rows.version,
            then=done,
            failed=failed,
            owner=self,
        )

    def _chosen(self) -> ClosingDays | None:
        row = self.list.current()
        if row is None or self._rows is None:
            return None
        return next((c for c in self._rows.ahead if _key(c) == row.key), None)

    def _show(self, rows: ClosingRows) -> None:
        self._rows = rows
        self.list.model_rows.apply(
            [ListRow(_key(c), c.name, lead=c.words, trailing=rows.where(c)) for c in rows.ahead]
        )
        self.list.setFixedHeight(self.list.sizeHintForRow(0) * min(len(rows.ahead), SHOWN) + px(4))
        self.list.setVisible(bool(rows.ahead))
        self._none.setVisible(not rows.ahead)
        self._say_what_can_be_done()

    def _say_what_can_be_done(self) -> None:
        self.add.setEnabled(self._rows is not None)
        self.gone.setVisible(self._rows is not None and bool(self._rows.ahead))
        self.gone.setEnabled(self._chosen() is not None)


def _not_before(first: DayEdit, last: DayEdit, _day: object) -> None:
    if last.day() < first.day():
        last.set_day(first.day())


def _key(closing: ClosingDays) -> str:
    return f"{closing.first} {closing.last} {closing.name} {closing.site_id}"
