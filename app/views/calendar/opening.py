"""What opens from the calendar: an outage's page, an event's form, whom we ask; the rest is told
where it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.models.calendar.entries import Entry, Layer
from app.models.calendar.slot import Slot
from app.services.calendar.events_by_hand import EventForm, event_form
from app.services.uow import Undo
from app.views.calendar.event_dialog import EventDialog
from app.views.calendar.outreach_dialog import OutreachDialog
from app.views.notify import Telling
from app.views.ops import Ops


class Opening(QObject):
    """`goRequested(section, outage id, action)`. Give committed events to `committed`."""

    goRequested = Signal(str, str, str)
    committed = Signal(object)

    def __init__(
        self, ops: Ops, tell: Telling, on_undo: Callable[[Undo], object], over: QWidget
    ) -> None:
        super().__init__(over)
        self._ops = ops
        self._tell = tell
        self._on_undo = on_undo
        self._over = over

    def open(self, entry_key: str, entry: Entry | None, day: date, zone: str) -> None:
        """`entry` is None for an outage that is not shown; `zone` that of the organisation."""
        if entry is not None and entry.event_id:
            self._ask_for(day, entry.event_id)
        elif entry is not None and entry.layer is not Layer.OUTAGES:
            words = "; ".join(entry.told_in(zone))
            source = f", from {entry.source}" if entry.source else ""
            self._tell.remark(f"{entry.title}: {words}{source}.")
        else:
            self.goRequested.emit("outages", entry_key, "")

    def plan(self, slot: Slot) -> None:
        self.goRequested.emit("outages", "", f"new {slot.written}")

    def bring(self) -> None:
        """A calendar, from a file or an address."""
        self.goRequested.emit("import", "", "")

    def bring_files(self, paths: Sequence[Path]) -> None:
        """Dropped on the calendar: looked at on the page that imports."""
        self.goRequested.emit("import", "", "\n".join(map(str, paths)))

    def add_event(self, day: date) -> None:
        self._ask_for(day)

    def outreach(self) -> OutreachDialog:
        """Whom we ask what must not be disturbed."""
        dialogue = OutreachDialog(self._over, self._ops, self._tell, self._on_undo)
        self.committed.connect(dialogue.on_event)
        dialogue.open()
        return dialogue

    def _ask_for(self, day: date, *event_id: str) -> None:
        self._ops.read(event_form, *event_id, then=partial(self._show, day), owner=self)

    def _show(self, day: date, form: EventForm) -> None:
        EventDialog(self._over, self._ops, self._on_undo, form, day).open()
