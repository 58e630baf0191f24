"""A vendor's maintenance notice: what each window says, which item it touches, what is assumed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.models.errors import ConsoleError
from app.services.calendar.vendor_importing import (
    VendorLine,
    VendorLook,
    VendorTaken,
    take_notices,
)
from app.services.uow import Undo
from app.views.directory.file_panel import FaultLine, FilePanel, Stage
from app.views.directory.importing_job import FileReading
from app.views.ops import Ops
from app.views.widgets.labels import Words
from app.views.widgets.listing import ListRow, ListView
from app.views.widgets.tone import Tone


class VendorPanel(FilePanel):
    def __init__(
        self,
        path: Path,
        reading: FileReading,
        ops: Ops,
        push_undo: Callable[[Undo | None], object],
    ) -> None:
        super().__init__(path, "vendor notice")
        self._reading = reading
        self._ops = ops
        self._push_undo = push_undo
        self._look: VendorLook | None = None
        self._meaning = Words(
            "Each becomes a window on the calendar, tied to the item that carries the vendor’s "
            "circuit; later notices of the same maintenance change or cancel it.",
            "sub",
            wrap=True,
        )
        self.notices = ListView("Maintenance windows in the notice", wraps=True, most=8)
        for part in (self._summary, self._meaning):
            self.body.addWidget(part)
        self.body.addLayout(self._line(self.act, self.again))
        self.body.addWidget(self._faults, 1)
        self.body.addWidget(self.notices, 2)
        self.body.addStretch(0)
        self._read()

    def look_again(self) -> None:
        if self.again.isEnabled():
            self._read()

    def begin(self) -> None:
        if self._look is None or self.stage is not Stage.READY:
            return
        self._stand(Stage.IMPORTING, f"Importing {self.path.name}…")
        self._ops.run(take_notices, self._look.read, then=self._on_taken, failed=self._on_not_taken)

    def on_taken_back(self, keys: frozenset[tuple[str, str]]) -> None:
        was = self.stage
        super().on_taken_back(keys)
        if self.stage is not was:
            self._read()

    def _read(self) -> None:
        self._look = None
        self.notices.hide()
        self._stand(Stage.READING, f"Reading {self.path.name}…")
        self._reading.notices(self, self.path, then=self._on_looked, failed=self._on_unreadable)

    def _on_looked(self, look: VendorLook) -> None:
        self._look = look
        count = len(look.lines)
        self._holds = "1 vendor window" if count == 1 else f"{count:,} vendor windows"
        self._show(look)
        self._stand(Stage.READY, f"{self._holds}.")

    def _show(self, look: VendorLook) -> None:
        self.notices.model_rows.apply([_row(at, line) for at, line in enumerate(look.lines)])
        self.notices.setVisible(bool(look.lines))
        faults = look.read.faults
        self._faults.show_lines(
            [FaultLine(fault.line, "", fault.sentence) for fault in faults],
            f"{len(faults):,} cannot be read; the rest can be taken",
        )

    def _on_unreadable(self, refusal: ConsoleError) -> None:
        self._holds = "cannot be read"
        self._faults.show_lines((), "")
        self._stand(Stage.REFUSED, refusal.sentence, Tone.BAD)

    def _on_taken(self, taken: VendorTaken) -> None:
        self._push_undo(taken.undo)
        self._took(taken.undo)
        back = " Ctrl+Z puts the calendar back as it was." if taken.undo is not None else ""
        open_ends = any(line.unknown or line.notes for line in taken.lines)
        self._stand(Stage.DONE, f"{taken.sentence}{back}", Tone.WARN if open_ends else Tone.OK)
        self.imported.emit(taken.sentence)

    def _on_not_taken(self, refusal: ConsoleError) -> None:
        self._stand(Stage.READY, refusal.sentence, Tone.BAD)


def _row(at: int, line: VendorLine) -> ListRow:
    below = [f"touches {', '.join(line.items)}"] * bool(line.items)
    below += [
        f"No item has the circuit id “{circuit}”: write it into the item’s “Vendor’s circuit”"
        for circuit in line.unknown
    ]
    below += [note.rstrip(".") for note in line.notes]
    return ListRow(
        key=str(at),
        title=f"{line.when}  {line.said}",
        sub=". ".join(below),
        tone=Tone.WARN if line.unknown or line.notes else Tone.OK,
        pill=line.change,
        pill_tone=Tone.INFO,
    )
