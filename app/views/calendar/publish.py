"""A year of the calendar for others: asks which part of it, and where to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from app.models.calendar.entries import Layer
from app.models.calendar.spans import Span, Way
from app.models.errors import ConsoleError
from app.models.times import YEARS, speak_moment
from app.services.calendar.month import CalendarRows
from app.services.calendar.publishing import Narrowed, planner_of
from app.services.calendar.publishing_acts import leave_year
from app.services.directory.reading import ServiceRow, services
from app.views.calendar.in_front import InFront
from app.views.calendar.paper_acts import PaperHere, write_pdf
from app.views.calendar.paper_sheet import Printable
from app.views.notify import Telling
from app.views.ops import Ops
from app.views.page import HeaderAction
from app.views.widgets.folders import documents
from app.views.widgets.sheet import Answers, Ask, Kind, Sheet, chosen_of

FORMS = (
    ("ics", "A calendar to subscribe to (.ics)"),
    ("html", "A page for an intranet (.html)"),
    ("pdf", "A planner on one page (.pdf)"),
)
_KINDS = {"ics": "Calendar (*.ics)", "html": "Web page (*.html)", "pdf": "PDF (*.pdf)"}
_ALONE, _SHOWN = "outages", "shown"
_NAMED = 3
"""So many services stand in the file's name."""


class Publishing(QObject):
    def __init__(
        self,
        ops: Ops,
        tell: Telling,
        now: Callable[[], datetime],
        paper_here: PaperHere,
        over: QWidget,
    ) -> None:
        super().__init__(over)
        self._ops = ops
        self._tell = tell
        self._now = now
        self._paper_here = paper_here
        self._over = over

    def choice(self, here: Callable[[], InFront]) -> HeaderAction:
        """For a menu; `here` is asked when it is chosen."""
        return HeaderAction("Publish a year…", lambda: self.ask(here()))

    def ask(self, here: InFront) -> None:
        """Which year, what of it, and as what."""
        self._ops.read(services, then=partial(self._open, here), owner=self)

    def _open(self, here: InFront, known: Sequence[ServiceRow]) -> None:
        offered = (("", "all services"), *((row.name, row.name) for row in known))
        whats = ((_ALONE, "The outages alone"), (_SHOWN, "What the calendar shows"))
        what = _SHOWN if here.is_narrowed else _ALONE
        sheet = Sheet(
            self._over,
            "Publish a year",
            "Drafts are left out, as they are nobody’s word yet; cancelled ones say so. "
            f"The calendar shows {here.words}.",
            (
                Ask("year", "Year", value=str(here.day.year), needed="Say which year."),
                Ask("what", "What", Kind.CHOICE, value=what, choices=whats),
                Ask("services", "Services", Kind.MANY, choices=offered, only_with=("what", _ALONE)),
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
            part = shown(here)
            if answers["what"] == _ALONE:
                part = Narrowed(chosen_of(answers["services"]))
            self._ask_where(int(text), part, answers["form"])

        sheet.answered.connect(answered)
        sheet.open()

    def _ask_where(self, year: int, part: Narrowed, form: str) -> None:
        what = "Outages" if _is_alone(part) else "Calendar"
        many = len(part.services)
        of = part.services if many <= _NAMED else (f"{many} services",)
        name = " ".join((what, str(year), *of))
        dialog = QFileDialog(self._over, "Publish a year", str(documents()), _KINDS[form])
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(form)
        dialog.selectFile(f"{name}.{form}".replace("/", "-"))
        dialog.fileSelected.connect(lambda chosen: self.write(year, part, Path(chosen)))
        dialog.open()

    def write(self, year: int, part: Narrowed, path: Path) -> None:
        """In the form that the file's ending says. What cannot be written is said."""
        if path.suffix.casefold() == ".pdf":
            self._ops.read(
                planner_of, year, part, then=partial(self._print, year, part, path), owner=self
            )
            return

        def done(count: int) -> None:
            self._said(year, part, path, count)

        self._ops.read(leave_year, year, part, path, then=done, failed=self._on_failed, owner=self)

    def _print(self, year: int, part: Narrowed, path: Path, rows: CalendarRows) -> None:
        left_out = tuple(layer for layer in Layer if layer not in part.layers)
        span, printed = Span.of(Way.YEAR, date(year, 1, 1)), speak_moment(self._now(), rows.zone)
        paper = Printable(rows, span, rows.entries, left_out, printed)
        try:
            write_pdf(paper, path, self._paper_here())
        except ConsoleError as trouble:
            self._on_failed(trouble)
            return
        self._said(year, part, path, len(rows.entries))

    def _said(self, year: int, part: Narrowed, path: Path, count: int) -> None:
        one, more = ("outage", "outages") if _is_alone(part) else ("entry", "entries")
        many = f"1 {one}" if count == 1 else f"{count} {more}"
        self._tell.info(f"{path.name} is written with {many} of {year}.")

    def _on_failed(self, error: ConsoleError) -> None:
        self._tell.error(error.sentence)


def _is_alone(part: Narrowed) -> bool:
    return part.layers == {Layer.OUTAGES}


def shown(here: InFront) -> Narrowed:
    """What the calendar shows."""
    return Narrowed(tuple(name for _, name in here.sieve.services), here.sieve.stands, here.layers)
