"""A calendar from an address: asked for, then looked at as a file is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtWidgets import QWidget

from app.models.calendar.web import SOURCE, WebAddress, parse_address
from app.models.errors import BadInput
from app.services.calendar.layers import LayerRow
from app.services.uow import Undo
from app.views.directory.calendar_panel import CalendarPanel
from app.views.directory.importing_job import Cancel, FileReading
from app.views.widgets.sheet import Answers, Ask, Sheet


class WebPanel(CalendarPanel):
    """As of a file; what is read stands behind the address."""

    def __init__(
        self,
        address: WebAddress,
        reading: FileReading,
        push_undo: Callable[[Undo | None], object],
    ) -> None:
        self._address = address
        super().__init__(Path(address.spoken), reading, push_undo)
        self.layer.setText(_name_of(address))
        self.again.setToolTip("F5: ask for it once more")

    def show_layers(self, rows: Sequence[LayerRow]) -> None:
        """One that is read from there already keeps its name."""
        super().show_layers(rows)
        known = next((row for row in rows if row.source == SOURCE + self._address.url), None)
        if known is not None and self.layer.text() == _name_of(self._address):
            self.layer.setText(known.name)

    def _begin_look(self) -> Cancel:
        return self._reading.look_at(
            self,
            self._address.url,
            progress=self._on_progress,
            then=self._on_looked,
            failed=self._on_unreadable,
        )


def ask_for_address(over: QWidget, go: Callable[[WebAddress], object]) -> Sheet:
    """What is no address is refused in the sheet."""
    sheet = Sheet(
        over,
        "A calendar from an address",
        "It is looked at first, then asked for again once a day. webcal: is read as https:.",
        (Ask("address", "Address", hint="https://calendar.example/year.ics"),),
        "Look at it",
    )

    def answered(answers: Answers) -> None:
        try:
            wanted = parse_address(answers["address"])
        except BadInput as bad:
            sheet.refuse(bad.sentence)
            return
        sheet.accept()
        go(wanted)

    sheet.answered.connect(answered)
    sheet.open()
    return sheet


def _name_of(address: WebAddress) -> str:
    """What its layer is called at first."""
    name = address.spoken.rpartition("/")[2]
    return name.rpartition(".")[0] if name.casefold().endswith(".ics") else address.host
