"""The outages of a year for others: asks which, and where to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from app.models.errors import ConsoleError
from app.models.times import YEARS
from app.services.calendar.publishing_acts import leave_year
from app.services.directory.reading import ServiceRow, services
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.page import HeaderAction
from app.views.widgets.folders import documents
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet

FORMS = (
    ("ics", "A calendar to subscribe to (.ics)"),
    ("html", "A page for an intranet (.html)"),
)


class Publishing(QObject):
    def __init__(self, ops: Ops, tell: Telling, over: QWidget) -> None:
        super().__init__(over)
        self._ops = ops
        self._tell = tell
        self._over = over

    def choice(self, year: Callable[[], int]) -> HeaderAction:
        """For a menu; `year` is asked when it is chosen."""
        return HeaderAction("Publish a year…", lambda: self.ask(year()))

    def ask(self, year: int) -> None:
        """Which year, of which service, and as what."""
        self._ops.read(services, then=partial(self._open, year), owner=self)

    def _open(self, year: int, known: Sequence[ServiceRow]) -> None:
        offered = (("", "all services"), *((row.name, row.name) for row in known))
        sheet = Sheet(
            self._over,
            "Publish the outages of a year",
            "Drafts are left out, as they are nobody’s word yet; cancelled ones say so.",
            (
                Ask("year", "Year", value=str(year), needed="Say which year."),
                Ask("service", "Of", Kind.FOUND, choices=offered),
                Ask("form", "As", Kind.CHOICE, value="ics", choices=FORMS),
            ),
            "Choose the file…",
        )

        def answered(answers: Answers) -> None:
            text = answers["year"].strip()
            if not text.isdecimal() or int(text) not in YEARS:
                sheet.refuse(f"Write the year as {YEARS[0]} to {YEARS[-1]}, for instance 2027.")
                return
            sheet.accept()
            self._ask_where(int(text), answers["service"], answers["form"])

        sheet.answered.connect(answered)
        sheet.open()

    def _ask_where(self, year: int, service: str, form: str) -> None:
        name = f"Outages {year}{f' {service}' if service else ''}.{form}"
        kind = "Calendar (*.ics)" if form == "ics" else "Web page (*.html)"
        dialog = QFileDialog(self._over, "Publish the outages", str(documents()), kind)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(form)
        dialog.selectFile(name.replace("/", "-"))
        dialog.fileSelected.connect(lambda chosen: self.write(year, service, Path(chosen)))
        dialog.open()

    def write(self, year: int, service: str, path: Path) -> None:
        """What cannot be written is said."""
        named = (service,) if service else ()

        def done(count: int) -> None:
            many = "1 outage" if count == 1 else f"{count} outages"
            self._tell.info(f"{path.name} is written with {many} of {year}.")

        self._ops.read(leave_year, year, named, path, then=done, failed=self._on_failed, owner=self)

    def _on_failed(self, error: ConsoleError) -> None:
        self._tell.error(error.sentence)
